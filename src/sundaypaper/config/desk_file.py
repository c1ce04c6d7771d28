"""Loads desk/2026-W10.yaml, the editor's decisions for one week, as an Editorial.

ConfigError lists every mistake in it at once, as with feeds.yaml.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from sundaypaper import markdown
from sundaypaper.config.messages import explained
from sundaypaper.errors import ConfigError, Mistake
from sundaypaper.forms import values as v
from sundaypaper.forms.document import Steps, YamlDocument, parse, read
from sundaypaper.forms.strict import Strict
from sundaypaper.models import Editorial
from sundaypaper.plugins import nearest
from sundaypaper.text import CONTROL, clean, words

FORMAT = 1
INTRO_WORDS = 120
MOST_LEADS = 5
LONGEST_HEADLINE, LONGEST_NOTE, LONGEST_NAME = 90, 300, 80


def _line(longest: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        cleaned = clean(value)
        if len(cleaned) > longest:
            raise ValueError(f"expected at most {longest} characters, found {len(cleaned)}")
        return cleaned

    return check


def _intro(value: str) -> str:
    lines = (CONTROL.sub("", line).rstrip() for line in value.splitlines())
    text = unicodedata.normalize("NFC", "\n".join(lines)).strip()
    if (count := words(markdown.plain(text))) > INTRO_WORDS:
        raise ValueError(f"expected at most {INTRO_WORDS} words, found {count}")
    for url in markdown.links(text):
        if not markdown.is_web(url):
            raise ValueError(
                f"expected links that begin with https://, http:// or mailto:, found {v.shown(url)}"
            )
    return text


def _id(value: str) -> str:
    text = clean(value)
    return v.paper_id(text) or text


def _filled(value: Any) -> Any:
    """A value without empty items: `- ` or `id:` with nothing behind it means nothing."""
    if isinstance(value, list):
        return [item for item in value if item not in (None, "")]
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if item not in (None, "")}
    return value


def headline_text(value: str) -> str:
    """A headline as a desk file may hold it; ValueError says what is wrong with it."""
    return _line(LONGEST_HEADLINE)(value)


def intro_text(value: str) -> str:
    """The editor's words as a desk file may hold them; ValueError says what is wrong with them."""
    return _intro(value)


Id = Annotated[str, AfterValidator(_id)]
Note = Annotated[str, AfterValidator(_line(LONGEST_NOTE))]


class DeskFile(Strict):
    """What an editor may say of one week; all of it may be missing."""

    format: Annotated[int, Field(ge=1, le=FORMAT)] = Field(
        default=FORMAT, description="the format of this file"
    )
    headline: Annotated[str, AfterValidator(_line(LONGEST_HEADLINE))] = Field(
        default="", description=f"the headline of the issue, at most {LONGEST_HEADLINE} characters"
    )
    intro: Annotated[str, AfterValidator(_intro)] = Field(
        default="",
        description=f"your words to the readers in Markdown, at most {INTRO_WORDS} words",
    )
    signed: Annotated[str, AfterValidator(_line(LONGEST_NAME))] = Field(
        default="", description="your name below the intro"
    )
    lead: Annotated[tuple[Id, ...], BeforeValidator(_filled)] = Field(
        default=(),
        max_length=MOST_LEADS,
        description=f"ids that stand first in “Read first”, in your order, at most {MOST_LEADS}",
    )
    drop: Annotated[tuple[Id, ...], BeforeValidator(_filled)] = Field(
        default=(), description="ids that are not printed; the list of all entries keeps them"
    )
    notes: Annotated[dict[str, Note], BeforeValidator(_filled)] = Field(
        default={}, description="a sentence of yours under an entry, by id"
    )


def keys() -> dict[str, str]:
    """The keys of the file, each with its sentence, in their order."""
    return {name: field.description or "" for name, field in DeskFile.model_fields.items()}


def load_desk(
    path: Path, week: str, known_ids: Collection[str], others: Collection[str] = ()
) -> Editorial:
    """The editorial of a week; ConfigError with every mistake, in the file's order.

    known_ids are the week's candidates; others may be dropped or noted but cannot lead: dates,
    landmarks, papers that only changed.
    """
    document = parse(read(path), str(path), may_be_empty=True)
    mistakes = list(document.mistakes)
    if not isinstance(document.data, dict):
        message = f"expected keys and values; the keys are {', '.join(keys())}"
        raise ConfigError((document.mistake((), message),))
    mistakes += _misplaced(document, week, frozenset(known_ids), frozenset(others))
    try:
        file = DeskFile.model_validate(document.data)
    except ValidationError as e:
        mistakes += explained(e, document, lambda place: {} if place else keys())
        raise ConfigError(_in_order(mistakes)) from e
    if mistakes:
        raise ConfigError(_in_order(mistakes))
    return _editorial(file)


def said_in(path: Path) -> Editorial | None:
    """What a desk file says, whether its ids are known or not; None where it has a mistake."""
    try:
        document = parse(read(path), str(path), may_be_empty=True)
        return None if document.mistakes else _editorial(DeskFile.model_validate(document.data))
    except (ConfigError, ValidationError):
        return None


def _editorial(file: DeskFile) -> Editorial:
    notes = {_id(key): note for key, note in file.notes.items()}
    return Editorial(file.headline, file.intro, file.lead, file.drop, notes, file.signed)


def _in_order(mistakes: list[Mistake]) -> tuple[Mistake, ...]:
    return tuple(sorted(mistakes, key=lambda m: (m.line, m.column)))


Named = list[tuple[Steps, str]]


def _misplaced(
    document: YamlDocument, week: str, known: frozenset[str], others: frozenset[str]
) -> Iterator[Mistake]:
    """Ids that are no candidates, that stand twice, or that are both printed and dropped."""
    lead, drop, notes = (_named(document, key) for key in ("lead", "drop", "notes"))
    for steps, id in (*lead, *drop, *notes):
        at_key = steps[0] == "notes"
        if id not in known | others:
            hint = nearest(id, tuple(sorted(known))) or "; `sundaypaper desk` lists them"
            message = f"“{clean(id, 60)}” is no candidate of {week}{hint}"
            yield document.mistake(steps, message, at_key=at_key)
        elif steps[0] == "lead" and id not in known:
            yield document.mistake(steps, f"“{id}” cannot lead: it is no news of {week}")
    dropped = {id for _, id in drop}
    for steps, id in (*lead, *notes):
        if id in dropped:
            message = f"“{clean(id, 60)}” is dropped as well: keep one of them"
            yield document.mistake(steps, message, at_key=steps[0] == "notes")
    for named in (lead, drop, notes):
        yield from _twice(document, named)


def _twice(document: YamlDocument, named: Named) -> Iterator[Mistake]:
    seen: set[str] = set()
    for steps, id in named:
        if id in seen:
            message = f"“{clean(id, 60)}” stands here twice: keep one of them"
            yield document.mistake(steps, message, at_key=steps[0] == "notes")
        seen.add(id)


def _named(document: YamlDocument, key: str) -> Named:
    """The ids that stand below a key, each with its place."""
    below = document.data.get(key) if isinstance(document.data, dict) else None
    if isinstance(below, dict):
        return [((key, name), _id(name)) for name, note in below.items() if note]
    entries = enumerate(below) if isinstance(below, list) else ()
    return [((key, at), _id(id)) for at, id in entries if isinstance(id, str) and id]
