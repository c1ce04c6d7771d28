"""citation_* metadata of entry pages, read as Zotero's translator "Embedded Metadata" does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from checking import vnu
from published import pages
from sample_issue import claim, paper, post, sample_issue
from sundaypaper.formats.references import citation_meta
from sundaypaper.models import Item, Pick, Section

PAPER = replace(
    paper(1),
    id="arxiv:2603.00001",
    title='A "quoted" <b> bound of $O(n)$ & more',
    authors=("Ludwig van Beethoven", "Ana Öz", "Kimi Team"),
    published=datetime(2026, 3, 5, 9, tzinfo=UTC),
    claims=(claim(1),),
    comment="Accepted to CVPR 2026 (oral)",
    journal_ref="",
)


class Head(HTMLParser):
    """The meta elements of a page that have a name, in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.named: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        if tag == "meta" and of.get("name"):
            self.named.append((of["name"] or "", of.get("content") or ""))


def page_of(pick: Pick, abstract: str = "What we did.") -> str:
    """The page of an entry that an issue prints."""
    section = Section("lead", "Read first", (Item(pick.id, "A reason."),))
    issue = replace(sample_issue(110), entries=(pick,), sections=(section,), abstracts={pick.id: abstract}, newly_accepted=())  # fmt: skip
    built = pages(issue)
    return next(text for path, text in built.items() if path.startswith("e/") and path.endswith("html"))  # fmt: skip


def test_a_page_says_what_zotero_reads() -> None:
    """Title, each author once and by family name, day, DOI, PDF, abstract; all text as it is."""
    named = Head(page_of(PAPER, 'We show < $n^2$ & "that"')).named
    said = [(name, content) for name, content in named if name.startswith(("citation_", "z:"))]
    assert said == [
        ("z:itemType", "preprint"),
        ("citation_title", 'A "quoted" <b> bound of O(n) & more'),
        ("citation_author", "van Beethoven, Ludwig"),
        ("citation_author", "Öz, Ana"),
        ("citation_author", "Kimi Team"),
        ("citation_publication_date", "2026/03/05"),
        ("citation_doi", "10.48550/arXiv.2603.00001"),
        ("citation_arxiv_id", "2603.00001"),
        ("citation_pdf_url", "https://arxiv.org/pdf/2603.00001"),
        ("citation_abstract_html_url", PAPER.url),
        ("citation_public_url", PAPER.url),
        ("citation_abstract", 'We show < n² & "that"'),
    ]


def test_no_preprint_is_said_to_be_published() -> None:
    """A claim of the comment names no venue; only a journal reference does, in its own words."""
    claimed = dict(citation_meta(PAPER, ""))
    assert "CVPR" not in " ".join(claimed.values())
    assert not {"citation_journal_title", "citation_conference_title"} & claimed.keys()
    stated = dict(citation_meta(replace(PAPER, journal_ref="JMLR 27 (2026) 1-30"), ""))
    assert stated["citation_journal_title"] == "JMLR 27 (2026) 1-30"
    assert "z:itemType" not in stated
    venue = replace(claim(1), field="journal_ref", span="CVPR 2026")
    at = dict(citation_meta(replace(PAPER, journal_ref="CVPR 2026, 11-20", claims=(venue,)), ""))
    assert at["citation_conference_title"] == "CVPR 2026, 11-20"


def test_a_post_is_no_paper() -> None:
    """No identifier, no PDF, none of its author's text beyond the title."""
    said = dict(citation_meta(post(1, "A post", "Notes"), "Its whole text"))
    assert said["z:itemType"] == "blogPost"
    assert said["citation_title"] == "A post"
    assert not {"citation_doi", "citation_pdf_url", "citation_abstract"} & said.keys()


def test_what_was_taken_out_is_cited_by_nobody() -> None:
    """The neutral line has no source, no author and no address."""
    assert citation_meta(replace(PAPER, source="", title="Removed", authors=(), url=""), "") == ()


@pytest.mark.parametrize(
    ("authors", "said"),
    [
        (("Juan Carlos de la Cruz",), ["Juan Carlos de la Cruz"]),
        (("Ludwig van Beethoven",), ["van Beethoven, Ludwig"]),
        (("Juan Carlos de la Cruz", "Ana Öz"), ["de la Cruz, Juan Carlos", "Öz, Ana"]),
        (("John Smith Jr.", "Madonna"), ["John Smith Jr.", "Madonna"]),
    ],
)
def test_no_author_is_taken_for_two(authors: tuple[str, ...], said: list[str]) -> None:
    """One author alone is split at a comma that has several words on both sides; so there is none."""
    meta = citation_meta(replace(PAPER, authors=authors), "")
    assert [content for name, content in meta if name == "citation_author"] == said


def test_the_page_is_still_valid(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nu finds no fault with the metadata."""
    file = tmp_path_factory.mktemp("meta") / "entry.html"
    file.write_text(re.sub("(?s)<meta http-equiv.*?>", "", page_of(PAPER), count=1))
    assert [one["message"] for one in vnu(file)] == []
