"""Gathers the facts by which it is decided what is due: from both databases, and the pages in place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import Literal

from sundaypaper import build, weeks
from sundaypaper.config import Config
from sundaypaper.delivery.figures import mail_sums
from sundaypaper.models import IssueHead
from sundaypaper.pipeline.due import Facts
from sundaypaper.pipeline.opening import READERS
from sundaypaper.pipeline.standing import due_at, is_fresh
from sundaypaper.store import Run, Store

__all__ = ["Done", "gather", "note"]

Done = Literal["tended", "hooked", "published", "told"]
RUNS = 10
SPREAD = 120  # minutes, over which papers ask arXiv after an announcement
OPEN = ("queued", "sending", "deferred", "uncertain")


def gather(config: Config, store: Store, root: Path, output: Path, now: datetime) -> Facts:
    """What is known of a paper now. Nothing is changed, and no address of a reader is looked at."""
    heads = store.heads()
    asked = [run for run in store.last_runs(RUNS) if _asked(run) and run.now <= now]
    return Facts(
        now=now,
        due_at=partial(due_at, config),
        heads=heads,
        asked=asked[0].now if asked else None,
        short=sum(1 for _ in takewhile(lambda run: run.status, asked)),
        spread=_spread(config),
        has_mail=config.delivery is not None,
        owes_mail=_owes_mail(config, root, heads, now),
        tended=_moment(noted(store, "tended")),
        has_hooks=config.hooks is not None,
        hooked=_moment(noted(store, "hooked")),
        publishes=bool(config.publish_to),
        built=f"{config.publish_to} {build.in_place(output)[0]}",
        published=noted(store, "published"),
    )


def note(store: Store, done: Done, value: str) -> None:
    """Keep that something was done, for the next that asks what is due."""
    store.settle(f"last {done}", value)


def noted(store: Store, done: Done) -> str:
    """What was kept of something that was done last; "" for never."""
    return store.fact(f"last {done}")


def _asked(run: Run) -> bool:
    """Whether a run asked the sources for its own time, and not for a week of long ago."""
    return "collect" in run.detail.get("seconds", ()) and run.week >= weeks.newest_week(run.now)


def _spread(config: Config) -> timedelta:
    """The minutes by which this paper asks arXiv later than others: always the same for one paper."""
    name = config.masthead.base_url or config.masthead.title
    return timedelta(minutes=int.from_bytes(sha256(name.encode()).digest()[:4]) % SPREAD)


def _owes_mail(config: Config, root: Path, heads: Iterable[IssueHead], now: datetime) -> bool:
    """Whether a mail of a fresh issue is still to come, or in doubt."""
    newest = next((head for head in heads if head.state == "frozen"), None)
    if config.delivery is None or newest is None or not is_fresh(config, newest, now):
        return False
    sums = mail_sums(root / READERS, now, newest)
    return sums.week == newest.week and any(sums.states.get(state) for state in OPEN)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
