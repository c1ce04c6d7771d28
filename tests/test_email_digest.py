"""The digest as a mail says it: whole in both parts, safe, light, and the same as the page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

import sample_issue
from effort import examples
from sample_issue import MASTHEAD
from sundaypaper.config import default_config
from sundaypaper.errors import BuildError
from sundaypaper.formats.email import Links, message
from sundaypaper.formats.email.weight import weight
from sundaypaper.formats.hrefs import code_url
from sundaypaper.formats.mathematics import plain
from sundaypaper.formats.site import environment, issue_page
from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.issue import MAIL_SIZES, amended
from sundaypaper.models import (
    Amendment,
    Editorial,
    Issue,
    Item,
    Message,
    Section,
)
from sundaypaper.pipeline.edition_views import Cards, edition_of
from sundaypaper.query import EVERYTHING
from sundaypaper.text import clean

# Bytes of HTML as sent: what docs and docstrings promise. Gmail cuts at 102 kB, the way out with it.
AIM, MOST = 68_000, 80_000
MARK = "@TOKEN@"
LINKS = Links(
    page="https://paper.example/issues/2026-W10/index.html",
    subscribe="https://paper.example/subscribe/index.html",
    leave=f"mailto:paper+leave-{MARK}@lab.example?subject=leave",
    change=f"https://paper.example/change?of={MARK}&week=2026-W10",
    mark=MARK,
)
ENV = environment(None)
SAMPLE = sample_issue.sample_issue(110)
FIRST = SAMPLE.sections[0].items[0].id


def mail(issue: Issue = SAMPLE, links: Links = LINKS, about: str = "", note: str = "") -> Message:
    """An issue as a mail says it."""
    return message(issue, MASTHEAD, links, about=about, note=note, env=ENV)


def read(made: Message) -> lxml_html.HtmlElement:
    """The HTML part, parsed."""
    return lxml_html.document_fromstring(made.html)


def said(made: Message) -> str:
    """What the HTML part says, in one line."""
    return " ".join(read(made).text_content().split())


def hrefs(made: Message) -> list[str]:
    """Every address that the HTML part leads to."""
    return [str(url) for url in read(made).xpath("//a/@href")]


def with_pick(id: str = FIRST, **values: object) -> Issue:
    """The sample issue in which one entry is different."""
    entries = tuple(replace(p, **values) if p.id == id else p for p in SAMPLE.entries)  # type: ignore[arg-type]
    return replace(SAMPLE, entries=entries)


def huge(count: int, words: int = 60, gist: int = 60) -> Issue:
    """An issue that prints so many entries, with a title and a quotation of so many words each."""
    long = "Ωμέγα “quoted” & <b>bold</b> "
    title, quoted = long * (words // 4), long * (gist // 4)
    picks = tuple(
        replace(
            sample_issue.paper(n), title=f"{n} {title}", gist=f"{n} says {quoted}", score=n / 10
        )
        for n in range(count)
    )
    rest = picks[:-5]
    lead = tuple(replace(one, score=0) for one in picks[-5:])  # an editor's choice
    sections = tuple(
        Section(id, id.capitalize(), tuple(Item(p.id, "for a reason") for p in some))
        for id, some in (("lead", lead), ("new", rest[::2]), ("accepted", rest[1::2]))
    )
    return replace(SAMPLE, sections=sections, entries=(*rest, *lead))


# ---------------------------------------------------------------- what stands above


def test_the_subject_names_the_paper_and_is_the_headline() -> None:
    """Without its full stop; cut at a word where it is long, and so is a long name."""
    assert mail().subject == "Sunday Paper: 89 papers say that they were accepted at CVPR 2026"
    assert mail(replace(SAMPLE, headline="Nothing new.")).subject == "Sunday Paper: Nothing new"
    assert mail(replace(SAMPLE, headline="Is it?")).subject == "Sunday Paper: Is it?"
    assert mail(replace(SAMPLE, headline="")).subject == "Sunday Paper, 2 to 8 March 2026"
    long = mail(replace(SAMPLE, headline="Seventy-one papers " * 6)).subject
    assert long.startswith("Sunday Paper: Seventy-one papers")
    assert len(long) <= 78
    assert long.endswith("…")
    named = replace(MASTHEAD, title="The Very Long Name of a Weekly Paper " * 3)
    assert message(SAMPLE, named, LINKS, env=ENV).subject.startswith(
        "The Very Long Name of a…: 89 papers say"
    )


@examples(60)
@given(st.text(max_size=90))
def test_no_headline_breaks_the_subject(headline: str) -> None:
    """One line of at most 78 characters without control characters; never empty."""
    for sections in ((), SAMPLE.sections[:1]):
        subject = mail(replace(SAMPLE, headline=headline, sections=sections)).subject
        assert 0 < len(subject) <= 78
    assert subject == clean(subject)


def test_the_first_line_says_minutes_topics_and_the_ways_out() -> None:
    """In both parts, before all else; the preheader apart, which is not shown."""
    made = mail(about="NLP, agents")
    first = read(made).xpath("(//p)[1]")[0]
    assert first.text_content() == "11 minutes · your topics: NLP, agents · change · leave"
    assert first.xpath(".//a/@href") == [LINKS.change, LINKS.leave]
    assert made.text.splitlines()[:3] == [
        "11 minutes · your topics: NLP, agents",
        f"change: {LINKS.change}",
        f"leave: {LINKS.leave}",
    ]


def test_what_has_no_link_is_left_out() -> None:
    """A list that keeps its own members: no leave of ours, no change, no empty address."""
    made = mail(links=Links())
    assert read(made).xpath("(//p)[1]")[0].text_content() == "11 minutes"
    assert "" not in hrefs(made)
    assert "leave" not in made.text
    assert "and 52 more\n" in made.text


@pytest.mark.parametrize(
    ("links", "said"),
    [
        (LINKS, ["Change what you get", "Leave by mail"]),
        (
            replace(
                LINKS, leave="https://paper.example/leave/x", change="mailto:paper@lab.example"
            ),
            ["Change what you get by mail", "Leave"],
        ),
    ],
)
def test_the_foot_says_whether_a_way_is_a_page_or_a_mail(links: Links, said: list[str]) -> None:
    """Nobody is surprised by an empty mail that opens; both parts have the same words."""
    made = mail(links=links)
    foot = read(made).xpath("//td[contains(., 'The whole issue ·')][last()]/p[1]/a/text()")
    assert foot == ["The whole issue", "Subscribe", *said, "Contact"]
    assert f"{said[0]}: {links.change}\n{said[1]}: {links.leave}\n" in made.text


def test_the_preheader_says_what_is_read_first() -> None:
    """An inbox shows it behind the subject; nothing else stands before it."""
    hidden = read(mail()).body[0]
    assert hidden.text.startswith("Read first: Reading the Room: Depth from One Photograph")
    assert len(hidden.text) <= 120
    assert hidden.get("style") == "display:none"


def test_a_door_that_is_no_address_is_refused() -> None:
    """A mail whose way out does not work must fail before it is sent."""
    with pytest.raises(ValueError, match="leave: not an address"):
        Links(leave="leave me")


# ---------------------------------------------------------------- what it tells


def test_every_link_of_the_html_stands_in_the_text() -> None:
    """The text part is complete; both lead to the entries' own addresses and to nothing else."""
    issue = replace(SAMPLE, editorial=Editorial(intro="See *[this](https://a.example/é?x=1&y=2)*."))
    made = mail(issue)
    urls = hrefs(made)
    assert [url for url in urls if url not in made.text] == []
    picks = {p.id: p for p in issue.entries}
    printed = [picks[item.id] for section in issue.sections for item in section.items]
    own = {p.url for p in printed} | {m.url for p in printed for m in p.discussed}
    full = [picks[i.id] for section in issue.sections for i in section.items if i.form != "title"]
    own |= {code_url(p.evidence) for p in full if p.kind == "paper"} - {""}
    assert own <= set(urls)
    ours = {LINKS.page, LINKS.subscribe, LINKS.leave, LINKS.change, f"mailto:{MASTHEAD.contact}"}
    more = {f"{LINKS.page}#{section.id}" for section in issue.sections if section.rest}
    assert set(urls) - own == ours | more | {"https://a.example/%C3%A9?x=1&y=2"}


