"""The published build over HTTP, and `sundaypaper serve` as a process."""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from asking import NOON, World, ask, ask_raw, run, write_build
from sundaypaper.cli.serving import comes_here
from sundaypaper.config import Config, default_config
from sundaypaper.config.web_settings import WebEntry
from sundaypaper.delivery import Readers, SignUps
from sundaypaper.errors import BuildError, ConfigError, DeliveryError, Mistake
from sundaypaper.models import SignUp
from sundaypaper.web import bodies as bodies_module
from sundaypaper.web.app import app
from sundaypaper.web.bodies import Bodies
from sundaypaper.web.builds import Builds, File
from sundaypaper.web.chores import Chores
from sundaypaper.web.connections import Crowd, Watched
from sundaypaper.web.mailer import Chore, Mailer
from sundaypaper.web.serving import listen, url_of
from sundaypaper.web.settings import Settings
from sundaypaper.web.static import Site, takes_gzip
from terminal import typed

FEEDS = "title: A\nsources: [{kind: bundle, name: Landmarks, path: shelf, use: news}]\n"
LONG = "<p>" + "a word " * 400


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world with a small build."""
    write_build(
        tmp_path,
        "first",
        index_html=LONG,
        style_css="p {}",
        favicon_svg="<svg/>",
        issues__index_html="<p>issues",
        empty__feed_atom="<feed/>",
    )
    return World(tmp_path)


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/issues/", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml; charset=utf-8"),
        ("/empty/feed.atom", "application/atom+xml; charset=utf-8"),
    ],
)
def test_a_file_is_what_its_name_says(world: World, path: str, kind: str) -> None:
    """A folder is its index.html."""
    answer = ask(app(world.here()), path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("feed.json", "application/feed+json"),
        ("issue.json", "application/json"),
        ("feed.xml", "application/xml; charset=utf-8"),
        ("calendar.ics", "text/calendar; charset=utf-8"),
        ("marks.js", "text/javascript; charset=utf-8"),
        ("all.bib", "application/x-bibtex; charset=utf-8"),
        ("llms.txt", "text/plain; charset=utf-8"),
        ("card.png", "image/png"),
        ("feeds.opml", "text/x-opml; charset=utf-8"),
        ("odd", "application/octet-stream"),
    ],
)
def test_every_kind_of_file_that_is_published_has_its_type(
    tmp_path: Path, name: str, kind: str
) -> None:
    """By its ending; a feed in JSON by its whole name."""
    write_build(tmp_path, "first", **{name.replace(".", "_"): "x"})
    answer = ask(app(World(tmp_path).here()), f"/{name}")
    assert answer.headers["content-type"] == kind


def test_a_page_that_is_not_there_is_told_in_the_papers_look(world: World) -> None:
    """At any depth: its links and its style begin at the root of the paper."""
    answer = ask(app(world.here()), "/issues/2031-W01/no/such/page")
    assert answer.status_code == 404
    assert "<h1>Page not found</h1>" in answer.text
    assert 'href="/style.css"' in answer.text
    assert 'href="/archive/index.html"' in answer.text
    below = ask(app(world.here(base_url="https://lab.example/paper/")), "/none")
    assert 'href="/paper/style.css"' in below.text


@pytest.mark.parametrize("path", ["/empty", "/empty/", "/style.css/", "/issues//", "/issues/none"])
def test_what_has_no_page_is_not_found(world: World, path: str) -> None:
    """A folder without one, a file with a slash, a name between two slashes."""
    assert ask(app(world.here()), path).status_code == 404


def test_a_slash_that_is_missing_is_added_by_a_way_below(world: World) -> None:
    """A relative one, with the query; it never names a host."""
    answer = ask(app(world.here()), "/issues?q=a", headers={"host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (301, "./issues/?q=a")


@pytest.mark.parametrize(
    "raw", [b"//evil.example", b"//issues", b"///", b"/.//issues", b"/https:evil.example"]
)
def test_no_path_leads_to_another_host(world: World, raw: bytes) -> None:
    """Two slashes at the beginning, a scheme in the first name: no redirect at all."""
    status, headers, _ = ask_raw(app(world.here()), raw)
    assert status == 404
    assert b"location" not in headers


def test_a_folder_with_the_name_of_a_scheme_leads_below_as_well(tmp_path: Path) -> None:
    """The browser would take `https:evil/` for another host."""
    folder = write_build(tmp_path, "first", index_html="x")
    (folder / "https:evil").mkdir()
    (folder / "https:evil" / "index.html").write_text("x")
    status, headers, _ = ask_raw(app(World(tmp_path).here()), b"/https:evil")
    assert (status, headers[b"location"]) == (301, b"./https%3Aevil/")


@pytest.mark.parametrize(
    "raw",
    [
        b"/../first.json",
        b"/%2e%2e/first.json",
        b"/issues/../../first.json",
        b"/issues/%2E%2E/%2e%2e/first.json",
        b"/.",
        b"/issues/.",
        b"/..",
        b"/%ff",
        b"/" + b"a" * 300,
    ],
)
def test_nothing_outside_of_the_build_is_ever_sent(world: World, raw: bytes) -> None:
    """Points, plain or encoded, what is no UTF-8, and a name that no disk takes."""
    (world.root / "output" / "builds" / "first.json").write_text("the manifest")
    status, _, body = ask_raw(app(world.here()), raw)
    assert status == 404
    assert b"manifest" not in body


def test_a_link_that_leads_out_of_the_build_is_not_followed(world: World) -> None:
    """A file and a folder; nor one into a folder whose name only begins alike."""
    build = world.root / "output" / "builds" / "first"
    (world.root / "readers.db").write_text("addresses")
    (world.root / "output" / "builds" / "first-and-more").mkdir()
    (world.root / "output" / "builds" / "first-and-more" / "a.txt").write_text("addresses")
    (build / "readers.db").symlink_to(world.root / "readers.db")
    (build / "root").symlink_to(world.root)
    (build / "more").symlink_to(world.root / "output" / "builds" / "first-and-more")
    web = app(world.here())
    for path in ("/readers.db", "/root/readers.db", "/more/a.txt"):
        answer = ask(web, path)
        assert answer.status_code == 404
        assert "addresses" not in answer.text


# ---------------------------------------------------------------- tags and compression


def test_what_a_reader_has_is_not_sent_again(world: World) -> None:
    """304 without a body, for the tag, for several, for a weak one, for any."""
    web = app(world.here())
    tag = ask(web, "/").headers["etag"]
    assert tag[0] == tag[-1] == '"'
    for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        answer = ask(web, "/", headers={"if-none-match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
        assert answer.headers["vary"] == "Accept-Encoding"
    assert ask(web, "/", headers={"if-none-match": '"other"'}).status_code == 200


def test_a_tag_is_of_the_content_and_of_its_encoding(world: World) -> None:
    """A new build with the same page keeps it, a changed page has another, and so has its gzip."""
    web = app(world.here())
    plain = ask(web, "/", headers={"accept-encoding": "identity"})
    packed = ask(web, "/", headers={"accept-encoding": "gzip"})
    assert plain.headers["etag"] != packed.headers["etag"]
    assert plain.content == packed.content == LONG.encode()
    known = {"accept-encoding": "gzip", "if-none-match": plain.headers["etag"]}
    assert ask(web, "/", headers=known).status_code == 200
    write_build(world.root, "second", index_html=LONG)
    assert ask(web, "/").headers["etag"] == packed.headers["etag"]
    write_build(world.root, "third", index_html=LONG + "!")
    assert ask(web, "/").headers["etag"] != packed.headers["etag"]


def test_a_body_is_compressed_for_who_takes_that(world: World) -> None:
    """With the length of what is sent; a body that gains nothing is sent as it is."""
    _, headers, body = ask_raw(app(world.here()), b"/", headers=((b"accept-encoding", b"gzip"),))
    assert headers[b"content-encoding"] == b"gzip"
    assert int(headers[b"content-length"]) == len(body) < 200
    assert gzip.decompress(body) == LONG.encode()
    small = ask(app(world.here()), "/style.css", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in small.headers


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("GZIP", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
        ("identity", False),
        ("gzip;q=many", False),
    ],
)
def test_whether_gzip_is_taken(accepted: str, taken: bool) -> None:
    """A weight of 0 refuses it, also where `*` would take it."""
    assert takes_gzip(accepted) is taken


def test_head_tells_what_get_would_send(world: World) -> None:
    """The same headers, no body; of a page that is not there, too."""
    web = app(world.here())
    for path in ("/", "/none", "/issues"):
        get, head = ask(web, path), ask(web, path, "HEAD")
        assert head.status_code == get.status_code
        assert dict(head.headers) == dict(get.headers)
        assert head.content == b""


def test_a_large_file_is_handed_on_in_pieces(world: World) -> None:
    """A slow reader of 200 kB holds no more than 64 kB of it at a time."""
    large = os.urandom(200_000)
    (world.root / "output" / "builds" / "first" / "large.png").write_bytes(large)
    sizes: list[int] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        sizes.append(len(message.get("body", b"")))

    scope = {"type": "http", "method": "GET", "path": "/large.png", "raw_path": b"/large.png"}
    site = Site(Builds(world.root / "output" / "site"), Bodies(), lambda _: b"")
    run(site({**scope, "query_string": b"", "headers": []}, receive, send))  # type: ignore[arg-type]
    assert sizes == [0, 65_536, 65_536, 65_536, 3_392]


# ---------------------------------------------------------------- builds that are swapped


def test_without_pages_every_address_says_so_until_there_are_some(tmp_path: Path) -> None:
    """503 and when to come again; the first build is served at once."""
    web = app(World(tmp_path).here())
    answer = ask(web, "/issues/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "This paper has not been printed yet." in answer.text
    write_build(tmp_path, "first", issues__index_html="now")
    assert ask(web, "/issues/").text == "now"


class Swapped(Builds):
    """Builds of which the one that was found is replaced and removed before it is read."""

    def __init__(self, root: Path, swaps: int) -> None:
        super().__init__(root / "output" / "site")
        self.root, self.swaps = root, swaps

    def find(self, raw_path: bytes) -> Any:
        """What is found, which is gone a moment later."""
        found = super().find(raw_path)
        if self.swaps:
            self.swaps -= 1
            before = self.current()
            write_build(self.root, f"after-{self.swaps}", index_html=f"after {self.swaps}")
            shutil.rmtree(str(before))
        return found


def test_a_build_that_is_removed_under_a_request_is_answered_from_the_next(world: World) -> None:
    """Twice in one request; the page is whole, and of the last one."""
    site = Site(Swapped(world.root, swaps=2), Bodies(), lambda status: b"%d" % status)
    status, _, body = ask_raw(site, b"/index.html")
    assert (status, body) == (200, b"after 0")


class Stale(Builds):
    """Builds whose link was followed just before it was swapped."""

    stale = True

    def current(self) -> str | None:
        """The build of before, once."""
        now = super().current()
        if self.stale and now is not None:
            self.stale = False
            return str(Path(now).with_name("gone"))
        return now


def test_a_build_that_went_while_its_link_was_followed_is_looked_for_again(world: World) -> None:
    """No page is said not to be there because its build was swapped."""
    found = Stale(world.root / "output" / "site").find(b"/index.html")
    assert isinstance(found, File)


# ---------------------------------------------------------------- the memory of bodies


def test_bodies_that_are_kept_stay_within_their_bound(world: World) -> None:
    """The one that was asked for longest ago goes first; one that is too large is not kept."""
    folder = world.root / "output" / "builds" / "first"
    for name in ("a", "b", "c", "d", "e"):
        (folder / f"{name}.png").write_bytes(name.encode() * 100)
    (folder / "large.png").write_bytes(b"x" * 101)
    bodies, builds = Bodies(most=400), Builds(world.root / "output" / "site")

    def kept() -> str:
        return "".join(chr(body.plain[0]) for body in bodies.kept.values())

    async def load(names: str) -> None:
        for name in names:
            found = builds.find(f"/{name}.png".encode())
            assert isinstance(found, File)
            await bodies.of(found, packs=False)

    run(load("abcda"))
    assert kept() == "bcda"
    run(load("e"))
    assert (kept(), bodies.size) == ("cdae", 400)
    found = builds.find(b"/large.png")
    assert isinstance(found, File)
    assert run(bodies.of(found, packs=False)).plain == b"x" * 101
    assert (kept(), bodies.size) == ("cdae", 400)


def test_many_who_ask_at_once_have_a_file_read_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty requests for a page that nobody has asked for yet."""
    reads, read = [], bodies_module.read

    def counted(path: str, packs: bool) -> Any:
        reads.append(path)
        return read(path, packs)

    monkeypatch.setattr(bodies_module, "read", counted)
    found = Builds(world.root / "output" / "site").find(b"/")
    assert isinstance(found, File)

    async def fifty() -> list[Any]:
        bodies = Bodies()
        return await asyncio.gather(*(bodies.of(found, packs=True) for _ in range(50)))

    assert {body.plain for body in run(fifty())} == {LONG.encode()}
    assert len(reads) == 1


