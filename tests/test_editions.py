"""Editions: what feeds.yaml may say of them, what they make of an issue, and the pages of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import composing
import sample_issue
from composing import composed, sizes
from effort import calls
from sundaypaper import config
from sundaypaper.cli import app
from sundaypaper.config import default_config, default_editions, default_topics
from sundaypaper.errors import ConfigError
from sundaypaper.formats import site
from sundaypaper.formats.site.edition_pages import EditionPage, edition_pages
from sundaypaper.issue import Sizes, correction
from sundaypaper.models import (
    Acceptance,
    Amendment,
    Claim,
    Editorial,
    Evidence,
    Issue,
    IssueHead,
    Page,
    Pick,
    Tag,
    TopicName,
)
from sundaypaper.pipeline.edition_views import (
    Cards,
    definition,
    edition_of,
    edition_pages_of,
    editions_of,
)
from sundaypaper.query import parse
from sundaypaper.store import Store

CORE = ("neurips", "icml", "cvpr")
NOW = datetime(2026, 3, 8, 6, tzinfo=UTC)
TOPICS = tuple(TopicName(id, id.title()) for id in ("vision", "graphs", "mlops", "robotics"))
CVPR = Claim("cvpr", 2026, "main", "accepted", None, "CVPR 2026")
CODE = Evidence("code", "https://github.com/a/b")
SMALL = sizes(
    lead=2,
    accepted=2,
    accepted_titles=3,
    newly_accepted=1,
    elsewhere=0,
    new=2,
    new_titles=0,
    released=1,
    blogs=2,
    learn=1,
    dates=1,
)
HEAD = IssueHead("2026-W09", "frozen", "A week", 40, 3000, NOW)


def pick(number: int, topic: str, **more: object) -> Pick:
    """A paper of the field with code; a lower number is a better one."""
    base = Pick(
        id=f"arxiv:2603.{number:05}", kind="paper", source="arXiv", group="",
        url=f"https://arxiv.org/abs/2603.{number:05}", title=f"Paper {number}",
        authors=(f"Author {number}",), published=NOW, week="2026-W10", standing="new", ring="field",
        categories=(f"cs.C{number % 7}",), comment="", journal_ref="", claims=(),
        tags=(Tag(topic, 0.9, "title: x"),), evidence=(CODE,), gist="We boil water.",
        score=100.0 - number / 10, contributions=(), reasons=("code is linked: github.com/a/b",),
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def accepted(number: int, topic: str, **more: object) -> Pick:
    """A paper accepted at CVPR 2026."""
    return pick(number, topic, **({"ring": "accepted", "claims": (CVPR,)} | more))


def event(number: int, days: int) -> Pick:
    """A date so many days from now."""
    starts = NOW + timedelta(days=days)
    return pick(number, "robotics", kind="event", standing="backlog", evidence=(), starts=starts)


def gained(number: int) -> Acceptance:
    """The news that an older paper was accepted."""
    return Acceptance(f"arxiv:2603.{number:05}", CVPR, "Preprint", "CVPR 2026", NOW)


LANDMARK = pick(900, "vision", id="arxiv:1512.03385", standing="backlog", evidence=(), score=0.0)


def week(*more: Pick, **given: object) -> Issue:
    """A week of forty papers on four topics, some accepted; with a landmark and two dates."""
    picks = [(accepted if n % 4 == 0 else pick)(n, TOPICS[n % 7 % 4].id) for n in range(40)]
    arguments = {
        "week": "2026-W10", "title": "Paper", "now": NOW, "topics": TOPICS,
        "core": CORE, "landmarks": (LANDMARK,), "events": (event(800, 3), event(801, 5)),
    }  # fmt: skip
    return composed(*picks, *more, **(arguments | given))


def about(topic: str) -> Callable[[Pick], bool]:
    """Lets through what carries a topic."""
    return lambda pick: any(tag.topic == topic for tag in pick.tags)


def viewed(issue: Issue, match: Callable[[Pick], bool], chosen: Sizes = SMALL) -> Issue:
    """An edition with the core venues."""
    return composing.viewed(issue, match, chosen, core=CORE)


def printed(issue: Issue) -> dict[str, list[str]]:
    """Ids by section."""
    return {s.id: [item.id for item in s.items] for s in issue.sections}


# ---------------------------------------------------------------- an edition of an issue


def test_an_edition_holds_only_what_its_filter_lets_through() -> None:
    """Of the news nothing else is printed, counted or kept."""
    view = viewed(week(), about("vision"))
    news = [p for p in view.entries if p.standing == "new"]
    assert news
    assert all(p.tags[0].topic == "vision" for p in news)
    claimed = sum(p.ring == "accepted" for p in news)
    said = f"{claimed} papers here say that CVPR has taken them."
    assert said in [line.text for line in view.minute]


def test_an_edition_never_holds_an_entry_that_the_whole_issue_does_not() -> None:
    """It is a view of the printed week, and nothing comes in from elsewhere."""
    whole = week()
    for topic in ("vision", "graphs", "mlops", "robotics"):
        assert set(viewed(whole, about(topic)).entries) <= set(whole.entries)


def test_an_entry_that_the_whole_issue_only_counted_may_be_printed() -> None:
    """That is what an edition is for: more of less."""
    whole = week(sizes=sizes(new_titles=0))
    everything = {id for ids in printed(whole).values() for id in ids}
    here = {id for ids in printed(viewed(whole, about("graphs"), sizes())).values() for id in ids}
    assert here - everything


def test_the_same_issue_and_filter_give_the_same_edition() -> None:
    """A page, a mail and a rebuild agree."""
    whole = week()
    assert viewed(whole, about("mlops")) == viewed(whole, about("mlops"))


def test_its_sizes_are_its_own() -> None:
    """A section of size zero is not there, the others hold at most what was asked."""
    view = viewed(week(), lambda _: True, {**SMALL, "learn": 0, "shelf": 0, "dates": 0})
    assert {"learn", "shelf", "dates"}.isdisjoint(printed(view))
    assert len(printed(view)["lead"]) == 2
    assert len(printed(view)["accepted"]) <= 5


def test_it_ends_within_its_words() -> None:
    """The lowest picks give way, as in the whole issue."""
    view = viewed(week(), lambda _: True, sizes(words=250))
    assert view.words <= 250
    assert view.minutes == 2


def test_landmark_and_dates_stay_whatever_the_filter() -> None:
    """They are of no topic's week; only the sizes decide."""
    view = viewed(week(), about("graphs"), {**SMALL, "dates": 2})
    assert printed(view)["shelf"] == [LANDMARK.id]
    assert printed(view)["dates"] == ["arxiv:2603.00800", "arxiv:2603.00801"]


