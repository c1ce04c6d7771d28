"""Ranking of the stories of a week: `rank` scores and sorts, `rules` holds the weights."""
