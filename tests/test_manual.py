"""The manual is whole: every command, key and field has its place, each line is one that this version takes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from manual import DOCS, PAGES, ROOT, blocks
from sundaypaper import config, query
from sundaypaper.cli.commands import app
from sundaypaper.cli.examples import command_line, commands
from sundaypaper.query.exact import CHOICES
from test_helps import parsed

LINES = [
    pytest.param(line, id=f"{page.relative_to(ROOT)}: {line}")
    for page in [ROOT / "README.md", *PAGES]
    for block in blocks(page)
    if block.language == "sh" and block.how != "not run"
    for line in block.lines
    if line.startswith("sundaypaper ") and "--version" not in line
]


class Loads(HTMLParser):
    """The addresses that a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "a":
            self.found |= {value for name, value in attrs if name in {"src", "href"} and value}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manual as `make manual` builds it."""
    folder = tmp_path_factory.mktemp("manual")
    words = [sys.executable, "-m", "properdocs", "build", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_the_manual_builds_without_a_warning_and_asks_nobody(built: Path) -> None:
    """No page without its place, no link that leads nowhere; no font, script or picture of others."""
    pages = sorted(built.rglob("*.html"))
    assert len(pages) > len(PAGES)
    for page in pages:
        loads = Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        assert loads.found
        assert not [address for address in loads.found if re.match(r"(?i)([a-z]+:)?//", address)]
    assert "url(" not in (built / "manual.css").read_text(encoding="utf-8")


def test_the_search_of_the_manual_knows_its_pages(built: Path) -> None:
    """The index lies there as a script, which a page that is read from a disk may load."""
    text = (built / "search" / "index.js").read_text(encoding="utf-8")
    parts = json.loads(text.removeprefix("globalThis.MANUAL = ").removesuffix(";\n"))
    assert {"filters.html#fields", "recipes/lab.html#a-labs-reading-list"} <= {
        part["location"] for part in parts
    }


@pytest.mark.parametrize(
    "path", [p for p, command in commands(command_line(app)) if not hasattr(command, "commands")]
)
def test_every_command_is_documented_with_its_options(path: str) -> None:
    """A heading, what it does, each of its options, an example."""
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(path)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, f"{path}: run `make generated`"
    command = dict(commands(command_line(app)))[path]
    assert [name for param in command.params for name in param.opts if name.startswith("-") and name not in found[1]] == []  # fmt: skip
    assert "```sh\nsundaypaper " in found[1]


FORMS = {
    name: form
    for name, form in json.loads(config.schema_text())["$defs"].items()
    if "properties" in form and name != "Sizes"  # those of an edition are said to be as in `print`
}


def rows(text: str) -> dict[str, str]:
    """The keys of a table, each with what it means."""
    return dict(re.findall(r"^\| `(\w+)` \| [^|]* \| (.*) \|$", text.replace("`|`", ""), re.M))


@pytest.mark.parametrize("name", ["", *FORMS])
def test_every_key_of_feeds_yaml_is_documented(name: str) -> None:
    """A table for each form, with a row for each of its keys and a sentence that says what it means."""
    wanted = (FORMS[name] if name else json.loads(config.schema_text()))["properties"]
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    tables = [table for part in text.split("\n## ") if set(table := rows(part)) == set(wanted)]
    assert tables, f"{name} has no table: give it a row in tools/generate.py"
    assert [key for key in wanted if not tables[0][key]] == []


@pytest.mark.parametrize("field", query.FIELDS)
def test_every_field_of_a_filter_is_documented_with_its_values(field: str) -> None:
    """A row whose example parses; of a field with a choice, all there is to choose from."""
    text = (DOCS / "filters.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(rf"\|.*`{field}:`.* \|", line)]
    assert rows, f"{field}: has no row in docs/filters.md"
    assert [value for value in CHOICES.get(field, ()) if f"`{value}`" not in rows[0]] == []


def test_the_examples_of_filters_are_filters() -> None:
    """Whatever stands in the last column of the fields, and each line of the first block."""
    text = (DOCS / "filters.md").read_text(encoding="utf-8")
    column = re.findall(r"^\| `\w+:`.* \| ([^|]+) \|$", text, re.M)
    examples = [found for cell in column for found in re.findall(r"`([^`]+)`", cell)]
    examples += next(block.lines for block in blocks(DOCS / "filters.md"))
    assert len(examples) > len(query.FIELDS)
    for example in examples:
        query.parse(example)


@pytest.mark.parametrize("line", LINES)
def test_each_line_of_the_manual_is_one_that_this_version_takes(line: str) -> None:
    """Its command, options and arguments are read; nothing runs."""
    assert parsed(line)


def test_every_block_of_yaml_is_yaml() -> None:
    """Parts of feeds.yaml, as somebody copies them; one page shows trees of accessibility so."""
    for page in {ROOT / "README.md", *PAGES} - {DOCS / "accessibility.md"}:
        for block in blocks(page):
            if block.language == "yaml":
                assert YAML(typ="safe").load(block.text), page
