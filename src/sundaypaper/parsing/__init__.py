"""Parsing what others wrote, in child processes that may fail without harm to anything else.

    document | Pool: a child that is free | frames | child.serve: limits, a parser of its table
      | frames: JSON or an error in words

A child has no file, socket or secret of the parent's. It is given bytes and gives JSON, so that
nothing it says can run code here. Which parsers there are is up to the room that has them
(docs/notes/0019-children.md).
"""

from __future__ import annotations

from sundaypaper.parsing.child import serve
from sundaypaper.parsing.limits import Limits
from sundaypaper.parsing.pool import Pool
from sundaypaper.parsing.replies import Refused

__all__ = ["Limits", "Pool", "Refused", "serve"]