def test_it_says_of_every_entry_what_the_page_says() -> None:
    """Titles, authors, claims, quotations, reasons, changes and dates, word by word."""
    page = issue_page("issues/2026-W10/index.html", SAMPLE, PageFrame(MASTHEAD), ENV).body.decode()
    shown = lxml_html.document_fromstring(page)
    made = mail()
    both = said(made), " ".join(made.text.split())
    wanted = ["//article/h3/a", "//p[@class='by']", "//blockquote", "//time", "//dd", "//summary/b"]
    for path in wanted:
        texts = [" ".join(one.text_content().split()) for one in shown.xpath(path)]
        texts = [text for text in texts if "$" not in text and "\\" not in text]
        assert texts, path
        assert [t for t in texts if t not in both[0] and "log" not in t] == []
        assert [t for t in texts if t not in both[1] and "log" not in t] == []
    for line in SAMPLE.minute:
        assert all(line.text in one for one in both)


def test_claims_come_in_the_authors_words_and_dates_with_their_zone() -> None:
    """What is said of a venue, the span that says so, and a deadline in AoE and UTC."""
    date = next(p.id for p in SAMPLE.entries if p.kind == "event")
    due = datetime(2026, 3, 16, 11, 59, tzinfo=UTC)
    made = mail(with_pick(date, starts=due, zone="AoE"))
    for text in (said(made), " ".join(made.text.split())):
        assert (
            "the authors say: accepted at CVPR 2026 (oral) “Accepted to CVPR 2026 (oral)”" in text
        )
        assert "the authors now say: accepted at ICML 2026" in text
        assert "Before: no comment" in text
        assert "First printed here in 2026-W02." in text
        assert "Sunday 15 March, 23:59 Anywhere on Earth (= 16 March, 11:59 UTC)" in text
        assert "A field guide to learning-rate warm-up (Mira Writes)" in text


