"""`sundaypaper schedule`: on the right day, at once at the start, and it stops when told."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sundaypaper.cli.commands import USUAL_TIME
from sundaypaper.cli.scheduling import trigger


def test_the_usual_time_is_friday_to_sunday_morning() -> None:
    """The weekday that is written is the weekday on which it fires."""
    wednesday = datetime(2026, 3, 4, 12, tzinfo=UTC)
    first = trigger(USUAL_TIME, UTC).get_next_fire_time(None, wednesday)
    assert (first.strftime("%a %H:%M"), first.day) == ("Fri 06:17", 6)
    sunday = trigger("0 7 * * sun", UTC).get_next_fire_time(None, wednesday)
    assert sunday == datetime(2026, 3, 8, 7, tzinfo=UTC)


@pytest.mark.parametrize("cron", ["0 7 * * 1", "0 7 * *", "0 25 * * sun", "soon"])
def test_a_time_that_would_surprise_is_refused(cron: str) -> None:
    """Numbered weekdays mean another day to the scheduler than to cron."""
    with pytest.raises(ValueError, match=r"expected|by name"):
        trigger(cron, UTC)


def test_it_runs_at_once_and_ends_when_told(tmp_path: Path) -> None:
    """The first run prints the newest week; SIGTERM ends it with status 0."""
    (tmp_path / "feeds.yaml").write_text("sources:\n  - {kind: bundle, name: A, path: shelf}\n")
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
