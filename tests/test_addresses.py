"""Mail addresses: one plain form, and nothing else reaches a wire."""

from __future__ import annotations

import smtplib
from email import message_from_bytes, policy

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sundaypaper import addresses
from sundaypaper.addresses import mailbox, plain_address, same
from sundaypaper.errors import DeliveryError

ATEXT = "abcXYZ019!#$%&'*+/=?^_`{|}~-."
NEARLY = st.text(alphabet=st.sampled_from(ATEXT + '@ ,;:<>"()[]\\\r\n\t\0é＠'), max_size=40)
LIKELY = st.builds(
    "{}@{}.{}".format,
    st.text(alphabet=ATEXT, min_size=1, max_size=12),
    st.text(alphabet="abcz019-.üß", min_size=1, max_size=12),
    st.sampled_from(["example", "de", "123", "xn--p1ai"]),
)


def accepted(text: str) -> str | None:
    """The plain form, or None."""
    try:
        return plain_address(text)
    except DeliveryError:
        return None


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ada@uni.example", "ada@uni.example"),
        (" Ada.L@Uni.EXAMPLE\t", "Ada.L@uni.example"),
        ("ada+paper@uni.example", "ada+paper@uni.example"),
        ("o'neill_x@uni.example", "o'neill_x@uni.example"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@例え.example", "ada@xn--r8jz45g.example"),
    ],
)
def test_an_address_has_one_plain_form(written: str, plain: str) -> None:
    """Blanks go, the domain is in small ASCII letters, the part before the @ stays."""
    assert plain_address(written) == plain
    assert plain_address(plain) == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@uni.example",
        "ada@",
        "ada@localhost",
        "ada@uni..example",
        "ada@-uni.example",
        "ada@uni.example.",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        "ada@uni_x.example",
        "a da@uni.example",
        '"ada"@uni.example',
        "<ada@uni.example>",
        "Ada <ada@uni.example>",
        "ada@uni.example,bob@uni.example",
        "ada@bob@uni.example",
        ".ada@uni.example",
        "ada.@uni.example",
        "a..da@uni.example",
        "ada@uni.example\r\nBcc: bob@uni.example",
        "ada@uni.example\n",
        "ada\r\n@uni.example",
        "ada\0@uni.example",
        "ada\x7f@uni.example",
        "ada@uni\u2028.example",
        "\ud800@uni.example",
        "ada@\ud800.example",
        "=?utf-8?q?bob?=@uni.example",
        "a" * 65 + "@uni.example",
        "a@" + "b" * 64 + ".example",
        "a@" + "b." * 125 + "example",
    ],
)
def test_what_is_no_plain_address_is_refused_without_being_repeated(text: str) -> None:
    """Spaces, quotes, brackets, lists, controls, literals, what is too long; the error is discreet."""
    with pytest.raises(DeliveryError) as refused:
        plain_address(text)
    assert "uni.ex" not in str(refused.value)
    assert "bob" not in str(refused.value)


def test_the_longest_address_fits() -> None:
    """64 characters before the @ and 254 in all are an address; one more is none."""
    domain = ".".join(["b" * 61] * 3 + ["com"])
    longest = "a" * 64 + "@" + domain
    assert plain_address(longest) == longest
    assert len(longest) == 254
    assert accepted("a" * 64 + "@b" + domain) is None


def test_a_domain_longer_than_any_address_is_not_even_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Translating two million letters takes seconds: who sends them gets the answer at once."""
    monkeypatch.setattr(addresses, "_host", lambda domain: pytest.fail("was looked at"))
    with pytest.raises(DeliveryError, match="no mail address"):
        plain_address("a@" + "ü" * 2_000_000 + ".example")


def test_letters_before_the_at_that_few_servers_take_get_a_reason() -> None:
    """A local part beyond ASCII needs an extension of SMTP: it is refused with what to do."""
    with pytest.raises(DeliveryError, match=r"before the @ has letters other than a to z.*ask for"):
        plain_address("jürgen@uni.example")


@pytest.mark.parametrize(
    "domain", ["straße.example", "STRAẞE.example", "νόμος.example", "a\u200db.example"]
)
def test_a_domain_that_means_two_hosts_is_refused(domain: str) -> None:
    """Old IDNA would send what is meant for straße to strasse, which may be another's."""
    with pytest.raises(DeliveryError, match="xn--"):
        plain_address(f"ada@{domain}")
    assert plain_address("ada@xn--strae-oqa.example") == "ada@xn--strae-oqa.example"


@given(st.one_of(NEARLY, LIKELY))
@example("=?utf-8?q?a?=@b.example")
@example("a=?b@c.example")
def test_what_is_accepted_survives_a_header_and_the_envelope(text: str) -> None:
    """A header and smtplib's quoting give the same address back, and it is plain already."""
    plain = accepted(text)
    if plain is None:
        return
    parsed = message_from_bytes(f"To: {plain}\r\n\r\n".encode("ascii"), policy=policy.default)
    (one,) = parsed["To"].addresses
    assert (one.display_name, one.addr_spec, parsed["To"].defects) == ("", plain, ())
    assert smtplib.quoteaddr(plain) == f"<{plain}>"
    assert plain_address(plain) == plain


@given(LIKELY, st.sampled_from("\r\n\0\x0b\x0c\x1c\x85\u2028"), st.integers(0, 40))
def test_no_line_break_and_no_control_character_is_ever_accepted(
    likely: str, bad: str, at: int
) -> None:
    """Wherever one stands, also at either end."""
    assert accepted(likely[:at] + bad + likely[at:]) is None


def test_two_spellings_are_one_subscriber() -> None:
    """Capitals make no other person."""
    assert same(plain_address("Ada@Uni.example")) == same(plain_address("ada@uni.EXAMPLE"))
    assert same("ada+x@uni.example") != same("ada@uni.example")


def test_variants_of_an_address_are_one_mailbox() -> None:
    """Dots and what follows a plus count for nothing, and Google's two names are one."""
    variants = ("Ada.King@googlemail.com", "ada.king+news@gmail.com", "a.d.a.king@gmail.com")
    assert {mailbox(one) for one in variants} == {"adaking@gmail.com"}
    assert mailbox("ada@lab.example") != mailbox("ada@gmail.com")
