"""The digest in mail programs: what they know of it, dark or light, narrow or wide, read or heard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise, product
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Browser, Page

import test_notices as notices
from browsing import resize, window
from checking import axe, caniemail, vnu
from sundaypaper.models import Editorial, Message, NoticeKind
from test_accessibility import ASK_AXE, CONTRAST, RULES
from test_email_digest import FIRST, SAMPLE, huge, mail, replace, with_pick
from test_email_whole import issues

WINDOWS = {"outlook.windows", "outlook.windows-mail"}
BASIC = "gmail.mobile-webmail"  # Gmail in a phone's browser, which drops every style sheet
GMAIL = {"gmail.android", "gmail.desktop-webmail", "gmail.ios", BASIC}
# What some program does not know, in which, and why the mail is whole without it.
UNKNOWN = {
    "<style> element": {BASIC},  # holds the dark colours alone, see @media
    "@media": {BASIC, *WINDOWS},  # the light colours stay, which bear to be inverted
    "@media (prefers-color-scheme)": {*GMAIL, *WINDOWS},  # the same
    "color-scheme meta tag": {
        *GMAIL, *WINDOWS, "apple-mail.ios", "outlook.android", "outlook.ios", "outlook.macos",
        "outlook.outlook-com",
    },  # the same
    "<body> element": {"outlook.macos"},  # becomes a div; it holds nothing but no margin
    "display:none": {BASIC},  # the preheader is then seen: one line about what follows
    "role attribute": {"outlook.windows-mail"},  # tables are then read as tables
    "aria-label attribute": {"outlook.windows-mail"},  # `code` is then read without its title
    "word-break": {"outlook.windows-mail"},  # a word longer than the window is then cut off
}  # fmt: skip
# What some program knows in part, and why that part is enough.
IN_PART = {
    "background": "a plain colour, no image",
    "<style> element": "it stands in the head, before all, and is far below 16 kB",
    "@media": "none is nested, none asks for a height",
    "<body> element": "becomes a div",
    "<ul>, <ol> and <dl>": "no reversed, no value",
    "border": "1 and 3 pixels, on cells",
    "dir attribute": "not on links; everything is from left to right",
    "display": "none alone, on a div without tables",
    "display:none": "the same",
    "font-size": "in pixels",
    "font-weight": "bold",
    "letter-spacing": "one pixel, on the name alone",
    "line-height": "a number without a unit",
    "margin": "never negative; auto stands on the frame, for which Outlook has a table of its own",
    "max-width": "on a div; for Outlook a table of that width stands around it",
    "padding": "on cells; that of lists and of the frame is their default in Outlook",
    "text-align": "center",
    "text-decoration": "underline and none",
    "width property": "on tables",
    "word-break": "what it does wrong is what is wanted",
}
EDITED = replace(
    with_pick(FIRST, title="Pneumono" * 30, authors=("Ünïcödé " * 12,)),
    editorial=Editorial(
        "", "Read *this* [first](https://a.example).\n\n- one\n- two", signed="Olu"
    ),
    state="draft",
    why_draft="arXiv is late",
)
MAILS = {
    "whole": mail(about="NLP, agents"),
    "edited": mail(EDITED),
    "empty": mail(replace(SAMPLE, headline="Nothing.", minute=(), sections=()), note="A quiet week."),
    "heavy": mail(huge(200)),
}  # fmt: skip


def noticed(kind: NoticeKind) -> Message:
    """A mail about a subscription, in its parts."""
    link = "" if kind == "moved" else notices.LINK
    one = notices.letter(replace(notices.NOTICE, kind=kind), link=link)
    text, html = notices.contents(one)
    subject = lxml_html.document_fromstring(html).findtext(".//title")
    return Message(subject, html, text, 0)


MAILS |= {kind: noticed(kind) for kind in notices.KINDS}


WRONG = (
    '<div style="display:flex">x</div>', "<form>x</form>", '<p style="position:absolute">x</p>',
    "<style>a:hover { color: red }</style>", '<p style="opacity:.5">x</p>', "<video></video>",
    '<div style="background-image:url(x)">x</div>', '<div style="display:grid">x</div>',
)  # fmt: skip
Lacks = tuple[dict[str, set[str]], set[str]]


@pytest.fixture(scope="module")
def lacks() -> dict[str, Lacks]:
    """Of each mail, and of one with each thing that is wrong, what programs lack; asked in one go."""
    spoilt = {wrong: MAILS["empty"].html.replace("</body>", f"{wrong}</body>") for wrong in WRONG}
    mails = {kind: made.html for kind, made in MAILS.items()} | spoilt
    return dict(zip(mails, map(lacked, caniemail([*mails.values()])), strict=True))


def lacked(said: list[dict[str, Any]]) -> Lacks:
    """The features that some program does not know, with the programs, and those known in part."""
    none: dict[str, set[str]] = {}
    part = set()
    for one in said:
        if one["support"] == "errors":
            none.setdefault(one["title"], set()).add(one["client"])
        else:
            part.add(one["title"])
    return none, part


@pytest.mark.parametrize("kind", MAILS)
def test_gmail_outlook_and_apple_mail_know_what_it_uses(lacks: dict[str, Lacks], kind: str) -> None:
    """But for what is listed above, with the reason why the mail is whole without it."""
    none, part = lacks[kind]
    unlisted = {what: who - UNKNOWN.get(what, set()) for what, who in none.items()}
    assert {what: who for what, who in unlisted.items() if who} == {}
    assert part - IN_PART.keys() - UNKNOWN.keys() == set()


@pytest.mark.parametrize("wrong", WRONG)
def test_what_they_do_not_know_would_be_found(lacks: dict[str, Lacks], wrong: str) -> None:
    """The lists above let none of these through."""
    none, part = lacks[wrong]
    beyond = {what for what, who in none.items() if who - UNKNOWN.get(what, set())}
    assert beyond or part - IN_PART.keys() - UNKNOWN.keys()


def test_it_is_a_document_that_survives_without_styles() -> None:
    """Language, direction, title; one h1, sections as h2, entries as h3; tables that are no data."""
    for made in MAILS.values():
        tree = lxml_html.document_fromstring(made.html)
        assert (tree.get("lang"), tree.get("dir")) == ("en", "ltr")
        frame = tree.xpath("//body/div[@role='main']")[0]
        assert (frame.get("lang"), frame.get("dir")) == ("en", "ltr")  # programs drop html and body
        assert tree.findtext(".//title") == made.subject
        levels = [int(h.tag[1]) for h in tree.xpath("//h1|//h2|//h3|//h4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b <= a + 1 for a, b in pairwise(levels))
        assert {table.get("role") for table in tree.xpath("//table")} == {"presentation"}


def test_the_nu_html_checker_finds_no_error(tmp_path: Path) -> None:
    """Valid HTML: what Outlook needs beyond it stands in a comment that only Outlook reads."""
    for name, made in MAILS.items():
        (tmp_path / f"{name}.html").write_text(made.html, encoding="utf-8")
    found = vnu("--skip-non-html", tmp_path)
    assert [one for one in found if one["type"] == "error"] == []


# ---------------------------------------------------------------- colours


def parts(colour: str) -> tuple[int, int, int]:
    """`#7b3310` as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def inverted(colour: tuple[float, ...]) -> tuple[float, ...]:
    """As a program shows it that inverts all."""
    return tuple(255 - one for one in colour)


