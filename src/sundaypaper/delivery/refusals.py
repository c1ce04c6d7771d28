"""What an answer to a letter comes to: who is meant by a refusal, its reader or we ourselves."""

from __future__ import annotations

from dataclasses import replace

from sundaypaper.delivery.statuses import (
    GREYLISTED,
    LIMIT,
    OF_THE_LETTER,
    OF_THE_SENDER,
    SENDER,
    Verdict,
    refused,
)
from sundaypaper.models import Answer

CURE = (
    "it has to allow delivery.from of feeds.yaml as sender, also with a +tag in its name, for this "
    "login or this machine, and to take such a mail"
)
TOO_MUCH = (
    "it limits how much may be sent: try again later, or set delivery.a_second in feeds.yaml to what "
    "it allows"
)


def settled(answer: Answer) -> Answer:
    """The answer, deferred in place of failed where the refusal says nothing of the reader."""
    if answer.state == "failed" and about_us(answer):
        return replace(answer, state="deferred")
    return answer


def about_us(answer: Answer) -> bool:
    """Whether an answer refuses our sender or all that we send, whoever reads it."""
    if answer.state not in ("failed", "deferred"):
        return False
    if answer.code // 100 == 4:
        words = LIMIT.search(answer.told) or SENDER.search(answer.told)
        named = f"5{answer.status[1:]}" in OF_THE_SENDER
        return bool(words or named) and not GREYLISTED.search(answer.told)
    judgement, code = refused(answer.status, answer.told)
    own = code.startswith(OF_THE_LETTER)
    return answer.code // 100 == 5 and judgement == "nothing" and not own


def names_sender(answer: Answer) -> bool:
    """Whether a server refuses for good, and says in so many words that it is for the sender."""
    named = answer.status in OF_THE_SENDER or bool(SENDER.search(answer.told))
    return named and answer.code // 100 == 5 and about_us(answer)


def about_reader(answer: Answer) -> tuple[Verdict, str]:
    """What a mail that failed says of its reader's address, and the code that it follows."""
    if answer.state != "failed":
        return "nothing", ""
    judgement, code = refused(answer.status, answer.told)
    return (judgement, code) if code else ("nothing", "")


def stopped(told: str, next: str = "`sundaypaper send` goes on with them") -> str:
    """The sentence with which sending stops, from what the server told, and what comes next."""
    cure = TOO_MUCH if LIMIT.search(told) else CURE
    return (
        f"stopped: the server does not take our mail, whoever reads it ({told}): {cure}. Nobody has "
        f"lost a mail by it: they wait, and {next}"
    )
