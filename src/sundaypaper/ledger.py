"""What the ledger of a week says of a source that was asked more than once for it. Pure.

A run may be killed after a source was saved, or repeated on another day of the week. What was told
before stands until an answer or a failure tells otherwise, and what came in parts is added up.
"""

from __future__ import annotations

from dataclasses import replace

from sundaypaper.models import SourceReport, SourceState

# After these the source has brought all it has: nothing new since then takes nothing away.
WHOLE: tuple[SourceState, ...] = ("fresh", "unchanged")
# These say of a source what a later "not due" or "nothing new" does not make untrue.
LACKING: tuple[SourceState, ...] = ("incomplete", "waiting")


def merged(old: SourceReport | None, newest: SourceReport) -> SourceReport:
    """The line of a source in the ledger of a week: what stood there, and its newest report.

    "not due" says that nobody asked, so it replaces nothing but that the source was off. "unchanged"
    ends a failure: the source was reached, and has what it had. Entries count as new once.
    """
    if old is None:
        return newest
    newest = replace(newest, new=old.new + newest.new)
    match newest.state:
        case "not due":
            return newest if old.state in ("not due", "off") else old
        case "unchanged":
            return old if old.state in LACKING else _reached(old, newest)
        case "failed" | "off":
            return replace(newest, expected=old.expected, fetched=max(old.fetched, newest.fetched))
    return replace(newest, detail=_detail(old, newest))


def _reached(old: SourceReport, newest: SourceReport) -> SourceReport:
    """After an answer that says that nothing changed since the last one."""
    if old.state == "fresh":
        return old
    if old.state in WHOLE or not old.fetched:
        return newest
    return replace(old, state="fresh", new=newest.new, detail="", missing=())


def _detail(old: SourceReport, newest: SourceReport) -> str:
    """What was said of the same entries when they came first is said of them still."""
    again = (old.state, old.expected, old.fetched) == (
        newest.state,
        newest.expected,
        newest.fetched,
    )
    return old.detail if again and old.detail.startswith(newest.detail) else newest.detail
