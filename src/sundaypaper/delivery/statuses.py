"""The one judge of failed deliveries: what a refusal or a bounce says about the address.

It is asked for what a server answers while we send, and for what comes back later. The codes are
those of RFC 3463 and IANA's registry. hard: the address takes no mail. soft: it did not take this
message, for a reason of its own. nothing: the message or its sender was refused, which is not
counted against the subscriber.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

Verdict = Literal["hard", "soft", "nothing"]

# The longest beginning that fits decides.
TABLE: Mapping[str, Verdict] = {
    "4": "soft",  # given up after a time, whatever it was
    "4.1.7": "nothing",  # the sender's address, as in 5.1.7
    "4.1.8": "nothing",
    "4.6": "nothing",  # the content
    "4.7": "nothing",  # policy, such as a limit on how much we may send
    "5.0": "soft",  # undefined: Exim and many others say nothing else
    # Addresses. Only what is about the recipient counts; 5.1.7 to 5.1.9 and what Microsoft adds
    # (5.1.20, 5.1.64, 5.1.90) speak of the sender.
    "5.1": "nothing",
    "5.1.0": "soft",  # of some address, it is not said which
    "5.1.1": "hard",  # no such mailbox
    "5.1.2": "hard",  # no such domain
    "5.1.3": "hard",  # not an address
    "5.1.4": "hard",  # ambiguous: it will be tomorrow
    "5.1.6": "hard",  # moved, nobody knows where
    "5.1.10": "hard",  # the domain takes no mail (RFC 7505); Microsoft: no such recipient
    # The mailbox.
    "5.2": "soft",
    "5.2.1": "hard",  # disabled
    "5.2.3": "nothing",  # the message is too long for it
    "5.2.252": "nothing",  # Microsoft: this login may not send as this sender
    # The system of the recipient.
    "5.3": "soft",
    "5.3.3": "nothing",  # cannot do what the message asks for
    "5.3.4": "nothing",  # the message is too big
    # The way to it. 5.4.1 is also what Microsoft 365 says of some unknown recipients, and of
    # domains that are set up wrongly: too little for hard.
    "5.4": "soft",
    "5.4.4": "hard",  # no host takes mail for the domain
    "5.4.5": "nothing",  # Google: the sender has sent enough for today
    "5.4.310": "hard",  # Microsoft: the domain does not exist
    # Between servers. 5.5.0 is what some large ones say for "mailbox unavailable".
    "5.5": "nothing",
    "5.5.0": "soft",
    "5.6": "nothing",  # the content
    "5.7": "nothing",  # policy: spam filters, authentication, reputation
}

# A limit on how much the sender may send: it passes by itself.
LIMIT = re.compile(
    r"""rate[- ]?limit|throttl|too\ (?:many|much)\ (?:e?-?mails?|messages|recipients|connections)
    |(?:send|messag|daily|hourly|outgoing|outbound|submission|smtp|sender)\w*\ (?:[\w-]+\ ){0,2}
     (?:limit|quota|rate)\b|(?:limit|quota)\ of\ (?:this|the|your)\ sender|sending\ too\ (?:fast|much|many)
    |(?:messages|mails?|recipients)\ (?:per|an?|each|every)\ (?:minute|hour|day)""",
    re.IGNORECASE | re.VERBOSE,
)
# Words about the sender, with which some servers give a status that is about the reader, or none.
SENDER = re.compile(
    r"""sender\ (?:address|domain|verif|polic|id\b|ip\b|is\ |was\ |not\b|rejected|denied|refused|blocked|unknown)
    |(?:bad|invalid|unknown|forged|unverified|outbound|envelope)\ sender|domain\ of\ (?:the\ )?sender
    |not\ owned\ by|send[- ]?as\b|sendasdenied
    |(?:not|n't|no|without)\ (?:authori[sz]ed|allowed|permitted|permissions?|entitled)\ to\ (?:send|relay|use)
    |\b(?:spf|dmarc|dkim|helo|ehlo|rdns|dnsbl|rbl)\b|reverse\ dns|\bptr\ record
    |relay(?:ing)?(?:\ is|:)?\ (?:access\ )?(?:denied|not|prohibited|refused|forbidden|disabled)
    |(?:not|n't|unable\ to|cannot|refus\w+\ to|no)\ relay|rcpthosts|not\ a\ gateway
    |\bmail\ from\b|\bfrom[: ]+(?:address|header)|identit(?:y|ies)\ failed|address\ is\ not\ verified
    |(?:must|need\ to|please)\ authenticate|authenticat\w+\ (?:is\ )?required|(?:not|un)[- ]?authenticated""",
    re.IGNORECASE | re.VERBOSE,
)
GREYLISTED = re.compile(r"gr[ae]y[- ]?list", re.IGNORECASE)
# Words of policy, and those about the reader beside which they mean little.
POLICY = re.compile(
    r"""black-?list|block-?\ ?list|deny-?list|blocked\ (?:using|by|due|because|for|from)|spam|unsolicited
    |reputation|\bpolic(?:y|ies)\b|administrative\ prohibition|content\ (?:rejected|refused|denied)
    |\bblocked\ (?:senders?\b|-|see\b)|virus|malware|phish""",
    re.IGNORECASE | re.VERBOSE,
)
READER = re.compile(
    r"""(?:user|recipient|mailbox|account|address)\ (?:[\w.-]+\ ){0,3}
     (?:unknown|not\ found|full|disabled|inactive|invalid|unavailable|n[o']t\ exist)
    |doesn't\ (?:exist|have)|(?:no\ such|unknown|invalid)\ (?:user|recipient|mailbox|account|address|person)
    |over\ ?quota""",
    re.IGNORECASE | re.VERBOSE,
)
# Codes that are about the sender alone, whoever reads it.
OF_THE_SENDER = (
    *("5.1.7", "5.1.8", "5.1.9", "5.1.20", "5.1.64", "5.1.90", "5.2.252"),
    *("5.7.23", "5.7.24", "5.7.25", "5.7.26", "5.7.27", "5.7.60", "5.7.509", "5.7.515"),
)
# What only this one letter did wrong: the next one may be smaller.
OF_THE_LETTER = ("5.2.3", "5.3.3", "5.3.4", "5.6")
LONGEST = 2_000

STATUS = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})(?!\d)", re.ASCII)
REPLY = re.compile(r"(?<!\d)[45]\d\d[ -]+#?([45]\.\d{1,3}\.\d{1,3})(?!\d)", re.ASCII)
# A reply of SMTP with its status, or the form of qmail: (#5.1.1).
UNMISTAKABLE = re.compile(
    rb"(?<!\d)5\d\d[ -]#?(5\.\d{1,3}\.\d{1,3})(?!\d)|\(#(5\.\d{1,3}\.\d{1,3})\)"
)


def status(text: str) -> str:
    """The code at the beginning of a Status field, as 5.1.1, or nothing."""
    match = STATUS.match(text)
    return ".".join(str(int(number)) for number in match.groups()) if match else ""


def verdict(code: str) -> Verdict:
    """The verdict on an address that a code such as 5.1.1 means."""
    pieces = code.split(".")
    for length in (3, 2, 1):
        if known := TABLE.get(".".join(pieces[:length])):
            return known
    return "nothing"


def judged(field: str, diagnostic: str) -> tuple[Verdict, str]:
    """The verdict on a recipient, and the code that it follows.

    field is the value of Status, diagnostic that of Diagnostic-Code: where the first leaves the
    detail open (5.0.0), what the other server said decides; where either speaks of the message or
    its sender, the verdict is nothing.
    """
    reply = REPLY.search(diagnostic)
    codes = [code for code in (status(field), status(reply[1]) if reply else "") if code]
    for code in codes:
        if verdict(code) == "nothing":
            return "nothing", code
    if not codes:
        return "nothing", ""
    chosen = codes[-1] if codes[0].endswith(".0") else codes[0]
    return _by_words(verdict(chosen), chosen, diagnostic), chosen


def refused(status: str, words: str) -> tuple[Verdict, str]:
    """The verdict on a recipient whom a server refused with 5xx, and the code that it follows.

    status is the enhanced status of its reply or "", words what it said.
    """
    code = status or next(iter(_codes(words.encode(errors="replace"))), "")
    return _by_words(verdict(code) if code else "soft", code, words), code


def _by_words(judgement: Verdict, code: str, words: str) -> Verdict:
    """A verdict, unless the words that came with the code speak of the sender or of policy."""
    words = words[:LONGEST]
    if SENDER.search(words) or LIMIT.search(words):
        return "nothing"
    if code and not code.endswith(".0.0"):
        return judgement
    return "nothing" if POLICY.search(words) and not READER.search(words) else judgement


def mildest(verdicts: Iterable[tuple[Verdict, str]]) -> tuple[Verdict, str]:
    """The mildest of the verdicts on a mail's recipients; nothing where there are none.

    Where one of several recipients takes mail, the subscriber's address does.
    """
    order = ("nothing", "soft", "hard")
    return min(verdicts, key=lambda pair: order.index(pair[0]), default=("nothing", ""))


def unmistakable(text: bytes) -> tuple[Verdict, str]:
    """The verdict on a bounce in prose, by the codes in its text: soft at most."""
    judgement, code = mildest((verdict(code), code) for code in _codes(text))
    return ("soft", code) if judgement == "hard" else (judgement, code)


def _codes(text: bytes) -> list[str]:
    return [(a or b).decode() for a, b in UNMISTAKABLE.findall(text)]
