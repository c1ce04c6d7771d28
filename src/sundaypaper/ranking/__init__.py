"""What deserves a reader's time: `rank` sorts, `rules` says what counts for how much."""
