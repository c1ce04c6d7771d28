"""The one way out: what it refuses, what it bounds, what it hands back."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from timeit import default_timer
from typing import Any

import httpcore
import httpx
import pytest

from loopback import Answer, Asked, Loopback, Raw
from mail_servers import certificate
from sundaypaper.errors import FetchError
from sundaypaper.net import Net, Pace, host_of, retry_after
from sundaypaper.net.address import is_public
from sundaypaper.net.body import Unpacker
from sundaypaper.net.transport import AS_HTTPX

PUBLIC, OTHER = "93.184.216.34", "203.0.114.9"


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now, self.slept = now, list[float]()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def private_net(**more: Any) -> Net:
    """A way out to loopback, on the real clock."""
    more = dict[str, Any](sleep=Clock().sleep, monotonic=Clock()) | more
    return Net(user_agent="test/1 (+https://paper.example)", allow_private=True, **more)


def public_net(
    dial: Callable[[tuple[str, int], float], socket.socket],
    names: dict[str, list[str]] | None = None,
    **more: Any,
) -> Net:
    """A way out under the real address policy; names resolve from a table, else as literals."""

    def resolve(host: str, port: int, *_: Any) -> Any:
        host = host.rstrip(".")
        if names and host in names:
            return [(2, 1, 6, "", (ip, port)) for ip in names[host]]
        if host == "localhost":
            return [(2, 1, 6, "", ("127.0.0.1", port))]
        return socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)

    clock = Clock()
    more = dict[str, Any](sleep=clock.sleep, monotonic=clock) | more
    return Net(user_agent="test/1", resolve=resolve, dial=dial, **more)


def no_dial(address: tuple[str, int], timeout: float) -> socket.socket:
    """The canary: a refused address must never get this far."""
    pytest.fail(f"dialled {address}")


def reason(net: Net, url: str, **more: Any) -> str:
    """The reason for which a url fails."""
    with pytest.raises(FetchError) as caught:
        net.get(url, **more)
    assert str(caught.value)
    return caught.value.reason


def test_an_answer_comes_back_with_lower_case_headers_and_its_bytes() -> None:
    """Status, headers, body and url are those of the server; the last of two headers wins."""
    with Loopback({"/f": Answer(headers={"X-Seen": "1", "x-seen": "2"}, body=b"abc")}) as server:
        answer = private_net().get(server.url("/f"))
    assert (answer.status, answer.body, answer.url) == (200, b"abc", server.url("/f"))
    assert answer.headers["x-seen"] == "2"
    assert answer.moved == ""


def test_a_request_says_who_asks_and_nothing_else() -> None:
    """One honest User-Agent; no cookie although one was set, no Referer after a redirect."""
    jar = Answer(302, {"Location": "/b", "Set-Cookie": "a=1"})
    with Loopback({"/a": jar, "/b": Answer()}) as server:
        private_net().get(server.url("/a"), headers={"Accept": "application/atom+xml"})
    assert [set(a.headers) for a in server.asked] == [
        {"host", "accept", "user-agent", "accept-encoding", "connection"}
    ] * 2
    assert server.asked[1].headers["user-agent"] == "test/1 (+https://paper.example)"
    assert server.asked[1].headers["accept-encoding"] == "gzip, deflate"


def test_a_validator_goes_back_byte_for_byte() -> None:
    """Odd and non-ASCII ETags are neither normalised nor refused."""
    etag = 'W/"x-gzip é"'
    with Loopback({"/f": Answer(headers={"ETag": etag})}) as server:
        net = private_net()
        got = net.get(server.url("/f")).headers["etag"]
        net.get(server.url("/f"), headers={"If-None-Match": got})
    assert server.asked[1].headers["if-none-match"] == etag


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001", "localhost", "localhost.",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fec0::1]", "[5f00::1]", "[ff02::1]",
        "[2001:db8::1]", "[3fff::1]", "[2001::7f00:1]", "[64:ff9b:1::1]", "10.0.0.1",
        "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1",
        "198.18.0.1", "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "0.0.0.0",
        "a@127.0.0.1", "127.0.0.1%2F%23.paper.example",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_never_dialled(host: str) -> None:
    """Every spelling of a private address is refused, asked for itself or by a redirect."""
    assert reason(public_net(no_dial), f"http://{host}/") == "address"
    leads = {"/": Answer(302, {"Location": f"http://{host}/x"})}
    with Loopback(leads) as server:
        net = public_net(server.dial, {"blog.example": [PUBLIC]})
        assert reason(net, "http://blog.example/") in ("address", "redirect")
    assert server.paths() == ["/"]


@pytest.mark.parametrize(
    "ip", [PUBLIC, "2606:4700::1111", "64:ff9b::5db8:d822", "2002:5db8:d822::1"]
)
def test_public_addresses_are_public(ip: str) -> None:
    """The guard does not refuse the internet itself, nor a public IPv4 carried by IPv6."""
    assert is_public(ip)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://blog.example/", "ftp://blog.example/", "//blog.example/",
        "http://blog.example:22/", "http://blog.example:25/", "http://blog.example:6379/",
        "http://user:word@blog.example/", "http://blog.example:99999/", "http://bl og.example/",
        "http://blog.example/\r\nX: y", "javascript:alert(1)", "",
    ],
)  # fmt: skip
def test_only_web_addresses_are_asked(url: str) -> None:
    """Other schemes, ports of other services and user names never reach a connection."""
    assert reason(public_net(no_dial, {"blog.example": [PUBLIC]}), url) == "address"


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd", "gopher://blog.example/", "javascript:alert(1)", "//blog.example:22/",
        "http://blog.example:6379/", "http://user:word@blog.example/",
    ],
)  # fmt: skip
def test_a_redirect_leads_to_addresses_of_the_web_alone(location: str) -> None:
    """What would be refused when asked for is refused when an answer leads there."""
    with Loopback({"/": Answer(302, {"Location": location})}) as server:
        net = public_net(server.dial, {"blog.example": [PUBLIC]})
        assert reason(net, "http://blog.example/") == "address"
    assert server.paths() == ["/"]


def test_a_name_with_one_private_answer_is_refused() -> None:
    """A public A record does not excuse a private AAAA record beside it."""
    net = public_net(no_dial, {"blog.example": [PUBLIC, "fd00::1"]})
    assert reason(net, "http://blog.example/") == "address"


def test_a_name_is_resolved_once_and_that_address_is_dialled() -> None:
    """A name server that answers public first and private then gets no second question."""
    answers = iter([PUBLIC, "127.0.0.1"])
    dialled: list[tuple[str, int]] = []

    def resolve(host: str, port: int, *_: Any) -> Any:
        return [(2, 1, 6, "", (next(answers), port))]

    with Loopback({"/": Answer(body=b"ok")}) as server:

        def dial(address: tuple[str, int], timeout: float) -> socket.socket:
            dialled.append(address)
            return server.dial(address, timeout)

        clock = Clock()
        net = Net(user_agent="t", monotonic=clock, sleep=clock.sleep, resolve=resolve, dial=dial)
        assert net.get("http://blog.example/").body == b"ok"
        assert reason(net, "http://blog.example/") == "address"
    assert dialled == [(PUBLIC, 80)]
    assert server.asked[0].headers["host"] == "blog.example"


def test_the_next_address_is_tried_when_the_first_does_not_answer() -> None:
    """A host with a dead address is still reached by its other one."""
    with Loopback({"/": Answer(body=b"ok")}) as server:

        def dial(address: tuple[str, int], timeout: float) -> socket.socket:
            if address[0] == PUBLIC:
                raise ConnectionRefusedError("refused")
            return server.dial(address, timeout)

        net = public_net(dial, {"blog.example": [PUBLIC, OTHER]})
        assert net.get("http://blog.example/").body == b"ok"


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP_PROXY cannot carry a request past the address check."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with Loopback({"/": Answer(body=b"ok")}) as server:
        assert private_net().get(server.url()).body == b"ok"


def test_names_and_ports_that_do_not_answer_are_network_errors() -> None:
    """A name that does not resolve and a refused connection are told in a sentence."""

    def refuse(address: tuple[str, int], timeout: float) -> socket.socket:
        raise ConnectionRefusedError("refused")

    assert reason(public_net(no_dial), "http://no-such.example/") == "unreachable"
    assert reason(private_net(dial=no_dial), "http://127.0.0.1:99999/") == "address"
    refused = public_net(refuse, {"blog.example": [PUBLIC]})
    assert reason(refused, "http://blog.example/") == "unreachable"


def packed(body: bytes, encoding: str = "gzip", **more: Any) -> Answer:
    """An answer that says how its body is packed."""
    return Answer(headers={"Content-Encoding": encoding}, body=body, **more)


def raw_deflate(data: bytes) -> bytes:
    """Deflate without the zlib header, as some servers send it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


