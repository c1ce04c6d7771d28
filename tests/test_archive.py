"""What lies behind the issue: pages of entries, topics, venues, sources and corrections."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from published import MASTHEAD, pages, publish, texts
from sample_issue import claim, paper, sample_issue
from sundaypaper.config import default_config
from sundaypaper.config.schema import SubscribeEntry
from sundaypaper.formats.hrefs import slug
from sundaypaper.formats.references import bibtex
from sundaypaper.models import (
    Amendment,
    Claim,
    Entry,
    Issue,
    Item,
    Mention,
    Pick,
    Place,
    Section,
    SourceReport,
    Tag,
    Venue,
    Votes,
)
from sundaypaper.sources import FeedSource
from sundaypaper.store import Store

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


def week_of(week: str, *picks: Pick, section: str = "lead") -> Issue:
    """A small issue that prints those picks."""
    items = tuple(Item(pick.id, "it has code") for pick in picks)
    return replace(
        sample_issue(150),
        week=week,
        entries=picks,
        sections=(Section(section, "Read first", items),),
        newly_accepted=(),
        minute=(),
        abstracts={pick.id: f"Abstract of {pick.title}." for pick in picks},
    )


def page_of(build: dict[str, str], pick: Pick) -> str:
    """The page of an entry as text."""
    return unescape(build[f"e/{slug(pick.id)}/index.html"])


# ---------------------------------------------------------------- entries


def test_every_picked_entry_has_a_page_with_all_that_is_known_of_it() -> None:
    """All authors, abstract, topics, the sum of its score, where it was printed, how to cite it."""
    pick = replace(paper(1), authors=tuple(f"Author {n}" for n in range(9)), claims=(claim(1),))
    text = page_of(pages(week_of("2026-W10", pick)), pick)
    assert all(name in text for name in pick.authors)
    assert f"Abstract of {pick.title}." in text
    assert f'<a href="../../topics/{pick.tags[0].topic}/index.html">' in text
    for part in pick.contributions:
        assert f">{part.value:.2f}<" in text
        assert part.reason in text
    assert f">{pick.score:.2f}<" in text
    assert "2 to 8 March 2026" in text
    assert "@misc{" in text


def test_an_entry_that_is_printed_again_keeps_one_page_that_tells_both_weeks() -> None:
    """First in the lead, later as newly accepted; the page tells it as the newest issue does."""
    before = replace(paper(1), claims=())
    after = replace(before, claims=(claim(1),))
    build = pages(week_of("2026-W10", before), week_of("2026-W12", after, section="newly_accepted"))
    text = page_of(build, before)
    assert text.index("2 to 8 March 2026") < text.rindex("16 to 22 March 2026")
    assert "newly accepted" in text
    assert "the authors say" in text


def test_of_a_post_at_most_300_characters_of_its_feed_are_shown() -> None:
    """The rest is to be read where it was written."""
    pick = replace(paper(1), kind="post", id="post:0123456789abcdef", gist="")
    issue = replace(week_of("2026-W10", pick), abstracts={pick.id: "word " * 400})
    text = page_of(pages(issue), pick)
    assert "word " * 40 in text
    assert "word " * 61 not in text


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("arxiv:2602.00001", "arxiv-2602.00001"),
        ("arxiv:cs/9901002", "arxiv-cs-9901002"),
        ("post:0123456789abcdef", "post-0123456789abcdef"),
    ],
)
def test_ids_become_names_that_any_file_system_takes(id: str, name: str) -> None:
    """Plain ids stay readable."""
    assert slug(id) == name


def test_ids_that_look_alike_get_different_names() -> None:
    """Characters that have to go are made up for by a hash."""
    ids = [
        "doi:10.1/a(b)",
        "doi:10.1/a[b]",
        "doi:10.1/../../x",
        "doi:10.1/" + "y" * 300,
        "arxiv:..",
    ]
    names = {slug(id) for id in ids}
    assert len(names) == len(ids)
    assert all("/" not in name and len(name) < 80 and not name.startswith(".") for name in names)


def test_a_citation_survives_what_bibtex_takes_for_its_own() -> None:
    """Specials are escaped, stray braces are shown, mathematics stays, nobody vouches for the venue."""
    pick = replace(
        paper(1),
        id="arxiv:2603.00001",
        title="50% of {GPUs & $x_i$",
        authors=("Ana Öz", "B_C"),
        more_authors=3,
        claims=(claim(1),),
        published=NOW,
    )
    text = bibtex(pick)
    assert r"title = {{50\% of {\textbraceleft}GPUs \& $x_i$}}" in text
    assert r"author = {Ana Öz and B\_C and others}" in text
    assert "eprint = {2603.00001}" in text
    assert "note = {The authors say: accepted at" in text
    assert text.count("{") == text.count("}")
    odd = bibtex(replace(pick, authors=("And Lind", "Rand And", "Andrea Sand")))
    assert "author = {{And Lind} and {Rand And} and Andrea Sand and others}" in odd
    named = replace(pick, claims=(claim(0, "bees"),))
    assert "Workshop on Bees 2026" in bibtex(named, {"bees": "Workshop on Bees"})
    evil = replace(pick, url="javascript:alert(1)")
    assert "url = {https://arxiv.org/abs/2603.00001}" in bibtex(evil)
    assert "url =" not in bibtex(replace(evil, id="doi:10.1000/x"))


# What TeX would run, open or end with.
COMMANDS = [
    r"$\href{javascript:alert(1)}{x}$",
    r"\href{https://a.example/}{x}",
    r"$\href{https://a.example}{x}$",
    r"\input{/etc/passwd}",
    r"$\input{/etc/passwd}$",
    r"\include /etc/passwd",
    r"\write18{id}",
    r"$\immediate\write18{id}$",
    r"\openin5=/etc/passwd \read5 to\x",
    r"$^^5cinput{/etc/passwd}$",
    r"$\verb|x|$ and $\verb|\input{x}|$",
    r"$\textrm{\write18}$",
    r"$\begin{matrix}a\end{matrix}$",
    r"$\color{red}{x}$",
    r"^^5c^^69nput{x}",
    r"\verb|\input{x}|",
    r"\begin{verbatim}\input{x}\end{verbatim}",
    r"\catcode`\@=11 \csname input\endcsname",
    r"\def\x{y} \let\a\b \expandafter\a",
    r"\directlua{os.execute('id')}",
    r"\special{x} \newwrite\o \usepackage{x}",
    r"$x$ \footnote{\input{x}}",
    r"$\text{\input{x}}$",
    r"\( \input{x} \) \[ \write18{x} \]",
    r"$\mathbb{\input}$",
    r"{\em \input{x}}",
    r"$$\input{x}$$",
    "a\\\ninput{x}",
    "a \\",
    "$x\\",
    "}}, note = {x",
    "}}\n@misc{y, title={z",
    "a % b",
    "#1 & ~ ^ _ $",
]


@pytest.mark.parametrize("written", COMMANDS)
def test_a_citation_holds_no_command_of_tex(written: str) -> None:
    """In a title, a name and a category: each field ends where it ends, and nothing can be run."""
    pick = replace(
        paper(1), title=f"On {written} and more", authors=(f"A {written} B",), categories=(written,)
    )
    text = bibtex(pick)
    left = re.sub(
        r"\\(?:[$&%#_]|textbackslash\b|textbrace(?:left|right)\b|textascii(?:circum|tilde)\b)",
        "",
        text,
    )
    assert set(re.findall(r"\\([A-Za-z]+|.)", left)) <= {"mathbb"}, text
    assert "^^" not in text
    assert text.count("{") == text.count("}")
    assert not re.search(r"(?<!\\)[%#&]", re.sub("url = .*", "", text))
    fields = re.findall(r"(?m)^  (\w+) = (?:[a-z]{3}|\{(.*)\}),$", text)
    assert len(fields) == text.count("\n") - 2
    for _name, value in fields:
        depth = 0
        for sign in value:
            depth += (sign == "{") - (sign == "}")
            assert depth >= 0, text


@pytest.mark.parametrize(
    ("title", "cited"),
    [
        (r"$O(n^2)$ is $\alpha$-close to $\mathbb{R}^{d}$", r"$O(n^2)$ is $\alpha$-close to $\mathbb{R}^{d}$"),
        (r"\(x_i\) and G\"odel", r"$x_i$ and Gödel"),
        ("From $5 to $9 & more", r"From \$5 to \$9 \& more"),
        (r"\emph{Well} said: {BERT} 50\%", r"Well said: {BERT} 50\%"),
        (r"$\unknown{x}$ and \unknown", r"\$...\$"),
    ],
)  # fmt: skip
def test_a_citation_keeps_formulas_and_letters(title: str, cited: str) -> None:
    """What only shows something stays as TeX; accents become letters, prices no formulas."""
    text = bibtex(replace(paper(1), title=title))
    if cited == r"\$...\$":
        assert r"\unknown" not in text
        assert "unknown" in text
    else:
        assert f"title = {{{{{cited}}}}}" in text


def test_a_name_with_and_in_it_is_one_author() -> None:
    """BibTeX would take it for two."""
    text = bibtex(replace(paper(1), authors=("Bell and Sons", "Ana Öz")))
    assert "author = {{Bell and Sons} and Ana Öz}" in text


UNSEEN = "\u202e\u2066\u200b\u200d\u00ad\ufeff\u2060\u061c\U000e0041\ufffe\x07"


def test_what_nobody_sees_of_an_address_is_printed_nowhere() -> None:
    """Bidi controls, zero width, controls, tags: in pages, feeds, JSON, the index and citations."""
    dirty = f"https://a.example/{UNSEEN}x?y={UNSEEN}1"
    mention = Mention("post:1", "Blog", "A post", dirty)
    picks = [
        replace(paper(1), url=dirty, discussed=(mention,)),
        replace(paper(2), id="post:0123456789abcdef", kind="post", url=dirty, authors=()),
    ]
    build = pages(week_of("2026-W10", *picks))
    seen = {path: text for path, text in build.items() if path.endswith((".html", ".json", ".xml", ".js", ".ics", ".atom"))}  # fmt: skip
    assert sum("https://a.example/x?y=1" in text.replace("\\/", "/") for text in seen.values()) > 5
    for path, text in seen.items():
        told = text.encode().decode("unicode_escape", "replace") if path.endswith("json") else text
        for sign in UNSEEN:
            assert f"a.example/{sign}" not in text, (path, sign)
            assert f"a.example/{sign}" not in told, (path, sign)
            assert f"y={sign}" not in text, (path, sign)
    assert "url = {https://a.example/x?y=1}" in bibtex(picks[0])


# ---------------------------------------------------------------- topics and venues


def test_a_topic_lists_its_newest_picks_once() -> None:
    """Of two weeks, the newest first; an entry of both stands at its newer place."""
    old, other = paper(1), replace(paper(3), tags=())
    both = replace(paper(2), tags=old.tags)
    build = pages(week_of("2026-W10", old, both), week_of("2026-W11", both, other))
    text = build[f"topics/{old.tags[0].topic}/index.html"]
    assert text.count(slug(both.id)) == 1
    assert text.index(slug(both.id)) < text.index(slug(old.id))
    assert slug(other.id) not in text
    assert "Nothing about it has been printed" in build["topics/graphs/index.html"]


def test_a_venue_lists_whom_it_accepted_by_year() -> None:
    """Picks in full, all others as a line; a submission and an unknown venue have no page."""
    printed = replace(paper(1), claims=(Claim("cvpr", 2026, "main", "accepted", None, "x"),))
    listed = replace(paper(2), claims=(Claim("cvpr", 2026, "workshop", "accepted", None, "x"),))
    sent = replace(paper(3), claims=(Claim("icml", 2026, "main", "submitted", None, "x"),))
    away = replace(paper(4), claims=(Claim("other:robofest", 2026, "main", "accepted", None, "x"),))
    issue = replace(week_of("2026-W10", printed), entries=(printed, listed, sent, away))
    build = pages(issue)
    text = build["venues/cvpr/2026/index.html"]
    assert slug(printed.id) in text
    assert listed.url in text
    assert f"<b>CVPR 2026 workshop</b> <small>{listed.authors[0]}" in text
    assert "· 2026-W10</small></li>" in text
    assert '<a href="cvpr/2026/index.html">' in build["venues/index.html"]
    assert [path for path in build if path.startswith("venues/icml")] == []
    assert [path for path in build if "robofest" in path] == []


def test_a_line_of_a_venue_leads_to_the_page_of_what_was_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also beyond the picks that are told in full; of the others to the paper itself."""
    monkeypatch.setattr("sundaypaper.pipeline.list_pages.TOPIC_PICKS", 1)
    said = (Claim("cvpr", 2026, "main", "accepted", None, "x"),)
    first, second, other = (replace(paper(n), claims=said) for n in (1, 2, 3))
    issue = week_of("2026-W10", first, second)
    build = pages(replace(issue, entries=(first, second, other)))
    _, lines = build["venues/cvpr/2026/index.html"].split('<ul class="lines">')
    assert re.findall(r'<li><a href="([^"]+)"', lines) == [
        f"../../../e/{slug(second.id)}/index.html",
        other.url,
    ]


