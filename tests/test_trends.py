"""What weeks brought: counted once when printed, drawn without a script, told in figures as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Browser

from browsing import opened
from published import MASTHEAD, pages, publish, texts
from sample_issue import paper, sample_issue
from sundaypaper import weeks
from sundaypaper.config import default_config
from sundaypaper.formats import charts
from sundaypaper.formats.site import Trend
from sundaypaper.formats.site.trends import rising
from sundaypaper.models import Claim, Issue, Item, Pick, Section, Tag
from sundaypaper.pipeline.publishing_context import set_up
from sundaypaper.pipeline.trends import topic_trends, trends_group
from sundaypaper.store import Count, Store

CVPR = Claim("cvpr", 2026, "main", "accepted", None, "CVPR 2026")
TRENDS = "trends/index.html"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new database."""
    with Store(tmp_path / "paper.db") as opened:
        yield opened


def about(number: int, *topics: str, claims: tuple[Claim, ...] = (), standing: str = "new") -> Pick:
    """A paper with those topics."""
    tags = tuple(Tag(topic, 0.9, "title") for topic in topics)
    return replace(paper(number), tags=tags, claims=claims, standing=standing)  # type: ignore[arg-type]


def week_of(week: str, *picks: Pick, printed: int = 1, draft: bool = False) -> Issue:
    """An issue that knows the sample's topics, holds those picks and prints the first of them."""
    return replace(
        sample_issue(150),
        week=week,
        state="draft" if draft else "frozen",
        entries=picks,
        sections=(Section("lead", "Read first", tuple(Item(p.id, "code") for p in picks[:printed])),),
        newly_accepted=(),
        minute=(),
        abstracts={},
    )  # fmt: skip


def counted(store: Store, kind: str, key: str) -> dict[str, tuple[int, int]]:
    """Entries and printed of one thing by week."""
    found = store.counts((head.week for head in store.heads()), [key])
    return {c.week: (c.entries, c.printed) for c in found if (c.kind, c.key) == (kind, key)}


# ---------------------------------------------------------------- counting


def test_a_week_counts_its_new_entries_by_topic(store: Store) -> None:
    """One with two topics in both, late ones too; updates and landmarks are not new."""
    store.keep_issue(
        week_of(
            "2026-W10",
            about(1, "vision", "3d"),
            about(2, "vision", standing="late"),
            about(3, "vision", standing="update"),
            about(4, "vision", standing="backlog"),
        )
    )
    assert counted(store, "topic", "vision") == {"2026-W10": (2, 1)}
    assert counted(store, "topic", "3d") == {"2026-W10": (1, 1)}
    assert counted(store, "topic", "graphs") == {"2026-W10": (0, 0)}
    assert counted(store, "all", "") == {"2026-W10": (2, 1)}


def test_a_draft_is_not_counted_until_it_is_printed(store: Store) -> None:
    """However often it is made anew."""
    for picks in ((about(1, "vision"),), (about(1, "vision"), about(2, "vision"))):
        store.keep_issue(week_of("2026-W10", *picks, draft=True))
    assert store.counts(["2026-W10"]) == ()
    store.keep_issue(week_of("2026-W10", about(1, "vision")))
    assert counted(store, "topic", "vision") == {"2026-W10": (1, 1)}


def test_an_accepted_paper_counts_in_the_first_printed_issue_that_holds_it(store: Store) -> None:
    """A draft before it takes nothing away, whatever order issues are printed in."""
    store.keep_issue(week_of("2026-W09", about(1, claims=(CVPR,)), draft=True))
    store.keep_issue(week_of("2026-W10", about(1, claims=(CVPR,)), about(2, claims=(CVPR,))))
    update = about(3, claims=(CVPR,), standing="update")
    store.keep_issue(week_of("2026-W11", about(1, claims=(CVPR,)), update))
    store.keep_issue(week_of("2026-W09", about(1, claims=(CVPR,))))
    assert counted(store, "venue", "cvpr") == {"2026-W10": (2, 1), "2026-W11": (1, 0)}


