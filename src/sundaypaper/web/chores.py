"""What the mailer does: mails of sign-ups, a sign of life, clearing up, and calls of hooks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sundaypaper.pipeline.hooks import HookJob, call_hooks
from sundaypaper.pipeline.mailing import MailJob
from sundaypaper.pipeline.opening import channel_tools, look_into_store, open_net, open_readers
from sundaypaper.pipeline.signing_up import SEND_LOCK, into_folder, sign_ups_of, tend_sign_ups
from sundaypaper.web.mailer import Chore, Mailer
from sundaypaper.web.surroundings import Surroundings

if TYPE_CHECKING:
    from sundaypaper.pipeline.opening import Readers

SOON, MINUTE, HOUR = 5.0, 60.0, 3600.0


class Chores:
    """The work of the mailer, over one connection to readers.db, in the mailer's thread.

    reached says whether readers come here by base_url: only then do mails lead here. calls is false
    in a rehearsal, of which nobody outside is told.
    """

    def __init__(
        self,
        here: Surroundings,
        environ: Mapping[str, str],
        reached: Callable[[], bool],
        calls: bool,
    ) -> None:
        self.here, self.environ, self.reached, self.calls = here, environ, reached, calls
        self.mailer = Mailer(self._all(), here.say, here.monotonic, self._close)
        self.opened: tuple[Readers, int] | None = None
        self.said: set[str] = set()

    def _all(self) -> list[Chore]:
        return [
            Chore("mails of sign-ups", SOON, self.mails, urgent=True),
            Chore("sign of life", HOUR, self.live),
            Chore("clearing up", HOUR, self.tidy),
            Chore("hooks", MINUTE, self.hooks),
        ]

    def mails(self) -> int:
        """Send what sign-ups wait for; how many mails went out."""
        here = self.here
        return tend_sign_ups(
            self._job(),
            here.base_url,
            lambda: look_into_store(here.root, here.output),
            here.templates,
        )

    def live(self) -> None:
        """Note that readers can leave and choose here, so that mails lead to it.

        Once somebody confirmed here by the link of a mail, that holds as long as the app goes on. A
        rehearsal, whose time is another, notes nothing.
        """
        if not self.calls:
            return
        readers, now = self._readers(), self.here.now()
        if self.reached() or readers.web_base(now) == self.here.base_url:
            readers.served(self.here.base_url, now)

    def tidy(self) -> None:
        """Forget sign-ups that nobody confirmed, and what limits nothing any more."""
        sign_ups_of(self._job()).tidy(self.here.now())

    def hooks(self) -> int:
        """Call whom feeds.yaml names for what happened; how many took it."""
        config = self.here.config()
        if config.hooks is None or not self.calls:
            return 0
        with open_net(config, self.here.monotonic, self._sleep) as net:
            job = HookJob(
                config,
                self._readers(),
                self.environ,
                net,
                self.here.now,
                lambda line: self.here.say(f"! {line}"),
                self.mailer.stopping,
                self.said,
            )
            return call_hooks(job)

    def _job(self) -> MailJob:
        here = self.here
        config = here.config()
        return MailJob(
            into_folder(config, here.mails) if here.mails else config,
            self._readers(),
            self.environ,
            here.now,
            here.say,
            channel_tools(here.monotonic, self._sleep, self.environ, config.network.allow_private),
            self.mailer.stopping,
        )

    def _sleep(self, seconds: float) -> None:
        """Wait, but no longer than the mailer is to go on."""
        self.mailer.ending.wait(max(0.0, seconds))

    def _readers(self) -> Readers:
        """The connection, opened anew where another file took the place of the one it had."""
        here = self.here
        if self.opened is not None and _file(self.opened[0]) != self.opened[1]:
            self._close()
        if self.opened is None:
            readers = open_readers(here.root, here.root / SEND_LOCK, here.random)
            self.opened = readers, _file(readers)
        return self.opened[0]

    def _close(self) -> None:
        if self.opened is not None:
            self.opened[0].close()
            self.opened = None


def _file(readers: Readers) -> int:
    """The number of the file that lies where a connection was opened; 0 for none."""
    try:
        return os.stat(readers.path).st_ino
    except OSError:
        return 0