TEXT = b"words and words " * 50


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
        ("gzip", gzip.compress(TEXT) + b"\0\0\0"),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("identity", TEXT),
    ],
    ids=["gzip", "x-gzip", "two members", "padded", "zlib", "raw deflate", "identity"],
)
def test_packed_answers_are_unpacked(encoding: str, body: bytes) -> None:
    """gzip of one and several members and both kinds of deflate give the same bytes."""
    with Loopback({"/": packed(body, encoding)}) as server:
        assert private_net().get(server.url()).body == TEXT


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    """brotli and gzip within gzip are not unpacked."""
    with Loopback({"/": packed(gzip.compress(TEXT), encoding)}) as server:
        assert reason(private_net(), server.url()) == "encoding"


@pytest.mark.parametrize(
    "answer",
    [
        packed(gzip.compress(b" " * 30_000_000)),
        packed(gzip.compress(b" " * 2_000_000)),
        packed(zlib.compress(b" " * 30_000_000), "deflate"),
        packed(gzip.compress(b"") * 130_000),
        Answer(body=b"x" * 2_500_000),
        Answer(body=b"x" * 2_500_000, length=None),
        Answer(body=b"", length=10**15),
    ],
    ids=["bomb", "ratio", "deflate", "empty members", "plain", "no length", "declared"],
)
def test_a_bomb_is_cut_off(answer: Answer) -> None:
    """Size after unpacking, ratio and declared length are bounded."""
    with Loopback({"/": answer}) as server:
        assert reason(private_net(), server.url(), limit=2_400_000) == "large"


