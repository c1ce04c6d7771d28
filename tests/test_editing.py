"""Editing without fear: a look before an issue is printed, mending after it, and the way back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sample_issue
from kept_week import SUNDAY, W10, W11, W12, Root, Terminal, Typed, items, paper, whole_text
from published import publish, texts
from sundaypaper.cli import asking
from sundaypaper.cli.commands import app
from sundaypaper.issue import amended, told
from sundaypaper.models import Amendment, Editorial, MinuteLine
from sundaypaper.wording.amendments import amendment_label, amendment_words

FIRST, TITLE = "arxiv:2603.00001", "Kettle Number 1 Boils Quietly"
DESK = "headline: Kettels boil\nintro: |\n  A *quiet* week.\nsigned: Olu\nlead: [2603.00012]\ndrop: [2603.00002]\n"
THURSDAY = datetime(2026, 3, 12, 9, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """Twelve papers of 2026-W10, arXiv complete, and a paper that waits for its editor."""
    made = Root(tmp_path)
    made.configure("print: {hold: true}\n")
    made.keep(W10, *(paper(n) for n in range(1, 13)))
    return made


@pytest.fixture
def typed(
    root: Root, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """The command line of that root."""
    return Terminal(root, monkeypatch, capsys)


def page(root: Root, path: str) -> str:
    """A published page."""
    return (root.path / "output" / "site" / path).read_text()


def fine(done: Typed) -> str:
    """What a command said that went well."""
    assert done.status == 0, done.out
    return done.out


# ---------------------------------------------------------------- the editor's way


def test_an_editor_goes_from_hold_to_a_correction_and_back(root: Root, typed: Terminal) -> None:
    """Hold, desk, preview, dry run, print, a typo seen too late, its correction, and its undo."""
    assert root.edit(W10).state == "draft"
    told = fine(typed(W10, "desk", "--week", W10))
    assert f"sundaypaper preview --week {W10}" in told
    assert f"`sundaypaper print --week {W10}` prints the week with it" in told
    desk = root.desk(DESK)
    assert f"{desk} is not in the draft of {W10} yet" in fine(typed(W10, "publish"))
    before = (root.path / "paper.db").read_bytes()
    built = texts(root.path / "output" / "site")

    fine(typed(W10, "preview"))
    folder = root.path / "mails" / "preview"
    shown = (folder / W10 / "index.html").read_text()
    for text in (shown, (folder / f"{W10}.html").read_text()):
        assert "Kettels boil" in text
        assert "Olu" in text
    assert "Draft." not in shown
    assert "Kettle Number 2 Boils" not in shown
    rehearsed = fine(typed(W10, "print", "--week", W10, "--dry-run"))
    assert f"{W10} would be printed: Kettels boil" in rehearsed
    assert "lead: Kettle Number 12 Boils Quietly" in rehearsed
    assert "your headline, an intro of 3 words, signed Olu, 1 entry first, 1 dropped" in rehearsed
    assert (root.path / "paper.db").read_bytes() == before
    assert texts(root.path / "output" / "site") == built

    fine(typed(W10, "print", "--week", W10))
    kept = root.issue(W10)
    assert (kept.state, kept.headline) == ("frozen", "Kettels boil")
    printed = page(root, f"issues/{W10}/index.html")
    told = fine(typed("Wednesday", "correct", "--week", W10, "--headline", "Kettles boil"))
    assert "it was printed as: Kettels boil" in told
    mended = page(root, f"issues/{W10}/index.html")
    assert "Kettles boil</p>" in mended
    assert "<b>Headline corrected, 11 March 2026.</b> It was printed as: “Kettels boil”" in mended
    assert root.issue(W10) == kept

    fine(typed(W11, "correct", "--week", W10, "--undo"))
    back = page(root, f"issues/{W10}/index.html")
    said = "<b>Headline corrected on 11 March 2026, taken back on 15 March 2026.</b> Meanwhile it said: “Kettles boil”"
    assert said in back
    line = f'<p class="banner" role="note">{said}</p>\n'
    assert back.replace(line, "") == printed
    assert said.partition("</b>")[2] in page(root, "corrections/index.html")


# ---------------------------------------------------------------- a look before


def test_a_preview_takes_the_newest_week_and_opens_from_the_disk(
    root: Root, typed: Terminal
) -> None:
    """A draft is newer than the printed issue; the page has its style, and its links lead somewhere."""
    root.edit(W10)
    fine(typed(W10, "print", "--week", W10))
    root.keep(W11, paper(50))
    root.edit(W11)
    fine(typed(W11, "publish"))
    fine(typed(W11, "preview"))
    there = root.path / "mails" / "preview" / W11
    text = (there / "index.html").read_text()
    assert "Kettle Number 50" in text
    assert (there / "style.css").read_text()
    links = re.findall(r'<(?:a|link|script)[^>]*(?:href|src)="([^"#]+)', text)
    files = [link for link in links if not link.startswith(("http", "mailto:"))]
    assert any("output/site" in link for link in files)
    assert not [link for link in files if not (there / link).resolve().is_file()]


def test_the_preview_of_a_printed_issue_is_the_issue(root: Root, typed: Terminal) -> None:
    """A desk file that was changed since changes nothing in it; a correction does."""
    root.edit(W10)
    fine(typed(W10, "print", "--week", W10))
    root.desk(DESK)
    fine(typed("Wednesday", "correct", "--week", W10, "--headline", "All quiet"))
    told = fine(typed("Wednesday", "preview", "--week", W10))
    assert "Subject: Sunday Paper: All quiet" in told
    assert "Kettels" not in (root.path / "mails" / "preview" / W10 / "index.html").read_text()


def test_a_week_that_cannot_be_printed_is_shown_as_the_draft_that_it_is(
    root: Root, typed: Terminal
) -> None:
    """arXiv is incomplete: preview warns, the dry run has status 1, and nothing is kept."""
    root.keep(W10, paper(1), state="incomplete")
    before = (root.path / "paper.db").read_bytes()
    told = fine(typed(W10, "preview", "--week", W10))
    assert f"{W10} cannot be printed yet: arXiv is incomplete" in told
    assert "<b>Draft.</b>" in (root.path / "mails" / "preview" / W10 / "index.html").read_text()
    refused = typed(W10, "print", "--week", W10, "--dry-run")
    assert refused.status == 1
    assert f"{W10} would not be printed: arXiv is incomplete" in refused.out
    despite = fine(typed(W10, "print", "--week", W10, "--dry-run", "--incomplete", "arXiv is down"))
    assert "missing: Printed incomplete: arXiv is down." in despite
    assert (root.path / "paper.db").read_bytes() == before


def test_a_draft_is_what_send_names_where_nothing_is_printed(root: Root, typed: Terminal) -> None:
    """Not a run that was made already: the week waits for its editor."""
    root.configure("print: {hold: true}\ndelivery: {kind: file, from: a@b.example, folder: out}\n")
    root.edit(W10)
    told = typed(W10, "send")
    assert told.status == 1
    assert f"no issue is printed yet; {W10} is a draft: It waits for its editor" in told.out
    assert f"`sundaypaper preview --week {W10}` shows it" in told.out


def test_a_desk_file_that_comes_too_late_is_told(root: Root, typed: Terminal) -> None:
    """After the week was printed it changes nothing, and correct is the way; until then it is silent."""
    root.desk(DESK)
    root.edit(W10)
    assert "desk/" not in fine(typed(W10, "print", "--week", W10))
    root.desk(DESK.replace("Kettels", "Kettles"))
    told = fine(typed(W10, "publish"))
    assert f"was changed after {W10} was printed, and changes nothing there" in told
    assert f"`sundaypaper correct --week {W10} --headline …`" in told
    fine(typed(W10, "correct", "--week", W10, "--headline", "Kettles boil"))
    assert "desk/" not in fine(typed(W10, "publish"))
    again = typed(W10, "desk", "--week", W10)
    assert (again.status, f"`sundaypaper correct --week {W10} --headline …`" in again.out) == (1, True)  # fmt: skip


# ---------------------------------------------------------------- mending after


@pytest.fixture
def printed(root: Root, typed: Terminal) -> Root:
    """2026-W10 is printed and published, with the editor's words."""
    root.desk(DESK)
    fine(typed(W10, "print", "--week", W10))
    return root


