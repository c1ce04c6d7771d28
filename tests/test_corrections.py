"""Corrections and follow-ups: what is said of an entry after it was printed, and how it disappears."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import sample_issue
from kept_week import SUNDAY, W10, W11, W12, Root, Terminal, items, paper, whole_text
from sundaypaper.codec import from_json, to_json
from sundaypaper.formats.document import document_json
from sundaypaper.issue import amended, amended_picked, correction
from sundaypaper.models import Amendment, Editorial, Issue, Mention, MinuteLine, Picked

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
    assert (done.status, "is removed for good" in done.out) == (0, True)
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
