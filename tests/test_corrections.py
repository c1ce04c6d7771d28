"""Corrections and follow-ups: what is said of an entry after it was printed, and how it disappears."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import sample_issue
from kept_week import SUNDAY, W10, W11, W12, Root, Terminal, items, paper, whole_text
from published import MASTHEAD, publish, texts
from sundaypaper.codec import from_json, to_json
from sundaypaper.formats.document import document_json
from sundaypaper.issue import amended, amended_picked, correction
from sundaypaper.models import (
    Amendment,
    Claim,
    Editorial,
    Entry,
    Issue,
    Item,
    Mention,
    MinuteLine,
    Picked,
    Section,
)

THURSDAY = datetime(2026, 3, 12, 9, tzinfo=UTC)
FIRST = "arxiv:2603.00001"


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """2026-W10 is printed: twelve papers. 2026-W11 has brought one more."""
    made = Root(tmp_path)
    made.configure()
    made.keep(W10, *(paper(n) for n in range(1, 13)))
    assert made.edit(W10).state == "frozen"
    made.keep(W11, paper(50))
    return made


@pytest.fixture
def typed(
    root: Root, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """The command line of that root."""
    return Terminal(root, monkeypatch, capsys)


def corrections(issue: Issue) -> list[tuple[str, str]]:
    """The title and the line of each correction that an issue tells."""
    picks = {p.id: p.title for p in issue.entries}
    return [(picks[i.id], i.why) for s in issue.sections if s.id == "corrections" for i in s.items]


def note(id: str, text: str = "It boils at 99 degrees", made: datetime = THURSDAY) -> Amendment:
    return Amendment(id, made, "note", text)


def removal(id: str, made: datetime = THURSDAY) -> Amendment:
    return Amendment(id, made, "removed", "at its authors’ wish")


# ---------------------------------------------------------------- the commands


@pytest.mark.parametrize("written", ["2603.00001", FIRST, "https://arxiv.org/abs/2603.00001v3"])
def test_a_correction_is_kept_and_told_once_in_the_next_issue(
    root: Root, typed: Terminal, written: str
) -> None:
    """With the issue that it is about; the issue after that is silent; the printed one stays frozen."""
    frozen = root.issue(W10)
    done = typed(W10, "correct", written, "--note", "It boils at 99 degrees.")
    assert (done.status, f"{FIRST} (printed in {W10}) has its note" in done.out) == (0, True)
    with root.store() as store:
        store.db.execute("update amendments set made = ?", [THURSDAY.isoformat()])
    line = ("Kettle Number 1 Boils Quietly", "Correction to 2026-W10: It boils at 99 degrees.")
    second = root.edit(W11)
    assert corrections(second) == [line]
    assert [one.id for one in second.amendments] == [FIRST]
    root.keep(W12, paper(60))
    assert corrections(root.edit(W12)) == []
    assert root.issue(W10) == frozen


def test_the_same_said_twice_is_said_once(root: Root, typed: Terminal) -> None:
    """A command that is repeated changes nothing, whether it notes or removes."""
    for words in (("correct", FIRST, "--note", "A."), ("remove", FIRST, "--reason", "B.")):
        typed(W10, *words)
        again = typed(W10, *words)
        assert (again.status, "said already" in again.out) == (0, True)
    with root.store() as store:
        assert [one.kind for one in store.amendments()[FIRST]] == ["note", "removed"]
    late = typed(W10, "correct", FIRST, "--note", "C.")
    assert (late.status, "there is nothing to note" in late.out) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("correct", "2603.00001", "--note", "  "), "expected a sentence, found nothing"),
        (("remove", "2603.00001", "--reason", "x" * 301), "at most 300 characters, found 301"),
        (("correct", "2603.99999", "--note", "x"), "is in no issue and is not kept here"),
        (("remove", "arxiv:2603.0001", "--reason", "x"), "did you mean “arxiv:2603.000"),
    ],
)
def test_what_cannot_be_amended_is_wrong_use(
    root: Root, typed: Terminal, words: tuple[str, ...], said: str
) -> None:
    """Exit status 2, what is wrong and what may be meant; nothing is kept."""
    done = typed(W10, *words)
    assert done.status == 2
    assert said in " ".join(done.out.replace("│", " ").split())
    with root.store() as store:
        assert store.amendments() == {}


def test_a_removed_entry_never_comes_back(root: Root, typed: Terminal) -> None:
    """arXiv brings it again, reworded and with a new version: no week reads it any more."""
    done = typed(W10, "remove", FIRST, "--reason", "at its authors’ wish")
    assert (done.status, "is removed" in done.out) == (0, True)
    with root.store() as store:
        store.db.execute("update amendments set made = ?", [THURSDAY.isoformat()])
    again = paper(1, version=2, comment="Accepted at CVPR 2026", title="Kettle Again")
    root.keep(W10, again, touched=W11)
    issue = root.edit(W11)
    whole = to_json(issue).decode()
    assert "Kettle Again" not in whole
    assert "Kettle Number 1 " not in whole
    assert corrections(issue) == [
        ("Removed", "In 2026-W10: Removed on 12 March 2026: at its authors’ wish")
    ]


def test_three_lines_are_told_and_the_rest_waits(root: Root) -> None:
    """Oldest first; what found no room is counted, and told by the next issue."""
    with root.store() as store:
        for n in range(1, 6):
            id = f"arxiv:2603.{n:05}"
            store.amend(note(id, f"Note {n}", THURSDAY + timedelta(hours=n)))
    issue = root.edit(W11)
    assert [why.split(": ")[1] for _, why in corrections(issue)] == ["Note 1", "Note 2", "Note 3"]
    assert [s.rest for s in issue.sections if s.id == "corrections"] == [2]
    assert len(issue.amendments) == 3
    root.keep(W12, paper(60))
    assert [why.split(": ")[1] for _, why in corrections(root.edit(W12))] == ["Note 4", "Note 5"]


def test_a_week_that_is_printed_late_tells_nothing_twice(root: Root) -> None:
    """W12 is out before W11: what W12 told is not told again, nor does W11 name what is younger."""
    with root.store() as store:
        store.amend(note(FIRST))
    root.keep(W12, paper(60))
    assert len(corrections(root.edit(W12))) == 1
    with root.store() as store:
        store.amend(note(paper(60).id, "Later", SUNDAY[W12] + timedelta(days=1)))
    assert corrections(root.edit(W11)) == []


# ---------------------------------------------------------------- since we printed it


def test_code_that_came_out_since_is_told_once(root: Root) -> None:
    """Printed without code in one issue, with code now: the next tells of it, the one after does not."""
    bare = paper(70, comment="Accepted at CVPR 2026")
    root.keep(W11, bare)
    assert bare.id in {i.id for s in root.edit(W11).sections for i in s.items}
    named = replace(bare, version=2, comment=f"{bare.comment}. Code: https://github.com/a/kettle")
    root.keep(W11, named, touched=W12)
    third = root.edit(W12)
    assert corrections(third) == [
        (bare.title, "printed in 2026-W11 without code; names it now: github.com/a/kettle")
    ]
    assert [(one.id, one.printed) for one in third.follow_ups] == [(bare.id, W11)]
    SUNDAY["2026-W13"] = SUNDAY[W12] + timedelta(days=7)
    later = replace(named, version=3, comment=f"{named.comment} (v3)")
    root.keep(W11, later, touched="2026-W13")
    assert corrections(root.edit("2026-W13")) == []


def test_code_that_was_there_when_it_was_printed_is_no_news(root: Root) -> None:
    """A paper that named its code then and names it now tells nothing."""
    root.keep(W10, paper(1, version=2, comment="Better. Code: https://github.com/a/b"), touched=W11)
    assert corrections(root.edit(W11)) == []


def test_code_of_a_paper_that_no_issue_printed_is_no_follow_up(root: Root) -> None:
    """It is an update of an older paper, which was never told of."""
    root.keep("2026-W09", paper(80, version=2), touched=W11)
    issue = root.edit(W11)
    assert issue.funnel.updates == 1
    assert (corrections(issue), issue.follow_ups) == ([], ())


# ---------------------------------------------------------------- what is rendered


def shown(issue: Issue, *amendments: Amendment) -> Issue:
    """The issue as amended by these."""
    ids = dict.fromkeys(one.id for one in amendments)
    return amended(issue, {id: tuple(a for a in amendments if a.id == id) for id in ids})


def test_an_issue_without_amendments_is_itself() -> None:
    """What is said of other entries changes nothing, not even a byte of its JSON."""
    issue = sample_issue.sample_issue()
    assert amended(issue, {}) == issue
    assert shown(issue, note("arxiv:9999.00001"), removal("arxiv:9999.00002")) == issue


def test_a_removed_entry_is_one_neutral_line_in_its_place() -> None:
    """Nothing of it is left anywhere in the issue; numbers, order and sections stay."""
    issue = sample_issue.sample_issue()
    # One that is a lead, is discussed elsewhere, was newly accepted, and stands in the editor's words.
    gone = replace(
        next(p for p in issue.entries if p.id == "arxiv:2603.00040"),
        title="The Only Kettle of Its Name",
        comment="Seventeen kettles",
        authors=("Ada Alone",),
        gist="It whistles.",
    )
    other = issue.entries[0]
    words = Editorial(
        f"About {gone.title}", f"Keep this.\n\nI liked {gone.title}.\n\nSee [it]({gone.url}).",
        notes={gone.id: "Mine.", other.id: f"Better than {gone.title.lower()}!"},
    )  # fmt: skip
    other = replace(other, discussed=(Mention(gone.id, "x", gone.title, gone.url),))
    issue = replace(
        issue,
        entries=(other, *(gone if p.id == gone.id else p for p in issue.entries[1:])),
        headline=f"About {gone.title}",
        minute=(*issue.minute, MinuteLine(f"{gone.authors[0]} has a paper.", "lead")),
        abstracts={gone.id: "Its abstract.", other.id: "Another."},
        editorial=words,
        amendments=(note(gone.id),),
    )
    after = shown(issue, note(gone.id), removal(gone.id), note(other.id))
    raw = document_json(after, sample_issue.MASTHEAD).decode() + to_json(after).decode()
    marks = (gone.title, gone.url, gone.comment, gone.gist, "Ada Alone", "Its abstract.", "Mine.")
    assert not [mark for mark in marks if mark in raw]
    assert [p.id for p in after.entries] == [p.id for p in issue.entries]
    assert [(p.score, p.ring, p.standing) for p in after.entries] == [
        (p.score, p.ring, p.standing) for p in issue.entries
    ]
    assert [(s.id, s.rest, len(s.items)) for s in after.sections] == [
        (s.id, s.rest, len(s.items)) for s in issue.sections
    ]
    one = next(p for p in after.entries if p.id == gone.id)
    assert (one.title, one.url, one.authors, one.claims, one.gist) == ("Removed", "", (), (), "")
    assert sum(part.value for part in one.contributions) == one.score
    whys = [i.why for s in after.sections for i in s.items if i.id == gone.id]
    assert whys == ["Removed on 12 March 2026: at its authors’ wish"]
    assert gone.id not in {a.id for a in after.newly_accepted}
    assert after.headline == issue.minute[0].text
    assert after.minute == issue.minute[:-1]
    assert after.editorial == replace(words, headline="", intro="Keep this.", notes={})
    assert [(a.id, a.kind) for a in after.amendments] == [(other.id, "note"), (gone.id, "removed")]
    assert after.abstracts == {other.id: "Another."}
    assert from_json(Issue, to_json(after)) == after


def test_a_removed_entry_leaves_what_was_printed_of_it() -> None:
    """The pages of entries are made from picks apart from the issue: those are cleared as well."""
    issue = sample_issue.sample_issue()
    picked = Picked(W10, issue.entries[:2], {p.id: ("lead",) for p in issue.entries[:2]}, {issue.entries[0].id: "Abstract."})  # fmt: skip
    gone = issue.entries[0]
    after = amended_picked(picked, {gone.id: (removal(gone.id),)})
    assert (after.picks[0].title, after.abstracts) == ("Removed", {})
    assert (after.picks[1], after.where) == (picked.picks[1], picked.where)


def test_a_correction_of_an_entry_that_is_removed_later_is_cleared_too() -> None:
    """The issue that told of the note tells of no word of it any more."""
    pick = sample_issue.paper(7, "accepted")
    line = correction(pick, W10, [note(pick.id, "Its title is Wrong Kettle")])
    issue = sample_issue.sample_issue()
    section = replace(issue.sections[0], id="corrections", items=(replace(issue.sections[0].items[0], id=pick.id, why=line.line),))  # fmt: skip
    issue = replace(issue, sections=(section,), entries=(line.pick,), amendments=line.amendments)
    after = shown(issue, *line.amendments, removal(pick.id, THURSDAY + timedelta(days=9)))
    assert "Wrong Kettle" not in to_json(after).decode()
    assert corrections(after) == [("Removed", "Removed on 21 March 2026: at its authors’ wish")]


def test_issue_json_tells_the_editors_hand_and_the_amendments(root: Root) -> None:
    """Both are part of the public form; where there are none it says so."""
    issue = root.issue(W10)
    plain = json.loads(document_json(issue, sample_issue.MASTHEAD))
    assert (plain["editorial"], plain["amendments"], plain["follow_ups"]) == (None, [], [])
    words = replace(issue, editorial=Editorial("A", notes={FIRST: "B"}))
    data = json.loads(document_json(shown(words, note(FIRST)), sample_issue.MASTHEAD))
    assert data["editorial"]["notes"] == {FIRST: "B"}
    assert [one["text"] for one in data["amendments"]] == ["It boils at 99 degrees"]
    assert items(issue, "lead")


def test_a_removed_entry_leaves_no_word_on_any_page(root: Root, typed: Terminal) -> None:
    """The pages are made anew at once: the issue, all entries, its own page, the index, the feeds."""
    typed(W11, "publish")
    before = whole_text(root.path)
    assert before.count("Kettle Number 7 ") > 5
    typed(W11, "remove", "2603.00007", "--reason", "at its authors’ wish")
    after = whole_text(root.path)
    for words in ("Kettle Number 7 ", "Ada Example 7", "kettle 7 with", "example/kettle7"):
        assert words in before
        assert words not in after
    assert "at its authors’ wish" in after
    assert "Kettle Number 8 " in after


# ---------------------------------------------------------------- how an entry of each kind disappears

CLAIM = (Claim("cvpr", 2026, "main", "accepted", None, "Accepted at CVPR 2026"),)
GONE = replace(sample_issue.paper(1), title="The Only Kettle of Its Name", claims=CLAIM)
STAYS = replace(sample_issue.paper(2), title="A Teapot that Stays", claims=CLAIM)
# Landmarks by which topics begin: a paper of arXiv, one of elsewhere, a post by the hash of its address.
LANDMARKS = {
    "arxiv:2005.14165": ("language-models", "https://arxiv.org/abs/2005.14165"),
    "doi:10.1145/2347736.2347755": ("society-education", "https://doi.org/10.1145/2347736.2347755"),
    "post:ef1e9d098c927256": (
        "language-models",
        "https://jalammar.github.io/how-gpt3-works-visualizations-animations/",
    ),
}


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, str]]:
    """What is published before and after one of two papers of a venue was removed, and landmarks.

    The headline is about that paper.
    """
    folder = tmp_path_factory.mktemp("paper")
    where = replace(MASTHEAD, base_url="https://paper.example/")
    lines = tuple(Item(pick.id, "it has code") for pick in (GONE, STAYS))
    issue = replace(
        sample_issue.sample_issue(),
        headline=f"{GONE.title} is out",
        minute=(MinuteLine("Two papers are new.", "lead"),),
        sections=(Section("lead", "Read first", lines),),
        entries=(GONE, STAYS),
        newly_accepted=(),
        abstracts={},
    )
    before = texts(publish(folder, issue, masthead=where))
    removals = tuple(removal(id) for id in (GONE.id, *LANDMARKS))
    return before, texts(publish(folder, masthead=where, amendments=removals))


def test_a_removed_paper_leaves_the_pages_of_its_venue(
    builds: tuple[dict[str, str], dict[str, str]],
) -> None:
    """It is no line any more, and neither the venue nor its year nor its feed counts or names it."""
    before, after = builds
    page, every, feed = "venues/cvpr/2026/index.html", "venues/index.html", "venues/cvpr/feed.atom"
    assert GONE.title in before[page]
    assert GONE.title in before[feed]
    assert "<p>2 papers</p>" in before[page]
    assert "2026 <small>2</small>" in before[every]
    assert GONE.title not in after[page]
    assert "Removed" not in after[page]
    assert GONE.title not in after[feed]
    assert STAYS.title in after[page]
    assert "<p>1 paper</p>" in after[page]
    assert "and 1 more" not in after[page]
    assert "2026 <small>1</small>" in after[every]


@pytest.mark.parametrize("path", ["index.html", "archive/index.html", "feed.atom", "feed.json"])
def test_a_headline_that_names_a_removed_paper_is_told_no_more(
    builds: tuple[dict[str, str], dict[str, str]], path: str
) -> None:
    """Not at the front, not in the archive, not by a feed; the first line of counts takes its place."""
    before, after = builds
    assert f"{GONE.title} is out" in before[path]
    assert GONE.title not in after[path]
    assert "Two papers are new" in after[path]


@pytest.mark.parametrize("id", LANDMARKS)
def test_a_removed_landmark_leaves_the_page_of_its_topic(
    builds: tuple[dict[str, str], dict[str, str]], id: str
) -> None:
    """Whether it is of arXiv, of a publisher or a post; no issue need have printed it."""
    before, after = builds
    topic, url = LANDMARKS[id]
    assert f'href="{url}"' in before[f"topics/{topic}/index.html"]
    assert f'href="{url}"' not in after[f"topics/{topic}/index.html"]


def test_the_sitemap_names_no_page_of_a_removed_paper(
    builds: tuple[dict[str, str], dict[str, str]],
) -> None:
    """Search engines are not asked to keep it; its page, one neutral line, is there for old links."""
    before, after = builds
    gone, stays = ("https://paper.example/e/arxiv-2603.0000" + number for number in "12")
    assert gone in before["sitemap.xml"]
    assert gone not in after["sitemap.xml"]
    assert stays in after["sitemap.xml"]
    assert GONE.title not in after["e/arxiv-2603.00001/index.html"]


def date_of(number: int, title: str, starts: datetime) -> Entry:
    """A date that the source Dates told."""
    return Entry(f"event:{number:016x}", "event", "Dates", f"https://dates.example/{number}", title, starts=starts, zone="UTC")  # fmt: skip


def test_a_removed_date_leaves_the_calendar_and_is_printed_no_more(
    root: Root, typed: Terminal
) -> None:
    """Not in calendar.ics, not on a page, and not by the next issue; the other date stays."""
    source = "{kind: deadlines, name: Dates, url: 'https://dates.example/x.yml'}"
    (root.path / "feeds.yaml").write_text(f"sources: [{{kind: arxiv}}, {source}]\n")
    ball = date_of(1, "The Kettle Ball", datetime(2026, 3, 20, 18, tzinfo=UTC))
    tea = date_of(2, "Tea at the Pond", datetime(2026, 3, 24, 18, tzinfo=UTC))
    root.keep(W11, paper(50), ball, tea)
    assert {ball.id, tea.id} <= set(items(root.edit(W11), "dates"))
    typed(W11, "publish")
    calendar = root.path / "output" / "site" / "calendar.ics"
    assert ball.title in calendar.read_text()
    typed(W11, "remove", ball.id, "--reason", "it is called off")
    assert ball.title not in calendar.read_text()
    assert tea.title in calendar.read_text()
    assert ball.title not in whole_text(root.path)
    root.keep(W12, paper(60))
    dates = items(root.edit(W12), "dates")
    assert ball.id not in dates
    assert tea.id in dates


def test_a_removed_landmark_does_not_come_back_from_the_shelf(root: Root) -> None:
    """It was in no issue yet; the other landmark takes its turn."""
    gone, stays = (
        paper(n, id=f"arxiv:1706.0000{n}", kind="paper", week="2017-W24") for n in (1, 2)
    )
    with root.store() as store:
        store.amend(removal(gone.id))
    assert items(root.edit(W11, gone, stays), "shelf") == [stays.id]
    root.keep(W12, paper(60))
    assert items(root.edit(W12, gone, stays), "shelf") == []
