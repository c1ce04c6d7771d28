"""Base classes of sources: their keys in feeds.yaml, the properties of a kind, how it is fetched.

A kind is a dataclass of Source in a module of its own, and stands in the table of `sources`. That
module is read with feeds.yaml, so what only asking needs (the network, a parser) it imports then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Concatenate,
    ParamSpec,
    Protocol,
    Self,
    TypeVar,
)

from pydantic import ConfigDict

from sundaypaper.forms import Form, key
from sundaypaper.forms import values as v
from sundaypaper.models import Ask, Entry, Fetched, PollState
from sundaypaper.plugins import DOTTED

if TYPE_CHECKING:
    from sundaypaper.net import Net, Pace

ARXIV = "arxiv"
P = ParamSpec("P")
T = TypeVar("T")


class Parse(Protocol):
    """Runs a parser on bytes from the network. ParseError where it refuses them, or is stopped."""

    def __call__(
        self,
        parser: Callable[Concatenate[bytes, P], T],
        body: bytes,
        /,
        *about: P.args,
        **named: P.kwargs,
    ) -> T: ...


def in_process(
    parser: Callable[Concatenate[bytes, P], T],
    body: bytes,
    /,
    *about: P.args,
    **named: P.kwargs,
) -> T:
    """Run a parser here, without any limit: for bytes of our own. A run has `parsers.in_children`."""
    return parser(body, *about, **named)


@dataclass(frozen=True, slots=True)
class Tools:
    """What a source is given: the network, arXiv's pace, a sleep, a progress line, and parsing.

    What came from the network is parsed by `parse` alone. After stop, waiting, asking and parsing
    fail at once: the run was interrupted.
    """

    net: Net
    pace: Pace
    sleep: Callable[[float], None]
    tell: Callable[[str], None]
    parse: Parse
    stop: Callable[[], None] = lambda: None


def word_of(kind: type[Source]) -> str:
    """The `kind` of feeds.yaml; empty where it is the dotted name of somebody else's."""
    return str(next(f.default for f in fields(kind) if f.name == "kind"))


def _kind_written(schema: dict[str, Any], kind: type[Source]) -> None:
    """Put `kind` into the schema as a required key: in code the class says it, in the file a word."""
    word = word_of(kind)
    form = {"const": word} if word else {"pattern": f"^{DOTTED.pattern}$"}
    says = f"what the source is: {word or 'the `package.module:name` of a function'}"
    schema["properties"]["kind"] = {
        **form,
        "description": says,
        "title": "Kind",
        "type": "string",
    }
    schema["required"] = ["kind", *schema.get("required", ())]


@dataclass(frozen=True, slots=True)
class Source(Form):
    """A source of feeds.yaml; a kind overrides only what differs from these defaults."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", json_schema_extra=_kind_written
    )
    # It brings all that is there: a date of its that did not come with the rest is off.
    whole: ClassVar[bool] = False
    # No week is complete before it has answered completely.
    completes_weeks: ClassVar[bool] = False
    # It lies on the disk: `read` needs no tools, also when a week is printed by hand.
    on_disk: ClassVar[bool] = False
    # Others may subscribe to it.
    is_feed: ClassVar[bool] = False
    # It brings votes for papers and no entries; it is asked when all others have answered.
    brings_votes: ClassVar[bool] = False
    # Its keys that hold lists of venue keys.
    venue_lists: ClassVar[tuple[str, ...]] = ()

    kind: str = field(default="", kw_only=True)
    name: Annotated[v.Name, key("the name that pages and reports use")]

    @property
    def off(self) -> bool:
        """Whether it is listed without being asked."""
        return False

    @property
    def group(self) -> str:
        """Who writes it: lab, researcher, … or empty."""
        return ""

    @property
    def unofficial(self) -> bool:
        """Whether it is not made by the site itself."""
        return False

    @property
    def weight(self) -> float:
        """Its weight in the score of its posts, 1 by default."""
        return 1.0

    @property
    def narrowed(self) -> bool:
        """Whether a query of feeds.yaml keeps a part of it out."""
        return False

    @property
    def address(self) -> str:
        """Its url or path, empty for none."""
        return ""

    @property
    def host(self) -> str:
        """The host that it asks: sources of one host are asked one after another."""
        return self.name

    def in_folder(self, folder: Path) -> Self:
        """With its paths seen from the folder of feeds.yaml."""
        return self

    def following(self, core: tuple[str, ...]) -> Self:
        """With the names of the venues that come first, as authors write them, where it asks by them."""
        return self

    def asks_again(self, poll: PollState, ask: Ask) -> bool:
        """Whether it asks for known papers again in this run."""
        return False

    def lacks(self, week: str, now: datetime, entries: Iterable[Entry]) -> bool:
        """Whether entries of a week and of those beside it cannot be all that it brought that week."""
        return False

    def fetch(self, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
        """Its entries, and its next poll state. SourceError where it fails."""
        return self.read(poll, ask)

    def read(self, poll: PollState, ask: Ask) -> Fetched:
        """The same for a source on the disk. SourceError where it cannot be read."""
        raise NotImplementedError(f"{type(self).__name__} says neither how to fetch nor to read")


@dataclass(frozen=True, slots=True)
class WebSource(Source):
    """A source that is one address of the web, asked when it is due."""

    url: Annotated[v.Url, key("the address, http:// or https://")]
    off: Annotated[v.YesNo, key("true lists the source without asking it")] = field(
        default=False, kw_only=True
    )

    @property
    def address(self) -> str:
        """Its url in feeds.yaml."""
        return self.url

    @property
    def host(self) -> str:
        """Its host; all of arXiv's hosts count as one."""
        from sundaypaper.net import host_of

        return ARXIV if at_arxiv(self.url) else host_of(self.url)

    def turn(self, poll: PollState, tools: Tools) -> Pace | None:
        """arXiv's pace, where the url is or has moved there; else None."""
        return tools.pace if at_arxiv(poll.url or self.url) else None


def at_arxiv(url: str) -> bool:
    """Whether an address is one of arXiv's: its API, RSS and OAI count as one for its pace."""
    from sundaypaper.net import host_of

    host = host_of(url).rpartition(":")[0]
    return host == "arxiv.org" or host.endswith(".arxiv.org")