def test_what_people_said_of_it_is_told() -> None:
    """The editor's words, notes, corrections with their day, removals, drafts and reprints."""
    second = SAMPLE.sections[0].items[1].id
    editor = Editorial(
        intro="Read *this* <b>.\n\n- one\n- two", signed="Olu", notes={FIRST: "Slowly."}
    )
    day = datetime(2026, 3, 12, tzinfo=UTC)
    issue = replace(
        SAMPLE,
        editorial=editor,
        state="draft",
        why_draft="arXiv is late",
        reprint="It was made anew.",
    )
    issue = amended(
        issue,
        {FIRST: (Amendment(FIRST, day, "note", "It is the third"),),
         second: (Amendment(second, day, "removed", "as its authors asked"),)},
    )  # fmt: skip
    made = mail(issue)
    for text in (said(made), " ".join(made.text.split())):
        for words in (
            "Draft. This issue is not finished and may still change. arXiv is late.",
            "Reprint. It was made anew.",
            "Olu",
            "Slowly.",
            "It is the third.",
            "Correction, 12 March 2026",
            "Removed on 12 March 2026: as its authors asked.",
        ):
            assert words in text
        assert "A Second Look at Weight Decay" not in text
    assert "<p>Read <em>this</em> &lt;b&gt;.</p>" in re.sub(r' style="[^"]*"', "", made.html)
    assert "- one\n- two" in made.text


def test_what_is_missing_is_told() -> None:
    """A source that failed, a part that did not come, the counts, and thanks to arXiv."""
    made = mail()
    for text in (said(made), " ".join(made.text.split())):
        assert "labelled: failed. The host did not answer within 20 seconds." in text
        assert "Missing: cs.RO of 5 March (100 of 212, the answer was cut off twice)." in text
        assert "3,385 listed · 1,788 new · 66 posts" in text
        assert "Thank you to arXiv for use of its open access interoperability." in text
        assert "Last week's issue listed one paper under two names" in text
    whole = mail(replace(SAMPLE, ledger=SAMPLE.ledger[1:3]))
    assert "Every source that was asked has answered in full." in said(whole)


def test_many_troubles_are_counted() -> None:
    """A day without a network does not fill the mail."""
    failed = SAMPLE.ledger[-1]
    issue = replace(SAMPLE, ledger=tuple(replace(failed, source=f"s{n}") for n in range(200)))
    text = said(mail(issue))
    assert "And 192 more sources: did not answer in full." in text
    assert text.count("did not answer within 20 seconds") == 8