def test_a_venue_has_a_page_of_its_years_with_its_dates(tmp_path: Path) -> None:
    """Counts and years, the newest first; what comes at the venue, not elsewhere; the way to all of it."""
    said = [Claim("cvpr", year, "main", "accepted", None, "x") for year in (2025, 2026, 2026)]
    picks = [replace(paper(n), claims=(claim,)) for n, claim in enumerate(said, 1)]
    due = Entry(
        "event:00000000000000aa", "event", "Calendar", "https://a.example/", "CVPR: papers due",
        starts=NOW + timedelta(days=3), occasion="deadline", venue="cvpr",
    )  # fmt: skip
    other = replace(due, id="event:00000000000000bb", title="ICML: papers due", venue="icml")
    config = replace(default_config(), core=("cvpr",), sources=(FeedSource("Calendar", "https://a.example/f"),))  # fmt: skip
    with Store(tmp_path / "paper.db") as store:
        store.save([Place(event, "2026-W10", "", "", NOW) for event in (due, other)], [], [])
    build = texts(publish(tmp_path, week_of("2026-W10", *picks), config=config))
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", build["venues/cvpr/index.html"]))
    assert "CVPR 2026 2 papers, the last in the week of 2 to 8 March 2026" in text
    assert text.index("CVPR 2026 2 papers") < text.index("CVPR 2025 1 paper")
    assert "Sunday 15 March 2026 CVPR: papers due Calendar" in text
    assert "ICML" not in text
    assert "3 in 1 week, at most 3 a week" in text
    assert 'href="../../search/index.html?q=venue:cvpr">' in build["venues/cvpr/index.html"]
    year = build["venues/cvpr/2026/index.html"]
    assert 'href="../../../search/index.html?q=venue:cvpr+year:2026">' in year
    assert '<a href="../index.html">CVPR, all years</a>' in year
    assert '<h2><a href="cvpr/index.html">CVPR</a></h2>' in build["venues/index.html"]


