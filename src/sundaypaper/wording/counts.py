"""Words for counts and lists."""

from __future__ import annotations

from collections.abc import Iterable


def number(value: int) -> str:
    """A count with thousands: `1,788`."""
    return f"{value:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """A count and its noun: `1 entry`, `1,788 entries`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: Iterable[str]) -> str:
    """`NeurIPS, ICML and CVPR`; at least one name."""
    *first, last = tuple(names)
    return f"{', '.join(first)} and {last}" if first else last
