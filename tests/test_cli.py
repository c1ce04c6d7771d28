"""The command as a user runs it: a real folder, a real database, and where that matters a process."""

from __future__ import annotations

import fcntl
import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from io import StringIO
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from rich.console import Console

from sundaypaper import __version__
from sundaypaper.cli import show
from sundaypaper.cli.reporting import say
from sundaypaper.models import SourceReport
from sundaypaper.sources import bundle
from terminal import typed

Command = Callable[..., CompletedProcess[str]]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Types `sundaypaper --root tmp_path …` and gives its result."""
    return partial(typed, tmp_path)


def process(root: Path, *words: str, stdin: bytes = b"") -> CompletedProcess[str]:
    """The same in a process of its own: the entry point, the streams, the exit status."""
    command = [sys.executable, "-m", "sundaypaper", "--root", str(root), *words]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err
    return CompletedProcess(words, done.returncode, out, err)


def test_the_installed_command_says_its_version() -> None:
    """The entry point, by its name."""
    command = [str(Path(sys.executable).with_name("sundaypaper")), "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"sundaypaper {__version__}\n"


def document(root: Path, week: str) -> dict:
    """A week's issue.json."""
    text = (root / "output" / "site" / "issues" / week / "issue.json").read_text()
    loaded: dict = json.loads(text)
    return loaded


def published(root: Path) -> dict[str, bytes]:
    """Every file of a build by its path."""
    site = (root / "output" / "site").resolve()
    return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def test_the_demo_prints_three_issues_and_says_what_to_try(demo: Path) -> None:
    """A line a step with counts and seconds, then a page, an explain and a topics try."""
    said = (demo / "demo.txt").read_text()
    for week in bundle.read(bundle.SHELF).manifest.weeks:
        assert f"{week} is printed: " in said
    for step in ("collect", "read", "edit", "publish"):
        assert said.count(f"\n{step} ") == 3
    assert "output/site/index.html" in said
    assert "explain arxiv:1706.03762" in said
    assert "topics try" in said


def test_every_section_stands_in_each_issue_of_the_demo(demo: Path) -> None:
    """The first issue has no earlier one, so nothing of it is newly accepted or followed up."""
    first, *others = (
        [section["id"] for section in document(demo, week)["sections"]]
        for week in bundle.read(bundle.SHELF).manifest.weeks
    )
    assert first == ["lead", "accepted", "elsewhere", "new", "released", "blogs", "learn", "shelf", "dates"]  # fmt: skip
    assert others == [["lead", "accepted", "newly_accepted", "elsewhere", "new", "released", "blogs", "learn", "shelf", "dates", "corrections"]] * 2  # fmt: skip


def test_each_issue_of_the_demo_says_how_many_readers_voted(demo: Path) -> None:
    """With the list and the day; later, when the paper was accepted, with the date of that day."""
    said = {
        week: {
            item["why"].split(";")[0]
            for section in document(demo, week)["sections"]
            for item in section["items"]
        }
        for week in bundle.read(bundle.SHELF).manifest.weeks
    }
    voted = "readers at Hugging Face voted for it by"
    assert f"460 {voted} Sunday" in said["2026-W45"]
    assert f"169 {voted} Sunday" in said["2026-W46"]
    assert f"54 {voted} Sunday" in said["2026-W47"]
    assert f"108 {voted} 15 November" in said["2026-W47"]


def test_an_issue_of_the_demo_follows_up_on_the_one_before(demo: Path) -> None:
    """Code that a printed paper names since."""
    (line,) = (
        item["why"]
        for section in document(demo, "2026-W47")["sections"]
        if section["id"] == "corrections"
        for item in section["items"]
    )
    assert line == "printed in 2026-W46 without code; names it now: github.com/zzzhr97/SpecBench"


