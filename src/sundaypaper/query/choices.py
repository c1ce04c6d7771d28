"""What somebody chooses on a form, as one filter, and a filter as such choices. Pure.

A filter of choices is an OR of `topic:…`, `venue:…`, `author:"…"` and queries. Each part of a
filter's outermost OR that is one of those is read back as that choice, and any other as a query.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lark import Token

from sundaypaper.errors import QueryError
from sundaypaper.models import Is
from sundaypaper.text import fold

from .exact import QUOTES
from .language import ANYTHING, DASHES, parse, tokens, visible
from .vocabulary import Vocabulary

UNQUOTED = str.maketrans(dict.fromkeys(QUOTES, " "))


@dataclass(frozen=True, slots=True)
class Choices:
    """An edition, topics and venues by their ids, people by name, queries: one a line, as written.

    Lines may be blank, so that the number of a line is that of the form.
    """

    edition: str = ""
    topics: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()

    @property
    def are_more_than_an_edition(self) -> bool:
        """Whether anything is chosen beside an edition."""
        lines = any(line.strip() for line in (*self.people, *self.queries))
        return bool(self.topics or self.venues or lines)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a form offers: topics and venues by their ids, and editions with their queries."""

    topics: Collection[str] = ()
    venues: Collection[str] = ()
    editions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slip:
    """A choice that cannot be read: its field, and its line and column there (from 1; 0 for none).

    message says what the filter language does of a query; of all of them where there is no line.
    """

    field: Literal["edition", "topic", "venue", "people", "queries"]
    line: int
    column: int
    message: str = ""


# ---------------------------------------------------------------- choices to filter


def wish_of(choices: Choices, editions: Mapping[str, str]) -> tuple[str, str]:
    """The filter and the edition that choices ask for; at most one of them holds anything.

    An edition alone stays one; beside other choices its query is one more part.
    """
    if not choices.are_more_than_an_edition:
        return "", choices.edition
    return filter_of(choices, editions), ""


def filter_of(choices: Choices, editions: Mapping[str, str]) -> str:
    """The query that lets through what any of the choices does, "" where nothing is chosen.

    It parses where each line does; editions are queries by id.
    """
    edition = editions.get(choices.edition, "")
    parts = [f"({edition} )" if edition.endswith(tuple(DASHES)) else f"({edition})"] * bool(edition)
    parts += [f"topic:{topic}" for topic in choices.topics]
    parts += [f"venue:{venue}" for venue in choices.venues]
    parts += [author for name in choices.people if (author := _author(name))]
    parts += [_member(line.strip()) for line in choices.queries if line.strip()]
    return " OR ".join(dict.fromkeys(parts))


def slips(choices: Choices, offered: Offered, vocabulary: Vocabulary) -> tuple[Slip, ...]:
    """What cannot be read of choices, in the order of the form."""
    return tuple(_slips(choices, offered, vocabulary))


def _slips(choices: Choices, offered: Offered, vocabulary: Vocabulary) -> Iterator[Slip]:
    if choices.edition and choices.edition not in offered.editions:
        yield Slip("edition", 0, 0)
    if any(topic not in offered.topics for topic in choices.topics):
        yield Slip("topic", 0, 0)
    if any(venue not in offered.venues for venue in choices.venues):
        yield Slip("venue", 0, 0)
    for number, name in enumerate(choices.people, 1):
        if name.strip() and not fold(name):
            yield Slip("people", number, 1)
    unread = tuple(_unread(choices.queries, vocabulary))
    yield from unread
    if not unread:
        yield from _whole(choices, offered)


def _unread(lines: Iterable[str], vocabulary: Vocabulary) -> Iterator[Slip]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                parse(line, vocabulary=vocabulary)
            except QueryError as bad:
                yield Slip("queries", number, bad.column, bad.message)


def _whole(choices: Choices, offered: Offered) -> Iterator[Slip]:
    """What is wrong with all of it together, such as its length."""
    text = filter_of(choices, offered.editions)
    try:
        if text:
            parse(text)
    except QueryError as bad:
        yield Slip("queries", 0, 0, bad.message)


def _author(name: str) -> str:
    words = " ".join(visible(name)[0].translate(UNQUOTED).split())
    return f'author:"{words}"' if words else ""


def _member(query: str) -> str:
    """A query as a member of an OR; one that is an OR itself stays together, to be read back so."""
    if len(_parts(query)) < 2:
        return query
    # A dash at the end is punctuation before a space only.
    return f"({query} )" if query.endswith(tuple(DASHES)) else f"({query})"


# ---------------------------------------------------------------- filter to choices


def choices_of(filter: str, edition: str, offered: Offered) -> Choices:
    """The choices that ask for the same as a filter that parses, or an edition.

    What is none of what is offered is a query.
    """
    edition = edition if edition in offered.editions else ""
    if not filter.strip():
        return Choices(edition=edition)
    topics, venues = _by_value(offered.topics), _by_value(offered.venues)
    chosen: dict[str, list[str]] = {name: [] for name in ("topic", "venue", "author", "query")}
    for part in _parts(filter):
        field, value = _choice(part)
        known = {"topic": topics, "venue": venues}.get(field)
        if known is not None and value in known:
            chosen[field].append(known[value])
        elif field == "author":
            chosen["author"].append(value)
        elif not edition and (found := _edition(part, offered.editions)):
            edition = found
        else:
            chosen["query"].append(_bare(part))
    each = {name: tuple(dict.fromkeys(values)) for name, values in chosen.items()}
    return Choices(edition, each["topic"], each["venue"], each["author"], each["query"])


def _by_value(ids: Iterable[str]) -> dict[str, str]:
    """Ids by what a filter's tree holds of them."""
    return {fold(id): id for id in ids}


def _parts(text: str) -> list[str]:
    """The members of the outermost OR of a query, as they are written."""
    plain = visible(text)[0]
    parts: list[str] = []
    depth = start = 0
    for token in _tokens(plain):
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if token.type == "_OR" and not depth:
            parts.append(plain[start : token.start_pos])
            start = token.end_pos or 0
    return [part.strip() for part in (*parts, plain[start:])]


def _tokens(plain: str) -> Iterator[Token]:
    parse(plain)  # what does not parse may have no tokens
    return tokens(plain)


def _choice(part: str) -> tuple[str, str]:
    """The field and the value of a part that is one of a form's; "" for any other.

    A name is as it was written.
    """
    each = list(tokens(part))
    if len(each) != 1 or each[0].type != "FIELD":
        return "", ""
    match parse(part).tree:
        case Is("author", _, prefix):
            name = part.partition(":")[2].removesuffix("*").translate(UNQUOTED).strip()
            return "author", name.removesuffix("*") + "*" * prefix
        case Is("topic" | "venue" as field, value, False):
            return field, value
    return "", ""


def _bare(part: str) -> str:
    """A part without the parentheses around all of it."""
    each = list(tokens(part))
    depth = 0
    for number, token in enumerate(each):
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if not depth and number and number == len(each) - 1:
            return part[each[0].end_pos : token.start_pos].strip()
        if not depth:
            break
    return part


def _edition(part: str, editions: Mapping[str, str]) -> str:
    """The edition whose query a part is, "" where it is none."""
    tree = parse(part, vocabulary=ANYTHING).tree
    return next((id for id, query in editions.items() if query and parse(query).tree == tree), "")
