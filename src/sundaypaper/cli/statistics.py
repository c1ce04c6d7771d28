"""`sundaypaper stats`: figures about the readers, as tables or as JSON; sums alone, no addresses."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from sundaypaper.cli.reporting import say
from sundaypaper.text import clean, shorten
from sundaypaper.wording.counts import number, plural

if TYPE_CHECKING:
    from rich.console import Console

    from sundaypaper.cli.world import World
    from sundaypaper.pipeline.reader_stats import ReaderStats

BAR, NAME = 24, 36
NOBODY = "nobody reads by mail yet: `sundaypaper subscribers add` makes the first"
# What the states of a sign-up are for a person.
PENDING = {
    "asked": "whose mail waits",
    "sending": "whose mail is on its way",
    "sent": "not confirmed yet",
    "uncertain": "whose mail may have arrived",
    "expired": "never confirmed",
    "failed": "whose mail failed",
    "dropped": "that got no mail",
}


def stats(
    ctx: typer.Context,
    weeks: Annotated[
        int, typer.Option(min=1, max=520, help="So many weeks and issues, the newest first.")
    ] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Readers by topic, by week and by issue; sums alone, and nothing of who opens or clicks."""
    from sundaypaper.pipeline.reader_stats import NO_READERS, reader_stats

    here: World = ctx.obj
    config = here.config()
    figures = NO_READERS
    if here.readers_file.exists() or here.send_lock.exists():
        with here.readers() as readers:
            figures = reader_stats(config, readers, here.now, weeks)
    if as_json:
        json.dump(asdict(figures), sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
        return
    _show(here.console, figures)


def _show(console: Console, figures: ReaderStats) -> None:
    if not figures.weeks:
        say(console, NOBODY)
        return
    get = "subscriber gets" if figures.subscribers == 1 else "subscribers get"
    say(console, f"{number(figures.subscribers)} {get} the paper{_paused(figures.paused)}")
    if figures.pending:
        say(console, f"sign-ups of the last days: {pending_words(figures.pending)}")
    _bars(console, "what they wish", _wished(figures))
    rows = [
        (one.week, _signed("+", one.joined), _signed("-", one.left), _signed("-", one.bounced),
         number(one.subscribers))
        for one in figures.weeks
    ]  # fmt: skip
    _table(console, ("by week", "joined", "left", "bounced", "subscribers"), rows)
    mails = [
        (one.week, *map(number, (one.sent, one.returned, one.failed, one.left)))
        for one in figures.issues
    ]
    if mails:
        _table(console, ("by issue", "sent", "came back", "failed", "left after it"), mails)


def _signed(sign: str, count: int) -> str:
    return f"{sign}{number(count)}" if count else "0"


def _paused(count: int) -> str:
    return f"; {number(count)} of them paused" if count else ""


def pending_words(states: Mapping[str, int]) -> str:
    """Counts of sign-ups by state: `3 not confirmed yet, 1 whose mail failed`."""
    return ", ".join(
        f"{number(states[state])} {words}" for state, words in PENDING.items() if states.get(state)
    )


def _wished(figures: ReaderStats) -> list[tuple[str, int]]:
    rows = [("everything", figures.everything)]
    rows += list(figures.topics.items())
    rows += [(f"edition {name}", many) for name, many in figures.editions.items()]
    return [*rows, ("a filter without a topic", figures.other)]


def _bars(console: Console, title: str, rows: Sequence[tuple[str, int]]) -> None:
    """Rows with a bar each, the longest of BAR blocks; rows of nobody are left out."""
    from rich.table import Table

    most = max((many for _, many in rows), default=0)
    table = Table(title, "", "", box=None, pad_edge=False, header_style="bold")
    table.columns[1].justify = "right"
    for name, many in rows:
        if many:
            bar = "█" * max(1, round(BAR * many / most))
            table.add_row(shorten(clean(name), NAME), number(many), bar)
    if most:
        say(console, "")
        console.print(table, markup=False, highlight=False)


def _table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows:
        table.add_row(*row)
    say(console, "")
    console.print(table, markup=False, highlight=False)


def status_line(here: World) -> str:
    """What the last seven days brought, for `status`; empty where nobody reads by mail."""
    from sundaypaper.pipeline.reader_stats import last_days

    days = last_days(here.readers_file, here.now)
    if days is None:
        return ""
    return (
        f"readers, last 7 days: {plural(days.sign_ups, 'sign-up')}, {days.confirmed} confirmed; "
        f"{days.joined} joined in all, {days.went} left"
    )