# ---------------------------------------------------------------- health


def test_the_health_names_what_is_wrong_and_no_more(world: World) -> None:
    """503 while one part is not well; no path and no error's text."""
    wrong = ["does not run"]
    web = app(world.here(), mailer=lambda: wrong[0])
    answer = ask(web, "/healthz")
    assert answer.status_code == 503
    assert answer.json() == {
        "well": False,
        "pages": "ok",
        "readers.db": "is missing",
        "mailer": "does not run",
        "paper": "ok",
    }
    (world.root / "readers.db").write_bytes(b"no database at all, for whoever looks")
    world.seconds, wrong[0] = 5.0, ""
    assert ask(web, "/healthz").json()["readers.db"] == "cannot be read"


def test_who_asks_for_the_health_all_the_time_opens_no_file_each_time(world: World) -> None:
    """An answer about readers.db holds for a second."""
    web = app(world.here())
    assert ask(web, "/healthz").json()["readers.db"] == "is missing"
    (world.root / "readers.db").write_bytes(b"x")
    world.seconds = 0.9
    assert ask(web, "/healthz").json()["readers.db"] == "is missing"
    world.seconds = 1.0
    assert ask(web, "/healthz").json()["readers.db"] == "cannot be read"


# ---------------------------------------------------------------- settings


