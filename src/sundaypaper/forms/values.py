"""Kinds of values in feeds.yaml: each a check whose error says in words what would be right."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)

from sundaypaper.errors import QueryError
from sundaypaper.forms.categories import CATEGORIES, SPELLED, USUAL
from sundaypaper.models import Filter
from sundaypaper.models import PrintTime as Moment
from sundaypaper.plugins import nearest, unknown
from sundaypaper.query import TOPIC_FIELDS, Vocabulary, parse
from sundaypaper.text import clean, fold

GROUPS = ("lab", "researcher", "practitioner", "newsletter", "course", "community", "vendor")
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LANGUAGE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
VENUE_KEY = re.compile(f"(other:)?{KEY.pattern}")
# `2602.00001v2`, `hep-th/9901001`, `math.GT/0309136`, bare, after `arxiv:` or in an address.
PAPER_ID = re.compile(
    r"(?:(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:\s?)?"
    r"([0-9]{4}\.[0-9]{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/[0-9]{7})"
    r"(?:v[0-9]{1,3})?(?:\.pdf)?/?",
    re.IGNORECASE,
)
REACHED = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]|https?://[^\s/]")
VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PRINT_TIME = re.compile(f"({'|'.join(WEEKDAYS)}) ([01]?[0-9]|2[0-3]):([0-5][0-9])")
# Of the fields that a topic's own query may use, categories alone are names of a list.
ANYTHING, ARXIV = Vocabulary(), Vocabulary({"cat": SPELLED})
FEWEST_WORDS = 4
LONGEST_EXAMPLE = 5_000
LONGEST_TEXT = 300
LONGEST_ABOUT = 200
LONGEST_URL = 2_000


def shown(value: object) -> str:
    """A value as a message names it: “text”, a list, keys and values, or nothing."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "keys and values"
    return f"“{clean(str(value), 60)}”"


def _short(value: str) -> str:
    cleaned = clean(value)
    if len(cleaned) > LONGEST_TEXT:
        raise ValueError(f"expected at most {LONGEST_TEXT} characters, found {len(cleaned)}")
    return cleaned


def _contact(value: str) -> str:
    """Empty, or something by which the owner of a server can reach a person."""
    cleaned = _short(value)
    if cleaned and not REACHED.search(cleaned):
        raise ValueError(
            "expected a mail address, or a page that begins with https://, by which the owners of servers "
            f"reach you, found {shown(value)}"
        )
    return cleaned


def _text(value: str) -> str:
    if not (cleaned := _short(value)):
        raise ValueError("expected text, found nothing")
    return cleaned


def _about(value: str) -> str:
    cleaned = clean(value)
    if len(cleaned) > LONGEST_ABOUT:
        raise ValueError(f"expected at most {LONGEST_ABOUT} characters, found {len(cleaned)}")
    return cleaned


def _name(value: str) -> str:
    if not fold(cleaned := _text(value)):
        raise ValueError(f"expected a name with a letter or digit, found {shown(value)}")
    return cleaned


def _yes_no(value: object) -> object:
    truth = {"true": True, "false": False}
    answer = truth.get(value.lower()) if isinstance(value, str) else value
    if not isinstance(answer, bool):
        raise ValueError(f"expected true or false, found {shown(value)}")
    return answer


def _key(value: str) -> str:
    if not KEY.fullmatch(value):
        raise ValueError(
            "expected a key of at most 40 small letters, digits and hyphens, such as "
            f"language-models, found {shown(value)}"
        )
    return value


def _venue_key(value: str) -> str:
    _key(value.removeprefix("other:"))
    return value


def _group(value: str) -> str:
    if value and value not in GROUPS:
        raise ValueError(unknown(clean(value), GROUPS))
    return value


def _version(value: str) -> str:
    if value and not VERSION.fullmatch(value):
        raise ValueError(f"expected a version such as 0.1.0, found {shown(value)}")
    return value


def _category(value: str) -> str:
    if value not in CATEGORIES:
        raise ValueError(
            f"expected a category of arXiv such as cs.LG, found {shown(value)}"
            f"{nearest(clean(value), (*USUAL, *CATEGORIES))}"
        )
    return value


def _language(value: str) -> str:
    if not LANGUAGE.fullmatch(value):
        raise ValueError(f"expected a language such as de or pt-BR, found {shown(value)}")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError) as e:
        raise ValueError(
            f"expected a time zone such as UTC or Europe/Berlin, found {shown(value)}"
            f"{nearest(clean(value), tuple(sorted(available_timezones())))}"
        ) from e
    return value


def _print_time(value: object) -> Moment:
    if isinstance(value, Moment):
        return value
    parts = PRINT_TIME.fullmatch(" ".join(value.split())) if isinstance(value, str) else None
    if parts is None:
        raise ValueError(
            f"expected a weekday ({', '.join(WEEKDAYS)}) and a time, such as sun 08:00, "
            f"found {shown(value)}"
        )
    return Moment(WEEKDAYS.index(parts[1]), time(int(parts[2]), int(parts[3])))


def url(value: str) -> str:
    """An address of the web as it was written; ValueError for anything else."""
    expected = f"expected an address that begins with https:// or http://, found {shown(value)}"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError as e:
        raise ValueError(f"{expected} ({clean(str(e), 80)})") from e
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(expected)
    if value != clean(value) or " " in value or len(value) > LONGEST_URL:
        raise ValueError(
            f"expected an address of at most {LONGEST_URL} characters without spaces, "
            f"found {shown(value)}"
        )
    if parts.username is not None or parts.password is not None:
        raise ValueError("expected an address without a user name or password in it")
    return value