def test_only_the_main_track_and_journals_count_as_accepted(store: Store) -> None:
    """No workshop, no submission, no landmark; a paper that moves up from a workshop does."""
    workshop = replace(CVPR, track="workshop")
    store.keep_issue(
        week_of(
            "2026-W10",
            about(1, claims=(workshop,)),
            about(2, claims=(replace(CVPR, status="submitted"),)),
            about(3, claims=(CVPR,), standing="backlog"),
            about(4, claims=(Claim("tmlr", 2026, "journal", "accepted", None, "TMLR"),)),
        )
    )
    store.keep_issue(week_of("2026-W11", about(1, claims=(CVPR,))))
    assert counted(store, "venue", "cvpr") == {"2026-W11": (1, 1)}
    assert counted(store, "venue", "tmlr") == {"2026-W10": (1, 0)}


def test_weeks_that_an_older_version_printed_are_counted_as_well(tmp_path: Path) -> None:
    """A paper counts at its venue in the first week alone; drafts are left out."""
    path = tmp_path / "paper.db"
    with Store(path) as store:
        for week in ("2026-W10", "2026-W11"):
            store.keep_issue(week_of(week, about(1, "vision", claims=(CVPR,)), about(2)))
        store.keep_issue(week_of("2026-W12", about(3, "vision"), draft=True))
        store.db.table("counts").drop()
        store.db.execute("delete from _sqlite_migrations where name = 'what_weeks_brought'")
    with Store(path) as store:
        counts = store.counts(["2026-W10", "2026-W11", "2026-W12"], ["cvpr"])
        assert [count for count in counts if count.entries] == [
            Count("2026-W10", "all", "", 2, 1),
            Count("2026-W10", "topic", "vision", 1, 1),
            Count("2026-W10", "venue", "cvpr", 1, 1),
            Count("2026-W11", "all", "", 2, 1),
            Count("2026-W11", "topic", "vision", 1, 1),
        ]
        # And none for the other 14 topics that the sample knows, in each of the two weeks.
        assert len(counts) == 5 + 2 * 14


def test_no_issue_is_read_to_tell_what_weeks_brought(store: Store) -> None:
    """Only the counts of the newest weeks: the issues themselves may be out of reach."""
    for n in range(4):
        store.keep_issue(week_of(weeks.after("2026-W07", n), about(n, "vision")))
    store.db.execute("update issues set doc = x'00', picked = x'00'")
    press = set_up(replace(default_config(), masthead=MASTHEAD), store, None)
    assert topic_trends(press)["vision"].weekly == dict.fromkeys(press.weeks[::-1], 1)
    assert b"Computer vision" in trends_group(press).make()[0].body


# ---------------------------------------------------------------- what a trend says


def test_usual_is_the_median_of_the_weeks_before() -> None:
    """The newest week does not count towards it, nor does one without an issue."""
    trend = Trend("3D", "", {"2026-W07": 20, "2026-W08": None, "2026-W09": 28, "2026-W10": 31}, 2)
    assert trend.words == "31 this week, 24 usual"
    assert Trend("3D", "", {"2026-W09": 28, "2026-W10": 31}).words == "31 this week"


def test_the_usual_looks_back_eight_weeks() -> None:
    """A gap is one of the eight; what lies before them says nothing."""
    weekly = dict(zip((f"2026-W{n:02}" for n in range(1, 11)), (99, 4, 4, None, 6, 6, 6, 8, 8, 9), strict=True))  # fmt: skip
    trend = Trend("3D", "", weekly)
    assert trend.before == (4, 4, 6, 6, 6, 8, 8)
    assert (trend.words, trend.change) == ("9 this week, 6 usual", "50\xa0% more")


def over(name: str, *counts: int | None) -> Trend:
    """A topic over the weeks up to 2026-W10."""
    return Trend(name, "", {f"2026-W{10 - n:02}": count for n, count in enumerate(reversed(counts))})  # fmt: skip


def oldest_first(trend: Trend) -> Trend:
    """The same with its weeks in their order."""
    return replace(trend, weekly=dict(sorted(trend.weekly.items())))


def told(trend: Trend) -> str:
    """A topic with its change, in plain spaces."""
    return f"{trend.name}: {trend.change}".replace("\xa0", " ")