def test_settings_follow_the_file_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    """A change is in use after the next look; what is wrong is told once, and the old ones stay."""
    file, said = tmp_path / "feeds.yaml", list[str]()
    first, second = default_config(), default_config()
    outcome: list[Config | ConfigError] = [first]

    def load() -> Config:
        if isinstance(outcome[0], ConfigError):
            raise outcome[0]
        return outcome[0]

    def write(text: str, at: int) -> None:
        file.write_text(text)
        os.utime(file, (at, at))

    write("title: A", 1)
    settings = Settings(file, load, said.append)
    settings.look()
    assert (settings(), said) == (first, [])
    outcome[0] = ConfigError((Mistake("feeds.yaml", 1, 1, "titel", "no such key"),))
    write("titel: A", 2)
    settings.look()
    settings.look()
    assert settings() is first
    assert len(said) == 1
    assert "no such key" in said[0]
    outcome[0] = second
    write("title: B", 3)
    settings.look()
    assert settings() is second
    file.unlink()
    settings.look()
    assert settings() is second


# ---------------------------------------------------------------- the mailer


def test_chores_are_done_when_they_are_due_and_urgent_ones_when_woken(world: World) -> None:
    """One of five seconds, one of an hour; a sign-up does not wait for the five seconds."""
    done: list[str] = []
    chores = [
        Chore("mails", 5, lambda: done.append("mails"), urgent=True),
        Chore("hourly", 3600, lambda: done.append("hourly")),
    ]
    mailer = Mailer(chores, world.said.append, lambda: world.seconds)
    assert mailer.round() == 5
    assert done == ["mails", "hourly"]
    world.seconds = 1
    assert mailer.round() == 4
    mailer.wake()
    mailer.round()
    assert done == ["mails", "hourly", "mails"]
    world.seconds = 3600
    mailer.round()
    assert done[3:] == ["mails", "hourly"]


