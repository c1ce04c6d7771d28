"""Hides mail addresses in text before it is logged, stored or shown."""

from __future__ import annotations

import re

from sundaypaper.text import clean

LONGEST, WORTH_READING = 400, 4_000
# Bounded on the left, since a hostile text may be long; no address is longer. A reader's has a domain
# with a dot in it: "before the @ has", "@context" and "user@host" are words of a sentence.
ADDRESS = re.compile(
    r"""(?:"[^"]{0,254}"|[^\s<>()\[\],:;"]{0,254})(?:@|%40)
    (?:\[[^\s\]]{1,80}\]|[^\s<>()\[\],:;"'@.]+\.[^\s<>(),:;"']+)""",
    re.VERBOSE,
)
HIDDEN = "<address>"


def without_addresses(text: str, recipient: str = "", most: int = LONGEST) -> str:
    """A text without addresses, as one line of at most `most` characters.

    Servers and plug-ins like to repeat the recipient: hidden are the recipient, their name before
    the @, and all that looks like an address.
    """
    if len(text) > WORTH_READING:  # never half an address at the end
        text = text[:WORTH_READING].rpartition(" ")[0]
    text = clean(text)
    local = recipient.rpartition("@")[0]
    if local and local.casefold() in text.casefold():  # seldom, and compiling is slow
        alone = rf"(?<![^\W_])({re.escape(recipient)}|{re.escape(local)})(?![^\W_])"
        text = re.sub(alone, HIDDEN, text, flags=re.IGNORECASE)
    return clean(ADDRESS.sub(HIDDEN, text).replace(f"<{HIDDEN}>", HIDDEN), most)


def raised(bad: Exception) -> str:
    """An exception of third-party code as one line, without addresses: its type and its words."""
    return without_addresses(f"{type(bad).__name__}: {bad}")