@pytest.mark.parametrize("limit", [500_000, 3_000_000], ids=["size", "ratio"])
def test_a_bomb_takes_hardly_more_room_than_it_may(limit: int) -> None:
    """It is unpacked piece by piece: when it is refused, one piece beyond the bound is there."""
    bomb = gzip.compress(b" " * 30_000_000, 9)
    unpacker = Unpacker("blog.example", "gzip", limit)
    with pytest.raises(FetchError):
        unpacker.feed(bomb, lambda: None)
    assert len(unpacker.out) <= min(limit, 100 * len(bomb)) + 65_536


def test_the_clock_is_looked_at_while_an_answer_is_unpacked() -> None:
    """One chunk may unpack to megabytes: the time is up in the middle of it, too."""
    ticks = iter(range(20))

    def tick() -> None:
        if next(ticks) == 10:
            raise FetchError("blog.example: too late", reason="slow")

    unpacker = Unpacker("blog.example", "gzip", 10_000_000)
    with pytest.raises(FetchError, match="too late"):
        unpacker.feed(gzip.compress(bytes(range(250)) * 4_000), tick)
    assert len(unpacker.out) == 10 * 65_536


def test_a_source_that_says_nothing_else_may_send_ten_megabytes() -> None:
    """Where nobody asks for another bound; one byte more is too large."""
    fits, exceeds = Answer(body=b"x" * 10_000_000), Answer(body=b"", length=10_000_001)
    with Loopback({"/fits": fits, "/exceeds": exceeds}) as server:
        assert len(private_net().get(server.url("/fits")).body) == 10_000_000
        assert reason(private_net(), server.url("/exceeds")) == "large"


def test_the_body_of_a_redirect_is_not_read() -> None:
    """A bomb in a 302 costs nothing: the redirect is followed as if it had no body."""
    bomb = gzip.compress(b" " * 30_000_000)
    leads = Answer(302, {"Location": "/b", "Content-Encoding": "gzip"}, bomb)
    with Loopback({"/a": leads, "/b": Answer(body=b"ok")}) as server:
        assert private_net().get(server.url("/a"), limit=1000).body == b"ok"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"half", length=8),
        packed(gzip.compress(TEXT)[:-9]),
        packed(gzip.compress(TEXT) + gzip.compress(TEXT)[:12]),
        Answer(headers={"Transfer-Encoding": "chunked"}, body=b"4\r\nhalf\r\n", length=None),
    ],
    ids=["length", "gzip", "second member", "chunked"],
)
def test_a_cut_answer_is_never_handed_on(answer: Answer) -> None:
    """What ends too early is an error, not a shorter body."""
    with Loopback({"/": answer}) as server:
        assert reason(private_net(), server.url()) == "network"


