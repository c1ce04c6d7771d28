"""One page of arXiv's API: what is read, what is dropped and told, what is no page at all."""

from __future__ import annotations

import os
import pickle
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import examples
from fake_arxiv import HEAD, Row, complaint, page
from sundaypaper.errors import ParseError
from sundaypaper.sources.arxiv_page import ErrorEntry, parse

MOMENT = datetime(2026, 3, 2, 10, tzinfo=UTC)
ROW = Row("2603.00001", MOMENT, MOMENT)


def body(*entries: str, total: str = "1") -> bytes:
    """A page of entries written by hand."""
    return f"{HEAD}<o:totalResults>{total}</o:totalResults>{''.join(entries)}</feed>".encode()


def changed(old: str, new: str) -> bytes:
    """A page with two papers, of which the first is changed."""
    other = Row("2603.00002", MOMENT, MOMENT)
    assert old in ROW.xml()
    return body(ROW.xml().replace(old, new), other.xml(), total="2")


def test_a_paper_is_read_in_full() -> None:
    """Id without version, version, dates, categories with the primary one first, comment, title 0."""
    row = Row("2603.00001", MOMENT, MOMENT, 3, ("cs.CV",), "Accepted at  CVPR\n2026", "0")
    written = row.xml().replace('<category term="cs.CV"/>', '<category term="cs.LG"/><category term="cs.CV"/>')  # fmt: skip
    (entry,) = parse(body(written), "arXiv").entries
    assert (entry.id, entry.version, entry.title) == ("arxiv:2603.00001", 3, "0")
    assert entry.url == "https://arxiv.org/abs/2603.00001"
    assert entry.categories == ("cs.CV", "cs.LG")
    assert entry.comment == "Accepted at CVPR 2026"
    assert (entry.published, entry.updated) == (MOMENT, MOMENT)
    assert entry.authors == ("Ada Example",)


@pytest.mark.parametrize(
    ("address", "id", "version"),
    [
        ("http://arxiv.org/abs/2603.00001v2", "arxiv:2603.00001", 2),
        ("https://arxiv.org/abs/2603.00001", "arxiv:2603.00001", 1),
        ("http://arxiv.org/abs/0704.0001v1", "arxiv:0704.0001", 1),
        ("http://arxiv.org/abs/cs/9901002v1", "arxiv:cs/9901002", 1),
        ("http://arxiv.org/abs/math.GT/0309136v12", "arxiv:math.GT/0309136", 12),
        ("  http://arxiv.org/abs/2603.00001v2\n ", "arxiv:2603.00001", 2),
    ],
)
def test_ids_old_and_new(address: str, id: str, version: int) -> None:
    """Both forms of id, with and without a version, with space around them."""
    written = ROW.xml().replace("http://arxiv.org/abs/2603.00001v1", address)
    (entry,) = parse(body(written), "arXiv").entries
    assert (entry.id, entry.version) == (id, version)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://arxiv.org/abs/",
        "http://arxiv.org/abs/26030.1",
        "http://arxiv.org/abs/2603.00001v" + "9" * 5000,
        "http://arxiv.org/abs/٢٦٠٣.٠٠٠٠١v1",
        "http://arxiv.org/abs/2603.00001v1/../../x",
    ],
)
def test_an_entry_without_an_arxiv_id_is_dropped_and_told(address: str) -> None:
    """It is counted as held, so that the page is not taken for a short one."""
    got = parse(changed("http://arxiv.org/abs/2603.00001v1", address), "arXiv")
    assert [e.id for e in got.entries] == ["arxiv:2603.00002"]
    assert got.held == 2
    assert len(got.dropped) == 1
    assert "not an arXiv id" in got.dropped[0]
    assert len(got.dropped[0]) < 200


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59Z"],
)
def test_an_unreadable_date_drops_one_entry_only(text: str) -> None:
    """No date, no such day, and years that no calendar of ours reaches; the rest of the page stays."""
    got = parse(changed("2026-03-02T10:00:00Z</published>", f"{text}</published>"), "arXiv")
    assert [e.id for e in got.entries] == ["arxiv:2603.00002"]
    assert "no readable date in <published>" in got.dropped[0]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T10:00:00-05:00", datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("2026-03-02T10:00:00", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        (" 2026-03-02T10:00:00Z\n", datetime(2026, 3, 2, 10, tzinfo=UTC)),
    ],
)
def test_a_date_becomes_a_moment_of_utc(text: str, moment: datetime) -> None:
    """arXiv's old form has New York's offset; without one it is UTC."""
    entry = parse(changed("2026-03-02T10:00:00Z</published>", f"{text}</published>"), "").entries[0]
    assert entry.published is not None
    assert (entry.published, entry.published.tzinfo) == (moment, UTC)


