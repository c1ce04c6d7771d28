"""How many sign-ups are taken from one network and for one mail domain, kept over restarts.

limits.db holds counts under keyed hashes, so that it names no network and no domain. It can be
removed at any time: then counting begins anew.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path
from threading import Lock
from typing import Literal

from limits import RateLimitItem, parse_many
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from sundaypaper.config.web_settings import LimitsEntry
from sundaypaper.database import Database, DatabaseFile, Migrations, fast_journal, fault, sqlite3

LIMITS = "limits.db"
# A file that another thread is just making looks damaged.
OPENING = Lock()

migrations = Migrations("limits")


@migrations()
def first_tables(db: Database) -> None:
    """Counts of windows that have not ended, and the secret of the file."""
    db.execute(
        "create table counts (key text primary key, count integer not null, ends real not null)"
        " without rowid"
    )
    db.execute("create index counts_ends on counts (ends)")
    db.execute("create table secrets (name text primary key, value blob not null)")


@dataclass(frozen=True, slots=True)
class Over:
    """Whose limit is reached, and after how many seconds the next sign-up is taken."""

    of: Literal["network", "domain"]
    seconds: int


class Limits(DatabaseFile):
    """Counts sign-ups; a connection belongs to the thread that opened it.

    random(n) gives n bytes that nobody can guess; now the time in UTC.
    """

    def __init__(
        self, path: Path, random: Callable[[int], bytes], now: Callable[[], datetime]
    ) -> None:
        super().__init__(path, migrations, fast_journal())
        with self.guard():
            # What a crash of the machine loses here is a count that nobody misses.
            self.db.execute("pragma synchronous = off")
            self.db.execute("insert or ignore into secrets values ('key', ?)", [random(32)])
            (key,) = self.db.execute("select value from secrets where name = 'key'").fetchone()
        self._key = bytes(key)
        self._counts = _Counts(self, now)
        self._limiter = FixedWindowRateLimiter(self._counts)

    def _create(self) -> None:
        with suppress(FileExistsError):
            self.path.touch(mode=0o600, exist_ok=False)

    def key(self, purpose: str) -> bytes:
        """32 bytes for a purpose that nobody can guess, the same until the file is removed."""
        return hmac.digest(self._key, purpose.encode(), "sha256")

    def count(self, limits: LimitsEntry, network: str, domain: str) -> Over | None:
        """Count a sign-up; which limit it goes over, if any. Of what is over nothing else counts."""
        asked: tuple[tuple[Literal["network", "domain"], str, str], ...] = (
            ("network", limits.network, network),
            ("domain", limits.domain, domain),
        )
        with self.guard():
            for of, rates, name in asked:
                whose = self.key(f"{of} {name}").hex()
                for rate in sorted(parse_many(rates)):
                    if not self._limiter.hit(rate, whose):
                        return Over(of, self._wait(rate, whose))
        return None

    def _wait(self, rate: RateLimitItem, whose: str) -> int:
        left = self._counts.get_expiry(rate.key_for(whose)) - self._counts.seconds
        return max(1, ceil(left))


class _Counts(Storage):
    """Where the library keeps its counts: a table of limits.db."""

    STORAGE_SCHEME = None

    def __init__(self, file: DatabaseFile, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._db, self._now = file.db, now

    @property
    def seconds(self) -> float:
        """The time in seconds since 1970."""
        return self._now().timestamp()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What SQLite raises."""
        return sqlite3.Error  # type: ignore[no-any-return]  # it comes without types

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to the count of a key, whose window begins now where none is open."""
        now = self.seconds
        (count,) = self._db.execute(
            "insert into counts values (:key, :amount, :ends)"
            " on conflict (key) do update set"
            "  count = case when ends <= :now then 0 else count end + :amount,"
            "  ends = case when ends <= :now then :ends else ends end"
            " returning count",
            {"key": key, "amount": amount, "now": now, "ends": now + expiry},
        ).fetchone()
        if count == amount:
            self._db.execute("delete from counts where ends <= ?", [now])
        return int(count)

    def get(self, key: str) -> int:
        """The count of a key in its window."""
        return int(self._row(key)[0])

    def get_expiry(self, key: str) -> float:
        """When the window of a key ends, in seconds since 1970."""
        return float(self._row(key)[1])

    def _row(self, key: str) -> tuple[int, float]:
        now = self.seconds
        asked = "select count, ends from counts where key = ? and ends > ?"
        return self._db.execute(asked, [key, now]).fetchone() or (0, now)

    def check(self) -> bool:
        """Whether the table can be read."""
        self._db.execute("select count(*) from counts").fetchone()
        return True

    def reset(self) -> int:
        """Forget all counts; how many there were."""
        return int(self._db.execute("delete from counts").rowcount)

    def clear(self, key: str) -> None:
        """Forget the count of a key."""
        self._db.execute("delete from counts where key = ?", [key])


def open_limits(root: Path, random: Callable[[int], bytes], now: Callable[[], datetime]) -> Limits:
    """limits.db of a root; a damaged one is made anew, since all it holds can be counted again."""
    path = root / LIMITS
    with OPENING:
        if path.exists() and fault(path):
            for end in ("", "-wal", "-shm", "-journal"):
                path.with_name(path.name + end).unlink(missing_ok=True)
        return Limits(path, random, now)
