"""What is said where: progress and answers on stdout, troubles on stderr, silence with --quiet."""

from __future__ import annotations

from pathlib import Path

from sundaypaper.cli.helping import examples
from terminal import typed

GOOD = "print: {at: mon 00:00}\nsources:\n  - {kind: bundle, name: A, path: shelf}\n"
BROKEN = "sources:\n  - {kind: bundle, name: A, path: nowhere}\n"


def test_a_run_that_goes_well_is_silent_with_quiet(tmp_path: Path) -> None:
    """Nothing on either stream, so that cron mails nobody; without it there is a line a step."""
    (tmp_path / "feeds.yaml").write_text(GOOD)
    done = typed(tmp_path, "--quiet", "run")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    loud = typed(tmp_path, "run")
    assert "collect " in loud.stdout
    assert loud.stderr == ""


def test_what_needs_a_person_goes_to_stderr_with_quiet_too(tmp_path: Path) -> None:
    """The source that failed, and the draft that came of it."""
    (tmp_path / "feeds.yaml").write_text(BROKEN)
    for words in (("--quiet", "run"), ("run",)):
        done = typed(tmp_path, *words)
        assert done.returncode == 1
        assert "  ! A is failed: " in done.stderr
        assert "is a draft: No source answered" in done.stderr
        assert "!" not in done.stdout


def test_quiet_leaves_the_answer_of_a_command(tmp_path: Path) -> None:
    """Who asks for a list gets it."""
    (tmp_path / "feeds.yaml").write_text(GOOD)
    assert "bundle" in typed(tmp_path, "--quiet", "feeds", "list").stdout
    assert "0 of 0 get the next issue" in typed(tmp_path, "--quiet", "subscribers", "list").stdout


def test_quiet_says_nothing_of_what_a_command_did(tmp_path: Path) -> None:
    """A subscriber more is what was asked for."""
    (tmp_path / "feeds.yaml").write_text(GOOD)
    words = ("subscribers", "add", "ada@lab.example", "--consent", "asked")
    done = typed(tmp_path, "--quiet", *words)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_examples_are_a_paragraph_that_is_never_wrapped() -> None:
    """A line each, below the word."""
    assert examples("sundaypaper tick") == "\b\nExamples:\n  sundaypaper tick"
