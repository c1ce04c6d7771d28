"""What belongs together: posts and papers of one story, what goes on from an earlier entry, who wrote it."""

from sundaypaper.links.earlier import continues, named
from sundaypaper.links.namesakes import people
from sundaypaper.links.story import mention, stories

__all__ = ["continues", "mention", "named", "people", "stories"]
