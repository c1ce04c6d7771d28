"""Formats an issue as the digest that goes out by mail."""

from sundaypaper.formats.email.digest import message
from sundaypaper.formats.email.sheet import Links

__all__ = ["Links", "message"]
