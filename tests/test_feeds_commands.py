"""`feeds add`, `import`, `export` and `remove`: what they find, and that a feeds.yaml stays its owner's."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from loopback import Answer, Asked, Loopback
from sundaypaper.config import load
from sundaypaper.sources.feed.places import by_rule, group_of, usual_places, whole_address
from sundaypaper.sources.opml import Listed, parse
from terminal import typed

FEED = b"""<rss version="2.0"><channel><title>A Blog of Learning</title><link>https://a.example/</link>
<item><title>One</title><link>https://a.example/1</link><pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate></item>
<item><title>Two</title><link>https://a.example/2</link><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>
</channel></rss>"""
HTML = {"Content-Type": "text/html"}
XML = {"Content-Type": "application/rss+xml"}
FEED_ANSWER = Answer(headers=XML, body=FEED)
PAPER = """\
# My own words about this paper.
title: Mine   # and about its title
network: {allow_private: true}
sources:
  # the landmarks
  - {kind: bundle, name: Landmarks, path: shelf}
print: {}
"""
Command = Callable[..., CompletedProcess[str]]


def page(*links: str) -> Answer:
    """A web page that names feeds."""
    named = "".join(f'<link rel="alternate" type="application/rss+xml" href="{at}">' for at in links)  # fmt: skip
    return Answer(headers=HTML, body=f"<!doctype html><html><head>{named}</head></html>".encode())


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """`sundaypaper --root tmp_path …`, where a feeds.yaml with comments lies."""
    (tmp_path / "feeds.yaml").write_text(PAPER, encoding="utf-8")
    return partial(typed, tmp_path)


def text(root: Path) -> str:
    """feeds.yaml as it is now."""
    return (root / "feeds.yaml").read_text(encoding="utf-8")


# ---------------------------------------------------------------- where a feed is


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        ("https://www.youtube.com/channel/UCbfYPyITQ-7l4upoX8nvctg", "https://www.youtube.com/feeds/videos.xml?channel_id=UCbfYPyITQ-7l4upoX8nvctg"),
        ("https://youtube.com/playlist?list=PLoROMvodv4rOSH4v6133s9LFPRHjEmbmJ", "https://www.youtube.com/feeds/videos.xml?playlist_id=PLoROMvodv4rOSH4v6133s9LFPRHjEmbmJ"),
        ("https://importai.substack.com/p/import-ai-400", "https://importai.substack.com/feed"),
        ("https://medium.com/@karpathy/yes-you-should", "https://medium.com/feed/@karpathy"),
        ("https://netflixtechblog.medium.com", "https://netflixtechblog.medium.com/feed"),
        ("https://github.com/vllm-project/vllm", "https://github.com/vllm-project/vllm/releases.atom"),
        ("https://github.com/vllm-project/vllm/releases", "https://github.com/vllm-project/vllm/releases.atom"),
        ("https://github.com/karpathy/nanoGPT.git", "https://github.com/karpathy/nanoGPT/releases.atom"),
        ("https://github.com/karpathy", "https://github.com/karpathy.atom"),
        ("https://www.reddit.com/r/MachineLearning/", "https://www.reddit.com/r/MachineLearning/.rss"),
        ("https://arxiv.org/a/hinton_g_1", "https://arxiv.org/a/hinton_g_1.atom"),
        ("https://arxiv.org/list/cs.LG/recent", "https://rss.arxiv.org/atom/cs.LG"),
        ("https://www.youtube.com/@3blue1brown", ""),
        ("https://a.example/github.com/x/y", ""),
    ],
)  # fmt: skip
def test_known_sites_have_their_rules(address: str, feed: str) -> None:
    """As the sites themselves say; a handle of YouTube stands in the page."""
    assert by_rule(address) == feed


def test_an_address_is_completed() -> None:
    """https where no scheme is typed, and any other kept for the network to judge."""
    assert whole_address(" distill.pub ") == "https://distill.pub"
    assert whole_address("HTTP://a.example/x") == "HTTP://a.example/x"


def test_few_places_are_tried() -> None:
    """Below the page and at the root: no more than nine requests for a wrong address."""
    assert usual_places("https://a.example/blog/?x=1") == (
        "https://a.example/blog/feed", "https://a.example/blog/feed.xml",
        "https://a.example/feed", "https://a.example/feed.xml", "https://a.example/rss.xml",
        "https://a.example/atom.xml", "https://a.example/index.xml", "https://a.example/rss",
        "https://a.example/feed.json",
    )  # fmt: skip
    assert len(usual_places("https://a.example")) == 7


def test_a_newsletter_is_known_by_its_host() -> None:
    """Of any other address nothing is assumed."""
    assert group_of("https://importai.substack.com/feed") == "newsletter"
    assert group_of("https://substack.com.evil.example/feed") == ""


# ---------------------------------------------------------------- feeds add


def test_a_page_leads_to_its_feed(tmp_path: Path, command: Command) -> None:
    """Its title names the source, the comments stay, and `feeds check` reads it."""
    with Loopback({"/": page("/posts.xml"), "/posts.xml": FEED_ANSWER}) as server:
        done = command("feeds", "add", server.url("/"), "--group", "researcher")
        assert done.returncode == 0, done.stderr
        assert "“A Blog of Learning”" in done.stdout
        assert "(named by the page): 2 entries, the newest of 2026-03-02" in done.stdout
        checked = command("feeds", "check", "A Blog of Learning")
    added = f"  - {{kind: feed, name: A Blog of Learning, url: '{server.url('/posts.xml')}', group: researcher}}\n"
    plain = re.sub(r"['\"]", "", text(tmp_path))
    assert plain == re.sub(r"['\"]", "", PAPER.replace("print: {}\n", f"{added}print: {{}}\n"))
    assert re.search(r"A Blog of\s+Learning\s+fresh\s+2|A Blog of Learning\s+fresh\s+2", checked.stdout)  # fmt: skip


def test_a_feed_that_no_page_names_is_found_where_feeds_lie(
    tmp_path: Path, command: Command
) -> None:
    """And the answer says so, since the page's owner did not."""
    script = {"/blog": page(), "/atom.xml": FEED_ANSWER}
    with Loopback(script) as server:
        done = command("feeds", "add", server.url("/blog"))
    assert done.returncode == 0, done.stderr
    assert "not named by the page, found where feeds often lie" in done.stdout
    assert server.paths() == ["/blog", "/blog/feed", "/blog/feed.xml", "/feed", "/feed.xml", "/rss.xml", "/atom.xml"]  # fmt: skip


