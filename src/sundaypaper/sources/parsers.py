"""The parsers of what comes from the network, as child processes run them; and a child's `main`.

    fetch | in_children: which parser, told what | parsing.Pool | main: its parser | the dataclass

The table names all that a child can be asked for. What comes back is read as JSON of the
dataclass that the parser is declared to give, so that a child can say nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from inspect import signature
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from sundaypaper import codec
from sundaypaper.errors import ParseError
from sundaypaper.parsing import Pool, Refused, serve
from sundaypaper.sources.contract import Parse

Function = Callable[..., Any]

ENTRY = __name__
ROOM = "sundaypaper.sources"


@dataclass(frozen=True, slots=True)
class Row:
    """A parser: its module in this room, its name there, and a document to make it ready with.

    What is loaded with the first document is no part of what that document costs.
    """

    module: str
    function: str
    document: bytes
    about: tuple[object, ...]

    def load(self) -> Function:
        """The function itself."""
        loaded: Function = getattr(import_module(f"{ROOM}.{self.module}"), self.function)
        return loaded


EXAMPLE = "https://example.org/"
ROWS = (
    Row(
        "feed.document",
        "parse",
        b'<rss version="2.0"><channel><title>A</title><item><title>B</title>'
        b"<link>https://example.org/b</link></item></channel></rss>",
        ("text/xml", "A", EXAMPLE),
    ),
    Row(
        "calendar",
        "parse",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:A\r\nDTSTART:20260101T100000Z\r\n"
        b"RRULE:FREQ=DAILY;COUNT=2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        ("A", datetime(2026, 1, 1, tzinfo=UTC)),
    ),
    Row(
        "deadlines",
        "parse",
        b"- title: A\n  year: 2026\n  deadline: '2026-05-15 23:59'\n  timezone: AoE\n",
        ({"name": "A", "url": EXAMPLE}, EXAMPLE),
    ),
    Row(
        "arxiv_page",
        "parse",
        b'<feed xmlns="http://www.w3.org/2005/Atom"><totalResults '
        b'xmlns="http://a9.com/-/spec/opensearch/1.1/">0</totalResults></feed>',
        ("A",),
    ),
    Row("votes", "counts_of", b"[]", ()),
    Row("feed.pages", "feeds_of", b"<html></html>", (EXAMPLE,)),
    Row(
        "opml",
        "parse",
        b'<opml version="2.0"><body><outline text="A" xmlUrl="https://example.org/a"/></body></opml>',
        (EXAMPLE,),
    ),
)
BY_NAME: Mapping[str, Row] = {f"{ROOM}.{row.module}:{row.function}": row for row in ROWS}


def in_children(pool: Pool) -> Parse:
    """Parse in the children of a pool."""

    def parse(parser: Function, body: bytes, /, *about: Any, **named: Any) -> Any:
        name = f"{parser.__module__}:{parser.__name__}"
        if name not in BY_NAME:
            raise LookupError(f"{name} is no parser of the table in {__name__}")
        told, gives = _forms(parser)
        try:
            raw = pool.parse(name, told.dump_json(_about(parser, *about, **named)), body)
        except Refused as refused:
            raise _error(parser, refused) from None
        try:
            return gives.validate_json(raw)
        except ValueError as bad:
            raise ParseError("the process that read it gave an answer of another form") from bad

    return parse


def main() -> None:  # pragma: no cover, as it runs in the child alone
    """Be a child, until the parent is gone."""
    serve({name: partial(ready, name) for name in BY_NAME})


def ready(name: str) -> Callable[[bytes, bytes], bytes]:
    """A parser by its name: from what it is told and a document, both bytes, to JSON.

    It has read its example, so that what it needs is loaded.
    """
    row = BY_NAME[name]
    parser = row.load()
    told, gives = _forms(parser)

    def parse(about: bytes, body: bytes) -> bytes:
        return gives.dump_json(parser(body, *told.validate_json(about)), exclude_defaults=True)

    with suppress(ParseError):
        parse(told.dump_json(told.validate_python(_about(parser, *row.about))), row.document)
    return parse


def _forms(parser: Function) -> tuple[TypeAdapter[Any], TypeAdapter[Any]]:
    """The forms of what a parser is told and of what it gives, as its signature declares them."""
    hints = get_type_hints(parser)
    told: Any = tuple[tuple(hints[name] for name in [*signature(parser).parameters][1:])]  # type: ignore[misc]
    return codec.adapter(told), codec.adapter(hints["return"])


def _about(parser: Function, *about: Any, **named: Any) -> tuple[Any, ...]:
    """What a parser is told beside the document, with its defaults."""
    given = signature(parser).bind(b"", *about, **named)
    given.apply_defaults()
    return given.args[1:]


def _error(parser: Function, refused: Refused) -> ParseError:
    """The error of a parser; one that its module does not know is an ordinary one."""
    kind = vars(import_module(parser.__module__)).get(refused.kind)
    if isinstance(kind, type) and issubclass(kind, ParseError):
        return kind(str(refused))
    return ParseError(str(refused))
