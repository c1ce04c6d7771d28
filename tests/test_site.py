"""The pages of an issue as files: links, escaping, the ledger, issue.json."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from lxml import html as lxml_html

from published import MASTHEAD, pages, publish, texts
from sample_issue import sample_issue
from sundaypaper.config import default_config
from sundaypaper.errors import BuildError
from sundaypaper.formats import document, templates_hash
from sundaypaper.formats.site import Environment, environment
from sundaypaper.formats.site.front import SCORES
from sundaypaper.formats.site.rendering import PACKAGED, check
from sundaypaper.formats.template import rendered
from sundaypaper.formats.templates_hash import fingerprint
from sundaypaper.models import Claim, Masthead, MinuteLine

# What tells nobody where a link leads, after Lighthouse's own list.
VAGUE = {"click here", "go", "here", "learn more", "more", "more info", "more information", "read more", "right here", "see more", "start", "this"}  # fmt: skip
HOSTILE = '</title><script>alert(1)</script>{{ 7*7 }}" onmouseover="x'


class Links(HTMLParser):
    """Every href and src of a page, and every id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.to: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src") and value is not None:
                self.to.append(value)
            if name == "id" and value:
                self.ids.append(value)


@pytest.fixture(scope="module")
def build() -> dict[str, str]:
    """The build of the sample issue."""
    return pages(sample_issue())


def html(build: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in build.items() if path.endswith(".html")}


def test_every_internal_link_is_relative_and_leads_to_a_file(build: dict[str, str]) -> None:
    """Links end in a file name, so that a double click works as well as any host."""
    for path, text in html(build).items():
        found = Links(text)
        for link in found.to:
            if re.match(r"[a-z]+:", link):
                assert link.startswith(("https://", "http://", "mailto:")), link
                continue
            place, _, anchor = link.partition("#")
            target = place.partition("?")[0]
            parts = [*PurePosixPath(path).parent.parts]
            for part in PurePosixPath(target).parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            there = "/".join(parts) if target else path
            assert there in build, f"{path} links to {link}"
            if anchor:
                assert anchor in Links(build[there]).ids, f"{path} links to {link}"


def test_a_link_to_a_feed_leads_to_what_a_browser_shows(build: dict[str, str]) -> None:
    """Topics, venues, editions and the page to subscribe: .atom is bare text on many servers."""
    feeds = {
        path: {link.rpartition("/")[2] for link in re.findall(r'<a href="([^"]*feed\.\w+)"', text)}
        for path, text in html(build).items()
    }
    pages = ("topics/vision", "venues/cvpr", "editions", "subscribe")
    assert [feeds[f"{page}/index.html"] >= {"feed.xml"} for page in pages] == [True] * 4
    assert [path for path, names in feeds.items() if "feed.atom" in names] == []


def test_no_folder_of_pages_is_a_dead_end(whole: Path) -> None:
    """Who shortens an address in the bar finds a page: each folder that holds pages has its own."""
    folders = {page.parent for page in whole.rglob("*.html")}
    above = {up for folder in folders for up in folder.parents if up.is_relative_to(whole)}
    every = {folder.relative_to(whole).as_posix() for folder in folders | above}
    assert {"e", "editions", "editions/research", "issues", "venues/cvpr"} <= every
    assert [folder for folder in every if not (whole / folder / "index.html").exists()] == []


HERE = {
    "index.html": [("Newest issue", "page")],
    "archive/index.html": [("Archive", "page")],
    "issues/2026-W10/index.html": [("Archive", "true")],
    "topics/index.html": [("Topics", "page")],
    "topics/vision/index.html": [("Topics", "true")],
    "venues/cvpr/2026/index.html": [("Venues", "true")],
    "trends/index.html": [("Trends", "page")],
    "editions/research/2026-W10/index.html": [("Editions", "true")],
    "search/index.html": [("Search", "page")],
    "e/arxiv-2603.00000/index.html": [],
    "404.html": [],
}


def test_each_page_says_in_which_part_of_the_paper_it_stands(whole: Path) -> None:
    """That page itself, or one that belongs to it; to the eye and to a screen reader."""
    for path, marked in HERE.items():
        tree = lxml_html.fromstring((whole / path).read_bytes())
        found = [(a.text, a.get("aria-current")) for a in tree.xpath("//nav/a[@aria-current]")]
        assert found == marked, path
    [nav, _] = tree.xpath("//nav")[:2]
    assert [a.text for a in nav] == [
        "Archive", "Topics", "Venues", "Authors", "Trends", "Editions", "Search", "My paper", "Subscribe",
    ]  # fmt: skip


