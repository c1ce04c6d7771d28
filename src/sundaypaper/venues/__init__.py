"""The table of venues, and the claims of acceptance in arXiv comments.

Only the table is imported here; `comments` reads claims, and has many patterns to compile.
"""

from __future__ import annotations

from .asking import asked_names
from .naming import key_meant
from .table import VENUES, extend

__all__ = ["VENUES", "asked_names", "extend", "key_meant"]
