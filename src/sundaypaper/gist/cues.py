"""What the words of an abstract's sentence do: name the work, state a result, look ahead.

Everything is tried on lower case. Sets of words say at little cost where a pattern is worth trying;
gaps are bounded, so that every pattern stays linear.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def words_of(low: str) -> frozenset[str]:
    """The words of a sentence, without commas and the last stop."""
    return frozenset(low.rstrip(".").replace(",", "").split())


# ---------------------------------------------------------------- the authors and their work

_ADVERB = (
    r"(?:(?:also|thus|then|first|further|therefore|instead|here|hence|formally|successfully|"
    r"systematically|[a-z]+ly),? )?"
)
_MAKE = (
    r"(?:propose|introduce|present|develop|design|build|construct|release|contribute|devise|create|"
    r"formulate|describe|unveil|open-source|curate|offer|establish|derive|provide|train|give|"
    r"put forth|put forward|advocate for)"
)
_STUDY = (
    r"(?:show|prove|demonstrate|find|study|investigate|analy[sz]e|examine|evaluate|explore|address|"
    r"tackle|revisit|report|compare|argue|reveal|identify|extend|characteri[sz]e|assess|survey|"
    r"review|conduct|consider|discuss|benchmark|apply|adapt|use|leverage|combine|formali[sz]e|"
    r"reformulate|quantify|test|perform|ask|generali[sz]e|improve|bridge|implement|frame|cast|"
    r"unify|summari[sz]e|outline|employ|utili[sz]e|integrate|measure|track|advocate|rethink)"
)
WORK = (
    r"(?:paper|work|study|article|survey|review|thesis|dissertation|report|chapter|tutorial|"
    r"research|letter|manuscript|note|monograph|position paper|perspective paper|project|"
    r"demonstration|demo|essay|submission)"
)
_THIS = rf"(?:(?:this|the present|our) (?:[\w-]+ ){{0,2}}|the ){WORK}"
_WE = rf"(?:we|i|the authors) (?:have )?{_ADVERB}(?:have )?"
MAKES = re.compile(
    rf"\b(?:{_WE}{_MAKE}(?:ed|d)?\b|(?:this|the present|our) (?:[\w-]+ ){{0,2}}{WORK} "
    rf"{_ADVERB}{_MAKE}(?:s|es|ed|d)?\b|here,? we\b|"
    rf"(?:we|(?:this|our|the) {WORK}) .{{0,40}}\b(?:proposes?|introduces?|presents?)\b|"
    r"we [^.;:]{0,120}\band (?:propose|introduce|present|develop)\b)"
)
STUDIES = re.compile(
    rf"\b(?:{_WE}{_STUDY}(?:ed|d)?\b|we (?:found|built|ran)\b|in {_THIS}\b|{_THIS},? we\b|"
    rf"{_THIS} {_ADVERB}(?:is|are|[a-z]+s|[a-z]+ed)\b|this is an?\b|"
    r"(?:is|are|was|were) (?:[a-z]+ly )?(?:proposed|introduced|presented|developed|described)\b)|"
    rf"^(?:this|the present|our) (?:[\w-]+ ){{0,2}}{WORK}\b"
)
OURS = re.compile(
    r"\b(?:our|the proposed|this|the key|the main) (?:[\w-]+ ){0,2}(?:approach|method|framework|"
    r"model|system|algorithm|pipeline|results?|findings|analysis|contributions?|idea|insight|"
    r"dataset|benchmark|architecture|experiments)\b|"
    r"\bwe (?!(?:need|must|should|can|cannot|could|may|might|will|would|know|live|believe|do|are|"
    r"were|often|hope|dream|see|all|still|humans)\b)[a-z]+\b"
)
# Without one of these neither pattern can match.
MAKING = _words(
    "propose introduce present develop design build construct release contribute devise create "
    "formulate describe unveil open-source curate offer establish derive provide train give put "
    "proposes introduces presents develops designs builds constructs releases contributes "
    "devises creates formulates describes unveils curates offers establishes derives provides "
    "trains proposed introduced presented developed designed built constructed released "
    "contributed devised created trained advocate here"
)
AUTHORS = _words(
    "we i our authors paper work study article survey review thesis dissertation report chapter "
    "tutorial research letter manuscript note monograph project demonstration demo essay "
    "submission"
)
PASSIVE = _words("proposed introduced presented developed described")

# ---------------------------------------------------------------- what stands second, or aside

SECOND = re.compile(
    r"(?:additionally|furthermore|moreover|finally|also|besides|second(?:ly)?|third(?:ly)?|lastly|"
    r"we (?:also|further|additionally|finally|then|hope|first)|in addition|first(?:ly)?|next|then|"
    r"specifically|in particular|concretely|to (?:evaluate|assess|facilitate|construct|"
    r"validate|verify|support|test|train|this end, we (?:also|further))|through|"
    r"(?:extensive |comprehensive )?(?:experiments|experimental|empirically|results|"
    r"evaluations?))\b"
)
_ASIDE = re.compile(
    r"https?:|\bgithub\.com|\bhref\b|\b(?:codes?|data|datasets?|project page|models?|demos?|videos?"
    r"|weights|artifacts?|benchmarks?|materials?)\b[^.]{0,60}"
    r"\b(?:available|released|found (?:at|on|in)|open-sourced)\b|this (?:https?|url)|"
    r"\bwe (?:[a-z]+ )?(?:release|open-source|share|make) (?:all|our|the|both)\b|"
    r"\bthis (?:paper|article) (?:has been|is organi[sz]ed)"
)
_ASIDE_WORDS = _words(
    "available released release found open-source open-sourced url share make organized organised "
    "been"
)
_BEFORE = re.compile(
    r"(?:recently\b|in recent years\b|in (?:our |a )?(?:previous|prior|earlier|recent) "
    r"(?:works?|papers?|study|studies|article)\b)"
)
# A finding that comes beside another.
FURTHER = (
    "additionally", "furthermore", "moreover", "also ", "besides", "we also ", "we further ",
    "we additionally ",
)  # fmt: skip
EVALUATED = _words(
    "experiments results ablations evaluations evaluation evidence guarantees analysis analyses"
)
EVALUATES = re.compile(
    r"\bwe (?:also |further )?(?:present|provide|report) (?:[\w-]+ ){0,3}"
    r"(?:experiments|results|ablations?|evaluations?|evidence|guarantees|analysis|analyses)\b"
)


def is_before(low: str) -> bool:
    """Whether a sentence speaks of earlier work."""
    return low.startswith(("recently", "in ")) and _BEFORE.match(low) is not None


def stands_second(low: str, words: frozenset[str]) -> bool:
    """Whether a sentence begins as one that follows the main one, or only announces results."""
    if SECOND.match(low):
        return True
    return not words.isdisjoint(EVALUATED) and EVALUATES.search(low) is not None


# "We advocate two directions." names none of them.
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|several|the following) (?:[\w-]+ ){0,3}?(?:advances|aspects|"
    r"challenges|components|contributions|directions|factors|features|findings|ideas|innovations|"
    r"insights|issues|limitations|modules|observations|parts|phases|principles|problems|properties|"
    r"questions|reasons|stages|steps|strategies|studies|experiments|ways)[.:]?$"
)


def only_counts(low: str) -> bool:
    """Whether a part ends with how many things there are, and leaves them to what follows."""
    return _COUNTED.search(low) is not None


def is_aside(low: str, words: frozenset[str]) -> bool:
    """Whether a sentence says where something is, rather than what was done."""
    linked = "http" in low or "github" in low or "href" in low
    return (linked or not words.isdisjoint(_ASIDE_WORDS)) and _ASIDE.search(low) is not None


# ---------------------------------------------------------------- results

# A measured figure: 12 %, 3.4x, from 0.72 to 0.08, by 2.26, 0.861. No year, no "3D", no "GPT-4".
_DIGIT = re.compile(r"[0-9]")
_FIGURE = re.compile(
    r"[0-9](?:\+?\}?\$?[\s-]?(?:\\?%|\$?\{?\\times|×|x\b|\*?times\b|folds?\b|pp\b|points?\b|percent|"
    r"db\b|[mck]m\b|[kmg]?hz\b|[kmg]b\b|ml\b|k?w\b|ms\b|fps\b|seconds?\b|minutes?\b|hours?\b)|(?<=[ (+$-][0-9])[0-9]?\.[0-9]{2,}\b|"
    r"(?<=\+[0-9]))"
)
_MEASURES = _words(
    "by from accuracy rate score f1 map auc auroc bleu recall precision iou dice error"
)
_MEASURED = re.compile(
    r"\b(?:by|accuracy|rate|score|f1|map|auc|auroc|bleu|recall|precision|iou|dice|error)"
    r"(?: of| is| only| up to| about| over| more than| at least| around| nearly| an average of|"
    r" approximately| roughly){0,3} [$~+{\\a-z]{0,9}[0-9](?!-?d\b)|(?<!ranging )(?<!varying )\bfrom \W{0,3}[\d.,]+\S{0,6} to \W{0,3}[0-9]"
)
# How large a thing is: 41k images, 130 tasks, 24 trillion tokens.
_SIZE = re.compile(
    r"(?<![\w.\-/$^{])(?!(?:19|20)\d\d\b)(?:\d{2,}|\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
    r"(?:\+|(?<=\d)\s?(?:[kmbt]|million|billion|trillion)\+?)?[ -](?!d\b)[a-z]{3}"
)
# Better than something else, whoever says it.
BETTER = _words(
    "outperform outperforms outperformed outperforming surpass surpasses surpassed surpassing "
    "exceeds exceeding superior beats fewer matches rivals rivaling comparable competitive "
    "orders best"
)
_REACHES = _words(
    "achieve achieves achieved achieving establishes establishing attains attaining sets "
    "setting reaches reaching delivers obtains obtaining matching performance results "
    "accuracy"
)
_COMPARATIVES = _words(
    "faster better lower higher larger smaller greater stronger less cheaper shorter longer "
    "worse harder easier"
)
_TOP = _words("state-of-the-art sota")


def better(words: frozenset[str]) -> bool:
    """Whether a sentence puts something above something else."""
    topped = not (words.isdisjoint(_TOP) or words.isdisjoint(_REACHES))
    compared = "than" in words and not words.isdisjoint(_COMPARATIVES)
    return topped or compared or not words.isdisjoint(BETTER)


CHANGES = _words(
    "improve improves improving improvement improvements reduce reduces reducing reduction "
    "reductions decrease decreases increase increases increasing boost boosts boosting "
    "accelerate accelerates accelerating speedup speedups gain gains achieve achieves achieved "
    "achieving attain attains attaining raises raising cuts cutting saves saving savings "
    "enhance enhances enhancing degrade degrades degradation struggle struggles suffer suffers "
    "fail fails failure failures drop drops dropping collapse converge converges detect detects "
    "detected eliminates eliminating mitigates leads generalizes yield yields yielding remain "
    "remains preserves preserving recovers doubles halves"
)
PLAINLY = _words(
    "consistently significantly substantially markedly reliably effectively notably dramatically "
    "greatly fully strongly"
)
EVIDENCE = _words(
    "experiments experimental evaluation evaluations evaluated empirical empirically benchmark "
    "benchmarks dataset datasets ablation ablations across compared baselines simulation "
    "simulations trials participants tested validated evaluating"
)
_TELLERS = _words(
    "we results result experiments experiment experimental evaluation evaluations analysis "
    "analyses study findings ablation ablations simulation simulations tests testing comparison "
    "comparisons evidence investigation audit research theory experimentation validation "
    "observations it"
)
_SHOWS = _words(
    "show shows demonstrate demonstrates demonstrated reveal reveals revealed find finds found "
    "prove proves proved observe observed confirm confirms confirmed indicate indicates suggest "
    "suggests suggested discover uncover uncovers shown proven conclude establishes verify "
    "verifies expose exposes"
)
_TRIALS = _words("results experiments evaluations evaluation simulations")
_TELLING = _words("that find found reveal reveals revealed")
_SHOWING = ("revealing that", "showing that", "demonstrating that", "finding that", "proving that")
_SHOWS_NO_RESULT = re.compile(
    r"\b(?:show how|shows how|conclude (?:with|by)|to (?:demonstrate|show|prove|verify|confirm)|"
    r"(?:demonstrat|validat|verif|confirm|show|illustrat|prov|establish|highlight|underscor|"
    r"discuss)\w* (?:(?! that ).){0,60}? (?:effectiveness|validity|feasibility|usefulness|"
    r"utility|versatility|potential|advantages?|practicality|applicability|efficacy|benefits?|"
    r"promis\w+|accuracy of our|findings|room)\b|"
    r"(?:effectiveness|efficacy|validity|feasibility|superiority)\b.{0,60}? (?:is|are) (?:demonstrated|shown|"
    r"validated|verified|confirmed))"
)
_NO_RESULT_WORDS = _words(
    "how conclude findings room effectiveness validity feasibility usefulness utility versatility potential "
    "advantage advantages practicality applicability efficacy benefit benefits promise "
    "promising accuracy"
)
_AHEAD_WORDS = _words(
    "future hope believe expect envision aim plan pave paves paving insight insights underscore "
    "underscores underscoring highlight highlights highlighting foundation step steps open "
    "opens contribute contributes inform informs lay lays affirm affirms potential path could "
    "may might will serve promising these call calls implications advances advancing bridges "
    "understanding foundational"
)
_AHEAD = re.compile(
    r"\b(?:future|we (?:hope|believe|expect|envision|aim|plan)|paves?|paving|insights?|underscor\w+|"
    r"highlight(?:s|ing)? (?:the|a|its|their|how)? ?(?:\w+ )?(?:need|importance|potential|promise|"
    r"value|role|critical|urgent|necessity|challenges?)|(?:solid|strong|rigorous|robust|new|unified|"
    r"comprehensive|scalable|effective|common) foundation|step towards?|opens?(?: up)? (?:new|the)|"
    r"contributes? to|informs? (?:the|future)|lays?|foundational|affirm\w*|has the potential|(?:offers|provid\w+) a path|"
    r"could|may (?!20)|might|will|can serve|these (?:findings|results)|calls? for|implications?|"
    r"advanc(?:es|ing) (?:the|our|understanding)|bridges the gap|practical path|promising (?:results|performance)|great potential|(?:systematic|deeper|"
    r"better) understanding)\b"
)


def told(low: str, words: frozenset[str]) -> float:
    """How clearly a sentence says that something was found: 2 with "that", 1 without, else 0."""
    if not (words.isdisjoint(_SHOWS) or words.isdisjoint(_TELLERS)):
        if not words.isdisjoint(_NO_RESULT_WORDS) and _SHOWS_NO_RESULT.search(low):
            return 0.0
        if not words.isdisjoint(_TELLING):
            return 2.0
        return 1.0 if words.isdisjoint(_TRIALS) else 1.5
    return 1.0 if "that" in words and any(shown in low for shown in _SHOWING) else 0.0


def size(low: str) -> bool:
    """Whether a sentence says how large something is."""
    return _DIGIT.search(low) is not None and _SIZE.search(low) is not None


def figure(low: str, words: frozenset[str]) -> bool:
    """Whether a sentence of these words holds a measured figure."""
    return _DIGIT.search(low) is not None and (
        _FIGURE.search(low) is not None
        or (not words.isdisjoint(_MEASURES) and _MEASURED.search(low) is not None)
    )


def looks_ahead(low: str, words: frozenset[str]) -> float:
    """How far a sentence speaks of what may come of the work: 1, 0.25 only in its second half."""
    if words.isdisjoint(_AHEAD_WORDS) or not (found := _AHEAD.search(low)):
        return 0.0
    return 1.0 if found.start() < len(low) / 2 else 0.25


FEED_NOISE = re.compile(
    r"the post .{0,300} appeared first on|^(?:read more|continue reading)\b", re.IGNORECASE
)
