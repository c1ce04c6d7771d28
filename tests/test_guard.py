"""What stands before every route of the app: bodies with a bound, headers, who asks, odd paths."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from asking import World, ask, ask_raw, run, write_build
from sundaypaper.web.app import app
from sundaypaper.web.clients import Forwarded, is_forwarded, network, network_of
from sundaypaper.web.guard import Guard

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def echo(request: Request) -> Response:
    """Tells how long the body was, and from which network it came."""
    return PlainTextResponse(f"{len(await request.body())} from {network_of(request)}")


async def fail(request: Request) -> Response:
    """Fails, with an address in the error."""
    raise RuntimeError("no such reader: ada@lab.example")


ROUTES = [
    Route("/echo", echo, methods=["GET", "POST"]),
    Route("/fail", fail),
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world with a build of one page."""
    write_build(tmp_path, "first", index_html="<p>first")
    return World(tmp_path)


# ---------------------------------------------------------------- bodies


def test_a_body_of_the_most_that_is_taken_arrives_whole(world: World) -> None:
    """16,384 bytes, with a length and in chunks."""

    async def chunks() -> Any:
        for _ in range(16):
            yield b"x" * 1024

    web = app(world.here(), more=ROUTES)
    assert ask(web, "/echo", "POST", content=b"x" * 16_384).text.startswith("16384 ")
    assert ask(web, "/echo", "POST", content=chunks()).text.startswith("16384 ")


def test_one_byte_more_is_refused_before_a_byte_is_read(world: World) -> None:
    """By its length alone: 413, the connection ends, and no route runs."""

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was read")

    web = app(world.here(), more=ROUTES)
    length = ((b"content-length", b"16385"),)
    status, headers, body = ask_raw(web, b"/echo", "POST", length, receive)
    assert (status, headers[b"connection"]) == (413, b"close")
    assert b"Too much at once" in body


def test_a_length_of_thousands_of_digits_is_too_long(world: World) -> None:
    """No number is made of it that takes long, or that Python refuses to read."""
    length = ((b"content-length", b"9" * 5000),)
    status, _, _ = ask_raw(app(world.here(), more=ROUTES), b"/echo", "POST", length)
    assert status == 413


def test_a_body_without_a_length_is_read_no_further_than_its_bound(world: World) -> None:
    """An endless one in chunks of 1 kB: the seventeenth ends it."""
    received = []

    async def receive() -> dict[str, Any]:
        received.append(1)
        assert len(received) < 100, "it is read on and on"
        return {"type": "http.request", "body": b"x" * 1024, "more_body": True}

    web = app(world.here(), more=ROUTES)
    chunked = ((b"transfer-encoding", b"chunked"),)
    status, headers, _ = ask_raw(web, b"/echo", "POST", chunked, receive)
    assert (status, headers[b"connection"], len(received)) == (413, b"close", 17)


def test_a_body_that_does_not_come_in_time_is_told_so(world: World) -> None:
    """One byte, and then none: 408, and the connection ends."""
    pieces = [{"type": "http.request", "body": b"x", "more_body": True}]

    async def receive() -> dict[str, Any]:
        if pieces:
            return pieces.pop()
        await asyncio.Event().wait()
        raise AssertionError

    web = Guard(echo, lambda status: b"%d" % status, world.said.append, lambda: 0.0, seconds=0)  # type: ignore[arg-type]
    length = ((b"content-length", b"2"),)
    status, headers, body = ask_raw(web, b"/echo", "POST", length, receive)
    assert (status, headers[b"connection"], body) == (408, b"close", b"408")


