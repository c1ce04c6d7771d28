"""Finds in a post's title the name of what is out: a model, a data set or a tool that one can use.

A title says so by a verb ("Introducing X", "X is now available"), by a version ("GLM-4.7"), or by what
the thing is ("X: an open library for …"); else one of the post's first two sentences may.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sundaypaper.gist import release_words as said
from sundaypaper.gist.release_names import (
    FAMILY,
    LINKS,
    NEW_OF,
    NO_PART,
    PREPOSITION,
    VERSION,
    is_coined,
    is_of_family,
    name,
    names,
    phrase,
    thing,
)
from sundaypaper.gist.sentence import sentences
from sundaypaper.models import Entry
from sundaypaper.text import fold

QUOTING = ("newsletter", "community")  # they tell of other people's releases
MAKERS = ("lab", "vendor", "practitioner", "")  # a name alone is theirs, not one of an essay
COMPANIES = ("lab", "vendor")  # one word alone is a name of theirs, however it is spelt
MANY_NEWS = 3  # commas in a title that strings the news of a week together
MOST_COINED = 3  # words of a title that is a name without a version
ORGANISATIONS = frozenset(
    "OpenAI DeepMind xAI PyTorch TensorFlow HuggingFace LangChain LlamaIndex".split()
)
REPORT = re.compile(r"\btechnical report\b", re.IGNORECASE)
# What a name may have more than the name of the report on it: sizes, and what kind of thing it is.
SIZE = re.compile(r"^(?:[ae]?[0-9]+(?:\.[0-9]+)?[mbt]|models?|series|family|the|of|on|for)$")


def release(entry: Entry) -> str:
    """The name of what a post says is out, as its title or else its first sentence has it.

    "" where it says no such thing.
    """
    if entry.kind != "post" or entry.group in QUOTING:
        return ""
    title = " ".join(said.EMOJI.sub(" · ", entry.title).strip(" ·").split())
    if _is_of_else(title, entry):
        return ""
    found = next((found for found in _found(title, entry) if found and found in entry.title), "")
    found = found or (_put_out(entry) if entry.group in MAKERS else "")
    its_own = f" {fold(found)} " in f" {fold(entry.source)} "  # the maker, not what it made
    return "" if its_own else found


def _is_of_else(title: str, entry: Entry) -> bool:
    """Whether a post tells of partners, customers, programmes …, or of the news of a week."""
    first = next(iter(sentences(entry.summary)), "")
    if said.PROGRAMME.search(title) or said.PROGRAMME.search(first):
        return True
    announces = said.ANNOUNCES.match(title)
    head = said.SPLIT.split(title[announces.end() :] if announces else title)[0]
    if not announces and not (said.CAMEL.match(head) and title.endswith("?")):
        head = title
    if said.GA.search(head):
        head = head.removeprefix(name(head))  # whatever words the name is made of
    return said.ABOUT_ELSE.search(head) is not None or title.count(",") >= MANY_NEWS


def same_release(title: str, span: str) -> bool:
    """Whether a paper is the technical report on what a post's release names.

    "Gemma 3 Technical Report" is that of "Gemma 3 270M"; that of Qwen3-Omni is not that of Qwen3.
    """
    report = REPORT.search(title)
    if not report:
        return False
    before = title[: report.start()].strip(" :-–—")
    about = before if before else re.split(r"[:,]", title[report.end() :])[0]
    of = {_bare(part) for part in (about, about.split(":")[0])}
    return any(_bare(part) in of for part in re.split(r" and | & |, | / ", span) if _bare(part))


def _bare(text: str) -> tuple[str, ...]:
    """The words of a name without its sizes, folded: a version stays whole, "3.5" is not "3"."""
    words = (fold(word).replace(" ", ".") for word in re.split(r"[\s-]+", text))
    kept = [word for word in words if word and not SIZE.match(word)]
    return tuple(re.sub(r"(?<=[a-z])(?=[0-9])", " ", " ".join(kept)).split())


def _found(title: str, entry: Entry) -> Iterator[str]:
    """What each way of saying it finds, the surest first."""
    yield _announced(title)
    yield _brought_out(title)
    if entry.group in MAKERS:
        yield _alone(title)
        yield title if entry.group in COMPANIES and said.ONE_NAME.match(title) else ""
        yield _described(title)
        yield _of_a_kind(title)
    yield _told(title, entry)


def _announced(title: str) -> str:
    """Introducing X, Welcome X."""
    if match := said.WELCOMES.search(title):
        found = name(title[match.end() :])
        return found if is_coined(found) else ""
    if not (match := said.ANNOUNCES.search(title)):
        return ""
    rest = NO_PART.sub("", title[match.end() :])
    if few := said.FEW_WORDS.match(rest):
        return few[0].rstrip(".")
    if (kind := said.KIND_BEFORE.search(rest)) and (called := name(rest[kind.end() :])):
        return called
    versions = (found for found in names(rest) if is_coined(found) and VERSION.search(found))
    return phrase(rest) or _unnamed(rest) or next(versions, "")


def _unnamed(text: str) -> str:
    """A thing without a name, with what is said of it: "dataset of bird calls"."""
    return said.PAUSE.split(text)[0].rstrip(".") if thing(text) else ""


def _brought_out(title: str) -> str:
    """Somebody releases X, X is now available, X 1.32 Release, Somebody's new X."""
    if match := said.BRINGS_OUT.search(title):
        rest = NO_PART.sub("", title[match.end() :])
        return phrase(rest) or thing(rest)
    found = name(title)
    if released := said.RELEASE.search(found):
        return found[: released.start()]
    rest = title[len(found) :]
    elsewhere = said.ELSEWHERE.search(rest) and not VERSION.search(found)
    more = said.DOTTED.search(found) and said.BRINGS.search(rest)
    out = said.IS_OUT.search(rest) or said.GA.search(rest)
    if found and not said.GERUND.match(found) and not elsewhere and (more or out):
        return found
    if here := said.IS_HERE.search(title) or said.NOW_OUT.search(title):
        return name(here[1])
    new = NEW_OF.match(title)
    return (
        new[0]
        if new and thing(new[0]) and PREPOSITION.match(title[new.end() :].lstrip() or "for")
        else ""
    )