def test_a_short_body_is_noticed_whatever_carried_it() -> None:
    """The declared length is compared here too, not only by the transport underneath."""

    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, headers={"content-length": "9"}, stream=httpx.ByteStream(b"half")
        )

    net = private_net(transport=httpx.MockTransport(handle))
    assert reason(net, "http://127.0.0.1/") == "network"


def test_damaged_packing_is_an_error() -> None:
    """Bytes that only claim to be gzip are refused."""
    with Loopback({"/": packed(b"not gzip at all")}) as server:
        assert reason(private_net(), server.url()) == "encoding"


def test_the_authorities_are_read_once_and_by_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """That takes a tenth of a second, and most commands ask nobody."""
    made, create = list[int](), httpx.create_ssl_context

    def noted() -> ssl.SSLContext:
        made.append(1)
        return create()

    monkeypatch.setattr(httpx, "create_ssl_context", noted)
    with Loopback({"/": Answer()}) as server, private_net() as net:
        assert made == []
        for _ in range(2):
            net.get(server.url())
        assert made == [1]


def drip(start: bytes, whole: list[bool]) -> Raw:
    """A server that gives a byte every hundredth of a second; whole tells whether all were taken."""

    def write(_: Asked, connection: socket.socket) -> None:
        connection.sendall(start)
        pause = threading.Event()
        for _n in range(3000):
            connection.sendall(b"a")
            pause.wait(0.01)
        whole.append(True)

    return Raw(write)


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"],
    ids=["status line", "headers", "body"],
)
def test_one_deadline_covers_headers_and_body(start: bytes) -> None:
    """A byte at a time defeats a read timeout, but not the deadline."""
    whole = list[bool]()
    with Loopback({"/": drip(start, whole)}) as server:
        assert reason(private_net(monotonic=default_timer), server.url(), deadline=0.2) == "slow"
        assert not whole


def test_the_deadline_is_shared_by_all_hops() -> None:
    """Redirects do not buy more time; half a minute where nobody says how long."""
    clock, asked = Clock(), list[float]()

    def slow(request: httpx.Request) -> httpx.Response:
        asked.append(clock.now)
        clock.now += 14.9
        n = int(request.url.path[1:] or 0)
        return httpx.Response(302, headers={"location": f"/{n + 1}"})

    net = private_net(transport=httpx.MockTransport(slow), monotonic=clock, sleep=clock.sleep)
    assert reason(net, "http://127.0.0.1/") == "slow"
    assert len(asked) == 3
    asked.clear()
    assert reason(net, "http://127.0.0.1/", deadline=14) == "slow"
    assert len(asked) == 1


def test_endless_headers_are_refused() -> None:
    """Ten thousand headers are not collected."""
    flood = {f"X-{n}": "y" * 40 for n in range(10_000)}
    with Loopback({"/": Answer(headers=flood)}) as server:
        assert reason(private_net(), server.url()) == "network"


def test_a_permanent_move_is_told_and_a_temporary_one_is_not() -> None:
    """moved is given only when every hop was 301 or 308."""
    script = {
        "/old": Answer(301, {"Location": "/older"}),
        "/older": Answer(308, {"Location": "/new"}),
        "/now": Answer(302, {"Location": "/old"}),
        "/new": Answer(body=b"ok"),
    }
    with Loopback(script) as server:
        net = private_net()
        assert net.get(server.url("/old")).moved == server.url("/new")
        temporary = net.get(server.url("/now"))
    assert (temporary.moved, temporary.url, temporary.body) == ("", server.url("/new"), b"ok")


def test_five_hops_are_followed_and_six_are_not() -> None:
    """A long chain ends, and so does a circle."""
    script: dict[str, Any] = {f"/{n}": Answer(302, {"Location": f"/{n - 1}"}) for n in range(1, 9)}
    script |= {"/0": Answer(body=b"end"), "/a": Answer(302, {"Location": "/a#x"})}
    with Loopback(script) as server:
        assert private_net().get(server.url("/5")).body == b"end"
        assert reason(private_net(), server.url("/6")) == "redirect"
        assert reason(private_net(), server.url("/a")) == "redirect"
    assert server.paths().count("/a") == 1


def test_https_is_never_given_up() -> None:
    """A redirect from https to http is refused before anything is sent in the clear."""
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(301, headers={"location": "http://blog.example/"})

    net = public_net(no_dial, {"blog.example": [PUBLIC]}, transport=httpx.MockTransport(handle))
    assert reason(net, "https://blog.example/") == "redirect"
    assert asked == ["https://blog.example/"]


