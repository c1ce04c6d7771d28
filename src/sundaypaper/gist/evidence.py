"""Finds evidence in an entry: code, data, a survey …, each with the words that state it.

Precision first: a promise ("code will be released") or other people's code is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sundaypaper.gist import signs
from sundaypaper.gist.releases import release
from sundaypaper.gist.sentence import sentences
from sundaypaper.models import Entry, Evidence, EvidenceKind
from sundaypaper.text import fold, shorten

SPAN_LIMIT = 160
FEW_REPOSITORIES = 3  # a post that links more lists other people's code
MANY_NEWS = 3  # commas in a title that strings the news of a week together

# A pattern is tried only on a text that holds one of its words: most texts hold none.
CODE_WORDS = ("code", "implement", "repository", "toolkit", "script", "artifacts", "all ", "github")
HOST_WORDS = ("github", "gitlab", "huggingface")
DATA_WORDS = ("data", "bench", "corpus", "corpora", "suite", "annotations", "demonstrations")
DATA_HOSTS = ("huggingface", "zenodo", "kaggle")
WEIGHTS_HOSTS = ("huggingface", "hf.co", "modelscope")
PROJECT_HOSTS = ("github.io", "sites.google", "page", "site")
MODEL_WORDS = ("model", "weights", "checkpoint", "librar", "tool", "package", "software", "artifa")
SURVEY_WORDS = ("survey", "review", "overview")
TUTORIAL_WORDS = ("tutorial", "primer")
LECTURE_WORDS = ("notes", "textbook", "course")
ANY_WORDS = tuple(
    {
        *CODE_WORDS,
        *HOST_WORDS,
        *DATA_WORDS,
        *DATA_HOSTS,
        *WEIGHTS_HOSTS,
        *MODEL_WORDS,
        *SURVEY_WORDS,
        *TUTORIAL_WORDS,
        *LECTURE_WORDS,
        "open",
        "availab",
        "releas",
    }
)


@dataclass(frozen=True, slots=True)
class _Sentences:
    """The sentences that state something, each with its lower case; and whether data is promised."""

    stated: tuple[tuple[str, str], ...]
    data_promised: bool

    def having(self, words: Iterable[str]) -> list[str]:
        """The stated sentences that hold one of some words."""
        return [text for text, low in self.stated if any(w in low for w in words)]

    def first(self, words: Iterable[str], *patterns: re.Pattern[str]) -> str:
        """The match of the first pattern that occurs in any sentence, or ""."""
        held = self.having(words)
        return next((span for p in patterns if (span := _first(p, held))), "")


def evidence(entry: Entry) -> tuple[Evidence, ...]:
    """The evidence in an entry, one of a kind, in the order code, data, survey … release.

    The span is a piece of the entry's own text or one of its links, at most 160 characters.
    """
    spans: dict[EvidenceKind, str] = {}
    for kind, span in (*_own_kind(entry), *_by_kind(entry)):
        if span:
            spans.setdefault(kind, shorten(span, SPAN_LIMIT))
    return tuple(Evidence(kind, span) for kind, span in spans.items())


def _own_kind(entry: Entry) -> Iterator[tuple[EvidenceKind, str]]:
    if entry.kind in ("course", "event"):
        yield entry.kind, entry.title or entry.url


def _by_kind(entry: Entry) -> Iterator[tuple[EvidenceKind, str]]:
    if entry.kind == "paper":
        yield from _of_paper(entry, _listen(entry))
    elif entry.kind in ("post", "course"):
        yield from _of_post(entry, _listen(entry))


def _listen(entry: Entry) -> _Sentences:
    """The sentences that state something, without those whose address another one only promises."""
    stated, promised = [], []
    for text in (*sentences(entry.comment), *sentences(entry.summary)):
        low = text.lower()
        if not any(word in low for word in ANY_WORDS):
            continue
        if not signs.UNSURE.search(text):
            stated.append((text, low))
        elif signs.PROMISE.search(text):
            promised.append(text)
    urls = [m[0].lower() for text in promised if (m := signs.CODE_URL.search(text))]
    kept = tuple(pair for pair in stated if not any(url in pair[1] for url in urls))
    return _Sentences(kept, any(signs.DATA_WORD.search(text) for text in promised))


def _of_paper(entry: Entry, statements: _Sentences) -> Iterator[tuple[EvidenceKind, str]]:
    survey = _survey(entry, statements)
    tool = statements.first(("open",), signs.OPEN_TOOL)
    yield "code", _code(entry, statements, bool(survey)) or tool
    yield "data", (data := _data(entry, statements, bool(survey)))
    yield "survey", survey
    yield "tutorial", _first(signs.TUTORIAL, [entry.title])
    yield "tutorial", statements.first(TUTORIAL_WORDS, signs.TUTORIAL_SAID)
    yield "course", _course(entry, statements)
    released = statements.first(MODEL_WORDS, signs.RELEASE_SAID) or tool
    yield "release", released or ("" if data else _named(entry, statements))
    yield "weights", statements.first(WEIGHTS_HOSTS, signs.WEIGHTS_URL) or _weights(released)
    yield "project", _project(entry)


def _of_post(entry: Entry, statements: _Sentences) -> Iterator[tuple[EvidenceKind, str]]:
    titles = [] if entry.title.count(",") >= MANY_NEWS else [entry.title]
    current = [] if signs.PAST.search(entry.title) else titles
    papers = [text for text in _of_a_field(statements) if signs.RESEARCH.search(text)]
    yield "code", _code(entry, statements, False)
    yield (
        "data",
        _data_address(entry, statements) or _first(signs.DATA_TITLE, titles) or _made(statements),
    )
    yield "survey", _first(signs.SURVEY_SAID, papers)
    yield "tutorial", _first(signs.TUTORIAL, titles) or _first(signs.HOW_TO, titles)
    yield "course", _first(signs.COURSE_TITLE, titles)
    yield "event", _first(signs.EVENT_TITLE, current)
    yield "release", release(entry)


# ---------------------------------------------------------------- code and data


def _code(entry: Entry, statements: _Sentences, is_survey: bool) -> str:
    """The authors' code; a survey's repository without a word of code is a list of papers."""
    linked = "" if is_survey else _linked_code(statements)
    return _own_code(entry) or linked or statements.first(CODE_WORDS, signs.CODE_SAID)


def _own_code(entry: Entry) -> str:
    """The first repository among the links that is the entry's own, unless there are many."""
    repositories = {m[0].lower(): m[0] for link in entry.links if (m := signs.CODE_URL.match(link))}
    if len(repositories) > FEW_REPOSITORIES:
        return ""
    mine = (url for url in repositories.values() if entry.kind == "paper" or _is_own(url, entry))
    return next(mine, "")


