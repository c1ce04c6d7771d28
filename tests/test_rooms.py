"""Which rooms know which third party: the table, and that the imports are so."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "sundaypaper"

# A package as pyproject.toml declares it: the rooms, or modules of a room, that may import it.
ROOMS: dict[str, tuple[str, ...]] = {
    "apprise": ("delivery.channels.chat_child",),
    "apscheduler": ("cli.scheduling",),
    "arxiv": ("sources",),
    "css-inline": ("formats.email",),
    "feedparser": ("sources.feed.xmlfeed",),
    "httpcore": ("net",),
    "httpx": ("net",),
    # One module reads calendars of others, one writes ours.
    "icalendar": ("formats.calendar", "sources.vevents", "sources.vtimezones"),
    "jinja2": ("formats",),
    "lark": ("query",),
    "latex2mathml": ("formats.mathematics",),
    "leather": ("formats.charts",),
    "limits": ("web",),
    "listparser": ("sources.opml",),
    "lxml": ("sources.arxiv_page",),
    "markdown-it-py": ("markdown",),
    "markupsafe": ("formats",),
    "numpy": ("topics",),
    "pillow": ("formats.card",),
    "prometheus-client": ("web.metrics",),
    # The same need in each: checked data from text, be it settings, our own JSON or a recording.
    "pydantic": ("codec", "config", "delivery.settings", "forms", "sources"),
    "pysqlite3": ("database",),
    "rcssmin": ("formats.site",),
    "rich": ("cli",),
    # One module reads what a text says, one where in it that stands.
    "ruamel.yaml": ("forms.document", "forms.spans"),
    "sqlite-utils": ("database",),
    "starlette": ("web",),
    "typer": ("cli",),
    "tldextract": ("urls",),
    "uvicorn": ("web",),
    "w3lib": ("urls",),
}
IMPORTED_AS = {
    "markdown-it-py": "markdown_it",
    "pillow": "PIL",
    "ruamel.yaml": "ruamel",
}
# Declared and imported nowhere: read by zoneinfo, and by starlette for forms.
NOT_IMPORTED = {"python-multipart", "tzdata"}


def name_of(package: str) -> str:
    """Under which name a package is imported."""
    return IMPORTED_AS.get(package, package.replace("-", "_"))


def imported(tree: ast.AST) -> set[str]:
    """The top-level names that a module imports, in functions and for type checkers too."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    return names


def third_parties() -> dict[str, set[str]]:
    """Every third party by the name it is imported under, with the modules that do so."""
    known: dict[str, set[str]] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        parts = file.relative_to(SOURCE).with_suffix("").parts
        module = ".".join(parts).removesuffix(".__init__")
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for name in imported(tree) - sys.stdlib_module_names - {"sundaypaper"}:
            known.setdefault(name, set()).add(module)
    return known


def within(module: str, room: str) -> bool:
    """Whether a module is a room or stands in it."""
    return f"{module}.".startswith(f"{room}.")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import httpx._client as client, os", {"httpx", "os"}),
        ("from ruamel.yaml import YAML", {"ruamel"}),
        ("def f():\n    import numpy", {"numpy"}),
        ("if TYPE_CHECKING:\n    from jinja2 import Environment", {"jinja2"}),
        ("from . import jinja2", set()),
    ],
)
def test_imports_are_seen_wherever_they_stand(text: str, names: set[str]) -> None:
    """At the top, in a function, for a type checker; a module of ours with that name is none."""
    assert imported(ast.parse(text)) == names


def test_each_third_party_is_imported_by_its_rooms_alone() -> None:
    """A module elsewhere takes what it needs from a room of the table, or the table is changed."""
    known = third_parties()
    assert known.keys() == {name_of(package) for package in ROOMS}
    strays = [
        f"{module} imports {package}; that is for {' and '.join(rooms)}"
        for package, rooms in ROOMS.items()
        for module in sorted(known[name_of(package)])
        if not any(within(module, room) for room in rooms)
    ]
    assert strays == []


def test_no_room_stands_in_the_table_in_vain() -> None:
    """A room that imports a package no more loses its place."""
    known = third_parties()
    idle = [
        f"{room} does not import {package}"
        for package, rooms in ROOMS.items()
        for room in rooms
        if not any(within(module, room) for module in known[name_of(package)])
    ]
    assert idle == []


def test_what_is_imported_is_declared_and_nothing_else() -> None:
    """What another package happens to bring along may be gone with its next version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {line.partition("[")[0].partition(">")[0] for line in project["dependencies"]}
    assert declared == ROOMS.keys() | NOT_IMPORTED
