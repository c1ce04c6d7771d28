"""Make the mails of a frozen issue: rendered once for each distinct wish, then addressed.

issue | edition of a wish | Message | Blank | Letter of a subscriber
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sundaypaper import issue as issues
from sundaypaper import query
from sundaypaper.config import Config
from sundaypaper.delivery import Outbox, Readers
from sundaypaper.delivery.channels.chat import is_chat
from sundaypaper.delivery.settings import DeliverySpec
from sundaypaper.errors import DeliveryError, QueryError
from sundaypaper.formats import chat, email
from sundaypaper.formats.email.letter import Blank, blank
from sundaypaper.models import (
    Delivery,
    Filter,
    Issue,
    Letter,
    Message,
    Subscriber,
)
from sundaypaper.pipeline.edition_views import Cards, edition_of
from sundaypaper.pipeline.mailed_issue import MailedIssue, links_of, paper_to_send, post_of
from sundaypaper.store import Store

__all__ = [
    "UNDECIDED",
    "MailedIssue",
    "Mails",
    "Wish",
    "as_got",
    "issues_got",
    "paper_to_send",
    "preview_mail",
]

# How a preview looks where feeds.yaml does not say how mails go out.
UNDECIDED = DeliverySpec("file", "paper@preview.invalid", inbox="paper@preview.invalid")
# So many wishes stay at hand, 50 kB each: whoever reads the same rarely stands side by side.
AT_HAND = 1_000
TRIED = 20  # wishes of which the mail is made before anything is sent
NOTHING = "Nothing for your topics this week."


class Wish(NamedTuple):
    """A subscriber's choice: a query, or an edition; both empty for the whole paper."""

    filter: str = ""
    edition: str = ""


class Made(NamedTuple):
    """The mail of a wish before it is addressed, readable and serialised.

    has_news is True where it holds more than the parts that every issue has.
    """

    message: Message
    blank: Blank
    has_news: bool


class Mails:
    """The mails of one issue; each wish is rendered once."""

    def __init__(self, paper: MailedIssue) -> None:
        self.paper = paper
        self.cards = Cards(paper.frozen)
        # What a filter names may have gone since: it finds nothing, and breaks no mail.
        self.vocabulary = paper.config.vocabulary.forgiving()
        self.made = lru_cache(AT_HAND)(self._made)

    def letter(self, delivery: Delivery, subscriber: Subscriber) -> Letter | None:
        """A subscriber's own letter; None where there is no news for them and they want no mail then.

        DeliveryError says why there can be none.
        """
        if is_chat(subscriber.address):
            return self._post(delivery, subscriber)
        try:
            made = self.made(_wish(subscriber), self._date(delivery), delivery.welcome)
        except QueryError as bad:
            raise DeliveryError(f"the filter of subscriber {subscriber.id}: {bad}") from bad
        if subscriber.empty == "skip" and not made.has_news:
            return None
        return made.blank.fill(
            subscriber.address, subscriber.token, delivery.tag, subscriber.preferences
        )

    def prepare(self, rows: Iterable[tuple[Delivery, Subscriber]]) -> None:
        """Make the mails of some distinct wishes, so that what fails for all fails now.

        The others are made while mails are under way: ten thousand would take minutes before the
        first one.
        """
        wishes = dict.fromkeys(
            (_wish(subscriber), self._date(delivery), delivery.welcome)
            for delivery, subscriber in rows
            if not is_chat(subscriber.address)
        )
        for key in islice(wishes, TRIED):
            # Whose filter does not parse gets a row that says so; the others get their mail.
            with suppress(QueryError):
                self.made(*key)

    def _post(self, delivery: Delivery, subscriber: Subscriber) -> Letter:
        """The post to a chat, as a letter whose text it is."""
        paper = self.paper
        shown = issues.amended(paper.frozen, paper.amendments)
        page = links_of(paper).page
        return chat.post(
            shown, page, subscriber.address, delivery.tag, self._date(delivery), paper.env
        )

    def _date(self, delivery: Delivery) -> datetime:
        return delivery.queued or self.paper.frozen.composed

    def _made(self, wish: Wish, queued: datetime, welcome: bool = False) -> Made:
        """QueryError where the query of a wish does not parse."""
        paper = self.paper
        made, about, note = self._edition(wish)
        has_news = issues.has_news(made)
        if wish.filter and not has_news:
            made = replace(made, headline=NOTHING)
        message = email.message(
            made,
            paper.config.masthead,
            links_of(paper),
            about=about,
            note=note,
            welcome=welcome,
            env=paper.env,
        )
        return Made(message, blank(message, post_of(paper), queued), has_news)

    def _edition(self, wish: Wish) -> tuple[Issue, str, str]:
        """The edition of the issue for a wish, its name, and a note to the reader."""
        config, frozen, note = self.paper.config, self.paper.frozen, ""
        edition = next((e for e in config.editions if e.id == wish.edition), None)
        if edition:
            match, sizes, about = edition.match, _smaller(edition.sizes), edition.name
        else:
            names = self.vocabulary
            match = query.parse(wish.filter, vocabulary=names) if wish.filter else query.EVERYTHING
            sizes, about = issues.MAIL_SIZES, _about(match, frozen)
        if wish.edition and not edition:
            note = f"The edition “{wish.edition}” is no longer made; this is the whole paper."
        made = edition_of(config, frozen, self.cards, match, sizes)
        return issues.amended(made, self.paper.amendments, frozen), about, note


def _wish(subscriber: Subscriber) -> Wish:
    return Wish(subscriber.filter, subscriber.edition)


def _smaller(sizes: issues.Sizes) -> issues.Sizes:
    """The sizes of an edition, none above those of a mail."""
    return {name: min(size, issues.MAIL_SIZES[name]) for name, size in sizes.items()}


def _about(match: Filter, issue: Issue) -> str:
    """What a filter asks for in a reader's words: names of topics, else the query as written."""
    names = {topic.id: topic.name for topic in issue.topics}
    topics = [names.get(id, "") for id in query.topics_alone(match.tree)]
    return ", ".join(topics) if topics and all(topics) else match.text


def preview_mail(mails: Mails, wish: Wish, now: datetime) -> tuple[Message, Letter]:
    """The mail of a wish, and its letter addressed to nobody. QueryError where it does not parse."""
    made = mails.made(wish, now)
    nobody = "a" * 26
    return made.message, made.blank.fill("reader@preview.invalid", nobody, nobody, nobody)


# ---------------------------------------------------------------- what somebody got


def issues_got(readers: Readers, reader: Subscriber) -> tuple[Delivery, ...]:
    """The issues that went out to a reader, newest first; queued is the date of each mail."""
    return Outbox(readers).got(reader.id)


def as_got(
    config: Config,
    store: Store,
    readers: Readers,
    reader: Subscriber,
    week: str,
    *,
    templates: Path | None,
    app: str,
) -> str | None:
    """The HTML of an issue as a reader got it by mail, with their own links as they are now.

    It is cut by what they wished when it went out, and amended since. app is the address of the app
    with the readers' pages. None where it did not go to them, or is not kept any more. Its styles
    stand in its elements; it has no script.
    """
    row = next((row for row in issues_got(readers, reader) if row.week == week), None)
    if row is None:
        return None
    try:
        paper = paper_to_send(config, store, week, templates, config.delivery or UNDECIDED, app)
        queued = row.queued or paper.frozen.composed
        made = Mails(paper).made(Wish(row.filter, row.edition), queued, row.welcome)
    except (DeliveryError, QueryError):
        return None
    html = made.message.html.replace(paper.mark, reader.token)
    return html.replace(paper.preferences_mark, reader.preferences)
