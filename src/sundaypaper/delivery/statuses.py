"""Table of enhanced mail status codes: what a failed delivery says about the address.

The codes are those of RFC 3463 and IANA's registry. hard: the address takes no mail. soft: it did
not take this message, for a reason of its own. nothing: the message or its sender was refused,
which is not counted against the subscriber.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

Verdict = Literal["hard", "soft", "nothing"]

# The longest beginning that fits decides.
TABLE: Mapping[str, Verdict] = {
    "4": "soft",  # given up after a time, whatever it was
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
    # The system of the recipient.
    "5.3": "soft",
    "5.3.3": "nothing",  # cannot do what the message asks for
    "5.3.4": "nothing",  # the message is too big
    # The way to it. 5.4.1 is also what Microsoft 365 says of some unknown recipients, and of
    # domains that are set up wrongly: too little for hard.
    "5.4": "soft",
    "5.4.4": "hard",  # no host takes mail for the domain
    "5.4.310": "hard",  # Microsoft: the domain does not exist
    # Between servers. 5.5.0 is what some large ones say for "mailbox unavailable".
    "5.5": "nothing",
    "5.5.0": "soft",
    "5.6": "nothing",  # the content
    "5.7": "nothing",  # policy: spam filters, authentication, reputation
}

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
    return verdict(chosen), chosen


def mildest(verdicts: Iterable[tuple[Verdict, str]]) -> tuple[Verdict, str]:
    """The mildest of the verdicts on a mail's recipients; nothing where there are none.

    Where one of several recipients takes mail, the subscriber's address does.
    """
    order = ("nothing", "soft", "hard")
    return min(verdicts, key=lambda pair: order.index(pair[0]), default=("nothing", ""))


def unmistakable(text: bytes) -> tuple[Verdict, str]:
    """The verdict on a bounce in prose, by the codes in its text: soft at most."""
    codes = [(a or b).decode() for a, b in UNMISTAKABLE.findall(text)]
    judgement, code = mildest((verdict(code), code) for code in codes)
    return ("soft", code) if judgement == "hard" else (judgement, code)
