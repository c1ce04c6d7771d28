"""Words for counts and lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def number(value: int) -> str:
    """A count with thousands: `1,788`."""
    return f"{value:,}"


SMALL = "one two three four five six seven eight nine ten eleven twelve".split()


def in_words(value: int) -> str:
    """A count as a word where it is at most twelve: `two`, `14`."""
    return SMALL[value - 1] if 1 <= value <= len(SMALL) else number(value)


def plural(count: int, one: str, many: str = "") -> str:
    """A count and its noun: `1 entry`, `1,788 entries`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def change_words(newest: int, usual: float) -> str:
    """A count against what is usual: `35 % more`, `2.4 times as many`, `12 % fewer`, `as usual`."""
    if not usual:
        return "usually none" if newest else "as usual"
    ratio = newest / usual
    percent = round(abs(ratio - 1) * 100)
    if ratio >= 2:
        return f"{ratio:.1f} times as many"
    return (
        f"{percent}\N{NO-BREAK SPACE}% {'more' if ratio > 1 else 'fewer'}"
        if percent
        else "as usual"
    )


def listed(names: Iterable[str]) -> str:
    """`NeurIPS, ICML and CVPR`; at least one name."""
    *first, last = tuple(names)
    return f"{', '.join(first)} and {last}" if first else last


NOTHING_NEW = "Nothing new this week."


def new_words(counts: Mapping[str, int], nothing: str = NOTHING_NEW) -> str:
    """`New this week: 1,788 papers and 21 posts.` of counts by kind, or that there is nothing."""
    there = [plural(count, kind) for kind, count in counts.items() if count]
    return f"New this week: {listed(there)}." if there else nothing
