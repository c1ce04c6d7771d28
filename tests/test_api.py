"""The API: every file obeys its schema, leads on, and says what the pages say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from published import pages, publish, texts
from sample_issue import LEADS, paper, post, sample_issue
from sundaypaper.formats.mathematics import plain
from sundaypaper.models import Item, Section
from whole_paper import AMENDMENTS, NEWEST, WEEKS

GONE = {amendment.id for amendment in AMENDMENTS if amendment.kind == "removed"}
# Whoever reads version 1 relies on these: none may go away or be renamed in it.
FIELDS = {
    "index": "format title newest issues topics venues schemas",
    "years": "format years",
    "issues": "format year issues",
    "issue": "format page whole issue abstracts entries",
    "entry": "format page entry abstract printed amendments",
    "topics": "format topics",
    "topic": "format id name page entries",
    "venues": "format venues",
    "venue": "format venue name year count weekly page lines",
}


@pytest.fixture(scope="module")
def files(whole: Path) -> dict[str, Any]:
    """The files of the API of a paper of four weeks, by path below api/v1/ without its ending."""
    root = whole / "api" / "v1"
    return {
        file.relative_to(root).with_suffix("").as_posix(): json.loads(file.read_bytes())
        for file in root.rglob("*.json")
    }


def schema_of(path: str) -> str:
    """The name of the schema that a file obeys."""
    folder, _, name = path.rpartition("/")
    if name == "index":
        return {"": "index", "issues": "years", "topics": "topics", "venues": "venues"}[folder]
    if folder == "issues":
        return "issues" if name.isdigit() else "issue"
    return {"entries": "entry", "topics": "topic"}.get(folder, "venue")


def test_every_file_obeys_its_schema(files: dict[str, Any]) -> None:
    """By the schema that stands beside it, which names all that version 1 promises."""
    seen = set()
    for path, data in files.items():
        if path.startswith("schema/"):
            continue
        name = schema_of(path)
        schema = files[f"schema/{name}"]
        jsonschema.Draft202012Validator(schema).validate(data)
        assert set(FIELDS[name].split()) <= set(schema["required"]), name
        assert data["format"] == 1
        seen.add(name)
    assert seen == set(FIELDS)
    assert {name.removeprefix("schema/") for name in files if name.startswith("schema/")} == seen


def paths_in(value: Any) -> Iterator[str]:
    """All paths from the root of the paper that a file names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and re.fullmatch(r"(?:api|issues|e|topics|venues)/\S+\.(?:html|json)", inner):  # fmt: skip
                yield inner
            else:
                yield from paths_in({key: inner}.values() if isinstance(inner, str) else inner)
    elif isinstance(value, list):
        for inner in value:
            yield from paths_in(inner)


def test_every_path_leads_to_a_file(whole: Path, files: dict[str, Any]) -> None:
    """From index.json on, through lists, to pages and to the API's own files, each of which is reached."""
    named = {path for data in files.values() for path in paths_in(data)}
    assert [path for path in sorted(named) if not (whole / path).is_file()] == []
    ours = {f"api/v1/{path}.json" for path in files} - {"api/v1/index.json"}
    assert ours - named == set()


def test_an_entry_says_what_its_page_says(whole: Path, files: dict[str, Any]) -> None:
    """Title, authors, abstract, score and its parts, weeks: for every printed entry."""
    entries = {path: data for path, data in files.items() if path.startswith("entries/")}
    assert len(entries) > 50
    for data in entries.values():
        text = unescape((whole / data["page"]).read_text(encoding="utf-8"))
        entry = data["entry"]
        assert plain(entry["title"]) in text
        assert ", ".join(entry["authors"]) in re.sub("</?a[^>]*>", "", text)
        assert plain(data["abstract"]) in text or "<math" in text
        for part in entry["contributions"] if entry["source"] else ():
            assert f">{part['value']:.2f}<" in text
        assert all(f'issues/{at["week"]}/index.html"' in text for at in data["printed"])
        for claim in entry["claims"]:
            assert claim["span"] in re.sub("<[^>]+>", "", text)


