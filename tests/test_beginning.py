"""A paper of one's own begins: `init` asks or takes flags, and writes a feeds.yaml that works."""

from __future__ import annotations

import json
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopback import Answer, Loopback
from sundaypaper import config
from sundaypaper.cli.beginning import check_sources
from sundaypaper.cli.calling import opened_on
from sundaypaper.cli.world import world
from sundaypaper.errors import BuildError
from sundaypaper.models import PrintTime, SourceReport
from sundaypaper.pipeline import beginning
from sundaypaper.pipeline.beginning import OwnTopic, Topics
from terminal import typed


def begun(root: Path, *flags: str, stdin: str = "") -> config.Config:
    """The configuration of a paper that was begun by these flags; no source is asked."""
    done = typed(root, "init", "--no-check", *flags, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, "")
    return config.load(root / "feeds.yaml")


# ---------------------------------------------------------------- without a question


def test_a_paper_begins_without_a_question(tmp_path: Path) -> None:
    """`init DIR --yes` in a folder that is not there yet: the default file, and the schema that it names."""
    folder = tmp_path / "new" / "paper"
    done = typed(tmp_path, "init", str(folder), "--yes", "--no-check")
    assert done.returncode == 0
    assert sorted(path.name for path in folder.iterdir()) == ["feeds.schema.json", "feeds.yaml"]
    text = (folder / "feeds.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=feeds.schema.json\n#\n# What this")
    assert json.loads((folder / "feeds.schema.json").read_text(encoding="utf-8"))["title"]
    read = config.load(folder / "feeds.yaml")
    assert read.masthead.title == "Sunday Paper"
    assert len(read.topics) == 24
    assert f"--root {folder} run" in done.stdout


def test_flags_change_what_they_name_and_no_other_line(tmp_path: Path) -> None:
    """Title, topics, venues, time, zone, address and contact; the comments of the default stay."""
    read = begun(
        tmp_path, "--yes", "--title", "Robots: weekly", "--topics", "ROBOTICS & driving,language-models",
        "--venues", "CoRL, international conference on machine learning", "--at", "Friday 5.30 pm",
        "--timezone", "europe/berlin", "--base-url", "https://robots.example", "--contact", "a@robots.example",
    )  # fmt: skip
    assert read.masthead.title == "Robots: weekly"
    assert [topic.id for topic in read.topics] == ["language-models", "robotics"]
    assert read.core == ("corl", "icml")
    assert {"neurips", "cvpr"} <= set(read.also)
    assert "corl" not in read.also
    assert read.print_at == PrintTime(4, time(17, 30))
    assert read.masthead.timezone == "Europe/Berlin"
    assert read.masthead.base_url == "https://robots.example/"
    assert read.masthead.contact == "a@robots.example"
    text = (tmp_path / "feeds.yaml").read_text(encoding="utf-8")
    old = set(config.default_text().splitlines())
    new = [line for line in text.splitlines() if line not in old]
    assert len(new) <= 30
    for comment in ("# ---", "# people to follow", "# Surveys with sources", "# accepted here"):
        assert text.count(comment) == config.default_text().count(comment)


def test_arxiv_is_asked_for_the_names_of_the_venues_that_were_chosen(tmp_path: Path) -> None:
    """Else papers outside of one's categories that name the venue would be missing, silently."""
    read = begun(tmp_path, "--yes", "--venues", "Interspeech")
    (arxiv,) = (source for source in read.sources if source.kind == "arxiv")
    assert "interspeech" in [name.lower() for name in getattr(arxiv, "venues", ())]
    assert "ICML" not in getattr(arxiv, "venues", ())


def test_where_the_pages_go_is_asked_and_kept(tmp_path: Path) -> None:
    """A branch of git, or a folder, which is seen from that of feeds.yaml; else nothing is said of it."""
    assert begun(tmp_path / "a", "--yes", "--publish", "gh-pages").publish_to == "gh-pages"
    there = begun(tmp_path / "b", "--yes", "--publish", "../web").publish_to
    assert Path(there).resolve() == tmp_path / "web"
    assert begun(tmp_path / "c", "--yes").publish_to == ""


def test_a_filter_of_ones_own_is_a_topic(tmp_path: Path) -> None:
    """With a name before it, or alone."""
    read = begun(tmp_path, "--yes", "--topics", 'Birds: bird* OR wing*, "flow matching" OR diffu*')
    assert [(topic.id, topic.name, topic.match.text) for topic in read.topics] == [
        ("birds", "Birds", "bird* OR wing*"),
        ("flow-matching-or-diffu", "Flow matching or diffu", '"flow matching" OR diffu*'),
    ]


