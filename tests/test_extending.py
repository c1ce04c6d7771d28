"""Extensions: each example of the manual as it stands there, and what breaks in one costs only that."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

import sundaypaper.extending as public
from loopback import Answer, Loopback
from sample_issue import sample_issue
from sundaypaper import plugins
from sundaypaper.config import load
from sundaypaper.models import Entry, Signal, Tag
from sundaypaper.pipeline.extensions import Extensions
from terminal import typed

MANUAL = (Path(__file__).parents[1] / "docs" / "extending.md").read_text(encoding="utf-8")
NAMED = re.compile(r"```(?:python|html)\n(?:#|\{#) (\S+)(?: #\})?\n(.*?)```", re.DOTALL)
EXAMPLES: dict[str, str] = dict(NAMED.findall(MANUAL))
PAPER = """\
title: Lab Paper
network: {allow_private: true}
sources:
  - {kind: bundle, name: Landmarks, path: shelf, use: news}
  - {kind: bundle, name: The shelf, path: shelf, use: shelf}
  - {kind: bundle, name: Recorded, path: recorded}
"""
RECORDED = {
    "manifest.json": {
        "format": 2, "title": "Recorded", "now": "2026-11-22T12:00:00Z", "weeks": ["2026-W46"],
    },
    "entries.jsonl": {
        "id": "arxiv:2611.00001", "kind": "paper", "source": "arXiv", "week": "2026-W46",
        "url": "https://arxiv.org/abs/2611.00001", "title": "Light sheet microscopy, faster",
        "summary": "We make images of cells with a new camera.", "authors": ["Ada Adeyemi"],
        "published": "2026-11-10", "categories": ["cs.CV"],
    },
}  # fmt: skip
NOON = ("--now", "2026-11-22T12:00:00Z")
WEEK = "2026-W46"
THAT = ("--week", WEEK)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The package lab_paper of the manual, where Python finds it; what it made is forgotten again."""
    place = tmp_path / "installed"
    for name, body in EXAMPLES.items():
        if name.startswith("lab_paper/"):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(body, encoding="utf-8")
    (place / "lab_paper" / "__init__.py").touch()
    monkeypatch.syspath_prepend(place)
    yield place
    for name in [name for name in sys.modules if name.partition(".")[0] == "lab_paper"]:
        del sys.modules[name]


def module(place: Path, name: str, body: str) -> None:
    """One more module of lab_paper."""
    (place / "lab_paper" / f"{name}.py").write_text(body, encoding="utf-8")


def paper(root: Path, more: str = "") -> Path:
    """The root of a paper with the landmarks of the shelf, and a recorded paper, as its news."""
    (root / "recorded").mkdir(parents=True, exist_ok=True)
    for name, body in RECORDED.items():
        (root / "recorded" / name).write_text(json.dumps(body) + "\n", encoding="utf-8")
    (root / "feeds.yaml").write_text(PAPER + more, encoding="utf-8")
    return root


def issue_of(root: Path) -> dict:
    """The issue that a run published, as data."""
    file = root / "output" / "site" / "issues" / WEEK / "issue.json"
    loaded: dict = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def run(root: Path) -> str:
    """All that a run says; it prints an issue."""
    done = typed(root, *NOON, "run", *THAT)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_manual_has_an_example_of_each_kind() -> None:
    """Each heading has its code, so that none of what follows is about nothing."""
    assert list(EXAMPLES) == [
        "lab_paper/seminars.py",
        "lab_paper/tags.py",
        "lab_paper/signals.py",
        "lab_paper/screen.py",
        "lab_paper/group.py",
        "lab_paper/pigeonhole.py",
        "templates/base.html",
    ]


def test_examples_import_the_public_surface_alone() -> None:
    """What an example needs is public: nobody has to reach into what may change."""
    for name, body in EXAMPLES.items():
        imported = re.findall(r"^(?:from|import) (sundaypaper\S*)", body, re.MULTILINE)
        assert set(imported) <= {"sundaypaper.extending"}, name


def test_the_public_surface_is_what_it_was_said_to_be() -> None:
    """Version 1: whoever takes a name away, or changes what it means, has to say 2."""
    assert public.VERSION == 1
    assert sorted(public.__all__) == sorted(
        """VERSION Answer Ask Channel ChannelTools Claim DeliveryError DeliverySpec Entry Evidence
        Factory Fetched Issue Item Letter OutputFormat OwnSection Pick PluginSource PollState Section
        Signal SourceError SourceReport Tag Tools TopicTagger TurnedAwayError canonical post_id""".split()
    )
    assert all(hasattr(public, name) for name in public.__all__)


# ---------------------------------------------------------------- the examples, as a user runs them