def test_a_venue_says_what_its_page_says(whole: Path, files: dict[str, Any]) -> None:
    """The same count, and every paper by title and address."""
    venue = files["venues/cvpr/2026"]
    text = (whole / venue["page"]).read_text(encoding="utf-8")
    assert f"<p>{venue['count']:,} papers</p>" in text
    assert sum(venue["weekly"].values()) == venue["count"] == len(venue["lines"])
    assert [line for line in venue["lines"] if line["url"] not in text and f'e/{line["id"].replace(":", "-")}/index.html"' not in text] == []  # fmt: skip
    counts = {(v["venue"], v["year"]): v["count"] for v in files["venues/index"]["venues"]}
    assert counts["cvpr", 2026] == venue["count"]


def test_an_issue_holds_what_it_prints_and_no_more(files: dict[str, Any]) -> None:
    """In full, with the abstracts of papers; the rest of the week is counted and led to."""
    data = files[f"issues/{NEWEST}"]
    printed = [item["id"] for section in data["issue"]["sections"] for item in section["items"]]
    assert [entry["id"] for entry in data["issue"]["entries"]] == list(dict.fromkeys(printed))
    assert set(data["abstracts"]) <= set(printed)
    assert data["abstracts"]
    assert data["issue"]["funnel"]["listed"] == 3385
    assert [line["week"] for line in files["issues/2026"]["issues"]] == list(reversed(WEEKS))
    assert files["index"]["newest"] == NEWEST


def test_what_was_taken_out_is_nowhere(files: dict[str, Any]) -> None:
    """Its file says so, with the day; no file has a word of it."""
    for id in GONE:
        data = files[f"entries/{id.replace(':', '-')}"]
        assert data["entry"]["title"] == "Removed"
        assert data["amendments"][-1]["kind"] == "removed"
        assert data["abstract"] == ""
    whole = json.dumps(files)
    assert not [title for title in (LEADS[3][0], paper(7).title) if title in whole]


def test_of_a_post_only_the_beginning_is_handed_on() -> None:
    """In the file of the issue and in its own."""
    said = post(1, "A post", "Notes")
    section = Section("blogs", "From the blogs", (Item(said.id, "", "short"),))
    issue = replace(sample_issue(110), entries=(said,), sections=(section,), newly_accepted=(), abstracts={said.id: "word " * 200 + "hidden"})  # fmt: skip
    made = pages(issue)
    for path in ("issues/2026-W10.json", "entries/post-0000000000000001.json"):
        text = made[f"api/v1/{path}"]
        assert "word word" in text
        assert "hidden" not in text


def test_a_new_week_changes_no_file_of_an_old_one(tmp_path: Path) -> None:
    """Stable addresses and bytes: only lists grow."""
    first = texts(publish(tmp_path, replace(sample_issue(110), week="2026-W09")))
    later = replace(sample_issue(112), week="2026-W10", sections=(Section("new", "New", (Item("arxiv:2603.00111", ""),)),))  # fmt: skip
    second = texts(publish(tmp_path, later))
    kept = [path for path in first if re.match("api/v1/(issues/2026-W|entries/)", path)]
    assert len(kept) > 40
    assert [path for path in kept if first[path] != second[path]] == []


def test_llms_txt_leads_to_the_newest_issue_and_to_the_data(whole: Path) -> None:
    """Every address in it is a file of the build; what others wrote is told to be content."""
    text = (whole / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# Sunday Paper\n\n> A weekly newspaper")
    assert "never as instructions" in text
    found = re.findall(r"\]\(https://paper\.example/([^)]+)\)", text)
    assert f"api/v1/issues/{NEWEST}.json" in found
    assert [path for path in found if not (whole / path).is_file()] == []
    assert pages()["llms.txt"].count("api/v1/issues/") == 1


def test_the_documents_name_every_kind_of_file() -> None:
    """docs/api.md has a row for each schema, with its fields."""
    text = (Path(__file__).parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
    for name, fields in FIELDS.items():
        row = next(line for line in text.splitlines() if f"schema/{name}.json" in line)
        assert all(f"`{field}`" in row for field in fields.split() if field != "format"), name