def _is_own(url: str, entry: Entry) -> bool:
    """Whether a post names the repository in its title, or its blog the repository's owner."""
    owner, name = (fold(part).replace(" ", "") for part in url.rsplit("/", 2)[-2:])
    title = fold(entry.title).replace(" ", "")
    labels = urlsplit(entry.url).netloc.split(".")
    blog = [fold(label).replace(" ", "") for label in (entry.source, *labels[:-1])]
    by_owner = any(len(b) > 3 and len(owner) > 3 and (b in owner or owner in b) for b in blog)
    return by_owner or (len(name) > 3 and name in title)


def _linked_code(statements: _Sentences) -> str:
    """A repository's address, unless it is said to hold only something else."""
    for sentence in statements.having(HOST_WORDS):
        if repository := signs.CODE_URL.search(sentence):
            before = sentence[: repository.start()]
            if signs.CODE_WORD.search(before) or not signs.NO_CODE.search(before):
                return repository[0]
    return ""


def _data(entry: Entry, statements: _Sentences, is_survey: bool) -> str:
    """Data that one can get; what a survey presents is other people's."""
    if span := _data_address(entry, statements) or statements.first(DATA_WORDS, signs.DATA_SAID):
        return span
    if is_survey or statements.data_promised:
        return ""
    return _first(signs.DATA_TITLE, [entry.title]) or _made(statements)


def _made(statements: _Sentences) -> str:
    if span := statements.first(DATA_WORDS, signs.DATA_MADE):
        return span
    built = (signs.DATA_BUILT.search(text) for text in statements.having(DATA_WORDS))
    return next((m[0] for m in built if m and signs.OF_ITS_OWN.search(m[0])), "")


def _data_address(entry: Entry, statements: _Sentences) -> str:
    return _first(signs.DATA_URL, [*entry.links, *statements.having(DATA_HOSTS)])


def _weights(released: str) -> str:
    """What is said to be released, where that is a model and not a tool."""
    return released if signs.WEIGHTS_SAID.search(released) else ""


def _project(entry: Entry) -> str:
    """The page of the work, which stands there even where it only promises code."""
    texts = [t for t in (entry.comment, entry.summary) if any(w in t for w in PROJECT_HOSTS)]
    return _first(signs.PROJECT_URL, texts) or _first(signs.PROJECT_SAID, texts)


# ---------------------------------------------------------------- surveys, courses, releases


def _survey(entry: Entry, statements: _Sentences) -> str:
    if span := _first(signs.SURVEY_SAID, _of_a_field(statements)):
        return span
    title = entry.title
    if not (span := _first(signs.SURVEY_TITLE, [title])) or signs.ASKED_SENTENCE.search(title):
        return ""
    of_people = signs.ASKED.search(title) or signs.ASKED.search(entry.summary)
    return "" if of_people and not signs.FIELD.search(title) else span


def _of_a_field(statements: _Sentences) -> list[str]:
    held = statements.having(SURVEY_WORDS)
    return [text for text in held if not signs.ASKED_SENTENCE.search(text)]


def _course(entry: Entry, statements: _Sentences) -> str:
    held = [text for text in statements.having(LECTURE_WORDS) if not signs.SERIES.search(text)]
    return _first(signs.LECTURE, [entry.title]) or _first(signs.LECTURE_SAID, held)


def _named(entry: Entry, statements: _Sentences) -> str:
    """The title's own "Name: what it is", said to be available."""
    name, colon, _ = entry.title.partition(":")
    if not colon or len(name) < 3:
        return ""
    for text, _ in statements.stated:
        at = text.find(name)
        own = at == 0 or text[:at] in ("Our ", "The ", "Our model ", "Our framework ")
        if own and (available := signs.IS_OUT.match(text, at + len(name))):
            return text[at : available.end()]
    return ""


def _first(pattern: re.Pattern[str], texts: Iterable[str]) -> str:
    return next((found[0].strip(" :") for text in texts if (found := pattern.search(text))), "")
