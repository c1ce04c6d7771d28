"""Reads words.yaml, the table of a paper's own words; ConfigError with the place of each mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError

from sundaypaper.config.messages import explained
from sundaypaper.errors import ConfigError, Mistake
from sundaypaper.forms.document import YamlDocument, parse, read
from sundaypaper.forms.strict import Strict
from sundaypaper.wording.messages import skeleton
from sundaypaper.wording.tongue import Tongue, counting, holes

FILE = "words.yaml"


class Row(Strict):
    """Words in English, and the same in the language of the paper; empty where they are not said yet."""

    en: str = Field(description="the words in English, as the program has them")
    own: str = Field(default="", description="the same in the language of the paper")


class WordsFile(Strict):
    """The table: messages of templates, phrases that are composed, nouns that are counted."""

    thousands: str = Field(default=",", description="the mark between thousands")
    decimal: str = Field(default=".", description="the mark before decimals")
    counted: tuple[Row, ...] = Field(default=(), description="nouns: forms with | between them")
    phrases: tuple[Row, ...] = Field(default=(), description="what is composed, with its {holes}")
    templates: tuple[Row, ...] = Field(default=(), description="what stands in templates")


_FORM = TypeAdapter(WordsFile)


def tongue_of(path: Path, language: str) -> Tongue:
    """The words of a table in a language; without the file English alone. ConfigError as above."""
    return tongue(read(path), str(path), language) if path.exists() else Tongue(language)


def tongue(text: str, file: str, language: str) -> Tongue:
    """The words of the text of a table."""
    document = parse(text, file)
    try:
        table = _FORM.validate_python(document.data)
    except ValidationError as e:
        raise ConfigError(tuple(explained(e, document))) from e
    if found := (*document.mistakes, *_mistakes(document, table, language)):
        raise ConfigError(tuple(found))
    return Tongue(
        language,
        templates=_said(table.templates),
        phrases=_said(table.phrases),
        counted=_said(table.counted),
        marks=(table.thousands, table.decimal),
    )


def _said(rows: tuple[Row, ...]) -> dict[str, str]:
    return {row.en: row.own for row in rows if row.own}


def _mistakes(document: YamlDocument, table: WordsFile, language: str) -> Iterator[Mistake]:
    forms, _ = counting(language)
    for at, row in enumerate(table.counted):
        if row.own and len(row.own.split("|")) != forms:
            yield document.mistake(("counted", at, "own"), f"expected {forms} forms with | between them, since `{language}` has so many")  # fmt: skip
    for at, row in enumerate(table.phrases):
        if row.own and holes(row.own) != holes(row.en):
            yield document.mistake(("phrases", at, "own"), f"holds other {{holes}} than “{row.en}”")
    for at, row in enumerate(table.templates):
        if row.own and (lacks := skeleton(row.en) - skeleton(row.own)):
            yield document.mistake(("templates", at, "own"), f"lacks {' and '.join(lacks)} of the English words")  # fmt: skip
        elif row.own and (more := skeleton(row.own) - skeleton(row.en)):
            yield document.mistake(("templates", at, "own"), f"holds {' and '.join(more)}, which the English words do not")  # fmt: skip
