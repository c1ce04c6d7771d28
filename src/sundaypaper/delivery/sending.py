"""The loop that sends an issue: claim a row of the outbox, write its letter, send it, settle it.

However the loop ends, a mail that may have gone out is never taken for unsent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sundaypaper.delivery.channels import Channel
from sundaypaper.delivery.outbox import Outbox
from sundaypaper.delivery.redaction import raised, without_addresses
from sundaypaper.delivery.refusals import about_us, names_sender, stopped
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Answer, Delivery, DeliveryState, Letter, Subscriber

NOTHING = "nothing matched"
CUT = "interrupted while the server was taking it; it may have arrived"
WINDOW, TOO_MANY = 200, 10
REFUSED = 3  # in a row, and it is not the reader whom the server means

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
    only: frozenset[int] | None = None,
) -> Counts:
    """Send the mails of a week that are due; the counts of its rows afterwards, by state.

    Call it under the sender's lock.

    only: to these subscribers; the others wait. write makes a subscriber's letter, or None where
    they want no mail about an empty week; its DeliveryError fails that one row. tell gets a line
    for each mail. DeliveryError where the channel cannot go on, or where more than 5 % of the last 200 mails failed for good: what is not settled
    then waits for the next call. And where the first mail is refused for its sender, or three in a
    row for what says nothing of their readers: nobody fails by that.
    """
    if crashed := outbox.recover(now()):
        tell(
            f"{crashed} uncertain: an earlier run ended while they were on their way, so they may "
            "have arrived; they are sent again only if you say so (deliveries)"
        )
    outbox.resume(week)
    if outbox.is_due(week, now(), only):
        with channel:
            _checked(channel)
            _Run(outbox, week, channel, write, now, tell, only).to_the_end()
    return outbox.counts(week)


def _checked(channel: Channel) -> None:
    try:
        channel.check()
    except DeliveryError:
        raise
    except Exception as bad:
        raise broken(bad) from None


def broken(bad: Exception) -> DeliveryError:
    """The error of a third-party channel, in a sentence; its traceback may show an address."""
    return DeliveryError(f"the channel that delivery.kind of feeds.yaml names broke: {raised(bad)}")


@dataclass(slots=True)
class _Run:
    """State of one sending. owed is settled with the next claim, or when the loop ends."""

    outbox: Outbox
    week: str
    channel: Channel
    write: Write
    now: Callable[[], datetime]
    tell: Callable[[str], None]
    only: frozenset[int] | None = None
    owed: tuple[Delivery, Answer] | None = None
    failures: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))
    answered: int = 0
    refused: int = 0  # so many of the last answers, in a row, were about us

    def to_the_end(self) -> None:
        try:
            while claimed := self.outbox.claim_next(self.week, self.now(), self.owed, self.only):
                self.owed = None
                self.deliver(*claimed)
            self.owed = None
        finally:
            if self.owed:
                self.outbox.settle(*self.owed, self.now())

    def deliver(self, delivery: Delivery, subscriber: Subscriber) -> None:
        try:
            letter = self.write(delivery, subscriber)
        except DeliveryError as bad:
            self.owe(delivery, Answer("failed", told=without_addresses(str(bad))))
            return  # not the server's doing: it does not count towards a pause
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
            words = without_addresses(str(bad))
            self.owe(delivery, Answer("deferred", told=words))
            raise DeliveryError(words) from None  # the cause may show an address
        except Exception as bad:
            raise broken(bad) from None
        if not isinstance(answer, Answer):
            raise broken(TypeError(f"it answered {type(answer).__name__} and not Answer"))
        self.owe(delivery, answer)
        self.stop_if_refused(delivery, answer)
        self.count(answer)

    def owe(self, delivery: Delivery, answer: Answer) -> None:
        answer = self.outbox.judged(delivery, answer, self.now())
        self.owed = delivery, answer
        words = without_addresses(answer.told)
        self.tell(_line(delivery, answer.state, answer.code, words))

    def stop_if_refused(self, delivery: Delivery, answer: Answer) -> None:
        """End the run where the server means us.

        At the first mail only where it names the sender: another policy may be about that mail. And
        a mail that it has refused before says so only with others: one reader whom it does not
        serve would else stop each run at its beginning.
        """
        self.answered += 1
        self.refused = self.refused + 1 if about_us(answer) else 0
        first = self.answered == 1 and delivery.tries == 1 and names_sender(answer)
        if self.refused >= REFUSED or first:
            raise DeliveryError(stopped(without_addresses(answer.told) or str(answer.code)))

    def count(self, answer: Answer) -> None:
        """Pause the week where too many mails fail, until a person resumes it."""
        if answer.state == "deferred" or about_us(answer):
            return
        self.failures.append(answer.state == "failed")
        if answer.state == "failed" and (many := sum(self.failures)) > TOO_MANY:
            self.outbox.pause(self.week, self.now())
            raise DeliveryError(
                f"paused: {many} of the last {len(self.failures)} mails of {self.week} failed for "
                f"good, the last with {without_addresses(answer.told) or answer.code}. Put it right; "
                f"`deliveries --week {self.week} --again failed` queues them once more, and "
                f"`send --week {self.week}` goes on with those who still wait"
            )


def _line(delivery: Delivery, state: DeliveryState, code: int, words: str) -> str:
    line = f"week={delivery.week} subscriber={delivery.subscriber} state={state}"
    return line + (f" code={code}" if code else "") + (f' told="{words}"' if words else "")
