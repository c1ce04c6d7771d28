"""Parses YAML into plain data, with the place (line and column) of every key and value.

Every scalar stays text as it was written (`2026.10`, `no`), or None where it is empty: what a
text means is for the schema to say, so that YAML's guesses never surprise.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from sundaypaper.errors import ConfigError, Mistake
from sundaypaper.text import clean

Steps = tuple[str | int, ...]
Place = tuple[int, int]

LARGEST = 1_000_000
MOST_VALUES = 50_000
DEEPEST = 20
TAG = "tag:yaml.org,2002:"
NULL = TAG + "null"
SURROGATE = re.compile(r"[\ud800-\udfff]")
PLAIN_TAGS = {
    TAG + t for t in ("str", "int", "float", "bool", "null", "timestamp", "merge", "seq", "map")
} | {TAG + "value"}
HINTS = {
    "'\\t'": "a tab cannot be used here: indent with spaces",
    "mapping values are not allowed": "text that holds “: ” needs quotes around it, or the "
    "indentation is wrong",
    "but found '<scalar>'": "text that begins with a quote ends at the next one: write a query "
    "such as '\"flow matching\" OR diffu*' with single quotes around all of it",
    "undefined alias": "text that begins with * needs quotes around it",
    "cannot start any token": "text that begins with this character needs quotes around it",
    "another document": "one file holds one document: take out the line ---",
}


# What the parser says in words of its own, and what that means for whoever wrote the line.
MEANT = (
    ("expected <block end>, but found '}'", "this } closes nothing that was opened"),
    ("expected <block end>, but found ']'", "this ] closes nothing that was opened"),
    ("expected ',' or '}'", "the { before it is not closed: a } or a comma is missing"),
    ("expected ',' or ']'", "the [ before it is not closed: a ] or a comma is missing"),
    ("unexpected end of stream", "a text in quotes is not closed"),
    ("expected <block end>", "this line stands further in or out than those that it belongs to: begin it in the same column"),
    ("could not find expected ':'", "a key stands without its colon, or a text goes on in a line that does not stand further in"),
)  # fmt: skip
NO_BREAK = re.compile("^[ \t]*(\u00a0)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """Plain data (dict, list, str, None), the places of its values and keys, and what is wrong."""

    file: str
    data: object
    values: Mapping[Steps, Place]
    keys: Mapping[Steps, Place]
    mistakes: tuple[Mistake, ...]

    def mistake(self, steps: Steps, message: str, *, at_key: bool = False) -> Mistake:
        """A mistake at a value, or at its key."""
        line, column = self.keys.get(steps, (1, 1)) if at_key else self.place(steps)
        return Mistake(self.file, line, column, dotted(steps), message)

    def place(self, steps: Steps) -> Place:
        """Line and column of a value, counted from 1."""
        return self.values.get(steps, (1, 1))


def dotted(steps: Steps) -> str:
    """A place as messages write it: `topics[4].match`."""
    parts = (f"[{s}]" if isinstance(s, int) else "." + clean(s, 60) for s in steps)
    return "".join(parts).removeprefix(".")


def read(path: Path, missing: str = "") -> str:
    """The text of a file of at most 1 MB; ConfigError where it is missing or is not UTF-8.

    missing is what else to say where there is no such file: what makes one.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _stop(
            str(path), f"there is no such file in {path.absolute().parent}{missing}"
        ) from None
    except (OSError, ValueError) as e:
        why = getattr(e, "strerror", None) or str(e)
        raise _stop(str(path), f"cannot be read: {clean(why)}") from e
    if len(raw) > LARGEST:
        raise _stop(str(path), "is larger than 1 MB: this cannot be a configuration")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as e:
        before = raw[: e.start]
        column = e.start - (before.rfind(b"\n") + 1) + 1
        message = f"is not UTF-8 (byte 0x{raw[e.start]:02x}): save it as UTF-8 in your editor"
        raise _stop(str(path), message, before.count(b"\n") + 1, column) from e


def parse(text: str, file: str, *, may_be_empty: bool = False) -> YamlDocument:
    """The document of a YAML text; ConfigError where it is not YAML, is empty or expands too far."""
    root = composed(text, file)
    if root is None and may_be_empty:
        return YamlDocument(file, {}, {}, {}, ())
    if root is None:
        raise _stop(file, "is empty: the shortest is the line `sources: [{kind: arxiv}]`")
    reader = _NodeReader(file)
    data = reader.value(root, (), _place(root))
    return YamlDocument(file, data, reader.values, reader.keys, tuple(reader.mistakes))