def ranked(whole: tuple[int, ...], **topics: tuple[int, ...]) -> tuple[list[str], list[str]]:
    """The names of what rises and of what falls, with the change in words."""
    made = [oldest_first(over(name, *counts)) for name, counts in topics.items()]
    rises, falls = rising(oldest_first(over("All", *whole)), made)
    return [told(t) for t in rises], [told(t) for t in falls]


def test_what_rises_stands_with_the_strongest_first() -> None:
    """By how much more than usual; what chance explains is left out: 110 of 100 is within ten."""
    assert ranked(
        (1000, 1000, 1000),
        more=(100, 100, 135),
        most=(20, 20, 44),
        chance=(100, 100, 110),
        few=(2, 2, 4),
        new=(0, 0, 9),
        less=(100, 100, 70),
        least=(50, 50, 20),
    ) == (
        ["new: usually none", "most: 2.2 times as many", "more: 35 % more"],
        ["least: 60 % fewer", "less: 30 % fewer"],
    )


def test_a_holiday_lets_no_topic_fall_and_a_full_week_none_rise() -> None:
    """A topic is held against what all entries did; one that has fewer than usual never rises."""
    assert ranked((1000, 1000, 500), same=(100, 100, 50), held=(100, 100, 95)) == ([], [])
    assert ranked((1000, 1000, 1500), same=(100, 100, 150), held=(100, 100, 105)) == ([], [])
    assert ranked((1000, 1000, 500), gone=(100, 100, 10)) == ([], ["gone: 90 % fewer"])


def test_with_one_week_before_nothing_rises() -> None:
    """Two are few, and are said to be."""
    assert ranked((100, 100), more=(10, 90)) == ([], [])
    vision = (2, 2, 30)
    issues = [
        week_of(f"2026-W{n + 1:02}", *(about(n * 200 + k, "vision" if k < vision[n] else "graphs") for k in range(100)))
        for n in range(3)
    ]  # fmt: skip
    text = " ".join(re.sub("<[^>]+>", " ", pages(*issues[:2])[TRENDS]).split())
    assert "What rises is told from the third printed issue on." in text
    text = " ".join(re.sub("<[^>]+>", " ", pages(*issues)[TRENDS]).split())
    assert "against the median of two weeks before, which are few to call usual." in text
    assert "All entries: 100 this week, 100 usual, as usual." in text
    assert "15.0 times as many Computer vision 30 this week, 2 usual" in text
    assert "What falls 29 % fewer Graphs 70 this week, 98 usual" in text


def test_the_small_columns_show_the_last_weeks_only() -> None:
    """What is usual is told from all of them, so that it is the same on every page."""
    trend = Trend("3D", "", weekly(30))
    assert len(stems(trend.spark)) == 12
    assert len(stems(trend.chart)) == 30


def test_a_venue_says_what_its_weeks_come_to() -> None:
    """And the most that a week brought, with the week for who cannot see the columns."""
    trend = Trend("CVPR", "", {"2026-W09": 0, "2026-W10": 41, "2026-W11": 3})
    assert trend.sums == "44 in 3 weeks, at most 41 a week"
    assert "CVPR: 44 in 3 weeks, at most 41 a week, that of 2 to 8 March 2026" in trend.sum_chart
    assert Trend("CVPR", "", {"2026-W09": 0, "2026-W10": 0}).sum_chart == ""


# ---------------------------------------------------------------- drawing


def weekly(count: int) -> dict[str, int | None]:
    """So many weeks up to 2026-W10, each with a count of its own."""
    return {weeks.after("2026-W10", n - count + 1): 100 + n * 7 % 30 for n in range(count)}


def stems(drawing: str) -> list[list[float]]:
    """x, foot and rise of every column."""
    found = re.findall(r"M(-?[\d.]+) ([\d.]+)v(-[\d.]+)", drawing)
    return [[float(part) for part in stem] for stem in found]