def turned(colour: tuple[float, ...]) -> tuple[float, ...]:
    """Inverted with its hue kept: what `invert(1) hue-rotate(180deg)` does."""
    r, g, b = inverted(colour)
    rows = ((-0.574, 1.43, 0.144), (0.426, 0.43, 0.144), (0.426, 1.43, -0.856))
    return tuple(min(255, max(0, x * r + y * g + z * b)) for x, y, z in rows)


def light(colour: tuple[float, ...]) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in colour)]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """1 to 21."""
    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def styles(made: Message) -> list[dict[str, str]]:
    """The styles that are written into its elements."""
    found = lxml_html.document_fromstring(made.html).xpath("//body//@style")
    return [dict(part.split(":", 1) for part in style.split(";") if part) for style in found]


def test_whatever_sets_a_colour_sets_its_ground() -> None:
    """A program that drops <style> and shows mails on a dark ground prints no dark on dark."""
    coloured = [style for made in MAILS.values() for style in styles(made) if "color" in style]
    assert len(coloured) > 100
    assert {style.get("background-color") for style in coloured} == {"#fff"}
    bare = "//body//text()[normalize-space() and not(ancestor::*[contains(@style, 'color:')])]"
    hidden = "[not(ancestor::*[contains(@style, 'display:none')])]"
    assert lxml_html.document_fromstring(MAILS["whole"].html).xpath(bare + hidden) == []