def test_a_date_stays_a_date() -> None:
    """An announcement of this week with a lesson in it is not told as a lesson instead."""
    lesson = replace(event(802, 4), standing="new", evidence=(Evidence("course", "a course"),))
    whole = week(lesson, events=(lesson,), sizes=sizes(learn=0))
    view = viewed(whole, about("robotics"))
    assert printed(view)["dates"] == [lesson.id]
    assert lesson.id not in printed(view).get("learn", [])


def test_an_older_paper_that_only_changed_is_no_part_of_it() -> None:
    """It was read for news of acceptance, and there was none."""
    whole = week(pick(63, "graphs", standing="update"))
    assert "arxiv:2603.00063" not in {p.id for p in viewed(whole, about("graphs")).entries}


def test_around_a_decision_the_edition_tells_titles_too() -> None:
    """As the whole issue does, so that nobody looks for their paper in vain."""
    older = [pick(n, "graphs", standing="update", ring="accepted") for n in range(60, 70)]
    news = tuple(gained(n) for n in range(60, 70))
    for decisions in ((), (("cvpr", NOW.date()),)):
        whole = week(*older, acceptances=news, decisions=decisions)
        view = viewed(whole, about("graphs"))
        newly = next(section for section in view.sections if section.id == "newly_accepted")
        assert any(item.form == "title" for item in newly.items) == bool(decisions)


def test_dates_that_the_whole_issue_only_counts_are_counted() -> None:
    """Printed or not, as the whole issue counts them."""
    whole = week(sizes=sizes(dates=1))
    view = viewed(whole, about("graphs"))
    dates = next(section for section in view.sections if section.id == "dates")
    assert (len(dates.items), dates.rest) == (1, 1)


