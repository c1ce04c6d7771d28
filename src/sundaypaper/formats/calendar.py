"""calendar.ics: the dates of deadlines, decisions and meetings, to subscribe to (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from sundaypaper.formats.hrefs import web
from sundaypaper.formats.lasting_names import host
from sundaypaper.formats.venue_names import VENUES
from sundaypaper.models import Masthead, Page, Pick
from sundaypaper.wording.dates import when_words

PATH = "calendar.ics"
DAY = timedelta(days=1)
WHAT = {
    "deadline": "Deadline",
    "decision": "Decision",
    "conference": "Conference",
    "meeting": "Meeting",
}


def calendar_page(
    events: Iterable[Pick],
    masthead: Masthead,
    composed: datetime,
    venues: Mapping[str, str] = VENUES,
) -> Page:
    """All dates as calendar.ics, soonest first; composed is when the issue was that tells of them.

    The same events give the same bytes. Those without a date are left out, and each id stands once.
    venues are the names to print by key.
    """
    calendar = Calendar()
    calendar.add("PRODID", f"-//Sunday Paper//{masthead.version or '0'}//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("NAME", masthead.title)
    calendar.add("X-WR-CALNAME", masthead.title)
    calendar.add("X-PUBLISHED-TTL", "P1D")
    once = {pick.id: pick for pick in events if pick.starts is not None}
    for pick in sorted(once.values(), key=lambda pick: (str(pick.starts), pick.id)):
        calendar.add_component(_event(pick, masthead, composed, venues))
    return Page(PATH, calendar.to_ical(sorted=False))


def _event(pick: Pick, masthead: Masthead, composed: datetime, venues: Mapping[str, str]) -> Event:
    event = Event()
    event.add("UID", f"{pick.id}@{host(masthead)}")
    event.add("DTSTAMP", composed.astimezone(UTC).replace(microsecond=0))
    _add_times(event, pick)
    event.add("SUMMARY", pick.title)
    stated = when_words(pick.starts, pick.ends, pick.zone, room=True)
    event.add("DESCRIPTION", f"{stated}. From {pick.source}. Times may change: see its own page.")
    if address := web(pick.url):
        event.add("URL", address)
    kinds = (WHAT.get(pick.occasion, ""), venues.get(pick.venue, ""))
    if categories := [kind for kind in kinds if kind]:
        event.add("CATEGORIES", categories)
    event.add("TRANSP", "TRANSPARENT")
    return event


def _add_times(event: Event, pick: Pick) -> None:
    """Days where only they are known, the last one included; else moments in UTC."""
    assert pick.starts is not None  # the others were left out
    first, last = pick.starts.astimezone(UTC), (pick.ends or pick.starts).astimezone(UTC)
    if pick.zone:
        event.add("DTSTART", first.replace(microsecond=0))
        if last > first:
            event.add("DTEND", last.replace(microsecond=0))
        return
    event.add("DTSTART", first.date())
    event.add("DTEND", max(first, last).date() + DAY)
