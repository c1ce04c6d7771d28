"""Where a quote may begin and end: at a clause, past what points back to sentences not quoted.

Everything is tried on lower case, which is as long as the text.
"""

from __future__ import annotations

import re

from sundaypaper.gist.cues import WORK

# ---------------------------------------------------------------- openings that point back

_CONNECTIVE = re.compile(
    r"(?:however|therefore|thus|hence|moreover|furthermore|additionally|in addition|besides|also|"
    r"finally|specifically|in particular|concretely|notably|importantly|crucially|critically|"
    r"consequently|as a result|as such|accordingly|for (?:example|instance)|(?:in|by) contrast|"
    r"on the (?:other hand|contrary|one hand)|conversely|meanwhile|at the same time|overall|"
    r"altogether|in (?:summary|short|sum|conclusion|total|fact|response|turn|parallel|essence)|"
    r"first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|lastly|last|next|then|here|instead|still|yet|"
    r"but|and|so|indeed|(?:more|most) (?:importantly|notably|broadly|critically|generally)|"
    r"\(?(?:[1-9]|i{1,3}|iv)\)|similarly|likewise|nevertheless|nonetheless|rather|otherwise|alternatively|subsequently|"
    r"more (?:specifically|precisely|concretely)|further|to be (?:specific|precise|concrete)|"
    r"in other words|that is|i\.e\.|e\.g\.|even so|even worse|worse|(?:in|by) doing so|"
    r"unfortunately|by comparison|taken together|together|collectively|thereby|to date|so far)"
    r"(?:, |(?<=\)) |(?<=but) |(?<=and) |(?<=yet) |(?<=thus) |(?<=hence) |(?<=therefore) |(?<=here) (?=we ))"
)
_LEADING = (
    r"(?:to|towards?|in|by|with|based on|buil(?:ding|t) (?:up)?on|(?:motivated|inspired|informed|"
    r"driven|guided|prompted) by|given|using|under|for|from|through|following|leveraging|on|at|as|"
    r"instead of|rather than|drawing|via|upon|against|after|considering|because|due to|across|"
    r"within|beyond|unlike|despite|starting from|recogni[sz]ing|addressing|observing|exploiting|"
    r"grounded in|contrary to|since|while|although|when|where|having|targeting|focusing|aiming|"
    r"responding|extending|combining|applied|evaluated|complementing|capitali[sz]ing|taking|"
    r"utili[sz]ing|during|throughout)"
)
_TO_US = re.compile(rf"{_LEADING}\b[^.;]{{0,260}}?, (?:then )?(?=(?:we|i|our|this (?:{WORK}))\b)")
_TO_SUBJECT = re.compile(
    rf"{_LEADING}\b[^,.;:()]{{0,100}}, (?!(?:and|or|which|where|while|but|such)\b|"
    r"(?:[\w-]+ ){0,3}[\w-]+, (?:and|or)\b)(?=[a-z])"
)
_POINTS = re.compile(
    r"\b(?:this|these|that|those|such|so|it|its|them|their|they|above|here|"
    r"the (?:\w+ )?(?:gaps?|issues?|problems?|challenges?|limitations?|bottlenecks?|question|"
    r"observations?|insights?|findings?|former|latter|hypothes[ei]s|strengths))\b"
)
_THIS_PAPER = re.compile(
    rf"(?:(?:this|the present|the current) (?:[\w-]+ ){{0,2}}{WORK}|the (?:paper|work|article)) "
    r"(?=(?:[a-z]+ly |therefore |also |thus |then |first )?"
    r"(?!(?:is|was|has|does|and|of|on|in|for|as|to)\b)[a-z]+s\b)"
)


# The first words of sentences that never point back in this way.
_PLAIN = frozenset(["we", "our", "extensive", "experiments", "experimental", "results", "a", "an"])


def begins(low: str) -> int:
    """Where a sentence begins to stand alone: behind connectives and phrases that point back."""
    at = 0
    if low[: low.find(" ")] in _PLAIN:
        return 0
    for _ in range(4):
        if found := _CONNECTIVE.match(low, at) or _pointing(low, at):
            at = found.end()
        else:
            break
    found = _THIS_PAPER.match(low, at)
    return found.end() if found else at


def _pointing(low: str, at: int) -> re.Match[str] | None:
    """A leading phrase with a word that points back, up to the main clause."""
    for pattern in (_TO_US, _TO_SUBJECT):
        if (found := pattern.match(low, at)) and _POINTS.search(found[0]):
            return found
    return None


