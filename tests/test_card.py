"""The card of an issue: the picture by which a link to it is shown."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from struct import unpack_from
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from effort import calls, examples
from published import MASTHEAD, pages, publish
from sample_issue import sample_issue
from sundaypaper.formats import card as cards
from sundaypaper.formats import templates_hash
from sundaypaper.formats.card import card, card_page, drawable, set_text
from sundaypaper.models import Amendment, MinuteLine

HOME = replace(MASTHEAD, base_url="https://paper.example.org/")
PAPER = (0xFC, 0xFA, 0xF5)
ASIDE = "9 minutes to read"
SOON = datetime(2026, 3, 12, 9, tzinfo=UTC)
LONG = "A headline that goes on and on about everything that there was in this week; "


def picture(raw: bytes) -> Image.Image:
    """A card as it is seen."""
    return Image.open(BytesIO(raw)).convert("RGB")


def box(image: Image.Image, top: int = 0, bottom: int = 630) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all that is not paper between two heights."""
    part = image.crop((0, top, 1200, bottom))
    found = ImageChops.difference(part, Image.new("RGB", part.size, PAPER)).getbbox()
    assert found is not None
    return found[0], found[1] + top, found[2], found[3] + top


def differing(one: bytes, other: bytes) -> tuple[int, int, int, int] | None:
    """The part in which two cards differ."""
    return ImageChops.difference(picture(one), picture(other)).getbbox()


@cache
def mapped() -> frozenset[int]:
    """The characters that the bold font maps to a glyph, read from its table by hand (format 12)."""
    raw = (cards.FONTS / cards.BOLD).read_bytes()
    tables = {raw[at : at + 4]: unpack_from(">I", raw, at + 8)[0] for at in range(12, 12 + 16 * unpack_from(">H", raw, 4)[0], 16)}  # fmt: skip
    start = tables[b"cmap"]
    offsets = [unpack_from(">I", raw, start + 8 + 8 * n)[0] for n in range(unpack_from(">H", raw, start + 2)[0])]  # fmt: skip
    (whole,) = {start + at for at in offsets if unpack_from(">H", raw, start + at)[0] == 12}
    groups = (unpack_from(">III", raw, whole + 16 + 12 * n) for n in range(unpack_from(">I", raw, whole + 12)[0]))  # fmt: skip
    return frozenset(code for first, last, _ in groups for code in range(first, last + 1))


# ---------------------------------------------------------------- the picture


def test_a_card_is_a_small_picture_of_the_usual_size() -> None:
    """1200 by 630, sixteen colours, at most 60 kB with as many letters as go in."""
    for headline in ("", "Qwen3.5 in all sizes", LONG * 5, "W" * 400):
        raw = card("Sunday Paper", "2026-W10", ASIDE, headline)
        image = Image.open(BytesIO(raw))
        assert (image.format, image.size, image.mode) == ("PNG", (1200, 630), "P")
        assert len(image.getcolors() or ()) <= 16
        assert len(raw) <= 60_000


def test_the_same_issue_gives_the_same_card() -> None:
    """Byte by byte, whatever was drawn before."""
    one = card_page(sample_issue(150), HOME)
    card_page(replace(sample_issue(150), headline="Something else", week="2026-W11"), HOME)
    cards._font.cache_clear()
    assert one == card_page(sample_issue(150), HOME)
    assert one.path == "issues/2026-W10/card.png"


def test_a_card_shows_name_date_and_headline() -> None:
    """Each in its own part of the picture: a change of one changes nothing else."""
    one = card("Sunday Paper", "2026-W10", ASIDE, "Qwen3.5 in all sizes")
    changed = {
        "name": card("Monday Paper", "2026-W10", ASIDE, "Qwen3.5 in all sizes"),
        "week": card("Sunday Paper", "2026-W11", ASIDE, "Qwen3.5 in all sizes"),
        "aside": card("Sunday Paper", "2026-W10", "Draft", "Qwen3.5 in all sizes"),
        "headline": card("Sunday Paper", "2026-W10", ASIDE, "Gemma 4 in all sizes"),
    }
    parts = {what: differing(one, other) or (0, 0, 0, 0) for what, other in changed.items()}
    assert 0 < parts["name"][1] < parts["name"][3] < 206
    for what in ("week", "aside"):
        assert 213 < parts[what][1] < parts[what][3] < 280
    assert parts["aside"][0] > 800
    assert parts["headline"][1] > 282