@pytest.mark.parametrize(
    ("flag", "given", "said"),
    [
        ("--topics", "robotcs", "there is no topic “robotcs”; did you mean “robotics”?"),
        ("--topics", "knitting", "there is no topic “knitting”; a filter of your own is written as"),
        ("--topics", "Mine: (bird", "“(bird” is no filter, column"),
        ("--venues", "icmll", "there is no venue “icmll”; did you mean “ICML”?"),
        ("--at", "sun 25:00", "expected a day and a time such as `sun 08:00`"),
        ("--at", "sun 13 pm", "expected a day and a time such as `sun 08:00`"),
        ("--timezone", "europe/berlim", "there is no time zone “europe/berlim”; did you mean “Europe/Berlin”?"),
        ("--base-url", "robots", "base_url: expected"),
        ("--publish", "ftp://robots.example/", "publish.to: "),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_understood_writes_nothing(
    tmp_path: Path, flag: str, given: str, said: str
) -> None:
    """It is wrong use, with what would be right; the folder is not even made."""
    done = typed(tmp_path, "init", str(tmp_path / "p"), "--yes", "--no-check", flag, given)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []


def test_templates_come_only_when_they_are_asked_for(tmp_path: Path) -> None:
    """All that pages and mails are made of, to the byte."""
    begun(tmp_path / "plain", "--yes")
    assert not (tmp_path / "plain" / "templates").exists()
    begun(tmp_path / "own", "--yes", "--templates")
    ours = Path(__file__).parents[1] / "templates"
    for name in ("issue.html", "mail/digest.html", "reader/page.html"):
        if (ours / name).exists():
            assert (tmp_path / "own" / "templates" / name).read_bytes() == (ours / name).read_bytes()  # fmt: skip
    assert (tmp_path / "own" / "templates" / "issue.html").exists()


# ---------------------------------------------------------------- what is there


def test_a_feeds_yaml_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    """Not even one that is empty, or a link to nowhere."""
    (tmp_path / "feeds.yaml").write_text("title: Mine\n")
    done = typed(tmp_path, "init", "--yes", "--no-check")
    assert done.returncode == 1
    assert "is there already, and nothing was written" in done.stderr
    assert (tmp_path / "feeds.yaml").read_text() == "title: Mine\n"
    (tmp_path / "feeds.yaml").unlink()
    (tmp_path / "feeds.yaml").symlink_to(tmp_path / "nowhere")
    assert typed(tmp_path, "init", "--yes", "--no-check").returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yaml"]


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    """A folder with a README may become a paper; a schema of somebody else's is in the way."""
    (tmp_path / "README").write_text("mine")
    (tmp_path / "feeds.schema.json").write_text("{}")
    done = typed(tmp_path, "init", "--yes", "--no-check")
    assert done.returncode == 1
    assert "feeds.schema.json: is there already" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README", "feeds.schema.json"]


def test_what_cannot_be_written_whole_is_taken_away_again(tmp_path: Path) -> None:
    """A file stands where a folder should be made."""
    (tmp_path / "templates").write_text("a file")
    with pytest.raises(BuildError, match="templates"):
        beginning.begin(tmp_path, {"a.json": b"{}", "templates/x.html": b"", "feeds.yaml": b""})
    assert [path.name for path in tmp_path.iterdir()] == ["templates"]


# ---------------------------------------------------------------- questions


def test_five_questions_make_a_paper(tmp_path: Path) -> None:
    """Return keeps what stands in brackets; what is not understood is asked again."""
    answers = "Robots weekly\nrobotcs\nrobotics\n\nfri 17:30 Asia/Tokyo\n\n"
    done = typed(tmp_path, "init", "--no-check", stdin=answers)
    assert done.returncode == 0
    assert "did you mean “robotics”?" in done.stderr
    read = config.load(tmp_path / "feeds.yaml")
    assert read.masthead.title == "Robots weekly"
    assert [topic.id for topic in read.topics] == ["robotics"]
    assert read.core == ("neurips", "icml", "cvpr")
    assert read.masthead.timezone == "Asia/Tokyo"


def test_questions_that_flags_answer_are_not_asked(tmp_path: Path) -> None:
    """The title and the topics are known, so three are left."""
    read = begun(tmp_path, "--title", "Mine", "--topics", "vision", stdin="\n\n\n")
    assert read.masthead.title == "Mine"
    assert [topic.id for topic in read.topics] == ["vision"]


def test_an_aborted_question_leaves_no_trace(tmp_path: Path) -> None:
    """The input ends at the third question; not even the folder is made."""
    done = typed(tmp_path, "init", str(tmp_path / "p"), stdin="Mine\nrobotics\n")
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- what answers mean


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("sun 08:00", ("sun 08:00", "")),
        ("Sunday 8", ("sun 08:00", "")),
        ("FRI 5:30 PM", ("fri 17:30", "")),
        ("mon at 12 am UTC", ("mon 00:00", "UTC")),
        ("thursday, 12.05 pm new york", ("thu 12:05", "America/New_York")),
        ("wed 9:15 Berlin", ("wed 09:15", "Europe/Berlin")),
    ],
)
def test_a_time_is_understood_as_people_write_it(text: str, meant: tuple[str, str]) -> None:
    """Whole days, the twelve-hour clock, a zone or its city."""
    assert beginning.time_meant(text) == meant


