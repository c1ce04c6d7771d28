"""The editor's desk: what a person may decide, how it is told when wrong, and what it makes of a week."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sample_issue
from composing import SIZES, composed, sizes, viewed
from effort import examples
from kept_week import SUNDAY, W10, W11, Root, Terminal, items, paper
from sundaypaper import config, markdown
from sundaypaper.config import load_desk
from sundaypaper.errors import ConfigError
from sundaypaper.formats.desk_text import MARKER, candidates_text, desk_text, renewed
from sundaypaper.forms import document
from sundaypaper.issue import Sizes
from sundaypaper.models import Editorial, Evidence, Issue, Pick, SourceReport, TopicName
from sundaypaper.pipeline.collecting import Collected
from sundaypaper.pipeline.completeness import completed, owed

KNOWN = frozenset({f"arxiv:2603.{n:05}" for n in range(1, 9)} | {"post:00000000000000aa"})


def loaded(folder: Path, text: str) -> Editorial:
    """The editorial of a desk file."""
    path = folder / "desk.yaml"
    path.write_text(text, encoding="utf-8")
    return load_desk(path, W10, KNOWN, {"event:00000000000000bb"})


def mistakes(folder: Path, text: str) -> list[str]:
    """Every mistake that a desk file is told, without the folder."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text)
    return [str(one).removeprefix(f"{folder}/") for one in caught.value.mistakes]


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


# ---------------------------------------------------------------- the file


def test_an_editor_says_everything_in_one_file(tmp_path: Path) -> None:
    """Bare numbers, versions and addresses of arXiv papers are ids; the intro keeps its lines."""
    said = loaded(
        tmp_path,
        "format: 1\nheadline: A quiet week\nintro: |\n  Two *small* things.\n\n  - [one](https://a.example)\n"
        "signed: Olu\nlead: [2603.00003, 'arXiv:2603.00001v2']\ndrop:\n  - post:00000000000000aa\n"
        "  - event:00000000000000bb\nnotes: {https://arxiv.org/abs/2603.00004: Read it twice.}\n",
    )
    assert said == Editorial(
        "A quiet week",
        "Two *small* things.\n\n- [one](https://a.example)",
        ("arxiv:2603.00003", "arxiv:2603.00001"),
        ("post:00000000000000aa", "event:00000000000000bb"),
        {"arxiv:2603.00004": "Read it twice."},
        "Olu",
    )


@pytest.mark.parametrize(
    "text",
    ["", "# lead: [x]\n", "headline:\nintro: |\n\nlead:\ndrop: []\nnotes: {}\nsigned: ''\n",
     "lead:\n  -\n  - ''\nnotes:\n  2603.00001:\n"],
)  # fmt: skip
def test_what_is_empty_or_commented_out_means_nothing(tmp_path: Path, text: str) -> None:
    """A file that nobody has filled in changes nothing."""
    assert loaded(tmp_path, text) == Editorial()


def test_every_mistake_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    """Line and column of each, what is wrong, and what would be right."""
    told = mistakes(
        tmp_path,
        f"headlin: x\nheadline: {'long ' * 19}\nintro: '{'word ' * 121}'\n"
        "lead: [2603.00001, 2603.09999, 2603.00001]\ndrop:\n- 2603.00002\n- 2603.00001\n"
        "notes:\n  2603.00002: Good.\n  2603.00033: Who?\nformat: 2\n",
    )
    assert [one.split(": ")[0] + ": " + one.split(": ")[1] for one in told] == [
        "desk.yaml:1:1: headlin",
        "desk.yaml:2:11: headline",
        "desk.yaml:3:8: intro",
        "desk.yaml:4:8: lead[0]",
        "desk.yaml:4:20: lead[1]",
        "desk.yaml:4:32: lead[2]",
        "desk.yaml:4:32: lead[2]",
        "desk.yaml:9:3: notes.2603.00002",
        "desk.yaml:10:3: notes.2603.00033",
        "desk.yaml:11:9: format",
    ]
    whole = "\n".join(told)
    for words in (
        "there is no key “headlin” here; did you mean “headline”?",
        "expected at most 90 characters, found 94",
        "expected at most 120 words, found 121",
        "“arxiv:2603.00001” is dropped as well: keep one of them",
        "“arxiv:2603.09999” is no candidate of 2026-W10; did you mean “arxiv:2603.0000",
        "“arxiv:2603.00001” stands here twice",
        "“arxiv:2603.00002” is dropped as well",
        "expected at most 1, found “2”",
    ):
        assert words in whole