def test_newly_accepted_papers_are_those_that_match() -> None:
    """Of two acceptances the edition tells the one on its topic, and counts one."""
    older = [pick(n, topic, standing="update") for n, topic in ((60, "graphs"), (61, "vision"))]
    whole = week(*older, acceptances=(gained(60), gained(61)))
    view = viewed(whole, about("graphs"))
    assert [one.id for one in view.newly_accepted] == ["arxiv:2603.00060"]
    assert printed(view)["newly_accepted"] == ["arxiv:2603.00060"]
    said = "1 paper of an earlier week now says where it was accepted."
    assert said in [line.text for line in view.minute]


def test_what_was_taken_back_is_told_where_it_matches() -> None:
    """A correction belongs to the readers of its topic."""
    back = replace(gained(62), change="lost", new="Preprint")
    whole = week(pick(62, "graphs", standing="update"), taken_back=(back,))
    assert printed(viewed(whole, about("graphs")))["corrections"] == [back.id]
    other = viewed(whole, about("vision"))
    assert "corrections" not in printed(other)
    assert other.taken_back == ()


def test_funnel_ledger_and_state_are_those_of_the_week() -> None:
    """How the week was made is no matter of taste."""
    whole = replace(week(), state="draft", why_draft="one slice is short", fingerprint="ab")
    view = viewed(whole, about("vision"))
    assert (view.funnel, view.ledger) == (whole.funnel, whole.ledger)
    assert (view.state, view.why_draft) == ("draft", "one slice is short")
    assert (view.week, view.composed, view.fingerprint) == (whole.week, whole.composed, "ab")


def test_what_the_editor_leads_with_comes_first_where_it_matches() -> None:
    """Their words and notes stay; their headline is about the whole issue."""
    lead = ("arxiv:2603.00037", "arxiv:2603.00036")
    notes = {lead[0]: "Read the appendix.", lead[1]: "Skip the appendix."}
    whole = week(editorial=Editorial("A week of kettles", "Dear *reader*", lead, (), notes, "Ada"))
    topic = next(p.tags[0].topic for p in whole.entries if p.id == lead[0])
    assert topic not in {p.tags[0].topic for p in whole.entries if p.id == lead[1]}
    view = viewed(whole, about(topic))
    assert printed(view)["lead"][0] == lead[0]
    assert lead[1] not in {id for ids in printed(view).values() for id in ids}
    assert view.headline != "A week of kettles"
    assert view.editorial
    assert (view.editorial.intro, view.editorial.signed) == ("Dear *reader*", "Ada")
    assert dict(view.editorial.notes) == {lead[0]: "Read the appendix."}


def test_what_the_editor_dropped_is_not_printed_in_an_edition() -> None:
    """A choice for the week is a choice for each view of it."""
    whole = week(editorial=Editorial(drop=("arxiv:2603.00000",)))
    view = viewed(whole, lambda _: True, sizes())
    assert "arxiv:2603.00000" in {p.id for p in view.entries}
    assert "arxiv:2603.00000" not in {id for ids in printed(view).values() for id in ids}


def test_a_correction_to_an_earlier_issue_is_told_where_its_entry_matches() -> None:
    """Whoever may have read the mistake reads its correction."""
    note = Amendment("arxiv:2602.00001", NOW, "note", "The code is not public.")
    earlier = pick(1, "graphs", id=note.id, week="2026-W09")
    whole = week(corrections=(correction(earlier, "2026-W09", (note,)),))
    assert printed(viewed(whole, about("graphs")))["corrections"] == [note.id]
    assert "corrections" not in printed(viewed(whole, about("vision")))


def test_what_the_issue_lacks_is_said_in_each_edition() -> None:
    """Also in one that is empty."""
    whole = week(missing="Three feeds did not answer.")
    for match in (about("graphs"), lambda _: False):
        notes = [section.note for section in viewed(whole, match).sections if section.id == "made"]
        assert notes == ["Three feeds did not answer."]
    nothing = viewed(whole, lambda _: False)
    assert [section.id for section in nothing.sections] == ["made"]
    assert nothing.headline == "Nothing for this edition this week."


def test_an_edition_without_news_says_so() -> None:
    """A landmark and a date alone are no edition: no section, and an honest headline."""
    view = viewed(week(), lambda _: False)
    assert (view.sections, view.minute, view.entries, dict(view.abstracts)) == ((), (), (), {})
    assert view.headline == "Nothing for this edition this week."
    assert view.minutes == 1


