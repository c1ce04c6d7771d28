"""The loop that sends an issue: what is due is written, claimed, sent and settled.

One thread keeps the outbox, and each connection sends one letter at a time. Whatever came in is
settled and what goes out next is claimed in one durable transaction, for all connections at once.
However the loop ends, a mail that may have gone out is never taken for unsent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sundaypaper.delivery.channels import Channel, TurnedAwayError
from sundaypaper.delivery.connections import (
    Came,
    Claim,
    Connection,
    Connections,
    Handed,
    NotClaimedError,
    connections_of,
)
from sundaypaper.delivery.outbox import Outbox
from sundaypaper.delivery.pace import UNPACED, SendingPace
from sundaypaper.delivery.redaction import raised, without_addresses
from sundaypaper.delivery.refusals import about_us, names_sender, stopped
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Answer, Delivery, DeliveryState, Letter, Subscriber

NOTHING = "nothing matched"
CUT = "interrupted while the server was taking it; it may have arrived"
WINDOW, TOO_MANY = 200, 10
REFUSED = 3  # in a row, and it is not the reader whom the server means
AHEAD = 8  # letters are written ahead of their claims
SHORTEST = 0.002  # seconds: threads that take turns need as long to come in together
# So long a pause is slept in one piece: whoever asks to stop waits no longer.
NAP = 0.2

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
    beside: Sequence[Channel] = (),
    pace: SendingPace = UNPACED,
    stopping: Callable[[], bool] = lambda: False,
) -> Counts:
    """Send the mails of a week that are due; the counts of its rows afterwards, by state.

    Call it under the sender's lock.

    only: to these subscribers; the others wait. write makes a subscriber's letter, or None where
    they want no mail about an empty week; its DeliveryError fails that one row. tell gets a line
    for each mail. beside are channels that send at the same time. Where stopping says so, nothing
    more is claimed, and what is under way is awaited.

    DeliveryError where the channel cannot go on, or where more than 5 % of the last 200 mails failed
    for good: what is not settled then waits for the next call. And where the first mail is refused
    for its sender, or three in a row for what says nothing of their readers: nobody fails by that.
    """
    if crashed := outbox.recover(now(), "" if only is None else week):
        tell(
            f"{crashed} uncertain: an earlier run ended while they were on their way, so they may "
            "have arrived; they are sent again only if you say so (deliveries)"
        )
    outbox.resume(week)
    if outbox.is_due(week, now(), only):
        channels = (channel, *beside)
        with ExitStack() as opened:
            for one in channels:
                opened.enter_context(one)
            run = _Run(
                outbox, week, connections_of(channels), write, now, tell, only, pace, stopping
            )
            run.to_the_end()
    return outbox.counts(week)


def broken(bad: Exception) -> DeliveryError:
    """The error of a third-party channel, in a sentence; its traceback may show an address."""
    return DeliveryError(f"the channel that delivery.kind of feeds.yaml names broke: {raised(bad)}")


class Written(NamedTuple):
    """A row that is due, and its letter; where there is none, what becomes of the row."""

    delivery: Delivery
    subscriber: Subscriber | None
    letter: Letter | None = None
    answer: Answer | None = None


@dataclass(slots=True)
class _Run:
    """State of one sending.

    ready is written and not claimed, flying is claimed and unanswered, owed is answered and settled
    with the next claim, or when the loop ends.
    """

    outbox: Outbox
    week: str
    connections: Connections
    write: Write
    now: Callable[[], datetime]
    tell: Callable[[str], None]
    only: frozenset[int] | None
    pace: SendingPace
    stopping: Callable[[], bool]
    ready: deque[Written] = field(default_factory=deque)
    idle: list[Connection] = field(default_factory=list)
    flying: dict[int, Delivery] = field(default_factory=dict)
    owed: list[tuple[Delivery, Answer]] = field(default_factory=list)
    failures: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))
    answered: int = 0
    refused: int = 0  # so many of the last answers, in a row, were about us
    patience: float = 0.0  # seconds that the last transaction took
    until: float = 0.0  # so long more answers are waited for before the next one

    def to_the_end(self) -> None:
        try:
            self.open()
            while self.step():
                pass
        except Exception:
            self.land(None)
            raise
        finally:
            self.land(0)
            self.owed += [(d, Answer("uncertain", told=CUT)) for d in self.flying.values()]
            self.connections.end(wait=not self.flying)
            if self.owed:
                self.settle()

    # ------------------------------------------------------------ opening

    def open(self) -> None:
        """Open the first connection; what it cannot do, none can.

        The others open beside it, and no more than there are mails.
        """
        self.connections.open(1)
        self.take(self.connections.next())
        self.prepare()
        self.connections.open(len(self.ready))

    # ------------------------------------------------------------ one step after the other

    def step(self) -> bool:
        """Do what can be done now, or wait for what comes; False where nothing is left."""
        self.gather()
        if self.stopping():
            self.ready.clear()
        elif not self.ready and (self.connections.ahead or not self.flying):
            self.prepare()
        if self.ready and self.idle and (self.answered or not self.flying):
            return self.start() if self.pace.delay() <= 0 else self.nap()
        if self.flying:
            self.take(self.connections.next())
            self.until = self.pace.monotonic() + self.patience
            return True
        return False

    def prepare(self) -> None:
        """Write the next letters: for each connection one, and for few connections some more."""
        count = max(AHEAD, len(self.connections))
        due = self.outbox.due(self.week, self.now(), self.only, count)
        self.ready += [self.written(*row) for row in due]

    def written(self, delivery: Delivery, subscriber: Subscriber | None) -> Written:
        if subscriber is None:
            return Written(delivery, None)
        try:
            return Written(delivery, subscriber, self.write(delivery, subscriber))
        except DeliveryError as bad:
            answer = Answer("failed", told=without_addresses(str(bad)))
            return Written(delivery, subscriber, answer=answer)

    def nap(self) -> bool:
        """Sleep a while, since the next mail may not go yet; nothing stays unsettled meanwhile."""
        if self.owed:
            self.settle()
        self.pace.sleep(min(self.pace.delay(), NAP))
        return True

    def gather(self) -> None:
        """Take in what came, and wait for more no longer than a transaction of its own would take."""
        while came := self.connections.next(0):
            self.take(came)
        while self.flying and (left := self.until - self.pace.monotonic()) > 0:
            if not (came := self.connections.next(left)):
                return
            self.take(came)

    # ------------------------------------------------------------ claims and settlements

    def start(self) -> bool:
        """Settle what is owed and claim for who is idle, in one transaction.

        Letters are handed over before it is durable; their ends wait for that.
        """
        claim, began, told = Claim(), self.pace.monotonic(), list[str]()
        settling, self.owed = self.owed, []
        try:
            with self.outbox.together():
                self.outbox.settle_all(settling, self.now())
                batch = self.batch()
                rows = [(next.delivery, next.subscriber) for next in batch]
                claimed = {row.subscriber: row for row in self.outbox.claim(rows, self.now())}
                for next in batch:
                    if row := claimed.get(next.delivery.subscriber):
                        self.begin(next, row, claim, told)
        except BaseException:
            claim.decide(False)
            self.owed = settling + self.owed
            raise
        claim.decide(True)
        ended = self.pace.monotonic()
        self.patience = max(ended - began, SHORTEST)
        self.until = ended + self.patience
        for line in told:
            self.tell(line)
        return True

    def batch(self) -> list[Written]:
        """What to claim now: a letter for each who is idle, as the pace allows.

        The first letter of a run goes alone: it may be refused for all.
        """
        batch, letters = list[Written](), len(self.idle) if self.answered else 1
        while self.ready and letters and self.pace.delay() <= 0:
            batch.append(self.ready.popleft())
            if batch[-1].letter:
                letters -= 1
                self.pace.take()
        return batch

    def begin(self, next: Written, claimed: Delivery, claim: Claim, told: list[str]) -> None:
        """Hand a claimed row's letter over, or settle what has none."""
        if next.letter:
            self.flying[claimed.subscriber] = claimed
            self.idle.pop().hand(Handed(claimed, next.letter, claim))
        elif next.answer:
            # Not the server's doing: it does not count towards a pause.
            self.outbox.settle(claimed, next.answer, self.now())
            told.append(_line(claimed, next.answer.state, 0, next.answer.told))
        else:
            self.outbox.skip(claimed, NOTHING, self.now())
            told.append(_line(claimed, "suppressed", 0, NOTHING))

    def settle(self) -> None:
        """Settle what is owed by itself."""
        self.outbox.settle_all(self.owed, self.now())
        self.owed = []

    # ------------------------------------------------------------ what comes in

    def take(self, came: Came | None) -> None:
        """Take in what a connection reports; raises what has to end the run."""
        if came is None:
            return
        if came.delivery is None:
            self.opened(came)
            return
        self.idle.append(came.connection)
        delivery = self.flying.pop(came.delivery.subscriber)
        match came.result:
            case Answer() as answer:
                self.owe(delivery, answer)
                self.answered += 1
                self.stop_if_refused(delivery, answer)
                self.count(answer)
            case TurnedAwayError() as bad if self.idle[:-1] or self.flying:
                self.idle.remove(came.connection)
                self.owe(delivery, Answer("deferred", told=without_addresses(str(bad))))
                self.one_less(bad)
            case NotClaimedError():
                pass  # whatever kept the claim from being written has ended the run
            case DeliveryError() as bad:
                words = without_addresses(str(bad))
                self.owe(delivery, Answer("deferred", told=words))
                raise DeliveryError(words) from None  # the cause may show an address
            case bad:
                self.owed.append((delivery, Answer("uncertain", told=CUT)))
                raise self.error_of(bad) from None

    def opened(self, came: Came) -> None:
        """A connection is ready. One of several that is not is only told of: others send."""
        bad = came.result
        if not isinstance(bad, BaseException):
            self.idle.append(came.connection)
            return
        alone = not (self.idle or self.flying)
        error = bad if isinstance(bad, DeliveryError) else self.error_of(bad)
        if alone or not isinstance(error, DeliveryError):
            raise error from None
        self.one_less(error)

    def one_less(self, bad: DeliveryError) -> None:
        words = without_addresses(str(bad))
        self.tell(f"one connection less than delivery.connections of feeds.yaml says: {words}")

    @staticmethod
    def error_of(bad: object) -> BaseException:
        if isinstance(bad, Exception):
            return broken(bad)
        if isinstance(bad, BaseException):
            return bad
        return broken(TypeError(f"it answered {type(bad).__name__} and not Answer"))

    def land(self, seconds: float | None) -> None:
        """Take in what is under way, or what comes within so many seconds: the run has ended for a
        reason that is told already, and each row has its own.
        """
        while self.flying and (came := self.connections.next(seconds)):
            with suppress(Exception):
                self.take(came)

    def owe(self, delivery: Delivery, answer: Answer) -> None:
        answer = self.outbox.judged(delivery, answer, self.now())
        self.owed.append((delivery, answer))
        words = without_addresses(answer.told)
        self.tell(_line(delivery, answer.state, answer.code, words))

    def stop_if_refused(self, delivery: Delivery, answer: Answer) -> None:
        """End the run where the server means us.

        At the first mail only where it names the sender: another policy may be about that mail. And
        a mail that it has refused before says so only with others: one reader whom it does not
        serve would else stop each run at its beginning.
        """
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