def test_a_paper_that_everybody_discusses_names_five_posts() -> None:
    """The others are counted."""
    lead = next(p for p in SAMPLE.entries if p.id == FIRST)
    made = mail(with_pick(discussed=lead.discussed[:1] * 9))
    assert made.text.count("Discussed in: Reading Ten Thousand Kitchens") == 5
    for text in (said(made), " ".join(made.text.split())):
        assert "and 4 more" in text


def test_an_empty_edition_is_one_line() -> None:
    """What is ours, how it was made, and nothing else."""
    issue = replace(
        SAMPLE, headline="Nothing for this edition this week.", minute=(), sections=(), minutes=1
    )
    made = mail(issue, about="graphs", note="The whole paper has 1,788 new entries.")
    assert (made.entries, made.left_out) == (0, 0)
    assert "Nothing for this edition this week.\n\nThe whole paper has 1,788" in made.text
    assert [h.text_content() for h in read(made).xpath("//h2")] == ["How this issue was made"]
    assert mail(issue, note=issue.headline).text.count(issue.headline) == 1


def test_the_subject_of_a_mail_without_entries_is_calm_and_names_the_week() -> None:
    """It stands in one folder with those of other weeks, and says nothing twice."""
    empty = replace(SAMPLE, headline="Nothing for your topics this week.", minute=(), sections=())
    made = mail(empty, about="graphs")
    assert made.subject == "Sunday Paper, 2 to 8 March: nothing for you"
    assert said(made).count("othing for you") == 2  # the title and the headline
    assert made.text.count("othing for you") == 1
    assert mail(empty).subject == "Sunday Paper, 2 to 8 March: nothing new"
    longest = replace(MASTHEAD, title="The Very Long Name of a Weekly Paper " * 3)
    turn = replace(empty, week="2026-W01")
    made = message(turn, longest, LINKS, about="graphs", env=ENV)
    assert made.subject.endswith("…, 29 December to 4 January: nothing for you")
    assert len(made.subject) <= 78


def test_mathematics_is_plain_text() -> None:
    """No dollar and no element of MathML in either part."""
    made = mail()
    for text in (said(made), " ".join(made.text.split())):
        assert "When Small Models Forget in O(log T) Steps" in text
    assert "<math" not in made.html


def test_the_text_part_reads_well() -> None:
    """At most 72 columns but where an address or one long word stands; no run of blank lines."""
    made = mail(with_pick(title="A-very-long-word" * 9), about="NLP")
    long = [line for line in made.text.splitlines() if len(line) > 72]
    assert all(" " not in line.strip().removeprefix("* ") for line in long if "://" not in line and "mailto:" not in line)  # fmt: skip
    assert [line for line in made.text.splitlines() if line != line.rstrip()] == []
    assert "\n\n\n" not in made.text
    assert "Read first\n----------\n\n* A-very" in made.text


# ---------------------------------------------------------------- what comes from outside

HOSTILE = (
    '"><script>alert(1)</script><img src=x onerror=alert(1)>', "</td></table></body><h1>Mine</h1>",
    "{{ 7 * 7 }} {% raw %} {# note #}", "<!--[if mso]> <style>@import url(https://evil.example)",
    "&lt;b&gt; &amp;amp; &#x3c;", "a\u202egnp.exe\u2066b\u200f", "one\r\nBcc: two\n\nthree\x00\x1b[2J",
    "\ud800 lone \ufffe", "]]> </title></style>",
)  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_only_words(hostile: str) -> None:
    """In a title, a name, a reason, a source or the reader's own topics."""
    section = replace(
        SAMPLE.sections[0], title=hostile, note=hostile, items=(Item(FIRST, hostile),)
    )
    issue = with_pick(title=hostile, authors=(hostile, hostile), gist=hostile, comment=hostile)
    broken = replace(SAMPLE.ledger[-1], source=hostile, detail=hostile)
    issue = replace(issue, sections=(section,), headline=hostile, ledger=(broken,))
    made = mail(issue, about=hostile, note="A note.")
    plain = replace(section, title="x", note="x", items=(Item(FIRST, "x"),))
    tame = replace(with_pick(title="x", authors=("x", "x"), gist="x"), sections=(plain,), headline="x", ledger=(replace(broken, source="x", detail="x"),))  # fmt: skip
    tags = [one.tag for one in read(made).iter() if isinstance(one.tag, str)]
    assert tags == [
        one.tag
        for one in read(mail(tame, about="x", note="A note.")).iter()
        if isinstance(one.tag, str)
    ]
    for text in (made.html, made.text, made.subject):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe]", text)  # fmt: skip
    assert "\nBcc:" not in made.text


