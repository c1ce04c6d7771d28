"""Interest: how much readers are likely to care. `rank` scores and sorts, `rules` holds the weights."""