def test_a_chore_that_fails_is_told_once_and_holds_up_no_other(world: World) -> None:
    """Not each five seconds; again once it was well in between. A fault of ours names nobody."""
    outcome: list[Exception | None] = [DeliveryError("the server does not answer")]
    done: list[int] = []

    def work() -> None:
        if outcome[0]:
            raise outcome[0]

    chores = [Chore("mails", 5, work), Chore("other", 5, lambda: done.append(1))]
    mailer = Mailer(chores, world.said.append, lambda: world.seconds)
    for second, error in enumerate(
        [outcome[0], outcome[0], None, outcome[0], ValueError("ada@lab.example")]
    ):
        world.seconds, outcome[0] = second * 5.0, error
        mailer.round()
    assert len(done) == 5
    assert world.said[:2] == ["! mails: the server does not answer"] * 2
    assert world.said[2].startswith("! mails: ValueError at test_serving.py:")
    assert len(world.said) == 3
    assert "ada" not in "".join(world.said)


def test_a_mailer_that_does_not_run_or_hangs_is_not_well(world: World) -> None:
    """Before its start and after its end; and where one round takes a quarter of an hour."""
    mailer = Mailer([], world.said.append, lambda: world.seconds)
    assert mailer.fault() == "does not run"
    mailer.start()
    assert mailer.fault() == ""
    world.seconds = 901
    assert mailer.fault() == "hangs"
    assert mailer.stop()
    assert mailer.fault() == "does not run"