def test_columns_are_as_high_as_their_counts_and_a_missing_week_is_a_gap() -> None:
    """From zero on; the last is marked; a printed week with none is still seen."""
    drawn = charts.chart({"2026-W07": 50, "2026-W08": None, "2026-W09": 0, "2026-W10": 100}, "x")
    first, none, last = stems(drawn)
    assert last[2] == pytest.approx(2 * first[2], abs=0.1)
    assert -1 < none[2] < 0
    assert none[0] - first[0] == pytest.approx(2 * (last[0] - none[0]), abs=0.2)
    assert drawn.count('class="now"') == 1


@pytest.mark.parametrize("count", [2, 3, 5, 12, 30, 52])
def test_labels_below_a_chart_neither_touch_nor_stick_out(count: int) -> None:
    """Some months are named, those that have room."""
    drawn = charts.chart(weekly(count), "said")
    places = re.findall(r'x="([\d.]+)" y="[\d.]+" dy="1em"', drawn)
    middles = [float(x) + charts.LEFT for x in places]
    assert 1 <= len(middles) <= 4
    edges = [0.0, *(edge for x in middles for edge in (x - 26, x + 26)), charts.WIDTH]
    assert edges == sorted(edges)


def test_a_chart_brings_nothing_of_its_own() -> None:
    """No script, style, id, address or colour; the same again when drawn again; text is escaped."""
    drawn = charts.chart(weekly(52), '"<script>"', 110.5) + charts.sparkline(weekly(12))
    assert drawn == charts.chart(weekly(52), '"<script>"', 110.5) + charts.sparkline(weekly(12))
    assert not re.search(r"<script|<style|style=|\bid=|href|http|fill=|stroke=|font|<!|<\?", drawn)
    assert len(drawn) < 2_500
    for kind in ("chart", "spark"):
        assert f'<svg class="{kind}" width=' in drawn


# ---------------------------------------------------------------- pages


def year() -> list[Issue]:
    """Five printed weeks with a gap, and a topic that grows."""
    at = (1, 2, 4, 5, 6)
    return [
        week_of(f"2026-W{n:02}", *(about(n * 20 + k, "vision", claims=(CVPR,)) for k in range(n)))
        for n in at
    ]


def test_the_page_draws_what_its_tables_tell() -> None:
    """A chart for each topic and each venue of the configuration; a gap is a dash."""
    build = pages(*year())
    tree = lxml_html.fromstring(build[TRENDS])
    rows = {row.find("th").text_content(): [c.text for c in row.findall("td")] for row in tree.iter("tr") if row.find("td") is not None}  # fmt: skip
    assert (
        rows["Computer vision"] == rows["CVPR"] == rows["All entries"] == ["6", "5", "4", "2", "1"]
    )
    assert rows["NeurIPS"] == ["0"] * 5
    heads = [
        head.text_content() for chart in tree.find_class("charts") for head in chart.iter("h3")
    ]
    assert heads == list(rows)
    assert "6 this week, 3 usual" in build[TRENDS]
    assert len(stems(build[TRENDS].split("Computer vision</a></h3>")[1].split("</svg>")[0])) == 5
    assert "None in 5 weeks" in build[TRENDS]
    assert 'href="../topics/vision/index.html"' in build[TRENDS]
    assert 'href="../venues/cvpr/index.html"' in build[TRENDS]


def test_readers_find_the_page_from_the_archive_and_the_topics() -> None:
    """And search engines from the sitemap."""
    build = pages(*year(), masthead=replace(MASTHEAD, base_url="https://paper.example/"))
    for place in ("archive/index.html", "topics/index.html"):
        assert 'href="../trends/index.html"' in build[place]
    assert "https://paper.example/trends/" in build["sitemap.xml"]
    assert '<svg class="spark"' in build["topics/index.html"]
    told = "2 to 8 February 2026: 6 new entries, 1 of them printed; 3 are usual."
    assert told in build["topics/vision/index.html"]


def test_with_one_issue_nothing_is_drawn_yet() -> None:
    """Nor with none."""
    for issues in ((), (week_of("2026-W10", about(1, "vision")),)):
        build = pages(*issues)
        assert "Trends begin with the second printed issue." in build[TRENDS]
        assert "<svg" not in build[TRENDS] + build["topics/index.html"]


