"""What a failed delivery says about the address: the enhanced status codes, judged by a table.

The codes are those of RFC 3463 and IANA's registry. Hard says that this address takes no mail,
soft that it did not take this one for a reason of its own, nothing that the message or its sender
was refused: that is no fault of the reader's and counts for nothing.
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
SAID = re.compile(r"(?<!\d)[45]\d\d[ -]+#?([45]\.\d{1,3}\.\d{1,3})(?!\d)", re.ASCII)
# A reply of SMTP with its status, or the form of qmail: (#5.1.1).
UNMISTAKABLE = re.compile(
    rb"(?<!\d)5\d\d[ -]#?(5\.\d{1,3}\.\d{1,3})(?!\d)|\(#(5\.\d{1,3}\.\d{1,3})\)"
)


def status(text: str) -> str:
    """The code at the beginning of a Status field, as 5.1.1, or nothing."""
    found = STATUS.match(text)
    return ".".join(str(int(number)) for number in found.groups()) if found else ""


def verdict(code: str) -> Verdict:
    """What a code such as 5.1.1 says of the address."""
    pieces = code.split(".")
    for length in (3, 2, 1):
        if found := TABLE.get(".".join(pieces[:length])):
            return found
    return "nothing"


def judged(told: str, diagnostic: str) -> tuple[Verdict, str]:
    """The verdict on a recipient, and the code that it follows.

    told is the field Status, diagnostic the field Diagnostic-Code: where the first leaves the
    detail open (5.0.0), what the other server said decides; where either speaks of the message or
    its sender, nothing counts.
    """
    said = SAID.search(diagnostic)
    codes = [code for code in (status(told), status(said[1]) if said else "") if code]
    for code in codes:
        if verdict(code) == "nothing":
            return "nothing", code
    if not codes:
        return "nothing", ""
    chosen = codes[-1] if codes[0].endswith(".0") else codes[0]
    return verdict(chosen), chosen


def mildest(verdicts: Iterable[tuple[Verdict, str]]) -> tuple[Verdict, str]:
    """One of several recipients of one mail is alive: the address is. Nothing where none is told."""
    order = ("nothing", "soft", "hard")
    return min(verdicts, key=lambda one: order.index(one[0]), default=("nothing", ""))


def unmistakable(text: bytes) -> tuple[Verdict, str]:
    """What a bounce in prose says by its codes: soft at most."""
    codes = [(a or b).decode() for a, b in UNMISTAKABLE.findall(text)]
    found, code = mildest((verdict(one), one) for one in codes)
    return ("soft", code) if found == "hard" else (found, code)
