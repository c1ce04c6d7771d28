"""Phrases that the paper prints: counts, claims, dates, authors and source reports in words."""
