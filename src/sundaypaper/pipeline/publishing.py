"""Render the groups of pages that changed, and swap the new build in at once.

A group is rendered again where its fingerprint, over what it is made from, differs. No group reads
the whole history: a topic looks back over some weeks, an entry at the issues that printed it, a
venue at its own lines, a quarter at its own weeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import zip_longest
from pathlib import Path

from sundaypaper import build
from sundaypaper import issue as issues
from sundaypaper.build import Built, Group
from sundaypaper.config import Config
from sundaypaper.formats import site
from sundaypaper.formats.calendar import calendar_page
from sundaypaper.formats.references import Names, names_page
from sundaypaper.formats.vocabulary import vocabulary_page
from sundaypaper.models import IssueHead, Page, Pick, SourceReport
from sundaypaper.pipeline import recalling
from sundaypaper.pipeline.api_groups import api_groups
from sundaypaper.pipeline.archive_groups import archive_groups
from sundaypaper.pipeline.author_pages import author_groups
from sundaypaper.pipeline.collecting import Collected
from sundaypaper.pipeline.editing import ranked
from sundaypaper.pipeline.extensions import Extensions
from sundaypaper.pipeline.extra_files import extra_groups
from sundaypaper.pipeline.known_names import kept_names
from sundaypaper.pipeline.list_pages import entries_of, topics_group, venue_groups
from sundaypaper.pipeline.outgoing_feeds import issue_feeds, lists_group, venue_feeds
from sundaypaper.pipeline.publishing_context import PublishingContext, kept, set_up
from sundaypaper.pipeline.quarters import quarter_groups
from sundaypaper.pipeline.reading import EntryReader, read_dates
from sundaypaper.pipeline.trends import trends_group
from sundaypaper.store import Store
from sundaypaper.wording.dates import week_words

SOURCE_WEEKS = 8
ANSWERED = ("fresh", "unchanged")


def check_templates(templates: Path | None) -> None:
    """Raise BuildError where a template has a mistake; called before a run collects anything."""
    site.check(site.environment(templates))


def publish(
    config: Config,
    store: Store,
    output: Path,
    templates: Path | None,
    extensions: Extensions | None = None,
) -> Built:
    """Render what changed and swap the build in; nothing is written where nothing changed.

    extensions bring the output formats of feeds.yaml, and tell afterwards what broke in them.
    """
    recalling.catch_up(store)
    context = set_up(config, store, templates)
    entries = tuple(entries_of(context))
    dates = _dates(context)
    groups = (
        *_issues(context),
        *(Group(f"e/{at.week}", at.fingerprint, at.pages) for at in entries),
        topics_group(context),
        trends_group(context),
        *venue_groups(context, dates),
        *author_groups(context),
        *quarter_groups(context),
        *venue_feeds(context),
        lists_group(context),
        *_calendar(context, dates),
        _vocabulary(context),
        _front(context),
        *api_groups(context, entries),
        *extra_groups(context, output, extensions or Extensions(config)),
    )
    segments, manifest = archive_groups(context, output)
    derived = (*issue_feeds(context), manifest)
    return build.publish(output, (*groups, *segments), derived)


# ---------------------------------------------------------------- of one week


def _issues(context: PublishingContext) -> Iterator[Group]:
    """Two groups a week: the pages that name the weeks beside it, and all that lies behind them.

    So a new week makes only the former of the week before anew.
    """
    after: IssueHead | None = None
    for head, before in zip_longest(context.heads, context.heads[1:]):
        week = head.week
        ids = context.printed.get(week, frozenset()) | {week}
        beside = [near.week if near else "" for near in (before, after)]
        behind = context.fingerprint(*_if_pruned(context, week), weeks=[week], ids=ids)
        naming = context.fingerprint(*beside, weeks=[week], ids=ids)
        yield Group(f"issues/{week}", naming, partial(_naming, context, week, before, after))
        yield Group(f"issues/{week}/behind", behind, partial(_behind, context, week))
        after = head


def _naming(
    context: PublishingContext, week: str, before: IssueHead | None, after: IssueHead | None
) -> tuple[Page, ...]:
    issue, editions = kept(context, week)
    frame, env = context.frame, context.env
    return (
        site.issue_page(f"issues/{week}/index.html", issue, frame, env, before, after),
        site.all_page(issue, frame, env, before, after),
        *site.edition_pages(editions, frame, env, before, after),
    )


def _if_pruned(context: PublishingContext, week: str) -> tuple[str, ...]:
    return ("pruned",) if week <= context.pruned else ()


def _behind(context: PublishingContext, week: str) -> tuple[Page, ...]:
    issue, _ = kept(context, week)
    pruned = bool(_if_pruned(context, week))
    return site.issue_pages(issue, context.frame, context.env, pruned=pruned)


# ---------------------------------------------------------------- the front


def _front(context: PublishingContext) -> Group:
    sources = repr(
        (context.config.sources, context.config.subscribe.join, tuple(context.venue_years))
    )
    fingerprint = context.fingerprint(sources, weeks=context.weeks, ids=context.amendments)
    return Group("front", fingerprint, lambda: _front_pages(context))


def _front_pages(context: PublishingContext) -> tuple[Page, ...]:
    newest, editions = kept(context, context.heads[0].week) if context.heads else (None, ())
    before = context.heads[1] if len(context.heads) > 1 else None
    return (
        *site.front_pages(
            newest,
            context.heads,
            _sources(context),
            _amended(context),
            tuple(context.venue_years),
            context.config.editions,
            context.frame,
            context.env,
        ),
        *site.edition_pages(editions, context.frame, context.env, before, newest=True),
        names_page(Names(context.config.venue_titles, context.frame.topics)),
    )


def _dates(context: PublishingContext) -> tuple[Pick, ...]:
    """All dates that are known from the newest issue on, soonest first."""
    if not context.heads:
        return ()
    head = context.heads[0]
    reader = EntryReader(context.config, context.store)
    dates = read_dates(reader, context.store, head.week, head.composed)
    events = ranked(context.config, dates, head.week, Collected(()))
    return tuple(sorted(events, key=lambda event: (str(event.starts), event.id)))


def _calendar(context: PublishingContext, events: tuple[Pick, ...]) -> tuple[Group, ...]:
    if not context.heads:
        return ()
    head = context.heads[0]
    fingerprint = context.fingerprint(repr((head.composed, events)))
    masthead = context.config.masthead
    page = partial(calendar_page, events, masthead, head.composed, context.config.venue_titles)
    return (Group("calendar", fingerprint, lambda: (page(),)),)


def _vocabulary(context: PublishingContext) -> Group:
    """The names that queries in the browser may ask for."""
    page = vocabulary_page(kept_names(context.config, context.store))
    return Group("vocabulary", build.fingerprint(page.body.decode()), lambda: (page,))


def _sources(context: PublishingContext) -> tuple[site.SourceLine, ...]:
    """Every source of the newest issue's ledger, with what it brought in the last weeks."""
    weeks = context.weeks[:SOURCE_WEEKS]
    if not weeks:
        return ()
    reports = {week: context.store.reports(week) for week in weeks}
    specs = {spec.name: spec for spec in context.config.sources}
    lines = []
    for name, report in reports[weeks[0]].items():
        spec = specs.get(name)
        feed = spec if spec and spec.is_feed else None
        lines.append(
            site.SourceLine(
                name,
                feed.group if feed else "",
                feed.address if feed else "",
                report,
                _answered(name, reports),
                tuple(at[name].new if name in at else 0 for at in reversed(reports.values())),
            )
        )
    return tuple(lines)