def test_an_edition_of_a_great_week_is_cheap() -> None:
    """A hundred calls for each of 2,100 entries at the most: nothing is ranked or read again."""
    picks = [pick(n, TOPICS[n % 4].id, evidence=(CODE,) * (n % 4 == 0)) for n in range(2100)]
    whole = week(*picks)
    assert calls(lambda: viewed(whole, about("graphs"))) < 100 * 2100


# ---------------------------------------------------------------- feeds.yaml


def load(folder: Path, text: str) -> config.Config:
    """The configuration of a text below one source."""
    path = folder / "feeds.yaml"
    path.write_text("sources: [{kind: arxiv}]\n" + text)
    return config.load(path)


def mistake(folder: Path, text: str) -> str:
    """The one mistake of a text, without the name of the file."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    (found,) = caught.value.mistakes
    return str(replace(found, file=""))


def test_three_editions_ship(tmp_path: Path) -> None:
    """Without a word in feeds.yaml a paper has them; an empty list switches them off."""
    assert [one.id for one in load(tmp_path, "").editions] == [
        "starting-out",
        "building",
        "research",
    ]
    assert load(tmp_path, "editions: []\n").editions == ()
    assert default_config().editions == default_editions()


def test_an_edition_may_use_the_whole_filter_language(tmp_path: Path) -> None:
    """Other than a topic's own filter, which may not ask for topics; sizes not said are default."""
    text = (
        "editions:\n- {id: robots, name: Robots, about: They see., "
        "match: 'topic:robotics has:code OR ring:accepted', print: {lead: 3, words: 900}}\n"
    )
    (one,) = load(tmp_path, text).editions
    assert (one.id, one.name, one.about) == ("robots", "Robots", "They see.")
    assert one.match == parse("topic:robotics has:code OR ring:accepted")
    assert one.sizes == sizes(lead=3, words=900)


def test_editions_do_not_change_what_an_issue_is(tmp_path: Path) -> None:
    """They are views, so a changed one calls for no other issue."""
    assert load(tmp_path, "editions: []\n").fingerprint == load(tmp_path, "").fingerprint


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{id: a/b, name: A, match: x}", ":3:8: editions[0].id: expected a key of at most 40"),
        ("{id: a, name: A}", ":3:3: editions[0]: the key “match” is missing: expected a query"),
        ("{id: a, match: x}", ":3:3: editions[0]: the key “name” is missing"),
        ("{id: a, name: A, match: 'x ('}", ":3:27: editions[0].match: column 4"),
        ("{id: a, name: A, match: ringg:near}", ":3:27: editions[0].match: column 1: unknown fiel"),
        (
            "{id: a, name: A, match: 'x -(topic:visoin OR y)'}",
            ":3:27: editions[0].match: column 5: there is no topic “visoin”; did you mean “vision”?",
        ),
        (
            "{id: a, name: A, match: x, print: {leed: 3}}",
            ":3:38: editions[0].print.leed: there is no key “leed” here; did you mean “lead”?",
        ),
        ("{id: a, name: A, match: x, print: {lead: -1}}", ":3:44: editions[0].print.lead: expecte"),
        (
            f"{{id: a, name: A, match: x, about: '{'long ' * 41}'}}",
            ":3:37: editions[0].about: expected at most 200 characters, found 204",
        ),
    ],
)
def test_a_wrong_edition_is_told_with_its_place(tmp_path: Path, entry: str, says: str) -> None:
    """Each mistake stands where it was made."""
    assert mistake(tmp_path, f"editions:\n- {entry}\n").startswith(says)


def test_two_editions_cannot_share_an_id(tmp_path: Path) -> None:
    """Their pages would be one another's."""
    text = "editions:\n- {id: a, name: A, match: x}\n- {id: a, name: B, match: y}\n"
    assert mistake(tmp_path, text).startswith(":4:8: editions[1].id: the id “a” is taken since")


def test_a_topic_of_the_file_may_be_asked_for(tmp_path: Path) -> None:
    """The file's own topics count, and the shipped ones then do not."""
    topics = "topics: [{id: sea-birds, name: Birds, match: bird*}]\n"
    text = topics + "editions: [{id: a, name: A, match: 'topic:%s'}]\n"
    assert load(tmp_path, text % "sea-birds").editions
    assert "there is no topic “vision”" in mistake(tmp_path, text % "vision")