def test_a_venue_is_made_anew_where_its_own_counts_change(tmp_path: Path) -> None:
    """Not where another's do."""
    iclr, eccv = (Claim(v, 2026, "main", "accepted", None, "x") for v in ("iclr", "eccv"))
    picks = [replace(paper(n), claims=(claim,)) for n, claim in enumerate((iclr, eccv, eccv), 1)]
    site = publish(tmp_path, week_of("2026-W10", *picks[:2]))
    files = [site / "venues" / venue / "index.html" for venue in ("iclr", "eccv")]
    before = [file.stat().st_ino for file in files]
    publish(tmp_path, replace(week_of("2026-W11", picks[2]), state="draft"))
    after = [file.stat().st_ino for file in files]
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False]


def test_each_edition_is_told_with_its_filter_and_its_last_weeks(tmp_path: Path) -> None:
    """On a page of all; a paper without editions has none."""
    site = publish(tmp_path, *(week_of(f"2026-W{n:02}", paper(n)) for n in range(1, 11)))
    text = (site / "editions" / "index.html").read_text("utf-8")
    edition = default_config().editions[0]
    assert f'<h2><a href="{edition.id}/index.html">{edition.name}</a></h2>' in text
    assert f"<code>{edition.match.text}</code>" in unescape(text)
    weeks = re.findall(rf'href="{edition.id}/(2026-W\d\d)/index.html"', text)
    assert weeks == [f"2026-W{n:02}" for n in range(10, 2, -1)]
    build = texts(publish(tmp_path, config=replace(default_config(), editions=())))
    assert "editions/index.html" not in build


