"""What an entry says of itself: its one sentence, and what it carries beside its topics.

Both only point at the source's own words. Rules, no model: a wrong sentence can be read and fixed.
"""

from sundaypaper.gist.evidence import evidence
from sundaypaper.gist.sentence import gist, sentences

__all__ = ["evidence", "gist", "sentences"]