def test_what_an_entry_lacks_is_left_empty() -> None:
    """No primary category, no comment, an author and a category without a name: the rest is read."""
    xml = (
        "<entry><id>http://arxiv.org/abs/2603.00001v2</id><title/>"
        "<published>2026-03-02T10:00:00Z</published><updated>2026-03-03T10:00:00Z</updated>"
        '<category/><category term="cs.LG"/><author/><author><name>Ada Example</name></author>'
        "</entry>"
    )
    (entry,) = parse(body(xml), "arXiv").entries
    assert (entry.title, entry.summary, entry.comment) == ("2603.00001", "", "")
    assert (entry.journal_ref, entry.doi, entry.version) == ("", "", 2)
    assert (entry.categories, entry.authors) == (("cs.LG",), ("Ada Example",))
    assert entry.updated == datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_journal_reference_and_doi_are_read() -> None:
    """They stand in arXiv's own namespace, beside the comment."""
    more = "<arxiv:journal_ref>Proc. ICML 2026</arxiv:journal_ref><arxiv:doi>10.1/x</arxiv:doi>"
    (entry,) = parse(body(ROW.xml().replace("</entry>", f"{more}</entry>")), "arXiv").entries
    assert (entry.journal_ref, entry.doi) == ("Proc. ICML 2026", "10.1/x")


def test_a_page_of_nothing_but_unreadable_entries() -> None:
    """All dropped, none read, and the number held still told."""
    got = parse(body(ROW.xml().replace("abs/", "nothing/")), "arXiv")
    assert (got.held, got.entries, len(got.dropped)) == (1, (), 1)


def test_an_empty_result_is_a_page() -> None:
    """A total of 0 without entries is an answer; whether it is believed is decided elsewhere."""
    assert parse(page([]).content, "arXiv").total == 0


MENDED = {
    "a control character": (b"\x08", ""),
    "a NUL": (b"\x00", ""),
    "a reference to one": (b"&#8;&#x0;&#xFFFF;&#1114112;&#99999999;", ""),
    "a surrogate, as bytes and as a reference": (b"\xed\xa0\x80&#xD800;", "\ufffd" * 3),
    "a byte of latin-1": (b"Erd\xf6s", "Erd\ufffds"),
    "an entity of HTML": (b"caf&eacute;&nbsp;&copy;", "café ©"),
    "the end of no section": (b"a]]>b", "a]]>b"),
    "an entity of nobody": (b"&foo;", "&foo;"),
    "a bare &": (b"R&D, AT&T & <i>co</i>", "R&D, AT&T & co"),
    "a bare <": (b"p < 0.05 <0.1", "p < 0.05 <0.1"),
    "a doubled entity": (b"&amp;lt;b&amp;gt; \x01", "&lt;b&gt;"),
}


@pytest.mark.parametrize("fault", MENDED)
def test_what_xml_forbids_in_one_abstract_costs_nothing(fault: str) -> None:
    """The character goes, what it may have meant is kept, and every paper of the page is read."""
    spoilt, right = MENDED[fault]
    content = changed("An abstract.", "An abstract: SPOILT end.").replace(b"SPOILT", spoilt)
    got = parse(content, "arXiv")
    assert [e.id for e in got.entries] == ["arxiv:2603.00001", "arxiv:2603.00002"]
    assert got.entries[0].summary == " ".join(f"An abstract: {right} end.".split())
    assert (got.held, got.dropped) == (2, ())


THREE = tuple(Row(f"2603.0000{n}", MOMENT, MOMENT) for n in (1, 2, 3))
SPOILT = {
    "a tag that is never closed": ("An abstract.", "if a <b then"),
    "a tag closed by another": ("An abstract.", "<i>An</b> abstract."),
    "a tag cut in the middle": ("An abstract.</summary>", "An abstract.</summ"),
    "no end of the entry": ("</entry>", ""),
    "an attribute without an end": ('<category term="cs.LG"/>', "<category term='cs.LG/>"),
    "an unknown prefix": ("<arxiv:comment>", "<x:comment>"),
    "a comment without an end": ("An abstract.", "An <!-- abstract."),
}