def _alone(title: str) -> str:
    """A title that is a name and no more, with a version or a spelling that only names have."""
    found = name(title)
    if said.PLAIN_THING.sub("", title.rstrip(".!")) != found:
        return ""
    if said.GERUND.match(found) or said.POSSESSIVE.search(found):
        return ""
    words = found.split(" ")
    if VERSION.search(found) or said.TOOL.search(found):
        return found
    own = [word for word in words if word not in ORGANISATIONS]
    coined = own and len(own) <= MOST_COINED and is_coined(own[0])
    one = LINKS.isdisjoint(words)
    return found if one and (coined or FAMILY.search(found)) else ""


def _described(title: str) -> str:
    """X: an open library for …; X 2: whatever follows."""
    match = said.SPLIT.search(title)
    if not match:
        return ""
    head, tail = title[: match.start()], title[match.end() :]
    if said.LOWER.match(head) and thing(tail):
        return head
    if said.SUITE.match(head):
        return NO_PART.sub("", head)
    if head != name(head) or said.GERUND.match(head):
        return ""
    if said.BENCH.search(head):
        return head
    if said.STUDIES.search(tail):
        return ""
    known = is_coined(head) and (VERSION.search(head) or is_of_family(head))
    is_thing = thing(tail) and not said.GERUND.match(tail)
    named = said.CAMEL.match(head) or said.HYPHENATED.match(head)
    return head if known or is_thing or named or said.OWN.search(tail) else ""


def _of_a_kind(title: str) -> str:
    """The new X models, an open dataset for …, and what is open-sourced."""
    if of := said.OF_A_NAME.search(title):
        return name(of[1])
    if said.FIRST_OF.match(title) and said.TOOL.search(found := thing(title)):
        return found
    match = said.SPLIT.search(title)
    tail = title[match.end() :] if match else title
    opens = said.OPEN.search(tail)
    if not opens or said.STUDIES.search(tail) or said.GERUND.match(tail):
        return ""
    return thing(tail[opens.start() :]) if match or "sourcing" in opens[0].lower() else ""


def _put_out(entry: Entry) -> str:
    """What the first sentence says is put out, or describes in the words of a title."""
    first = next(iter(sentences(entry.summary)), "")
    if said.ABOUT_ELSE.search(first):
        return ""
    if puts := said.PUTS_OUT.search(first):
        rest = NO_PART.sub("", first[puts.end() :])
        return name(rest) or thing(rest)
    match = said.SPLIT.search(first)
    if not match or not thing(first[match.end() :].replace(",", "")):
        return ""
    own = name(first[: match.start()])
    return next((found for found in names(entry.title) if is_coined(found) and found in own), "")


def _told(title: str, entry: Entry) -> str:
    """The title's name where one of the first two sentences says that it is out."""
    own = name(NO_PART.sub("", title))
    alone = own == title and entry.group in MAKERS
    for sentence in sentences(entry.summary)[:2]:
        if not said.TOLD.search(sentence) or said.ABOUT_ELSE.search(sentence):
            continue
        announces = said.ANNOUNCES.search(sentence)
        told = name(sentence[announces.end() :]) if announces else ""
        if told and VERSION.search(told) and told in title:
            return told
        telling = own in sentence and (" " in own or is_coined(own))
        if own and not said.GERUND.match(own) and (alone or telling):
            return own
    return ""
