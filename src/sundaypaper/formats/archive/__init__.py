"""The index of the whole archive, which a browser asks without a server: scripts in small files.

docs/notes/0024-the-archive-index.md says what they hold; templates/archive.js reads them.
"""

from sundaypaper.formats.archive.frequent_words import FORM
from sundaypaper.formats.archive.reading import Segment, of_pages
from sundaypaper.formats.archive.segments import joined, manifest, numbered, of_week

__all__ = ["FORM", "Segment", "joined", "manifest", "numbered", "of_pages", "of_week"]