def test_a_source_of_ones_own_brings_entries(lab: Path, tmp_path: Path) -> None:
    """The talks of the department stand in the ledger and in the issue."""
    talks = [
        {
            "url": "https://lab.example/talks/1",
            "title": "Why Our Robots Fall: Lessons from Two Years in a Kitchen",
            "abstract": "What we learnt about robots that fall, and how we now measure it.",
            "speaker": "Ada Adeyemi",
            "day": "2026-11-12",
        }
    ]
    with Loopback({"/talks.json": Answer(body=json.dumps(talks).encode())}) as server:
        url = server.url("/talks.json")
        more = f'  - {{kind: "lab_paper.seminars:seminars", name: Seminar, url: "{url}", group: lab}}\n'
        root = paper(tmp_path / "paper", more)
        done = typed(root, *NOON, "feeds", "check", "Seminar")
    assert done.returncode == 0, done.stderr
    assert re.search(r"Seminar\s+fresh\s+1", done.stdout)


def test_a_source_of_ones_own_that_fails_is_a_line_of_the_ledger(lab: Path, tmp_path: Path) -> None:
    """What it raises as SourceError is what a reader of the ledger is told."""
    with Loopback({"/talks.json": Answer(body=b'[{"title": "no address"}]')}) as server:
        url = server.url("/talks.json")
        more = f'  - {{kind: "lab_paper.seminars:seminars", name: Seminar, url: "{url}"}}\n'
        done = typed(paper(tmp_path / "paper", more), *NOON, "feeds", "check", "Seminar")
    assert done.returncode == 1
    assert "is not the list of talks that was expected: 'url'" in done.stdout


def test_a_tagger_gives_topics(lab: Path, tmp_path: Path) -> None:
    """The tag counts beside the paper's own, and of two for one topic the higher."""
    root = paper(tmp_path / "paper", "extensions: {taggers: [lab_paper.tags:ours]}\n")
    theirs = Extensions(load(root / "feeds.yaml"))
    entry = Entry("arxiv:2603.00001", "paper", "arXiv", "https://x.example", "Light sheet, faster")
    own = (Tag("generative", 0.4, "title: diffusion"), Tag("vision", 0.2, "title: image"))
    assert theirs.tags(entry, own) == (
        Tag("vision", 0.9, "names light sheet, an instrument of ours"),
        Tag("generative", 0.4, "title: diffusion"),
    )
    assert theirs.told() == ()


def test_a_signal_moves_an_entry_and_says_why(lab: Path, tmp_path: Path) -> None:
    """`explain` names its part of the sum, by its weight."""
    module(lab, "liked", "def sheets(pick):\n    return (1, 'of light') if 'Light' in pick.title else (0, '')\n")  # fmt: skip
    more = 'extensions: {signals: ["lab_paper.liked:sheets"]}\nweights: {"signal:sheets": 3}\n'
    root = paper(tmp_path / "paper", more)
    run(root)
    (liked,) = [e for e in issue_of(root)["entries"] if e["id"] == "arxiv:2611.00001"]
    assert liked["reasons"][0] == "of light"
    said = typed(root, *NOON, "explain", liked["id"]).stdout
    assert re.search(r"\+3\.000\s+signal:sheets\s+of light", said)


def test_the_manuals_signal_knows_the_group(lab: Path) -> None:
    """The example itself, on an author of the group and on another."""
    signal: Signal = plugins.named("lab_paper.signals:cited_by_us", {})
    pick = sample_issue(1).entries[0]
    assert signal(replace(pick, authors=("Eve", "Ada Adeyemi"))) == (
        1.0,
        "by Ada Adeyemi, of our group",
    )
    assert signal(replace(pick, authors=("Eve",))) == (0.0, "")


def test_a_format_writes_files_of_each_issue(lab: Path, tmp_path: Path) -> None:
    """The screen's file lies beside its issue and, of the newest, at a lasting address."""
    root = paper(tmp_path / "paper", "extensions: {formats: [lab_paper.screen:screen]}\n")
    run(root)
    site = root / "output" / "site" / "extras" / "screen"
    shown = json.loads((site / "screen.json").read_text(encoding="utf-8"))
    assert shown["week"] == WEEK
    assert len(shown["read first"]) >= 3
    assert (site / WEEK / "screen.json").read_bytes() == (site / "screen.json").read_bytes()


def test_a_format_is_asked_again_when_its_code_changed(lab: Path, tmp_path: Path) -> None:
    """Else the screen would show what the code of last month made."""
    root = paper(tmp_path / "paper", "extensions: {formats: [lab_paper.screen:screen]}\n")
    run(root)
    file = root / "output" / "site" / "extras" / "screen" / "screen.json"
    before = file.read_text(encoding="utf-8")
    text = EXAMPLES["lab_paper/screen.py"].replace('"week": issue.week', '"of": issue.week')
    module(lab, "screen", text)
    for name in ("lab_paper.screen", "lab_paper"):
        sys.modules.pop(name)
    assert typed(root, *NOON, "publish").returncode == 0
    assert file.read_text(encoding="utf-8") == before.replace('"week"', '"of"')


