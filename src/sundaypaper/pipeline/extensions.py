"""The extensions that feeds.yaml names: loaded, called, and their answers checked.

What breaks in one is told by its name and place, and costs what it would have brought; nothing of
theirs can stop an issue.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from sundaypaper import plugins
from sundaypaper.config import Config
from sundaypaper.config.extension_settings import name_of
from sundaypaper.forms.values import KEY
from sundaypaper.issue import SectionKind, own_section
from sundaypaper.models import (
    Contribution,
    Entry,
    Issue,
    OwnSection,
    Page,
    Pick,
    Tag,
)
from sundaypaper.text import clean
from sundaypaper.wording.counts import plural

MOST_TAGS = 6
MOST_LINES, MOST_WORDS = 8, 80
MOST_FILES, MOST_BYTES = 40, 2_000_000
LONGEST = 200
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}(/[A-Za-z0-9][A-Za-z0-9._-]{0,79}){0,3}")


T = TypeVar("T")
Call = Callable[..., Any]  # code of others: what it gives is looked at before it is believed


class RefusedError(Exception):
    """Something that an extension gave and that cannot be taken; it never leaves this module."""


@dataclass(slots=True)
class Extensions:
    """The extensions of one run. told() says what went wrong in them so far."""

    config: Config
    _faults: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    _loaded: dict[str, dict[str, Call]] = field(default_factory=dict)

    def tags(self, entry: Entry, own: tuple[Tag, ...]) -> tuple[Tag, ...]:
        """The tags of an entry with those of the taggers; of two for one topic the higher counts."""
        taggers = self._of("taggers")
        if not taggers or entry.topics:
            return own
        best = {tag.topic: tag for tag in own}
        for word, tagger in taggers.items():
            known = frozenset(topic.id for topic in self.config.topics)
            for tag in self._asked("tagger", word, entry.id, partial(_tags, tagger, entry, known)):
                if tag.topic not in best or tag.score > best[tag.topic].score:
                    best[tag.topic] = tag
        return tuple(sorted(best.values(), key=lambda tag: -tag.score)[:MOST_TAGS])

    def signals(self) -> tuple[Callable[[Pick], Contribution | None], ...]:
        """What may be asked of each pick: a part of its score, or nothing."""
        return tuple(partial(self._signal, word, c) for word, c in self._of("signals").items())

    def sections(self) -> tuple[SectionKind, ...]:
        """The sections that are composed beside ours."""
        made = (self._section(word, call) for word, call in self._of("sections").items())
        return tuple(own_section(section) for section in made if section is not None)

    def formats(self) -> tuple[tuple[str, str], ...]:
        """The output formats, each with a hash of the code that makes it."""
        return tuple((word, _code_of(call)) for word, call in self._of("formats").items())

    def pages(self, word: str, issue: Issue, folder: str) -> tuple[Page, ...] | None:
        """The files of an issue in a format, below a folder; None where it broke."""
        ask = partial(_files, self._of("formats")[word], issue, folder)
        return next(iter(self._asked("format", word, issue.week, ask)), None)

    def told(self) -> tuple[str, ...]:
        """What went wrong so far, a line an extension."""
        return tuple(
            f"the {kind} {word} {first}{_and_more(more)}; what it would have brought is left out"
            for (kind, word), (first, more) in self._faults.items()
        )

    # ------------------------------------------------------------ of each kind

    def _signal(self, word: str, call: Call, pick: Pick) -> Contribution | None:
        name = f"signal:{name_of(word)}"
        weight = self.config.weights.get(name, 1.0)
        given = self._asked("signal", word, pick.id, partial(_worth, call, pick))
        return next((Contribution(name, round(weight * v, 4), why) for v, why in given if v), None)

    def _section(self, word: str, call: Call) -> OwnSection | None:
        """The section, with a `take` that raises nothing and gives no more than is printed."""
        made = next(iter(self._asked("section", word, "its beginning", partial(_own, call))), None)
        if made is None:
            return None

        def take(picks: tuple[Pick, ...]) -> tuple[tuple[str, str], ...]:
            return self._asked(
                "section", word, f"{len(picks)} entries", partial(_lines, made, picks)
            )

        return replace(made, take=take)

    # ------------------------------------------------------------ loading and asking

    def _of(self, kind: str) -> dict[str, Call]:
        if kind not in self._loaded:
            words: tuple[str, ...] = getattr(self.config.extensions, kind)
            self._loaded[kind] = dict(self._load(kind, words))
        return self._loaded[kind]

    def _load(self, kind: str, words: Iterable[str]) -> Iterator[tuple[str, Call]]:
        for word in words:
            try:
                yield word, plugins.named(word, {}, kind)
            except ValueError as bad:
                self._fault(kind.removesuffix("s"), word, f"cannot be used: {bad}")

    def _asked(
        self, kind: str, word: str, about: str, ask: Callable[[], Iterable[T]]
    ) -> tuple[T, ...]:
        try:
            return tuple(ask())
        except RefusedError as bad:
            self._fault(kind, word, f"gave for {about} {bad}")
        except Exception as bad:  # whatever somebody else's code raises
            self._fault(kind, word, f"broke at {about}: {_said(bad)}{_place(bad)}")
        return ()

    def _fault(self, kind: str, word: str, text: str) -> None:
        first, more = self._faults.get((kind, word), (text, -1))
        self._faults[kind, word] = first, more + 1


# ---------------------------------------------------------------- what is believed


def _tags(tagger: Call, entry: Entry, known: frozenset[str]) -> Iterator[Tag]:
    for tag in tagger(entry):
        if not isinstance(tag, Tag) or tag.topic not in known:
            topic = tag.topic if isinstance(tag, Tag) else tag
            raise RefusedError(f"{_shown(topic)}, which is no tag of a topic of this paper")
        if not (isinstance(tag.score, (int, float)) and 0 < tag.score <= 1):
            raise RefusedError(f"the score {_shown(tag.score)}; it lies above 0 and at most at 1")
        yield Tag(tag.topic, float(tag.score), _reason(tag.reason))


def _worth(call: Call, pick: Pick) -> Iterator[tuple[float, str]]:
    given = call(pick)
    if not (isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], (int, float))):
        raise RefusedError(f"{_shown(given)}; a number from -1 to 1 and a reason are expected")
    value = float(given[0])
    if not (isfinite(value) and -1 <= value <= 1):
        raise RefusedError(f"{_shown(given[0])}, which lies outside of -1 to 1")
    yield value, _reason(given[1])


def _own(call: Call) -> Iterator[OwnSection]:
    given = call()
    if not isinstance(given, OwnSection):
        raise RefusedError(f"{_shown(given)}, where an OwnSection is expected")
    if not (isinstance(given.id, str) and KEY.fullmatch(given.id)):
        raise RefusedError(f"the id {_shown(given.id)}; it is written like reading-group")
    title = _reason(given.title)
    if not title or not isinstance(given.most, int) or given.most < 1:
        raise RefusedError("no title, or a `most` that is no number from 1 on")
    yield replace(given, title=title, most=min(given.most, MOST_LINES))


def _lines(section: OwnSection, picks: tuple[Pick, ...]) -> Iterator[tuple[str, str]]:
    known = {pick.id for pick in picks}
    for given in section.take(picks):
        if not (isinstance(given, tuple) and len(given) == 2 and given[0] in known):
            raise RefusedError(f"{_shown(given)}; the id of an entry that it was handed and a word are expected")  # fmt: skip
        yield given[0], _reason(given[1])


def _files(call: Call, issue: Issue, folder: str) -> Iterator[tuple[Page, ...]]:
    given = call(issue)
    if not isinstance(given, dict) or len(given) > MOST_FILES:
        raise RefusedError(f"no mapping of at most {MOST_FILES} names to files")
    pages = []
    for name, body in given.items():
        if not (isinstance(name, str) and FILE.fullmatch(name)):
            raise RefusedError(
                f"the file name {_shown(name)}; it is written like screen/index.html"
            )
        if not isinstance(body, (str, bytes)):
            raise RefusedError(f"for {name} {_shown(body)}, where text or bytes are expected")
        pages.append(Page(f"{folder}/{name}", body.encode() if isinstance(body, str) else body))
    if sum(len(page.body) for page in pages) > MOST_BYTES:
        raise RefusedError(f"more than {MOST_BYTES:,} bytes")
    yield tuple(pages)


def _and_more(times: int) -> str:
    return f", and {plural(times, 'time')} more" if times else ""


def _reason(text: object) -> str:
    if not isinstance(text, str):
        raise RefusedError(f"{_shown(text)}, where words are expected")
    return clean(text, MOST_WORDS)


def _shown(value: object) -> str:
    try:
        return f"“{clean(str(value), MOST_WORDS)}”"
    except Exception:  # its own code writes it
        return f"a {type(value).__name__}"


def _said(bad: Exception) -> str:
    try:
        words = clean(str(bad), LONGEST)
    except Exception:  # its own code writes it
        words = ""
    return f"{type(bad).__name__}{f': {words}' if words else ''}"


def _place(bad: Exception) -> str:
    """File and line of the extension's code that was at work."""
    frames = traceback.extract_tb(bad.__traceback__)
    last = frames[-1] if frames else None
    return f" ({Path(last.filename).name}:{last.lineno})" if last else ""


def _code_of(call: Call) -> str:
    """A hash of the module that a function stands in: files are made anew where it changed."""
    module = sys.modules.get(getattr(call, "__module__", "") or "")
    file = getattr(module, "__file__", None)
    try:
        body = Path(file).read_bytes() if file else b""
    except OSError:
        body = b""
    return sha256(body).hexdigest()[:16]
