"""The probes of `sundaypaper doctor`: a row each; each says what it found, and what to do.

No probe shows a secret or a reader's address, and none changes more than a look changes.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sundaypaper.config import Config
from sundaypaper.errors import BuildError, ConfigError, DeliveryError, FetchError, SundayPaperError
from sundaypaper.locks import holder
from sundaypaper.pipeline.opening import (
    PAPER,
    READERS,
    Clock,
    arxiv_pace,
    look_into_store,
    open_net,
    open_readers,
)
from sundaypaper.pipeline.standing import due_at, due_week
from sundaypaper.pipeline.watching import MEGABYTE, space_of, watch
from sundaypaper.wording.counts import plural
from sundaypaper.wording.dates import DAYS, day_words
from sundaypaper.zones import clock

if TYPE_CHECKING:
    from sundaypaper.delivery.channels import ChannelTools
    from sundaypaper.net import Net, Response
    from sundaypaper.pipeline.mailing import MailJob

State = Literal["ok", "!", "-"]
SLOW, DEADLINE, MOST = 20.0, 15.0, 1_000_000
APART = timedelta(minutes=2)
LONG = timedelta(hours=12)
# A small question whose answer never changes.
QUESTION = "?id_list=1706.03762&max_results=1"
TURNED_AWAY, AN_HOUR = (403, 406, 429, 503), 3600.0


OUT = " Is there a network, and does a firewall let this machine out?"
UNASKED = "not tried: nobody is asked (--offline, or --now)"


class NotTriedError(SundayPaperError):
    """A probe was not made, which is no trouble; its text says why."""


@dataclass(slots=True)
class Patient:
    """A root, and the world that its probes may use; config is None where it cannot be read.

    tools are those of channels; job opens readers.db, too. offline: nobody is asked. mail: to whom a test mail goes, "" for nobody. heard: what the dates of
    answers differed from our clock. started gives when a process began, None where it is not known.
    """

    root: Path
    output: Path
    templates: Path | None
    load: Callable[[], Config]
    tools: ChannelTools
    job: Callable[[], AbstractContextManager[MailJob]]
    environ: Mapping[str, str]
    clock: Clock
    now: datetime
    free: Callable[[Path], int]
    random: Callable[[int], bytes]
    state: Path | None
    started: Callable[[int], datetime | None]
    offline: bool = False
    mail: str = ""
    config: Config | None = None
    heard: list[timedelta] = field(default_factory=list)

    @property
    def settings(self) -> Config:
        """feeds.yaml; NotTriedError where it cannot be read, which another line says."""
        if self.config is None:
            raise NotTriedError("not tried: it needs feeds.yaml")
        return self.config

    def net(self) -> Net:
        """The way out; NotTriedError where nobody may be asked."""
        if self.offline:
            raise NotTriedError(UNASKED)
        return open_net(self.settings, self.clock.monotonic, self.clock.sleep)


@dataclass(frozen=True, slots=True)
class Probe:
    """A row: the part, how it is looked at, and the seconds after which nobody waits any more.

    look returns what is well; a SundayPaperError or OSError says what is not, and what to do.
    """

    part: str
    look: Callable[[Patient], str]
    seconds: float = SLOW


@dataclass(frozen=True, slots=True)
class Finding:
    """A line: the part, ok, ! or - for what was not tried, and a sentence."""

    part: str
    state: State
    text: str


def probed(probe: Probe, patient: Patient) -> Finding:
    """What a probe finds; it raises nothing that a probe may raise."""
    try:
        return Finding(probe.part, "ok", probe.look(patient))
    except NotTriedError as why:
        return Finding(probe.part, "-", str(why))
    except FetchError as bad:
        out = bad.reason in ("unreachable", "network", "slow", "resolve")
        return Finding(probe.part, "!", f"{bad}{OUT if out else ''}")
    except SundayPaperError as bad:
        return Finding(probe.part, "!", str(bad))
    except OSError as bad:
        return Finding(probe.part, "!", bad.strerror or type(bad).__name__)


# ---------------------------------------------------------------- on this machine


def _configuration(at: Patient) -> str:
    try:
        at.config = at.load()
    except ConfigError as bad:
        more = f" (and {len(bad.mistakes) - 1} more)" if len(bad.mistakes) > 1 else ""
        raise BuildError(f"{bad.mistakes[0]}{more}") from bad
    config = at.config
    return f"{plural(len(config.sources), 'source')}, {plural(len(config.topics), 'topic')}"


def _secrets(at: Patient) -> str:
    names = tuple(dict.fromkeys(_variables(at.settings)))
    if missing := [name for name in names if not at.environ.get(name)]:
        raise DeliveryError(f"not set: {', '.join(missing)}, which feeds.yaml names; set them where `schedule`, the timer or cron starts the program, too")  # fmt: skip
    return f"{plural(len(names), 'variable')} that feeds.yaml names, all set" if names else "feeds.yaml names none"  # fmt: skip


def _variables(config: Config) -> Iterator[str]:
    """The variables of the environment that feeds.yaml names."""
    entries = (config.delivery, config.inbox)
    for server in (entry.server for entry in entries if entry):
        if server and server.password:
            yield server.password
        if server and server.token and server.token.startswith("env:"):
            yield server.token.removeprefix("env:")
    if config.readers and config.readers.variable:
        yield config.readers.variable
    if config.hooks and config.hooks.secret:
        yield config.hooks.secret
    if config.healthcheck.startswith("env:"):
        yield config.healthcheck.removeprefix("env:")


def _folders(at: Patient) -> str:
    for folder in (at.root, at.output):
        if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise BuildError(f"{folder}: cannot be written by this user; give it to whoever runs sundaypaper")  # fmt: skip
    if not at.root.is_dir():
        raise BuildError(f"{at.root}: there is no such folder; make it, or name another with --root")  # fmt: skip
    return f"{at.root.absolute()} can be written"


def _disk(at: Patient) -> str:
    issues = len(list((at.output / "site" / "issues").glob("*/index.html")))
    space = space_of(at.root, at.free, issues)
    free, needed = round(space.free / MEGABYTE), round(space.needed / MEGABYTE)
    if space.free < space.needed:
        raise BuildError(f"{free:,} MB are free, and two weeks may need {needed:,} MB: make room")
    return f"{free:,} MB are free"


def _paper(at: Patient) -> str:
    if not (at.root / PAPER).exists() and not (at.output / "site").exists():
        raise NotTriedError("not there yet; `sundaypaper run` makes it")
    with look_into_store(at.root, at.output) as store:
        count = len(store.heads())
    return f"whole, with {plural(count, 'issue')}"


def _readers(at: Patient) -> str:
    file = at.root / READERS
    lock = at.root / "send.lock"
    if not file.exists() and not lock.exists():
        raise NotTriedError("not there yet; the first subscriber makes it")
    mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o600
    open_readers(at.root, lock, at.random).close()
    if mode & 0o077:
        raise BuildError(f"{file} could be read by others (mode {mode:o}); it is private again now if it is yours: look who else read it")  # fmt: skip
    return "whole, and private to its owner"


def _issue(at: Patient) -> str:
    if not (at.root / PAPER).exists():
        raise NotTriedError("no issue yet")
    with look_into_store(at.root, at.output) as store:
        seen = watch(at.settings, store, at.root, at.now, at.free)
    if seen.troubles:
        raise BuildError(f"{seen.troubles[0].part}: {seen.troubles[0].text}")
    return f"{seen.newest.week} is printed" if seen.newest else "none is printed yet, and none is due"  # fmt: skip


def _locks(at: Patient) -> str:
    held = []
    for name in ("run.lock", "send.lock", "backup.lock"):
        process = holder(at.root / name)
        if process is None:
            continue
        began = at.started(process)
        if began and at.now - began > LONG:
            raise BuildError(f"process {process} has held {name} and runs since {began:%Y-%m-%d %H:%M} UTC; a run takes minutes: look what it waits for, and end it (`kill {process}`)")  # fmt: skip
        held.append(f"{name} is held by process {process}" if process else f"{name} is held")
    return "; ".join(held) or "nobody is at work here; a lock file that is left behind holds nothing"  # fmt: skip


def _zone(at: Patient) -> str:
    config = at.settings
    from sundaypaper import weeks

    due = due_at(config, weeks.after(due_week(config, at.now)))
    local = due.astimezone(clock(config.masthead.timezone))
    return f"{config.masthead.timezone}; the next issue is due {DAYS[local.weekday()]} {day_words(local, year=False)} at {local:%H:%M}"  # fmt: skip


def _templates(at: Patient) -> str:
    from sundaypaper.pipeline.publishing import check_templates

    check_templates(at.templates)
    return f"those of {at.templates} are right" if at.templates else "those that come with the program"  # fmt: skip


# ---------------------------------------------------------------- elsewhere


def _arxiv(at: Patient) -> str:
    spec = next((spec for spec in at.settings.sources if spec.kind == "arxiv" and not spec.off), None)  # fmt: skip
    if spec is None:
        raise NotTriedError("feeds.yaml does not ask it")
    if holder(at.root / "run.lock") is not None:
        raise NotTriedError("not tried: a run is at work")
    with at.net() as net:
        pace = arxiv_pace(at.root, at.settings, at.clock, at.state)
        if (until := pace.blocked()) is not None:
            moment = datetime.fromtimestamp(until, at.now.tzinfo)
            raise NotTriedError(f"not tried: it asked to be left alone until {moment:%Y-%m-%d %H:%M} UTC")  # fmt: skip
        with pace:
            began = at.clock.monotonic()
            answer = net.get(
                f"{spec.address}{QUESTION}",
                limit=MOST,
                deadline=DEADLINE,
                before_hop=lambda _: pace.again(),
            )
            took = at.clock.monotonic() - began
        if answer.status in TURNED_AWAY:
            pace.block(at.clock.wall() + AN_HOUR)
    _hear(at, answer)
    if answer.status != 200:
        then = "it is left alone for an hour" if answer.status in TURNED_AWAY else "it may be ill"
        raise FetchError(f"it answered {answer.status}: {then}; `sundaypaper feeds check` asks again later", reason="status")  # fmt: skip
    return f"answers ({took:.1f} s)"


def _votes(at: Patient) -> str:
    spec = next((spec for spec in at.settings.sources if spec.kind == "votes" and not spec.off), None)  # fmt: skip
    if spec is None:
        raise NotTriedError("feeds.yaml does not ask for any")
    with at.net() as net:
        answer = net.get(spec.address, limit=10 * MOST, deadline=DEADLINE)
    _hear(at, answer)
    if answer.status != 200:
        raise FetchError(f"{spec.host} answered {answer.status}; the paper is printed without new votes", reason="status")  # fmt: skip
    return f"{spec.host} answers"


def _hear(at: Patient, answer: Response) -> None:
    """Keep by how much the clock of a server differs from ours."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
        at.heard.append(datetime.fromtimestamp(at.clock.wall(), theirs.tzinfo) - theirs)
    except (ValueError, TypeError, OverflowError):
        return