@pytest.mark.parametrize(
    ("headline", "lines"),
    [
        ("Qwen3.5 in all sizes", ("Qwen3.5 in all sizes",)),
        ("NeurIPS abstracts are due in 8 days", ("NeurIPS abstracts", "are due in 8 days")),
        (
            "“AI Can Learn Scientific Taste” had more votes than any other paper: 214",
            ("“AI Can Learn Scientific", "Taste” had more votes", "than any other paper: 214"),
        ),
    ],
)
def test_lines_of_a_headline_are_of_about_one_length(headline: str, lines: tuple[str, ...]) -> None:
    """No word is left alone on the last."""
    assert set_text(headline, 1040, 270).lines == lines


def test_a_long_headline_is_smaller_and_at_last_cut() -> None:
    """After a whole word, with a sign that says so."""
    short, longer = set_text("Qwen3.5 in all sizes", 1040, 270), set_text(LONG, 1040, 270)
    assert short.font.size > longer.font.size
    assert longer.lines[-1].endswith("in this week;")
    cut = set_text(LONG * 5, 1040, 270)
    assert cut.font.size == 44
    assert cut.lines[0].startswith("A headline that goes on")
    assert re.search(r" (on|about|everything|that|there|was|headline|goes|and|in|this|week|A)…$", f" {cut.lines[-1]}")  # fmt: skip


@given(name=st.text(max_size=80), headline=st.text("aM.W- mйβ“", max_size=500))
@example(name="W" * 80, headline="n" * 400)
@example(name="A name of a paper that is long", headline="йM" * 9 + " a" * 120)
@examples(40)
@example(name="J000?@@KA@B®", headline="")  # which leans out by seven pixels
def test_whatever_is_written_stays_within_the_margins(name: str, headline: str) -> None:
    """80 pixels at each side, and the headline below the last rule; letters may lean out a little."""
    image = picture(card(drawable(name), "2026-W10", ASIDE, drawable(headline)))
    left, top, right, bottom = box(image)
    assert left >= 70
    assert right <= 1130
    assert top >= 20
    assert bottom <= 606
    assert box(image, 282)[1] > 288


def test_the_work_on_a_card_does_not_grow_with_the_headline() -> None:
    """What never gets into the picture is not set."""
    long = replace(sample_issue(150), headline=LONG * 5)
    longest = replace(sample_issue(150), headline=LONG * 5000)
    card_page(longest, HOME)
    assert calls(lambda: card_page(longest, HOME)) < 2 * calls(lambda: card_page(long, HOME))
    assert calls(lambda: card_page(longest, HOME)) < 20_000


# ---------------------------------------------------------------- letters


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Łukasz’s “naïve” Gödel – 50 % … ≤ 3 × 10⁴", "Łukasz’s “naïve” Gödel – 50 % … ≤ 3 × 10⁴"),
        ("β-VAE, τ-bench and Москва", "β-VAE, τ-bench and Москва"),
        ("Qwen3 🚀 is out 🔥️ 👩‍💻", "Qwen3 is out"),
        ("𝐁𝐨𝐥𝐝 𝒾𝓃 a title, Ｗｉｄｅ", "Bold in a title, Wide"),
        ("a\tb\nc\x00d\u202ee\u200bf\ud800", "a b cdef"),
        ("non‑breaking, x ∼ y, A ⇒ B", "non-breaking, x ~ y, A → B"),
        ("通义千问 is out", ""),
        ("שלום to all", ""),
        ("مرحبا", ""),
        ("x ∈ ℝ", ""),
        ("", ""),
    ],
)
def test_what_the_letters_cannot_say_is_said_otherwise_or_not_at_all(text: str, drawn: str) -> None:
    """Emoji and controls go, styles of letters become letters; a lost word loses the sentence."""
    assert drawable(text) == drawn


@given(st.text(max_size=30))
@examples(200)
def test_no_box_ever_stands_for_a_letter(text: str) -> None:
    """Every letter that is drawn is in the font's own table, or all that it is composed of."""
    drawn = drawable(text)
    lost = [char for char in drawn if ord(char) not in mapped()]
    assert {ord(part) for char in lost for part in normalize("NFD", char)} <= mapped()