def test_more_than_five_leads_and_a_date_that_leads_are_mistakes(tmp_path: Path) -> None:
    """Five is the most; what is no news of the week may be dropped and never leads."""
    six = ", ".join(f"2603.0000{n}" for n in range(1, 7))
    assert mistakes(tmp_path, f"lead: [{six}]\n") == [
        "desk.yaml:1:7: lead: expected at most 5 entries, found 6"
    ]
    told = mistakes(tmp_path, "lead: ['event:00000000000000bb']\n")
    assert "cannot lead: it is no news of 2026-W10" in told[0]


@pytest.mark.parametrize(
    "link",
    ["[x](javascript:alert(1))", "[x](data:text/html,x)", "![x](/a.png)", "[x](topics/index.html)",
     "[x](//evil.example)", "<ftp://a.example>", "[x](<file:///etc/passwd>)", "[x](JaVaScRiPt:1)"],
)  # fmt: skip
def test_links_of_the_intro_lead_to_the_web_or_to_mail(tmp_path: Path, link: str) -> None:
    """Anything else is a mistake before it is printed, and would not be a link if it were."""
    told = mistakes(tmp_path, f"intro: |\n  See {link}.\n")
    assert "expected links that begin with https://, http:// or mailto:" in told[0]
    assert "<a" not in markdown.html(link)


def test_the_intro_becomes_a_few_elements_and_no_html() -> None:
    """Paragraphs, emphasis, lists, links; what looks like HTML is text."""
    text = "A *b* **c** <script>x</script>\n# d\n\n1. [e](mailto:a@b.example)\n\n`f` ![g](https://h.example/i.png)"
    assert markdown.html(text) == (
        "<p>A <em>b</em> <strong>c</strong> &lt;script&gt;x&lt;/script&gt;\n# d</p>\n<ol>\n<li>"
        '<a href="mailto:a@b.example">e</a></li>\n</ol>\n'
        '<p>`f` !<a href="https://h.example/i.png">g</a></p>'
    )


# ---------------------------------------------------------------- the file that the command writes


def hostile(pick: Pick, title: str) -> Pick:
    """A pick with a title, and the same in its reasons."""
    return replace(pick, title=title, reasons=(title,))


def with_titles(title: str) -> Issue:
    """The sample issue with one title everywhere."""
    whole = sample_issue.sample_issue()
    kept = {item.id for s in whole.sections for item in s.items[:1]}
    issue = replace(
        whole,
        entries=tuple(p for p in whole.entries if p.id in kept),
        sections=tuple(replace(s, items=s.items[:1]) for s in whole.sections),
    )
    sections = tuple(
        replace(s, title=title, items=tuple(replace(i, why=title) for i in s.items))
        for s in issue.sections
    )
    return replace(
        issue,
        title=title,
        entries=tuple(hostile(p, title) for p in issue.entries),
        sections=sections,
    )


@examples(60)
@given(st.text(max_size=40))
def test_no_title_leaves_its_comment(title: str) -> None:
    """Whatever stands in a title, the file holds the empty keys and nothing else."""
    text = desk_text(
        with_titles(title + "\nlead: [x]\r\x85\u2028\u2029\x0bdrop: [y]\x00\ufeff\x1b[2J")
    )
    found = document.parse(text, "desk.yaml")
    assert found.mistakes == ()
    assert isinstance(found.data, dict)
    assert {key: value for key, value in found.data.items() if value} == {"format": "1"}
    below = text.split(MARKER)[1].splitlines()
    assert all(line.startswith("#") for line in below if line)


def test_the_desk_lists_what_is_printed_and_the_best_of_the_rest(tmp_path: Path) -> None:
    """Sixty candidates and more where much is printed, each with id, ring, score and why."""
    issue = sample_issue.sample_issue()
    text = desk_text(issue)
    (tmp_path / "desk.yaml").write_text(text)
    assert load_desk(tmp_path / "desk.yaml", W10, KNOWN) == Editorial()
    assert "# * arxiv:2603.00000  Reading the Room" in text
    assert "#     accepted, 4.00 · Oral at CVPR" in text
    assert "# Read first" in text
    assert "\n#   arxiv:2603." in text
    assert 60 <= text.count("\n# * ") + text.count("\n#   arxiv:") <= 90