@examples(60)
@given(st.lists(st.text(max_size=60), min_size=3, max_size=3))
def test_generated_titles_and_names_come_back(texts: list[str]) -> None:
    """Every title is one heading that says it; nothing of it is markup."""
    title, author, gist = (clean(f"x{text}") for text in texts)
    issue = with_pick(title=title, authors=(author,), gist=gist)
    made = mail(replace(issue, sections=(replace(SAMPLE.sections[0], items=(Item(FIRST, ""),)),)))
    tree = read(made)
    assert " ".join(tree.xpath("//h3")[0].text_content().split()) == clean(plain(title))
    assert tree.xpath("//script|//img|//form|//*[@onerror]") == []


def test_what_nobody_sees_of_an_address_is_not_mailed() -> None:
    """A bidi control and a zero-width space: the link leads where the letters say, in both parts."""
    made = mail(with_pick(url="https://a.example/\u202egn\u200bp"))
    assert 'href="https://a.example/gnp"' in made.html
    assert "https://a.example/gnp" in made.text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:x", "", 'https://a"b', f"https://a.example/{MARK}", f"https://a.example/{MARK[:9]}\u200b{MARK[9:]}", "https://a.example/" + "x" * 2000]
)  # fmt: skip
def test_an_address_that_is_none_leaves_the_title_alone(url: str) -> None:
    """Only what is an address of the web is a link, and nobody's token goes there."""
    made = mail(with_pick(url=url))
    heading = read(made).xpath("//h3")[0]
    assert heading.text == "Reading the Room: Depth from One Photograph without Calibration"
    assert len(heading) == 0
    assert not url or url not in made.text


def test_the_mark_stands_only_where_a_token_belongs() -> None:
    """Words of others that hold the mark, or make it when it is taken out, cannot show a token."""
    tricky = f"A {MARK} and {MARK[:3]}{MARK}{MARK[3:]} again"
    for issue in (SAMPLE, with_pick(title=tricky, authors=(tricky,), gist=tricky)):
        made = mail(issue, about=tricky)
        assert made.html.count(MARK) == 4
        assert made.text.count(MARK) == 4
        assert [u for u in hrefs(made) if MARK in u] == [LINKS.change, LINKS.leave] * 2


def test_the_mark_of_the_preferences_stands_only_where_their_token_belongs() -> None:
    """A stranger who writes it in a title gets nobody's token there either."""
    mark = "@PREFERENCES@"
    links = replace(
        LINKS, change=f"https://paper.example/preferences/{mark}", preferences_mark=mark
    )
    made = mail(with_pick(title=f"On {mark}", url=f"https://evil.example/{mark}"), links)
    assert [u for u in hrefs(made) if mark in u] == [links.change] * 2
    assert made.html.count(mark) == 2
    assert made.text.count(mark) == 2


def test_nothing_is_loaded_and_nothing_is_followed() -> None:
    """No image, no script, no form, no style sheet from elsewhere, no address but in links."""
    for issue in (SAMPLE, huge(40)):
        made = mail(issue)
        assert not re.search(
            r"src\s*=|url\(|@import|@font-face|background(?!-color)|http-equiv", made.html
        )
        tree = read(made)
        assert tree.xpath("//img|//script|//form|//link|//object|//iframe|//input|//svg") == []
        outside = [v for one in tree.iter() for k, v in one.items() if k != "href" and "://" in v]
        assert outside == []


# ---------------------------------------------------------------- how heavy it is


