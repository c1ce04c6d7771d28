"""What one week's issue prints, counts and says."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composing import SIZES, composed, sizes
from effort import calls, examples
from sundaypaper.interest.rank import rank
from sundaypaper.issue import Frame
from sundaypaper.issue.reasons import reasons
from sundaypaper.models import (
    Acceptance,
    Claim,
    Contribution,
    Entry,
    Evidence,
    Mention,
    Pick,
    Sighting,
    SourceReport,
    Story,
    Tag,
    Tagged,
    TopicName,
    Votes,
)
from sundaypaper.text import words

NOW = datetime(2026, 3, 8, 6, tzinfo=UTC)
TOPICS = tuple(TopicName(f"t{n}", f"Topic {n}") for n in range(12))
NAMES = {"neurips": "NeurIPS", "icml": "ICML", "cvpr": "CVPR"}
CVPR = Claim("cvpr", 2026, "main", "accepted", None, "CVPR 2026")
CODE = Evidence("code", "https://github.com/a/b")
DATA = Evidence("data", "a dataset")
OUT = Evidence("data", "we release a dataset")
SURVEY = Evidence("survey", "a survey")
CHANGES: tuple[Literal["lost", "withdrawn"], ...] = ("lost", "withdrawn", "lost", "lost")
ICLR = Claim("iclr", 2026, "main", "accepted", None, "ICLR 2026")
FRAME = Frame("2026-W10", "Paper", NOW, {}, core=tuple(NAMES), also=("iclr",), venues=NAMES)
NO_LEAD = sizes(lead=0)


def pick(number, **more):
    """A paper of the field; topic, category and author follow the number, lower is better."""
    topic = more.pop("topic", f"t{number % 12}")
    given = {
        "kind": "paper",
        "source": "arxiv",
        "group": "",
        "authors": (f"Author {number}",),
        "standing": "new",
        "ring": "field",
        "categories": (f"cs.C{number % 7}",),
        "claims": (),
        "evidence": (),
        "score": 100.0 - number / 10,
        "reasons": ("code is linked: github.com/a/b",),
    } | more
    base = Pick(
        id=f"id:{number:04}", kind="paper", source="", group="", url="u", title=f"Paper {number}",
        authors=(), published=NOW, week="2026-W10", standing="new", ring="field", categories=(),
        comment="", journal_ref="", claims=(), tags=(Tag(topic, 0.9, "title: x"),) if topic else (),
        evidence=(), gist="We boil water.", score=0.0, contributions=(), reasons=(),
    )  # fmt: skip
    return replace(base, **given)


def accepted(number, **more):
    """A paper accepted at CVPR 2026."""
    return pick(number, **({"ring": "accepted", "claims": (CVPR,)} | more))


def post(number, **more):
    """A post of a blog of its own."""
    return pick(number, **({"kind": "post", "source": f"blog{number}", "categories": ()} | more))


def made(*picks, **more):
    """The issue 2026-W10 of these picks."""
    given = {"week": "2026-W10", "title": "Paper", "now": NOW, "topics": TOPICS}
    given |= {"core": ("neurips", "icml", "cvpr"), "also": ("iclr",), "venues": NAMES}
    return composed(*picks, **(given | more))


def sections(issue):
    """Ids of the items by section, in print order."""
    return {s.id: [item.id for item in s.items] for s in issue.sections}


def printed(issue, name):
    """The picks that a section prints."""
    by_id = {p.id: p for p in issue.entries}
    return [by_id[id] for id in sections(issue).get(name, [])]


def ids(*numbers):
    """Ids of picks by number."""
    return [f"id:{n:04}" for n in numbers]


# ---------------------------------------------------------------- what gets in


@pytest.mark.parametrize(
    ("kinds", "headline"),
    [
        ({"paper": 2}, "New this week: 2 papers."),
        ({"post": 1}, "New this week: 1 post."),
        ({"course": 3}, "New this week: 3 courses."),
        ({"paper": 1, "post": 2, "course": 1}, "New this week: 1 paper, 2 posts and 1 course."),
    ],
)
def test_a_headline_of_counts_counts_each_kind_as_what_it_is(kinds, headline):
    """A course is no paper: the numbers are those of the line that says how the issue was made."""
    many = [kind for kind, count in kinds.items() for _ in range(count)]
    none = sizes(**(dict.fromkeys(SIZES, 0) | {"words": 2600}))
    issue = made(*(pick(n, kind=kind) for n, kind in enumerate(many)), sizes=none)
    assert issue.headline == headline
    assert (issue.funnel.new, issue.funnel.posts) == (kinds.get("paper", 0), kinds.get("post", 0))


def test_nothing_is_new_only_where_no_source_brought_anything_new():
    """The ledger counts new dates, too: beside them the headline says of what there is nothing."""
    ledger = (SourceReport("Dates", "deadlines", "fresh", fetched=30, new=30),)
    assert made(ledger=ledger).headline == "No new papers or posts this week."
    assert made(ledger=(replace(ledger[0], new=0),)).headline == "Nothing new this week."
    assert made(ledger=ledger, part=True).headline == "Nothing new for this edition this week."


def test_a_week_of_nothing_is_an_empty_issue():
    """No section is padded; the headline says so."""
    issue = made()
    assert (issue.sections, issue.entries, issue.minute) == ((), (), ())
    assert issue.headline == "Nothing new this week."


def test_one_accepted_paper_leads():
    """The accepted section has nothing left to say and vanishes; the headline leads to the lead."""
    issue = made(accepted(1))
    assert sections(issue) == {"lead": ids(1)}
    assert issue.headline == "1 paper says that CVPR has taken it."
    assert issue.minute[0].section == "lead"


def test_a_week_without_accepted_papers_still_has_an_issue():
    """Papers with a reason fill the lead and the rest."""
    issue = made(*(pick(n, evidence=(CODE,)) for n in range(20)))
    assert [len(v) for v in sections(issue).values()] == [5, 8 + 7]
    assert list(sections(issue)) == ["lead", "new"]
    assert issue.headline == "“Paper 0” stands first: code is out."


def test_of_the_field_nothing_is_printed_without_a_reason():
    """Code, weights, data, a survey, a project page, an author, a discussion or votes."""
    checkable = [
        pick(1, evidence=(CODE,)),
        pick(2, evidence=(DATA,)),
        pick(3, evidence=(SURVEY,)),
        pick(4, contributions=(Contribution("author", 1.5, "by Ada Brewer"),)),
        pick(5, discussed=(Mention("post:1", "b", "t", "u"),)),
        pick(8, evidence=(Evidence("weights", "w"),)),
        pick(9, evidence=(Evidence("project", "p"),)),
        pick(10, votes=(Votes("A list", 5, NOW),)),
    ]
    plain = [pick(6), pick(7, votes=(Votes("A list", 4, NOW),)), pick(11, ring="near")]
    issue = made(*checkable, *plain)
    shown = {id for section in sections(issue).values() for id in section}
    assert shown == {p.id for p in checkable}
    assert len(issue.entries) == 11


def test_backlog_and_plain_updates_are_neither_printed_nor_kept():
    """An update is printed only when it gained an acceptance; all are in the document."""
    gained = Acceptance("id:0003", CVPR, "12 pages", "Accepted to CVPR", NOW)
    issue = made(
        accepted(1, standing="backlog"),
        accepted(2, standing="update"),
        accepted(3, standing="update"),
        acceptances=(gained,),
    )
    assert sections(issue) == {"newly_accepted": ids(3)}
    assert [p.id for p in issue.entries] == ids(2, 3)
    assert issue.funnel.updates == 2


def test_papers_and_posts_keep_to_their_sections():
    """Posts stand in blogs and learn only, papers in the others and learn."""
    issue = made(*(accepted(n) for n in range(12)), *(post(n) for n in range(12, 30)))
    for name in sections(issue):
        expected = {"blogs": {"post"}, "learn": {"paper", "post"}}.get(name, {"paper"})
        assert {p.kind for p in printed(issue, name)} <= expected


# ---------------------------------------------------------------- read first


def test_read_first_holds_two_of_a_topic_at_most():
    """The third of a topic gives way to another, however good."""
    issue = made(*(accepted(n, topic="t1" if n < 5 else f"t{n}") for n in range(10)))
    assert sections(issue)["lead"] == ids(0, 1, 5, 6, 7)


def test_no_category_holds_over_half_of_read_first():
    """Two of five; in a paper of one category the rule has no sense."""
    mixed = [accepted(n, categories=("cs.CV",) if n < 5 else (f"cs.{n}",)) for n in range(10)]
    assert sections(made(*mixed))["lead"] == ids(0, 1, 5, 6, 7)
    alike = [accepted(n, categories=("cs.CV",)) for n in range(10)]
    assert sections(made(*alike))["lead"] == ids(0, 1, 2, 3, 4)


def test_read_first_grows_shorter_rather_than_lopsided():
    """Where only one entry of another category exists, no more than half are alike."""
    uneven = [accepted(n, categories=("cs.CV",) if n else ("cs.CL",)) for n in range(10)]
    assert len(sections(made(*uneven))["lead"]) == 2


def test_read_first_has_code_and_breadth_when_there_are_any():
    """The best with code and the best survey, dataset or engineering piece stand there."""
    papers = [accepted(n) for n in range(10)]
    papers += [accepted(20, evidence=(CODE,)), accepted(21, evidence=(SURVEY,))]
    assert sections(made(*papers))["lead"] == ids(0, 1, 2, 20, 21)
    both = [*papers[:10], accepted(20, evidence=(CODE, DATA))]
    assert sections(made(*both))["lead"] == ids(0, 1, 2, 3, 20)
    engineering = [*papers[:10], accepted(20, topic="mlops")]
    assert sections(made(*engineering))["lead"] == ids(0, 1, 2, 3, 20)


def test_no_author_stands_twice_in_a_section():
    """Names are compared folded."""
    papers = [accepted(n) for n in range(6)]
    papers[1] = replace(papers[1], authors=("AUTHOR 0", "Somebody"))
    assert sections(made(*papers))["lead"] == ids(0, 2, 3, 4, 5)


# ---------------------------------------------------------------- accepted


def test_accepted_papers_are_entries_then_titles_then_counted():
    """Eight entries, 24 titles in the order of the topics, and the rest as a number."""
    issue = made(*(accepted(n) for n in range(60)), sizes=sizes(words=4000))
    section = issue.sections[1]
    assert section.title == "Accepted at CVPR"
    assert [item.form for item in section.items] == ["full"] * 8 + ["title"] * 24
    titled = [p.tags[0].topic for p in printed(issue, "accepted")[8:]]
    assert titled == sorted(titled, key=lambda t: int(t[1:]))
    assert section.rest == 60 - 5 - 8 - 24
    assert {item.why for item in section.items[8:]} == {"CVPR 2026"}


def test_the_accepted_section_names_the_venues_that_are_there():
    """In the order of the configuration, and none that only the lead holds."""
    at = [Claim(v, 2025, "main", "accepted") for v in ("cvpr", "neurips", "icml")]
    papers = [accepted(n, claims=(at[n],)) for n in range(3)]
    titles = {s.id: s.title for s in made(*papers, sizes=NO_LEAD).sections}
    assert titles["accepted"] == "Accepted at NeurIPS, ICML and CVPR"
    titles = {s.id: s.title for s in made(*papers, sizes=sizes(lead=1)).sections}
    assert titles["accepted"] == "Accepted at NeurIPS and ICML"


@pytest.mark.parametrize("topics", [1, 2, 3, 4, 12])
def test_no_topic_holds_over_a_third_of_a_large_section(topics):
    """From six entries on; a section that cannot keep to it stays smaller than six."""
    papers = (accepted(n, topic=f"t{n % topics}") for n in range(40))
    issue = made(*papers, sizes=sizes(lead=0, accepted_titles=0))
    about = Counter(p.tags[0].topic for p in printed(issue, "accepted"))
    total = about.total()
    assert total == {1: 5, 2: 5, 3: 6, 4: 8, 12: 8}[topics]
    assert total < 6 or max(about.values()) <= total / 3


# ---------------------------------------------------------------- newly accepted


def test_newly_accepted_prints_six_and_counts_the_rest_by_venue():
    """The note names venues, the most frequent first."""
    papers = [accepted(n, standing="update") for n in range(20)]
    claims = [CVPR if n % 3 else replace(CVPR, venue="icml") for n in range(20)]
    gained = [Acceptance(p.id, c, "old", "new", NOW) for p, c in zip(papers, claims, strict=True)]
    issue = made(*papers, acceptances=tuple(gained))
    (section,) = issue.sections
    assert len(section.items) == 6
    assert section.rest == 14
    assert section.note == "Not printed here: CVPR 9, ICML 5."
    assert issue.headline == (
        "20 papers of earlier weeks now say where they were accepted; 13 at CVPR."
    )
    assert len(issue.newly_accepted) == 20


def test_an_acceptance_printed_elsewhere_is_not_printed_again():
    """A paper of the week that also gained its claim stands in the lead alone."""
    issue = made(accepted(1), acceptances=(Acceptance("id:0001", CVPR, "a", "b", NOW),))
    assert sections(issue) == {"lead": ids(1)}


# ---------------------------------------------------------------- blogs, learn, shelf, dates


def test_a_blog_has_two_posts_at_most():
    """However good its third."""
    posts = [post(n, source="one", topic=f"t{n}", authors=()) for n in range(4)]
    issue = made(*posts, *(post(n) for n in range(10, 14)))
    assert sections(issue)["blogs"] == ids(0, 1, 10, 11, 12, 13)


def test_two_practitioners_stand_among_the_blogs_when_there_are_two():
    """They may be the lowest of the week."""
    posts = [post(n) for n in range(20)] + [post(n, group="practitioner") for n in (40, 41, 42)]
    shown = printed(made(*posts), "blogs")
    assert len(shown) == 8
    assert [p.id for p in shown if p.group == "practitioner"] == ids(40, 41)


def test_learn_mixes_a_lesson_a_project_and_engineering():
    """A course before a survey, code and data together, and a piece from practice."""
    issue = made(
        pick(1, evidence=(SURVEY,)),
        pick(2, evidence=(CODE, DATA)),
        pick(3, evidence=(CODE,), topic="mlops"),
        post(4, kind="course", evidence=(Evidence("course", "x"),)),
        sizes=NO_LEAD,
    )
    assert sections(issue)["learn"] == ids(4, 2, 3)
    assert sections(issue)["new"] == ids(1)
    whys = [item.why for s in issue.sections if s.id == "learn" for item in s.items]
    assert whys[:2] == ["a course", "code and data to build on"]


def landmarks(number):
    """A shelf of landmarks, kept back as a bundle keeps them."""
    return tuple(pick(500 + n, standing="backlog", week="") for n in range(number))


def test_the_shelf_shows_each_landmark_once_in_72_weeks():
    """One a week in turn, the same for the same week."""
    week = [pick(n, evidence=(CODE,)) for n in range(12)]
    weeks = [f"2026-W{n:02}" for n in range(1, 54)] + [f"2027-W{n:02}" for n in range(1, 20)]
    shelf = landmarks(72)
    shown = [sections(made(*week, week=w, landmarks=shelf))["shelf"] for w in weeks]
    assert len({s[0] for s in shown}) == 72
    again = made(*week, week=weeks[3], landmarks=tuple(reversed(shelf)))
    assert sections(again)["shelf"] == shown[3]


def test_the_shelf_is_tied_to_a_topic_of_the_week():
    """Its reason names the topic; without a common one, whose turn it is; none without landmarks."""
    week = pick(3, evidence=(CODE,))
    issue = made(week, landmarks=landmarks(12))
    (shelf,) = (s for s in issue.sections if s.id == "shelf")
    assert shelf.items[0].why == "a landmark of Topic 3: 1 entry this week"
    assert printed(issue, "shelf")[0].tags[0].topic == "t3"
    (other,) = (s for s in made(week, landmarks=landmarks(1)).sections if s.id == "shelf")
    assert other.items[0].why.startswith("a landmark of ")
    assert "this week" not in other.items[0].why
    assert "shelf" not in sections(made(week))


def test_dates_are_the_next_five_within_three_weeks():
    """Sorted by day; what has begun or lies further off is left out."""
    days = (21, 3, -1, 22, 1, 8, 9, 10)
    events = [pick(n, kind="event", starts=NOW + timedelta(days=d)) for n, d in enumerate(days)]
    events.append(pick(90, kind="event"))
    issue = made(events=tuple(events))
    (section,) = issue.sections
    assert [item.id for item in section.items] == ids(4, 1, 5, 6, 7)
    assert [item.why for item in section.items][:2] == ["tomorrow", "in 3 days"]
    assert section.rest == 1
    assert issue.headline == "Nothing new this week."


def test_before_sunday_dates_are_counted_from_sunday():
    """A draft of Friday shows the dates that Sunday's readers need."""
    friday = NOW - timedelta(days=2)
    events = tuple(pick(n, kind="event", starts=friday + timedelta(days=n)) for n in (1, 3))
    assert sections(made(events=events, now=friday)) == {"dates": ids(3)}