@pytest.mark.parametrize("fault", SPOILT)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_an_entry_that_is_not_well_formed_costs_that_paper_alone(fault: str, at: int) -> None:
    """First, in the middle or last: it is named, the others are read, and the count is the same."""
    old, new = SPOILT[fault]
    assert old in THREE[at].xml()
    rows = [row.xml().replace(old, new) if n == at else row.xml() for n, row in enumerate(THREE)]
    got = parse(body(*rows, total="3"), "arXiv")
    assert [e.id for e in got.entries] == [f"arxiv:{r.id}" for r in THREE if r is not THREE[at]]
    assert got.dropped == (f"arxiv:2603.0000{at + 1}: no well-formed XML",)
    assert (got.total, got.held) == (3, 3)


def test_a_broken_entry_without_an_id_is_called_by_its_title() -> None:
    """Somebody has to find it: the title stands for the id, "an entry" for neither."""
    nameless = ROW.xml().replace("http://arxiv.org/abs/2603.00001v1", "")
    broken = nameless.replace("An abstract.", "<b>An</i> abstract.")
    untitled = broken.replace("A paper", "")
    assert parse(body(nameless), "").dropped == ("'A paper': not an arXiv id",)
    assert parse(body(broken, untitled), "").dropped == (
        "'A paper': no well-formed XML",
        "an entry without id: no well-formed XML",
    )


def test_a_page_that_was_cut_off_is_a_short_one() -> None:
    """What came whole is read; the paper at which it ends is not counted, since it may be asked again."""
    whole = body(*(row.xml() for row in THREE), total="3")
    got = parse(whole[: whole.index(b"2603.00003") + 60], "arXiv")
    assert [e.id for e in got.entries] == ["arxiv:2603.00001", "arxiv:2603.00002"]
    assert (got.total, got.held, got.dropped) == (3, 2, ())
    assert parse(whole.removesuffix(b"</feed>"), "arXiv").held == 3


def test_rows_that_come_twice_are_counted_as_such() -> None:
    """Two of five are copies; nothing of the page is dropped."""
    first, second, third = (row.xml() for row in THREE)
    got = parse(body(first, second, first, third, first, total="5"), "arXiv")
    assert (got.held, got.repeated, got.dropped) == (5, 2, ())


def test_markup_inside_of_a_field_keeps_its_text() -> None:
    """A well-formed tag in a title, a comment of XML in an abstract: the words are all there."""
    content = changed("A paper", "H<sub>2</sub>O <!-- not this -->now")
    assert parse(content, "arXiv").entries[0].title == "H2O now"


@pytest.mark.parametrize(
    "busy",
    [b"<entry " * 60_000, b"<feed " * 60_000, b"<entry>" * 60_000, b" " * 400_000, b"&" * 60_000,
     b"<entry><title " + b"<title " * 60_000 + b"</entry>", b"<?xml " * 60_000, b"&#9;" * 60_000],
)  # fmt: skip
def test_a_page_made_to_keep_the_parser_busy_is_refused(busy: bytes) -> None:
    """No search goes over the rest of the page again and again: what is no page ends at once."""
    for before in (b"", HEAD.encode()):
        with suppress(ParseError):
            parse(before + busy, "arXiv")


def test_a_page_with_more_entries_than_any_page_has_is_none() -> None:
    """Of a damaged page 6,000 entries are not read one by one."""
    with pytest.raises(ParseError, match="no well-formed XML"):
        parse(body(*["<entry><b></entry>"] * 6000, total="1"), "arXiv")


def test_a_damaged_page_of_megabytes_is_read_in_one_pass() -> None:
    """2,000 entries and 20,000 odd characters: each entry once, whatever is wrong."""
    odd = "&nosuch; < & \x01" * 10
    xml = ROW.xml().replace("An abstract.", odd)
    got = parse(body(*[xml] * 1999, xml.replace("</title>", "</titel>"), total="2000"), "arXiv")
    assert (got.held, len(got.dropped)) == (2000, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no well-formed XML"),
        (b"Rate exceeded.", "Rate exceeded"),
        (b"<!DOCTYPE html><html><p>Sorry<br></html>", "an HTML page"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "<html> instead of a feed"),
        (b"<rss version='2.0'/>", "<rss> instead of a feed"),
        (body(ROW.xml())[:-40], "half a page"),
        (page([ROW] * 40).content[:300], "half a page"),
        (body(ROW.xml(), total=""), "does not declare"),
        (body(ROW.xml(), total="many"), "does not declare"),
        (body(ROW.xml(), total="-1"), "does not declare"),
        (body(ROW.xml(), total="²"), "does not declare"),
        (body(ROW.xml(), total="9" * 5000), "does not declare"),
    ],
)
def test_what_is_no_page_of_results(content: bytes, words: str) -> None:
    """Each is an error that says what came, never an empty page."""
    with pytest.raises(ParseError, match=words):
        parse(content, "arXiv")


