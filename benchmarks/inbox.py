"""How long a flood of mails to the inbox takes, and how much memory: a Maildir, and the parser alone.

Usage: inbox.py [MAILS], 10,000 by default. The flood is what reaches a public address: letters,
vacation replies, forged and real bounces, leave mails, complaints, one in a hundred of them large.
The bar is 100,000 in 60 seconds.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from inbound import INBOX, TAG, TOKEN, bounce_address, bounces, feedback, leave_mail, vacations
from inbound import mail as a_mail
from sundaypaper.delivery.inbox import open_mailbox, read_inbox
from sundaypaper.delivery.inbox.mails import read_mail
from sundaypaper.delivery.settings import InboxEntry

NOW = datetime(2026, 3, 9, 6, tzinfo=UTC)
BAR, OF = 60.0, 100_000
# What a mail collects on its way, before it is delivered.
HOPS = [
    ("Received", f"from h{n}.far.example by h{n + 1}.far.example; Sun, 8 Mar 2026 0{n}:00:00 +0000")
    for n in range(6)
] + [(f"X-Filter-{n}", "word " * 15) for n in range(8)]


class Books:
    """Knows one reader, and keeps nothing."""

    def leave(self, token: str, now: datetime) -> bool:
        """Whether that is theirs."""
        return token == TOKEN

    def bounced(self, tag: str, hard: bool, day: date) -> bool | None:
        """False for a mail to them, None for any other."""
        return False if tag == TAG else None

    def returned(self, tag: str, status: str, told: str) -> bool:
        """Whether that is theirs."""
        return tag == TAG

    def complained(self, tag: str, day: date) -> bool:
        """Whether that is theirs."""
        return tag == TAG


def flood() -> Iterator[bytes]:
    """Mails without end: half of them reports, a third letters and replies, leave mails; some large."""
    reports = [raw for _, raw, _ in bounces()]
    letters = [
        a_mail([*HOPS, ("To", INBOX), ("Subject", f"{n}")], "words\n" * 300) for n in range(300)
    ]
    replies = list(vacations(bounce_address())) * 20
    leaves = [leave_mail("", *HOPS), leave_mail()] * 30
    unknown = [leave_mail().replace(TOKEN.encode(), b"q" * 26)] * 60
    large = [a_mail([*HOPS, ("To", INBOX)], "x" * 76 + "\n" * 14_000) for _ in range(5)]
    large += [a_mail([("To", INBOX)], "y" * 1_500_000)] * 5
    return cycle([*reports, *letters, *replies, *leaves, *unknown, *large, feedback()])


def memory() -> float:
    """The most that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(count: int) -> int:
    """Print the figures; 1 where the bar is not met."""
    folder = Path(tempfile.mkdtemp(prefix="inbox-"))
    try:
        for name in ("new", "cur", "tmp"):
            (folder / name).mkdir()
        for number, raw in enumerate(islice(flood(), count)):
            (folder / "new" / f"17{number:08}.M1P1.host").write_bytes(raw)
        before, began, used = memory(), time.perf_counter(), time.process_time()
        with open_mailbox(InboxEntry("maildir", folder=str(folder)), {}) as box:
            counts = read_inbox(box, INBOX, Books(), now=NOW, tell=lambda _: None)
        wall, cpu = time.perf_counter() - began, time.process_time() - used
        print(
            f"Maildir: {count} mails in {wall:.2f} s ({cpu:.2f} s CPU), {count / wall:.0f} a second"
        )
        print(f"memory: {before:.0f} MB before, {memory():.0f} MB at most")
        print(counts)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    alone(min(count, 10_000))
    expected = wall * OF / count
    print(f"{OF} mails: {expected:.1f} s {'' if count == OF else '(extrapolated) '}of {BAR:.0f}")
    return int(expected > BAR)


def alone(count: int) -> None:
    """Microseconds for each mail without disk and books."""
    mails = [raw[:262_144] for raw in islice(flood(), 1200)]
    began = time.process_time()
    for raw in islice(cycle(mails), count):
        read_mail(raw, INBOX)
    print(f"read_mail: {(time.process_time() - began) / count * 1e6:.0f} µs a mail")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