def test_a_section_stands_in_page_and_issue(lab: Path, tmp_path: Path) -> None:
    """Three titles that no other section prints, before the shelf, with the words beside them."""
    module(
        lab,
        "ours",
        "from sundaypaper.extending import OwnSection\n"
        "def corner():\n"
        "    return OwnSection('corner', 'Our corner', lambda picks: [(p.id, 'ours') for p in picks], 2)\n",
    )
    root = paper(tmp_path / "paper", "extensions: {sections: [lab_paper.ours:corner]}\n")
    run(root)
    sections = issue_of(root)["sections"]
    names = [section["id"] for section in sections]
    corner = sections[names.index("x-corner")]
    assert corner["title"] == "Our corner"
    assert [item["why"] for item in corner["items"]] == ["ours", "ours"]
    elsewhere = {i["id"] for s in sections if s["id"] != "x-corner" for i in s["items"]}
    assert elsewhere.isdisjoint(item["id"] for item in corner["items"])
    page = (root / "output" / "site" / "index.html").read_text(encoding="utf-8")
    assert '<h2 id="x-corner-title">Our corner</h2>' in page
    assert "shelf" not in names or names.index("x-corner") < names.index("shelf")


def test_a_section_stays_in_a_printed_issue_when_its_extension_is_gone(
    lab: Path, tmp_path: Path
) -> None:
    """In the mail, which is an edition composed anew, as well as on the page."""
    module(
        lab,
        "ours",
        "from sundaypaper.extending import OwnSection\n"
        "def corner():\n"
        "    return OwnSection('corner', 'Our corner', lambda picks: [(p.id, 'ours') for p in picks], 2)\n",
    )
    root = paper(tmp_path / "paper", "extensions: {sections: [lab_paper.ours:corner]}\n")
    run(root)
    paper(root)
    assert typed(root, *NOON, "publish").returncode == 0
    page = (root / "output" / "site" / "index.html").read_text(encoding="utf-8")
    assert "Our corner" in page
    assert typed(root, *NOON, "preview").returncode == 0
    mail = next((root / "mails" / "preview").glob("*.html")).read_text(encoding="utf-8")
    assert "Our corner" in mail