# ---------------------------------------------------------------- sources, corrections


def test_sources_are_told_as_of_the_newest_issue(tmp_path: Path) -> None:
    """State, the last week in which it answered, and what it brought in each week."""
    with Store(tmp_path / "paper.db") as store:
        for week, report in zip(("2026-W10", "2026-W11"), _reports(), strict=True):
            store.keep_reports(week, [report])
    build = texts(publish(tmp_path, week_of("2026-W10"), week_of("2026-W11")))
    row = build["sources/index.html"].split("blog", 1)[1].split("</tr>")[0]
    assert "failed" in row
    assert "2026-W10" in row
    assert "4 · 0" in row


def _reports() -> tuple[SourceReport, ...]:
    return (
        SourceReport("blog", "feed", "fresh", fetched=20, new=4),
        SourceReport("blog", "feed", "failed", detail="gone"),
    )


def test_a_note_stands_under_its_entry_and_among_the_corrections() -> None:
    """Dated, and linked from the list of all of them."""
    pick = paper(1)
    note = Amendment(pick.id, NOW, "note", "the venue was misread")
    build = pages(week_of("2026-W10", pick), amendments=(note,))
    assert "Correction, 12 March 2026." in page_of(build, pick)
    assert "The venue was misread." in page_of(build, pick)
    assert "The venue was misread." in build["corrections/index.html"]
    assert (
        "Nothing has been corrected" in pages(week_of("2026-W10", pick))["corrections/index.html"]
    )


