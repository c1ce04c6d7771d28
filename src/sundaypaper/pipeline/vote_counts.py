"""Votes of readers elsewhere for the entries of a week, and what is said where they are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sundaypaper.config import Config
from sundaypaper.models import SourceReport, Tagged, Votes
from sundaypaper.store import Store
from sundaypaper.wording.dates import day_words


def votes_of_week(
    store: Store, week: str, ids: Iterable[str], now: datetime
) -> dict[str, tuple[Votes, ...]]:
    """The votes heard by now for those entries, by id, of the lists that were asked for the week.

    A list that is switched off has no say, whatever it said before.
    """
    off = {name for name, report in store.reports(week).items() if report.state == "off"}
    heard = {
        id: tuple(of for of in said if of.asked <= now and of.source not in off)
        for id, said in store.votes(ids).items()
    }
    return {id: said for id, said in heard.items() if said}


def without_votes(config: Config, ledger: Iterable[SourceReport], entries: Iterable[Tagged]) -> str:
    """A sentence for each source of votes that did not answer in full; empty where all did."""
    reports = {report.source: report for report in ledger}
    heard: dict[str, datetime] = {}
    for of in (of for tagged in entries for of in tagged.votes):
        heard[of.source] = max(of.asked, heard.get(of.source, of.asked))
    return " ".join(_lacking([s.name for s in config.sources if s.brings_votes], reports, heard))


def _lacking(
    names: Iterable[str], reports: Mapping[str, SourceReport], heard: Mapping[str, datetime]
) -> Iterator[str]:
    for name in names:
        report = reports.get(name)
        if report is None or (report.state == "not due" and name not in heard):
            yield f"Without votes: {name} has not been asked for this week."
        elif report.state == "incomplete":
            yield f"Votes are incomplete: {name} did not answer in full."
        elif report.state == "failed" and name in heard:
            yield f"Votes are those of {day_words(heard[name], year=False)}: {name} failed."
        elif report.state == "failed":
            yield f"Without votes: {name} failed."