def test_corrected_words_stand_wherever_the_printed_ones_did(
    printed: Root, typed: Terminal
) -> None:
    """Page, front, archive, feeds, issue.json and mail; a feed has the same item, newly updated."""
    words = ("--headline", "Kettles boil", "--intro", "A *loud* week.")
    fine(typed("Wednesday", "correct", "--week", W10, *words))
    for path in ("index.html", "archive/index.html", "feed.atom", "feed.json", "llms.txt", f"api/v1/issues/{W10}.json"):  # fmt: skip
        assert "Kettles boil" in page(printed, path), path
    for path in ("index.html", f"issues/{W10}/index.html"):
        assert "A <em>loud</em> week." in page(printed, path)
    kept = json.loads(page(printed, f"issues/{W10}/issue.json"))
    assert kept["headline"] == kept["editorial"]["headline"] == "Kettles boil"
    assert kept["editorial"]["intro"] == "A *loud* week."
    assert [(a["kind"], a["id"], a["old"], a["until"]) for a in kept["amendments"]] == [
        ("headline", W10, "Kettels boil", None),
        ("intro", W10, "A *quiet* week.", None),
    ]
    [item] = json.loads(page(printed, "feed.json"))["items"]
    assert item["date_published"].startswith("2026-03-08")
    assert item["date_modified"].startswith("2026-03-11")
    fine(typed("Wednesday", "preview", "--week", W10))
    mail = (printed.path / "mails" / "preview" / f"{W10}.eml").read_bytes().decode()
    assert "Kettles boil" in mail
    assert "Headline corrected, 11 March 2026." in mail
    export = fine(typed("Wednesday", "export", "--week", W10))
    assert "Kettles boil\n\nHeadline corrected, 11 March 2026. It was printed as:" in export


