"""The page of the manual about the commands of `sundaypaper`, made from their help."""

from __future__ import annotations

import textwrap
from typing import Any

import typer

from sundaypaper.cli.commands import app
from sundaypaper.cli.examples import HEADING, command_line, commands

INTRODUCTION = """\
# Commands

<!-- Made by `make generated` from the help of the commands; edit that. -->

`sundaypaper COMMAND --help` says the same at the terminal, and `man sundaypaper` where the man page is installed.
What a command answers goes to stdout, what needs a person to stderr.

| exit status | means |
|---|---|
| 0 | the issue is out, or waits for its print time or its editor alone, and arXiv is complete |
| 1 | incomplete, nothing published, or a mail is still to come; of `status --check` and `doctor`: something is wrong |
| 2 | wrong use, or a mistake in feeds.yaml; nothing was done |
| 75 | another run is at work in the same folder |

## Before every command
"""


def commands_page() -> str:
    """Each command with what it does, its options and its examples, a heading a command."""
    group: Any = command_line(app)
    root = typer.Context(group, info_name="sundaypaper")
    parts = [INTRODUCTION, options(group, root)]
    for path, command in commands(group):
        if hasattr(command, "commands"):
            continue
        context = typer.Context(command, info_name=f"sundaypaper {path}")
        usage = " ".join([path, *command.collect_usage_pieces(context)])
        help, _, examples = f"{command.help or ''}\n\n{command.epilog or ''}".partition(HEADING)
        parts += [
            f"## {path}\n",
            f"`sundaypaper {usage}`\n",
            prose(help),
            options(command, context),
        ]
        parts.append(block(examples))
    return "\n".join(filter(None, parts)).rstrip() + "\n"


def prose(help: str) -> str:
    """The paragraphs of a help, a line each."""
    text = textwrap.dedent(help.replace("\b", "")).strip()
    whole = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    return "\n\n".join(map(shown, whole)) + "\n"


def options(command: Any, context: Any) -> str:
    """Arguments and options as a table, each with its sentence."""
    records = [param.get_help_record(context) for param in command.get_params(context)]
    named = [record for record in records if record and record[0] != "--help"]
    rows = [f"| `{name}` | {shown(about)} |" for name, about in named]
    return "\n".join(["| option | does |", "|---|---|", *rows, ""]) if rows else ""


def block(examples: str) -> str:
    """The examples as they are typed."""
    lines = [line.strip() for line in examples.splitlines() if line.strip()]
    return "\n".join(["```sh", *lines, "```", ""]) if lines else ""


def shown(text: str) -> str:
    """Words of a help within Markdown: no sign of them is read as a sign of the page."""
    plain = " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
    return plain.replace("[", "\\[")