def _answered(name: str, reports: Mapping[str, Mapping[str, SourceReport]]) -> str:
    """The newest of the weeks in which a source answered; empty where in none."""
    return next(
        (week for week, at in reports.items() if name in at and at[name].state in ANSWERED), ""
    )


def _amended(context: PublishingContext) -> tuple[site.Amended, ...]:
    """All amendments that readers are told, newest first, with the title of what they are about."""
    ids = [id for id in context.amendments if id not in context.digests]
    printed, known = context.entries_with_pages, context.store.known(ids)
    lines = [line for week in context.weeks for line in _reworded(context, week)]
    for id in ids:
        removed = id in context.removed
        title = "Removed" if removed or id not in known else known[id].entry.title
        path = site.entry_path(id) if id in printed and title != "Removed" else ""
        every = issues.told(context.amendments[id])
        shown = (a for a in every if not removed or (a.kind == "removed" and a.holds))
        lines += [site.Amended(title, amendment, path) for amendment in shown]
    return tuple(sorted(lines, key=lambda line: line.amendment.changed, reverse=True))


def _reworded(context: PublishingContext, week: str) -> Iterator[site.Amended]:
    """The corrections of the editor's words in the issue of a week, as they may be shown now."""
    if week not in context.amendments:
        return
    issue, _ = kept(context, week)
    title = f"{issue.title}, {week_words(week)}"
    for one in issue.amendments:
        if one.id == week:
            yield site.Amended(title, one, f"issues/{week}/index.html")