# ---------------------------------------------------------------- words, counts


def full_week():
    """A week with something for every section, long titles and sentences."""
    gist = "We boil water in a new way that takes " + "a little " * 12 + "less time."
    long = {"title": "Kettles " * 11, "gist": gist}
    papers = [accepted(n, evidence=(CODE,), **long) for n in range(60)]
    papers += [pick(n, evidence=(CODE, DATA), **long) for n in range(100, 160)]
    posts = [post(n, group="practitioner" if n % 3 else "", **long) for n in range(200, 230)]
    updates = [accepted(n, standing="update", **long) for n in range(300, 320)]
    gained = [Acceptance(p.id, CVPR, "12 pages", "Accepted", NOW) for p in updates]
    papers += [pick(n, claims=(ICLR,), **long) for n in range(160, 180)]
    papers[0] = replace(papers[0], votes=(Votes("A list", 77, NOW),))
    posts += [post(n, evidence=(Evidence("release", f"Kettle {n}"),)) for n in range(230, 240)]
    events = [pick(n, kind="event", starts=NOW + timedelta(days=n - 400)) for n in range(400, 410)]
    events[1] = replace(events[1], occasion="deadline", venue="cvpr")
    more = {"acceptances": tuple(gained), "events": tuple(events), "landmarks": landmarks(72)}
    return (*papers, *posts, *updates), more


