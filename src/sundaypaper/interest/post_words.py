"""Words of a post that tell what kind of writing it is, and how much of each it has.

One word more says less than the one before: a share is 0 without any, a half with one in the title,
and nears 1. No single word decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sundaypaper.models import Entry

IN_SUMMARY = 0.5  # of what the same word is worth in a title
READ = 600  # characters of the summary: a whole post in the feed says no more than its beginning
STORY = 2  # words that the form "How Acme uses …" counts for


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of writing: the words that tell of it, and how its reason begins."""

    name: str
    says: str
    words: re.Pattern[str]


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


# Without one of these the words of engineering mean something else: a bridge, a school.
ABOUT = _any(
    r"AI|ML|LLMs?|VLMs?|GPT\S*|machine learning|deep learning|models?|neural|agents?|agentic|data",
    r"datasets?|python|GPUs?|transformers?|embeddings?|training|fine-?tuning|reinforcement",
    r"learning|inference|benchmarks?|RAG|diffusion|robot\w*|tokeni[sz]\w+|docker|kubernetes|MCP",
)
RESEARCH = Kind(
    "research",
    "tells of research",
    _any(
        r"evaluat(?:e|es|ed|ing|ions?)|benchmark(?:s|ing)?|measur(?:e|es|ed|ing|ements?)",
        r"experiments?|interpretab\w+|circuits?|neurons?|neural|networks?|pre-?training|fine-?tun\w+",
        r"training|learning|transformers?|attention|tokeni[sz]\w+|embeddings?|probes?|diffusion",
        r"scaling laws?|reinforcement|language models?|LLMs?|VLMs?|jailbreak\w*|misalign\w*",
        r"alignment|sycophan\w*|red[- ]team\w*|adversarial|hallucinat\w+|reward\w*|classif\w+",
        r"reasoning|generative|generation|GANs?|gradients?|exploration|bayes\w*|causal\w*",
        r"optimi[sz]\w+|robot(?:s|ics)?|speech|forecast\w*|papers?|reproduc\w+|datasets?|exploits?",
        r"vulnerabilit\w+|object detection|vision|multimodal|mixture of experts|distill\w+|agentic",
        r"long[- ]context|risks?|oversight|watermark\w*|preferences?",
    ),
)
ENGINEERING = Kind(
    "engineering",
    "tells of engineering",
    _any(
        r"in production|infrastructure|sandbox\w*|pipelines?|retriev\w+|RAG|index(?:ing|es)?",
        r"(?:hybrid|vector|semantic) search|inference|decoding|quanti[sz]\w+|latency|throughput",
        r"kernels?|GPUs?|TPUs?|docker|caching|cache|kubernetes|orchestrat\w+|load[- ]balanc\w+",
        r"servers?|serving|engineering|debugg?ing|profil(?:er|ing)|post-?mortem|hardware",
        r"harness(?:es)?|agent loop|(?:tool|function) (?:use|calling)|MCP|APIs?|SDK|CLI|pytorch",
        r"open[- ]sourced?|python|rust|compilers?|distributed|parallel\w*|databases?|queries|ETL|ELT",
        r"chunk\w*|faster|accelerat\w+|deploy\w*|build(?:ing)?|built|code|coding|scal(?:e|ing)",
    ),
)
LESSON = Kind(
    "lesson",
    "teaches",
    _any(
        r"how to|guide|tutorial|explained|introduction to|primer|from scratch|best practices",
        r"lessons?|tips|101|deep ?dive|under the hood|anatomy|inside|overview|what we learned",
        r"post-?mortem|understanding|demystif\w+|notes",
    ),
)
COMPANY = Kind(
    "company news",
    "news of a company",
    _any(
        r"raises?|raised|funding|series [a-h]|invest(?:s|ed|ing|ments?)|valuation|\$[0-9.]+ ?[mb]\w*",
        r"partner(?:s|ed|ships?|ing)?|joins?|joined|collaborat(?:es?|ed|ion)|teams? up|alliance",
        r"commits?|commitments?|pledges?|expand(?:s|ed|ing)?|expansion|footprint|opens|offices?",
        r"appoint(?:s|ed)?|board|ceo|acqui(?:res?|red|sition)|signs|signed|ambassador|awards?",
        r"recogni[sz]ed|hiring|careers?|jobs?|roles|ISO|SOC ?2|certifi\w+|complian\w+|statement",
        r"pricing|anniversary|milestone|celebrat\w+|cohort|scholarships?|fellows(?:hips?)?",
        r"(?:co-)?founder|leaders?|leadership|chair|strateg(?:y|ic)|startups?|year in review",
        r"our (?:first|mission|team)|progress report|sell",
    ),
)
BUSINESS = Kind(
    "business",
    "speaks to customers",
    _any(
        r"customers?|clients?|trusts?|enterprises?|business(?:es)?|workforce|employees|industry",
        r"industries|industrial|manufactur\w+|financial|banks?|retail|healthcare|hospitals?|insurance",
        r"transform(?:s|ed|ing|ation)?|empower\w*|unleash\w*|supercharg\w+|revolutioni\w+",
        r"democrati[sz]\w+|productivity|roi|cost of|adoption|sales|seller|marketing|legal",
        r"supply chains?|infographic|use cases?|creators?|case stud(?:y|ies)|pilot|solutions?",
        r"sovereign\w*|helps?|helping|advantages?|success|saves?|streamlin\w+",
    ),
)
EVENT = Kind(
    "event",
    "tells of an event or a programme",
    _any(
        r"webinar|summit|conference|meet-?up|hackathons?|\w*tech ?week|event|forum|gathering",
        r"festival|call for|challenge|contest|competition|fund|grants?|program(?:me)?s?|initiatives?",
        r"showcase|winners?|recipients|podcast|episode|interview|q&a|register|registration",
        r"summer of code|phd defense",
    ),
)
POLITICS = Kind(
    "politics",
    "tells of politics and society",
    _any(
        r"government|governance|polic(?:y|ies)|regulat\w+|elections?|disinformation|crimes?|nations?",
        r"national|public services|defen[cs]e|military|(?-i:EU|UK|US|U\.S\.)|congress|senate|commission",
        r"treaty|council|nonprofits?|citizens?|safety institute|president|white house|memorandum",
        r"indigenous|abuse|sustainab\w+|environment\w*|diversity|gender|accountability|democra\w+",
        r"global south|maritime",
    ),
)
PRODUCT = Kind(
    "product news",
    "news of a product",
    _any(
        r"now available|availability|generally available|admin|plans?|subscription|app store|office",
        r"excel|powerpoint|outlook|slack|chrome|mobile|phone|ios|android|desktop|voice mode",
        r"free tier|marketplace|bedrock|vertex|inference (?:providers?|endpoints?)|azure|aws",
        r"new look|self-serve|for teams|side panel|console|dashboards?|analytics|copilot|on the hub",
        r"access|users|extensions?|region|in beta|managed",
    ),
)
NEWS = (COMPANY, BUSINESS, EVENT, POLITICS, PRODUCT)
# What a customer did with a product: "How Acme brought search to millions", "Why Acme trusts".
CUSTOMER_STORY = re.compile(
    r"^how (?!to\b|we\b|i\b|and\b|do\b|does\b|did\b|can\b|could\b|will\b|should\b|much\b|many\b|"
    r"well\b|far\b|ai\b|llms?\b|language\b)(?:[\w'’.&-]+ ){1,5}(?:uses?|used|using|built|builds|brought|"
    r"brings|cut|cuts|made|makes|turned|scaled|saved|transform\w+|helps?|enables?)\b",
    re.IGNORECASE,
)


def share(kind: Kind, entry: Entry) -> tuple[float, str]:
    """From 0 to 1, how much a post has of a kind, and the word that tells it first."""
    title = _found(kind, entry.title)
    summary = _found(kind, entry.summary[:READ])
    more = STORY if kind is BUSINESS and CUSTOMER_STORY.search(entry.title) else 0
    count = len(title) + IN_SUMMARY * len(summary.keys() - title.keys()) + more
    return 1 - 0.5**count, next(iter((*title, *summary)), entry.title if more else "")


def is_about(entry: Entry) -> float:
    """1 where the title speaks of machine learning or data, IN_SUMMARY where only the summary does."""
    if ABOUT.search(entry.title):
        return 1.0
    return IN_SUMMARY if ABOUT.search(entry.summary) else 0.0


def _found(kind: Kind, text: str) -> dict[str, None]:
    return dict.fromkeys(match[0].lower() for match in kind.words.finditer(text))