def test_what_an_editor_said_is_written_so_that_it_reads_back(tmp_path: Path) -> None:
    """Quotes, colons and hashes of their own words survive."""
    said = Editorial(
        "It's: #1", "A *b*: c\n\n  - 'd' # e", ("arxiv:2603.00001",), ("arxiv:2603.00002",),
        {"arxiv:2603.00003": "Don't: #2"}, "O'Lu: #3",
    )  # fmt: skip
    path = tmp_path / "desk.yaml"
    path.write_text(desk_text(sample_issue.sample_issue(), said))
    assert load_desk(path, W10, KNOWN) == said


def test_candidates_are_renewed_and_the_editors_words_stay() -> None:
    """Only comments below the marker are made anew; anything else there is not touched at all."""
    issue = sample_issue.sample_issue()
    mine = "headline: Mine\n# a thought\n\n"
    assert renewed(f"{mine}{MARKER}\n# old\n\n# older\n", issue) == mine + candidates_text(issue)
    assert renewed(f"{mine}{MARKER}\n# old\nlead: [x]\n", issue) is None
    assert renewed(f"{mine}{MARKER} and me\n", issue) is None
    assert renewed(mine, issue) is None


# ---------------------------------------------------------------- what it makes of an issue


def pick(number: int, **more: object) -> Pick:
    """A paper of the field with code; lower is better."""
    base = sample_issue.paper(number)
    given = {
        "id": f"arxiv:2603.{number:05}", "score": 100.0 - number, "ring": "field", "claims": (),
        "evidence": (Evidence("code", "github.com/a/b"),), "authors": (f"Author {number}",),
    }  # fmt: skip
    return replace(base, **(given | more))  # type: ignore[arg-type]


def made(*picks: Pick, editorial: Editorial | None = None, chosen: Sizes | None = None) -> Issue:
    """The issue of these picks as an editor wants it."""
    return composed(
        *picks, week=W10, title="Paper", now=SUNDAY[W10], sizes=chosen or SIZES,
        topics=tuple(TopicName(t.id, t.name) for t in sample_issue.TOPICS), core=("cvpr",),
        editorial=editorial,
    )  # fmt: skip


def id_of(number: int) -> str:
    return f"arxiv:2603.{number:05}"


def test_leads_stand_first_in_the_editors_order_and_the_program_fills_up() -> None:
    """Rules on topics and categories do not apply to the editor; no author of theirs stands twice."""
    same = [pick(n, tags=pick(1).tags, categories=("cs.LG",)) for n in range(30, 33)]
    twin = pick(0, authors=("Author 30",))
    lead = (id_of(32), id_of(30), id_of(31))
    issue = made(*(pick(n) for n in range(1, 12)), *same, twin, editorial=Editorial(lead=lead))
    assert items(issue, "lead")[:3] == list(lead)
    assert len(items(issue, "lead")) == 5
    assert twin.id not in items(issue, "lead")
    assert len({item.id for s in issue.sections for item in s.items}) == issue.funnel.printed


def test_a_lead_without_a_reason_says_whose_choice_it_is() -> None:
    """A paper that the program would never print, since nobody can check a reason for it."""
    plain = pick(40, evidence=(), reasons=())
    issue = made(pick(1), plain, editorial=Editorial(lead=(plain.id,)))
    assert issue.sections[0].items[0].why == "the editor’s choice"
    assert items(made(pick(1), plain), "lead") == [id_of(1)]


def test_a_lead_stands_once_even_where_nobody_signs_it() -> None:
    """What the editor leads with the program does not choose again."""
    alone = pick(1, authors=())
    issue = made(alone, pick(2), editorial=Editorial(lead=(alone.id,)))
    assert items(issue, "lead") == [alone.id, id_of(2)]