def test_no_two_headlines_of_the_demo_are_alike(demo: Path) -> None:
    """A paper that readers voted for, one that is told in several places, what is out."""
    documents = [document(demo, week) for week in bundle.read(bundle.SHELF).manifest.weeks]
    assert [d["minute"][0]["form"] for d in documents] == ["voted", "told", "released"]


def test_every_kind_of_claim_shows_in_the_demo(demo: Path) -> None:
    """Accepted at all core venues with oral and workshop, both wordings, discussed posts."""
    documents = [document(demo, week) for week in bundle.read(bundle.SHELF).manifest.weeks]
    accepted = [
        claim
        for d in documents
        for entry in d["entries"]
        if entry["ring"] == "accepted"
        for claim in entry["claims"]
    ]
    assert {c["venue"] for c in accepted} >= {"neurips", "icml", "cvpr"}
    assert "oral" in {c["presentation"] for c in accepted}
    claims = [c for d in documents for entry in d["entries"] for c in entry["claims"]]
    assert any(c["track"] == "workshop" for c in claims)
    newly = [one for d in documents for one in d["newly_accepted"]]
    assert newly
    assert all(one["old"] != one["new"] for one in newly)
    assert any(entry["discussed"] for d in documents for entry in d["entries"])
    assert any(row["state"] == "failed" for d in documents for row in d["ledger"])
    assert all(d["reprint"] and d["state"] == "frozen" for d in documents)


def test_no_paper_is_new_in_two_issues(demo: Path) -> None:
    """Each entry is new once."""
    weeks = bundle.read(bundle.SHELF).manifest.weeks
    new = [e["id"] for w in weeks for e in document(demo, w)["entries"] if e["standing"] == "new"]
    assert len(new) == len(set(new))
    assert len(new) > 60


def test_a_demo_elsewhere_is_the_same_to_the_byte(
    demo: Path, command: Command, tmp_path: Path
) -> None:
    """Two demos in two folders publish the same files with the same bytes."""
    assert command("demo").returncode == 0
    assert published(demo) == published(tmp_path / "demo")


def test_explain_prints_the_whole_sum(demo: Path) -> None:
    """Claims with their words, topics with their reasons, contributions and the score."""
    done = typed(demo, "explain", "1706.03762v7")
    assert done.returncode == 0
    assert "Attention Is All You Need" in done.stdout
    assert "ring accepted" in done.stdout
    assert "the sum of" in done.stdout
    unknown = typed(demo, "explain", "2501.99999")
    assert unknown.returncode == 1
    assert "not known here" in unknown.stdout


def test_topics_try_counts_weeks_and_shows_near_misses(demo: Path) -> None:
    """Entries a week, samples, and what all but one part of the filter matches."""
    done = typed(demo, "topics", "try", "diffusion kettle")
    assert done.returncode == 0
    assert "2026-W47" in done.stdout
    assert "near misses" in done.stdout
    wrong = typed(demo, "topics", "try", "diffusion topic:visoin")
    assert wrong.returncode == 2
    assert "there is no topic “visoin”; did you mean “vision”?" in wrong.stderr
    wrong = typed(demo, "topics", "try", "venue:")
    assert wrong.returncode == 2
    assert "^" in wrong.stderr


