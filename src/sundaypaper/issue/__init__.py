"""Composing one week: ranked picks in, a frozen issue out."""

from sundaypaper.issue.compose import compose
from sundaypaper.issue.sizes import Sizes

__all__ = ["Sizes", "compose"]
