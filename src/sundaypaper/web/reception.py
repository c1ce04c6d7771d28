"""What the readers' pages share: databases in threads, pages, stamps, and who is told of a sign-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from sundaypaper.pipeline.opening import open_readers
from sundaypaper.pipeline.signing_up import SEND_LOCK
from sundaypaper.web.answers import Answers
from sundaypaper.web.limiting import Limits, open_limits
from sundaypaper.web.stamps import Stamps
from sundaypaper.web.surroundings import Surroundings
from sundaypaper.web.trying import Looks
from sundaypaper.web.workers import Workers

if TYPE_CHECKING:
    from sundaypaper.pipeline.opening import Readers


@dataclass(frozen=True, slots=True)
class Kept:
    """What a thread keeps open: the readers, and the counts of sign-ups; and which files those are."""

    readers: Readers
    limits: Limits
    files: tuple[int, int]

    def is_current(self) -> bool:
        """Whether both files still lie where they were opened: `restore` puts others there."""
        return self.files == (_file(self.readers.path), _file(self.limits.path))

    def close(self) -> None:
        """Close both."""
        self.readers.close()
        self.limits.close()


def _file(path: Path) -> int:
    """The number of the file at a path, 0 for none."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


@dataclass(frozen=True, slots=True)
class Reception:
    """Where readers are received. wake tells the mailer that something waits for it."""

    here: Surroundings
    answers: Answers
    workers: Workers[Kept]
    finder: Looks
    wake: Callable[[], None]
    told: set[str] = field(default_factory=set)
    made: list[Stamps] = field(default_factory=list)

    async def stamps(self) -> Stamps:
        """The stamps of forms, whose key outlasts a restart."""
        if not self.made:
            key = await self.workers.call(lambda kept: kept.limits.key("stamps"))
            self.made.append(Stamps(key))
        return self.made[0]

    def tell(self, trouble: str) -> None:
        """Tell the operator of a trouble, each once."""
        if trouble not in self.told:
            self.told.add(trouble)
            self.here.say(f"! {trouble}")

    async def page(
        self,
        request: Request,
        template: str,
        status: int = 200,
        **values: object,
    ) -> Response:
        """The answer that a template makes."""
        return await self.answers.page(request, template, status, **values)

    async def unknown(self, request: Request) -> Response:
        """The answer to every link that leads nowhere, whatever is wrong with it."""
        return await self.page(request, "reader/unknown.html", 404)

    def close(self) -> None:
        """End the threads, after what they have begun."""
        self.workers.close()


def reception(here: Surroundings, finder: Looks, wake: Callable[[], None]) -> Reception:
    """The reception of a root, which opens what it needs when it is needed. Close it at the end."""

    def opened() -> Kept:
        readers = open_readers(here.root, here.root / SEND_LOCK, here.random)
        limits = open_limits(here.root, here.random, here.now)
        return Kept(readers, limits, (_file(readers.path), _file(limits.path)))

    return Reception(here, Answers(here), Workers(opened), finder, wake)