def test_who_goes_away_in_the_middle_of_a_body_is_answered_nothing(world: World) -> None:
    """No route runs on half a form."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    def route(*_: object) -> None:
        raise AssertionError("a route ran")

    web = Guard(route, lambda _: b"", world.said.append, lambda: 0.0)  # type: ignore[arg-type]
    sent: list[Any] = []
    scope = {"type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b""}
    headers = [(b"content-length", b"9")]
    run(web({**scope, "headers": headers}, receive, sent.append))  # type: ignore[arg-type]
    assert (sent, world.said) == ([], [])


# ---------------------------------------------------------------- headers and faults


def test_every_answer_has_the_headers_that_protect_a_reader(world: World) -> None:
    """A page of the build, of a route, a fault, a refusal, one that is not there."""
    web = app(world.here(), more=ROUTES)
    answers = [
        ask(web, "/"),
        ask(web, "/echo"),
        ask(web, "/fail"),
        ask(web, "/a%2fb"),
        ask(web, "/not-there"),
        ask(web, "/echo", "DELETE"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 500, 400, 404, 405]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["permissions-policy"].startswith("camera=()")
        assert "server" not in answer.headers
        assert "set-cookie" not in answer.headers


def test_only_pages_of_the_build_may_be_kept(world: World) -> None:
    """What a route answers is for one reader, and no cache keeps it."""
    web = app(world.here(), more=ROUTES)
    assert ask(web, "/echo").headers["cache-control"] == "no-store"
    assert ask(web, "/").headers["cache-control"] == "no-cache"


def test_a_fault_is_told_by_its_place_and_names_nobody(world: World) -> None:
    """A page for whoever asked, one line for the operator, and the next after an hour."""
    web = app(world.here(), more=ROUTES)
    answers = [ask(web, "/fail"), ask(web, "/fail")]
    assert [answer.status_code for answer in answers] == [500, 500]
    assert "A mistake of ours" in answers[0].text
    [line] = world.said
    assert "RuntimeError at test_guard.py:" in line
    world.seconds = 3600
    ask(web, "/fail")
    assert len(world.said) == 2
    assert "ada" not in "".join(world.said) + answers[0].text


def test_what_is_not_done_at_an_address_is_told_with_what_is(world: World) -> None:
    """405 with Allow: of a route what it takes, of the build GET and HEAD."""
    web = app(world.here(), more=ROUTES)
    of_route, of_build = ask(web, "/echo", "PATCH"), ask(web, "/index.html", "POST")
    assert (of_route.status_code, of_build.status_code) == (405, 405)
    assert set(of_route.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert set(of_build.headers["allow"].split(", ")) == {"GET", "HEAD"}


# ---------------------------------------------------------------- odd paths


@pytest.mark.parametrize(
    "raw",
    [
        b"http://evil.example/",
        b"*",
        b"evil.example:443",
        b"/a%2f..%2fb",
        b"/a%5cb",
        b"/a%0d%0aset-cookie:x",
        b"/a%00",
        b"/\\evil.example",
        b"/" + b"x" * 5000,
    ],
)
def test_a_path_in_disguise_reaches_no_route(world: World, raw: bytes) -> None:
    """Another host, an encoded slash, backslash or control character, one that never ends: 400."""
    status, headers, body = ask_raw(app(world.here(), more=ROUTES), raw)
    assert status == 400
    assert b"location" not in headers
    assert b"evil" not in body


# ---------------------------------------------------------------- who asks


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:abcd::7", "2001:db8:1:ab00::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("", ""),
        ("unknown", ""),
        ("203.0.113.77:80", ""),
    ],
)
def test_of_an_address_only_the_network_is_kept(host: str, told: str) -> None:
    """24 bits of IPv4, 56 of IPv6; of what is no address nothing."""
    assert network(host) == told


def test_nobody_is_believed_about_an_address_by_default(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a stranger nor one of this machine, nor by a variable of the environment."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    web = app(world.here(), more=ROUTES)
    claimed = {"x-forwarded-for": "198.51.100.1", "forwarded": "for=198.51.100.1"}
    assert ask(web, "/echo", headers=claimed).text == "0 from 203.0.113.0/24"
    assert ask(web, "/echo", headers=claimed, peer="127.0.0.1").text == "0 from 127.0.0.0/24"


def test_a_proxy_that_is_named_is_believed_and_only_for_what_it_added() -> None:
    """The last address that no named proxy is; what the client wrote before it counts for nothing."""

    async def told(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse(network_of(Request(scope)))(scope, receive, send)

    proxies = ["127.0.0.1", "10.0.0.0/8"]
    web = Forwarded(told, lambda: tuple(proxies))
    two = {"x-forwarded-for": "192.0.2.6, 198.51.100.1, 10.1.1.1"}
    assert ask(web, "/", headers=two, peer="127.0.0.1").text == "198.51.100.0/24"
    assert ask(web, "/", headers=two, peer="203.0.113.9").text == "203.0.113.0/24"
    proxies.clear()
    assert ask(web, "/", headers=two, peer="127.0.0.1").text == "127.0.0.0/24"


def test_what_was_passed_on_says_so() -> None:
    """By any of the headers that proxies add."""
    for name in (b"x-forwarded-for", b"X-Forwarded-Host", b"Forwarded", b"Via", b"x-real-ip"):
        assert is_forwarded({"type": "http", "headers": [(name, b"x")]})
    assert not is_forwarded({"type": "http", "headers": [(b"host", b"x"), (b"origin", b"null")]})
