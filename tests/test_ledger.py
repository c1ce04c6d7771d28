"""What a week's ledger says of a source that was asked more than once for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sundaypaper.ledger import merged
from sundaypaper.models import Slice, SourceReport, SourceState


def told(state: SourceState, fetched: int = 0, new: int = 0, detail: str = "") -> SourceReport:
    """A report of a blog."""
    return SourceReport("blog", "feed", state, fetched=fetched, new=new, detail=detail)


FRESH, FAILED, OFF = told("fresh", 95, 95), told("failed", detail="503"), told("off")
QUIET, IDLE = told("unchanged"), told("not due", detail="next check at noon")
LACKING = replace(told("incomplete", 40, 4), missing=(Slice("page 2", 80, 40, "cut"),))
WAITING = told("waiting", 30, 3, "not out yet: 2026-03-05")


@pytest.mark.parametrize(
    ("old", "newest", "line"),
    [
        (None, IDLE, IDLE),
        # Nobody asked: whatever the week had told of the source stands.
        (FRESH, IDLE, FRESH),
        (FAILED, IDLE, FAILED),
        (LACKING, IDLE, LACKING),
        (WAITING, IDLE, WAITING),
        (QUIET, IDLE, QUIET),
        (OFF, IDLE, IDLE),
        (IDLE, told("not due", detail="next check at one"), told("not due", detail="next check at one")),
        # It was reached and has what it had: of what it lacked it may lack it still.
        (FRESH, QUIET, FRESH),
        (LACKING, QUIET, LACKING),
        (WAITING, QUIET, WAITING),
        (FAILED, QUIET, QUIET),
        (OFF, QUIET, QUIET),
        (IDLE, QUIET, QUIET),
        (told("failed", 95, 95, "503"), QUIET, FRESH),
        # A failure says what is true now; what came before it came all the same.
        (FRESH, FAILED, told("failed", 95, 95, "503")),
        (FAILED, told("failed", detail="503 twice"), told("failed", detail="503 twice")),
        (FRESH, OFF, told("off", 95, 95)),
        # An answer replaces the one before, and adds what it brought.
        (FAILED, FRESH, FRESH),
        (IDLE, FRESH, FRESH),
        (LACKING, told("fresh", 80, 40), told("fresh", 80, 44)),
        (FRESH, told("incomplete", 40, 1, "cut"), told("incomplete", 40, 96, "cut")),
        (FRESH, told("fresh", 96, 1), told("fresh", 96, 96)),
        # The same entries again: what was said of them is said of them still.
        (told("fresh", 40, 0, "40 entries are new at once"), told("fresh", 40), told("fresh", 40, 0, "40 entries are new at once")),
        (told("fresh", 40, 0, "1 dropped; 40 at once"), told("fresh", 40, 0, "1 dropped"), told("fresh", 40, 0, "1 dropped; 40 at once")),
        (told("fresh", 40, 0, "40 entries are new at once"), told("fresh", 41, 1), told("fresh", 41, 1)),
        (told("fresh", 40, 0, "1 dropped"), told("fresh", 40, 0, "2 dropped"), told("fresh", 40, 0, "2 dropped")),
    ],
)  # fmt: skip
def test_of_two_reports_of_a_week_one_line_is_made(
    old: SourceReport | None, newest: SourceReport, line: SourceReport
) -> None:
    """Each state after each other that a week may see."""
    assert merged(old, newest) == line


def test_a_repeated_run_changes_no_line() -> None:
    """Whatever a source told, a run that brings nothing more leaves the line as it was."""
    for line in (FRESH, FAILED, OFF, QUIET, IDLE, LACKING, WAITING):
        assert merged(line, replace(line, new=0)) == line