@pytest.mark.parametrize(
    "change", [lambda c: c, inverted, turned], ids=["as is", "inverted", "turned"]
)
def test_every_colour_stands_out_whatever_a_program_does_to_it(change: Any) -> None:
    """4.5 to 1 on its white ground, and where a program inverts all colours by force."""
    found = {one["color"] for made in MAILS.values() for one in styles(made) if "color" in one}
    assert len(found) >= 3
    ground = change((255, 255, 255))
    ratios = {colour: contrast(change(parts(colour)), ground) for colour in found}
    assert {colour: ratio for colour, ratio in ratios.items() if ratio < 4.5} == {}


# ---------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A window in which one mail after the other is shown."""
    with window(browser, 375, 800) as page:
        yield page


def show(page: Page, made: Message, width: int, scheme: str = "light") -> None:
    """Show a mail in a window so wide."""
    resize(page, width, 800)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_content(made.html)


@pytest.mark.browser
@pytest.mark.parametrize("kind", MAILS)
@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1024, "dark")])
def test_axe_finds_nothing(page: Page, kind: str, width: int, scheme: str) -> None:
    """All rules that the pages are held to; in the dark colours too, which Apple Mail shows."""
    show(page, MAILS[kind], width, scheme)
    page.evaluate(axe())
    found = [f"{one['id']}: {n['html']}" for one in page.evaluate(ASK_AXE, RULES) for n in one["nodes"]]  # fmt: skip
    assert found == []


@pytest.mark.browser
def test_axe_finds_nothing_whatever_strangers_write(page: Page) -> None:
    """Five issues whose every word of others is hostile; what has no title left is “Untitled”."""
    found = []
    for issue in islice(issues(), 5):
        show(page, mail(issue), 375)
        page.evaluate(axe())
        found += [one["id"] for one in page.evaluate(ASK_AXE, RULES)]
    assert found == []


@pytest.mark.browser
@pytest.mark.parametrize("kind", MAILS)
def test_nothing_scrolls_sideways_on_a_small_phone(page: Page, kind: str) -> None:
    """320 pixels, also with a word that is longer than the window."""
    show(page, MAILS[kind], 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
def test_the_dark_colours_stand_out(page: Page) -> None:
    """On their own ground, whatever the program's is, and so do the light ones without <style>."""
    made = MAILS["edited"]
    bare = replace(made, html=re.sub(r"(?s)<style.*?</style>", "", made.html))
    for shown, ground in product((made, bare), ("#171613", "#333", "#fff")):
        show(page, shown, 800, "dark")
        page.add_style_tag(content=f"body {{ background-color: {ground} !important }}")
        ratios = page.evaluate(CONTRAST)
        assert ratios
        assert {kind: ratio for kind, ratio in ratios.items() if ratio < 4.5} == {}
