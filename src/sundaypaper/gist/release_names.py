"""Reads names out of titles: "Qwen3.5", "Devstral 2 and Mistral Vibe CLI", "Synthetic Data Generator"."""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_WORDS = 8  # of a name


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# What ends a phrase that names a thing.
PREPOSITION = _words(
    r"(?<![\w-])(?:for|of|on|to|with|from|by|in|at|as|that|which|your|is|are|trained|built|made)\b(?!-)|"
    r"[,;:]|[-–—] "
)
NO_PART = _words(
    r"^(?:(?:an?|the|our|new|open[- ]?sourcing|(?:next|new|newest|latest) (?:generation|version|member) of) )+"
)
NO_NAMES = frozenset(
    "The A An Our My Your This These New In On For Why How What When Now I Of To At By With From As "
    "Is Are Does Do Did Can Will Has Have Should Not".split()
)
LINKS = frozenset(("and", "&", "/", "+"))
# Words that stand inside a name and never end it: "Command A Vision", "X library 0.4".
INSIDE = frozenset(("A", "library", "package", "client", "version", "toolkit"))
SIZES = frozenset(
    "mini nano micro tiny small medium large lite turbo flash pro".split()
)  # of a model
SHORT_FORMS = frozenset("AI ML LLM LLMs VLM VLMs GPU GPUs API APIs UK US EU RAG MCP RL NLP".split())
QUANTITY = re.compile(r"^[0-9][0-9.,]*[MBKx%+]?$")
YEAR = re.compile(r"^(?:19|20)[0-9]{2}$")
DOMAIN = _words(r"\.(?:ai|com|io|org)$")
# A number that is no quantity: "0-days", "3D", "5th" and "101" are none.
VERSION = re.compile(
    r"(?:^| )(?![0-9]{3,}(?: |$)|[0-9]+(?:-[a-z]+|D|st|nd|rd|th|x|%)(?: |$))\S*[0-9]"
)
INNER_CAPITAL = re.compile(r"[a-z][A-ZΑ-Ω]|[A-Z][A-Z][a-z]|^[A-Z]+-[A-Z]|^[a-z]+(?:-[a-z]+){2,}$")
# Families of models, whose members are often named without a version.
FAMILY = _words(
    r"^(?:aya|claude|command [ar]|cosmos|deepseek|ernie|falcon|flux|gemini|gemma|glm|gpt|granite|grok|hunyuan|kimi|"
    r"llama|mimo|minimax|mistral|mixtral|\w+[sxΣ]tral|molmo\w*|nemotron|olmo\w*|phi|qvq|qwen|qwq|seedream|"
    r"smol\w+|sora|stable diffusion|starcoder\w*|veo|whisper)\b"
)
THING = _words(
    r"\b(?:models?|LLMs?|VLMs?|weights|checkpoints|data ?sets?|corpus|corpora|benchmark|suite|library|"
    r"toolkit|toolbox|packages?|repository|simulator|engine|compiler|plugins?|extension|interface|"
    r"encoders?|decoders?|embeddings?|rerankers?|tokeni[sz]ers?|parser|API|SDK|CLI|MCP server|app|"
    r"platform|connector|playground|tools?|studio|software|assistant|reasoner|quantization|"
    r"foundation|operator|kernels?|implementations?)$|"
    r"\bopen[- ]?source[d]? (?:[\w-]+ ){0,3}(?:framework|system|agents?|recipe)$"
)
# "Ollama's new app"
NEW_OF = re.compile(
    r"^[A-Z][\w.-]*['’]s new(?: (?!(?:for|of|on|to|with|from|by|in|and)\b)[\w-]+){1,3}"
)


def name(text: str) -> str:
    """The name that a text begins with: words with a capital or a number, and what joins them."""
    taken: list[str] = []
    for word in text.split(" ")[: MOST_WORDS + 1]:
        bare = word.rstrip(".,:;!")
        if not (_begins(bare) if not taken else _goes_on(bare, taken[-1])):
            break
        taken.append(bare)
        if bare != word:
            break
    while taken and (taken[-1] in LINKS or taken[-1] in INSIDE):
        taken.pop()
    return " ".join(taken) if len(taken) <= MOST_WORDS else ""


def names(text: str) -> Iterator[str]:
    """Every name in a text, in order."""
    words = text.split(" ")
    at = 0
    while at < len(words):
        if found := name(" ".join(words[at:])):
            yield found
        at += max(1, len(found.split()))


def is_coined(found: str) -> bool:
    """Whether a name is spelt as only names are: a version, a capital inside, a known family."""
    words = [word for word in found.split(" ") if word not in SHORT_FORMS]
    coined = any(VERSION.search(word) or INNER_CAPITAL.search(word) for word in words)
    return coined or is_of_family(found)


def is_of_family(found: str) -> bool:
    """Whether a name is, or has a word that is, of a known family of models."""
    words = found.split(" ")
    inside = any(map(FAMILY.search, words)) and LINKS.isdisjoint(words)
    return inside or bool(FAMILY.search(found))


def phrase(text: str) -> str:
    """The name that a text begins with, and the words before a preposition that belong to it."""
    if match := NEW_OF.match(text):
        return match[0]
    found = name(text)
    rest = text[len(found) :]
    if SHORT_FORMS.issuperset(found.split()) or re.match(r" to (?!GA\b)[A-Z]", rest):
        return ""
    for_whom = re.match(r" for (?=[A-Z])", rest)
    if for_whom and (whom := name(rest[for_whom.end() :])):
        return f"{found} for {whom}"
    more = re.match(
        r"(?: [a-z][\w-]+){1,3}(?= (?:for|of|on|to|with|from|by|in|at|and)\b|[.:,!]|$)", rest
    )
    return found + more[0] if more and not PREPOSITION.search(more[0]) else found


def thing(text: str) -> str:
    """The phrase that names a model, data set or tool, before anything is said of it."""
    found = PREPOSITION.split(text)[0].strip(" .,:;!")
    return NO_PART.sub("", found) if THING.search(found) else ""


def _begins(word: str) -> bool:
    return _is_of_name(word) and not QUANTITY.match(word)


def _goes_on(word: str, before: str) -> bool:
    sized = word in SIZES and is_coined(before)
    joins = sized or word in LINKS or word in INSIDE or (word == "The" and before in LINKS)
    return joins or _is_of_name(word)


def _is_of_name(word: str) -> bool:
    if word in NO_NAMES or word.startswith("#") or YEAR.match(word) or DOMAIN.search(word):
        return False
    marked = any(c.isupper() or c.isdigit() for c in word)
    return marked or bool(INNER_CAPITAL.search(word) or FAMILY.search(word))
