"""Look at an issue before it is printed, or as it is: its mail, and its page to open from the disk."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sundaypaper.config import Config
from sundaypaper.formats import site
from sundaypaper.issue.section_table import MADE
from sundaypaper.models import Editorial, Issue, Page
from sundaypaper.pipeline.mailed_issue import MailedIssue, paper_to_send
from sundaypaper.pipeline.mails import UNDECIDED
from sundaypaper.pipeline.printing import rehearsed
from sundaypaper.pipeline.publishing_context import kept, set_up
from sundaypaper.store import Store
from sundaypaper.text import words
from sundaypaper.wording.counts import plural

__all__ = ["Previewed", "outline", "preview_page", "previewed", "rehearsed"]

LEADS = 5
LINK = re.compile(r'(?<=[ ])(href|src)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Previewed:
    """An issue to look at: the store that holds it, its paper for mails, and what is to be said.

    refused says why it cannot be printed now, "" where it can or is printed.
    """

    store: Store
    paper: MailedIssue
    refused: str = ""

    @property
    def issue(self) -> Issue:
        """The issue, as it is stored."""
        return self.paper.frozen


@contextmanager
def previewed(
    config: Config,
    store: Store,
    week: str | None,
    now: datetime,
    templates: Path | None,
    hold: str = "",
    tell: Callable[[str], None] = lambda line: None,
) -> Iterator[Previewed]:
    """An issue as it is printed, or as it would be now with its desk file; the newest where no week
    is named. Nothing is kept.

    BuildError where nothing is kept of the week, DeliveryError where there is no week at all.
    """
    heads = store.heads()
    chosen = week or next((head.week for head in heads), "")
    spec = config.delivery or UNDECIDED
    if not chosen or any(head.week == chosen and head.state == "frozen" for head in heads):
        with store.in_memory() as copy:  # names are settled where pages are made
            yield Previewed(copy, paper_to_send(config, copy, chosen or None, templates, spec))
        return
    with rehearsed(config, store, chosen, now, hold=hold, tell=tell) as made:
        paper = paper_to_send(config, made.store, chosen, templates, spec, drafts=True)
        yield Previewed(made.store, paper, made.refused)


def preview_page(
    config: Config, seen: Previewed, templates: Path | None, build: str
) -> tuple[Page, ...]:
    """The page of an issue and what it is shown with, for a folder of their own.

    build leads from that folder to the published pages, to which its links lead.
    """
    context = set_up(config, seen.store, templates)
    issue, _ = kept(context, seen.issue.week)
    page = site.issue_page(f"issues/{issue.week}/index.html", issue, context.frame, context.env)
    shared = {one.path: one for one in site.shared_pages(context.env)}
    used = dict[str, Page]()

    def lead(found: re.Match[str]) -> str:
        kind, url = found[1], found[2]
        if urlsplit(url).scheme or url.startswith(("#", "//")) or not url:
            return found[0]
        path = posixpath.normpath(posixpath.join(f"issues/{issue.week}", url))
        if path in shared:
            used[path] = shared[path]
            return f'{kind}="{path}"'
        return f'{kind}="{build}/{path}"'

    body = LINK.sub(lead, page.body.decode()).encode()
    return (Page("index.html", body), *used.values())


def outline(issue: Issue, refused: bool) -> Iterator[str]:
    """What an issue holds: headline, lead, counts by section, the editor's part, what is missing."""
    if refused:
        yield f"headline: {issue.headline}"
    titles = {pick.id: pick.title for pick in issue.entries}
    for section in issue.sections:
        if section.id == "lead":
            yield from (f"lead: {titles[item.id]}" for item in section.items[:LEADS])
    counted = (f"{s.title} {len(s.items)}" for s in issue.sections if s.items)
    yield f"{plural(issue.funnel.printed, 'entry', 'entries')}: {', '.join(counted)}"
    yield f"{issue.words:,} words, {plural(issue.minutes, 'minute')}"
    yield from _editors_part(issue, issue.editorial)
    missing = next((section.note for section in issue.sections if section.id == MADE), "")
    yield f"missing: {missing}" if missing else "nothing is missing"


def _editors_part(issue: Issue, said: Editorial | None) -> Iterator[str]:
    if said is None:
        yield f"desk/{issue.week}.yaml changes nothing"
        return
    parts = [
        "your headline" if said.headline else "",
        f"an intro of {plural(words(said.intro), 'word')}" if said.intro else "",
        f"signed {said.signed}" if said.signed else "",
        f"{plural(len(said.lead), 'entry', 'entries')} first" if said.lead else "",
        f"{len(said.drop)} dropped" if said.drop else "",
        plural(len(said.notes), "note") if said.notes else "",
    ]
    yield f"desk/{issue.week}.yaml: {', '.join(filter(None, parts))}"
    printed = {item.id for section in issue.sections for item in section.items}
    for id in said.notes:
        if id not in printed:
            yield f"! your note on {id} is not shown: the issue does not print that entry"
