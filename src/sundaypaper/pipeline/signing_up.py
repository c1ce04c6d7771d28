"""Sends what sign-ups bring about: notices, and the newest issue to whoever has confirmed.

Both lie in readers.db as rows that are claimed before their mail and settled after. Notices have a
lock of their own, so that no confirmation waits for an issue that is being sent; a welcome is a row
of the outbox like any other, and goes out under the lock of sending.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from sundaypaper.config import Config
from sundaypaper.delivery import Outbox, send
from sundaypaper.delivery.channels import Channel, open_channel
from sundaypaper.delivery.pace import SendingPace
from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.delivery.refusals import about_us, stopped
from sundaypaper.delivery.sending import REFUSED, broken
from sundaypaper.delivery.settings import DeliverySpec
from sundaypaper.delivery.sign_ups import HOURS, KEPT_DAYS, SignUps
from sundaypaper.errors import BuildError, BusyError, DeliveryError, QueryError
from sundaypaper.formats.email.notices import NoticePost, Wished, notice_letter
from sundaypaper.formats.site.rendering import environment
from sundaypaper.locks import run_lock
from sundaypaper.models import Answer, Letter, Notice, NoticeKind, SignUp
from sundaypaper.pipeline.mailing import MailJob
from sundaypaper.pipeline.mails import UNDECIDED, Mails, paper_to_send
from sundaypaper.query.choices import Offered, choices_of
from sundaypaper.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

AGAIN = "they are tried again by themselves"
NOTICES_LOCK, SEND_LOCK = "notices.lock", "send.lock"
# Which page the link of a notice opens; that of a move that was made opens none.
PAGES: dict[NoticeKind, str] = {"confirm": "confirm", "known": "preferences", "move": "confirm"}
Look = Callable[[], AbstractContextManager[Store]]


def into_folder(config: Config, folder: Path) -> Config:
    """The configuration with mails that go into a folder, where feeds.yaml does not say how else."""
    if config.delivery is not None:
        return config
    return replace(config, delivery=replace(UNDECIDED, folder=str(folder)))


def newest_week(store: Store) -> str:
    """The week of the newest printed issue, with which new readers are welcomed; "" for none."""
    return next((head.week for head in store.heads() if head.state == "frozen"), "")


def sign_ups_of(job: MailJob) -> SignUps:
    """The sign-ups of a paper, which writes to no address of its own."""
    spec, has_group = job.config.delivery, job.config.readers is not None
    own = {spec.address, spec.inbox, spec.to} - {""} if spec else ()
    return SignUps(job.readers, own, has_group)


def tend_sign_ups(job: MailJob, base_url: str, look: Look, templates: Path | None) -> int:
    """Send the notices and welcomes that are due; how many mails went out.

    Links begin with base_url, which ends with a slash. look opens paper.db. What another process is
    sending is left to it. DeliveryError where the server takes no mail, BuildError where a template
    has a mistake: what is not sent then waits for the next call.
    """
    spec = job.config.delivery
    if spec is None:
        raise DeliveryError(
            "feeds.yaml does not say how mails go out: give it `delivery:` with kind, from and server"
        )
    if spec.is_list:
        return 0
    mailer = _Mailer(job, spec, base_url, templates)
    count = 0
    with suppress(BusyError), run_lock(_beside(job, NOTICES_LOCK)):
        count += mailer.send_notices()
    with suppress(BusyError):
        count += mailer.send_welcomes(look)
    return count


def _beside(job: MailJob, name: str) -> Path:
    """A file in the folder of readers.db."""
    return job.readers.path.with_name(name)


@dataclass(frozen=True, slots=True)
class _Mailer:
    """What one passage through the sign-ups needs."""

    job: MailJob
    spec: DeliverySpec
    base_url: str
    templates: Path | None

    # ------------------------------------------------------------ notices

    def send_notices(self) -> int:
        """Send the notices that are due; how many went out. Call it under their lock."""
        job, sign_ups = self.job, sign_ups_of(self.job)
        sign_ups.recover(job.now())
        if not sign_ups.is_due(job.now()):
            return 0
        write, sent, refused = _Writer(job.config, self.spec, self.base_url, self.templates), 0, 0
        with self.opened() as (channel, pace):
            while not job.stopping() and (notice := sign_ups.claim(job.now())):
                answer = self.sent(sign_ups, notice, write, channel, pace)
                sent += answer.state == "sent"
                refused = refused + 1 if about_us(answer) else 0
                if refused >= REFUSED:
                    raise DeliveryError(stopped(without_addresses(answer.told), AGAIN))
        return sent

    @contextmanager
    def opened(self) -> Iterator[tuple[Channel, SendingPace]]:
        """A channel that is connected, and its pace. DeliveryError where it cannot send."""
        tools = self.job.channel_tools
        pace = SendingPace(self.spec.a_second, tools.monotonic, tools.sleep)
        with ExitStack() as stack:
            channel = open_channel(self.spec, replace(tools, pace=pace))
            stack.enter_context(channel)
            channel.check()
            yield channel, pace

    def sent(
        self,
        sign_ups: SignUps,
        notice: Notice,
        write: Callable[[Notice], Letter],
        channel: Channel,
        pace: SendingPace,
    ) -> Answer:
        """Send a notice that is claimed; its outcome, which is settled.

        What ends the passage is raised once the row is settled.
        """
        ends: Exception | None = None
        try:
            letter = write(notice)
        except (DeliveryError, BuildError) as bad:
            # Not of this mail alone: the templates, which all notices share.
            ends = bad if isinstance(bad, BuildError) else None
            answer = Answer("deferred" if ends else "failed", told=without_addresses(str(bad)))
        else:
            answer, ends = self.answer(letter, channel, pace)
        sign_ups.settle(notice, answer, self.job.now())
        told = f' told="{without_addresses(answer.told)}"' if answer.state != "sent" else ""
        self.job.say(f"notice={notice.id} kind={notice.kind} state={answer.state}{told}")
        if ends:
            raise ends from None  # the cause may show an address
        return answer

    def answer(
        self, letter: Letter, channel: Channel, pace: SendingPace
    ) -> tuple[Answer, Exception | None]:
        """What the channel says of a letter, and what has to end the passage, if anything."""
        pace.wait()
        try:
            return channel.send(letter), None
        except DeliveryError as bad:
            words = without_addresses(str(bad))
            return Answer("deferred", told=words), DeliveryError(words)
        except Exception as bad:  # whatever a channel of somebody else raises
            error = broken(bad)
            return Answer("uncertain", told=str(error)), error

    # ------------------------------------------------------------ welcomes

    def send_welcomes(self, look: Look) -> int:
        """Send the newest issue to those who wait for it; how many went out.

        BusyError where an issue is being sent: that sending takes these rows as its own, or they
        wait for the next call.
        """
        job, sign_ups = self.job, sign_ups_of(self.job)
        if not sign_ups.welcomes(job.now()):
            return 0
        count, ends = 0, list[DeliveryError]()
        with run_lock(_beside(job, SEND_LOCK)):
            # Asked again: a sending that has just ended may have paused a week.
            weeks = groupby(sorted(sign_ups.welcomes(job.now())), itemgetter(0))
            for week, some in weeks:
                try:
                    count += self.welcome(look, week, frozenset(who for _, who in some))
                except DeliveryError as bad:  # of that week, perhaps: others are not held up
                    ends.append(bad)
        if ends:
            raise ends[0]
        return count

    def welcome(self, look: Look, week: str, readers: frozenset[int]) -> int:
        """Send the issue of a week to these readers alone; how many went out."""
        job, outbox = self.job, Outbox(self.job.readers)
        with look() as store:
            paper = paper_to_send(job.config, store, week, self.templates, self.spec, self.base_url)
        tools, before = job.channel_tools, outbox.counts(week, readers)["sent"]
        pace = SendingPace(self.spec.a_second, tools.monotonic, tools.sleep)
        send(
            outbox,
            week,
            open_channel(self.spec, replace(tools, pace=pace)),
            Mails(paper).letter,
            now=job.now,
            tell=job.say,
            only=readers,
            pace=pace,
            stopping=job.stopping,
        )
        return outbox.counts(week, readers)["sent"] - before


class _Writer:
    """Writes the letters of notices."""

    def __init__(
        self, config: Config, spec: DeliverySpec, base_url: str, templates: Path | None
    ) -> None:
        title = config.masthead.title
        name = spec.name or title
        self.post = NoticePost(spec.address, name, spec.inbox, title, HOURS, KEPT_DAYS)
        self.base_url, self.wishes = base_url, WishWords(config)
        self.env = environment(templates, config.venue_titles, config.tongue)

    def __call__(self, notice: Notice) -> Letter:
        page = PAGES.get(notice.kind)
        link = f"{self.base_url}{page}/{notice.token}" if page else ""
        return notice_letter(notice, self.wishes(notice.sign_up), link, self.post, self.env)


class WishWords:
    """Says what a sign-up asks for by the names that the paper has."""

    def __init__(self, config: Config) -> None:
        self.topics = {topic.id: topic.name for topic in config.topics}
        self.venues = {
            key.removeprefix("other:"): name for key, name in config.venue_titles.items()
        }
        self.editions = {edition.id: edition for edition in config.editions}
        queries = {id: edition.match.text for id, edition in self.editions.items()}
        self.offered = Offered(self.topics, self.venues, queries)

    def __call__(self, sign_up: SignUp) -> Wished:
        """The wish in words; what no longer parses is one query."""
        skips = sign_up.empty == "skip"
        try:
            chosen = choices_of(sign_up.filter, sign_up.edition, self.offered)
        except QueryError:
            return Wished(queries=1, skips=skips)
        return Wished(
            edition=self.editions[chosen.edition].name if chosen.edition else "",
            topics=tuple(self.topics[id] for id in chosen.topics),
            venues=tuple(self.venues[id] for id in chosen.venues),
            people=len(chosen.people),
            queries=len(chosen.queries),
            skips=skips,
        )