def test_a_whole_issue_is_well_below_the_limit() -> None:
    """Even in the sizes of the pages, and in those of a mail at half of that."""
    made = mail()
    assert weight(made.html) < AIM
    assert made.left_out == 0
    assert made.entries == sum(len(section.items) for section in SAMPLE.sections)
    cut = edition_of(default_config(), SAMPLE, Cards(SAMPLE), EVERYTHING, MAIL_SIZES)
    assert weight(mail(cut).html) < 45_000
    assert cut.words <= 1600


def test_weight_counts_what_is_sent() -> None:
    """Quoted-printable makes three bytes of one, and six of a letter with an accent."""
    assert weight("x" * 60) == 60
    assert weight("é" * 10) == 60
    assert weight("a\nb") == 4


def test_quotations_fall_first_and_those_of_the_lowest_entries() -> None:
    """Above the aim only sentences go; each entry stays."""
    made = mail(huge(40, 4, 36))
    assert (made.entries, made.left_out) == (40, 0)
    assert AIM - 4_000 < weight(made.html) <= AIM
    kept = [n for n in range(40) if f"“{n} says" in made.html]
    assert 0 < len(kept) < 40
    assert kept == list(range(40 - len(kept), 40))
    assert kept == [n for n in range(40) if f"“{n} says" in made.text]


def test_then_the_lowest_entries_fall_and_are_counted() -> None:
    """The sections keep their first; what fell stands as more on the page, in both parts."""
    made = mail(huge(300))
    assert MOST - 4_000 < weight(made.html) <= MOST
    assert made.entries + made.left_out == 300
    assert " says " not in made.html
    titles = [one.text_content() for one in read(made).xpath("//h3")]
    numbers = sorted(int(title.split()[0]) for title in titles)
    assert numbers == [0, 1, *range(300 - len(numbers) + 2, 300)]
    assert len(numbers) == made.entries
    more = re.findall(r"and (\d+) more on the page:\n(\S+)", made.text)
    assert sum(int(count) for count, _ in more) == made.left_out
    assert [url for _, url in more] == [f"{LINKS.page}#new", f"{LINKS.page}#accepted"]
    assert [url for url in hrefs(made) if url not in made.text] == []
    assert len(re.findall(r"^\* \d", made.text, re.MULTILINE)) == made.entries


@pytest.mark.parametrize(("count", "words"), [(2000, 100), (30, 8_000)])
def test_an_absurd_issue_never_weighs_more_than_allowed(count: int, words: int) -> None:
    """Two thousand huge entries; thirty whose every title is a book: the way out is always there."""
    issue = huge(count, words)
    made = mail(issue, about="NLP " * 3000)
    assert weight(made.html) <= MOST
    assert made.entries + made.left_out == count
    first = read(made).xpath("(//p)[1]")[0]
    assert first.xpath(".//a/@href") == [LINKS.change, LINKS.leave]
    assert first.text_content().startswith("11 minutes · your topics: NLP NLP")
    assert len(first.text_content()) < 220
    assert f"leave: {LINKS.leave}" in made.text


def test_the_same_issue_gives_the_same_mail() -> None:
    """Byte for byte, also where entries fell."""
    assert mail(huge(300)) == mail(huge(300))
    assert mail() == mail()


# ---------------------------------------------------------------- the templates of a user


def test_a_user_may_restyle_it(tmp_path: Path) -> None:
    """Their style sheet takes the place of ours; a mistake is named with its file."""
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "mail.css").write_text("h2 { color: #123456; }")
    made = message(SAMPLE, MASTHEAD, LINKS, env=environment(tmp_path))
    assert '<h2 class="later" style="color:#123456">' in made.html
    (tmp_path / "mail" / "digest.txt").write_text("{{ sheet.nothing }}")
    with pytest.raises(BuildError, match=r"mail/digest\.txt:1: .*nothing"):
        message(SAMPLE, MASTHEAD, LINKS, env=environment(tmp_path))


def test_a_venue_of_the_users_own_is_called_by_its_name() -> None:
    """Names come with the environment, as they do for pages."""
    claim = replace(SAMPLE.entries[0].claims[0], venue="mine")
    env = environment(None, {"mine": "My Workshop"})
    made = message(with_pick(claims=(claim,)), MASTHEAD, LINKS, env=env)
    assert "accepted at My Workshop 2026" in said(made)