def test_a_headline_that_cannot_be_drawn_leaves_its_place_to_the_date() -> None:
    """As does none at all; a name that cannot be drawn leaves its to the host."""
    issue = sample_issue(150)
    dated = card("Sunday Paper", "2026-W10", f"{issue.minutes} minutes to read", "")
    assert card_page(replace(issue, headline="通义千问"), HOME).body == dated
    assert card_page(replace(issue, headline=""), HOME).body == dated
    part = differing(dated, card("Sunday Paper", "2026-W10", f"{issue.minutes} minutes to read", "2 to 8 March 2026"))  # fmt: skip
    assert part is not None
    assert part[3] < 280, "the date stands large, and not twice"
    elsewhere = card_page(replace(issue, headline=""), replace(HOME, title="日报"))
    named = card("paper.example.org", "2026-W10", f"{issue.minutes} minutes to read", "")
    assert elsewhere.body == named


def test_formulas_are_read_as_on_the_page() -> None:
    """A headline that holds LaTeX shows what it means; the full stop of its sentence goes."""
    issue = replace(sample_issue(150), headline="Sorting in $O(n^2)$.")
    shown = replace(issue, headline="Sorting in O(n²)")
    assert card_page(issue, HOME) == card_page(shown, HOME)


# ---------------------------------------------------------------- in the paper


def card_of(build: Path) -> bytes:
    return (build / "issues/2026-W10/card.png").read_bytes()


def test_an_issue_and_the_front_name_the_card_with_whole_addresses() -> None:
    """Its size, what it says, and that it is large; pages of parts name none, which would be another's."""
    issue = replace(sample_issue(150), headline='Sorting in $O(n^2)$ & "more"')
    build = pages(issue, masthead=HOME)
    for path in ("index.html", "issues/2026-W10/index.html"):
        told = re.findall(r'<meta (?:property|name)="(og:image[^"]*|twitter:card)" content="([^"]*)">', build[path])  # fmt: skip
        assert [(name, unescape(said)) for name, said in told] == [
            ("og:image", "https://paper.example.org/issues/2026-W10/card.png"),
            ("og:image:width", "1200"),
            ("og:image:height", "630"),
            ("og:image:alt", 'Sunday Paper, 2 to 8 March 2026: Sorting in O(n²) & "more"'),
            ("twitter:card", "summary_large_image"),
        ]
    assert "issues/2026-W10/card.png" in build
    for path in ("editions/building/index.html", "issues/2026-W10/all/index.html", "archive/index.html"):  # fmt: skip
        assert "og:image" not in build[path]


def test_without_an_address_there_is_no_card() -> None:
    """Nobody could name it."""
    build = pages(sample_issue(150))
    assert not [path for path in build if path.endswith(".png")]
    assert "og:image" not in build["index.html"]


def test_a_draft_has_a_card_that_says_so(tmp_path: Path) -> None:
    """In place of how long it takes to read; printed, the issue gets another."""
    issue = sample_issue(150)
    draft = card_of(publish(tmp_path, replace(issue, state="draft", why_draft="it is Friday"), masthead=HOME))  # fmt: skip
    printed = card_of(publish(tmp_path, issue, masthead=HOME))
    assert draft == card("Sunday Paper", "2026-W10", "Draft", issue.headline)
    assert printed == card("Sunday Paper", "2026-W10", f"{issue.minutes} minutes to read", issue.headline)  # fmt: skip


def test_what_is_removed_leaves_the_card_too(tmp_path: Path) -> None:
    """The headline that named it makes place for the next line of the minute."""
    whole = sample_issue(150)
    gone = replace(whole.entries[0], title="Unique Kettle")
    lines = (
        MinuteLine("“Unique Kettle” had most votes", "lead", "votes", (gone.id,)),
        MinuteLine("12 papers say they are out", "accepted", "accepted"),
    )
    entries = (gone, *whole.entries[1:])
    issue = replace(whole, entries=entries, headline=lines[0].text, minute=lines)
    publish(tmp_path, issue, masthead=HOME)
    removal = Amendment(gone.id, SOON, "removed", "asked by its authors")
    after = card_of(publish(tmp_path, masthead=HOME, amendments=(removal,)))
    minutes = f"{issue.minutes} minutes to read"
    assert after == card("Sunday Paper", "2026-W10", minutes, "12 papers say they are out")


def test_another_font_is_a_new_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a build with cards in the old one would pass for up to date."""
    package = tmp_path / "package"
    (package / "data" / "fonts").mkdir(parents=True)
    (package / "data" / "topics.json").write_text("{}")
    monkeypatch.setattr(templates_hash, "PACKAGE", package)
    font = package / "data" / "fonts" / "One.ttf"
    font.write_bytes(b"one")
    before = templates_hash.fingerprint(None)
    font.write_bytes(b"other")
    assert templates_hash.fingerprint(None) != before
