"""The form of the key extensions of feeds.yaml: functions of others that take part in an issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from sundaypaper.forms import Form, key
from sundaypaper.forms.values import KEY
from sundaypaper.plugins import DOTTED, declared, unknown
from sundaypaper.text import clean

KINDS = ("taggers", "signals", "formats", "sections")
MOST = 20


def _words(kind: str) -> object:
    def checked(value: str) -> str:
        if not DOTTED.fullmatch(value) and value not in declared(kind):
            raise ValueError(unknown(clean(value, 60), (*declared(kind), "package.module:name")))
        return value

    pattern = f"^({DOTTED.pattern}|{KEY.pattern})$"
    word = Annotated[str, AfterValidator(checked), WithJsonSchema({"type": "string", "pattern": pattern})]  # fmt: skip
    return Annotated[tuple[word, ...], Field(max_length=MOST)]


@dataclass(frozen=True, slots=True)
class ExtensionsEntry(Form):
    """Functions of your own or of others that take part in an issue (docs/extending.md).

    Each is `package.module:name` of something that is installed beside Sunday Paper, or the name of
    an entry point that an installed package declares.
    """

    taggers: Annotated[
        _words("taggers"), key("what gives entries further topics")  # type: ignore[valid-type]
    ] = ()
    signals: Annotated[
        _words("signals"),  # type: ignore[valid-type]
        key("what adds to the score of an entry; its weight stands in `weights` as `signal:NAME`"),
    ] = ()
    formats: Annotated[
        _words("formats"),  # type: ignore[valid-type]
        key("what writes further files of each printed issue, below extras/NAME/"),
    ] = ()
    sections: Annotated[
        _words("sections"), key("what adds a section to each issue")  # type: ignore[valid-type]
    ] = ()


def name_of(word: str) -> str:
    """The short name of an extension: that of its function, or of its entry point."""
    return word.rpartition(":")[2]
