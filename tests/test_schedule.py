"""`sundaypaper schedule`: on the right day, at once at the start, and it stops when told."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, time, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sundaypaper.cli.commands import USUAL_TIME
from sundaypaper.cli.scheduling import trigger
from sundaypaper.models import PrintTime

SUNDAY_AT_8 = PrintTime(6, time(8))


def fires(cron: str, zone: tzinfo, printing: PrintTime, start: datetime, times: int) -> list[str]:
    """When a trigger fires from that moment on, in UTC."""
    when, before, said = trigger(cron, zone, printing), None, list[str]()
    for _ in range(times):
        before = when.get_next_fire_time(before, before or start)
        said.append(before.astimezone(UTC).strftime("%a %d %H:%M"))
    return said


def test_the_usual_times_are_two_drafts_the_print_time_and_a_second_try() -> None:
    """The weekday that is written is the weekday on which it fires."""
    wednesday = datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert fires(USUAL_TIME, UTC, SUNDAY_AT_8, wednesday, 5) == [
        "Fri 06 06:17",
        "Sat 07 06:17",
        "Sun 08 08:00",
        "Mon 09 06:17",
        "Fri 13 06:17",
    ]


def test_the_print_time_of_feeds_yaml_counts_whatever_else_is_named() -> None:
    """In the paper's zone; where both fall together there is one run."""
    wednesday, delhi = datetime(2026, 3, 4, 12, tzinfo=UTC), ZoneInfo("Asia/Kolkata")
    at = PrintTime(5, time(18, 30))
    assert fires("0 7 * * sun", delhi, at, wednesday, 3) == [
        "Sat 07 13:00",
        "Sun 08 01:30",
        "Sat 14 13:00",
    ]
    both = fires("0 8 * * sun", UTC, SUNDAY_AT_8, wednesday, 2)
    assert both == ["Sun 08 08:00", "Sun 15 08:00"]


def test_a_print_time_that_clocks_leave_out_fires_when_the_week_may_be_printed() -> None:
    """On 29 March Berlin has no 02:30; a run before the print time would leave a draft for a week."""
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
    at = PrintTime(6, time(2, 30))
    assert fires("0 7 * * thu", ZoneInfo("Europe/Berlin"), at, saturday, 1) == ["Sun 29 01:30"]


@pytest.mark.parametrize("cron", ["0 7 * * 1", "0 7 * *", "0 25 * * sun", "soon"])
def test_a_time_that_would_surprise_is_refused(cron: str) -> None:
    """Numbered weekdays mean another day to the scheduler than to cron."""
    with pytest.raises(ValueError, match=r"expected|by name"):
        trigger(cron, UTC, SUNDAY_AT_8)


def test_it_runs_at_once_and_ends_when_told(tmp_path: Path) -> None:
    """The first run prints the newest week; SIGTERM ends it with status 0."""
    (tmp_path / "feeds.yaml").write_text(
        "print: {at: mon 00:00}\nsources:\n  - {kind: bundle, name: A, path: shelf}\n"
    )
    words = [sys.executable, "-u", "-m", "sundaypaper", "--root", str(tmp_path), "schedule"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if "is printed" in line:
            break
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=600)
    assert process.returncode == 0, said + rest
    assert "stopping" in rest
    assert (tmp_path / "output" / "site" / "index.html").exists()
