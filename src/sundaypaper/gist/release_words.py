"""Patterns of the words by which a title says that something is out, or that it speaks of other things."""

from __future__ import annotations

import re


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# What is announced but cannot be used, and what only speaks of a thing that is out.
ABOUT_ELSE = _words(
    r"\b(?:partner\w*|collaborat\w*|teams? up|alliance|customers?|case stud(?:y|ies)|trusts?|"
    r"rais(?:es?|ing)|funding|series [a-h]|invest\w*|joins?|acqui\w+|hir(?:es|ing)|appoint\w*|office|"
    r"pricing|certif\w+|complian\w+|CPUs?|chips?|webinar|summit|conference|workshops?|meet-?up|hackathon|event|"
    r"schedule|week|challenge|competition|contest|prize|awards?|winners?|fellowships?|residency|"
    r"grants?|initiative|pledge|commitments?|agreement|council|program(?:me)?s?|course|academy|"
    r"bootcamp|polic(?:y|ies)|statement|response|government|regulat\w+|elections?|(?<!release )blog|"
    r"podcast|newsletter|episodes?|issue|report|survey|system cards?|model cards?|index|"
    r"leaderboards?|providers?|team|institutes?|lab|cent(?:er|re)|users|"
    r"community (?:showcase|members?|calls?)|showcase|roadmap|plans?|results|features|"
    r"business model|what|why|when|who|lessons?|best practices|guide|tutorial|primer|cookbook|"
    r"recipe|deep ?dive|explained|everything|benchmarks? (?:&|and|results).*|and analysis|"
    r"analysis of|analy[sz]ing|review|compar\w+|vs|versus|inside|behind|in the wild|one year|"
    r"anniversary|recap|meets|notes on|thoughts|story|stories|playbook|principles|science|"
    r"approach|integrations?|e-?book|follow-up|part [0-9])\b|^how\b|: how\b|\?|^#|^(?:\w+ )?labs$|"
    r"^(?:using|use|building|build|running|run|training|deploying|understanding|evaluating|"
    r"towards)\b"
)
ANNOUNCES = _words(
    r"(?:^|[:|–—-] )(?:introducing|announcing|releasing|launching|presenting|unveiling|meet|hello|"
    r"say hello to|open[- ]?sourcing|(?:official |open |new |first )?release of|now available)\b:? +|"
    r"^new:? +|^start building with +|^what['’]s new in +(?=\S+ v?[0-9])"
)
WELCOMES = _words(r"\bwelcom(?:e|es|ing)\b[:,]? +(?:to )?(?:the )?")
BRINGS_OUT = _words(
    r"(?<=\w) (?:releases|launches|open[- ]?sources|introduces|unveils|announces) +"
)
IS_OUT = _words(
    r"^[ :,-]*(?:(?:is|are) )?(?:now )?(?:fully |generally |publicly |officially )?"
    r"(?:available|released?|out\b(?! of)|here\b|live\b|ready\b|open[- ]?sourced?|"
    r"in (?:all|[a-z]+) sizes)"
)
# What is long out comes to one more place: "Claude is now available in Brazil".
ELSEWHERE = re.compile(r"\bavailable in [A-Z]")
PAUSE = re.compile(r"[,:;!]| [-–—] ")
# "Faster workflows with Kettle Agent, now GA"
GA = re.compile(
    r"\b(?:is|are) now (?:GA|generally available|available|open[- ]source[d]?|"
    r"in (?:public |open |closed |limited )?(?:beta|preview))[.!]?$"
)
NOW_OUT = re.compile(
    r"\b(?:with|using|via) ([A-Z][^,:]{1,40}),? (?:is |are )?now (?:GA|generally available|available|"
    r"out|open[- ]source[d]?)[.!]?$"
)
IS_HERE = re.compile(r": ([A-Z].{1,60}?) (?:is|are) (?:here|out)[.!]?$")
RELEASE = re.compile(
    r"(?: Official| Public| Open| General)? (?:Release[sd]?(?: Blog| Notes)?|Launch(?:es|ed)?|Beta|Preview)$"
)
DOTTED = re.compile(r" v?[0-9]+(?:\.[0-9]+)+$")
BRINGS = re.compile(r"^ (?:with|adds|brings|comes|goes|gets|now)\b")
# In a post's first sentences: that something is put out now, not that a method is introduced.
TOLD = _words(
    r"^(?:released|introducing|announcing|releasing|launching|open[- ]?sourcing)\b|"
    r"\b(?:we(?:['’]re|['’]ve| are| have)?|today,? we(?:['’]re| are)?|\w+ (?:is|are)) "
    r"(?:now |also |today |just )?(?:(?:excited|happy|thrilled|pleased|proud|delighted) to )?"
    r"(?:announc(?:e|ing)|introduc(?:e|ed|ing)|releas(?:e|ed|ing)|launch(?:ed|ing)?|"
    r"open[- ]?sourc(?:e|ed|ing))\b(?<!we introduce)(?<!we introduced)|\b(?:is|are) (?:now available|an? open[- ]source[d]?)\b"
)
# That something is put out, whatever the title calls it: "We're releasing X, a …", "X is an open library".
# "our testing framework Inspect"
KIND_BEFORE = _words(
    r"\b(?:framework|library|toolkit|tool|dataset|benchmark|model|app),? (?:called |named )?(?=\S)"
)
# What is launched so is no thing that one can use.
PROGRAMME = _words(
    r"\b(?:launch|introduc|announc)\w* [^.]{0,80}\b(?:program(?:me)?|fellowship|initiative|survey|grants?|fund|"
    r"partnership|council)\b"
)
PUTS_OUT = re.compile(
    r"\b(?:[Ww]e|[A-Z][\w-]+)(?:['’]re| are| is|['’]ve| have| has) (?:now |also |today |just |publicly )?"
    r"(?:releas|open[- ]?sourc)(?:ing|ed) (?:the full version of )?|"
    r"^(?=[A-Z][\w.-]+ (?:is|are) (?:now available|an? (?:new )?open[- ]source[d]?)\b)"
)
OPEN = _words(r"\bopen[- ]?(?:source[d]?|weights?|sourcing)\b")
# Where the second half of "X: …" says that X is studied or used, not put out.
STUDIES = _words(
    r"\b(?:uses|using)\b|"
    r"^(?:improving|evaluating|measuring|investigating|understanding|leveraging|using|exploring|rethinking|use|"
    r"running|building|deploying|training|fine-?tuning|serving|scaling|benchmarking|when|how|why|"
    r"what|can|towards?|under the|inside|an? (?:better way|study|look|tour|case))\b"
)
ONE_NAME = re.compile(r"^[A-Z][a-z]+(?<!ing)(?<!s)$")
GERUND = re.compile(r"^[A-Za-z-]+ing\b")
FIRST_OF = re.compile(r"^(?:(?:[Aa]n?|[Tt]he) )?(?:[Oo]pen|[Nn]ew|[Ff]irst|[Ww]orld['’]s \w+)\b")
# A title that ends so names a tool without saying more: "Mistral Batch API".
TOOL = re.compile(
    r" (?:API|SDK|CLI|IDE|MCP Server|Studio|App|Client|Library|Toolkit|Dataset|Benchmark|Suite)"
    r"(?: (?:Public )?Beta)?$|^API (?:Public )?Beta$"
)
# "… with the new Devstral models", "…: the Ettin Suite of …", "… with the WebSight Dataset".
OF_A_NAME = re.compile(
    r"(?:\bthe new|: [Tt]he|: [Oo]ur|\bwith (?:the|our)(?= \S+[a-z][A-Z])) "
    r"([A-Z][\w.-]*(?: [A-Z0-9][\w.-]*){0,3}?) "
    r"(?:[Mm]odels?|[Ss]uite|[Ff]amily|[Dd]ata ?[Ss]ets?|[Ll]ibrary|[Bb]enchmark|[Tt]oolkit)\b"
)
SUITE = re.compile(r"^The (?:[A-Z]\w+ ){1,3}(?:Toolkit|Suite|Dataset|Benchmark|Corpus)$")
BENCH = re.compile(r"(?<=[\w-])[Bb]ench(?:-?[\w.]+)?$")
CAMEL = re.compile(r"^[A-Z]?[a-z]+[A-Z]\w*$")
OWN = re.compile(r"^[A-Z]\w+ by [A-Z]\w+$")  # "Engram: Memory by Weaviate"
HYPHENATED = re.compile(r"^[A-Z]\w*-[A-Z]\w*(?<!ing)$")  # "Gradio-Lite"
LOWER = re.compile(r"^[a-z][\w.-]{2,}$")
FEW_WORDS = re.compile(r"[\w.-]+(?: [a-z][\w-]+)?(?=:| [-–—] |$)")
PLAIN_THING = re.compile(
    r" (?:models?|library|libraries|datasets?|weights|apps?|plugin|extension)$"
)
POSSESSIVE = re.compile(r"['’]s\b")
SPLIT = re.compile(r"(?<=\w)[:|] | [-–—|·] |, (?=an? )")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+")