def _base_url(value: str) -> str:
    """Ends with a slash, so that `base_url + page.path` is the address of a page."""
    if not value:
        return ""
    if "?" in url(value) or "#" in value:
        raise ValueError(f"expected an address without ? and #, found {shown(value)}")
    return value.rstrip("/") + "/"


def _topic_query(value: object) -> Filter:
    return _query(value, TOPIC_FIELDS, ARXIV)


def _query(
    value: object, only: frozenset[str] | None = None, vocabulary: Vocabulary = ANYTHING
) -> Filter:
    if not isinstance(value, str):
        raise ValueError(f"expected a query, found {shown(value)}")
    try:
        return parse(value, only=only, vocabulary=vocabulary)
    except QueryError as e:
        raise ValueError(str(e)) from e


def _any_query(value: object) -> Filter:
    # Its names are judged with the rest of the file at hand: config/checks.py.
    return _query(value)


def paper_id(text: str) -> str:
    """`arxiv:2602.00001` of whatever form an arXiv id is written in; empty for anything else."""
    match = PAPER_ID.fullmatch(text)
    if match is None:
        return ""
    archive, slash, number = match[1].lower().partition("/")
    return f"arxiv:{archive.partition('.')[0]}/{number}" if slash else f"arxiv:{archive}"


def _example(value: object) -> str:
    """An id as entries carry it, or the title, a line break and the abstract."""
    if not isinstance(value, str) or not (text := clean(value)):
        raise ValueError(f"expected an arXiv id or a title, found {shown(value)}")
    if id := paper_id(text):
        return id
    if len(fold(text).split()) < FEWEST_WORDS:
        raise ValueError(
            f"expected an arXiv id such as 2602.00001 or a text of at least {FEWEST_WORDS} words, "
            f"such as a title and its abstract, found {shown(value)}"
        )
    if len(text) > LONGEST_EXAMPLE:
        raise ValueError(f"expected at most {LONGEST_EXAMPLE:,} characters, found {len(text):,}")
    title, _, summary = value.strip().partition("\n")
    return "\n".join(part for part in (clean(title), clean(summary)) if part)


def _print_time_written(value: Moment | str) -> str:
    return value if isinstance(value, str) else f"{WEEKDAYS[value.weekday]} {value.at:%H:%M}"


def _written(value: Filter) -> str:
    return value.text


def _form(kind: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **more})


def word(expected: str) -> WithJsonSchema:
    """The JSON Schema of a field that holds one word; the union of kinds has checked it."""
    return _form("string", const=expected)


def pattern(expected: str) -> WithJsonSchema:
    """The JSON Schema of a field of this form; the union of kinds has checked it."""
    return _form("string", pattern=f"^{expected}$")


Short = Annotated[str, AfterValidator(_short), _form("string")]
Contact = Annotated[str, AfterValidator(_contact), _form("string")]
Text = Annotated[str, AfterValidator(_text), _form("string", minLength=1)]
About = Annotated[str, AfterValidator(_about), _form("string", maxLength=LONGEST_ABOUT)]
Name = Annotated[str, AfterValidator(_name), _form("string", minLength=1)]
YesNo = Annotated[bool, BeforeValidator(_yes_no), _form("boolean")]
Key = Annotated[str, AfterValidator(_key), _form("string", pattern=f"^{KEY.pattern}$")]
VenueKey = Annotated[
    str, AfterValidator(_venue_key), _form("string", pattern=f"^{VENUE_KEY.pattern}$")
]
Version = Annotated[
    str, AfterValidator(_version), _form("string", pattern=f"^({VERSION.pattern})?$")
]
Group = Annotated[str, AfterValidator(_group), _form("string", enum=["", *GROUPS])]
Category = Annotated[str, AfterValidator(_category), _form("string", enum=list(CATEGORIES))]
Language = Annotated[
    str, AfterValidator(_language), _form("string", pattern=f"^{LANGUAGE.pattern}$")
]
Timezone = Annotated[str, AfterValidator(_timezone), _form("string")]
PrintTime = Annotated[
    Moment,
    PlainValidator(_print_time),
    PlainSerializer(_print_time_written),
    _form("string", pattern=f"^{PRINT_TIME.pattern}$"),
]
Url = Annotated[str, AfterValidator(url), _form("string", pattern="^https?://[^ ]+$")]
BaseUrl = Annotated[
    str, AfterValidator(_base_url), _form("string", pattern="^(https?://[^ ?#]+)?$")
]
Count = Annotated[int, Field(ge=0, le=500)]
Words = Annotated[int, Field(ge=100, le=50_000)]
Ordinal = Annotated[int, Field(ge=1800, le=2200)]
Weight = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]
SourceWeight = Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)]
TopicQuery = Annotated[
    Filter, PlainValidator(_topic_query), PlainSerializer(_written), _form("string", minLength=1)
]
Query = Annotated[
    Filter, PlainValidator(_any_query), PlainSerializer(_written), _form("string", minLength=1)
]
Example = Annotated[
    str,
    PlainValidator(_example),
    # An editor takes a bare id for a number.
    WithJsonSchema({"type": ["string", "number"], "minLength": 1}),
]