# ---------------------------------------------------------------- later openings

_OPENERS = (
    ", we ", "; we ", ": we ", " and we ", " and then we ", ", our ", "; our ",
    "show that ", "shows that ", "demonstrate that ", "demonstrates that ", "reveal that ",
    "reveals that ", "confirm that ", "find that ", "indicate that ", ": (1) ", ": (i) ", ": 1) ",
)  # fmt: skip


def later(low: str, start: int, name: str) -> list[int]:
    """Further places, behind start, where a clause of its own begins; one is the title's name."""
    places = []
    if name and (at := low.find(f", {name} ", start + 1)) >= 0 and not _torn(low, at, at + 2):
        places.append(at + 2)
    if "we " not in low and " that " not in low and "our " not in low:
        return places
    for opener in _OPENERS:
        if (at := low.find(opener, start + 1)) >= 0:
            kept = 3 if opener.endswith("we ") else 4 if opener.endswith("our ") else 0
            if not _torn(low, at, at + len(opener)):
                places.append(at + len(opener) - kept)
    return sorted(places)


def _torn(low: str, at: int, behind: int) -> bool:
    """Whether an opening would tear what is stated: from its condition, or a second "that" from its verb.

    "We show that, with lids, we save heat" says less from "we save" on.
    """
    if low[behind - 5 : behind] == "that ":
        return " and that " in low[behind:]
    stated = low.rfind(" that", 0, at)
    return low[at] == "," and stated > 0 and _states(low[:stated].rpartition(" ")[2])


# ---------------------------------------------------------------- what dangles

_STARTS_BACK = re.compile(
    rf"(?:(?:this|these|those)\b(?! (?:[\w-]+ ){{0,2}}{WORK}\b)|(?:we|i) [a-z]+ (?:its?|their|them)\b|"
    r"(?:such|its|they|their|each|ours|theirs|then|also|there|another|here|which|neither)\b|"
    r"the [\w-]+ (?:they|it)\b|"
    r"it\b(?! is (?:shown|proved|proven|found|known)\b)|all of (?:these|them)|"
    r"the (?:former|latter|resulting|above|aforementioned|same|second|third|other|remaining|two|"
    r"three|first (?:one|construction|is|stage|step))\b|"
    r"(?:on|in|at|for|with|without|across|under|compared|to|through|by|using|unlike|despite|beyond|"
    r"trained|built|based|evaluated|designed|applied|tested)\b(?:[^,.;]|\.(?=\d)){0,80}, (?:it|they|these|this)\b"
    rf"(?! (?:[\w-]+ ){{0,2}}{WORK}\b))"
)
_INSIDE_BACK = re.compile(
    r"\b(?:this ()(?:by|through|via|with|using)\b|"
    rf"(?:this|these|those|such) (?!as\b|that\b|(?:field|area)\b|(?:[\w-]+ ){{0,2}}{WORK}\b)(?:an? )?([\w-]+)|"
    r"the (?:(?:former|latter|aforementioned)\b()|resulting ([\w-]+)|"
    r"same (?!time\b)([\w-]+)\b(?! (?:\w+ )?as\b)|"
    r"(?:problem|task|issue|question)\b()(?! (?:of|that|where|in which|for|to|whether)\b))|"
    r"(?:^|(?<= that ))the (?:two|three|four) ()|^(?:we|i) [a-z]+ (?:its?|their|them)\b()|"
    r"both\b()(?! of\b)(?!(?:(?! but | while | which )[^,;:.])* and )|all (?:two|three|four|five) ()|"
    r"their respective\b()|(?:similar|additional) (?:gains|results|trends|improvements?|"
    r"performance|behaviou?r|patterns?|findings)\b(?! (?:to|as)\b)()|"
    r"(?<=, )(?:on the other hand|however|therefore|in (?:contrast|turn)),()|"
    r"(?:address|mitigate|tackle|solve|handle|do|replace|combine) (?:it|them)\b())"
)
_BACK_WORDS = frozenset(
    "this these those such former latter aforementioned resulting problem task issue question it "
    "its them their similar additional both two three four five they same however therefore contrast turn other".split()
)


def dangles(low: str, words: frozenset[str]) -> int:
    """2 where a part begins with what only an earlier sentence explains, 1 where it holds such.

    The words are those of the part, or of the sentence that it is taken from.
    """
    if _STARTS_BACK.match(low):
        return 2
    if not words.isdisjoint(_BACK_WORDS):
        for found in _INSIDE_BACK.finditer(low):
            if found[0] == "both" and " and " in low[: found.start()]:
                continue  # two things stand before it
            noun = next((group for group in found.groups() if group is not None), "")
            if not noun or noun[:5] not in low[: found.start()]:
                return 1
    return 0


