"""Takes out of a summary what its publishing program put there: no word about the post. Pure."""

from __future__ import annotations

import re

# Sentences that stand alone wherever they are, each with the words without which it need not be
# looked for: of blog programs, of lists of links, of newsletters, of podcast hosts. Each is bounded,
# so that no text makes the search slow.
_END = r"[^\n]{1,160}?(?:\.(?=\s)|\Z)"
_NEW = r"(?<![\w,] )\b"


def _said_of(post: str, said: str) -> str:
    """“The post … appeared first on …”, from the last “The post” on: the text may speak of one, too."""
    return rf"(?-i:{post})(?:(?!(?-i:{post}))[^\n]){{1,300}}?(?:{said})\s{_END}"


_PLAYERS = r"(?:apple podcasts|spotify|youtube|itunes|google podcasts|overcast)"
SENTENCES = tuple(
    (words, re.compile(pattern, re.IGNORECASE))
    for words, pattern in (
        (
            "appeared|first published|originally|republished",
            _said_of(
                r"\b(?:The|This) (?:blog )?(?:post|article|entry|story|page|piece|episode)\b",
                r"(?:appeared first|first appeared|was (?:first|originally) (?:published|posted)|"
                r"originally appeared|is republished)\s(?:on|at|in|by|from)",
            ),
        ),
        ("zuerst", _said_of(r"\b(?:Der|Dieser) (?:Beitrag|Artikel)\b", "erschien(?:en)? zuerst (?:auf|bei|in)")),
        ("en premier", _said_of(r"\b(?:Cet article|L[’'`]article|Le post|L[’'`]entrée)\b", "est apparue? en premier (?:sur|dans)")),
        (
            "primero en|primera vez en",
            _said_of(
                r"\b(?:La entrada|El artículo|El post|La publicación)\b",
                "(?:se publicó primero|apareci?[óe] primero|aparece primero|se publicó por primera vez) en",
            ),
        ),
        (
            "proviene da|primo su|prima volta su",
            _said_of(
                r"\b(?:L[’'`]articolo|Il post)\b",
                "proviene da|sembra essere il primo su|è apparso per la prima volta su",
            ),
        ),
        (
            "primeiro",
            _said_of(
                r"\b(?:O post|O artigo|A publicação|O conteúdo)\b",
                "(?:apareceu|foi publicado) primeiro (?:em|no|na)",
            ),
        ),
        ("verscheen", _said_of(r"\b(?:Het|Dit) (?:bericht|artikel)\b", "verscheen (?:als )?eerste? op")),
        ("pierwszy", _said_of(r"\b(?:Wpis|Artykuł)\b", "pojawił się po ?raz pierwszy (?:na|w)")),
        (
            "först|først",
            _said_of(
                r"\b(?:Inlägget|Indlægget|Innlegget)\b",
                "dök först upp på|blev først udgivet på|dukket først opp på",
            ),
        ),
        (
            "появил",
            _said_of(
                r"\b(?:Запись|Сообщение)\b",
                "(?:впервые появил[аи]сь|появил[аи]сь сначала) (?:на|в)",
            ),
        ),
        ("最初に", r"投稿\s(?:(?!投稿\s)[^\n]){1,300}?\sは\s?[^\n]{1,160}?に最初に表示されました。?"),
        ("出现在|出現在", r"(?<![^\s。！？…])(?:(?![.!?]\s)[^\n。！？]){1,300}?最(?:先|早)出[现現]在[^\n。]{1,160}(?:。|\Z)"),
        (
            "originally published|originally posted|first published",
            r"(?:(?<=[.!?…]\s)|\A)(?:originally|first) (?:published|posted) (?:at|on|in) "
            r"(?:https?://\S{1,300}|[\w-]{1,60}(?:\.[\w-]{1,60}){1,4}(?:/\S{0,200})?)(?: on [^.\n]{1,30})?\.?(?=\s|\Z)",
        ),
        # lists of links
        (
            "submitted by",
            r"\bsubmitted by\s*(?:/?u/)?\S{1,60}(?:\s+to\s+(?:/?r/)?\S{1,60})?(?:\s*\[link\])?(?:\s*\[\d*\s?comments?\])?",
        ),
        ("[link]", r"\[link\]\s*\[\d*\s?comments?\]"),
        (" url:", r"(?:article|comments) url:\s*\S{1,400}"),
        ("points:", r"\bpoints:\s*\d{1,6}"),
        ("comments:", r"#\s?comments:\s*\d{1,6}"),
        # newsletters
        (
            "thanks for reading",
            r"\bthanks for reading\b[^.!\n]{0,120}[.!]\s*(?:subscribe for free[^.!\n]{0,120}[.!])?",
        ),
        ("feel free to share", r"\bthis [^.\n]{0,80}\. feel free to share it\.?"),
        ("subscribe for free", r"\bsubscribe for free to receive new posts[^.!\n]{0,80}[.!]?"),
        ("forwarded", r"\b(?:was this (?:email|newsletter) )?forwarded (?:to you|this email)\?[^.!\n]{0,60}[.!]?"),
        (
            "online|browser",
            r"\b(?:view|read|open) (?:this |it |the )?(?:e-?mail |post |newsletter |issue |version )?(?:online|in (?:your|a|the) browser)\.?",
        ),
        ("trouble", r"\b(?:if you have|having) trouble (?:viewing|reading)[^.\n]{0,80}\.?"),
        ("click to", r"(?:share this:?\s*)?\bclick to (?:share|email|print)[^()\n]{0,80}\([^()\n]{0,60}\)(?: (?:facebook|x|twitter|linkedin|reddit|email|print|whatsapp|telegram|mastodon|bluesky|pocket|pinterest|tumblr)\b)?"),
        ("share this:", r"\bshare this:"),
        # podcasts
        (
            "hosted |powered by",
            r"\b(?:hosted|powered) (?:on|by) (?:acast|simplecast|omny\w*|megaphone|audioboom|libsyn|art19|buzzsprout)\b[^.\n]{0,20}\.?",
        ),
        (
            "for more information|privacy information",
            rf"{_NEW}(?:see|visit) [\w-]{{1,40}}\.[\w./-]{{1,60}}[^.\n]{{0,30}} for (?:more|privacy) information[^.\n]{{0,60}}\.?",
        ),
        ("ad choices", r"\blearn more about your ad choices\.?(?:\s*visit [\w./-]{1,60})?"),
        ("opt-out|optout", r"\bprivacy & opt-?out:?\s*\S{1,80}"),
        ("advertising inquiries", r"\badvertising inquiries:?\s*\S{1,80}"),
        (
            "support |sponsor ",
            rf"(?:\b(?:support|sponsor) (?:this|the|our) (?:podcast|show)(?: on [\w ]{{1,20}})?(?::| at)?\s*(?:https?://\S{{1,200}}|[\w.-]{{3,60}}/\S{{1,60}})|{_NEW}(?:support|sponsor) (?:this|the|our) (?:podcast|show)[.!]?\Z)",
        ),
        ("become a", r"\bbecome a (?:supporter|patron|member) of (?:this|the) (?:podcast|show):?\s*(?:https?://\S{1,200})?"),
        (
            "voice message|a text",
            r"(?:-{3}\s*)?\bsend (?:in |us )?a (?:voice message|text(?: message)?)\.?:?\s*(?:https?://\S{1,200})?",
        ),
        ("gdpr", r"\bour gdpr privacy policy was updated[^.\n]{0,80}\.?"),
        (
            "subscribe on|listen on|follow us on",
            rf"\b(?:subscribe|listen|follow us) on {_PLAYERS}(?:(?:,| or| and)+ (?:{_PLAYERS}|wherever[^.\n]{{0,40}}))*\.?",
        ),
        ("full access", r"\bget full access to [^\n]{1,120}? at [\w.-]{1,60}/subscribe\.?"),
        ("listen now", r"\blisten now \(\d{1,3} mins?\)\s*\|?"),
        ("your browser", r"\b(?:sorry, )?your browser does(?:n[’']t| not) support [^.\n]{1,60}\.?"),
    )
)  # fmt: skip
# What invites to read on: it ends the text. After the first kind the name of the post may follow.
MORE = re.compile(
    r"[\s(\[»›→>|.…·–—-]*"
    r"(?:(?:(?:continue|keep) reading|read (?:more|on\b|(?:the )?(?:full|whole|rest|entire|original|complete)\b)|"
    r"(?:click|tap) (?:here )?(?:to|for) (?:read|view|see|continue|more)\b|weiterlesen|mehr lesen|"
    r"lire la suite|seguir leyendo|leer más|continua(?:r)? a leggere|leggi tutto|continue lendo|leia mais|"
    r"lees (?:meer|verder)|verder lezen|czytaj dalej|läs mer|читать далее)(?:(?![.!?] )[^\n]){0,120}|"
    r"(?:learn|see|find out|show|view) more|more|full (?:story|article|post|text)|read (?:it|this|post|article)(?: here)?|"
    r"view (?:full |original |the )?(?:post|article)(?: on [\w ]{1,20})?|(?:den )?(?:ganzen )?(?:beitrag|artikel) lesen|mehr erfahren|lire plus|lire l[’'`]article|"
    r"en savoir plus|ver más|sigue leyendo|leggi di più|leggi l[’'`]articolo|continua|(?:ler|ver|saiba) mais|"
    r"czytaj więcej|læs mere|les mer|lue lisää|читать (?:дальше|полностью)|подробнее|阅读更多|阅读全文|閱讀更多|"
    r"閱讀全文|继续阅读|続きを読む|もっと読む|더 보기|더 읽기|devamını oku)[\s)\]»›→>|.…:–—-]*\Z",
    re.IGNORECASE,
)
TAIL = 240
ENDS, MARKS = ".!?…:;)]”\"'»›→|", "([»›→|"
BEGINS = re.compile(r"(?<=[.!?…:;)\]”\"'»›→|]) | (?=[^\W\d_a-zа-я])|[(\[»›→|]")
ALONE = re.compile(
    r"(?:\d*\s?comments?|link|\[link\]|permalink|share|tweet|print|image|photo|video|audio|thumbnail|listen now|watch now|subscribe(?: now)?|"
    r"leave a comment|no (?:description|summary|content|excerpt)(?: available)?\.?|untitled|n/?a|null|none|undefined|"
    r"https?://\S+)",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"\A(?:photo|image|picture|illustration|foto|bild)(?: credit)?(?: by|:| from| via) [^.\n]{1,60}? (?:on|/|via) (?:unsplash|pexels|pixabay|flickr|shutterstock|getty images)\.?\s*",
    re.IGNORECASE,
)
LETTER, NO_LETTER = re.compile(r"[^\W_]"), re.compile(r"[\W_]+")


def about(text: str, title: str) -> str:
    """What a summary says of its post, "" where it says nothing, or no more than the title."""
    text = _without_sentences(CREDIT.sub("", text))
    text = _without_invitation(" ".join(text.split()))
    if ALONE.fullmatch(text) or not LETTER.search(text):
        return ""
    return "" if _bare(text) == _bare(title) else text


def _without_sentences(text: str) -> str:
    lower = text.lower()
    for words, sentence in SENTENCES:
        if any(word in lower for word in words.split("|")):
            text = sentence.sub(" ", text)
    return text


def _without_invitation(text: str) -> str:
    """Without “Read more” and its like at the end, where a sentence or a mark begins with them."""
    at = max(0, len(text) - TAIL)
    for begins in (at, *(at + found.start() for found in BEGINS.finditer(text[at:]))):
        before, invitation = text[:begins].rstrip(), text[begins:].lstrip()
        anew = (
            not before or before[-1] in ENDS or invitation[:1] in MARKS or invitation[:1].isupper()
        )
        if anew and MORE.fullmatch(invitation):
            return before
    return text


def _bare(text: str) -> str:
    return NO_LETTER.sub("", text.lower())
