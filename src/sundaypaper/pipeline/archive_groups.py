"""Groups of the archive's index: a segment a week, weeks joined when their span is over, and the head.

A segment that is closed is linked from the build before; a new week makes its own, and at the end
of a span one is joined from those that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sundaypaper import build
from sundaypaper import issue as issues
from sundaypaper.build import Derived, Group
from sundaypaper.formats import archive, site
from sundaypaper.models import Issue, Page
from sundaypaper.pipeline.publishing_context import PublishingContext

# The last week of each part of a year, which has 52 or 53.
QUARTERS = (13, 26, 39, 53)
MONTHS = (4, 8, 13, 17, 21, 26, 30, 34, 39, 43, 47, 53)


@dataclass(frozen=True, slots=True)
class Span:
    """Some weeks in order that are one segment, by its name."""

    name: str
    weeks: tuple[str, ...]


def archive_groups(context: PublishingContext, output: Path) -> tuple[tuple[Group, ...], Derived]:
    """The segments, oldest first, and the manifest, which names them."""
    segments = _Segments(context, output)
    spans = spans_of([head.week for head in reversed(context.heads)], _newest_frozen(context))
    groups = tuple(
        Group(f"archive/{span.name}", segments.fingerprint(span), partial(segments.make, span))
        for span in spans
    )
    names = [span.name for span in spans]
    head = build.fingerprint(*(part for group in groups for part in (group.name, group.fingerprint)))  # fmt: skip
    return groups, Derived("archive", head, lambda folder: (_manifest(folder, names),))


def spans_of(weeks: Sequence[str], frozen: str) -> tuple[Span, ...]:
    """The weeks of all issues, oldest first, as segments; frozen is the newest that is printed.

    A quarter or month whose last week is printed is one segment, any other week is one by itself.
    """
    spans: list[Span] = []
    left = list(weeks)
    while left:
        span = next(s for s in _spans_at(left[0]) if s is None or s[1] <= frozen)
        last = span[1] if span else left[0]
        held = tuple(week for week in left if week <= last)
        spans.append(Span(f"{span[0]}-{span[1][6:]}" if span else held[0], held))
        left = left[len(held) :]
    return tuple(spans)


def parts_of(span: Span) -> tuple[Span, ...]:
    """What a segment of several weeks was before its last one: months that were over, and weeks."""
    before = span.weeks[-2] if len(span.weeks) > 1 else ""
    return spans_of(span.weeks, before)


def _spans_at(week: str) -> Iterator[tuple[str, str] | None]:
    """The spans that a week may belong to, the longest first, each from its first week to its last."""
    year, number = week[:4], int(week[6:])
    for ends in (QUARTERS, MONTHS):
        last = next(end for end in ends if end >= number)
        begins = max((end + 1 for end in ends if end < number), default=1)
        yield f"{year}-W{begins:02}", f"{year}-W{last:02}"
    yield None


def _newest_frozen(context: PublishingContext) -> str:
    return context.frozen[0].week if context.frozen else ""


def _manifest(folder: Path, names: Sequence[str]) -> Page:
    return archive.manifest([_of_folder(folder, name) for name in names])


def _of_folder(folder: Path, name: str) -> archive.Segment:
    return archive.Segment(name, lambda file: (folder / "archive" / name / file).read_bytes())


class _Segments:
    """Makes segments: a week's of its issue, a longer one of its parts as the build before has them."""

    def __init__(self, context: PublishingContext, output: Path) -> None:
        self.context, self.output = context, output
        self.paged = _paged(context)
        self.removed = repr([context.amendments[id] for id in context.removed])

    def fingerprint(self, span: Span) -> str:
        """Over what a segment is made from, which the look of pages is no part of."""
        weeks = (f"{week} {self.context.digests[week]} {self.paged[week]}" for week in span.weeks)
        return build.fingerprint("archive", archive.FORM, self.removed, *weeks)

    def make(self, span: Span) -> tuple[Page, ...]:
        """The pages of a segment."""
        if span.name in span.weeks:
            return archive.of_week(_issue(self.context, span.name), self._page_before(span.name))
        return archive.joined(span.name, [self._part(part) for part in parts_of(span)])

    def _part(self, span: Span) -> archive.Segment:
        folder = build.kept(self.output, f"archive/{span.name}", self.fingerprint(span))
        if folder:
            return _of_folder(folder, span.name)
        return archive.of_pages(span.name, self.make(span))

    def _page_before(self, week: str) -> Callable[[str], str]:
        """The path of an entry's page where an issue up to that week printed it."""
        context = self.context
        printed = frozenset().union(*(ids for at, ids in context.printed.items() if at <= week))
        return lambda id: site.entry_path(id) if id in printed else ""


def _paged(context: PublishingContext) -> dict[str, str]:
    """For each week a hash over all that was printed up to it."""
    hashes, last = {}, ""
    for week in reversed(context.weeks):
        last = build.fingerprint(last, *sorted(context.printed.get(week, ())))
        hashes[week] = last
    return hashes


def _issue(context: PublishingContext, week: str) -> Issue:
    """An issue as it may be shown now, without its editions."""
    if week in context.whole:
        return context.whole[week][0]
    issue = context.store.issue(week)
    assert issue is not None  # the only writer listed its digest a moment ago
    return issues.amended(issue, context.amendments)