def test_an_error_status_is_an_answer_even_with_a_broken_page() -> None:
    """503 with a cut or strangely packed page still tells its status and Retry-After."""
    busy = Answer(503, {"Retry-After": "120", "Content-Encoding": "br"}, b"junk")
    with Loopback({"/": busy, "/400": Answer(400, body=b"why")}) as server:
        answer = private_net().get(server.url())
        assert private_net().get(server.url("/400")).body == b"why"
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (503, b"", "120")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0), ("0", 0.0), ("99999999", 99999999.0), ("-5", None), ("soon", None),
        ("", None), ("1.5", None), ("9" * 5000, None), ("Mon, 02 Mar 2026 00:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 00:00:00 GMT", None), ("Mon, 02 Mar 2026 00:01:00", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_in_both_forms(value: str, seconds: float | None) -> None:
    """Seconds and dates count; the past and garbage do not."""
    wall = datetime(2026, 3, 2, tzinfo=UTC)
    assert retry_after({"retry-after": value}, wall) == seconds


def test_one_host_is_asked_by_one_thread_at_a_time() -> None:
    """Ten threads on one host never overlap."""
    pause = threading.Event()

    def dawdle(_: Asked) -> Answer:
        pause.wait(0.01)
        return Answer()

    with Loopback({"/": dawdle}) as server, ThreadPoolExecutor(10) as pool:
        net = private_net()
        list(pool.map(net.get, [server.url()] * 10))
    assert (len(server.asked), server.most_at_once) == (10, 1)


def test_a_public_host_gets_a_second_between_two_requests() -> None:
    """The gap holds a host, not the others, and is not needed on loopback."""
    clock = Clock()
    names = {"a.example": [PUBLIC], "b.example": [OTHER]}
    with Loopback({"/": Answer()}) as server:
        net = public_net(server.dial, names, monotonic=clock, sleep=clock.sleep)
        net.get("http://a.example/")
        net.get("http://b.example/")
        assert clock.slept == []
        net.get("http://A.example./")
        assert clock.slept == [1.0]
        private = private_net(monotonic=clock, sleep=clock.sleep)
        private.get(server.url())
        private.get(server.url())
    assert clock.slept == [1.0]


def test_waiting_for_a_turn_does_not_use_up_the_deadline() -> None:
    """The tenth feed of a host has as much time as the first."""
    clock = Clock()
    with Loopback({"/": Answer(body=b"ok")}) as server:
        net = public_net(server.dial, {"a.example": [PUBLIC]}, monotonic=clock, sleep=clock.sleep)
        for _ in range(3):
            assert net.get("http://a.example/", deadline=0.5).body == b"ok"


def test_sources_of_one_host_share_its_name() -> None:
    """host_of groups by name and port, and never raises."""
    assert host_of("https://Blog.example./a") == host_of("https://blog.example:443/b")
    assert host_of("http://[") == ""


# ---------------------------------------------------------------- connections, through httpcore


@contextmanager
def other_end(answer: bytes) -> Iterator[Callable[[tuple[str, int], float], socket.socket]]:
    """A dialler whose connection says these bytes whatever is asked, and hangs up."""
    near, far = socket.socketpair()
    with near, far:
        far.sendall(answer)
        far.shutdown(socket.SHUT_WR)
        yield lambda _address, _timeout: near


@pytest.mark.parametrize(
    ("url", "answer", "why"),
    [
        ("http://127.0.0.1/", b"", "network"),
        ("http://127.0.0.1/", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "network"),
        ("http://127.0.0.1/", b"HTTP/1.1 200 OK\r\nContent-Le", "network"),
        ("http://127.0.0.1/", b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf", "network"),
        (
            "http://127.0.0.1/",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "network",
        ),
        ("https://127.0.0.1/", b"HTTP/1.1 400 Bad Request\r\n\r\n", "unreachable"),
        ("https://127.0.0.1/", b"", "unreachable"),
    ],
    ids=["silence", "not HTTP", "cut headers", "cut body", "bad chunk", "not TLS", "no handshake"],
)
def test_what_goes_wrong_on_a_connection_is_told_in_a_sentence(
    url: str, answer: bytes, why: str
) -> None:
    """An error of httpcore arrives as a FetchError that names the host, its cause with it."""
    with other_end(answer) as dial, pytest.raises(FetchError, match=r"^127\.0\.0\.1: ") as caught:
        private_net(dial=dial).get(url)
    assert caught.value.reason == why


class Patience(socket.socket):
    """A socket that notes how long it was asked to wait."""

    seconds: list[float | None]

    def settimeout(self, value: float | None) -> None:
        """Note it, and wait no longer than a test may."""
        self.seconds = [*getattr(self, "seconds", []), value]
        super().settimeout(0.1)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_that_stays_silent_is_slow(scheme: str) -> None:
    """Neither an answer nor a TLS handshake is waited for beyond the time that is left."""
    plain, far = socket.socketpair()
    with far, Patience(fileno=plain.detach()) as near:
        net = private_net(dial=lambda _address, _timeout: near, monotonic=Clock())
        assert reason(net, f"{scheme}://127.0.0.1/", deadline=20) == "slow"
        assert near.seconds[0] == 20


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_interruption_ends_what_waits_for_an_answer(scheme: str) -> None:
    """A silent host, in its handshake too, holds up no Ctrl-C; and nothing is asked any more."""
    near, far = socket.socketpair()
    net = private_net(dial=lambda _address, _timeout: near, monotonic=Clock())
    with far, ThreadPoolExecutor(1) as threads:
        asked = threads.submit(reason, net, f"{scheme}://127.0.0.1/", deadline=60)
        far.recv(1)
        net.stop()
        assert asked.result(30) in ("network", "unreachable")
        assert near.fileno() == -1
    one, other = socket.socketpair()
    with other:
        net = private_net(dial=lambda _address, _timeout: one, monotonic=Clock())
        net.stop()
        assert reason(net, f"{scheme}://127.0.0.1/") == "unreachable"
        assert one.fileno() == -1


def test_an_address_that_does_not_answer_in_time_is_slow() -> None:
    """Connecting has its own limit; running into it is no sign that there is no network."""

    def dial(_address: tuple[str, int], timeout: float) -> socket.socket:
        assert timeout <= 10
        raise TimeoutError("timed out")

    assert reason(private_net(dial=dial), "http://127.0.0.1/", deadline=60) == "slow"


def test_a_header_that_cannot_be_sent_is_not_sent() -> None:
    """A line break in a validator ends the request, not the program, and puts no header in."""
    with other_end(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as dial:
        net = private_net(dial=dial)
        asked = {"If-None-Match": '"a"\r\nX-More: 1'}
        assert reason(net, "http://127.0.0.1/", headers=asked) == "network"


def test_every_error_of_httpcore_has_its_like_in_httpx() -> None:
    """A new one of a later version would pass by what sources catch; httpcore deals with one itself."""
    public = [getattr(httpcore, name) for name in httpcore.__all__]
    errors = {e for e in public if isinstance(e, type) and issubclass(e, Exception)}
    assert set(AS_HTTPX) == errors - {httpcore.ConnectionNotAvailable}
    assert [kind.__name__ for kind in AS_HTTPX] == [e.__name__ for e in AS_HTTPX.values()]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\njunk",
        b"HTTP/1.1 503 Busy\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\njunk",
        b"HTTP/1.1 302 Moved\r\nLocation: ftp://x/\r\nContent-Length: 4\r\n\r\njunk",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        b"nothing of HTTP\r\n\r\n",
    ],
    ids=["whole", "cut", "large", "encoding", "503", "redirect", "304", "not HTTP"],
)
def test_every_connection_is_closed_however_it_ends(answer: bytes) -> None:
    """Read, refused or broken off: no descriptor is left over."""
    dialled: list[socket.socket] = []
    with other_end(answer) as dial:

        def noted(address: tuple[str, int], timeout: float) -> socket.socket:
            dialled.append(dial(address, timeout))
            return dialled[-1]

        with suppress(FetchError):
            private_net(dial=noted, limit=1000).get("http://127.0.0.1/")
        assert [connected.fileno() for connected in dialled] == [-1]


def test_a_certificate_is_judged_by_the_name_that_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trusted and of that name it is read; of another name, or signed by nobody, never."""
    shown = certificate(tmp_path, "DNS:blog.example")
    names = {"blog.example": [PUBLIC], "other.example": [PUBLIC]}
    with Loopback({"/": Answer(body=b"ok")}, tls=shown.server()) as server:
        assert reason(public_net(server.dial, names), "https://blog.example/") == "unreachable"
        monkeypatch.setenv("SSL_CERT_FILE", str(shown.path))
        trusting = public_net(server.dial, names)
        assert trusting.get("https://blog.example/").body == b"ok"
        monkeypatch.delenv("SSL_CERT_FILE")  # whom to trust was settled by the first that was asked
        assert trusting.get("https://blog.example/").body == b"ok"
        assert reason(trusting, "https://other.example/") == "unreachable"
    assert server.paths() == ["/", "/"]


# ---------------------------------------------------------------- the pace of arXiv


def paced(path: Path, clock: Clock) -> Pace:
    """A pace on a clock of the test."""
    return Pace(path, wall=clock, sleep=clock.sleep)


def test_requests_are_three_seconds_apart_over_two_processes(tmp_path: Path) -> None:
    """What one process did, another one waits for; the gap counts from the end of a request."""
    clock = Clock()
    one, two = paced(tmp_path / "pace", clock), paced(tmp_path / "pace", clock)
    with one:
        clock.now += 0.5
    with two:
        assert clock.now >= 1003.5
    clock.now += 2
    with one:
        pass
    assert sum(clock.slept) == pytest.approx(3.05 + 1.05)


def test_the_first_request_does_not_wait(tmp_path: Path) -> None:
    """Nothing was asked yet, so nothing is slept."""
    clock = Clock()
    with paced(tmp_path / "pace", clock):
        pass
    assert clock.slept == []


@pytest.mark.parametrize("content", [f"{9e9:020.6f} {0:020.6f}\n", "damaged", "nan nan"])
def test_a_time_in_the_future_costs_one_spacing(tmp_path: Path, content: str) -> None:
    """A clock set back, or a damaged file, never stops arXiv for hours."""
    (tmp_path / "pace").write_text(content)
    clock = Clock()
    with paced(tmp_path / "pace", clock):
        pass
    assert clock.slept == [pytest.approx(3.05)]


def test_only_one_request_is_under_way_at_a_time(tmp_path: Path) -> None:
    """The lock is held until the request is over, between threads as between processes."""
    at_once, most = [0], [0]

    def ask(_: int) -> None:
        with paced(tmp_path / "pace", Clock()):
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
            threading.Event().wait(0.005)
            at_once[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(16)))
    assert most == [1]


def test_a_kill_frees_the_pace_and_keeps_its_time(tmp_path: Path) -> None:
    """Killed in mid-request: no lock stays, and when it reached arXiv is not known."""
    path = tmp_path / "pace"
    program = (
        "import sys; from pathlib import Path; from sundaypaper.net import Pace\n"
        "with Pace(Path(sys.argv[1]), wall=lambda: 900.0, sleep=print):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program, path], stdin=pipe, stdout=pipe) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        child.kill()
    clock = Clock()
    with paced(path, clock):
        pass
    assert clock.slept == [pytest.approx(3.05)]


def test_a_block_is_remembered_until_it_is_over(tmp_path: Path) -> None:
    """After a 403 every process knows until when to keep away, inside the context and out of it."""
    clock = Clock()
    pace = paced(tmp_path / "pace", clock)
    assert pace.blocked() is None
    pace.block(clock.now + 5)
    with pace:
        pace.block(clock.now + 86_400)
    assert paced(tmp_path / "pace", clock).blocked() == clock.now + 86_400
    clock.now += 86_401
    assert pace.blocked() is None


def test_answers_that_turned_us_away_are_counted_over_processes_for_a_day(tmp_path: Path) -> None:
    """One after another; an answer that came ends it, and so does a day after the first of them."""
    clock = Clock()
    began = clock.now
    one, two = paced(tmp_path / "pace", clock), paced(tmp_path / "pace", clock)
    assert one.refused() == (1, began)
    clock.now += 80_000
    with two:
        assert two.refused() == (2, began)
    assert one.refused()[0] == 3
    clock.now = began + 86_401
    assert one.refused() == (1, clock.now)
    two.welcomed()
    assert one.refused() == (1, clock.now)
    clock.now -= 7_200  # set back
    assert one.refused() == (1, clock.now)


def test_counting_keeps_the_block_and_the_time(tmp_path: Path) -> None:
    """Each is written beside the others, also over the shorter line of an earlier version."""
    clock = Clock()
    (tmp_path / "pace").write_text(f"{clock.now - 1:020.6f} {clock.now + 50:020.6f}\n")
    pace = paced(tmp_path / "pace", clock)
    pace.refused()
    assert pace.blocked() == clock.now + 50
    until = pace.blocked()
    with pace:
        assert clock.slept == [pytest.approx(2.05)]
        pace.welcomed()
    assert pace.blocked() == until


def test_garbage_behind_the_first_line_is_no_matter(tmp_path: Path) -> None:
    """A longer file that was here before costs one spacing, and not one for each request for ever."""
    (tmp_path / "pace").write_text("x" * 500)
    clock = Clock()
    for _ in range(2):
        with paced(tmp_path / "pace", clock):
            pass
        clock.now += 60
    assert clock.slept == [pytest.approx(3.05)]


def test_a_redirect_waits_before_it_is_followed_or_is_refused() -> None:
    """Who asks is given the address first; its wait is not taken from the time of the answer."""
    clock = Clock()
    asked: list[str] = []

    def before_hop(url: str) -> None:
        asked.append(url)
        clock.now += 100
        if url.endswith("/away"):
            raise FetchError("away", reason="redirect")

    script = {"/": Answer(302, {"Location": "/b"}), "/b": Answer(body=b"x"), "/c": Answer(302, {"Location": "/away"})}  # fmt: skip
    with Loopback(script) as server, private_net(monotonic=clock) as net:
        assert net.get(server.url(), deadline=20, before_hop=before_hop).body == b"x"
        with pytest.raises(FetchError, match="away"):
            net.get(server.url("/c"), before_hop=before_hop)
        assert asked == [server.url("/b"), server.url("/away")]
        assert server.paths() == ["/", "/b", "/c"]


def test_a_host_that_hangs_up_late_still_has_one_connection() -> None:
    """The turn ends when both sides have hung up, so the host never counts two at once."""
    late = threading.Event()

    def lingering(_asked: Asked, connection: socket.socket) -> None:
        connection.sendall(Answer(body=b"x").raw())
        late.wait(0.02)

    with Loopback({"/": Raw(lingering)}) as server, private_net() as net:
        for _ in range(5):
            assert net.get(server.url()).body == b"x"
    assert server.most_at_once == 1


# ------------------------------------------------------------ POST


def test_a_post_carries_its_body_and_follows_no_redirect() -> None:
    """What is sent comes whole, with our name and no other address asked."""
    away = Answer(307, {"Location": "/elsewhere"})
    with Loopback({"/hook": away, "/elsewhere": Answer()}) as server:
        answer = private_net().post(
            server.url("/hook"), b"\x00" * 70_000, headers={"X-Mark": "1"}, deadline=5
        )
        (asked,) = server.asked
    assert (answer.status, answer.body) == (307, b"")
    assert (asked.method, asked.body, asked.headers["x-mark"]) == ("POST", b"\x00" * 70_000, "1")
    assert asked.headers["user-agent"].startswith("test/1")


def test_the_answer_to_a_post_is_its_status_whatever_follows() -> None:
    """A body without end is cut at 64 kB, and one that is damaged or cut short is nobody's loss."""
    sent = []

    def endless(_: Asked, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        with suppress(OSError):
            for number in range(1_000):
                connection.sendall(b"x" * 1_000_000)
                sent.append(number)

    script: dict[str, Any] = {"/big": Raw(endless), "/cut": Answer(202, body=b"short", length=99)}
    with Loopback(script) as server:
        net = private_net()
        big = net.post(server.url("/big"), b"{}", headers={}, deadline=5)
        cut = net.post(server.url("/cut"), b"{}", headers={}, deadline=5)
    assert (big.status, big.body, cut.status) == (200, b"", 202)
    assert len(sent) < 20


def test_a_post_goes_to_public_addresses_alone() -> None:
    """Neither to a private one, nor to a port that is none of the web."""
    net = public_net(no_dial, {"inside.example": ["10.0.0.7"], "web.example": [PUBLIC]})
    for url in ("http://inside.example/", "http://web.example:25/", "http://127.0.0.1/"):
        with pytest.raises(FetchError) as caught:
            net.post(url, b"{}", headers={}, deadline=5)
        assert caught.value.reason == "address"


def test_a_post_without_an_answer_ends_when_its_time_is_up() -> None:
    """A server that reads and says nothing holds nobody longer than that."""
    hold = threading.Event()

    def silent(*_: Any) -> None:
        hold.wait(20)

    with Loopback({"/": Raw(silent)}) as server:
        with pytest.raises(FetchError) as caught:
            private_net(monotonic=default_timer).post(server.url(), b"{}", headers={}, deadline=0.2)
        hold.set()
    assert caught.value.reason == "slow"
