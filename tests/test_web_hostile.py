"""Requests that no browser sends: forged headers, foreign tokens, other sites, other methods."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from abusing import FORM, Paper, form, paper, unwrapped
from asking import BASE
from hostile import METHODS, is_guarded, real_routes, routes
from sundaypaper.config import Config
from sundaypaper.config.web_settings import WebEntry

EVIL = "evil.example"
SPOOFED = (
    ("host", EVIL),
    ("x-forwarded-host", EVIL),
    ("x-forwarded-proto", "javascript"),
    ("x-forwarded-port", "666"),
    ("x-forwarded-prefix", f"//{EVIL}"),
    ("x-original-url", f"//{EVIL}/"),
    ("x-rewrite-url", f"//{EVIL}/"),
    ("x-host", EVIL),
    ("forwarded", f"for=192.0.2.6;host={EVIL};proto=javascript"),
    ("referer", f"https://{EVIL}/"),
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Paper]:
    """The app over a root, with one reader."""
    with paper(tmp_path) as opened:
        yield opened


# ---------------------------------------------------------------- headers that lie


def test_no_page_and_no_mail_believes_a_host(house: Paper) -> None:
    """Every page is the same whatever host is named; links of mails begin with base_url."""
    for path in real_routes(house):
        plain = house.get(path)
        spoofed = house.get(path, headers=SPOOFED)
        assert (spoofed.status, spoofed.header("location")) == (plain.status, plain.header("location"))  # fmt: skip
        assert EVIL not in spoofed.text + str(spoofed.headers)
    house.letters.clear()
    stamp = house.stamp()
    got = house.post(
        "/subscribe/",
        {"address": "eve@lab.example", "stamp": stamp, "do": "subscribe"},
        headers=dict(SPOOFED) | {"x-forwarded-for": "192.0.2.6"},
    )
    assert got.status == 200
    (letter,) = house.tend()
    assert EVIL.encode() not in letter.body
    links = set(re.findall(rb"https?://[^\s\"'<>]+", unwrapped(letter)))
    assert links
    assert all(link.startswith(BASE.encode()) for link in links)


@pytest.mark.parametrize(
    ("peer", "headers", "told"),
    [
        ("203.0.113.9", {"x-forwarded-for": "192.0.2.6"}, "203.0.113.0/24"),
        ("203.0.113.9", {"forwarded": "for=192.0.2.6"}, "203.0.113.0/24"),
        ("10.1.1.2", {"x-forwarded-for": "192.0.2.6"}, "10.1.1.0/24"),
        ("10.1.1.1", {"x-forwarded-for": "192.0.2.6"}, "192.0.2.0/24"),
        ("10.1.1.1", {"x-forwarded-for": "8.8.8.8, 192.0.2.6"}, "192.0.2.0/24"),
        ("10.1.1.1", {"x-forwarded-for": "8.8.8.8, 192.0.2.6, 10.2.0.7"}, "192.0.2.0/24"),
        ("10.1.1.1", {"x-forwarded-for": "10.2.0.1, 192.0.2.6, 10.2.0.7"}, "192.0.2.0/24"),
        ("10.1.1.1", {"x-forwarded-for": "2001:db8:1:abcd::7"}, "2001:db8:1:ab00::/56"),
        ("10.1.1.1", {"x-forwarded-for": "::ffff:192.0.2.6"}, "192.0.2.0/24"),
        ("2001:db8::1", {"x-forwarded-for": "192.0.2.6"}, "192.0.2.0/24"),
        ("2001:db8::2", {"x-forwarded-for": "192.0.2.6"}, "2001:db8::/56"),
        ("10.1.1.1", {"x-forwarded-for": "192.0.2.6:4711"}, "192.0.2.0/24"),
        ("10.1.1.1", {"x-forwarded-for": "[2001:db8:1:abcd::7]:4711"}, "2001:db8:1:ab00::/56"),
        ("10.1.1.1", {}, "10.1.1.0/24"),
        ("10.1.1.1", {"x-forwarded-for": "8.8.8.8, unknown"}, ""),
        ("10.1.1.1", {"x-forwarded-for": "\"'><script>"}, ""),
        ("10.1.1.1", {"x-forwarded-for": "999.1.1.1"}, ""),
        ("10.1.1.1", {"x-forwarded-for": "1.2.3.4" * 500}, ""),
        ("10.1.1.1", {"x-forwarded-for": "\xff\xfe, \xe2\x80\xae"}, ""),
    ],
)
def test_a_forwarded_address_is_believed_of_named_proxies_alone(
    house: Paper, peer: str, headers: dict[str, str], told: str
) -> None:
    """What a sign-up is noted under: the last address that no proxy of ours has."""
    house.world.config = _with(house, proxies=("10.1.1.1", "10.2.0.0/16", "2001:db8::1"))
    fields = {"address": "ada@lab.example", "stamp": house.stamp(), "do": "subscribe"}
    assert house.post("/subscribe/", fields, peer=peer, headers=headers).status == 200
    (row,) = house.asked()
    assert row["network"] == told


def test_a_client_that_makes_up_addresses_before_its_proxys_stays_one_network(house: Paper) -> None:
    """Each time another address is said to have forwarded it: twenty an hour all the same."""
    house.world.config = _with(house, proxies=("10.1.1.1",))
    stamp = house.stamp()
    got = [
        house.post(
            "/subscribe/",
            {"address": f"p{n}@d{n}.example", "stamp": stamp, "do": "subscribe"},
            peer="10.1.1.1",
            headers={"x-forwarded-for": f"198.51.{n}.1, 192.0.2.6"},
        ).status
        for n in range(40)
    ]
    assert got == [200] * 20 + [429] * 20


def test_garbage_of_a_proxy_is_one_network_too(house: Paper) -> None:
    """Who can make the proxy pass on what is no address gets no more than others."""
    house.world.config = _with(house, proxies=("10.1.1.1",))
    stamp = house.stamp()
    got = [
        house.post(
            "/subscribe/",
            {"address": f"p{n}@d{n}.example", "stamp": stamp, "do": "subscribe"},
            peer="10.1.1.1",
            headers={"x-forwarded-for": f"unknown{n}"},
        ).status
        for n in range(30)
    ]
    assert got == [200] * 20 + [429] * 10


def _with(house: Paper, **web: Any) -> Config:
    return replace(house.world.config, web=WebEntry(**web))


# ---------------------------------------------------------------- tokens


def wrong_tokens(house: Paper) -> dict[str, dict[str, str]]:
    """Tokens that open nothing, by the page that they are shown to."""
    ada, bob = house.reader("ada@lab.example"), house.reader("bob@lab.example")
    house.sign_up("new@lab.example", "192.0.2.1")
    (letter,) = house.tend()
    confirm = house.token(letter)
    own = {"confirm": confirm, "leave": ada.token, "preferences": ada.preferences}
    foreign = {
        "confirm": {"of leave": ada.token, "of preferences": bob.preferences},
        "leave": {"of preferences": ada.preferences, "of confirm": confirm},
        "preferences": {"of leave": bob.token, "of confirm": confirm},
    }
    return {page: changed(token) | foreign[page] for page, token in own.items()}


def changed(token: str) -> dict[str, str]:
    """What comes near to a token."""
    other = "b" if token[7] == "a" else "a"
    return {
        "random": "abcdefghijklmnopqrstuvwxyz",
        "one letter": token[:7] + other + token[8:],
        "shorter": token[:-1],
        "longer": token + "a",
        "twice": token + token,
        "upper": token.upper() if token.upper() != token else token + "A",
        "space after": f"{token}%20",
        "space before": f"%20{token}",
        "tab": f"{token}%09",
        "unbreakable": f"{token}%C2%A0",
        "line": f"{token}%0A",
        "null": f"{token}%00",
        "like": "%25",
        "any": "_" * 26,
        "wide": quote(token.translate({ord("a"): "ａ", ord("b"): "ｂ"}) + "ａ"),
        "quote": f"{token}'",
        "sql": quote("' or 1=1 --"),
        "zero": "0",
        "one": "1",
        "null word": "null",
        "dots": "..",
        "bytes": "%ff%fe",
        "long": "a" * 4000,
    }


def test_a_wrong_token_opens_nothing_and_all_are_told_the_same(house: Paper) -> None:
    """Tampered, cut, of another page, of another reader, never given out: 404 and one page."""
    wrong, told = wrong_tokens(house), dict[tuple[str, str], set[object]]()
    before = house.held()
    for page, tokens in wrong.items():
        for name, token in tokens.items():
            path = f"/{page}/{token}"
            for got, method in ((house.get(path), "GET"), (house.post(path, {"do": "erase", "sure": "yes"}), "POST")):  # fmt: skip
                if name in ("line", "null", "tab", "space before", "dots", "long"):
                    assert got.status in (400, 404), (page, name)
                    assert is_guarded(got)
                    continue
                assert got.status == 404, (page, name)
                told.setdefault((page, method), set()).add((got.headers, got.body))
    assert {place: len(answers) for place, answers in told.items()} == dict.fromkeys(told, 1)
    assert house.held() == before


def test_a_link_works_however_its_letters_are_written_in_the_address(house: Paper) -> None:
    """A mail program that encodes a letter, or a mailer that adds a slash, leads to the same page."""
    who = house.reader("ada@lab.example")
    for spelled in (
        f"%{ord(who.token[0]):x}{who.token[1:]}",
        f"{who.token}/",
        f"{who.token}?utm=x",
    ):
        assert house.get(f"/leave/{spelled}").status == 200


def test_a_link_that_was_used_or_grew_old_changes_nothing(house: Paper) -> None:
    """The second time it says so; after 48 hours too; after a week nobody knows it any more."""
    house.sign_up("old@lab.example")
    house.sign_up("new@lab.example")
    old, new = (house.token(letter) for letter in house.tend())
    assert house.post(f"/confirm/{new}").status == 200
    house.tend()
    before = house.held()
    again = house.post(f"/confirm/{new}")
    assert (again.status, house.held()) == (200, before)
    house.pass_by(hours=49)
    assert house.get(f"/confirm/{old}").status == 410
    assert house.post(f"/confirm/{old}").status == 410
    assert house.held() == before


def test_the_link_of_a_mail_dies_with_what_came_after_it(house: Paper) -> None:
    """Who signed up, left and is signed up by somebody else: old links confirm nothing."""
    house.sign_up("ada@lab.example")
    (first,) = house.tend()
    house.pass_by(hours=25)
    house.sign_up("ada@lab.example")
    (second,) = house.tend()
    assert house.post(f"/confirm/{house.token(second)}").status == 200
    house.tend()
    (row,) = house.held()["subscribers"]
    leave = next(column for column in row if isinstance(column, str) and re.fullmatch("[a-z2-7]{26}", column))  # fmt: skip
    assert house.post(f"/leave/{leave}").status == 200
    got = house.post(f"/confirm/{house.token(first)}")
    assert got.status in (200, 404, 410)
    assert all("confirmed" not in row for row in house.held()["subscribers"])


# ---------------------------------------------------------------- other sites

CROSS = (
    {"origin": f"https://{EVIL}", "sec-fetch-site": "cross-site"},
    {"origin": f"https://{EVIL}"},
    {"origin": "null", "sec-fetch-site": "cross-site"},
    {"origin": f"https://paper.example.{EVIL}", "sec-fetch-site": "cross-site"},
    {"origin": "https://sub.paper.example", "sec-fetch-site": "same-site"},
    {"origin": "http://paper.example:81"},
    {"origin": "file://"},
    {"origin": "https://["},
    {"origin": "\xff"},
)


@pytest.mark.parametrize("headers", CROSS)
def test_a_form_of_another_site_does_nothing(house: Paper, headers: dict[str, str]) -> None:
    """It signs nobody up, confirms nothing and changes no choices, whoever opened it."""
    (*_,) = real_routes(house)
    who = house.held()["subscribers"]
    paths = [path for path in real_paths(house) if "/leave/" not in path]
    before, stamp = house.held(), house.stamp()
    for path in paths:
        fields = {"address": "eve@lab.example", "stamp": stamp, "do": "subscribe"}
        for do in ("subscribe", "save", "erase", "leave", "pause"):
            given = tuple({"content-type": FORM, "host": "paper.example", **headers}.items())
            body = form(path, fields | {"do": do, "sure": "yes", "weeks": "2"}).body
            got = house.get(path, "POST", headers=given, body=body)
            assert got.status == 403, (path, do)
            assert is_guarded(got)
    assert house.held() == before
    assert who


def real_paths(house: Paper) -> list[str]:
    """The pages that take a form, with the links that are in the mails."""
    found = [re.search(rb"example(/(?:confirm|preferences|leave)/[a-z2-7]{26})", unwrapped(x)) for x in house.letters]  # fmt: skip
    return ["/subscribe/", *(match[1].decode() for match in found if match)]


@pytest.mark.parametrize(
    "raw",
    [
        b"//evil.example", b"//evil.example/issues", b"/\\evil.example", b"\\\\evil.example", b"/%5cevil.example",
        b"/%2f%2fevil.example", b"/%2fevil.example/issues", b"http://evil.example/", b"https:evil.example",
        b"/issues//evil.example", b"///evil.example/issues", b"/./issues", b"/issues/../issues", b"/.%2e/x",
        b"/%252f%252fevil.example", b"/issues%0d%0alocation:%20https://evil.example", b"/issues;/evil.example",
        b"/@evil.example", b"/.evil.example", b"/issues?next=//evil.example", b"/subscribe?next=//evil.example",
        b"/subscribe/?url=https://evil.example", b"/leave/a?return=//evil.example", b"/issues/%E2%80%AE",
        b"*", b"evil.example:443", b"", b"?", b"/\xff", b"/%ff", b"/%", b"/%zz",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_nobody_is_led_to_another_site(house: Paper, raw: bytes, method: str) -> None:
    """Slashes in disguise, other hosts, targets of scripts: an answer is a page here, or below here."""
    got = house.get(raw, method, headers=(("host", EVIL),))
    assert got.status in (200, 301, 400, 404, 405, 422)
    assert is_guarded(got)
    where = got.header("location")
    assert not where or where.startswith("./")
    assert "\r" not in where
    assert "\n" not in where
    assert not re.search(r"""(?:href|action|src)=["']?[^"'>\s]*evil""", got.text)
    assert got.status != 301 or where == f"./issues/{'?' + raw.partition(b'?')[2].decode() if b'?' in raw else ''}"  # fmt: skip


# ---------------------------------------------------------------- methods


def test_every_method_on_every_route_is_answered_clearly(house: Paper) -> None:
    """Without a fault, with all headers; what is not taken is told with what is."""
    for path in routes():
        for method in METHODS:
            got = house.get(path, method)
            assert got.status in (200, 301, 400, 403, 404, 405, 422), (method, path, got.status)
            assert is_guarded(got), (method, path)
            if method not in ("GET", "HEAD", "POST"):
                assert got.status == 405, (method, path)
            if got.status == 405:
                assert {"GET", "HEAD"} <= set(got.header("allow").split(", "))
    assert house.world.said == []


def test_only_a_post_changes_anything(house: Paper) -> None:
    """All that is no POST, on links that lead somewhere, with a body that would do harm."""
    paths = real_routes(house)
    before = house.held()
    body = b"List-Unsubscribe=One-Click&do=erase&sure=yes&address=eve@lab.example"
    for path in paths:
        for method in METHODS:
            if method != "POST":
                house.get(path, method, headers=(("content-type", FORM),), body=[body])
                house.get(f"{path}?{body.decode()}&_method=POST", method, headers=(("x-http-method-override", "POST"),))  # fmt: skip
    assert house.held() == before
    assert house.tend() == []


def test_what_a_page_says_of_itself_is_for_its_reader_alone(house: Paper) -> None:
    """No store keeps a page with a token, and none of them names the token to another site."""
    for path in real_routes(house)[7:17]:
        got = house.get(path)
        assert got.header("cache-control") == "no-store", path
        assert got.header("referrer-policy") == "no-referrer"
        assert not re.search(r"""(?:src|action)=["']?(?:https?:)?//""", got.text), path


def test_an_export_is_a_file_and_no_page(house: Paper) -> None:
    """What somebody typed comes back as JSON that no browser shows as HTML."""
    who = house.reader("ada@lab.example")
    house.post(f"/preferences/{who.preferences}", {"do": "save", "queries": '"<script>alert(1)</script>"'})  # fmt: skip
    got = house.get(f"/preferences/{who.preferences}/export")
    assert got.header("content-type") == "application/json"
    assert got.header("content-disposition").startswith("attachment")
    assert json.loads(got.text)
