"""Issue values in the words that a reader sees: weeks, dates, claims, states; and safe addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256

from sundaypaper import venues, zones
from sundaypaper.models import Claim, Evidence, Pick, SourceReport, SourceState
from sundaypaper.weeks import monday, sunday

MONTHS = (
    "January February March April May June July August September October November December"
).split()
VENUES = {venue.key: venue.title for venue in venues.VENUES}
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
WEB = re.compile(r"(?:https?://[^\s<>\"\\^`{|}]+|mailto:[^\s<>\"\\]+)", re.IGNORECASE)
ARXIV = re.compile(r"arxiv:([a-z.-]+/\d{7}|\d{4}\.\d{4,5})", re.IGNORECASE)
REPOSITORY = re.compile(
    r"(?:https?://)?(?:www\.)?((?:github\.com|gitlab\.com|huggingface\.co)/[\w./-]+)"
)
STATES: dict[SourceState, str] = {
    "fresh": "answered",
    "unchanged": "nothing new",
    "waiting": "not all out yet",
    "incomplete": "incomplete",
    "failed": "failed",
    "off": "switched off",
    "not due": "not due yet",
}
TRACKS = {
    "findings": "{} Findings",
    "workshop": "a {} workshop",
    "datasets": "{}, datasets and benchmarks track",
    "position": "{}, position paper track",
    "demo": "{}, demonstration track",
    "challenge": "a {} challenge",
    "other": "{}, outside the main track",
}
VERBS = {
    "accepted": "accepted at",
    "submitted": "submitted to",
    "rejected": "rejected at",
    "withdrawn": "withdrawn from",
}


def day_words(day: date | datetime, year: bool = True) -> str:
    """A day as a person writes it: `2 March 2026`."""
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{words} {day.year}" if year else words


def week_words(week: str) -> str:
    """The days of an ISO week: `2 to 8 March 2026`. ValueError where week is not of that form."""
    first, last = monday(week), sunday(week)
    if first.year != last.year:
        return f"{day_words(first)} to {day_words(last)}"
    if first.month != last.month:
        return f"{day_words(first, year=False)} to {day_words(last)}"
    return f"{first.day} to {day_words(last)}"


def when_words(
    starts: datetime | None, ends: datetime | None, zone: str = "", room: bool = False
) -> str:
    """When an event is, as its source states it: `Friday 15 May, 23:59 Anywhere on Earth`.

    Where only days are known: `Thursday 12 March`, `12 to 14 March`; empty if not even those. With
    room a time of another zone is said in UTC too.
    """
    if starts is None:
        return ""
    if not zone:
        return _days(starts.astimezone(UTC), (ends or starts).astimezone(UTC))
    clock = zones.clock(zone)
    first, last = starts.astimezone(clock), (ends or starts).astimezone(clock)
    words = f"{_weekday(first)}, {first:%H:%M}"
    if last.date() > first.date():
        words += f" to {_weekday(last)}, {last:%H:%M}"
    elif last > first:
        words += f" to {last:%H:%M}"
    words += f" {zones.name_at(starts, zone)}"
    return f"{words} ({_in_utc(starts)})" if room and zone != "UTC" else words


def _days(first: datetime, last: datetime) -> str:
    if last.date() <= first.date():
        return _weekday(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day_words(last, year=False)}"
    return f"{day_words(first, year=False)} to {day_words(last, year=False)}"


def _weekday(day: datetime) -> str:
    return f"{DAYS[day.weekday()]} {day_words(day, year=False)}"


def _in_utc(moment: datetime) -> str:
    """`= 16 May, 11:59 UTC`"""
    at = moment.astimezone(UTC)
    return f"= {day_words(at, year=False)}, {at:%H:%M} UTC"


def sentence(text: str) -> str:
    """A text with a capital in front, where it begins with a word of ours, and a full stop."""
    text = text if text[:5] == "arXiv" else text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) or not text else text + "."


def number(value: int) -> str:
    """A count with thousands: `1,788`."""
    return f"{value:,}"


def venue_words(claim: Claim, names: Mapping[str, str] = VENUES) -> str:
    """A venue and its year: `CVPR 2026`."""
    name = names.get(claim.venue) or _as_written(claim)
    return f"{name} {claim.year}" if claim.year else name


def _as_written(claim: Claim) -> str:
    """The name of a venue that no table knows, in the authors' own capitals."""
    if not claim.venue.startswith("other:"):
        return claim.venue.upper()
    name = claim.venue[6:]
    at = claim.span.lower().find(name)
    return claim.span[at : at + len(name)] if at >= 0 else name


