"""`sundaypaper serve`: the web app of this root, until somebody ends it."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from sundaypaper.cli.world import World
from sundaypaper.pipeline.publishing import check_templates
from sundaypaper.web import serving
from sundaypaper.web.app import app
from sundaypaper.web.chores import Chores
from sundaypaper.web.clients import is_loopback
from sundaypaper.web.settings import Settings
from sundaypaper.web.surroundings import Surroundings

if TYPE_CHECKING:
    from sundaypaper.config import Config

MAILS = Path("mails/served")
UNREACHED = (
    "! mails do not lead here for leaving and choosing: readers come to {}, and feeds.yaml names no "
    "proxy that brings them from there to this machine (`web: {{proxies: [127.0.0.1]}}`)"
)


def serve(here: World, host: str, port: int, show_mails: bool) -> None:
    """Answer requests at an address; BuildError where it cannot be had.

    BadParameter where mails are to be shown and that would show them to others.
    """
    settings = Settings(here.feeds_file, here.config, here.tell)
    check_templates(here.templates)
    here.readers().close()  # made where there is none; what is wrong with it is said now
    with serving.listen(host, port) as listening:
        if show_mails:
            _refuse_to_show(settings(), listening)
        around = surroundings(here, settings, serving.url_of(listening), show_mails)
        comes = comes_here(around, listening)
        mailer = Chores(around, os.environ, comes, calls=not here.rehearsal).mailer
        _tell(here, around, listening)
        if not comes():
            here.warn(UNREACHED.format(around.base_url))
        web = app(
            around,
            mailer.fault,
            beside=lambda: serving.beside(mailer, settings.look),
            wake=mailer.wake,
        )
        serving.run(web, listening)
    here.say("ended")


def surroundings(here: World, settings: Settings, url: str, show_mails: bool) -> Surroundings:
    """What the app is handed. url is where it listens, for a paper that knows no address."""
    config = settings()
    return Surroundings(
        root=here.root,
        output=here.output,
        templates=here.templates,
        config=settings,
        now=_clock(here, time.monotonic),
        monotonic=time.monotonic,
        random=secrets.token_bytes,
        base_url=config.masthead.base_url or url,
        say=here.tell,
        mails=here.root / MAILS if config.delivery is None else None,
        show_mails=show_mails,
    )


def _clock(here: World, monotonic: Callable[[], float]) -> Callable[[], datetime]:
    """The time; in a rehearsal it goes on from the moment that was named."""
    begun = monotonic()
    if not here.rehearsal:
        return lambda: datetime.now(UTC)
    return lambda: here.now + timedelta(seconds=monotonic() - begun)


def comes_here(around: Surroundings, listening: socket.socket) -> Callable[[], bool]:
    """Whether readers who follow a link of a mail come here.

    Who only looks at their paper on their own machine must not give out links that lead to a host
    where no app answers.
    """
    host = listening.getsockname()[0]
    at_home = is_loopback(urlsplit(around.base_url).hostname or "")

    def reached() -> bool:
        return at_home or not is_loopback(host) or bool(around.config().web.proxies)

    return reached


def _refuse_to_show(config: Config, listening: socket.socket) -> None:
    if config.delivery is not None:
        raise typer.BadParameter(
            "feeds.yaml has `delivery:`, so mails go to people, and nobody else reads them",
            param_hint="--show-mails",
        )
    if not is_loopback(listening.getsockname()[0]):
        raise typer.BadParameter(
            "mails are shown to this machine alone; leave --host out, or name 127.0.0.1",
            param_hint="--show-mails",
        )


def _tell(here: World, around: Surroundings, listening: socket.socket) -> None:
    url = serving.url_of(listening)
    here.say(f"{url} shows {here.output / 'site'}; Ctrl-C ends it")
    if not (here.output / "site" / "index.html").exists():
        here.say("there are no pages yet, and every address says so; `sundaypaper run` makes them")
    if around.mails is not None:
        shown = f"; {url}mails/ shows them" if around.show_mails else ""
        here.say(f"mails go into {around.mails}, as feeds.yaml has no `delivery:`{shown}")
    if around.base_url == url and not is_loopback(listening.getsockname()[0]):
        here.warn(f"! feeds.yaml has no base_url: links in mails begin with {url}, where only this machine finds them")  # fmt: skip