def test_the_shipped_editions_ask_for_topics_that_there_are() -> None:
    """A renamed topic would empty an edition in silence."""
    ids = {topic.id for topic in default_topics()}
    for one in default_editions():
        assert set(re.findall(r"topic:([a-z0-9-]+)", one.match.text)) <= ids
        assert 1 <= len(one.about) <= 200


# ---------------------------------------------------------------- the shipped editions


def of(id: str, *picks: Pick) -> Issue:
    """One of the shipped editions of a week of these entries."""
    whole = composed(
        *picks, week="2026-W10", title="Paper", now=NOW, topics=TOPICS, core=CORE,
        landmarks=(LANDMARK,),
    )  # fmt: skip
    made = {one.id: issue for one, issue in editions_of(default_config(), whole)}
    return made[id]


def test_starting_out_can_be_finished_in_six_minutes() -> None:
    """However much there is to learn from."""
    survey = Evidence("survey", "a survey")
    long = "A survey of surveys in which every word is counted twice " * 5
    picks = [
        pick(n, TOPICS[n % 4].id, evidence=(survey, CODE), gist=long, title=long) for n in range(99)
    ]
    posts = [replace(p, id=f"post:{p.id}", kind="post", source=p.id, group="course") for p in picks]
    view = of("starting-out", *picks, *posts)
    assert view.minutes <= 6
    assert {"lead", "learn", "blogs", "shelf"} <= set(printed(view))


def test_building_is_for_code_and_practice() -> None:
    """A paper on systems with code and a practitioner's post stand in it; theory does not."""
    systems = pick(1, "mlops")
    closed = pick(2, "mlops", evidence=(Evidence("data", "a dataset"),))
    view = of(
        "building",
        systems,
        closed,
        pick(3, "graphs"),
        pick(4, "graphs", kind="post", group="practitioner", source="A blog"),
    )
    assert [p.id for p in view.entries if p.standing == "new"] == [
        "arxiv:2603.00001",
        "arxiv:2603.00004",
    ]


def test_research_begins_with_what_was_accepted() -> None:
    """Accepted and near papers, and no post."""
    near = pick(2, "graphs", ring="near")
    blog = pick(3, "graphs", kind="post", ring="near", source="A blog")
    view = of("research", accepted(1, "vision"), near, blog, pick(4, "mlops"))
    assert [p.id for p in view.entries] == ["arxiv:2603.00001", "arxiv:2603.00002"]
    assert view.headline == "“Paper 1” stands first: code is out."


def test_a_reader_may_ask_for_words_of_the_abstract() -> None:
    """A filter looks at the whole summary, as the week's own list does."""
    whole = week(abstracts={"arxiv:2603.00005": "A kettle of fish."})
    view = edition_of(default_config(), whole, Cards(whole), parse("kettle"), sizes(), "Mine")
    assert [p.id for p in view.entries if p.standing == "new"] == ["arxiv:2603.00005"]
    assert view.title == "Mine"
    rest = edition_of(default_config(), whole, Cards(whole), parse("-kettle"), sizes())
    assert "arxiv:2603.00005" not in {p.id for p in rest.entries}


# ---------------------------------------------------------------- pages, command


def pages(whole: Issue) -> dict[str, str]:
    """The pages of the shipped editions of an issue, path to text."""
    made = edition_pages_of(default_config(), whole)
    frame = site.PageFrame(sample_issue.MASTHEAD, {t.id: t.name for t in whole.topics})
    env = site.environment(None)
    all_pages: tuple[Page, ...] = (
        *edition_pages(made, frame, env, HEAD),
        *edition_pages(made, frame, env, HEAD, newest=True),
    )
    return {page.path: page.body.decode() for page in all_pages}


def test_each_edition_has_a_page_a_week_and_one_that_lasts() -> None:
    """The same words at both; the address of the week is the canonical one."""
    made = pages(sample_issue.sample_issue(200))
    for id in ("starting-out", "building", "research"):
        weekly, newest = (
            made[f"editions/{id}/2026-W10/index.html"],
            made[f"editions/{id}/index.html"],
        )
        assert weekly.count("<h1>") == newest.count("<h1>") == 1
        assert re.sub(r"(\.\./)+", "", weekly) == re.sub(r"(\.\./)+", "", newest)