def test_several_feeds_are_a_question(tmp_path: Path, command: Command) -> None:
    """Without a terminal all are listed, nothing is written, and --pick says which."""
    other = Answer(headers=XML, body=FEED.replace(b"A Blog of Learning", b"Its Podcast"))
    script = {"/": page("/a.xml", "/b.xml"), "/a.xml": FEED_ANSWER, "/b.xml": other}
    with Loopback(script) as server:
        asked = command("feeds", "add", server.url("/"))
        assert asked.returncode == 2
        assert "--pick 1" in asked.stderr
        assert "1  “A Blog of Learning”" in asked.stdout
        assert text(tmp_path) == PAPER
        assert command("feeds", "add", server.url("/"), "--pick", "2").returncode == 0
    assert load(tmp_path / "feeds.yaml").sources[-1].name == "Its Podcast"


def test_what_is_there_already_is_said(tmp_path: Path, command: Command) -> None:
    """By its canonical address, whatever it was typed as; nothing is written twice."""
    with Loopback({"/posts.xml": FEED_ANSWER}) as server:
        assert command("feeds", "add", server.url("/posts.xml")).returncode == 0
        before = text(tmp_path)
        again = command("feeds", "add", server.url("/posts.xml?utm_source=x"))
    assert "is there already, as “A Blog of Learning”" in again.stdout
    assert text(tmp_path) == before


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path, command: Command) -> None:
    """Two sources of one name could not be told apart."""
    with Loopback({"/a.xml": FEED_ANSWER, "/b.xml": FEED_ANSWER}) as server:
        command("feeds", "add", server.url("/a.xml"))
        command("feeds", "add", server.url("/b.xml"))
    names = [spec.name for spec in load(tmp_path / "feeds.yaml").sources]
    assert names == ["Landmarks", "A Blog of Learning", "A Blog of Learning 2"]


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ({"/": Answer(403)}, "answered 403. The site turns programs away, or does so for now"),
        ({"/": page()}, "no feed was found; 8 addresses were asked"),
        ({"/": Answer(404)}, "Is the address right?"),
        ({"/": Answer(body=b'<opml version="2.0"><body/></opml>')}, "`sundaypaper feeds import"),
    ],
)
def test_nothing_found_says_what_to_do(
    tmp_path: Path, command: Command, script: dict[str, Answer], says: str
) -> None:
    """What was tried, what came of it, and the remedy; feeds.yaml stays as it is."""
    with Loopback(script) as server:
        done = command("feeds", "add", server.url("/"))
    assert done.returncode == 1
    assert says in done.stderr
    assert text(tmp_path) == PAPER