def test_a_channel_of_ones_own_sends(
    lab: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters lie in the pigeonhole, one a reader, and a second send adds none."""
    hole = tmp_path / "hole"
    hole.mkdir()
    monkeypatch.setenv("PIGEONHOLE", str(hole))
    more = "delivery: {kind: 'lab_paper.pigeonhole:Pigeonhole', from: Paper <paper@lab.example>}\n"
    root = paper(tmp_path / "paper", more)
    run(root)
    assert typed(root, "subscribers", "add", "ada@lab.example").returncode == 0
    for _ in range(2):
        assert typed(root, "send").returncode == 0
    assert [file.name for file in hole.iterdir()] == ["00000.eml"]


def test_one_template_changes_the_look_of_every_page(lab: Path, tmp_path: Path) -> None:
    """The example's footer stands under pages, and what it extends is still there."""
    root = paper(tmp_path / "paper")
    (root / "templates").mkdir()
    (root / "templates" / "base.html").write_text(EXAMPLES["templates/base.html"], encoding="utf-8")
    run(root)
    for name in ("index.html", "about/index.html", f"issues/{WEEK}/index.html"):
        page = (root / "output" / "site" / name).read_text(encoding="utf-8")
        assert "Printed by the lab of Ada Adeyemi, room 2.14." in page
        assert page.count("</html>") == 1
        assert "Lab Paper" in page


# ---------------------------------------------------------------- what breaks


BROKEN = {
    "taggers": [
        ("def f(entry):\n    return 1 / 0\n", "broke at arxiv:", "ZeroDivisionError"),
        ("def f(entry):\n    return None\n", "broke at", "TypeError"),
        ("def f(entry):\n    return ['vision']\n", "gave for", "“vision”, which is no tag"),
        (
            "from sundaypaper.extending import Tag\ndef f(e):\n    return [Tag('no-such', 1.0, 'x')]\n",
            "gave for",
            "“no-such”, which is no tag of a topic of this paper",
        ),
        (
            "from sundaypaper.extending import Tag\ndef f(e):\n    return [Tag('vision', 7, 'x')]\n",
            "gave for",
            "the score “7”",
        ),
    ],
    "signals": [
        ("def f(pick):\n    raise SystemError('no')\n", "broke at", "SystemError: no (broken.py:2)"),
        ("def f(pick):\n    return 5, 'much'\n", "gave for", "outside of -1 to 1"),
        ("def f(pick):\n    return float('nan'), 'x'\n", "gave for", "outside of -1 to 1"),
        ("def f(pick):\n    return 'much'\n", "gave for", "a number from -1 to 1"),
        ("def f(pick):\n    return 1, None\n", "gave for", "where words are expected"),
    ],
    "formats": [
        ("def f(issue):\n    return {'../../feeds.yaml': 'x'}\n", "gave for", "the file name"),
        ("def f(issue):\n    return {'/etc/x': 'x'}\n", "gave for", "the file name"),
        ("def f(issue):\n    return {'a': 5}\n", "gave for", "text or bytes are expected"),
        ("def f(issue):\n    return {'a': 'x' * 3_000_000}\n", "gave for", "more than 2,000,000"),
        ("def f(issue):\n    return {}[0]\n", "broke at 2026-W46", "KeyError: 0 (broken.py:2)"),
    ],
    "sections": [
        ("def f():\n    return 5\n", "gave for its beginning", "where an OwnSection is expected"),
        (
            "from sundaypaper.extending import OwnSection\ndef f():\n    return OwnSection('a b', 'T', 5)\n",
            "gave for its beginning",
            "the id “a b”",
        ),
        (
            "from sundaypaper.extending import OwnSection\n"
            "def f():\n    return OwnSection('a', 'T', lambda picks: [('arxiv:1', 'x')])\n",
            "gave for",
            "“('arxiv:1', 'x')”",
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "body", "says", "why"),
    [(kind, *row) for kind, rows in BROKEN.items() for row in rows],
)
def test_what_breaks_is_told_and_the_issue_comes_out(
    lab: Path, tmp_path: Path, kind: str, body: str, says: str, why: str
) -> None:
    """By the name of the extension and its place, once; the issue is printed and tells of it."""
    module(lab, "broken", body)
    root = paper(tmp_path / "paper", f'extensions: {{{kind}: ["lab_paper.broken:f"]}}\n')
    said = run(root)
    (line, *_) = [line for line in said.splitlines() if "lab_paper.broken:f" in line]
    assert f"  ! the {kind.removesuffix('s')} lab_paper.broken:f {says}" in line
    assert why in line
    assert "Traceback" not in said
    if kind != "formats":
        made = [s["note"] for s in issue_of(root)["sections"] if s["id"] == "made"]
        assert any("1 extension of this paper broke while it was made" in note for note in made)


def test_what_is_not_installed_is_told_and_the_issue_comes_out(tmp_path: Path) -> None:
    """The name of the module, and why it cannot be used; nothing is silently left out."""
    root = paper(tmp_path / "paper", "extensions: {signals: [no_such_lab.signals:mine]}\n")
    said = run(root)
    assert "the signal no_such_lab.signals:mine cannot be used" in said
    assert "the module no_such_lab.signals cannot be imported" in said


def test_an_extension_counts_for_the_fingerprint(tmp_path: Path) -> None:
    """An issue that was composed with it differs from one without; papers without any stay as they were."""
    print_of = partial(lambda more: load(paper(tmp_path / "p", more) / "feeds.yaml").fingerprint)
    plain = print_of("")
    assert print_of("extensions: {}\n") == plain
    assert print_of("extensions: {signals: ['a:b']}\n") != plain


# ---------------------------------------------------------------- words of feeds.yaml


def test_an_entry_point_is_named_by_its_word(
    lab: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that declares `screen` may be named so; nothing is imported before."""
    info = lab / "lab_paper-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lab-paper\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[sundaypaper.formats]\nscreen = lab_paper.screen:screen\n"
    )
    plugins.declared.cache_clear()
    try:
        root = paper(tmp_path / "paper", "extensions: {formats: [screen]}\n")
        load(root / "feeds.yaml")
        assert not any(isinstance(sys.modules.get("lab_paper.screen"), ModuleType) for _ in "x")
        run(root)
        assert (root / "output" / "site" / "extras" / "screen" / "screen.json").exists()
    finally:
        plugins.declared.cache_clear()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("extensions: {formats: [screan]}\n", "expected package.module:name, found “screan”"),
        ("extensions: {tagger: [a:b]}\n", "did you mean “taggers”?"),
        ("weights: {'signal:mine': 1}\n", "the ranking has no “signal:mine”"),
        ("extensions: {signals: ['a:mine']}\nweights: {'signal:mind': 1}\n", "did you mean “signal:mine”?"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_told_with_its_place(tmp_path: Path, more: str, says: str) -> None:
    """As all mistakes of feeds.yaml are: before anything is done."""
    done = typed(paper(tmp_path / "paper", more), "run")
    assert done.returncode == 2
    assert says in done.stderr
