"""issue.json: the public form of an issue, and the JSON Schema that describes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sundaypaper.codec import schema, to_json
from sundaypaper.formats.hrefs import web
from sundaypaper.models import (
    Acceptance,
    Amendment,
    Claim,
    Contribution,
    Earlier,
    Editorial,
    Evidence,
    FollowUp,
    Funnel,
    Issue,
    Kind,
    Masthead,
    Mention,
    MinuteLine,
    Pick,
    Ring,
    Section,
    SourceReport,
    Standing,
    Tag,
    TopicName,
    Votes,
)


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """An entry of the week. url is empty if it is not web.

    score is the sum of the contributions. These, why an entry has a topic, and the gist are told of
    what is printed; of all others they take half of the file and are empty.

    standing is new (of this week), late (of a week that was printed before it was found), update
    (an older paper that changed in this week) or backlog (a landmark or a date that is printed).
    """

    id: str
    url: str
    title: str
    kind: Kind
    source: str
    authors: tuple[str, ...]
    published: datetime | None
    categories: tuple[str, ...]
    ring: Ring
    standing: Standing
    topics: tuple[Tag, ...]
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    gist: str
    own_words: bool
    score: float
    contributions: tuple[Contribution, ...]
    reasons: tuple[str, ...]
    discussed: tuple[Mention, ...]
    copies: tuple[Mention, ...]
    votes: tuple[Votes, ...]
    starts: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class DocumentAcceptance:
    """A paper that gained an accepted claim, or took it back (change: lost or withdrawn).

    printed is the week of its earlier entry, or empty.
    """

    id: str
    title: str
    url: str
    claim: Claim
    old: str
    new: str
    printed: str
    change: Literal["gained", "lost", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Document:
    """issue.json. Sections refer to entries by id; url is empty where no base_url is configured.

    editorial is what a person decided and wrote for this issue, null where nobody did. amendments
    are the notes and removals made after its entries were printed, here or in an earlier issue.

    left_out is how many entries of an old week are not listed, since the paper was pruned: what is
    printed always is, and the search finds them all.
    """

    format: Literal[1]
    week: str
    title: str
    url: str
    state: Literal["frozen", "draft"]
    why_draft: str
    headline: str
    composed: datetime
    reprint: str
    minute: tuple[MinuteLine, ...]
    topics: tuple[TopicName, ...]
    sections: tuple[Section, ...]
    entries: tuple[DocumentEntry, ...]
    left_out: int
    newly_accepted: tuple[DocumentAcceptance, ...]
    taken_back: tuple[DocumentAcceptance, ...]
    follow_ups: tuple[FollowUp, ...]
    earlier: tuple[Earlier, ...]
    editorial: Editorial | None
    amendments: tuple[Amendment, ...]
    funnel: Funnel
    ledger: tuple[SourceReport, ...]
    words: int
    minutes: int
    fingerprint: str


def document(issue: Issue, masthead: Masthead, *, pruned: bool = False) -> Document:
    """The public form of an issue; pruned leaves out what is not printed."""
    picks = {pick.id: pick for pick in issue.entries}
    printed = {item.id for section in issue.sections for item in section.items}
    listed = [pick for pick in issue.entries if pick.id in printed or not pruned]
    base = masthead.base_url
    return Document(
        format=1,
        week=issue.week,
        title=issue.title,
        url=f"{base}issues/{issue.week}/index.html" if base else "",
        state=issue.state,
        why_draft=issue.why_draft,
        headline=issue.headline,
        composed=issue.composed,
        reprint=issue.reprint,
        minute=issue.minute,
        topics=issue.topics,
        sections=issue.sections,
        entries=tuple(
            document_entry(pick if pick.id in printed else _brief(pick)) for pick in listed
        ),
        left_out=len(issue.entries) - len(listed),
        newly_accepted=tuple(
            _acceptance(acceptance, picks.get(acceptance.id)) for acceptance in issue.newly_accepted
        ),
        taken_back=tuple(
            _acceptance(acceptance, picks.get(acceptance.id)) for acceptance in issue.taken_back
        ),
        follow_ups=issue.follow_ups,
        earlier=issue.earlier,
        editorial=issue.editorial,
        amendments=issue.amendments,
        funnel=issue.funnel,
        ledger=issue.ledger,
        words=issue.words,
        minutes=issue.minutes,
        fingerprint=issue.fingerprint,
    )


def document_json(issue: Issue, masthead: Masthead, *, pruned: bool = False) -> bytes:
    """issue.json as compact UTF-8; the same issue gives the same bytes."""
    return to_json(document(issue, masthead, pruned=pruned)) + b"\n"


def schema_text() -> str:
    """The JSON Schema of issue.json, as it is committed in data/issue.schema.json."""
    return schema(Document, "An issue of the Sunday Paper")


def document_entry(pick: Pick) -> DocumentEntry:
    """The public form of an entry."""
    return DocumentEntry(
        id=pick.id,
        url=web(pick.url),
        title=pick.title,
        kind=pick.kind,
        source=pick.source,
        authors=pick.authors,
        published=pick.published,
        categories=pick.categories,
        ring=pick.ring,
        standing=pick.standing,
        topics=pick.tags,
        claims=pick.claims,
        evidence=pick.evidence,
        gist=pick.gist,
        own_words=pick.own_words,
        score=pick.score,
        contributions=pick.contributions,
        reasons=pick.reasons,
        discussed=_mentions(pick.discussed),
        copies=_mentions(pick.copies),
        votes=pick.votes,
        starts=pick.starts,
        ends=pick.ends,
    )


def _brief(pick: Pick) -> Pick:
    """A pick without its gist and the reasons of its numbers."""
    return replace(
        pick, gist="", contributions=(), tags=tuple(replace(tag, reason="") for tag in pick.tags)
    )


def _acceptance(acceptance: Acceptance, pick: Pick | None) -> DocumentAcceptance:
    return DocumentAcceptance(
        id=acceptance.id,
        title=pick.title if pick else "",
        url=web(pick.url) if pick else "",
        claim=acceptance.claim,
        old=acceptance.old,
        new=acceptance.new,
        printed=acceptance.printed,
        change=acceptance.change,
    )


def _mentions(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    return tuple(Mention(m.id, m.source, m.title, web(m.url)) for m in mentions)
