"""What a terminal tells of the commands: whole lines, examples that work, Tab, and the man page."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from sundaypaper.cli.commands import app
from sundaypaper.cli.examples import EXAMPLES, command_line, commands
from terminal import typed

ROOT = Path(__file__).parents[1]
PATHS = [path for path, command in commands(command_line(app)) if not hasattr(command, "commands")]


def help_of(path: str) -> str:
    """The help of a command at a terminal of 80 columns."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COLUMNS", "80")
        return typed(Path(), *path.split(), "--help").stdout


def parsed(line: str) -> str:
    """The command that an example calls, by its words; its options and arguments are read, nothing runs."""
    words = shlex.split(line, comments=True)
    shell = [words.index(sign) for sign in ("<", ">", "|", "||", "&&") if sign in words]
    words = words[: min(shell, default=len(words))]
    assert words.pop(0) == "sundaypaper"
    command: Any = command_line(app)
    context = command.make_context("sundaypaper", words)
    path: list[str] = []
    while hasattr(command, "commands"):
        rest = [*context._protected_args, *context.args]
        name, command, rest = command.resolve_command(context, rest)
        path.append(name)
        context = command.make_context(name, rest, parent=context)
    return " ".join(path)


@pytest.mark.parametrize("path", PATHS)
def test_each_help_ends_with_examples_that_are_right(path: str) -> None:
    """At the end stand whole lines that this version takes; one of them is of this command."""
    _, found, after = help_of(path).partition("Examples:\n")
    assert found, f"{path} has no examples: give it a row in cli/examples.py"
    lines = [line.strip() for line in after.splitlines() if line.strip().startswith("sundaypaper ")]
    assert path in [parsed(line) for line in lines]


def test_an_example_that_is_wrong_is_seen() -> None:
    """An option that no command has, a command that is none."""
    with pytest.raises(Exception, match="No such option"):
        parsed("sundaypaper run --weak 2026-W10")
    with pytest.raises(Exception, match="No such command"):
        parsed("sundaypaper rum")
    assert parsed("sundaypaper --root a feeds check 'A B'  # one") == "feeds check"


def test_no_row_of_the_examples_is_of_a_command_that_is_gone() -> None:
    """A row belongs to a command."""
    assert EXAMPLES.keys() <= set(PATHS)


@pytest.mark.parametrize("group", ["", "feeds", "topics", "editions", "subscribers"])
def test_no_line_of_a_list_of_commands_is_cut(group: str) -> None:
    """At 80 columns a sentence goes on in the next line."""
    said = help_of(group)
    assert "..." not in said.partition("Commands:")[2]
    assert max(map(len, said.splitlines())) <= 80


def completed(root: Path, *words: str) -> list[str]:
    """What Tab offers behind words, the last of which is not finished."""
    line = ["sundaypaper", "--root", str(root), *words]
    environ = {"_SUNDAYPAPER_COMPLETE": "complete_bash", "COMP_WORDS": shlex.join(line), "COMP_CWORD": str(len(line) - 1)}  # fmt: skip
    program = str(Path(sys.executable).with_name("sundaypaper"))
    done = subprocess.run([program], env=os.environ | environ, capture_output=True, text=True, check=True)  # fmt: skip
    return list(filter(None, done.stdout.splitlines()))


def test_tab_offers_what_a_paper_has(tmp_path: Path) -> None:
    """Sources and editions of feeds.yaml, weeks that are printed; topics and venues, one after another."""
    (tmp_path / "feeds.yaml").write_text(
        "sources: [{kind: arxiv}, {kind: feed, name: Good blog, url: https://a.example/feed}]\n"
    )
    for week in ("2026-W09", "2026-W10"):
        page = tmp_path / "output" / "site" / "issues" / week / "index.html"
        page.parent.mkdir(parents=True)
        page.touch()
    assert completed(tmp_path, "feeds", "check", "G") == ["Good blog"]
    assert completed(tmp_path, "send", "--week", "2026") == ["2026-W10", "2026-W09"]
    assert completed(tmp_path, "preview", "--edition", "b") == ["building"]
    assert completed(tmp_path, "init", "--topics", "vision,rob") == ["vision,robotics"]
    assert "icml" in completed(tmp_path, "init", "--venues", "icm")


def test_tab_is_silent_where_feeds_yaml_is_wrong(tmp_path: Path) -> None:
    """A shell at a Tab is no place for a list of mistakes."""
    (tmp_path / "feeds.yaml").write_text("sources: 3\n")
    assert completed(tmp_path, "feeds", "check", "") == []


@pytest.mark.skipif(not (shutil.which("man") and shutil.which("groff")), reason="no man here")
def test_the_man_page_is_read_without_a_warning() -> None:
    """By man itself, with all warnings on; each command has its place."""
    page = ROOT / "docs" / "sundaypaper.1"
    command = ["man", "--warnings=all", "-E", "UTF-8", "-l", str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    for path in PATHS:
        assert f"sundaypaper {path}" in done.stdout.replace("\N{HYPHEN}", "-")


def test_completion_can_be_installed() -> None:
    """By typer's own option."""
    group: Any = command_line(app)
    names = [name for param in group.get_params(typer.Context(group)) for name in param.opts]
    assert "--install-completion" in names
