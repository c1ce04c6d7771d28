"""The hidden stamp of a form: when it was made, signed, so that nobody can write one of their own."""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Literal

FASTEST = timedelta(seconds=1)
# So long a form may stand open.
OLDEST = timedelta(hours=24)
STAMP = re.compile(r"([0-9]{1,16})\.([0-9a-f]{32})")


class Stamps:
    """Makes stamps, and says how a form came back, under a key that nobody can guess."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def made(self, now: datetime) -> str:
        """The stamp of a form that is shown now."""
        made = str(round(now.timestamp() * 1000))
        return f"{made}.{self._signature(made)}"

    def verdict(self, stamp: str, now: datetime) -> Literal["", "fast", "stale"]:
        """Whether a form came back faster than anybody types, or too old; "" where it is fine.

        A stamp that is none of ours is stale.
        """
        parts = STAMP.fullmatch(stamp)
        if parts is None or not hmac.compare_digest(parts[2], self._signature(parts[1])):
            return "stale"
        age = now - datetime.fromtimestamp(int(parts[1]) / 1000, UTC)
        if age > OLDEST or age < -FASTEST:
            return "stale"
        return "fast" if age < FASTEST else ""

    def _signature(self, made: str) -> str:
        return hmac.new(self._key, f"form {made}".encode(), "sha256").hexdigest()[:32]