def test_a_draft_changes_nothing_and_a_printed_week_does(tmp_path: Path) -> None:
    """The page is linked from the build before until another week is printed."""
    site = publish(tmp_path, *year())
    before = (site / TRENDS).stat().st_ino
    publish(tmp_path, week_of("2026-W07", about(900, "vision"), draft=True))
    assert (site / TRENDS).stat().st_ino == before
    publish(tmp_path, week_of("2026-W07", about(900, "vision")))
    assert (site / TRENDS).stat().st_ino != before
    assert "1 this week, 4 usual" in texts(site)[TRENDS]


def test_a_week_printed_late_is_told_beside_the_topics_too(tmp_path: Path) -> None:
    """It is one of the eight that make the usual."""
    site = publish(tmp_path, *(week_of(f"2026-W{n}", about(n, "vision")) for n in (40, 42)))
    assert "1 this week</p>" in texts(site)["topics/index.html"]
    publish(tmp_path, week_of("2026-W41", *(about(n, "vision") for n in range(5))))
    assert "1 this week, 3 usual" in texts(site)["topics/index.html"]


def test_no_more_than_a_year_is_shown(store: Store) -> None:
    """52 weeks up to the newest printed one, even where some have no issue."""
    for week in ("2025-W08", "2025-W11", "2026-W10"):
        store.keep_issue(week_of(week, about(1, "vision")))
    press = set_up(replace(default_config(), masthead=MASTHEAD), store, None)
    page = trends_group(press).make()[0].body.decode()
    assert re.findall(r'<th scope="col">(\d.*?)</th>', page)[:3] == [
        "2 Mar 2026",
        "10 Mar 2025",
        "2 Mar 2026",
    ]


def test_a_rebuild_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    """Of the page and of the topics."""
    first = publish(tmp_path / "a", *year())
    second = publish(tmp_path / "b", *year())
    for place in (TRENDS, "topics/index.html", "topics/vision/index.html"):
        assert (first / place).read_bytes() == (second / place).read_bytes()


# ---------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def ten_weeks(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the figures of `year` on the disk."""
    return (publish(tmp_path_factory.mktemp("year"), *year()) / TRENDS).as_uri()


@pytest.fixture(scope="module")
def thirty_weeks(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the figures of thirty weeks with eleven entries each."""
    issues = (week_of(weeks.after("2026-W01", n), *(about(k, "vision") for k in range(11))) for n in range(30))  # fmt: skip
    return (publish(tmp_path_factory.mktemp("long"), *issues) / TRENDS).as_uri()


@pytest.mark.browser
@pytest.mark.parametrize("forced", ["none", "active"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_columns_stand_out_from_the_page(browser: Browser, ten_weeks: str, scheme: str, forced: str) -> None:  # fmt: skip
    """3 to 1 for all of them and for the line at what is usual; the newest is another colour."""
    page, troubles = opened(browser, ten_weeks, color_scheme=scheme, forced_colors=forced)
    ratios = page.evaluate(RATIOS)
    assert troubles == []
    assert min(ratios) >= 3, ratios
    assert ratios[0] != ratios[1]
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1440])
def test_a_figure_stays_on_one_line_and_its_name_in_sight(browser: Browser, thirty_weeks: str, width: int) -> None:  # fmt: skip
    """However many weeks there are: the table scrolls within its frame, the page does not."""
    page, troubles = opened(browser, thirty_weeks, viewport={"width": width, "height": 800})
    page.locator("summary").first.click()
    page.locator(".scroll").first.evaluate("e => e.scrollLeft = e.scrollWidth")
    assert page.locator(".figures td").first.evaluate("e => e.firstChild && (r => { r.selectNodeContents(e); return r.getClientRects().length; })(document.createRange())") == 1  # fmt: skip
    name = page.locator("tbody th").first.bounding_box()
    assert name
    assert 0 <= name["x"] < width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert troubles == []
    page.context.close()


RATIOS = """() => {
  const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
    .map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const ground = light(getComputedStyle(document.body).backgroundColor);
  return ['.chart path', '.chart .now', '.chart .usual'].map(what => {
    const ink = light(getComputedStyle(document.querySelector(what)).stroke);
    return (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05); }); }"""
