"""The parts of the score that only posts have, beside those they share with papers.

They are its topic, its kind of writing, the papers it discusses and the other sources that have it;
less for a vendor's announcement, and far less for a source that floods the week.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from sundaypaper.interest.reasons import topic_reason
from sundaypaper.interest.rings import voices
from sundaypaper.interest.rules import MOST_VOICES, Rules
from sundaypaper.models import Contribution, Entry, Tagged

RECENT = timedelta(weeks=8)
MOST_A_WEEK = 15
GROUP_REASONS = {
    "practitioner": "written by a practitioner",
    "course": "from a course",
    "researcher": "written by a researcher",
    "lab": "from a research lab",
    "vendor": "from a vendor",
}
IN_SUMMARY = 0.5  # of what the same words are worth in a title
IN_RESEARCH = 0.5  # "Introducing a benchmark for …" is half news, half research
# Without one of these the words below mean something else: a server, an experiment, a lesson.
ABOUT = re.compile(
    r"\b(?:AI|ML|LLMs?|GPT\S*|machine learning|deep learning|models?|neural|agents?|agentic|data|"
    r"datasets?|python|GPUs?|transformers?|embeddings?|training|fine-?tuning|reinforcement|"
    r"learning|inference|benchmarks?|RAG|diffusion|robot\w*|tokeni[sz]\w+|docker|kubernetes|MCP)\b",
    re.IGNORECASE,
)
RESEARCH = re.compile(
    r"\b(?:evaluat(?:e|es|ed|ing|ions?)|benchmark(?:s|ing)?|measur(?:e|es|ed|ing|ements?)|"
    r"experiments?|interpretab\w+|circuits?|neurons?|neural|networks?|pre-?training|fine-?tuning|"
    r"training|learning|transformers?|attention|tokeni[sz]\w+|embeddings?|probes?|diffusion|"
    r"scaling laws?|reinforcement|language models?|LLMs?|jailbreak\w*|misalign\w*|sycophan\w*|"
    r"red[- ]team\w*|adversarial|hallucinat\w+|reward hacking|classification|"
    r"robot(?:s|ics)?|speech|forecast\w*|papers?|reproduc\w+)\b",
    re.IGNORECASE,
)
ENGINEERING = re.compile(
    r"\b(?:how (?:we|i)\b|lessons?|best practices?|under the (?:hood|bonnet)|deep dive|inside|"
    r"behind|in production|infrastructure|sandbox\w*|pipelines?|retriev\w+|RAG|hybrid search|"
    r"indexing|inference|decoding|quanti[sz]\w+|latency|throughput|kernels?|GPUs?|docker|"
    r"kubernetes|orchestrat\w+|load[- ]balanc\w+|servers?|serving|(?:prompt|context|data) engineering|"
    r"engineering|from scratch|debugg?ing|profil(?:er|ing)|postmortem|tutorial|hardware|chips?)\b",
    re.IGNORECASE,
)
# News of a company, a product or of politics: money, people, customers, versions, rules.
ANNOUNCED = re.compile(
    r"^(?:introducing|announcing|launching|meet|welcom\w+|celebrating|statement|new in|new:)\b|"
    r"\b(?:raises?|funding|series [a-h]\b|invest(?:s|ment)|partner(?:s|ed|ships?|ing)?|joins?|"
    r"collaborat(?:es|ion)|teams? up|commits?|expand(?:s|ing)|appoint(?:s|ed)|acqui(?:res?|sition)|"
    r"signs|ambassador|awards?|hiring|careers?|webinar|summit|conference|launch(?:es|ed)?|"
    r"unveils?|available|availability|official (?:release|launch)|releases?|released|customers?|"
    r"trusts?|pilot|nonprofits?|enterprise|national|government|governance|polic(?:y|ies)|regulat\w+|sovereign\w*|elections?|disinformation|crimes?|adoption|business(?:es)?|product guide|call for)\b",
    re.IGNORECASE,
)
# What a customer did with a product: "How Acme brought search to millions", "Why Acme trusts".
CUSTOMER = re.compile(
    r"^how (?!to\b|we\b|i\b|and\b|do\b|does\b|did\b|can\b|could\b|will\b|should\b|much\b|many\b|"
    r"well\b|far\b|ai\b|llms?\b|language\b)(?:[\w'’.&-]+ ){1,5}(?:uses?|used|using|built|builds|brought|"
    r"brings|cut|cuts|made|makes|turned|scaled|saved|transform\w+|helps?|enables?)\b|"
    r"^(?:supercharg|empower|moderni[sz]|reimagin|reshap|unlock|revolutioni[sz]|democrati[sz])ing\b",
    re.IGNORECASE,
)
# A title that is a name: "Codestral", "GLM-4.6", "Mistral Small 3.1", "v3.14.6".
NAMED = re.compile(r"^(?:[\w.+-]+|(?:[\w.-]+ ){0,3}v?[0-9]+(?:\.[0-9]+)*\w{0,3}\+?(?:[ -]\w+)?)$")
PAPER_ID = re.compile(r"arxiv:([0-9]{2})([0-9]{2})\.[0-9]+")


def contributions(tagged: Tagged, rules: Rules) -> Iterator[Contribution]:
    """The parts of the score that only posts have."""
    entry, weigh = tagged.story.sighting.entry, rules.weights
    yield from _of_writing(tagged, rules)
    reason = GROUP_REASONS.get(entry.group, f"from the group {entry.group}")
    yield Contribution("group", weigh.get(f"group.{entry.group}", 0.0), reason)
    weight = weigh.get(f"source:{entry.source}", 1.0) - 1.0
    reason = f"{entry.source} is weighed {'up' if weight > 0 else 'down'} in feeds.yaml"
    yield Contribution("source", round(weigh["source"] * weight, 4), reason)
    if any(_is_recent(paper, rules.sunday) for paper in tagged.story.papers):
        yield Contribution("links a paper", weigh["links a paper"], "discusses a recent paper")
    if others := voices(tagged.story.copies) - {entry.source}:
        value = weigh["told elsewhere"] * min(len(others), MOST_VOICES)
        reason = f"told by {len(others)} other {'source' if len(others) == 1 else 'sources'}"
        yield Contribution("told elsewhere", value, reason)
    if posted := rules.flooding.get(entry.source):
        reason = f"{entry.source} posted {posted} times this week: an only: would choose among them"
        yield Contribution("too many", weigh["too many"], reason)


def _of_writing(tagged: Tagged, rules: Rules) -> Iterator[Contribution]:
    entry, weigh = tagged.story.sighting.entry, rules.weights
    if tagged.tags:
        tag = max(tagged.tags, key=lambda t: t.score)
        value = round(weigh["post.topic"] * tag.score, 4)
        yield Contribution("topic", value, topic_reason(tag, rules))
    about = bool(ABOUT.search(entry.title) or ABOUT.search(entry.summary))
    research, word = _word_in(RESEARCH, entry) if about else (0.0, "")
    value = round(weigh["research"] * research, 4)
    yield Contribution("research", value, f"tells of research: {word}")
    share, word = _word_in(ENGINEERING, entry) if about else (0.0, "")
    value = round(weigh["engineering"] * share, 4)
    yield Contribution("engineering", value, f"tells of engineering: {word}")
    if any(evidence.kind in ("tutorial", "course") for evidence in tagged.evidence):
        yield Contribution("lesson", weigh["lesson"], "teaches")
    if announced := _announced(entry):
        value = weigh["announcement"] * (IN_RESEARCH if research == 1 else 1)
        yield Contribution("announcement", value, f"announces: {announced}")


def _announced(entry: Entry) -> str:
    """The words of the title that make it an announcement; none in a newsletter, which quotes."""
    if entry.group == "newsletter":
        return ""
    named = (NAMED,) if entry.group in ("lab", "vendor") else ()
    patterns = (ANNOUNCED, CUSTOMER, *named)
    return next((m[0].lower() for p in patterns if (m := p.search(entry.title))), "")


def _word_in(words: re.Pattern[str], entry: Entry) -> tuple[float, str]:
    """1 and the word where the title says so, IN_SUMMARY where only the summary does, else 0."""
    if match := words.search(entry.title):
        return 1.0, match[0].lower()
    match = words.search(entry.summary)
    return (IN_SUMMARY, match[0].lower()) if match else (0.0, "")


def _is_recent(paper: str, sunday: date) -> bool:
    """Whether the month in the paper's id began or ended in the eight weeks before the week's end."""
    match = PAPER_ID.match(paper)
    if not match:
        return False
    year, month = 2000 + int(match[1]), int(match[2])
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1) <= sunday and after > sunday - RECENT