def test_a_paper_without_editions_names_none_in_its_navigation(tmp_path: Path) -> None:
    """Since it has no page of them."""
    build = texts(publish(tmp_path, config=replace(default_config(), editions=())))
    assert "editions/" not in build["index.html"]
    assert 'href="trends/index.html"' in build["index.html"]


def test_an_issue_leads_to_the_week_before_and_the_week_after_where_there_is_one() -> None:
    """At its own address, as an edition and as the front, which is the newest and has none after."""
    weeks = ("2026-W08", "2026-W09", "2026-W11")
    build = pages(*(replace(sample_issue(150), week=week) for week in weeks))
    eighth = '2026-W08/index.html">The week {}: <span>16 to 22 February 2026</span></a>'
    ninth = '2026-W09/index.html">The week {}: <span>23 February to 1 March 2026</span></a>'
    eleventh = '2026-W11/index.html">The week {}: <span>9 to 15 March 2026</span></a>'
    for folder in ("issues", "editions/building"):
        first, middle, last = (build[f"{folder}/{week}/index.html"] for week in weeks)
        assert (
            f'<a href="../../{"../" if "/" in folder else ""}{folder}/{ninth.format("after")}'
            in first
        )
        assert "The week before" not in first
        assert f"{folder}/{eighth.format('before')}" in middle
        assert f"{folder}/{eleventh.format('after')}" in middle
        assert f"{folder}/{ninth.format('before')}" in last
        assert "The week after" not in last
    for newest in (build["index.html"], build["editions/building/index.html"]):
        assert ninth.format("before") in newest
        assert "The week after" not in newest


def test_a_list_of_all_entries_leads_to_those_of_the_weeks_beside_it() -> None:
    """And back to its issue; the first has none before, the newest none after."""
    weeks = ("2026-W08", "2026-W09", "2026-W11")
    build = pages(*(replace(sample_issue(150), week=week) for week in weeks))
    found = []
    for week in weeks:
        tree = lxml_html.fromstring(build[f"issues/{week}/all/index.html"])
        [nav] = tree.find_class("onward")
        found.append([(a.get("href"), a.text_content()) for a in nav])
    home = ("../index.html", "Back to the issue")
    eighth = ("../../2026-W08/all/index.html", "All of the week before: 16 to 22 February 2026")
    after_eighth = ("../../2026-W09/all/index.html", "All of the week after: 23 February to 1 March 2026")  # fmt: skip
    ninth = ("../../2026-W09/all/index.html", "All of the week before: 23 February to 1 March 2026")
    eleventh = ("../../2026-W11/all/index.html", "All of the week after: 9 to 15 March 2026")
    assert found == [[home, after_eighth], [home, eighth, eleventh], [home, ninth]]


def test_an_issue_has_a_link_to_copy() -> None:
    """The whole address in a field where there is one, else a plain link; the front names its issue."""
    where = replace(MASTHEAD, base_url="https://paper.example.org/a/")
    build = pages(sample_issue(150), masthead=where)
    field = '<label>Link to this {} <input readonly value="https://paper.example.org/a/{}/2026-W10/"></label>'
    for path in ("index.html", "issues/2026-W10/index.html"):
        assert field.format("issue", "issues") in build[path]
    for path in ("editions/building/index.html", "editions/building/2026-W10/index.html"):
        assert field.format("edition", "editions/building") in build[path]
    assert "Link to this" not in build["issues/2026-W10/all/index.html"]
    plain = pages(sample_issue(150))
    assert '<a href="issues/2026-W10/index.html">Link to this issue</a>' in plain["index.html"]
    assert "<input" not in plain["index.html"]


def test_the_same_issue_gives_the_same_bytes(build: dict[str, str]) -> None:
    """No clock, no chance."""
    assert pages(sample_issue()) == build


def test_pages_hold_no_script_and_need_no_other_host(build: dict[str, str]) -> None:
    """Sheets, an icon, and scripts as files, all of it from the build."""
    for path, text in html(build).items():
        tags = Links(text).tags
        assert not {"img", "iframe", "style"} & set(tags)
        assert "form" not in tags or path in ("mine/index.html", "search/index.html")
        scripts = re.findall(r"<script[^>]*>", text)
        assert all(re.fullmatch(r'<script src="[./\w]+\.js" defer>', one) for one in scripts)
        assert tags.count("h1") == 1
        # Lighthouse reads robots.txt from within the page.
        assert "default-src 'none'" in text
        assert text.count("connect-src 'self'") == 1
        for asset in re.findall(r'<link[^>]+rel="(?:stylesheet|icon)"[^>]+>', text):
            assert "://" not in asset