def test_a_second_correction_replaces_the_first_and_says_so(printed: Root, typed: Terminal) -> None:
    """Readers see the newest with what was printed; the first stays on record, and in no line."""
    fine(typed("Wednesday", "correct", "--week", W10, "--headline", "Kettles boyl"))
    again = fine(typed(W11, "correct", "--week", W10, "--headline", "Kettles boil"))
    assert "in place of what was said on 11 March 2026: Kettles boyl" in again
    text = whole_text(printed.path)
    assert "boyl" not in text
    assert "Headline corrected, 15 March 2026" in text
    with printed.store() as store:
        every = store.amendments()[W10]
    assert [(one.text, one.old, one.holds) for one in every] == [
        ("Kettles boyl", "Kettels boil", False),
        ("Kettles boil", "Kettels boil", True),
    ]
    assert "already; nothing was changed" in fine(
        typed(W11, "correct", "--week", W10, "--headline", "Kettles boil")
    )


def test_a_note_is_replaced_and_taken_back(printed: Root, typed: Terminal) -> None:
    """Two notes on one entry do not stack; the undo is dated where the note was seen."""
    fine(typed("Wednesday", "correct", FIRST, "--note", "It boils at 99 degrees"))
    again = fine(typed("Wednesday", "correct", FIRST, "--note", "It boils at 98 degrees"))
    assert "in place of what was said on 11 March 2026: It boils at 99 degrees" in again
    for path in (f"issues/{W10}/index.html", "e/arxiv-2603.00001/index.html"):
        assert "98 degrees" in page(printed, path)
        assert "99 degrees" not in page(printed, path)
    fine(typed(W11, "correct", FIRST, "--undo"))
    said = "Correction of 11 March 2026, taken back on 15 March 2026"
    for path in (f"issues/{W10}/index.html", "e/arxiv-2603.00001/index.html", "corrections/index.html"):  # fmt: skip
        assert said in page(printed, path), path
    nothing = typed(W11, "correct", FIRST, "--undo")
    assert (nothing.status, "has no note; nothing was changed" in nothing.out) == (1, True)


def test_what_an_issue_told_and_was_taken_back_is_told_by_the_next(
    printed: Root, typed: Terminal
) -> None:
    """The issue that told the note says so too; a note that no issue told is not taken back in one."""
    second = "arxiv:2603.00003"
    fine(typed("Wednesday", "correct", FIRST, "--note", "It boils at 99 degrees"))
    printed.keep(W11, paper(50))
    fine(typed(W11, "print", "--week", W11))
    assert items(printed.issue(W11), "corrections") == [FIRST]
    later = "2026-03-17T12:00:00Z"
    for words in ((FIRST, "--undo"), (second, "--note", "Never mind"), (second, "--undo")):
        assert CliRunner().invoke(app, ["--root", str(printed.path), "--now", later, "correct", *words]).exit_code == 0  # fmt: skip
    told = "Correction to 2026-W10: It boils at 99 degrees. Taken back on 17 March 2026."
    assert told in page(printed, f"issues/{W11}/index.html")
    printed.keep(W12, paper(60))
    fine(typed(W12, "print", "--week", W12))
    third = printed.issue(W12)
    assert items(third, "corrections") == [FIRST]
    [why] = [item.why for s in third.sections if s.id == "corrections" for item in s.items]
    assert why == "In 2026-W11: Correction of 11 March 2026, taken back on 17 March 2026: It boils at 99 degrees"  # fmt: skip