def test_what_is_dropped_is_printed_nowhere_and_still_counted() -> None:
    """It stays among all entries and in the counts; an edition does not bring it back."""
    picks = [pick(n, ring="accepted", claims=sample_issue.paper(1, "accepted").claims) for n in range(1, 30)]  # fmt: skip
    before = made(*picks)
    gone = (id_of(1), id_of(7), id_of(20))
    issue = made(*picks, editorial=Editorial(drop=gone))
    printed = {item.id for s in issue.sections for item in s.items}
    assert not printed & set(gone)
    assert {p.id for p in issue.entries} == {p.id for p in before.entries}
    counted = [line for line in before.minute if line.form == "accepted"]
    assert counted
    assert [line for line in issue.minute if line.form == "accepted"] == counted
    shown = len(items(issue, "accepted")) + len(items(issue, "lead"))
    assert shown + next(s.rest for s in issue.sections if s.id == "accepted") == 29
    again = viewed(issue, lambda p: True, core=("cvpr",))
    assert not {item.id for s in again.sections for item in s.items} & set(gone)


def test_the_editors_words_are_the_headline_and_are_counted() -> None:
    """Headline, intro, signature and the notes that are printed; the lines of counts stay."""
    plain = made(pick(1), pick(2))
    said = Editorial("A kettle week", "Two *short* [words](https://a.example).", notes={id_of(1): "So good.", id_of(9): "Not printed."}, signed="Olu")  # fmt: skip
    issue = made(pick(1), pick(2), editorial=said)
    assert issue.headline == "A kettle week"
    assert (issue.minute, issue.editorial) == (plain.minute, said)
    assert issue.words == plain.words + 3 + 3 + 1 + 2
    assert made(pick(1), editorial=Editorial()).editorial is None


def test_the_editors_leads_never_give_way() -> None:
    """However few words an issue may hold, they stay; the rest shrinks around them."""
    lead = tuple(id_of(n) for n in range(20, 25))
    issue = made(*(pick(n) for n in range(1, 40)), editorial=Editorial(lead=lead), chosen=sizes(words=100, lead=3))  # fmt: skip
    assert items(issue, "lead") == list(lead)
    assert [s.id for s in issue.sections] == ["lead"]


# ---------------------------------------------------------------- the whole way


def test_a_week_that_waits_is_printed_when_its_editor_says_so(root: Root, typed: Terminal) -> None:
    """A draft that says what it waits for; the desk; a print with the editor's choice; never again."""
    draft = root.edit(W10)
    assert (draft.state, draft.why_draft) == (
        "draft",
        "It waits for its editor: `sundaypaper print --week 2026-W10`",
    )
    assert typed(W10, "desk", "--week", W10).status == 0
    path = root.path / "desk" / f"{W10}.yaml"
    assert id_of(12) in path.read_text()
    words = path.read_text().replace("lead: []", "lead: [2603.00012]").replace("headline:\n", "headline: Kettles, calmly\n")  # fmt: skip
    path.write_text(words.replace("notes: {}", "notes: {2603.00012: Read this one.}"))
    assert typed(W10, "desk", "--week", W10).status == 0
    assert "headline: Kettles, calmly" in path.read_text()
    assert root.edit(W10).headline == "Kettles, calmly"
    done = typed(W10, "print", "--week", W10)
    assert (done.status, "2026-W10 is printed: Kettles, calmly" in done.out) == (0, True)
    issue = root.issue(W10)
    assert (issue.state, items(issue, "lead")[0]) == ("frozen", id_of(12))
    assert issue.editorial is not None
    assert issue.editorial.notes == {id_of(12): "Read this one."}
    assert "Kettles, calmly" in (root.path / "output/site/archive/index.html").read_text()
    for command in ("print", "desk"):
        again = typed(W10, command, "--week", W10)
        assert (again.status, "2026-W10 is printed already" in again.out) == (1, True)


def test_a_mistake_on_the_desk_stops_the_printing(root: Root, typed: Terminal) -> None:
    """Exit status 2 with the place of the mistake; the week stays what it was."""
    root.edit(W10)
    root.desk("lead: [2603.77777]\n")
    done = typed(W10, "print", "--week", W10)
    assert done.status == 2
    assert "2026-W10.yaml:1:8: lead[0]: “arxiv:2603.77777” is no candidate of 2026-W10" in done.out
    assert root.issue(W10).state == "draft"