# ---------------------------------------------------------------- connections


class Line:
    """A connection that may be ended."""

    def __init__(self) -> None:
        self.ended = False

    def abort(self) -> None:
        """End."""
        self.ended = True


def test_where_there_are_too_many_the_one_that_was_answered_longest_ago_goes() -> None:
    """Who only holds a connection makes room for who asks for a page."""
    crowd = Crowd(3)
    idle, busy, third, fourth = (Line() for _ in range(4))
    for line in (idle, busy, third):
        crowd.join(line)  # type: ignore[arg-type]
    crowd.answered(idle)  # type: ignore[arg-type]
    crowd.join(fourth)  # type: ignore[arg-type]
    assert [line.ended for line in (idle, busy, third, fourth)] == [False, True, False, False]
    crowd.leave(third)  # type: ignore[arg-type]
    crowd.join(busy)  # type: ignore[arg-type]
    assert not idle.ended


class Clock:
    """A loop whose time is set, and that calls what is due."""

    def __init__(self) -> None:
        self.now = 0.0
        self.due: list[tuple[float, Any, list[bool]]] = []

    def time(self) -> float:
        """The time of now."""
        return self.now

    def call_later(self, seconds: float, call: Any) -> Any:
        """Call something in so many seconds, unless it is cancelled."""
        off: list[bool] = []
        self.due.append((self.now + seconds, call, off))
        return SimpleNamespace(cancel=lambda: off.append(True))

    def until(self, second: float) -> None:
        """Let time pass."""
        while ready := [one for one in self.due if one[0] <= second]:
            first = min(ready, key=lambda one: one[0])
            self.due.remove(first)
            self.now = first[0]
            if not first[2]:
                first[1]()
        self.now = second


class Wire(asyncio.Transport):
    """A transport that only keeps what happened to it, and so much that nobody has taken yet."""

    def __init__(self) -> None:
        super().__init__()
        self.happened: list[str] = []
        self.waiting = 0

    def write(self, data: Any) -> None:
        """Take an answer."""

    def get_write_buffer_size(self) -> int:
        """What its reader has not taken."""
        return self.waiting

    def abort(self) -> None:
        """End at once."""
        self.happened.append("ended")

    def close(self) -> None:
        """End after what is written."""
        self.happened.append("closed")

    def is_closing(self) -> bool:
        """Whether it is ended."""
        return "ended" in self.happened

    def can_write_eof(self) -> bool:
        """As TCP can."""
        return True

    def write_eof(self) -> None:
        """Say that nothing more comes."""
        self.happened.append("said so")

    def resume_reading(self) -> None:
        """Go on reading."""
        self.happened.append("reads")