def test_a_topic_named_twice_is_one() -> None:
    """By its key and by its name; a comma too many is nothing."""
    assert beginning.topics_meant("vision,, Computer vision,") == Topics(("vision",))


def test_every_topic_is_understood_by_the_name_that_init_shows() -> None:
    """One after another in small letters, a comma between, though one name has a comma itself."""
    every = config.default_topics()
    shown = ", ".join(topic.name for topic in every).lower()
    assert beginning.topics_meant(shown) == Topics(tuple(topic.id for topic in every))


def test_a_topic_of_ones_own_takes_no_key_of_another() -> None:
    """The program has a topic `vision`; one that is called so by hand stands beside it."""
    assert beginning.topics_meant("Vision: eye*") == Topics(
        own=(OwnTopic("my-vision", "Vision", "eye*"),)
    )


@given(st.text(max_size=30))
def test_any_title_is_written_so_that_it_reads_back(title: str) -> None:
    """Quotes, colons, stars; what cannot be a title is a mistake that says so."""
    from sundaypaper.errors import ConfigError
    from sundaypaper.text import clean

    try:
        text = beginning.feeds_text(beginning.Answers(title=title), Path("p"))
    except ConfigError:
        return
    expected = clean(title) if title else "Sunday Paper"
    assert config.read_text(text, Path("p/feeds.yaml")).masthead.title == expected


def test_one_cause_is_told_once_where_nothing_is_reached() -> None:
    """Ninety sources failed and the shelf, which needs no network, answered."""
    shelf = SourceReport("The shelf", "bundle", "fresh")
    lost = [SourceReport(f"Blog {i}", "feed", "failed") for i in range(3)]
    assert beginning.nothing_reached([shelf, *lost])
    assert not beginning.nothing_reached([shelf, *lost, SourceReport("One", "feed", "fresh")])
    assert not beginning.nothing_reached([shelf])


@pytest.mark.parametrize(
    ("platform", "environ", "said"),
    [
        ("linux", {"DISPLAY": ":0"}, "xdg-open '/a b/index.html'"),
        ("linux", {"WAYLAND_DISPLAY": "w"}, "xdg-open '/a b/index.html'"),
        ("linux", {}, "the pages begin at /a b/index.html"),
        ("darwin", {}, "open '/a b/index.html'"),
        ("win32", {}, 'start "" "/a b/index.html"'),
    ],
)
def test_a_page_is_opened_as_the_system_says_it(
    platform: str, environ: dict[str, str], said: str
) -> None:
    """A screen on Linux, none there, macOS, Windows."""
    assert opened_on(platform, environ, Path("/a b/index.html")) == said


# ---------------------------------------------------------------- sources, and the next steps


def test_sources_are_asked_once_and_those_that_fail_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One answers, one is gone: a count, a line with the reason, and no failure; arXiv is left to a run."""
    rss = b"<rss version='2.0'><channel><title>A</title></channel></rss>"
    with Loopback({"/good": Answer(body=rss), "/gone": Answer(status=404)}) as server:
        (tmp_path / "feeds.yaml").write_text(
            "network: {allow_private: true}\nsources:\n"
            f"  - {{kind: arxiv, api_url: '{server.url('/api')}'}}\n"
            f"  - {{kind: feed, name: Good, url: '{server.url('/good')}'}}\n"
            f"  - {{kind: feed, name: Gone, url: '{server.url('/gone')}'}}\n"
        )
        check_sources(world(tmp_path, None), tmp_path)
        assert sorted(asked.path for asked in server.asked) == ["/gone", "/good"]
    said, warned = capsys.readouterr()
    assert "1 of 2 sources answer." in said
    assert "  ! Gone: " in warned
    assert not (tmp_path / "paper.db").exists()


def test_an_unreachable_network_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody listens at either address; the paper is begun all the same."""
    with Loopback({}) as server:
        address = server.url("/feed")
    (tmp_path / "feeds.yaml").write_text(
        "network: {allow_private: true}\nsources:\n"
        f"  - {{kind: feed, name: One, url: '{address}'}}\n"
        f"  - {{kind: feed, name: Two, url: '{address}2'}}\n"
    )
    check_sources(world(tmp_path, None), tmp_path)
    assert capsys.readouterr().err == (
        "No source was reached: there is no network here now. `sundaypaper feeds check` asks them later.\n"
    )