def test_a_removed_entry_comes_back_as_it_was(printed: Root, typed: Terminal) -> None:
    """Every file is what it was, but for the dated line that says so; no source needs to bring it."""
    before = texts(printed.path / "output" / "site")
    fine(typed("Wednesday", "remove", FIRST, "--reason", "by mistake"))
    assert TITLE not in whole_text(printed.path)
    fine(typed(W11, "remove", FIRST, "--undo"))
    said = "Removed on 11 March 2026, back since 15 March 2026"
    for path in (f"issues/{W10}/index.html", "e/arxiv-2603.00001/index.html"):
        now = page(printed, path)
        assert said in now
        lines = [line for line in now.splitlines() if said not in line]
        assert lines == before[path].splitlines()
    assert said in page(printed, "corrections/index.html")
    for path in (f"issues/{W10}/all/index.html", "topics/index.html", "archive/index.html", f"issues/{W10}/ledger/index.html"):  # fmt: skip
        assert page(printed, path) == before[path], path
    archive = [path for path in before if path.startswith("archive/") and path.endswith(".js")]
    assert {path: page(printed, path) for path in archive} == {p: before[p] for p in archive}
    with printed.store() as store:
        assert store.removed() == frozenset()
        assert len(store.written("ada example 1", 9)) == 1
    idle = typed(W11, "remove", FIRST, "--undo")
    assert (idle.status, "is not removed; nothing was changed" in idle.out) == (1, True)


def test_corrected_words_say_nothing_of_an_entry_that_is_removed(
    printed: Root, typed: Terminal
) -> None:
    """Neither the new words nor those that were printed, on no page."""
    fine(typed("Wednesday", "correct", "--week", W10, "--intro", f"I like {TITLE}."))
    fine(typed(W11, "remove", FIRST, "--reason", "at its authors’ wish"))
    assert TITLE not in whole_text(printed.path)
    fine(typed(W11, "correct", "--week", W10, "--undo"))
    assert TITLE not in whole_text(printed.path)


def test_an_edition_keeps_a_headline_of_its_own() -> None:
    """It was not the editor's, so it is not what was corrected; the editor's words are."""
    issue = replace(
        sample_issue.sample_issue(), headline="Printed", editorial=Editorial("Printed", "Words.")
    )
    change = Amendment(issue.week, THURSDAY, "headline", "Mended", old="Printed")
    cut = replace(issue, headline="Three of robotics", minute=(MinuteLine("Three.", "lead"),))
    assert amended(issue, {issue.week: (change,)}).headline == "Mended"
    after = amended(cut, {issue.week: (change,)})
    assert after.headline == "Three of robotics"
    assert after.editorial == Editorial("Mended", "Words.")
    assert after.amendments == (change,)


def test_what_was_taken_back_and_said_again_is_told_both_times() -> None:
    """Only what a later one replaced is left out."""
    days = [THURSDAY + timedelta(days=n) for n in range(4)]
    first = Amendment(FIRST, days[0], "note", "One", until=days[1])
    second = Amendment(FIRST, days[1], "note", "Two", until=days[2])
    third = Amendment(FIRST, days[3], "note", "Three")
    assert told((first, second, third)) == (second, third)


@pytest.mark.parametrize(
    ("one", "label", "words"),
    [
        (Amendment(FIRST, THURSDAY, "note", "it boils"), "Correction, 12 March 2026", "It boils."),
        (Amendment(W10, THURSDAY, "intro", "New", old="A *b* [c](https://d.example)"),
         "Words of the editor corrected, 12 March 2026", "It was printed as: “A b c”"),
        (Amendment(W10, THURSDAY, "intro", "New"), "Words of the editor corrected, 12 March 2026", ""),
        (Amendment(W10, THURSDAY, "headline", "5 *of* 6", until=THURSDAY + timedelta(days=2), old="x"),
         "Headline corrected on 12 March 2026, taken back on 14 March 2026",
         "Meanwhile it said: “5 *of* 6”"),
    ],
)  # fmt: skip
def test_what_was_done_is_said_with_its_days(one: Amendment, label: str, words: str) -> None:
    """Markdown of an intro is read, that of a headline is not, and what was not there is not quoted."""
    assert (amendment_label(one), amendment_words(one)) == (label, words)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 2, "name an entry (ID), or the --week"),
        ((FIRST, "--week", W10), 2, "not both"),
        (("--week", W10), 2, "give --headline, --intro or --undo with it"),
        (("--week", W10, "--note", "x"), 2, "a week has --headline and --intro"),
        ((FIRST, "--headline", "x"), 2, "an entry has --note"),
        ((FIRST,), 2, "expected a sentence, found nothing"),
        ((FIRST, "--undo", "--note", "x"), 2, "give no words beside it"),
        (("--week", W10, "--headline", " "), 2, "expected words, found nothing"),
        (("--week", W10, "--headline", "x" * 91), 2, "at most 90 characters, found 91"),
        (("--week", W10, "--intro", "[x](javascript:alert)"), 2, "expected links that begin with"),
        (("--week", W11, "--headline", "x"), 1, f"there is no issue of {W11}"),
        (("--week", W10, "--undo"), 1, f"no words of {W10} were corrected"),
    ],
)
def test_what_cannot_be_corrected_is_told(
    printed: Root, typed: Terminal, words: tuple[str, ...], status: int, said: str
) -> None:
    """What is wrong and what is right; nothing is kept."""
    done = typed(W11, "correct", *words)
    assert done.status == status
    assert said in " ".join(done.out.split())
    with printed.store() as store:
        assert store.amendments() == {}


