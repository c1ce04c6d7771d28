"""Renew the keys of readers.db, as the command line asks for it."""

from sundaypaper.delivery.renewal import Renewed, renew_keys

__all__ = ["Renewed", "renew_keys"]
