"""The man page of `sundaypaper`, made from the help of its commands."""

from __future__ import annotations

import re
import textwrap
from typing import Any

import typer

from sundaypaper import __version__
from sundaypaper.cli.commands import app
from sundaypaper.cli.examples import command_line, commands

HEAD = f"""\
.\\" Made by `make generated` from the help of the commands; edit that.
.TH SUNDAYPAPER 1 "" "sundaypaper {__version__}" "User Commands"
.SH NAME
sundaypaper \\- a weekly newspaper of machine learning, from arXiv and the blogs
.SH SYNOPSIS
.B sundaypaper
.RI [ OPTIONS ]
.I COMMAND
.RI [ ARGUMENTS ]
.SH DESCRIPTION
"""
ABOUT = """\
Collects papers from arXiv and posts from blogs, tags them by topic, prints an issue a week as web
pages, and sends it by mail. What it reads and prints says the file feeds.yaml of a folder;
`sundaypaper init DIR` begins one.
"""
TAIL = """\
.SH EXIT STATUS
.TP
0
The issue is out, or waits for its print time alone.
.TP
1
Incomplete, nothing published, or a mail is still to come.
.TP
2
Wrong use or a mistake in feeds.yaml; nothing was done.
.TP
75
Another run is at work in the same folder.
.SH FILES
.TP
feeds.yaml
What is read and printed; all of its keys are in docs/configuration.md.
.TP
paper.db, readers.db
What was collected and printed, and who gets it by mail. Back them up.
.TP
output/site
The pages.
"""


def man_page() -> str:
    """The page in the macros of man(7)."""
    group: Any = command_line(app)
    root = typer.Context(group, info_name="sundaypaper")
    parts = [HEAD, roff(ABOUT), "\n.SH OPTIONS\n", options(group, root), ".SH COMMANDS\n"]
    for path, command in commands(group):
        if hasattr(command, "commands"):
            continue
        context = typer.Context(command, info_name=f"sundaypaper {path}")
        usage = command.collect_usage_pieces(context)
        parts += [f".SS {roff(' '.join(['sundaypaper', path, *usage]))}\n", paragraphs(command)]
        parts += [options(command, context), examples(command)]
    return "".join([*parts, TAIL])


def paragraphs(command: Any) -> str:
    """What a command does, without its examples."""
    text = textwrap.dedent(command.help or "").strip()
    whole = [part for part in text.split("\n\n") if "Examples:" not in part]
    return "".join(f".PP\n{roff(' '.join(part.split()))}\n" for part in whole)


def options(command: Any, context: Any) -> str:
    """Arguments and options, each with its sentence."""
    rows = [param.get_help_record(context) for param in command.get_params(context)]
    return "".join(
        f".TP\n.B {roff(name)}\n{roff(' '.join(about.split())) or chr(92) + '&'}\n"
        for name, about in filter(None, rows)
    )


def examples(command: Any) -> str:
    """The examples of a command, as they are typed."""
    _, found, after = f"{command.help or ''}\n\n{command.epilog or ''}".partition("Examples:")
    lines = [line.strip() for line in after.splitlines() if line.strip()]
    return f".PP\nExamples:\n.PP\n.nf\n.RS\n{chr(10).join(map(roff, lines))}\n.RE\n.fi\n" if found else ""  # fmt: skip


def roff(text: str) -> str:
    """Text that no macro processor reads as anything else."""
    safe = text.strip().replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    return re.sub(r"^([.'])", r"\\&\1", safe, flags=re.MULTILINE)