def test_the_words_of_a_draft_are_changed_at_its_desk(root: Root, typed: Terminal) -> None:
    """Not by a correction: nobody has read them."""
    root.edit(W10)
    done = typed(W10, "correct", "--week", W10, "--headline", "x")
    assert (done.status, f"write them into desk/{W10}.yaml" in done.out) == (1, True)


# ---------------------------------------------------------------- what nothing takes back


@pytest.fixture
def mailing(tmp_path: Path) -> Path:
    """Two printed weeks, of which nobody got one yet; two subscribers; mails go into a folder."""
    (tmp_path / "feeds.yaml").write_text(
        "sources: [{kind: arxiv}]\ndelivery: {kind: file, from: a@b.example, folder: out}\n"
    )
    issue = replace(sample_issue.sample_issue(), state="frozen", week=W10)
    publish(tmp_path, issue, replace(issue, week=W11, composed=SUNDAY[W11]))
    for who in ("ada@b.example", "bo@b.example"):
        assert ran(tmp_path, "subscribers", "add", who)[0] == 0
    return tmp_path


def ran(root: Path, *words: str, answer: str = "") -> tuple[int, str]:
    """The exit status of a command, and what it said."""
    done = CliRunner().invoke(app, ["--root", str(root), *words], input=answer)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, " ".join(done.output.split())


def mails(root: Path) -> int:
    return len(list((root / "out").glob("**/*.eml")))


def test_an_old_week_is_sent_only_where_it_is_meant(mailing: Path) -> None:
    """Without a terminal it is refused, with how many would get it; the newest week never asks."""
    status, said = ran(mailing, "send", "--week", W10)
    assert (status, mails(mailing)) == (2, 0)
    assert f"{W10} is not the newest issue, which is {W11}: it goes out to 2 subscribers now." in said  # fmt: skip
    assert "--yes" in said
    assert ran(mailing, "send", "--week", W10, "--dry-run")[0] == 0
    assert ran(mailing, "send", "--week", W11)[0] == 0
    assert mails(mailing) == 2
    assert ran(mailing, "send", "--week", W10, "--to", "ada@b.example")[0] == 0
    assert mails(mailing) == 3
    assert "to 1 subscriber now" in ran(mailing, "send", "--week", W10)[1]
    assert ran(mailing, "send", "--week", W10, "--yes")[0] == 0
    assert mails(mailing) == 4
    assert ran(mailing, "send", "--week", W10)[0] == 0  # nobody is left who would get it


class Terminals:
    """A stdin that says whether somebody sits there."""

    def __init__(self, there: bool) -> None:
        self.there = there

    def isatty(self) -> bool:
        """Whether somebody sits there."""
        return self.there


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("subscribers", "erase", "ada@b.example"), "All that is kept of this person is deleted"),
        (("subscribers", "suppress", "ada@b.example"), "Nothing is ever sent to this address again"),
        (("send", "--week", W10), "it goes out to 2 subscribers now"),
    ],
)  # fmt: skip
def test_a_person_is_asked_before_what_nothing_takes_back(
    mailing: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], what: str
) -> None:
    """At a terminal with a question, which no answers by default; elsewhere --yes is named."""
    before = everybody(mailing)
    status, said = ran(mailing, *words)
    assert (status, everybody(mailing), mails(mailing)) == (2, before, 0)
    assert what in said
    assert "--yes" in said
    monkeypatch.setattr(asking, "sys", type("Sys", (), {"stdin": Terminals(True)}))
    for answer in ("n\n", "\n"):
        status, said = ran(mailing, *words, answer=answer)
        assert (status, everybody(mailing), mails(mailing)) == (1, before, 0)
        assert what in said
        assert "nothing was done" in said
    assert ran(mailing, *words, answer="y\n")[0] == 0
    assert (everybody(mailing), mails(mailing)) != (before, 0)


def everybody(root: Path) -> str:
    """The list of subscribers."""
    return ran(root, "subscribers", "list")[1]
