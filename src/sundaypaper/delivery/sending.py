"""The loop that sends an issue: claim, write, send, settle; whatever happens, no row lies."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sundaypaper.delivery.channels import Channel
from sundaypaper.delivery.outbox import Outbox
from sundaypaper.delivery.telling import without_addresses
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Answer, Delivery, DeliveryState, Letter, Subscriber

NOTHING = "nothing matched"
CUT = "interrupted while the server was taking it; it may have arrived"
WINDOW, TOO_MANY = 200, 10

Counts = Mapping[DeliveryState, int]
Write = Callable[[Delivery, Subscriber], Letter | None]


def send(
    outbox: Outbox,
    week: str,
    channel: Channel,
    write: Write,
    *,
    now: Callable[[], datetime],
    tell: Callable[[str], None],
) -> Counts:
    """Send what is due of a week; how its rows stand after it. Call it under the sender's lock.

    write makes a subscriber's letter, or None where they want no mail about an empty week; its
    DeliveryError fails that one row. tell gets a line for each mail. DeliveryError where the channel
    cannot go on, or where more than 5 % of the last 200 mails failed for good: what is not settled
    then waits for the next call.
    """
    if crashed := outbox.recover(now()):
        tell(
            f"{crashed} uncertain: an earlier run ended while they were on their way, so they may "
            "have arrived; they are sent again only if you say so (deliveries)"
        )
    with channel:
        channel.check()
        _Run(outbox, week, channel, write, now, tell).to_the_end()
    return outbox.counts(week)


@dataclass(slots=True)
class _Run:
    """What the loop knows. owed is settled with the next claim, or on the way out."""

    outbox: Outbox
    week: str
    channel: Channel
    write: Write
    now: Callable[[], datetime]
    tell: Callable[[str], None]
    owed: tuple[Delivery, Answer] | None = None
    failures: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def to_the_end(self) -> None:
        try:
            while claimed := self.outbox.claim_next(self.week, self.now(), self.owed):
                self.owed = None
                self.one(*claimed)
            self.owed = None
        finally:
            if self.owed:
                self.outbox.settle(*self.owed, self.now())

    def one(self, delivery: Delivery, subscriber: Subscriber) -> None:
        try:
            letter = self.write(delivery, subscriber)
        except DeliveryError as bad:
            self.owe(delivery, Answer("failed", told=without_addresses(str(bad))))
            return
        except BaseException:
            self.outbox.give_back(delivery)
            raise
        if letter is None:
            self.outbox.skip(delivery, NOTHING, self.now())
            self.tell(_line(delivery, "suppressed", 0, NOTHING))
            return
        # Until the channel answers, whatever ends this leaves a mail that may have arrived.
        self.owed = delivery, Answer("uncertain", told=CUT)
        try:
            answer = self.channel.send(letter)
        except DeliveryError as bad:
            told = without_addresses(str(bad))
            self.owe(delivery, Answer("deferred", told=told))
            raise DeliveryError(told) from None  # the cause may show an address
        self.owe(delivery, answer)

    def owe(self, delivery: Delivery, answer: Answer) -> None:
        self.owed = delivery, answer
        told = without_addresses(answer.told)
        self.tell(_line(delivery, answer.state, answer.code, told))
        if answer.state == "deferred":
            return
        self.failures.append(answer.state == "failed")
        if answer.state == "failed" and (many := sum(self.failures)) > TOO_MANY:
            raise DeliveryError(
                f"paused: {many} of the last {len(self.failures)} mails of {self.week} failed for "
                f"good, the last with {told or answer.code}; nothing is lost: see `deliveries "
                f"--week {self.week}`, put it right, and `send --week {self.week}` goes on with "
                "those who are still queued"
            )


def _line(delivery: Delivery, state: DeliveryState, code: int, told: str) -> str:
    line = f"week={delivery.week} subscriber={delivery.subscriber} state={state}"
    return line + (f" code={code}" if code else "") + (f' told="{told}"' if told else "")