def _stop(file: str, message: str, line: int = 1, column: int = 1) -> ConfigError:
    return ConfigError((Mistake(file, line, column, "", message),))


def composed(text: str, file: str) -> Node | None:
    """The nodes of a YAML text, None where it is empty; ConfigError where it is not YAML."""
    if odd := NO_BREAK.search(text):
        line, column = text.count("\n", 0, odd.start(1)) + 1, odd.start(1) - odd.start() + 1
        message = "the line begins with a non-breaking space (U+00A0), as web pages and word processors write it"
        raise _stop(file, f"{message}: indent with plain spaces", line, column)
    try:
        with warnings.catch_warnings(action="ignore"):
            node: Node | None = YAML(typ="safe", pure=True).compose(text)
            return node
    except MarkedYAMLError as e:
        raise _syntax(e, file) from e
    except ReaderError as e:
        before = text[: e.position]
        column = len(before) - (before.rfind("\n") + 1) + 1
        message = f"the character {_code(e)} does not belong in a text file: take it out"
        raise _stop(file, message, before.count("\n") + 1, column) from e
    except RecursionError as e:
        raise _stop(file, "lists or keys stand too deep inside one another") from e
    except (YAMLError, ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as e:
        # What the parser itself trips over: escapes past Unicode's end, broken directives.
        message = f"is not YAML that can be read: {clean(str(e), 120) or type(e).__name__}"
        raise _stop(file, message) from e


def _code(error: ReaderError) -> str:
    character = error.character
    number = ord(character) if isinstance(character, str) else int(character)
    return f"U+{number:04X}"


def _syntax(error: MarkedYAMLError, file: str) -> ConfigError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = clean(str(error.problem or error.context or "it ends too early"), 160)
    hint = next((h for sign, h in HINTS.items() if sign in problem), "")
    meant = next((words for sign, words in MEANT if sign in problem), "")
    if meant and (not hint or "or '" in problem):
        problem, hint = meant, ""
    since = ""
    if error.context and error.context_mark and error.context_mark.line + 1 != line:
        since = f" (what it belongs to begins in line {error.context_mark.line + 1})"
    return _stop(file, f"not YAML: {problem}{since}{'; ' + hint if hint else ''}", line, column)


def _place(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


@dataclass(slots=True)
class _NodeReader:
    """Walks the nodes once; aliases are walked again each time, hence the two bounds."""

    file: str
    values: dict[Steps, Place] = field(default_factory=dict)
    keys: dict[Steps, Place] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def value(self, node: Node, steps: Steps, place: Place) -> object:
        self.values[steps] = place
        if len(steps) > DEEPEST:
            message = f"stands more than {DEEPEST} deep, or is an alias that contains itself"
            raise _stop(self.file, message, *place)
        if len(self.values) > MOST_VALUES:
            message = f"with its aliases the file holds more than {MOST_VALUES:,} values"
            raise _stop(self.file, message, *place)
        if node.tag not in PLAIN_TAGS:
            message = f"the tag “{clean(str(node.tag), 40)}” means nothing here: take it out"
            self.mistakes.append(Mistake(self.file, *place, dotted(steps), message))
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, steps)
        if isinstance(node, SequenceNode):
            return [self.value(n, (*steps, i), _place(n)) for i, n in enumerate(node.value)]
        return None if node.tag == NULL else self._text(str(node.value), steps, place)

    def _text(self, text: str, steps: Steps, place: Place) -> str:
        """A text without halves of surrogate pairs, which escapes can write and no page can hold."""
        whole = SURROGATE.sub("", text)
        if whole == text:
            return text
        message = "holds half of a surrogate pair: write the character itself"
        self.mistakes.append(Mistake(self.file, *place, dotted(steps), message))
        return whole

    def _mapping(self, node: MappingNode, steps: Steps) -> dict[str, object]:
        data: dict[str, object] = {}
        for key, value in node.value:
            line, column = _place(key)
            if not isinstance(key, ScalarNode):
                message = "a key must be a word, not a list or keys and values"
                self.mistakes.append(Mistake(self.file, line, column, dotted(steps), message))
                continue
            name = str(key.value)
            here = (*steps, name)
            if name in data:
                first, at = self.keys[here]
                message = f"is given twice, first in line {first}, column {at}: keep one of them"
                self.mistakes.append(Mistake(self.file, line, column, dotted(here), message))
                continue
            self.keys[here] = (line, column)
            # An empty value has no place of its own: the parser puts it at what comes next.
            blank = value.tag == NULL and not value.value
            data[name] = self.value(value, here, (line, column) if blank else _place(value))
        return data
