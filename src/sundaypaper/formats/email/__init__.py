"""Issue -> mail: the digest as a mail says it."""

from sundaypaper.formats.email.digest import MAIL_SIZES, message
from sundaypaper.formats.email.sheet import Links

__all__ = ["MAIL_SIZES", "Links", "message"]
