"""Patterns of the words that state evidence (code, data, survey …); precision first.

Gaps are bounded and lists are made of fixed words, so that every pattern stays linear.
"""

from __future__ import annotations

import re


def _sign(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# ---------------------------------------------------------------- addresses

CODE_URL = _sign(
    r"(?:https?://)?(?:www\.)?(?:(?:github|gitlab)\.com/(?!(?:sponsors|topics|features|about|orgs|"
    r"marketplace|settings|login|apps|search|explore|pricing|trending|blog|site|security)/)"
    r"[\w.-]+/[\w.-]*\w(?!/(?:issues|pulls?|discussions|commit)\b)|"
    r"huggingface\.co/(?:spaces/)?(?!(?:papers|datasets|blog|docs|spaces|learn|posts|models|"
    r"collections|join|tasks|chat)\b)[\w.-]+/[\w.-]*\w)"
)
DATA_URL = _sign(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co/datasets/[\w.-]+/[\w.-]*\w|"
    r"zenodo\.org/records?/[0-9]+|kaggle\.com/datasets/[\w./-]*\w|"
    r"doi\.org/10\.5281/zenodo\.[0-9]+)"
)
# Weights of a model at a place made for them; data has a pattern of its own.
WEIGHTS_URL = _sign(
    r"(?:https?://)?(?:www\.)?(?:(?:huggingface\.co|hf\.co)/(?:models/|collections/)?"
    r"(?!(?:papers|blog|docs|spaces|learn|posts|join|tasks|chat|datasets|collections|models)\b)"
    r"[\w.-]+(?:/[\w.-]*\w)?|modelscope\.(?:cn|ai)/(?:models|collections)/[\w./-]*\w)"
)
WEIGHTS_SAID = _sign(
    r"\b(?:weights|checkpoints|(?:pre-?trained|trained|our|the|all|and) models?)\b"
)
PROJECT_URL = _sign(
    r"(?:https?://)?(?:[\w-]+\.github\.io|sites\.google\.com/(?:view|site))(?:/[\w./%-]*\w)?/?"
)
PROJECT_SAID = _sign(
    r"\b(?:project|home|demo)[ -]?(?:page|web ?site|site|web ?page)\b"
    r"(?:(?: is| are)? (?:available|found|accessible)| can be found)?(?: at| on)?[:,]? ?"
    r"(?:https?://[^\s)]*[\w/]|this https? url)"
)

# ---------------------------------------------------------------- what is not there (yet)

UNSURE = _sign(
    r"\b(?:will|shall|would|plan to|to be (?:released|made|published|available)|going to|"
    r"upon (?:\w+ )?(?:acceptance|publication|request|completion)|(?:on|by|at) request|once|"
    r"after (?:the )?(?:acceptance|publication|review)|soon|forthcoming|cannot be|no code|"
    r"not (?:yet )?(?:publicly )?(?:available|released))\b"
)
PROMISE = _sign(
    r"\b(?:(?:will|shall|to) be (?:\w+ly |made |fully ){0,3}(?:available|released|public|shared|"
    r"open[- ]?sourced?|published|provided|found)|(?:will|shall|plan to) (?:\w+ly |also ){0,2}"
    r"(?:release|open-?source|publish|share|make)|upon (?:\w+ )?(?:acceptance|publication)|"
    r"(?:coming|available|released|released? very) soon|(?:on|upon) request)\b"
)
DATA_WORD = _sign(r"\b(?:data|data ?sets?|benchmarks?|corpus|corpora|resources|artifacts)\b")
# What a repository may hold beside code: its address alone then proves none.
NO_CODE = _sign(
    r"\b(?:data ?sets?|benchmarks?|corpus|corpora|test ?suites?|demos?|videos?|samples|slides|"
    r"leaderboard|collection|list|papers)\b"
)
CODE_WORD = _sign(
    r"\b(?:source codes?|codes?|code ?bases?|implementations?|repository|toolkit|scripts?|"
    r"models?|github|project|tools?|framework|library|package|software)\b"
)

# ---------------------------------------------------------------- papers: code, data, release

_BE = r"(?:is|are|has been|have been|was|were|can be)"
_READY = (
    r"(?:(?:is|are|has been|have been|was|were|made|now|all|both|also|publicly|freely|openly|fully|"
    r"can be|be),? ){0,5}(?:(?:available|released|open[- ]?sourced?|accessible|published|"
    r"hosted)\b(?! (?:soon|upon|to (?:the )?participants))|(?:provided|found|shared|included)"
    r"(?= (?:at|on|here|via|under|through|in (?:the|our|this))\b| ?[:.]| https?:|$))"
)
_CODE = r"(?:source codes?|codes?|code ?bases?|implementations?|repository|toolkit|scripts?)"
_DATA = r"(?:data ?sets?|benchmarks?|corpus|corpora|test ?suites?|\b[\w+-]{1,30}bench\b)"
# What may stand beside "code" before "is available": "code, trained models and data are …".
_BESIDE = (
    r"(?:[ ,/&]+(?:and|the|our|all|other|pre-?trained|trained|models?|weights|checkpoints|demos?|"
    r"videos?|supplementary|additional|materials?|data|datasets?|benchmarks?|evaluation|training|"
    r"inference|scripts?|code|links?|simulations?|results|prompts|logs|documentation|examples?|"
    r"(?:for|of|to reproduce|associated with|used in) (?:this|our|the) \w+))"
)
_NOT_THE_THING = (
    r"(?![- ](?:generat|complet|review|search|translat|synthes|understand|snippet|edit|repair|"
    r"intelligen|llm|model|task|agent|quality|reason|execut|chang|fragment|switch))"
)
CODE_SAID = _sign(
    rf"\b{_CODE}{_BESIDE}{{0,8}} {_READY}|"
    r"\b(?:we|authors) (?:\w+ )?(?:release|open-?source|publish|share|provide) "
    r"(?:(?!that|which|for)[\w-]+,? ){0,6}(?:source code|code ?base|code)\b(?!-)"
    rf"{_NOT_THE_THING}|"
    rf"\bwe (?:\w+ )?make (?:\w+,? ){{0,6}}{_CODE}{_BESIDE}{{0,6}} (?:\w+ly )?(?:available|public)|"
    rf"\ball (?:\w+ )?(?:artifacts|tools|materials|resources)\b[^.;]{{0,40}} {_BE} {_READY}|"
    r"\b(?:source )?(?:code|codes|github)(?: link| page| url| repository)?(?: (?:and|&) \w+)? ?"
    r"(?::|at:?|available(?: at| on)?:?) ?(?:https?://(?!\S{0,200}github\.io)|this https url)"
)
_WE = r"\b(?:we|I|(?:this|our) (?:paper|work|study|approach|article))"
_FREELY = r"(?:\w+ly |also |further |first |then |thus |here |therefore )?"
# Up to 80 characters that stay within one noun phrase; an aside in parentheses is stepped over.
_PHRASE = (
    r"(?:\([^()]{0,90}\)|(?!\b(?:that|which|for|on|to|using|with|from|by|of|in|across|where|and|"
    r"we|existing|widely|popular|commonly)\b)[^.;()]){0,80}?"
)
_NO_DATA = (
    r"(?![- ](?:distill|condens|prun|select|free|agnostic|specific|level|generat|augment|"
    r"construct|creat|curat|design\b|metho|framework|pipeline|expan|results?\b|stud|experiment|"
    r"evaluation|comparison|analys|performance|evaluating|comparing|shift|size|quality|tool|"
    r"platform|repositor|collection (?:system|method)|"
    r"(?<=mark )of (?!\d|over|more|nearly|about|approximately)))"
)
DATA_MADE = _sign(
    rf"{_WE} {_FREELY}(?:introduce|present|release|propose|contribute|open-source|publish|"
    rf"establish)s? {_PHRASE}\b{_DATA}\b{_NO_DATA}|"
    rf"{_WE} {_FREELY}(?:release|open-?source|publish)s? (?:(?!that|which|for|on|using|to|across|"
    rf"of|from|with)[\w+-]+,? ){{0,9}}(?:{_DATA}|data)\b"
    r"(?![- ](?:generat|process|collect|pipeline|curat))"
)
# What was built may be only a means; new, a benchmark or with a name it is a thing of its own.
DATA_BUILT = _sign(
    rf"{_WE} {_FREELY}(?:construct|build|curate|collect|create|develop|design)s? "
    rf"{_PHRASE}\b{_DATA}\b{_NO_DATA}"
)
OF_ITS_OWN = re.compile(
    r"\b(?:new|novel|first|large-scale|comprehensive|[Bb]enchmarks?|(?=\w*[a-z])\w*[A-Z]\w*[A-Z]\w*|"
    r"[\w-]+[Bb]ench)\b"
)
DATA_SAID = _sign(
    rf"\b(?:our|all|the|new|full|codes?|and|,) (?:[\w-]+ ){{0,3}}(?:data ?sets?|benchmarks?|corpus|"
    rf"corpora|annotations|demonstrations){_BESIDE}{{0,6}} {_BE} {_READY}|"
    rf"^(?:data ?sets?|benchmarks?)(?: resources)?{_BESIDE}{{0,6}} {_BE} {_READY}|"
    rf"\b(?:our|codes?|models?|weights|videos?|scripts|prompts)(?:,|,? and| &) data(?:sets?)? "
    rf"{_BE} {_READY}|\bour data {_BE} {_READY}"
)
DATA_TITLE = _sign(
    r"(?:: (?:(?:an?|the) )?|^(?:an?|the) )(?:(?!for\b|on\b|of\b|to\b|with\b|from\b|in\b|"
    r"and\b|create\b|build\b)[\w-]+ ){0,6}(?:dataset|benchmark|corpus)"
    r"(?= (?:for|on|to|and|with|from|in)\b|(?<!mark) of\b| of [0-9]|$|,)|^[\w+-]{2,30}bench(?=:)"
)
_THING = (
    r"(?:library|toolkit|toolbox|package|software|platform|simulator|simulation|framework|tool|"
    r"engine|compiler|models?)"
)
RELEASE_SAID = _sign(
    r"\bwe (?:\w+ )?(?:release|open-?source) (?:(?!that|which|for|on|using|to|from|of)"
    r"[\w+.-]+,? ){0,12}(?:weights|checkpoints|models?|libraries|library|toolkit|toolbox|package|"
    r"software)\b(?! (?:cards?|outputs?|predictions|responses|evaluations?))|"
    r"\b(?:our|the|all|codes?|data|datasets|and|trained|pre-?trained|,) (?:models?|model weights|"
    rf"weights|(?:model )?checkpoints){_BESIDE}{{0,6}} {_BE} {_READY}|"
    rf"\b(?:architecture|model) (?:as well as|and) (?:model )?checkpoints {_BE} {_READY}|"
    r"\ball (?:\w+ )?(?:artifacts|tools)\b[^.;]{0,40} (?:is|are|have been) (?:\w+ly )?"
    r"(?:made )?(?:\w+ly )?(?:available|open-?sourced|released)"
)
OPEN_TOOL = _sign(
    rf"{_WE} {_FREELY}(?:present|introduce|release|provide|develop|describe)s? {_PHRASE}"
    rf"\bopen[- ]?source(?:d)? (?:(?!that|for|which)[\w+-]+ ){{0,4}}{_THING}\b|"
    rf"^an open[- ]?source (?:[\w+-]+ ){{0,4}}{_THING}\b[^.;]{{0,90}} (?:is|are) "
    r"(?:presented|introduced|released)"
)
# What follows the name of the work itself: "… is publicly available".
IS_OUT = _sign(
    r"(?: (?:model|library|toolkit|package|framework|code|weights|software)s?)? (?:is|are) "
    r"(?:now |publicly |freely |openly |also |fully )*(?:available|released|open[- ]?sourced?)\b"
    r"(?! (?:upon|soon))"
)

# ---------------------------------------------------------------- surveys, teaching

SURVEY_TITLE = _sign(
    r"\b(?:(?:an?|this|comprehensive|systematic|brief|short|critical|technical|holistic|structured|"
    r"literature|scoping|recent) (?:[\w-]+ ){0,2}(?:survey|review)(?= (?:of|on|and|for|from|in|"
    r"paper|with)\b|$|[,:.?])|(?:literature|systematic|scoping) (?:survey|review)|survey (?:and|of|"
    r"on|paper)\b|(?:^|: )(?:survey|review) (?:of|on)\b|: survey$|tutorial review\b|"
    r"tutorial[- ]cum[- ]survey)"
)
SURVEY_SAID = _sign(
    r"\b(?:(?:this|our) (?:[\w-]+ )?(?:survey|review)(?: (?:paper|article))? (?:\w+ly "
    r")?(?:covers?|examines?|provides?|presents?|summari[sz]es?|categori[sz]es?|discusses|"
    r"explores?|synthesi[sz]es?|aims|offers?|analy[sz]es?|investigates?|systematically|"
    r"organi[sz]es?|is)|(?:in )?this (?:survey|literature review|review (?:paper|article)),|"
    r"this (?:paper|article|work|study|chapter) (?:\w+ly )?(?:surveys|reviews)|"
    r"(?:we|this (?:paper|article|work|study)) (?:\w+ly )?(?:presents?|provides?|conducts?|"
    r"conducted|offers?|performs?|performed) an? (?:\w+, )?(?:[\w-]+ ){0,3}(?:literature review|"
    r"systematic review|scoping review|comprehensive (?:survey|review|overview)|systematic survey|"
    r"survey of (?:the |recent |existing |current ))|we (?:survey|review) (?:the |recent |"
    r"existing |current )(?:[\w-]+ ){0,3}(?:literature|work|works|advances|progress|research|"
    r"methods|approaches|studies))"
)
# A survey that asks people is not a survey of a field.
ASKED_SENTENCE = _sign(
    r"\b(?:respondents?|participants|questionnaires?|survey (?:data|respon\w+|questions?|research|"
    r"experiments?|simulation|items?|weights|instruments?)|(?:peer|code|product|book|movie|app|"
    r"customer|user|online|periodic|medical image) reviews?)\b"
)
ASKED = _sign(
    r"\b(?:respondents|questionnaires?|survey participants|(?:evidence|results|insights|findings) "
    r"from an? (?:[\w-]+ ){0,3}survey|survey (?:of|with|among|involving|from) (?:over |more than |"
    r"about |approximately |nearly )?(?:[0-9][0-9,]* )(?:[\w-]+ ){0,3}(?:participants|people|users|"
    r"adults|students|developers|researchers|practitioners|experts|teachers|workers|professionals)|"
    r"surveyed (?:over |more than )?[0-9]|survey with (?:over |more than )?[0-9])"
)
FIELD = _sign(r"\b(?:literature|systematic|scoping|comprehensive|taxonomy)\b")
TUTORIAL = _sign(
    r"\b(?:tutorials?(?! (?:video|question|generation|dataset|session))|primer|"
    r"step[- ]by[- ]step guide|practical guide|"
    r"beginner'?s guide|hands-on (?:guide|introduction|workshop)|gentle introduction)\b"
)
HOW_TO = _sign(
    r"^(?:how to |how i |an? (?:\w+ )?guide to |(?:an? )?introduction to |build(?:ing)? .{3,60} "
    r"from scratch|implement(?:ing)? .{3,60} from scratch)"
)
TUTORIAL_SAID = _sign(
    r"\bthis (?:paper|article|work|note|chapter)?,? ?(?:is a |provides a |presents a |offers a )?"
    r"(?:[\w-]+ )?(?:tutorial|primer)\b"
)
LECTURE = _sign(
    r"\b(?:(?:lecture|course) notes(?! (?:in|on) (?:computer|artificial|networks|electrical|"
    r"mechanical))|textbook for)\b"
)
LECTURE_SAID = _sign(
    r"\b(?:these (?:lecture |course )?notes (?:\w+ ){0,2}(?:are|were|cover|provide|introduce|"
    r"present|give|develop|grew)|(?:lecture|course) notes (?:for|from|of|on|based) |"
    r"(?:textbook|notes) for (?:an? )?(?:graduate|undergraduate)|based on (?:an? |the )"
    r"(?:[\w-]+ ){0,3}course (?:taught|given|held|at))"
)
SERIES = _sign(r"\b(?:springer|lncs|lnai|proceedings|series|accepted)\b")

# ---------------------------------------------------------------- posts

COURSE_TITLE = _sign(
    r"\b(?:lecture(?: notes| [0-9]+|s)|(?:free|online|new|short|crash|our|video|mini|university) "
    r"course|(?<!reverse )course (?:on|in|materials?|notes|announcement)|bootcamp|mooc)\b|"
    r"(?<!reverse )\bcourse$"
)
EVENT_TITLE = _sign(
    r"\b(?:call for (?:papers|participation|proposals|tutorials|workshops)|webinar|meet-?up|"
    r"hackathon|(?:summer|winter) school(?= 20[0-9]{2}|\W*$|:? (?:registration|applications))|"
    r"registration (?:is )?(?:now )?open|submission deadline|(?:join|meet) us at)\b"
)
# An event that is told of afterwards.
PAST = _sign(
    r"\b(?:winners?|highlights?|recap|recordings?|looking back|takeaways|lessons|what we learned|"
    r"thank(?:s| you)|edition)\b"
)
RESEARCH = _sign(r"\b(?:literature|research|papers|methods|approaches|models|learning)\b")
