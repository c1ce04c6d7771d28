"""The command line as it is run: examples end each help, and no line of a list of commands is cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import typer.main

if TYPE_CHECKING:
    from typer.core import TyperCommand, TyperGroup

HEADING = "Examples:"
# A command whose own help has examples needs no row.
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "run": ("sundaypaper run", "sundaypaper --root my-paper run --week 2026-W10"),
    "collect": ("sundaypaper collect",),
    "publish": ("sundaypaper publish",),
    "desk": ("sundaypaper desk --week 2026-W10",),
    "print": (
        "sundaypaper print --week 2026-W10",
        'sundaypaper print --week 2026-W10 --incomplete "arXiv was down all week"',
    ),
    "export": (
        "sundaypaper export --week 2026-W10 --format markdown",
        "sundaypaper export --filter 'topic:vision has:code' --format bibtex --out vision.bib",
    ),
    "correct": (
        'sundaypaper correct arxiv:2603.01234 --note "It was accepted at ICML, not at ICLR."',
    ),
    "remove": ('sundaypaper remove arxiv:2603.01234 --reason "Its authors asked for it."',),
    "send": ("sundaypaper send --dry-run", "sundaypaper send --to ada@example.org"),
    "preview": ("sundaypaper preview", "sundaypaper preview --edition building"),
    "deliveries": ("sundaypaper deliveries", "sundaypaper deliveries --week 2026-W10"),
    "inbox": ("sundaypaper inbox", "sundaypaper inbox --check"),
    "stats": ("sundaypaper stats", "sundaypaper stats --json"),
    "backup": ("sundaypaper backup", "sundaypaper backup /media/disk/paper.zip"),
    "restore": ("sundaypaper restore backups/paper-20260308T120000Z.zip",),
    "schedule": ("sundaypaper schedule",),
    "demo": ("sundaypaper demo", "sundaypaper --root demo serve --show-mails"),
    "serve": ("sundaypaper serve", "sundaypaper serve --host 0.0.0.0 --port 8080"),
    "mcp": ("sundaypaper --root my-paper mcp",),
    "explain": ("sundaypaper explain arxiv:2603.01234",),
    "status": ("sundaypaper status",),
    "tag": ("sundaypaper tag < papers.jsonl > tagged.jsonl",),
    "feeds list": ("sundaypaper feeds list",),
    "feeds check": ("sundaypaper feeds check", "sundaypaper feeds check BAIR METR"),
    "topics list": ("sundaypaper topics list",),
    "topics try": ("sundaypaper topics try '\"flow matching\" OR diffu*'",),
    "editions list": ("sundaypaper editions list",),
    "subscribers list": ("sundaypaper subscribers list",),
    "subscribers add": (
        "sundaypaper subscribers add ada@example.org --filter 'topic:vision'",
        "sundaypaper subscribers add ada@example.org --edition building",
    ),
    "subscribers import": (
        'sundaypaper subscribers import members.csv --consent "lab list, 2026-11"',
    ),
    "subscribers export": ("sundaypaper subscribers export ada@example.org > ada.json",),
    "subscribers erase": ("sundaypaper subscribers erase ada@example.org",),
    "subscribers suppress": ("sundaypaper subscribers suppress ada@example.org",),
}


def command_line(app: typer.Typer) -> TyperGroup:
    """The commands of an app, each help with its examples, each line of a list of commands whole."""
    group: Any = typer.main.get_command(app)
    for path, command in commands(group):
        if path in EXAMPLES and HEADING not in f"{command.help}{command.epilog}":
            lines = "\n".join(f"  {line}" for line in EXAMPLES[path])
            command.epilog = f"\b\n{HEADING}\n{lines}"
        command.short_help = command.short_help or _first_sentence(command.help or "")
    whole: TyperGroup = group
    return whole


def commands(group: Any, before: str = "") -> Iterator[tuple[str, TyperCommand]]:
    """Every command and group below a group, by its words, in the order in which they were added."""
    for name, command in group.commands.items():
        yield before + name, command
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")


def _first_sentence(help: str) -> str:
    """What a list of commands says of one: the first paragraph, without its full stop."""
    return " ".join(help.split("\n\n")[0].split()).removesuffix(".")