# ---------------------------------------------------------------- only what changed


def test_a_new_week_makes_of_the_one_before_only_what_names_it_and_of_older_ones_nothing(
    tmp_path: Path,
) -> None:
    """All other files of earlier weeks are the same files, linked and not rendered."""
    where = replace(MASTHEAD, base_url="https://paper.example.org/")
    first, second = paper(1), paper(2)
    publish(tmp_path, week_of("2026-W09", first), masthead=where)
    site = publish(tmp_path, week_of("2026-W10", second), masthead=where)
    before = _of_week(site, "2026-W09", first) | _of_week(site, "2026-W10", second)
    publish(tmp_path, week_of("2026-W11", paper(3)), masthead=where)
    after = _of_week(site, "2026-W09", first) | _of_week(site, "2026-W10", second)
    assert {path for path, file in before.items() if after[path] != file} == {
        "issues/2026-W10/index.html",
        "issues/2026-W10/all/index.html",
        "editions/starting-out/2026-W10/index.html",
        "editions/building/2026-W10/index.html",
        "editions/research/2026-W10/index.html",
    }
    assert "issues/2026-W10/card.png" in before
    assert len(before) == len(after) == 20


def _of_week(site: Path, week: str, pick: Pick) -> dict[str, int]:
    """Which file lies at each path of a week, and at that of an entry."""
    folders = [site / "issues" / week, *(site / "editions").glob(f"*/{week}"), site / "e" / slug(pick.id)]  # fmt: skip
    files = (file for folder in folders for file in folder.rglob("*.*"))
    return {file.relative_to(site).as_posix(): file.stat().st_ino for file in files}


def test_the_page_for_what_is_not_found_finds_its_style_at_any_depth() -> None:
    """A static host shows it in place of a/b/c, too, also where the paper lies below a path."""
    where = replace(MASTHEAD, base_url="https://ada.example.org/paper/")
    build = pages(week_of("2026-W10", paper(1)), masthead=where)
    assert '<link rel="stylesheet" href="/paper/style.css">' in build["404.html"]
    plain = pages(week_of("2026-W10", paper(1)))
    assert '<link rel="stylesheet" href="style.css">' in plain["404.html"]


