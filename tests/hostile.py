"""What nobody sends kindly: paths, methods, texts and bodies, and what every answer has to have."""

from __future__ import annotations

import re

from abusing import FORM, WEEK, Got, Paper

TOKEN = "a" * 26
# An issue as its reader got it is a mail, whose looks stand in its tags; nothing else may.
STYLED = "style-src-attr 'unsafe-inline'"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW")


PAYLOADS = {
    "sql": "'; drop table subscribers; --",
    "html": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "attribute": '" autofocus onfocus="alert(1)',
    "template": "{{ 1234567*7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "format": "%s%n{0.__class__}${1234567*7}#{1234567*7}<%= 1234567*7 %>",
    "crlf": "x\r\nBcc: victim@lab.example\r\n\r\n<b>",
    "lf": "x\nBcc: victim@lab.example",
    "null": "a\0b",
    "right to left": "\u202egnp.exe\u2066\u2069\u200f",
    "zero width": "\ufeff\u200b\u2060x",
    "wide": "\U0001f4a9\u0301" * 50,
    "controls": "".join(map(chr, range(1, 32))),
    "long": "x" * 6000,
    "path": "../../../../etc/passwd",
    "number": "9" * 400,
    "boolean": "NaN",
    "blank": " ",
}  # fmt: skip
BODIES = {
    "lone surrogate": (FORM, b"address=%ed%a0%80@lab.example&do=subscribe"),
    "no utf-8": (FORM, b"address=%ff%fe@lab.example&do=%ff"),
    "half an escape": (FORM, b"address=%&do=%4&%%%=%%"),
    "only signs": (FORM, b"&&&===&&;;;"),
    "json": ("application/json", b'{"address": "eve@lab.example"}'),
    "xml": ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    "plain": ("text/plain", b"address=eve@lab.example"),
    "no type": ("", b"address=eve@lab.example"),
    "utf-7": (f"{FORM}; charset=utf-7", b"address=+ADw-script+AD4-&do=subscribe"),
    "utf-16": (f"{FORM}; charset=utf-16", "address=eve@lab.example".encode("utf-16")),
    "no charset": (f"{FORM}; charset=nonsense", b"address=eve@lab.example"),
    "zip charset": (f"{FORM}; charset=zlib", b"x\x9c\x03\x00\x00\x00\x00\x01"),
    "hidden charset": (FORM, b"_charset_=utf-7&address=+ADw-script+AD4-"),
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "empty boundary": ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    "long boundary": (f"multipart/form-data; boundary={'x' * 5000}", b"--x\r\n"),
    "cut": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="address"\r\n\r\neve@'),
    "no name": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"),
    "a file": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="address"; filename="../../x"\r\n\r\neve@lab.example\r\n--x--\r\n'),
    "nested": ("multipart/form-data; boundary=x", b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n--y--\r\n--x--\r\n"),
    "part charset": ("multipart/form-data; boundary=x; charset=utf-32", b'--x\r\nContent-Disposition: form-data; name="address"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n+ADw-script+AD4-\r\n--x--\r\n'),
    "bad charset of parts": ("multipart/form-data; boundary=x; charset=nonsense", b'--x\r\nContent-Disposition: form-data; name="address"\r\n\r\n\xff\xfe\r\n--x--\r\n'),
    "headers without end": ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 2000),
    "mixed": ("multipart/mixed; boundary=x", b"--x\r\n\r\n\r\n--x--"),
    "many fields": (FORM, b"&".join(b"topic=t%d" % n for n in range(1200))),
    "many parts": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="topic"\r\n\r\na\r\n' * 200 + b"--x--\r\n"),
    "deep": (FORM, b"queries=" + b"(" * 8000),
    "many queries": (FORM, b"queries=" + b"a+OR+" * 2500 + b"a"),
    "nothing": (FORM, b""),
}  # fmt: skip


def routes(leave: str = TOKEN, preferences: str = TOKEN, confirm: str = TOKEN) -> tuple[str, ...]:
    """A path of each route."""
    return (
        "/",
        "/issues/",
        "/issues",
        "/style.css",
        "/nothing/here",
        "/healthz",
        "/mails/",
        "/subscribe/",
        "/subscribe",
        f"/confirm/{confirm}",
        f"/confirm/{confirm}/",
        f"/leave/{leave}",
        f"/leave/{leave}/",
        f"/preferences/{preferences}",
        f"/preferences/{preferences}/export",
        f"/preferences/{preferences}/issues/",
        f"/preferences/{preferences}/issues/{WEEK}",
        "/feeds/custom.atom?q=depth",
        "/feeds/custom.json?q=depth",
    )


def real_routes(house: Paper) -> tuple[str, ...]:
    """The same with links that lead somewhere."""
    who = house.reader("ada@lab.example")
    house.sign_up("new@lab.example", "192.0.2.1")
    (letter,) = house.tend()
    return routes(who.token, who.preferences, house.token(letter))


def is_guarded(got: Got) -> bool:
    """Whether an answer has what protects a reader."""
    policy = got.header("content-security-policy")
    return (
        "default-src 'none'" in policy
        and "frame-ancestors 'none'" in policy
        and "base-uri 'none'" in policy
        and re.search("form-action '(self|none)'", policy) is not None
        and "unsafe" not in policy.replace(STYLED, "")
        and got.header("x-content-type-options") == "nosniff"
        and got.header("x-frame-options") == "DENY"
        and got.header("referrer-policy") == "no-referrer"
        and got.header("cross-origin-opener-policy") == "same-origin"
        and "set-cookie" not in dict(got.headers)
        and "access-control-allow-origin" not in dict(got.headers)
    )


def assert_harmless(text: str) -> None:
    """Nothing of the payloads is more than text."""
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert ' onfocus="alert' not in text
    assert "8641969" not in text  # 1234567 * 7
    assert "Traceback" not in text
    assert "\u202e" not in text
    assert "\0" not in text