@pytest.fixture
def watched() -> tuple[Watched, Wire, Clock]:
    """A connection that was made just now."""
    wire, clock = Wire(), Clock()
    return Watched(wire, Crowd(10), clock), wire, clock  # type: ignore[arg-type]


def test_a_connection_over_which_nothing_is_answered_ends(
    watched: tuple[Watched, Wire, Clock],
) -> None:
    """20 seconds after it was made or after the last answer, whatever drips in."""
    line, wire, clock = watched
    clock.until(19.9)
    line.write(b"an answer")
    clock.until(39.8)
    assert wire.happened == []
    clock.until(40)
    assert wire.happened == ["ended"]


def test_a_reader_who_takes_nothing_of_an_answer_is_left_after_a_minute(
    watched: tuple[Watched, Wire, Clock],
) -> None:
    """Longer than who asks for nothing, since an answer may be large and a line slow."""
    line, wire, clock = watched
    line.write(b"an answer")
    wire.waiting = 60_000
    clock.until(59.9)
    assert wire.happened == []
    clock.until(60)
    assert wire.happened == ["ended"]


def test_who_still_sends_has_a_second_to_hear_why_the_connection_ends(
    watched: tuple[Watched, Wire, Clock],
) -> None:
    """It is said at once that nothing more comes; what is sent meanwhile is dropped, up to 4 MB."""
    line, wire, clock = watched
    line.close()
    assert (wire.happened, line.is_closing()) == (["said so", "reads"], True)
    line.drop(b"x" * (4 << 20))
    clock.until(0.9)
    assert wire.happened == ["said so", "reads"]
    clock.until(1)
    assert wire.happened == ["said so", "reads", "ended"]


def test_who_goes_on_sending_is_not_heard_for_long(watched: tuple[Watched, Wire, Clock]) -> None:
    """One byte more than 4 MB ends it before the second is over."""
    line, wire, _ = watched
    line.close()
    line.drop(b"x" * (4 << 20))
    line.drop(b"x")
    assert wire.happened[-1] == "ended"


# ---------------------------------------------------------------- the mails of a demonstration

EML = b"""\
From: Sunday Paper <paper@lab.example>
To: ada@lab.example
Subject: =?utf-8?q?Please_confirm_=E2=80=93_Sunday_Paper?=
Date: Sun, 08 Mar 2026 12:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Confirm: https://paper.example/confirm/abc <script>

--b
Content-Type: text/html; charset=utf-8

<!doctype html><html><head><title>x</title></head><body><a href="https://paper.example/confirm/abc">Confirm</a></body></html>
--b--
"""
NEAR = {"host": "127.0.0.1:8000"}


@pytest.fixture
def mails(world: World) -> Path:
    """A folder with two mails, of which `second` is the newer one."""
    folder = world.root / "mails"
    folder.mkdir()
    for number, name in enumerate(("first", "second")):
        (folder / f"{name}.eml").write_bytes(EML.replace(b"Please", name.encode()))
        os.utime(folder / f"{name}.eml", (number, number))
    return folder


def test_the_mails_of_a_demonstration_are_listed_and_shown(world: World, mails: Path) -> None:
    """Newest first; one as its reader sees it, in a frame that runs nothing, and as text."""
    web = app(world.here(mails=mails, show_mails=True))
    listed = ask(web, "/mails/", peer="127.0.0.1", headers=NEAR).text
    assert listed.index("second confirm – Sunday Paper") < listed.index("first confirm –")
    shown = ask(web, "/mails/first", peer="127.0.0.1", headers=NEAR)
    assert 'src="/mails/first/html"' in shown.text
    assert "confirm/abc &lt;script&gt;" in shown.text
    body = ask(web, "/mails/first/html", peer="::1", headers={"host": "localhost"})
    assert '<head><base target="_top"><title>' in body.text
    assert "sandbox allow-top-navigation-by-user-activation" in body.headers["content-security-policy"]  # fmt: skip
    assert "script-src" not in body.headers["content-security-policy"]
    assert body.headers["cache-control"] == "no-store"