def test_canonical_addresses_need_an_address() -> None:
    """With base_url each page names its own, the front that of its issue; without, none."""
    where = replace(MASTHEAD, base_url="https://paper.example.org/")
    build = pages(week_of("2026-W10", paper(1)), masthead=where)
    link = '<link rel="canonical" href="https://paper.example.org/'
    assert f'{link}archive/">' in build["archive/index.html"]
    assert f'{link}issues/2026-W10/">' in build["index.html"]
    assert "canonical" not in build["404.html"]
    assert "canonical" not in pages(week_of("2026-W10", paper(1)))["index.html"]


def test_a_venue_counts_what_it_does_not_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many lines a week is counted, with the way to its own list."""
    monkeypatch.setattr("sundaypaper.formats.site.lists.LINES", 3)
    said = (Claim("cvpr", 2026, "main", "accepted", None, "x"),)
    many = tuple(replace(paper(n), claims=said) for n in range(1, 8))
    issue = replace(week_of("2026-W10", many[0]), entries=many)
    text = pages(issue)["venues/cvpr/2026/index.html"]
    assert "7 papers" in text
    assert (
        'all/index.html?q=venue:cvpr+year:2026+status:accepted">and 4 more in 2026-W10</a>' in text
    )


# ---------------------------------------------------------------- what changes later reaches all pages


def test_a_removal_reaches_every_page_of_a_build_that_was_there_before(tmp_path: Path) -> None:
    """Its venue's list and count, its topic, feeds, search, sitemap and the posts under others."""
    said = (Claim("cvpr", 2026, "main", "accepted", None, "x"),)
    gone = replace(paper(1), title="Unique Kettle", claims=said, discussed=())
    mention = Mention(gone.id, "Blog", "Unique Kettle", gone.url)
    other = replace(paper(2), claims=said, tags=gone.tags, discussed=(mention,))
    where = replace(MASTHEAD, base_url="https://paper.example.org/")
    publish(tmp_path, week_of("2026-W10", gone, other), masthead=where)
    removal = Amendment(gone.id, NOW, "removed", "asked by its authors")
    build = texts(publish(tmp_path, masthead=where, amendments=(removal,)))
    named = [path for path, text in build.items() if "Unique Kettle" in text]
    assert named == []
    assert "1 paper<" in build["venues/cvpr/2026/index.html"]
    page = build[f"e/{slug(gone.id)}/index.html"]
    assert "@misc" not in page
    assert 'name="robots" content="noindex"' in page
    assert slug(gone.id) not in build["sitemap.xml"]
    assert slug(other.id) in build["sitemap.xml"]


def test_a_note_touches_only_what_it_is_about(tmp_path: Path) -> None:
    """The issues of other weeks stay the same files."""
    first, second = paper(1), paper(2)
    site = publish(tmp_path, week_of("2026-W10", first), week_of("2026-W11", second))
    before = {f: f.stat().st_ino for f in (site / "issues" / "2026-W10").rglob("*.*")}
    publish(tmp_path, amendments=(Amendment(second.id, NOW, "note", "a slip of ours"),))
    assert before == {f: f.stat().st_ino for f in before}


def test_an_abstract_stays_where_a_later_issue_tells_of_the_entry_without_one() -> None:
    """As one that tells only of its correction does."""
    pick = paper(1)
    later = replace(week_of("2026-W11", pick, section="corrections"), abstracts={})
    assert f"Abstract of {pick.title}." in page_of(pages(week_of("2026-W10", pick), later), pick)


def test_a_date_has_no_page_of_its_own() -> None:
    """It is a line in an issue and in the calendar."""
    event = replace(paper(1), id="event:0123456789abcdef", kind="event", starts=NOW)
    build = pages(week_of("2026-W10", event, section="dates"))
    assert [path for path in build if path.startswith("e/")] == ["e/index.html"]


def test_a_venue_of_ones_own_is_named_as_its_owner_names_it(tmp_path: Path) -> None:
    """In badges and on its page; a key that no address can hold gets no page."""
    own = (Venue("kettlecon", "KettleCon", ("kettlecon",)), Venue("other:cup", "Cup", ("cupconf",)))
    said = tuple(Claim(v.key, 2026, "main", "accepted", None, v.key) for v in own)
    config = replace(default_config(), masthead=MASTHEAD, own_venues=own)
    issue = week_of("2026-W10", replace(paper(1), claims=said))
    build = texts(publish(tmp_path, issue, config=config))
    assert "accepted at KettleCon 2026" in build["index.html"]
    assert "accepted at Cup 2026" in build["index.html"]
    assert "venues/kettlecon/2026/index.html" in build
    assert [path for path in build if ":" in path] == []