def _clock(at: Patient) -> str:
    if not at.heard:
        raise NotTriedError("not tried: nobody answered with the time")
    apart = min(at.heard, key=abs)
    if abs(apart) > APART:
        which = "ahead" if apart > timedelta() else "behind"
        raise BuildError(f"this machine's clock is {round(abs(apart).total_seconds() / 60):,} minutes {which}; let it follow a time server (`timedatectl set-ntp true`)")  # fmt: skip
    return f"right to {abs(apart).total_seconds():.0f} s"


def _mail(at: Patient) -> str:
    config = at.settings
    if config.delivery is None:
        raise NotTriedError("feeds.yaml has no `delivery:`")
    if config.delivery.channel.needs_server and at.offline:
        raise NotTriedError(UNASKED)
    from sundaypaper.pipeline.mail_probe import reach, send_test

    if at.mail:
        send_test(config.delivery, at.tools, at.mail, at.now, at.random(8).hex())
        return "the server took the test mail; look whether it arrived, and not as spam"
    reach(config.delivery, at.tools)
    return "the server is reached and lets us in; --mail ADDRESS sends a test mail"


def _inbox(at: Patient) -> str:
    config = at.settings
    if config.inbox is None:
        raise NotTriedError("feeds.yaml has no `inbox:`")
    if at.offline:
        raise NotTriedError(UNASKED)
    from sundaypaper.pipeline.mail_probe import knock

    knock(config.inbox, at.tools)
    if not at.mail:
        return "it opens; --mail ADDRESS tries the leave address, too"
    from sundaypaper.pipeline.inbox_check import check_inbox

    with at.job() as job:
        return check_inbox(job)


PROBES: tuple[Probe, ...] = (
    Probe("configuration", _configuration),
    Probe("secrets", _secrets),
    Probe("folders", _folders),
    Probe("disk", _disk),
    Probe("paper.db", _paper, 60.0),
    Probe("readers.db", _readers, 60.0),
    Probe("paper", _issue, 60.0),
    Probe("locks", _locks),
    Probe("time zone", _zone),
    Probe("templates", _templates),
    Probe("arXiv", _arxiv, 30.0),
    Probe("votes", _votes),
    Probe("clock", _clock),
    Probe("mail", _mail, 90.0),
    Probe("inbox", _inbox, 150.0),
)
