"""Lines of a log as `key=value`, with time stamps, for programs that stay; never with an address."""

from __future__ import annotations

import re
from datetime import datetime

from sundaypaper.delivery.redaction import without_addresses

PLAIN = re.compile(r"[^\s\"=\\]+")
PAIRS = re.compile(r"[a-z]+=\S")  # what tells of mails is written so already
LONGEST = 1000


def log_line(moment: datetime, level: str, event: str, **fields: object) -> str:
    """A line: when, how bad, what happened, and more of it."""
    pairs = {"level": level, "event": event, **fields}
    return " ".join((moment.isoformat(timespec="seconds"), *(f"{key}={_value(value)}" for key, value in pairs.items())))  # fmt: skip


def note_line(moment: datetime, level: str, text: str) -> str:
    """A line that tells what is said at a terminal otherwise."""
    if PAIRS.match(text):
        start = log_line(moment, level, "mail")
        return f"{start} {without_addresses(text, most=LONGEST)}"
    return log_line(moment, level, "note", text=text.strip().removeprefix("! "))


def _value(value: object) -> str:
    text = without_addresses(str(value), most=LONGEST)
    if PLAIN.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