def test_a_wrong_filter_changes_nothing(tmp_path: Path, command: Command) -> None:
    """What would not load is never written, and the mistake is told with the file's own name."""
    with Loopback({"/a.xml": FEED_ANSWER}) as server:
        done = command("feeds", "add", server.url("/a.xml"), "--only", "(open")
    assert done.returncode == 2
    assert "feeds.yaml:" in done.stderr
    assert ".feeds.yaml.new" not in done.stderr
    assert text(tmp_path) == PAPER
    assert sorted(file.name for file in tmp_path.glob(".feeds*")) == []


def test_a_private_address_is_refused(tmp_path: Path, command: Command) -> None:
    """As any source at one is: finding a feed is no way around."""
    (tmp_path / "feeds.yaml").write_text(PAPER.replace("true", "false"), encoding="utf-8")
    with Loopback({"/": FEED_ANSWER}) as server:
        done = command("feeds", "add", server.url("/"))
        assert server.asked == []
    assert done.returncode == 1
    assert "not a public address" in done.stderr or "port" in done.stderr


# ---------------------------------------------------------------- lists of other readers


OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="ML"><outline text="Labs"><outline text="A Lab" type="rss" xmlUrl="https://lab.example/feed" htmlUrl="https://lab.example/"/></outline>
<outline title="Newsletters" text="Newsletters"><outline text="Weekly" XMLURL="https://weekly.example/rss"/></outline></outline>
<outline text="A Lab again" xmlUrl="https://lab.example/feed"/>
<outline text="Broken" xmlUrl="ftp://x.example/"/>
<outline text="Bare" xmlUrl="https://bare.example/atom.xml"/></body></opml>"""


def test_a_list_is_read_with_its_folders() -> None:
    """Nested folders, attribute names in capitals, one address once; what is no address is counted."""
    listed = parse(OPML.encode(), "")
    assert listed.feeds == (
        Listed("A Lab", "https://lab.example/feed", ("ML", "Labs")),
        Listed("Weekly", "https://weekly.example/rss", ("ML", "Newsletters")),
        Listed("Bare", "https://bare.example/atom.xml", ()),
    )
    assert listed.bad == 1


def test_a_list_is_taken_over(tmp_path: Path, command: Command) -> None:
    """Folders become groups, what is new is written at once, and a second time there is nothing to do."""
    (tmp_path / "mine.opml").write_text(OPML, encoding="utf-8")
    tried = command("feeds", "import", str(tmp_path / "mine.opml"), "--dry-run")
    assert "3 would be written, 0 there already" in tried.stdout
    assert text(tmp_path) == PAPER
    done = command("feeds", "import", str(tmp_path / "mine.opml"))
    assert done.returncode == 0, done.stderr
    assert "1 left out, since they name no address of the web" in done.stderr
    groups = [(s.name, s.group) for s in load(tmp_path / "feeds.yaml").sources[1:]]
    assert groups == [("A Lab", "lab"), ("Weekly", "newsletter"), ("Bare", "")]
    assert "# the landmarks" in text(tmp_path)
    again = command("feeds", "import", str(tmp_path / "mine.opml"))
    assert "0 written, 3 there already" in again.stdout


def test_what_was_exported_comes_back(tmp_path: Path, command: Command) -> None:
    """Names, addresses and groups of all feeds; what is no feed is told to be left out."""
    (tmp_path / "mine.opml").write_text(OPML, encoding="utf-8")
    command("feeds", "import", str(tmp_path / "mine.opml"))
    before = [(s.name, s.address, s.group) for s in load(tmp_path / "feeds.yaml").sources[1:]]
    done = command("feeds", "export", "--out", str(tmp_path / "out.opml"))
    assert "1 sources are no feeds" in done.stderr
    (tmp_path / "feeds.yaml").write_text(PAPER, encoding="utf-8")
    assert command("feeds", "import", str(tmp_path / "out.opml")).returncode == 0
    after = [(s.name, s.address, s.group) for s in load(tmp_path / "feeds.yaml").sources[1:]]
    assert sorted(after) == sorted(before)


def test_feeds_that_do_not_answer_are_left_out_where_asked(
    tmp_path: Path, command: Command
) -> None:
    """--check asks each once; status 1 says that the list was not taken over whole."""
    with Loopback({"/good": FEED_ANSWER, "/bad": Answer(500)}) as server:
        outlines = "".join(f'<outline text="{n}" xmlUrl="{server.url("/" + n)}"/>' for n in ("good", "bad"))  # fmt: skip
        body = f'<opml version="2.0"><body>{outlines}</body></opml>'
        (tmp_path / "mine.opml").write_text(body, encoding="utf-8")
        done = command("feeds", "import", str(tmp_path / "mine.opml"), "--check")
    assert done.returncode == 1
    assert "1 left out, since they do not answer as feeds" in done.stderr
    assert [s.name for s in load(tmp_path / "feeds.yaml").sources] == ["Landmarks", "good"]


def test_a_list_may_be_an_address(tmp_path: Path, command: Command) -> None:
    """A blogroll of somebody else's, read by the same way out as feeds."""

    def answer(asked: Asked) -> Answer:
        return Answer(headers={"Content-Type": "text/x-opml"}, body=OPML.encode())

    with Loopback({"/roll.opml": answer}) as server:
        done = command("feeds", "import", server.url("/roll.opml"))
    assert "3 written" in done.stdout


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "an empty file"),
        (FEED, "no list of feeds (OPML)"),
        (b"\x00\x01nonsense", "no list of feeds (OPML)"),
        (b'<!DOCTYPE o [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><opml><body><outline text="&b;" xmlUrl="https://b.example/"/></body></opml>', ""),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(
    tmp_path: Path, command: Command, body: bytes, says: str
) -> None:
    """By a sentence; a document that defines entities of its own grows nothing."""
    (tmp_path / "mine.opml").write_bytes(body)
    done = command("feeds", "import", str(tmp_path / "mine.opml"))
    assert "Traceback" not in done.stderr
    if says:
        assert done.returncode == 1
        assert says in done.stderr
        assert text(tmp_path) == PAPER
    else:
        assert "aaaaaaaaaaaaaaaaaaaa" not in text(tmp_path)


