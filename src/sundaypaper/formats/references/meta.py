"""citation_* metadata of an entry's page, as Zotero and Google Scholar read it."""

from __future__ import annotations

from collections.abc import Iterator

from sundaypaper.formats.mathematics import plain
from sundaypaper.formats.references.record import Reference, person, reference
from sundaypaper.models import Pick

ITEM_TYPES = {"paper": "preprint", "post": "blogPost"}


def citation_meta(pick: Pick, abstract: str) -> tuple[tuple[str, str], ...]:
    """Names and contents of the meta elements of a page; none for an entry that was taken out.

    A venue or journal is named only where the journal reference does: what a comment claims is the
    authors' word, and no publication yet. Of other than papers no abstract is said.
    """
    if not pick.source:
        return ()
    return tuple(_meta(pick, reference(pick), abstract if pick.kind == "paper" else ""))


def _meta(pick: Pick, of: Reference, abstract: str) -> Iterator[tuple[str, str]]:
    journal = pick.journal_ref.strip()
    if not journal:
        # By the name that Zotero itself writes; without it, it takes all for journal articles.
        yield "z:itemType", ITEM_TYPES.get(of.kind, "webpage")
    yield "citation_title", plain(of.title)
    for name in of.authors:
        yield "citation_author", _author(name, alone=len(of.authors) == 1)
    if of.published:
        yield "citation_publication_date", of.published.replace("-", "/")
    if journal:
        yield f"citation_{_published_as(pick)}_title", journal
    if of.doi:
        yield "citation_doi", of.doi
    if of.arxiv:
        yield "citation_arxiv_id", of.arxiv
        yield "citation_pdf_url", f"https://arxiv.org/pdf/{of.arxiv}"
    if of.url:
        yield "citation_abstract_html_url", of.url
        yield "citation_public_url", of.url
    if abstract:
        yield "citation_abstract", plain(abstract)


def _published_as(pick: Pick) -> str:
    stated = [claim.track for claim in pick.claims if claim.field == "journal_ref"]
    return "conference" if stated and "journal" not in stated else "journal"


def _author(name: str, alone: bool) -> str:
    """`van Beethoven, Ludwig`; as signed where that could be taken for two people.

    Of a single author Zotero splits at a comma that has several words on both sides.
    """
    family, given, suffix = person(name)
    if not given or suffix or (alone and " " in family and " " in given):
        return name
    return f"{family}, {given}"
