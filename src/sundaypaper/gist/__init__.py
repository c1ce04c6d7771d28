"""Reads an entry's text: its gist in its own words, and the evidence of code, data, surveys ….

Both only quote the source's own words. Rules, no model: a wrong rule can be read and fixed.
"""

from sundaypaper.gist.evidence import evidence
from sundaypaper.gist.quote import gist
from sundaypaper.gist.releases import same_release
from sundaypaper.gist.sentence import sentences

__all__ = ["evidence", "gist", "same_release", "sentences"]