# ---------------------------------------------------------------- ends

# Behind these a sentence only adds to a statement that is complete.
_ADDITION = re.compile(
    r", (?:(?:[a-z]+ly )?(?!(?:during|using|spanning|ranging|learning|reasoning|training|"
    r"planning|understanding|embedding|sampling|editing|scheduling)\b)[a-z]{3,}ing\b(?! tasks)|"
    r"(?:and|but) (?:we|it|our) |(?:and )?(?:achiev|attain|improv|reduc|produc)es |and [a-z]+s |(?:thereby|thus) [a-z]+ing |(?:while|whereas|which|where|whereby|so|alongside|along with|together with) |"
    r"with (?:an?|the|no|gains?|particularly|only) |"
    r"(?:built|designed|aimed|based|trained|constructed|tailored) (?:to|for|on|at|by) )|, \(?(?:2|ii)\) |; | -- | --- | — "
)
_RELATIVE = re.compile(
    r" (?:that|which|where|in which|by|through|via|using|capable of|designed to|designed for|"
    r"tailored to|tailored for|built on|built upon|based on|consisting of|comprising|trained on|"
    r"trained with|encompassing|aimed at|aiming|integrating|combining|leveraging|"
    r"supporting) |: "
)
_OPEN_ENDED = frozenset(
    "in of by for to on with an a the and or from as at collaboration conjunction combination "
    "accordance line together along".split()
)


# What looked like an addition was put between a subject and its verb.
_GOES_ON = re.compile(
    r", (?:[a-z]+ly )?(?:can|cannot|could|is|are|was|were|has|have|will|may|must|does|do|achieves?|"
    r"outperforms?|surpass(?:es)?|improves?|reduces?|provides?|shows?|remains?|exhibits?|enables?|demonstrates?|confirms?|reveals?|validates?)\b"
)
# "The first dataset that …" says something else without its clause.
_SUPERLATIVE = re.compile(r"\b(?:first|only|largest|most|best)\b")
_INSERTED = re.compile(
    r", (?:which|where|whereby|as|including|built|designed|aimed|based|trained|constructed|tailored) "
)
_STATES = frozenset(
    "show shows prove demonstrate demonstrates reveal reveals confirm find such so ensure ensures is".split()
)


def addition(low: str, room: int) -> int:
    """The last place within room where only an addition to the statement follows; 0 where none."""
    places = [found.start() for found in _ADDITION.finditer(low, 0, room + 20)]
    fit = (at for at in reversed(places) if at <= room and _complete(low[:at]))
    return next((at for at in fit if not (_resumed(low, at) or _listed(low, at))), 0)


def _resumed(low: str, at: int) -> bool:
    """Whether the statement goes on behind what was put into it here."""
    inserted = _INSERTED.match(low, at) is not None and ", " in low[at + 2 :]
    return inserted or _GOES_ON.search(low, at + 2) is not None


def _listed(low: str, at: int) -> bool:
    """Whether the "and" here may be the last of a list."""
    return low.startswith(", and ", at) and ", " in low[:at] and low[at + 6 : at + 9] != "we "


def name_end(low: str, cue: int, room: int) -> int:
    """Where the clause that names a thing ends: before its first relative clause, or an addition."""
    for found in _RELATIVE.finditer(low, cue, room + 20):
        at = found.start()
        stated = found[0] == " that " and _states(low[:at].rpartition(" ")[2])
        if at > room or stated or _SUPERLATIVE.search(low, cue, at):
            break
        if _complete(low[:at]):
            return max(at, addition(low, room))
    return addition(low, room)


def _states(verb: str) -> bool:
    """Whether "that" behind this word begins what is stated, and no relative clause."""
    return verb in _STATES or verb.endswith("ing")


def _complete(low: str) -> bool:
    """Whether a clause may end with its last word, and leaves nothing open."""
    last = low.rpartition(" ")[2].rstrip(",")
    going_on = last in _OPEN_ENDED or (len(last) > 4 and last.endswith(("ed", "ing", "driven")))
    return not going_on and _balanced(low)


def _balanced(text: str) -> bool:
    """Whether brackets, braces and formulas that a part opens are closed in it."""
    pairs = (("(", ")"), ("{", "}"), ("[", "]"))
    return all(text.count(a) == text.count(b) for a, b in pairs) and text.count("$") % 2 == 0
