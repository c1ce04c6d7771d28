"""Pages of what changed, and one swap."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

from sundaypaper import build
from sundaypaper.build import Built, Group
from sundaypaper.config import Config
from sundaypaper.formats import look, site
from sundaypaper.models import (
    Issue,
    IssueHead,
    Page,
)
from sundaypaper.store import Store

# Issues that the Atom feed tells in full; of older ones it tells the headline.
IN_FEED = 5


def check_templates(templates: Path | None) -> None:
    """BuildError where a template has a mistake: better now than after all was collected."""
    site.check(site.environment(templates))


def publish(config: Config, store: Store, output: Path, templates: Path | None) -> Built:
    """Render what changed and swap the build in; nothing is written where nothing changed."""
    env = site.environment(templates)
    drawn = build.fingerprint(look.fingerprint(templates), repr(config.masthead))
    digests, heads = store.digests(), store.heads()

    def pages_of(week: str, before: IssueHead | None) -> Callable[[], tuple[Page, ...]]:
        return lambda: site.issue_pages(_kept(store, week), config.masthead, env, before)

    def front() -> tuple[Page, ...]:
        whole = tuple(_kept(store, head.week) for head in heads[:IN_FEED])
        newest = whole[0] if whole else None
        return site.front_pages(newest, heads, config.masthead, env, whole[1:])

    groups = []
    for head, before in zip_longest(heads, heads[1:]):
        told = build.fingerprint(drawn, digests[head.week], before.week if before else "")
        groups.append(Group(f"issues/{head.week}", told, pages_of(head.week, before)))
    told = build.fingerprint(drawn, *(f"{week} {digest}" for week, digest in digests.items()))
    return build.publish(output, [*groups, Group("front", told, front)])


def _kept(store: Store, week: str) -> Issue:
    issue = store.issue(week)
    assert issue is not None  # the only writer listed its digest a moment ago
    return issue
