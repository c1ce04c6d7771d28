"""What may be told: sentences without any mail address, whoever wrote them."""

from __future__ import annotations

import re

from sundaypaper.text import clean

LONGEST = 300
# Bounded on the left, since a hostile text may be long; no address is longer.
ADDRESS = re.compile(r"""[^\s<>"'(),:;]{0,254}@[^\s<>"'(),:;]*""")


def without_addresses(text: str) -> str:
    """One line of at most 300 characters; servers and plug-ins like to repeat the recipient."""
    return clean(ADDRESS.sub("(address)", text), LONGEST)
