"""Picks the gist of an entry: its most telling sentence, the source's own, never rewritten."""

from __future__ import annotations

import re
from functools import lru_cache

from sundaypaper.models import Entry
from sundaypaper.text import fold, shorten

PAPER_LIMIT = 220
POST_LIMIT = 160
LATE_CUE = 150  # a contribution named after so many characters is lost when the sentence is cut
BACKGROUND = 19  # the rank of a sentence that does not speak of the paper's own work

# ---------------------------------------------------------------- sentences

BREAK = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[$\\]*[A-Z0-9\\$])")
# Never the end of a sentence.
OPEN = re.compile(
    r"(?:\b(?:e\.\s?g|i\.\s?e|figs?|eqs?|secs?|tabs?|refs?|app|cf|vs|v\.s|resp|approx|dr|prof|mr|"
    r"mrs|"
    r"ms|st|viz|ca|incl|ext|dept|univ|vol|ed|eds)|(?:^|\s)[A-Z])\.$",
    re.IGNORECASE,
)
INITIAL = re.compile(r"(?:^|[\s(])(?:[A-Z]\.)+$")
NUMBER = re.compile(r"\b(?:no|nos|pp)\.$", re.IGNORECASE)
# The end of a sentence only before a word that opens one.
MAYBE = re.compile(
    r"\b(?:et al|etc|a\.k\.a|i\.i\.d|w\.r\.t|u\.s|u\.k|inc|ltd|co|jr)\.$", re.IGNORECASE
)
STARTER = re.compile(
    r"[\"'“(]*(?:we|our|in|this|these|the|to|it|its|here|however|moreover|furthermore|finally|"
    r"yet|while|although|for|by|on|as|with|from|such|thus|therefore|a|an|experiments|results|using)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4)  # the gist and the evidence of an entry read the same summary
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a plain text, unchanged and in order."""
    complete, start = [], 0
    for end in BREAK.finditer(text):
        at = end.end()
        if not _goes_on(text[max(start, at - 24) : at].rstrip(), text[at : at + 24]):
            complete.append(text[start:at].rstrip())
            start = at
    rest = text[start:].strip()
    return tuple([*complete, rest] if rest else complete)


def _goes_on(head: str, tail: str) -> bool:
    if NUMBER.search(head):
        return tail[:1].isdigit()
    if MAYBE.search(head):
        return STARTER.match(tail) is None
    return bool(INITIAL.search(head) or OPEN.search(head))


# ---------------------------------------------------------------- gist

_ADVERB = (
    r"(?:(?:also|thus|then|first|further|therefore|instead|here|hence|formally|successfully|"
    r"systematically|[a-z]+ly),? )?"
)
_MAKE = (
    r"(?:propose|introduce|present|develop|design|build|construct|release|contribute|devise|create|"
    r"formulate|describe|unveil|open-source|curate|offer|establish|derive|provide|train)"
)
_FIND = (
    r"(?:show|prove|demonstrate|find|study|investigate|analy[sz]e|examine|evaluate|explore|address|"
    r"tackle|revisit|report|compare|argue|reveal|identify|extend|characteri[sz]e|assess|survey|"
    r"review|"
    r"conduct|consider|propose|discuss|benchmark|apply|adapt|use|leverage|combine|formali[sz]e|"
    r"reformulate|quantify|test|perform|ask|aim|generali[sz]e|improve|bridge|implement|frame|cast|"
    r"unify|summari[sz]e|outline|employ|utili[sz]e|integrate|measure|track|advocate|rethink)"
)
_WORK = (
    r"(?:paper|work|study|article|survey|review|thesis|dissertation|report|chapter|tutorial|"
    r"research|letter|manuscript|note|monograph|position paper|perspective paper|project|"
    r"demonstration|demo|essay|submission)"
)
_THIS = rf"(?:this|the present|our|the) (?:[\w-]+ ){{0,2}}{_WORK}"
_WE = rf"(?:we|I|the authors) (?:have )?{_ADVERB}(?:have )?"
MAKES = re.compile(
    rf"\b(?:{_WE}{_MAKE}(?:ed|d)?\b|(?:this|the present|our) (?:[\w-]+ ){{0,2}}{_WORK} "
    rf"{_ADVERB}{_MAKE}(?:s|es|ed|d)?\b|here,? we\b|"
    rf"(?:we|{_THIS}) .{{0,40}}\b(?:proposes?|introduces?|presents?)\b|"
    r"we [^.;:]{0,120}\band (?:propose|introduce|present|develop)\b)",
    re.IGNORECASE,
)
FINDS = re.compile(
    rf"\b(?:{_WE}{_FIND}(?:ed|d)?\b|we (?:found|built|ran)\b|in {_THIS}\b|{_THIS},? we\b|"
    rf"{_THIS} {_ADVERB}(?:is|are|[a-z]+s|[a-z]+ed)\b|this is an?\b|"
    r"(?:is|are|was|were) (?:[a-z]+ly )?(?:proposed|introduced|presented|developed|described)\b)|"
    rf"^(?:this|the present|our) (?:[\w-]+ ){{0,2}}{_WORK}\b",
    re.IGNORECASE,
)
OURS = re.compile(
    r"\b(?:our|the proposed|this|the key|the main) (?:[\w-]+ ){0,2}(?:approach|method|framework|"
    r"model|"
    r"system|algorithm|pipeline|results?|findings|analysis|contributions?|idea|insight|dataset|"
    r"benchmark|architecture|experiments)\b|"
    r"\bwe (?!(?:need|must|should|can|cannot|could|may|might|will|would|know|live|believe|do|are|"
    r"were|often|hope|see|all|still|humans)\b)[a-z]+\b",
    re.IGNORECASE,
)
SECOND = re.compile(
    r"(?:additionally|furthermore|moreover|finally|also|besides|second(?:ly)?|third(?:ly)?|lastly|"
    r"we (?:also|further|additionally|finally|then|hope|first)|in addition|first(?:ly)?|next|then|"
    r"specifically|in particular|concretely|to (?:evaluate|assess|"
    r"validate|verify|support|test|train|this end, we (?:also|further))|through|"
    r"(?:extensive |comprehensive )?(?:experiments|experimental|empirically|results|"
    r"evaluations?))\b",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"https?://|\bgithub\.com|\b(?:code|data|dataset|project page|models?|demo|video)s?\b[^.]{0,60}"
    r"\b(?:available|released|found at)\b|this https URL|\bthis (?:paper|article) (?:has been|is "
    r"organi[sz]ed)",
    re.IGNORECASE,
)
BEFORE = re.compile(
    r"(?:recently,|in recent years|in (?:our |a )?(?:previous|prior|earlier|recent) (?:work|paper|"
    r"study|article))\b",
    re.IGNORECASE,
)
EVALUATES = re.compile(
    r"\bwe (?:also |further )?(?:present|provide|report) (?:[\w-]+ ){0,3}"
    r"(?:experiments|results|ablations?|evaluations?|evidence|guarantees)\b",
    re.IGNORECASE,
)
FEED_NOISE = re.compile(
    r"the post .{0,300} appeared first on|^(?:read more|continue reading)\b", re.IGNORECASE
)


def gist(entry: Entry) -> str:
    """One sentence of the entry's own: what a paper did (220 characters), how a post begins (160).

    A summary in our own words begins with what was done: its first sentence (220).
    Empty where there is no summary.
    """
    if entry.own_words:
        return shorten(next(iter(sentences(entry.summary)), ""), PAPER_LIMIT)
    if entry.kind == "paper":
        name, colon, _ = entry.title.partition(":")
        return _contribution(sentences(entry.summary), name if colon else "")
    return _opening(entry)


def _contribution(candidates: tuple[str, ...], name: str) -> str:
    """The first sentence of the best rank, cut; where none says what was done, the longest."""
    best, place = BACKGROUND, 0
    for at, sentence in enumerate(candidates):
        rank = _rank(sentence, name)
        if rank < best:
            best, place = rank, at
        if best == 0:
            break
    if best < BACKGROUND:
        return _cut(candidates[place])
    plain = [s for s in candidates if not ASIDE.search(s)] or list(candidates)
    return shorten(max(plain, key=lambda s: min(len(s), PAPER_LIMIT), default=""), PAPER_LIMIT)


def _rank(sentence: str, name: str) -> int:
    """0 made, 1 found, 2 speaks of its own; more where secondary, cut away or unfinished."""
    rank, at = _cue(sentence, name)
    if rank == BACKGROUND or len(sentence) < 30 or BEFORE.match(sentence):
        return BACKGROUND
    if at > 0 and ASIDE.search(sentence):
        return BACKGROUND
    secondary = SECOND.match(sentence) is not None or EVALUATES.search(sentence) is not None
    lost = at > LATE_CUE and len(sentence) > PAPER_LIMIT
    unfinished = not sentence.rstrip("\"'”’)]").endswith((".", "!", "?"))
    return rank + 3 * secondary + 2 * lost + 4 * (unfinished and len(sentence) < PAPER_LIMIT)


def _cue(sentence: str, name: str = "") -> tuple[int, int]:
    """How clearly a sentence speaks of the paper's own work, and where it begins to."""
    for pattern, rank in ((MAKES, 0), (FINDS, 1), (OURS, 2)):
        if cue := pattern.search(sentence):
            return rank, cue.start()
    if name and sentence.startswith(f"{name} "):  # the title's own "Name: what it is"
        return 2, 0
    return BACKGROUND, 0


def _cut(sentence: str) -> str:
    """The sentence within the limit; where the cue would be cut away, from the cue on."""
    rank, at = _cue(sentence)
    if len(sentence) > PAPER_LIMIT and rank < BACKGROUND and at > LATE_CUE:
        return shorten("…" + sentence[at:], PAPER_LIMIT)
    return shorten(sentence, PAPER_LIMIT)


def _opening(entry: Entry) -> str:
    title = fold(entry.title)
    for sentence in sentences(entry.summary):
        if fold(sentence) != title and not FEED_NOISE.search(sentence) and " " in sentence:
            return shorten(sentence, POST_LIMIT)
    return ""
