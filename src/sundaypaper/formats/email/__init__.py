"""Issue -> mail: the digest as a mail says it."""

from sundaypaper.formats.email.digest import message
from sundaypaper.formats.email.sheet import Links

__all__ = ["Links", "message"]