def test_the_policy_of_every_page_lets_it_load_its_own_files_alone(build: dict[str, str]) -> None:
    """No script in a page, no frame, no form, no other host; where a reader came from is not told."""
    always = {
        "default-src": "'none'",
        "style-src": "'self' file:",
        "img-src": "'self' file: data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    for path, text in html(build).items():
        [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules.pop("script-src", "'self' file:") == "'self' file:", path
        assert rules.pop("worker-src", "'self'") == "'self'", path
        assert rules == always, path
        assert text.index(policy) < text.index("<title>"), path
        assert '<meta name="referrer" content="no-referrer">' in text, path


def test_every_page_says_what_it_is_and_no_link_says_just_more(build: dict[str, str]) -> None:
    """What search engines show, and what Lighthouse asks for: one description a page, its own."""
    described: dict[str, str] = {}
    for path, text in html(build).items():
        [description] = re.findall(r'<meta name="description" content="([^"]*)">', text)
        assert len(description) >= 20, path
        if path.count("/") <= 1:
            assert described.setdefault(description, path) == path
        links = re.findall(r"<a\b[^>]*>([^<]*)</a>", text)
        assert VAGUE.isdisjoint(unescape(words).strip().lower() for words in links), path


def test_the_page_has_every_section_and_an_end(build: dict[str, str]) -> None:
    """In the order of the issue; the paper can be finished."""
    text = build["issues/2026-W10/index.html"]
    issue = sample_issue()
    at = [text.index(f'id="{section.id}"') for section in issue.sections if section.id != "minute"]
    assert at == sorted(at)
    assert "That is all for this week." in text
    assert "2 to 8 March 2026" in text
    assert "the authors say" in text


def test_what_is_incomplete_or_failed_is_named(build: dict[str, str]) -> None:
    """The ledger says what is missing, by name and count."""
    text = build["issues/2026-W10/index.html"]
    assert "labelled" in text
    assert "The host did not answer within 20 seconds." in text
    assert "One slice is short." in text


def test_a_draft_and_a_reprint_say_so_on_top() -> None:
    """A banner before anything else."""
    draft = pages(replace(sample_issue(150), state="draft", why_draft="arXiv is incomplete"))
    assert "arXiv is incomplete" in draft["index.html"].split("<section")[0]
    reprint = pages(replace(sample_issue(150), reprint="These are landmarks."))
    assert "These are landmarks." in reprint["index.html"].split("<section")[0]


def test_mathematics_of_a_title_is_set_wherever_the_headline_stands() -> None:
    """Pages set it, or say it in letters; nowhere stands the source of a formula."""
    said = "“$\\pi_0$: A Policy” had more votes than any other paper: 90."
    issue = sample_issue(150)
    minute = (MinuteLine(said, "lead", "voted"), *issue.minute[1:])
    made = pages(replace(issue, headline=said, minute=minute))
    assert "$" not in made["index.html"]
    for path in ("archive/index.html", "feed.atom", "feed.json"):
        assert "π" in made[path], path
        assert "$" not in made[path], path
    assert "<math" in made["index.html"].split('id="minute"')[1].split("</section>")[0]


def test_hostile_text_stays_text() -> None:
    """Titles, names, comments and addresses from outside never become markup or script."""
    issue = sample_issue(150)
    claim = Claim("cvpr", 2026, "main", "accepted", None, HOSTILE)
    bad = tuple(
        replace(p, title=HOSTILE, url="javascript:alert(1)", authors=(HOSTILE,), gist=HOSTILE, comment=HOSTILE, claims=(claim,), source=HOSTILE)
        for p in issue.entries
    )  # fmt: skip
    made = pages(replace(issue, entries=bad, headline=HOSTILE))
    for path, text in html(made).items():
        assert "<script>" not in text, path
        assert "javascript:" not in text, path
        assert not [name for name in Links(text).attributes if name.startswith("on")], path
    ElementTree.fromstring(made["feed.atom"])
    json.loads(made["issues/2026-W10/issue.json"])


def test_our_own_words_are_not_marked_as_a_quotation() -> None:
    """A summary that this program wrote stands without quotation marks."""
    issue = sample_issue(150)
    first = issue.sections[0].items[0].id
    ours = tuple(
        replace(p, own_words=True, gist="It boils water.") if p.id == first else p
        for p in issue.entries
    )
    text = pages(replace(issue, entries=ours))["issues/2026-W10/index.html"]
    assert '<p class="gist">It boils water.</p>' in text
    assert "“It boils water.”" not in text


def test_issue_json_holds_all_entries_and_obeys_its_schema(build: dict[str, str]) -> None:
    """Every entry with ring, standing, topics, claims with spans, and of what is printed a sum that adds up."""
    data = json.loads(build["issues/2026-W10/issue.json"])
    schema = json.loads(document.schema_text())
    jsonschema.Draft202012Validator(schema).validate(data)
    assert len(data["entries"]) == len(sample_issue().entries)
    told = [entry for entry in data["entries"] if entry["contributions"]]
    assert len(told) > 40
    for entry in told:
        assert abs(sum(c["value"] for c in entry["contributions"]) - entry["score"]) < 1e-9
    for entry in data["entries"]:
        assert {"id", "url", "title", "ring", "standing", "topics", "claims", "reasons"} <= set(entry)  # fmt: skip
    assert {row["source"] for row in data["ledger"]} >= {"arxiv", "labelled"}
    assert data["newly_accepted"]
    assert data["funnel"]["new"] == 1788


def test_how_good_it_is_stands_one_link_from_every_page(build: dict[str, str]) -> None:
    """Every figure of the shipped scorecard with its interval, and the link in every footer."""
    card = json.loads(SCORES.read_text(encoding="utf-8"))
    text = unescape(build["about/index.html"])
    for row in card["rows"]:
        assert row["what"] in text
        assert f"<b>{row['shown']['value']}</b>" in text
        assert row["shown"]["interval"] in text
    for group in card["groups"]:
        assert group["caveat"] in text
    for path, page in html(build).items():
        assert "about/index.html" in page.split("<footer>")[1], path


def test_new_scores_are_a_new_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a build with old figures would pass for up to date."""
    before = fingerprint(None)
    (tmp_path / "scores.json").write_text("{}")
    monkeypatch.setattr(templates_hash, "SCORES", tmp_path / "scores.json")
    assert fingerprint(None) != before


def test_no_issue_yet_is_an_honest_page() -> None:
    """The front page says how to make the first one."""
    assert "sundaypaper run" in pages()["index.html"]


def test_all_entries_lists_each_once(build: dict[str, str]) -> None:
    """One line an entry of the week, with its claim in short."""
    text = build["issues/2026-W10/all/index.html"]
    for pick in sample_issue().entries:
        if pick.kind == "paper" and pick.standing == "new":
            assert text.count(pick.url + '"') == 1, pick.url


def test_no_page_has_a_macro_of_the_frames_name() -> None:
    """The frame is read after the page, so that its macro would be called in the page, too."""
    named = re.compile(r"{%-? macro (\w+)")
    frame = set(named.findall((PACKAGED / "base.html").read_text()))
    assert frame
    pages = [page for page in PACKAGED.glob("*.html") if '{% extends "base.html" %}' in page.read_text()]  # fmt: skip
    assert len(pages) > 20
    taken = {page.name: frame & set(named.findall(page.read_text())) for page in pages}
    assert {name: macros for name, macros in taken.items() if macros} == {}


def test_a_users_template_takes_the_place_of_ours(tmp_path: Path) -> None:
    """File by file; the fingerprint of the look changes with it."""
    (tmp_path / "404.html").write_text("<h1>mine: {{ masthead.title }}</h1>")
    made = texts(publish(tmp_path / "root", templates=tmp_path))
    assert made["404.html"] == "<h1>mine: Sunday Paper</h1>"
    assert "<nav" in made["index.html"]
    assert fingerprint(tmp_path) != fingerprint(None)


@pytest.mark.parametrize(
    "text", ["{{ masthead.titel }}", "{{ titel }}", "{% if titel %}x{% endif %}"]
)
def test_a_misspelt_name_in_a_users_template_is_an_error_that_names_it(
    tmp_path: Path, text: str
) -> None:
    """With the template; an empty place would be seen by readers alone."""
    (tmp_path / "404.html").write_text(text)
    with pytest.raises(BuildError, match=r"404\.html:1: .*titel"):
        publish(tmp_path / "root", templates=tmp_path)


# Each file of a user's, the place that is told, and the words.
BROKEN = {
    "a sum": ({"404.html": "a\nb {{ 1 / 0 }}"}, "404.html:2", "ZeroDivisionError: division by zero"),
    "a name in a file that is included": (
        {"404.html": "x\n{% include 'mine/part.html' %}", "mine/part.html": "\n\n{{ nobody }}"},
        "mine/part.html:3",
        "'nobody' is undefined",
    ),
    "a name in the frame": (
        {"404.html": "{% extends 'frame.html' %}", "frame.html": "\n{{ nobody }}"},
        "frame.html:2",
        "'nobody' is undefined",
    ),
    "a macro": (
        {"404.html": "{% macro m(x) %}\n{{ x.y.z }}{% endmacro %}\n\n{{ m(masthead) }}"},
        "404.html:2",
        "has no attribute 'y'",
    ),
    "what is given to a macro of ours": (
        {"404.html": "{% import 'macros.html' as ours %}\n\n{{ ours.titled(masthead, '', 0) }}"},
        "404.html:3",
        "has no attribute",
    ),
    "a filter that is given nonsense": ({"404.html": "\n{{ 3 | day }}"}, "404.html:2", "Error: "),
    "a file that is not there": ({"404.html": "\n{% include 'x.html' %}"}, "404.html:2", "there is no template x.html"),
    "a file that includes itself": ({"404.html": "{% include '404.html' %}"}, "404.html:1", "without an end"),
    "a call of nothing": ({"404.html": "{{ masthead.title() }}"}, "404.html:1", "not callable"),
    "a list without such a place": ({"404.html": "{{ ''[3].x }}"}, "404.html:1", "no element 3"),
    "a tag that is none": ({"404.html": "\n{% bad %}"}, "404.html:2", "unknown tag 'bad'"),
    "a tag without an end": ({"404.html": "\n{% if x %}"}, "404.html:2", "'if'"),
    "a filter that is none": ({"404.html": "\n\n{{ x | nofilter }}"}, "404.html:3", "No filter named 'nofilter'"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_a_template_that_fails_names_its_file_and_line(kind: str, tmp_path: Path) -> None:
    """Whatever fails, and also behind an include, a frame or a macro: never a traceback."""
    files, place, words = BROKEN[kind]
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    with pytest.raises(BuildError) as told:
        rendered(environment(tmp_path), "404.html", masthead=Masthead("Sunday Paper"))
    assert str(told.value).startswith(f"{tmp_path / place}: ")
    assert words in str(told.value)


def test_a_template_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Bytes that are no UTF-8, before anything is asked."""
    (tmp_path / "404.html").write_bytes(b"caf\xe9")
    with pytest.raises(BuildError, match=r"404\.html: not UTF-8 at byte 3"):
        check(environment(tmp_path))


def test_a_fault_in_our_own_templates_is_not_blamed_on_a_user(tmp_path: Path) -> None:
    """Where there are no others, what Python says of ours goes on as it is."""

    class Broken:
        def __getattr__(self, name: str) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rendered(environment(None), "feed_pick.html", pick=Broken())
    with pytest.raises(BuildError, match=r"feed_pick\.html:[0-9]+: ZeroDivisionError"):
        rendered(environment(tmp_path), "feed_pick.html", pick=Broken())


def test_a_template_is_compiled_once_and_anew_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run makes the environment twice, and `schedule` every week, while a user may edit."""
    compiled, whole = list[str](), Environment.compile

    def noted(env: Environment, source: str, name: str, *more: Any) -> object:
        compiled.append(name)
        return whole(env, source, name, *more)

    monkeypatch.setattr(Environment, "compile", noted)
    for text in ("one", "one", "other"):
        (tmp_path / "404.html").write_text(text)
        assert environment(tmp_path).get_template("404.html").render() == text
    assert compiled == ["404.html", "404.html"]


def test_reasons_of_numbers_are_published_of_what_is_printed() -> None:
    """The parts of a score, and why an entry has a topic, are a third of a week's file."""
    issue = sample_issue(150)
    entries = {
        e["id"]: e for e in json.loads(pages(issue)[f"issues/{issue.week}/issue.json"])["entries"]
    }
    printed = {item.id for section in issue.sections for item in section.items}
    assert 0 < len(printed) < len(entries) == len(issue.entries)
    for pick in issue.entries:
        told = entries[pick.id]
        parts = [part["value"] for part in told["contributions"]]
        reasons = {topic["reason"] for topic in told["topics"]}
        assert bool(parts) == (pick.id in printed)
        assert reasons == ({tag.reason for tag in pick.tags} if pick.id in printed else {""})
