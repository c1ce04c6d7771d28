"""The venues there are, and what an arXiv comment claims of them.

The table alone is imported here: `comments` reads, and its patterns are many.
"""

from __future__ import annotations

from .table import VENUES, extend

__all__ = ["VENUES", "extend"]