def test_a_full_issue_stands_in_its_order():
    """Every section in the order of the paper, within the words, reading time rounded up."""
    picks, more = full_week()
    issue = made(*picks, **more)
    order = "lead accepted newly_accepted elsewhere new released blogs learn shelf dates".split()
    assert list(sections(issue)) == order
    assert issue.words <= 2600
    assert issue.minutes == -(-issue.words // 230)
    forms = [line.form for line in issue.minute]
    assert forms == ["voted", "released", "pressing", "accepted", "changed"]
    assert {line.section for line in issue.minute} <= set(order)
    assert all(words(line.text) <= 20 for line in issue.minute)
    assert issue.headline.endswith("had more votes than any other new paper by Sunday: 77.")


@pytest.mark.parametrize("limit", [2000, 1200, 600])
def test_the_lowest_picks_give_way_until_the_issue_fits(limit):
    """What remains is the best of each section, and what was dropped is counted."""
    picks, more = full_week()
    issue = made(*picks, sizes=sizes(words=limit), **more)
    assert issue.words <= limit
    kept = {s.id: s for s in issue.sections}
    shown = [p.score for p in printed(issue, "new")]
    assert shown == sorted(shown, reverse=True)
    if "accepted" in kept:
        at_venue = [p for p in issue.entries if p.ring == "accepted" and p.standing == "new"]
        elsewhere = {id for name, v in sections(issue).items() if name != "accepted" for id in v}
        left = [p for p in at_venue if p.id not in elsewhere]
        assert kept["accepted"].rest + len(kept["accepted"].items) == len(left)


def test_the_minute_counts_orals_and_venues():
    """Behind what names a paper; a venue with a handful is not told of beside one with more."""
    oral = replace(CVPR, presentation="oral")
    icml = Claim("icml", 2025, "main", "accepted")
    papers = [accepted(n, claims=(oral if n < 2 else CVPR,)) for n in range(5)]
    issue = made(*papers, accepted(8, claims=(icml,)))
    assert [line.text for line in issue.minute] == [
        "“Paper 0” stands first of the 5 papers that CVPR has taken.",
        "5 papers say that CVPR has taken them, 2 of them as orals.",
    ]


def test_the_accepted_line_says_on_what_most_of_them_are():
    """Three topics with their counts, where each has more than one paper."""
    topics = ("t1", "t1", "t1", "t2", "t2", "t2", "t2", "t3", "t3", "t4")
    issue = made(*(accepted(n, topic=topic) for n, topic in enumerate(topics)))
    assert issue.minute[1].text == (
        "10 papers say that CVPR has taken them: Topic 2 (4), Topic 1 (3) and Topic 3 (2) lead."
    )


def test_the_funnel_counts_every_step():
    """Listed comes from the ledger where nobody says otherwise."""
    ledger = (SourceReport("arxiv", "arxiv", "fresh", fetched=90),)
    near = pick(2, ring="near")
    issue = made(accepted(1), near, pick(3, standing="late"), post(4), ledger=ledger, backlog=7)
    f = issue.funnel
    assert (f.listed, f.new, f.posts, f.accepted, f.near, f.backlog) == (90, 3, 1, 1, 1, 7)
    assert f.printed == sum(len(s.items) for s in issue.sections) == 2
    assert made(listed=5).funnel.listed == 5


def test_a_printed_reason_is_at_most_two_and_never_a_models():
    """What is summed up for `explain`, a matched word or a category, is never printed as a reason."""
    summed = ("title: quantiz", "in the categories", "reads like papers that venues accept: x")
    given = (CODE, SURVEY, Evidence("weights", "w"))
    issue = made(pick(1, reasons=summed, evidence=given, votes=(Votes("A list", 1118, NOW),)))
    (section,) = issue.sections
    assert section.items[0].why == (
        "1,118 readers at A list voted for it by Sunday; weights and code are out"
    )


def test_abstracts_are_kept_of_every_entry_and_of_nothing_else():
    """What a reader's filter looks at is frozen with the issue."""
    issue = made(accepted(1), pick(2), abstracts={"id:0001": "A", "id:0002": "B", "id:9": "C"})
    assert issue.abstracts == {"id:0001": "A", "id:0002": "B"}


def test_a_draft_says_why_and_a_reprint_that_it_is_one():
    """What the run knows is handed on unchanged."""
    issue = made(
        state="draft", why_draft="the week is not over", reprint="2026-05", fingerprint="f"
    )
    assert (issue.state, issue.why_draft) == ("draft", "the week is not over")
    assert (issue.reprint, issue.fingerprint, issue.composed) == ("2026-05", "f", NOW)


# ---------------------------------------------------------------- whatever comes

PICKS = st.builds(
    lambda number, kind, ring, standing, kinds, author, topic: pick(
        number,
        kind=kind,
        ring=ring,
        standing=standing,
        evidence=tuple(Evidence(k, "s") for k in kinds),
        authors=(f"A{author}",),
        topic=topic,
        claims=(CVPR,) if ring == "accepted" else (),
        source=f"s{author % 3}",
    ),
    st.integers(0, 60),
    st.sampled_from(["paper", "paper", "post", "course"]),
    st.sampled_from(["accepted", "near", "field"]),
    st.sampled_from(["new", "late", "update", "backlog"]),
    st.lists(st.sampled_from(["code", "data", "survey", "course"]), unique=True),
    st.integers(0, 20),
    st.sampled_from(["", "t1", "t2", "t3", "t4", "mlops"]),
)


@examples(60)
@given(st.lists(PICKS, max_size=60), st.integers(100, 2600), st.sets(st.integers(0, 60)))
def test_whatever_comes_the_rules_hold(picks, limit, gained):
    """No id twice, every item an entry, no author twice, a third of a topic, counts that agree."""
    at = tuple(Acceptance(f"id:{n:04}", CVPR, "a", "b", NOW) for n in gained)
    issue = made(*picks, sizes=sizes(words=limit), acceptances=at, landmarks=landmarks(9))
    shown = [item.id for s in issue.sections for item in s.items]
    entries = {p.id: p for p in issue.entries}
    assert len(shown) == len(set(shown)) == issue.funnel.printed
    assert set(shown) <= set(entries)
    assert len(entries) == len(issue.entries)
    for section in issue.sections:
        assert section.items
        full = [entries[item.id] for item in section.items if item.form != "title"]
        authors = Counter(a for p in full for a in p.authors)
        assert max(authors.values(), default=0) <= 1
        about = Counter(p.tags[0].topic for p in full if p.tags)
        if section.id != "lead" and len(full) >= 6:
            assert max(about.values(), default=0) <= len(full) / 3
        assert all(words(item.why) <= 20 for item in section.items)
    assert issue == made(*picks, sizes=sizes(words=limit), acceptances=at, landmarks=landmarks(9))


def test_four_thousand_entries_cost_few_calls_each():
    """Ranking and composing a large week is linear: 700 calls an entry at the most."""
    entries = [
        Entry(
            f"arxiv:2603.{n:05}", "paper", "arxiv", "u", f"Paper {n}", authors=(f"A {n}", f"B {n}")
        )
        for n in range(4000)
    ]
    tagged = tuple(
        Tagged(
            Story(Sighting(e, NOW, "2026-W10", "new")),
            (CVPR,) if n % 30 == 0 else (),
            (Tag(f"t{n % 5}", 0.9, "title: x"),),
            (CODE,) if n % 4 == 0 else (),
            "We boil water " * 10,
        )
        for n, e in enumerate(entries)
    )

    def edited() -> None:
        picks = rank(
            tagged, core=("cvpr",), also=(), authors=(), weights={}, week="2026-W10", year=2026
        )
        issue = made(*picks, sizes=sizes(words=900))
        assert issue.funnel.new == 4000

    assert calls(edited) < 700 * 4000


def test_what_is_no_longer_said_is_a_correction_of_three_lines_at_most():
    """A lost acceptance and a withdrawal are told with their venue, and are no acceptances."""
    took = tuple(
        Acceptance(f"id:{n:04}", CVPR, "Accepted to CVPR", "", NOW, "", change)
        for n, change in enumerate(CHANGES, 1)
    )
    updates = [accepted(n, standing="update") for n in range(1, 5)]
    issue = made(*updates, taken_back=took)
    (section,) = issue.sections
    assert (section.id, len(section.items), section.rest) == ("corrections", 3, 1)
    assert section.items[0].why.startswith("no longer says that it was accepted at CVPR")
    assert section.items[1].why.startswith("withdrawn by its authors")
    assert issue.newly_accepted == ()
    assert len(issue.taken_back) == 4


def test_a_post_for_which_little_speaks_is_counted_and_not_printed():
    """Under the measured floor a post takes no place; it stands in the document all the same."""
    weak, strong = replace(post(1), score=0.59), replace(post(2), score=0.6)
    issue = made(weak, strong)
    assert [i.id for s in issue.sections if s.id == "blogs" for i in s.items] == [strong.id]
    assert {p.id for p in issue.entries} == {weak.id, strong.id}


def test_reasons_are_told_in_the_order_of_their_weight():
    """Votes, who tells of it, how it is presented, what is out, a survey, an author, a page."""
    oral = replace(CVPR, presentation="oral")
    mentions = tuple(Mention(f"post:{n}", f"Blog {n % 3}", "t", "u") for n in range(4))
    every = accepted(
        1,
        claims=(oral,),
        votes=(Votes("Few", 7, NOW), Votes("Many", 70, NOW - timedelta(days=9))),
        discussed=mentions,
        evidence=(Evidence("project", "p"), SURVEY, OUT, CODE),
        contributions=(Contribution("author", 1.5, "by Ada Brewer, whom you follow"),),
    )
    assert tuple(reasons(every, FRAME)) == (
        "70 readers at Many voted for it by 27 February",
        "told by Blog 0, Blog 1 and 1 more",
        "an oral at CVPR",
        "code and data are out",
        "a survey of its field",
        "by Ada Brewer, whom you follow",
    )
    assert tuple(reasons(pick(2, evidence=(Evidence("project", "p"),)), FRAME)) == (
        "a project page shows it",
    )
    assert tuple(reasons(pick(3, evidence=(DATA,)), FRAME)) == ("brings a data set or a benchmark",)


def test_a_venue_of_no_table_is_spelt_as_its_authors_do_everywhere():
    """The minute and the list of what is not printed name it as the entry does."""
    embc = Claim("other:embc", 2026, "main", "accepted", None, "Accepted at EMBC 2026")
    picks = [pick(n, standing="update", claims=(embc,)) for n in range(1, 9)]
    gained = tuple(Acceptance(p.id, embc, "", "Accepted at EMBC 2026", NOW) for p in picks)
    issue = made(*picks, acceptances=gained, sizes=sizes(newly_accepted=1))
    assert issue.minute[0].text == (
        "8 papers of earlier weeks now say where they were accepted; 8 at EMBC."
    )
    assert issue.sections[0].note == "Not printed here: EMBC 7."
