"""Requests made up by the thousand, over all routes: never a fault, never a change that nobody asked for.

As schemathesis does it for an interface with a schema; here paths, queries, headers and bodies are
made of what the app knows, of what it does not, and of bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from abusing import FORM, Ask, Paper, paper
from effort import examples
from hostile import METHODS, PAYLOADS, is_guarded, real_routes

NAMES = ("address", "edition", "topic", "venue", "people", "queries", "empty", "stamp", "website", "do",
         "until", "weeks", "sure", "q", "List-Unsubscribe", "_method", "next")  # fmt: skip
VALUES = ("ada@lab.example", "new@lab.example", "vision", "topic:vision", "skip", "subscribe", "try", "save",
          "pause", "resume", "move", "leave", "erase", "yes", "2", "2026-04-01", "One-Click", "depth", "")  # fmt: skip
HEADERS = ("accept", "accept-encoding", "accept-language", "authorization", "connection", "content-encoding",
           "content-type", "cookie", "expect", "forwarded", "host", "if-match", "if-modified-since",
           "if-none-match", "origin", "range", "referer", "sec-fetch-site", "te", "transfer-encoding", "upgrade",
           "user-agent", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
           "x-http-method-override", "x-real-ip")  # fmt: skip
SAID = ("gzip", "gzip;q=0", "*", "gzip;q=nan", "null", "https://paper.example", "cross-site", "same-origin",
        "chunked", "identity", "100-continue", "bytes=0-9", "bytes=9-0", "bytes=-99999999999999999999",
        "h2c", "192.0.2.6", "Mon, 01 Jan 2024 00:00:00 GMT", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2024 00:00:00 +99999999999999", "Mon, 01 Jan 0001 00:00:00 +2359", FORM, "multipart/form-data; boundary=x",
        'multipart/form-data; boundary="', "a=b; c=d")  # fmt: skip
PIECES = ("", ".", "..", "index.html", "subscribe", "confirm", "leave", "preferences", "export", "issues",
          "feeds", "custom.atom", "custom.json", "healthz", "mails", "2026-W10", "style.css", "a" * 26, "%2e%2e",
          "%00", "%ff", "%2f", "%", "~", "*", ";", "@", ":", "issues;x=1", "null", "0")  # fmt: skip

words = st.sampled_from(VALUES) | st.sampled_from(tuple(PAYLOADS.values())) | st.text(max_size=80)
latin = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
fields = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), words), max_size=8)


def forms() -> st.SearchStrategy[bytes]:
    """Forms as browsers send them; what cannot be encoded is sent as bytes all the same."""
    encode = partial(urlencode, errors="surrogatepass")
    return fields.map(lambda pairs: encode(pairs).encode())


def multiparts() -> st.SearchStrategy[bytes]:
    """The same in parts, now and then torn."""

    def made(pairs: list[tuple[str, str]], cut: int) -> bytes:
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in pairs
        ]
        whole = "".join(parts) + "--x--\r\n"
        return whole.encode("utf-8", "surrogatepass")[: cut or None]

    return st.builds(made, fields, st.integers(0, 200))


def paths(known: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    """Real ones, real ones with something behind, and ways through pieces."""
    real = st.sampled_from(known).map(str.encode)
    bytes_in = st.binary(max_size=12).map(
        lambda raw: quote_from_bytes(raw).encode() if len(raw) % 2 else raw
    )
    behind = (
        st.sampled_from((b"/", b"//", b"?", b"?x", b"#", b"%20", b"/export", b"/issues/"))
        | bytes_in
    )
    pieces = st.lists(st.sampled_from(PIECES).map(str.encode) | bytes_in, max_size=5)
    query = (
        st.just(b"")
        | forms().map(lambda raw: b"?" + raw)
        | st.binary(max_size=30).map(lambda raw: b"?" + raw)
    )
    ways = pieces.map(lambda each: b"/" + b"/".join(each))
    return st.builds(
        lambda a, b: a + b, real | st.builds(lambda a, b: a + b, real, behind) | ways, query
    )


@st.composite
def requests(draw: st.DrawFn, known: tuple[str, ...]) -> Ask:
    """A request that nobody would send."""
    kinds = st.sampled_from(
        (FORM, "multipart/form-data; boundary=x", "application/json", "text/plain", "")
    )
    headers = draw(
        st.lists(st.tuples(st.sampled_from(HEADERS), st.sampled_from(SAID) | latin), max_size=5)
    )
    body = draw(forms() | multiparts() | st.binary(max_size=400) | st.just(b"x" * 20_000))
    if draw(st.booleans()):
        headers.append(("content-type", draw(kinds)))
    cuts = sorted(draw(st.lists(st.integers(0, len(body)), max_size=3)))
    pieces = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    method = draw(st.sampled_from(METHODS) | st.sampled_from(("GET", "POST", "HEAD")))
    return Ask(draw(paths(known)), method, tuple(headers), pieces if draw(st.booleans()) else ())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """One app for all of them."""
    with paper(tmp_path_factory.mktemp("fuzz")) as opened:
        yield opened


@pytest.fixture(scope="module")
def known(house: Paper) -> tuple[str, ...]:
    """A path of each route, with links that lead somewhere."""
    return real_routes(house)


DATES = ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Mon, 01 Jan 2024 00:00:00 +99999999999999", "Mon, 01 Jan 0001 00:00:00 +2359", "Mon, 99 Jan 2024 99:99:99 GMT", "\xff")  # fmt: skip


@examples(1000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_asked_is_answered_clearly_and_changes_nothing_else(
    house: Paper, known: tuple[str, ...], data: st.DataObject
) -> None:
    """No 500, no trace of a program, all headers; only a POST to a link that leads somewhere acts."""
    asked = data.draw(requests(known))
    before = house.held()
    (got,) = house.all([asked])
    assert got.status < 500 or (got.status == 503 and got.header("retry-after"))
    assert is_guarded(got)
    assert b"Traceback" not in got.body
    assert b'File "/' not in got.body
    assert house.world.said == []
    where = got.header("location")
    assert not where or where.startswith("./")
    assert "content-length" in dict(got.headers) or got.status == 304
    if asked.method != "POST" or not acts(asked, known):
        assert house.held() == before


def acts(asked: Ask, known: tuple[str, ...]) -> bool:
    """Whether a POST goes to where one may change something."""
    path = (
        bytes(asked.scope()["path"], "utf-8", "replace")
        .decode()
        .rstrip("/")
        .removesuffix("/index.html")
    )
    return path == "/subscribe" or (
        path.count("/") == 2
        and path.startswith(("/confirm/", "/leave/", "/preferences/"))
        and path in known
    )


@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("path", ["/", "/feeds/custom.atom?q=depth", "/subscribe/"])
def test_a_date_that_is_none_is_no_fault(house: Paper, path: str, date: str) -> None:
    """Years and zones that no calendar has, in If-Modified-Since."""
    got = house.get(path, headers=(("if-modified-since", date),))
    assert got.status == 200
    assert house.world.said == []