def test_five_thousand_feeds_are_written_at_once(tmp_path: Path, command: Command) -> None:
    """One edit of the file, however long the list; beyond that it is told."""
    many = "".join(f'<outline text="F{n}" xmlUrl="https://f{n}.example/"/>' for n in range(5_003))
    (tmp_path / "many.opml").write_text(f'<opml version="2.0"><body>{many}</body></opml>')
    done = command("feeds", "import", str(tmp_path / "many.opml"))
    assert "5000 written" in done.stdout
    assert "3 left out: a list of feeds is read up to 5,000" in done.stderr
    assert len(load(tmp_path / "feeds.yaml").sources) == 5_001


# ---------------------------------------------------------------- taking out


def test_a_source_is_taken_out_with_its_comment(tmp_path: Path, command: Command) -> None:
    """Nothing else changes; a name that is not there is told."""
    (tmp_path / "mine.opml").write_text(OPML, encoding="utf-8")
    command("feeds", "import", str(tmp_path / "mine.opml"))
    assert command("feeds", "remove", "landmarks").returncode == 0
    assert "# the landmarks" not in text(tmp_path)
    assert [s.name for s in load(tmp_path / "feeds.yaml").sources] == ["A Lab", "Weekly", "Bare"]
    wrong = command("feeds", "remove", "Landmarks")
    assert wrong.returncode == 1
    assert "has no source “Landmarks”; `sundaypaper feeds list`" in wrong.stderr