def test_the_page_of_an_edition_names_it_and_leads_to_the_whole_issue() -> None:
    """Nobody takes a part for the whole."""
    text = pages(sample_issue.sample_issue(200))["editions/building/2026-W10/index.html"]
    assert "<h1>Building</h1>" in text
    assert "<title>Building · Sunday Paper, 2 to 8 March 2026</title>" in text
    assert '<a href="../../../issues/2026-W10/index.html">The whole issue</a>' in text
    assert "This edition in one minute" in text
    assert '<a href="../../../editions/building/2026-W09/index.html">The week before' in text
    assert 'href="../../../editions/building/feed.atom"' in text


def test_a_page_leads_to_the_pages_of_those_entries_that_have_one() -> None:
    """An entry that the whole issue only counted has no page here: its title leads to the paper."""
    whole = sample_issue.sample_issue(400)
    held = {item.id for section in whole.sections for item in section.items}
    found = 0
    for text in pages(whole).values():
        linked = set(re.findall(r'href="[./]*e/arxiv-([0-9.]+)/', text))
        assert {f"arxiv:{id}" for id in linked} <= held
        found += len(linked)
    assert found


def test_a_removed_entry_is_one_neutral_line_in_its_edition() -> None:
    """Nothing moves up in its place, and none of its words are left."""
    whole = week()
    config = replace(default_config(), editions=default_editions()[2:])
    (before,) = edition_pages_of(config, whole)
    first = before.issue.sections[0].items[0].id
    gone = Amendment(first, NOW, "removed", "at the authors' request")
    (after,) = edition_pages_of(config, whole, {first: (gone,)})
    assert printed(after.issue) == printed(before.issue)
    assert next(p.title for p in after.issue.entries if p.id == first) == "Removed"


def test_a_changed_edition_calls_for_new_pages_and_nothing_else_does() -> None:
    """Pages are made again where the definition changes."""
    plain = default_config()
    first, *others = plain.editions
    wider = replace(first, sizes={**first.sizes, "lead": 9})
    assert definition(plain) == definition(replace(plain, sizes=SMALL))
    assert definition(plain) != definition(replace(plain, editions=(wider, *others)))
    assert definition(plain) != definition(replace(plain, editions=tuple(others)))


def test_an_empty_edition_has_a_page_that_says_so() -> None:
    """Without sections and without a list of one line."""
    whole = week()
    (one,) = (e for e in default_editions() if e.id == "research")
    nothing = viewed(whole, lambda _: False)
    frame = site.PageFrame(sample_issue.MASTHEAD)
    page = EditionPage(one.id, one.name, one.about, nothing, frozenset())
    (made,) = edition_pages((page,), frame, site.environment(None))
    assert "<p>Nothing for this edition this week.</p>" in made.body.decode()
    assert whole.funnel.new == 40
    assert "<p>The whole issue: " in made.body.decode()  # before the counts of all 40
    assert 'id="minute"' not in made.body.decode()


def test_the_page_of_an_issue_is_no_edition() -> None:
    """Not a byte of it is about editions."""
    frame, env = site.PageFrame(sample_issue.MASTHEAD), site.environment(None)
    made = site.issue_page("issues/2026-W10/index.html", sample_issue.sample_issue(200), frame, env)
    assert "edition" not in made.body.decode().lower()


def test_the_command_lists_the_editions_of_the_newest_issue(tmp_path: Path) -> None:
    """Id, minutes, entries and name; before the first issue it says what to do."""
    (tmp_path / "feeds.yaml").write_text("sources: [{kind: arxiv}]\n")
    run = CliRunner().invoke
    with Store(tmp_path / "paper.db"):
        pass
    assert "`sundaypaper run` makes the first one" in run(app, listing(tmp_path)).output
    with Store(tmp_path / "paper.db") as store:
        store.keep_issue(sample_issue.sample_issue(200))
    lines = run(app, listing(tmp_path)).output.splitlines()
    assert re.match(r"building +\d+ min, +\d+ of +\d+ entries +Building +\(topic:eff", lines[1])
    (tmp_path / "feeds.yaml").write_text("sources: [{kind: arxiv}]\neditions: []\n")
    assert "switches editions off" in run(app, listing(tmp_path)).output


def listing(root: Path) -> list[str]:
    """The arguments of the command in a root."""
    return ["--root", str(root), "editions", "list"]