def test_status_and_lists_name_what_is_there(demo: Path) -> None:
    """The newest issue, the runs, every source and every topic."""

    def said(*words: str) -> str:
        done = typed(demo, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "2026-W47  printed" in said("status")
    assert "Landmarks" in said("feeds", "list")
    assert "language-models" in said("topics", "list")


def test_every_mistake_in_feeds_yaml_is_told_at_once(command: Command, tmp_path: Path) -> None:
    """file:line:column, where, what would be right; exit status 2."""
    (tmp_path / "feeds.yaml").write_text("titel: x\nsources:\n  - {kind: fed, name: A}\n")
    done = command("run")
    assert done.returncode == 2
    assert "feeds.yaml:1:1: titel:" in done.stderr
    assert "feeds.yaml:3:" in done.stderr
    assert "2 mistakes; nothing was done" in done.stderr


def test_a_missing_feeds_yaml_says_what_to_do(command: Command) -> None:
    """Wrong use, told as a sentence."""
    done = command("run")
    assert done.returncode == 2
    assert "feeds.yaml" in done.stderr


def test_a_second_run_in_the_same_root_is_refused(command: Command, tmp_path: Path) -> None:
    """Exit status 75 while another run holds the lock."""
    (tmp_path / "feeds.yaml").write_text("sources:\n  - {kind: bundle, name: A, path: shelf}\n")
    with (tmp_path / "run.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        done = command("run")
    assert done.returncode == 75
    assert "another run is at work" in done.stderr


LOADED = """
import atexit, sys
from sundaypaper.cli import main
heavy = ("sundaypaper.config", "sundaypaper.store", "sundaypaper.formats", "jinja2", "ruamel.yaml")
atexit.register(lambda: print(sorted(set(heavy) & sys.modules.keys())))
main()
"""


@pytest.mark.parametrize(
    "words", [("run",), ("collect",), ("publish",), ("print", "--week", "2026-W10"), ("correct", "x", "--note", "A word.")]
)  # fmt: skip
def test_who_finds_a_run_at_work_has_loaded_nothing_of_what_a_run_needs(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """So ten that begin at once all know within a second; to load a run costs seven times as much."""
    (tmp_path / "feeds.yaml").write_text("sources:\n  - {kind: bundle, name: A, path: shelf}\n")
    line = [sys.executable, "-c", LOADED, "--root", str(tmp_path), *words]
    with (tmp_path / "run.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (75, "[]\n")


@pytest.mark.parametrize(
    "words",
    [
        ("--now", "soon", "status"),
        ("--now", "9998-01-01", "status"),
        ("run", "--week", "2026-W99"),
        ("--now", "2026-03-08", "run", "--week", "2026-W50"),
        ("--now", "2026-03-08", "run", "--week", "1000-W01"),
    ],
)
def test_wrong_words_on_the_command_line_are_wrong_use(
    command: Command, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """A moment that is none and a week that is none end with status 2 and a sentence."""
    (tmp_path / "feeds.yaml").write_text("sources:\n  - {kind: bundle, name: A, path: shelf}\n")
    done = command(*words)
    assert done.returncode == 2
    assert re.search(r"no moment|no week|not begun|before arXiv", done.stderr)


def test_a_damaged_database_is_told_and_left_alone(command: Command, tmp_path: Path) -> None:
    """The sentence names the file and the cure."""
    (tmp_path / "feeds.yaml").write_text("sources:\n  - {kind: bundle, name: A, path: shelf}\n")
    (tmp_path / "paper.db").write_bytes(b"this is no database " * 100)
    done = command("run")
    assert done.returncode == 1
    assert "paper.db" in done.stderr
    assert "backup" in done.stderr


def test_tag_reads_lines_and_keeps_their_order(tmp_path: Path) -> None:
    """JSON lines in, JSON lines out, without a feeds.yaml; a bad line is an error in its place."""
    rows = [
        {"title": "A Kettle for Diffusion Models", "comment": "Accepted at CVPR 2026", "listed": "2026-03-04"},
        {"title": ""},
        {"id": "2603.00001", "title": "Offline reinforcement learning for cooks", "abstract": "We propose offline RL."},
    ]  # fmt: skip
    text = "\n".join(json.dumps(row) for row in rows) + "\nnot json\n[1]\n"
    done = process(tmp_path, "tag", stdin=text.encode() + b"\xff\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert answers[0]["claims"][0]["venue"] == "cvpr"
    assert answers[0]["claims"][0]["status"] == "accepted"
    assert answers[0]["claims"][0]["span"] in "Accepted at CVPR 2026"
    assert "title: is missing" in answers[1]["error"]
    assert "reinforcement-learning" in answers[2]["topics"]
    assert ["error" in a for a in answers] == [False, True, False, True, True, True]


def test_tag_of_good_lines_ends_well(command: Command) -> None:
    """All but the title may be missing or null; status 0."""
    done = command("tag", stdin='{"title": "Cups", "comment": null, "authors": null}\n\n')
    assert done.returncode == 0
    assert json.loads(done.stdout)["claims"] == []


def test_tag_goes_on_after_a_line_that_cannot_be_written(command: Command) -> None:
    """A lone surrogate in an id is no reason to lose the lines behind it."""
    done = command("tag", stdin='{"id": "\\ud800", "title": "Cups"}\n{"title": "Kettles"}\n')
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2


def test_a_demo_leaves_a_folder_of_the_users_alone(command: Command, tmp_path: Path) -> None:
    """A folder named demo that no demo made is refused, with all that is in it."""
    (tmp_path / "demo" / "output").mkdir(parents=True)
    (tmp_path / "demo" / "feeds.yaml").write_text("sources: []\n")
    (tmp_path / "demo" / "output" / "film.mp4").write_text("mine")
    done = command("demo")
    assert done.returncode == 1
    assert "no demo made" in done.stderr
    assert (tmp_path / "demo" / "output" / "film.mp4").read_text() == "mine"
    assert (tmp_path / "demo" / "feeds.yaml").read_text() == "sources: []\n"


def test_looking_leaves_no_file(command: Command, tmp_path: Path) -> None:
    """explain, topics try and status make no database where there is none."""
    (tmp_path / "feeds.yaml").write_text("sources:\n  - {kind: bundle, name: A, path: shelf}\n")
    for words in (["explain", "2603.00001"], ["topics", "try", "cups"], ["status"]):
        command(*words)
    assert not (tmp_path / "paper.db").exists()


@pytest.mark.parametrize(
    "id", ["arXiv:1706.03762", "https://arxiv.org/pdf/1706.03762v5.pdf", "arxiv.org/abs/1706.03762"]
)
def test_explain_takes_an_id_as_arxiv_writes_it(demo: Path, id: str) -> None:
    """With capitals, as the address of a page or of a PDF."""
    assert "Attention" in typed(demo, "explain", id).stdout


def test_a_run_in_which_nothing_answers_is_a_draft(command: Command, tmp_path: Path) -> None:
    """A broken bundle alone gives no printed issue; status 1 and the reason."""
    (tmp_path / "feeds.yaml").write_text("sources:\n  - {kind: bundle, name: A, path: nowhere}\n")
    done = command("run")
    assert done.returncode == 1
    assert "is a draft: No source answered" in done.stderr


def test_a_mistake_in_a_template_is_told_before_anything_is_asked(
    command: Command, tmp_path: Path
) -> None:
    """File, line and what is wrong; nothing was collected for nothing."""
    (tmp_path / "feeds.yaml").write_text("sources:\n  - {kind: bundle, name: A, path: shelf}\n")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "404.html").write_text("fine\n{% bad %}\n")
    done = command("run")
    assert done.returncode == 1
    assert "404.html:2: " in done.stderr
    assert not (tmp_path / "paper.db").exists()


def test_brackets_in_a_title_are_brackets_in_a_terminal() -> None:
    """What looks like markup of the terminal library is printed as it was written."""
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=200)
    say(console, "[bold]x[/bold] [/red] [link=a]b")
    assert out.getvalue() == "[bold]x[/bold] [/red] [link=a]b\n"


def test_a_check_of_feeds_shows_an_address_whole_in_a_narrow_window() -> None:
    """The address of the feed that a page names is longer than the column, and is to be copied."""
    names = "https://a-blog-of-a-long-name.example/topics/machine-learning/feed.xml"
    report = SourceReport("Home", "feed", "failed", detail=f"the feed that it names is {names}")
    window = StringIO()
    assert show.check(Console(file=window, width=80), [report]) == 1
    assert names in re.sub(r"\s+", "", window.getvalue())