def test_an_error_told_as_an_entry() -> None:
    """arXiv's words are told, and it is an error of its own kind: asking again will not help."""
    with pytest.raises(ErrorEntry, match="this question is odd"):
        parse(complaint().content, "arXiv")


def test_entities_are_not_expanded() -> None:
    """A bomb, in text or in an attribute, and a file of this machine: refused at once."""
    ten = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    for kinds in (f'<!ENTITY e0 "lol">{ten}', '<!ENTITY e8 SYSTEM "file:///etc/hostname">'):
        declared = f"?>\n<!DOCTYPE feed [{kinds}]>"
        for old, new in (("An abstract.", "&e8;"), ('term="cs.LG"', 'term="&e8;"')):
            text = body(ROW.xml().replace(old, new)).decode().replace("?>\n", declared, 1)
            with pytest.raises(ParseError):
                parse(text.encode(), "arXiv")


def test_a_document_type_is_refused_however_small() -> None:
    """arXiv sends none, so nothing in one is worth reading."""
    text = body(ROW.xml()).decode().replace("?>\n", '?>\n<!DOCTYPE feed [<!ENTITY x "y">]>', 1)
    with pytest.raises(ParseError, match="document type"):
        parse(text.encode(), "arXiv")


def test_a_full_page_of_2000_long_entries_is_read() -> None:
    """Seven megabytes are within the bounds of the parser."""
    rows = [Row(f"2603.{n:05}", MOMENT, MOMENT) for n in range(2000)]
    content = page(rows).content.replace(b"An abstract.", b"word " * 700)
    assert len(content) > 7_000_000
    assert len(parse(content, "arXiv").entries) == 2000


def test_huge_fields_are_cut() -> None:
    """An abstract, comment, title, author or category of megabytes does not reach the store."""
    huge = "word " * 200_000
    written = body(
        Row("2603.00001", MOMENT, MOMENT, 1, (huge,), huge, huge)
        .xml()
        .replace("An abstract.", huge)
        .replace("Ada Example", huge)
    )
    (entry,) = parse(written, "arXiv").entries
    assert 9_990 < len(entry.summary) <= 10_000
    assert len(entry.title) <= 300
    assert len(entry.comment) <= 2000
    assert all(len(name) <= 120 for name in entry.authors)
    assert all(len(category) <= 40 for category in entry.categories)


def test_a_page_can_be_pickled() -> None:
    """It may be read in another process."""
    got = parse(body(ROW.xml()), "arXiv")
    assert pickle.loads(pickle.dumps(got)) == got


@examples(150)
@given(st.data())
def test_a_damaged_page_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever a few bytes are replaced by, the only error is ParseError."""
    content = bytearray(changed("An abstract.", "é &amp; <b>x</b>"))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    try:
        got = parse(bytes(content), "arXiv")
    except ParseError:
        return
    assert got.held == len(got.entries) + len(got.dropped)


@pytest.mark.data
@pytest.mark.parametrize("folder", ["api-2026", "api-legacy"])
def test_recorded_answers_are_read(folder: str) -> None:
    """Real answers, new and old form: every entry is read, every error is told as one."""
    root = os.environ.get("SUNDAYPAPER_DATA")
    if not root:
        pytest.skip("SUNDAYPAPER_DATA does not name the folder of recorded answers")
    files = sorted((Path(root) / "arxiv-raw" / folder).glob("*.xml"))
    assert files
    read = 0
    for file in files:
        content = file.read_bytes()
        if b"/api/errors#" in content or b"totalResults" not in content:
            with pytest.raises(ParseError):
                parse(content, "arXiv")
            continue
        got = parse(content, "arXiv")
        assert got.dropped == (), file.name
        assert len(got.entries) == content.count(b"<entry>"), file.name
        assert all(e.title and e.authors and e.categories for e in got.entries), file.name
        read += len(got.entries)
    assert read > 20
