"""How things are called in the paper's own words: counts, venues, tracks, dates."""