def test_nobody_else_sees_the_mails_of_a_demonstration(world: World, mails: Path) -> None:
    """Not from elsewhere, through a proxy or by another host's name; nor a file beside them."""
    (mails.parent / "other.eml").write_bytes(EML)
    (mails / "link.eml").symlink_to(mails.parent / "other.eml")
    web = app(world.here(mails=mails, show_mails=True))
    for path in ("/mails/", "/mails/first", "/mails/first/html"):
        assert ask(web, path, headers=NEAR).status_code == 404
        forwarded = NEAR | {"x-forwarded-for": "127.0.0.1"}
        assert ask(web, path, peer="127.0.0.1", headers=forwarded).status_code == 404
        rebound = {"host": "evil.example"}
        assert ask(web, path, peer="127.0.0.1", headers=rebound).status_code == 404
    for path in ("/mails/none", "/mails/link", "/mails/%2e%2e%2fother"):
        assert ask(web, path, peer="127.0.0.1", headers=NEAR).status_code in (400, 404)
    hidden = app(world.here(mails=mails))
    assert ask(hidden, "/mails/", peer="127.0.0.1", headers=NEAR).status_code == 404


# ---------------------------------------------------------------- the command


def test_no_answer_waits_for_the_word_that_its_beginning_came() -> None:
    """A connection sends what it is given at once: two pieces of an answer took 40 ms before."""
    with (
        listen("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


class Gone(asyncio.Transport):
    """A connection whose other end has gone."""

    aborted = False

    def is_closing(self) -> bool:
        return False

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        raise OSError(107, "Transport endpoint is not connected")

    def abort(self) -> None:
        self.aborted = True


def test_to_close_what_has_gone_already_is_no_fault() -> None:
    """A client that goes while it is refused: the connection ends, and nothing is raised."""

    async def closed() -> bool:
        gone = Gone()
        watched = Watched(gone, Crowd(1), asyncio.get_running_loop())
        watched.close()
        watched.gone()
        return gone.aborted

    assert run(closed())


def test_a_port_that_is_taken_and_a_host_that_is_not_there_are_told() -> None:
    """In one sentence, with what to do."""
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert url_of(taken) == f"http://127.0.0.1:{port}/"
        with pytest.raises(
            BuildError,
            match=rf"127\.0\.0\.1 port {port} cannot be used: Address already in use; name another with --port or --host$",
        ):
            listen("127.0.0.1", port)
    with pytest.raises(
        BuildError, match=r"'not-an-address' is no address of this machine: .*--host"
    ):
        listen("not-an-address", 0)
    with pytest.raises(BuildError, match=r"192\.0\.2\.1 port 0 cannot be used: .*--host"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("more", "words", "why"),
    [
        (
            "delivery: {from: paper@lab.example, kind: file, folder: out}\n",
            (),
            "mails go to people",
        ),
        ("", ("--host", "0.0.0.0"), "shown to this machine alone"),
    ],
)
def test_mails_are_shown_only_where_nobody_else_can_see_any(
    tmp_path: Path, more: str, words: tuple[str, ...], why: str
) -> None:
    """Refused before anything is served: with `delivery:`, and at an address of others."""
    (tmp_path / "feeds.yaml").write_text(FEEDS + more)
    done = typed(tmp_path, "serve", "--port", "0", "--show-mails", *words)
    assert done.returncode == 2
    assert why in " ".join(done.stderr.replace("│", " ").split())


def test_serve_answers_until_it_is_told_to_end(tmp_path: Path) -> None:
    """A process: pages, an order to end, a status of 0 within seconds, and nothing left."""
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    write_build(tmp_path, "first", index_html="the front")
    line = [sys.executable, "-m", "sundaypaper", "--root", str(tmp_path), "serve", "--port", "0"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        address = served.stdout.readline().split()[0]
        assert served.stdout.readline().startswith(f"mails go into {tmp_path}/mails/served")
        with httpx.Client(base_url=address) as client:
            assert client.get("/").text == "the front"
            assert client.get("/healthz").json()["well"]
            assert client.post("/", content=b"x" * 20_000).status_code == 413
            served.send_signal(signal.SIGTERM)
            assert served.wait(timeout=30) == 0
        assert served.stdout.read() == "ended\n"
    port = int(address.rstrip("/").rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    assert not [name for name in os.listdir(tmp_path) if name.startswith("readers.db-")]


# ---------------------------------------------------------------- what the mailer does


@pytest.fixture
def readers(world: World) -> Iterator[Readers]:
    """The readers of this world."""
    with Readers(world.root / "readers.db", os.urandom) as opened:
        yield opened


def chores(world: World, reached: bool = True) -> Chores:
    """The chores of an app of this world, whose mails go into a folder."""
    here = world.here(mails=world.root / "mails", random=os.urandom)
    return Chores(here, {}, lambda: reached, calls=True)


def test_who_signed_up_gets_a_mail_that_leads_here(world: World, readers: Readers) -> None:
    """One, into the folder, with the link that confirms; the next round sends none."""
    SignUps(readers).ask(SignUp("ada@lab.example"), NOON)
    work = chores(world)
    assert [work.mails(), work.mails()] == [1, 0]
    [file] = (world.root / "mails").glob("*.eml")
    assert b"https://paper.example/confirm/" in file.read_bytes()
    assert "ada" not in "".join(world.said)


def test_mails_lead_here_only_where_readers_come_here(world: World, readers: Readers) -> None:
    """Who looks at their paper on their own machine gives out no link to a host without an app."""
    chores(world, reached=False).live()
    assert readers.web_base(NOON) == ""
    chores(world).live()
    assert readers.web_base(NOON) == "https://paper.example/"


def test_who_confirmed_here_has_shown_that_mails_lead_here(world: World, readers: Readers) -> None:
    """It holds while the app goes on, and no more two days after it ended; another host is another."""
    other = "https://other.example/"
    readers.served("https://paper.example/", NOON)  # as a confirmation does
    work = chores(world, reached=False)
    for hours in (1, 40, 80):
        world.now = NOON + timedelta(hours=hours)
        work.live()
        assert readers.web_base(world.now) == "https://paper.example/"
    world.now = NOON + timedelta(hours=129)
    work.live()
    assert readers.web_base(world.now) == ""
    readers.served(other, world.now)
    work.live()
    assert readers.web_base(world.now) == other


def test_readers_that_were_restored_meanwhile_are_the_ones_to_know(world: World) -> None:
    """Another file in the place of the old one is opened; the old one is no more written to."""
    file = world.root / "readers.db"
    Readers(file, os.urandom).close()
    work = chores(world)
    work.live()
    file.rename(file.with_name("before.db"))
    with Readers(file, os.urandom) as restored:
        assert restored.web_base(NOON) == ""
        work.live()
        assert restored.web_base(NOON) == "https://paper.example/"


def test_a_sign_up_that_nobody_confirmed_is_forgotten_by_the_clearing_up(
    world: World, readers: Readers
) -> None:
    """After seven days nothing of its address is there."""
    SignUps(readers).ask(SignUp("ada@lab.example"), NOON)
    work = chores(world)
    work.mails()
    for days, left in ((6, 1), (8, 0)):
        world.now = NOON + timedelta(days=days)
        work.tidy()
        assert len(SignUps(readers).pending(world.now)) == left


@pytest.mark.parametrize(
    ("base", "proxies", "reached"),
    [
        ("https://paper.example/", (), False),
        ("https://paper.example/", ("127.0.0.1",), True),
        ("http://127.0.0.1:8000/", (), True),
        ("http://localhost:8000/", (), True),
    ],
)
def test_readers_come_here_by_a_proxy_or_from_this_machine(
    world: World, base: str, proxies: tuple[str, ...], reached: bool
) -> None:
    """At an address of this machine alone nobody else does, unless a proxy is named."""
    world.config = replace(world.config, web=WebEntry(proxies=proxies))
    with listen("127.0.0.1", 0) as listening:
        assert comes_here(world.here(base_url=base), listening)() is reached