def claim_words(claim: Claim, names: Mapping[str, str] = VENUES) -> str:
    """What is claimed, without who says so: `accepted at CVPR 2026 (oral)`."""
    where = TRACKS.get(claim.track, "{}").replace("{}", venue_words(claim, names))
    of_journal = claim.track == "journal" and claim.status == "accepted"
    words = f"{'accepted by' if of_journal else VERBS[claim.status]} {where}"
    if claim.presentation is None:
        return words
    return f"{words} ({claim.presentation.replace('_', ' ')})"


def claim_short(claim: Claim, names: Mapping[str, str] = VENUES) -> str:
    """A claim for one line of a list: `CVPR 2026 oral`, `submitted to ICML 2026`."""
    words = "" if claim.status == "accepted" else f"{VERBS[claim.status]} "
    words += venue_words(claim, names)
    if claim.track != "main":
        words += f" {claim.track}"
    return (
        words if claim.presentation is None else f"{words} {claim.presentation.replace('_', ' ')}"
    )


def around(pick: Pick, claim: Claim) -> tuple[str, str, str]:
    """The authors' text before the span that makes the claim, the span, and the text after it."""
    text = pick.journal_ref if claim.field == "journal_ref" else pick.comment
    before, found, after = text.partition(claim.span)
    return (before, found, after) if found and claim.span else ("", claim.span, "")


def authors_words(pick: Pick, limit: int = 3) -> str:
    """At most limit authors: `A. Lind, B. Osei, C. Ruiz and 4 more`."""
    names = pick.authors
    more = len(names) - limit + pick.more_authors
    if more > 0:
        return f"{', '.join(names[:limit])} and {more} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def state_words(state: SourceState) -> str:
    """How a source did, in words."""
    return STATES[state]


def troubled(ledger: Iterable[SourceReport]) -> tuple[SourceReport, ...]:
    """The sources that did not answer fully: failed, incomplete, or told us to wait."""
    bad: tuple[SourceState, ...] = ("failed", "incomplete", "waiting")
    found = [report for report in ledger if report.state in bad]
    return tuple(sorted(found, key=lambda report: (bad.index(report.state), report.source)))


def web(url: str) -> str:
    """The address if it is http, https or mailto without blanks or quotes, else an empty text."""
    return url if WEB.fullmatch(url) else ""


def arxiv_id(entry_id: str) -> str:
    """The identifier of an arXiv paper, empty for anything else."""
    found = ARXIV.fullmatch(entry_id)
    return found[1] if found else ""


def slug(entry_id: str) -> str:
    """An id as a name in an address: `arxiv-2602.00001`, with a hash where characters had to go."""
    plain = re.sub(r"[^a-z0-9.]+", "-", entry_id.lower()).strip("-.")
    if ARXIV.fullmatch(entry_id) or entry_id.replace(":", "-") == plain:
        return plain
    return f"{plain[:60]}-{sha256(entry_id.encode()).hexdigest()[:8]}"


def code_url(evidence: tuple[Evidence, ...]) -> str:
    """The address of the code that an entry names, empty where it names none."""
    for item in evidence:
        found = REPOSITORY.search(item.span) if item.kind == "code" else None
        if found:
            return "https://" + found[1].rstrip("./")
    return ""