def test_a_desk_with_words_below_the_marker_is_left_alone(root: Root, typed: Terminal) -> None:
    """Nothing that the editor wrote is ever overwritten."""
    root.edit(W10)
    typed(W10, "desk", "--week", W10)
    path = root.path / "desk" / f"{W10}.yaml"
    path.write_text(path.read_text() + "drop: [2603.00001]\n")
    before = path.read_bytes()
    done = typed(W10, "desk", "--week", W10)
    assert (done.status, "move what is yours above it" in done.out) == (1, True)
    assert path.read_bytes() == before


def test_without_hold_the_desk_counts_at_each_run(root: Root) -> None:
    """A complete week prints itself, with what the editor had said by then."""
    root.configure()
    root.desk("drop: [2603.00001]\n")
    issue = root.edit(W10)
    assert issue.state == "frozen"
    assert id_of(1) not in {item.id for s in issue.sections for item in s.items}


def test_an_incomplete_week_is_printed_only_with_a_reason_that_it_prints(
    root: Root, typed: Terminal
) -> None:
    """arXiv never answered: without a reason the command refuses and says what there is to do."""
    root.keep(W10, paper(1), state="incomplete")
    done = typed(W10, "print", "--week", W10)
    assert done.status == 1
    assert "2026-W10 cannot be printed. arXiv is incomplete: a page was empty" in done.out
    assert "--incomplete REASON" in done.out
    done = typed(W10, "print", "--week", W10, "--incomplete", "arXiv has lost a batch.")
    assert done.status == 0, done.out
    issue = root.issue(W10)
    note = next(s.note for s in issue.sections if s.id == "made")
    assert note.startswith("Printed incomplete: arXiv has lost a batch. arXiv is incomplete: a")
    assert (issue.state, issue.why_draft) == ("frozen", "")
    assert "arXiv has lost a batch" in (root.path / "output/site/index.html").read_text()


def test_a_week_that_is_not_over_or_unknown_is_not_printed(root: Root, typed: Terminal) -> None:
    """Not even with a reason: what is still to come would be late for ever."""
    root.keep(W11, paper(50))
    done = typed(W10, "print", "--week", W11, "--incomplete", "I cannot wait.")
    assert done.status == 2  # the week has not begun
    done = typed(W11, "print", "--week", "2026-W09", "--incomplete", "Why not.")
    assert (done.status, "nothing is kept of 2026-W09" in done.out) == (1, True)
    done = typed("Wednesday", "print", "--week", W11, "--incomplete", "I cannot wait.")
    assert (done.status, "The week is not over" in done.out) == (1, True)


def test_a_week_that_waits_keeps_its_ledger_while_later_weeks_run(root: Root) -> None:
    """The next week's answers complete what is incomplete, and touch nothing that is complete."""
    root.edit(W10)
    made = config.load(root.path / "feeds.yaml")
    later = Collected((), ledger=(SourceReport("arXiv", "arxiv", "fresh", fetched=99),))
    with root.store() as store:
        assert owed(store.heads(), W11) == [W10]
        assert not completed(made, store, W10, W11, later)
        assert store.reports(W10)["arXiv"].fetched == 0
    root.keep(W10, state="incomplete")
    with root.store() as store:
        assert completed(made, store, W10, W11, later)
        assert store.reports(W10)["arXiv"].fetched == 99


def test_waiting_changes_nothing_of_an_issue(root: Root) -> None:
    """Whether a week waits is no part of what its issue says: the fingerprint stays."""
    waiting = config.load(root.path / "feeds.yaml")
    root.configure()
    plain = config.load(root.path / "feeds.yaml")
    assert (waiting.hold, plain.hold) == (True, False)
    assert (waiting.fingerprint, waiting.sizes) == (plain.fingerprint, plain.sizes)


@pytest.mark.parametrize("words", [("run",), ("print", "--week", "2099-W10")])
def test_a_week_that_is_rehearsed_ahead_of_its_time_is_not_printed(
    root: Root, typed: Terminal, words: tuple[str, ...]
) -> None:
    """Whatever is kept of it by then: a printed issue of a day that has not come would stay."""
    (root.path / "feeds.yaml").write_text("sources: [{kind: bundle, name: A, path: shelf}]\n")
    root.keep("2099-W10", *(paper(n) for n in range(1, 5)))
    said = typed("2099-W10", *words)
    assert said.status == 1
    assert "A rehearsal of a day that has not come." in said.out
    with root.store() as store:
        assert [head.week for head in store.heads() if head.state == "frozen"] == []
