"""Words for the reports of sources: states, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable

from sundaypaper.models import SourceReport, SourceState

STATES: dict[SourceState, str] = {
    "fresh": "answered",
    "unchanged": "nothing new",
    "waiting": "not all out yet",
    "incomplete": "incomplete",
    "failed": "failed",
    "off": "switched off",
    "not due": "not due yet",
}


def gaps(report: SourceReport) -> str:
    """The missing parts of a source with counts, each reason once."""
    why: dict[str, list[str]] = {}
    for part in report.missing:
        of = "an unknown number" if part.expected is None else part.expected
        why.setdefault(part.why.rstrip("."), []).append(f"{part.name}, {part.fetched} of {of}")
    return "; ".join(f"{'; '.join(parts)} ({reason})" for reason, parts in why.items())


# What the user's own wishes leave out is no lack of a source.
WISHED = ("kept out by its filter", "left out by `only`")


def lacks(report: SourceReport) -> str:
    """What a source that answered gave and could not be used, or what is odd about it."""
    if report.state != "fresh":
        return ""
    parts = report.detail.split("; ")
    return "; ".join(part for part in parts if not part.endswith(WISHED))


def state_words(state: SourceState) -> str:
    """How a source did, in words."""
    return STATES[state]


def troubled(ledger: Iterable[SourceReport]) -> tuple[SourceReport, ...]:
    """The sources that did not answer fully: failed, incomplete, or asked us to wait."""
    bad: tuple[SourceState, ...] = ("failed", "incomplete", "waiting")
    reports = [report for report in ledger if report.state in bad]
    return tuple(sorted(reports, key=lambda report: (bad.index(report.state), report.source)))