def test_a_source_that_moves_is_told_with_the_next_publishing(tmp_path: Path) -> None:
    """Though no issue has changed."""
    with Store(tmp_path / "paper.db") as store:
        store.keep_reports("2026-W10", [SourceReport("blog", "feed", "fresh")])
    for address in ("https://old.example/feed", "https://new.example/feed"):
        config = replace(default_config(), sources=(FeedSource("blog", address),))
        build = texts(publish(tmp_path, *([week_of("2026-W10")] if "old" in address else []), config=config))  # fmt: skip
        assert address in build["sources/index.html"]


def test_an_empty_paper_offers_nothing_that_is_not_there() -> None:
    """No calendar and no edition before the first issue."""
    build = pages()
    assert "calendar.ics" not in build["subscribe/index.html"]
    assert "editions/starting" not in build["subscribe/index.html"] + build["mine/index.html"]
    assert "starting-out/" not in build["editions/index.html"]
    assert "They come with the first issue." in build["editions/index.html"]


def test_the_page_to_subscribe_says_how_the_mail_is_had(tmp_path: Path) -> None:
    """A list's page, an address to write to, or that there is none; a changed setting changes it."""
    paper = replace(default_config(), masthead=MASTHEAD)
    page = "subscribe/index.html"
    publish(tmp_path, sample_issue())

    def told(join: str) -> str:
        site = publish(tmp_path, config=replace(paper, subscribe=SubscribeEntry(join=join)))
        return (site / page).read_text("utf-8")

    assert "Nobody can sign up for mails here yet" in told("")
    listed = told("https://lists.lab.example/ml-weekly/")
    assert (
        '<a href="https://lists.lab.example/ml-weekly/">lists.lab.example/ml-weekly</a>' in listed
    )
    assert '<a href="mailto:paper@lab.example">paper@lab.example</a>' in told("mailto:paper@lab.example")  # fmt: skip


def test_a_title_from_right_to_left_stands_isolated_in_every_list(tmp_path: Path) -> None:
    """So the claim, the week or the source behind it keeps its place."""
    title = "למידה עמוקה לזיהוי דיבור"
    pick = replace(paper(1), title=title, claims=(claim(1),))
    build = texts(publish(tmp_path, week_of("2026-W10", pick)))
    of = pick.claims[0]
    topic = pick.tags[0].topic
    for path in (
        *("index.html", "issues/2026-W10/all/index.html", f"topics/{topic}/index.html"),
        f"venues/{of.venue}/{of.year}/index.html",
    ):
        assert f">{title}<" in build[path]
        assert f"<bdi>{title}</bdi>" in build[path], path


def test_names_from_right_to_left_stand_isolated_before_a_week_a_source_and_votes() -> None:
    """In a line of a list, beside an entry and in the review of a quarter."""
    names = ("דנה כהן", "נועה לוי", "יעל מזרחי", "אורי פרץ", "רון ביטון", "גל אזולאי", "טל דהן")
    votes = (Votes("A list", 48, NOW),)
    said = (Claim("cvpr", 2026, "main", "accepted", None, "x"),)
    told = replace(paper(1), claims=said, votes=votes, standing="new")
    picks = [
        replace(told, id=paper(n).id, authors=(name,), tags=(Tag(f"t{n}", 0.9, "title"),))
        for n, name in enumerate(names, 1)
    ]
    issue = replace(week_of("2026-W10", *picks[:6]), entries=tuple(picks))
    build = pages(issue)
    assert f"<bdi>{names[6]}</bdi> · 2026-W10</small>" in build["venues/cvpr/2026/index.html"]
    assert "</bdi> · 48 votes by" in build["archive/2026-Q1/index.html"]
    assert f"<bdi>{names[0]}</bdi></p>" in build[f"e/{slug(picks[0].id)}/index.html"]
