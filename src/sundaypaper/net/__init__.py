"""HTTP: a polite, bounded, address-checked GET, and the spacing of requests to arXiv.

    url | address.target | Turns (one request a host) | resolve once | judge | dial | body.read

Sources ask for everything through this package, and only it imports httpx and httpcore.
"""

from __future__ import annotations

from sundaypaper.net.client import Net, Response, retry_after
from sundaypaper.net.pace import Pace
from sundaypaper.net.turns import host_of

__all__ = ["Net", "Pace", "Response", "host_of", "retry_after"]
