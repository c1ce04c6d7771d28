"""The readers' pages of the web app, rendered from the same templates as the paper.

What they say of the paper, such as its newest issue, is looked up once a build.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sundaypaper import weeks, zones
from sundaypaper.config import Config, Edition
from sundaypaper.formats import site
from sundaypaper.pipeline.publishing_context import frame_of, venue_years
from sundaypaper.pipeline.wishes import Wishes
from sundaypaper.store import Store
from sundaypaper.wording.dates import DAYS, day_words

MONTH_OF_WEEKS = 5


@dataclass(frozen=True, slots=True)
class OfferedNames:
    """What a form offers, with the names to print: topics and venues by id, and editions."""

    topics: Mapping[str, str]
    venues: Mapping[str, str]
    editions: tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class ReaderPages:
    """Renders the readers' pages under a configuration.

    newest is the week of the newest printed issue, "" where none is; venues are the keys of those
    that have a feed, and has_issue says whether the pages show any week.
    """

    config: Config
    wishes: Wishes
    frame: site.PageFrame
    env: site.Environment
    venues: tuple[str, ...]
    newest: str
    has_issue: bool

    @property
    def takes_sign_ups(self) -> bool:
        """Whether readers subscribe here; a mailing list keeps its own members."""
        return self.config.delivery is None or not self.config.delivery.is_list

    @property
    def offered(self) -> OfferedNames:
        """What a form offers: every topic and edition, and the venues that count."""
        titles = {key: self.frame.venues[key] for key in self.wishes.offered.venues}
        return OfferedNames(self.frame.topics, titles, self.config.editions)

    def next_issue(self, now: datetime) -> str:
        """The day on which the next issue is printed: `Sunday 14 March`."""
        zone = zones.clock(self.config.masthead.timezone)
        at = self.config.print_at
        this = weeks.iso_week(now.astimezone(zone).date())
        moments = (
            weeks.moment(weeks.after(this, n), at.weekday, at.at, zone)
            for n in range(MONTH_OF_WEEKS)
        )
        first = next(m for m in moments if m > now and not self._is_printed(m.astimezone(zone).date()))  # fmt: skip
        local = first.astimezone(zone)
        return f"{DAYS[local.weekday()]} {day_words(local, year=False)}"

    def _is_printed(self, day: date) -> bool:
        return bool(self.newest) and weeks.iso_week(day) <= self.newest

    def page(self, template: str, place: str, **values: object) -> bytes:
        """A page as it is served at a path, which begins with a slash; BuildError for a template.

        The path decides how links lead to the root and is not shown: it may hold a token.
        """
        shown = "subscribe/index.html" if template == "subscribe.html" else "reader.html"
        root = "../" * (place.count("/") - 1)
        return site.render_from(root, template, shown, self.env, self.frame, **values).body


def reader_pages(config: Config, store: Store, templates: Path | None) -> ReaderPages:
    """The readers' pages as the store and the configuration are now."""
    frame = frame_of(config)
    heads = store.heads()
    return ReaderPages(
        config=config,
        wishes=Wishes(config),
        frame=frame,
        env=site.environment(templates, config.venue_titles, config.tongue),
        venues=tuple(venue_years(config, store, frame)),
        newest=max((head.week for head in heads if head.state == "frozen"), default=""),
        has_issue=bool(heads),
    )
