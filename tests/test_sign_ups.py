"""Sign-ups: asked by anybody, mailed to the owner of the address, confirmed by their link alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sundaypaper.delivery import Outbox, Readers, SignUps
from sundaypaper.errors import DeliveryError, QueryError
from sundaypaper.models import Answer, Notice, SignUp, Subscriber

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = "2026-W10"
ADA, BOB = "ada@lab.example", "bob@lab.example"
NET, HOME = "203.0.113.0/24", "198.51.100.0/24"
SENT, DEFERRED = Answer("sent", 250), Answer("deferred", 451, "4.7.1", "451 greylisted")


def numbered() -> Callable[[int], bytes]:
    """Randomness that never repeats and is the same in every test."""
    made = iter(range(1, 1_000_000))
    return lambda size: next(made).to_bytes(size, "big")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the readers lie."""
    return tmp_path / "readers.db"


@pytest.fixture
def readers(path: Path) -> Iterator[Readers]:
    """A fresh readers.db."""
    with Readers(path, numbered()) as kept:
        yield kept


@pytest.fixture
def sign_ups(readers: Readers) -> SignUps:
    """The sign-ups of that file."""
    return SignUps(readers)


def ask(sign_ups: SignUps, address: str = ADA, now: datetime = NOW, **wish: str) -> None:
    """What a form sends."""
    sign_ups.ask(SignUp(address, network=NET, **wish), now)  # type: ignore[arg-type]


def mailed(sign_ups: SignUps, now: datetime = NOW, answer: Answer = SENT) -> list[Notice]:
    """What the mailer sends of what is due, each with that answer."""
    notices = []
    while notice := sign_ups.claim(now):
        sign_ups.settle(notice, answer, now)
        notices.append(notice)
    return notices


def asked_and_mailed(sign_ups: SignUps, address: str = ADA, now: datetime = NOW, **wish: str) -> Notice:  # fmt: skip
    """The one mail that a sign-up brings."""
    ask(sign_ups, address, now, **wish)
    (notice,) = mailed(sign_ups, now)
    return notice


def joined(sign_ups: SignUps, address: str = ADA, now: datetime = NOW, **wish: str) -> Subscriber:
    """Somebody who has confirmed."""
    token = asked_and_mailed(sign_ups, address, now, **wish).token
    subscriber = sign_ups.confirm(token, HOME, now).subscriber
    assert subscriber
    return subscriber


def states(sign_ups: SignUps, now: datetime = NOW) -> list[str]:
    """The states of what is pending."""
    return [pending.state for pending in sign_ups.pending(now)]


# ---------------------------------------------------------------- asking, mailing, confirming


def test_a_sign_up_is_mailed_confirmed_and_gets_the_newest_issue(
    readers: Readers, sign_ups: SignUps
) -> None:
    """From the form to the queued welcome; the consent says when, from where and by which text."""
    notice = asked_and_mailed(sign_ups, filter=" topic:vision ", empty="skip")
    assert (notice.kind, notice.asked, notice.subscriber) == ("confirm", NOW, None)
    assert notice.sign_up == SignUp(ADA, "topic:vision", "", "skip", NET)
    assert len(notice.token) == len(notice.tag) == 26
    assert readers.subscribers() == ()
    assert sign_ups.look(notice.token, NOW).state == "open"
    done = sign_ups.confirm(notice.token, HOME, NOW + HOUR, WEEK)
    ada = readers.find_address(ADA)
    assert ada is not None
    assert (done.state, done.subscriber) == ("confirmed", ada)
    assert (ada.filter, ada.empty, ada.state, ada.origin) == ("topic:vision", "skip", "confirmed", "web")  # fmt: skip
    assert sign_ups.welcomes(NOW + HOUR) == ((WEEK, ada.id),)
    assert readers.export(ADA)["consents"] == [
        {
            "at": "2026-03-08T13:00:00+00:00",
            "kind": "given",
            "text": "sign-up page, text 1; asked 2026-03-08T12:00:00+00:00 from 203.0.113.0/24",
            "network": HOME,
        }
    ]


def test_neither_an_address_nor_a_filter_that_is_none_is_kept(sign_ups: SignUps) -> None:
    """The form says so at once; no error shows what was typed in the place of an address."""
    with pytest.raises(DeliveryError, match="this is no mail address") as told:
        ask(sign_ups, "ada@lab")
    assert "ada" not in str(told.value)
    with pytest.raises(QueryError):
        ask(sign_ups, filter="topic:(")
    assert sign_ups.pending(NOW) == ()


def test_a_token_is_kept_as_a_hash_alone(path: Path, readers: Readers, sign_ups: SignUps) -> None:
    """Who reads the file can confirm nothing with it."""
    notice = asked_and_mailed(sign_ups)
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert ADA.encode() in kept
    assert notice.token.encode() not in kept


def test_whoever_asks_twice_before_the_mail_gets_one_with_what_they_said_last(
    sign_ups: SignUps,
) -> None:
    """In any spelling of the address."""
    ask(sign_ups, filter="topic:vision")
    ask(sign_ups, "Ada@LAB.example", NOW + HOUR, filter="topic:nlp")
    (notice,) = mailed(sign_ups, NOW + HOUR)
    assert notice.sign_up == SignUp("Ada@lab.example", "topic:nlp", network=NET)
    assert notice.asked == NOW + HOUR


def test_confirming_twice_changes_nothing_more(readers: Readers, sign_ups: SignUps) -> None:
    """The second time says that it was done, also after they chose something else."""
    token = asked_and_mailed(sign_ups).token
    ada = sign_ups.confirm(token, HOME, NOW, WEEK).subscriber
    assert ada
    changed = readers.change(ada.id, filter="topic:nlp", now=NOW)
    for again in (sign_ups.look(token, NOW), sign_ups.confirm(token, HOME, NOW, WEEK)):
        assert (again.state, again.subscriber) == ("again", changed)
    assert len(readers.export(ADA)["consents"]) == 2
    assert len(sign_ups.welcomes(NOW)) == 1


@pytest.mark.parametrize("token", ["", "a" * 26, "A" * 26, "a" * 25, "\ud800" * 26, "a" * 5_000, "' or 1 = 1 --"])  # fmt: skip
def test_a_token_that_is_none_is_unknown(readers: Readers, sign_ups: SignUps, token: str) -> None:
    """Tampered, truncated, foreign, huge: one answer, and no error."""
    asked_and_mailed(sign_ups)
    assert sign_ups.look(token, NOW) == sign_ups.confirm(token, HOME, NOW)
    assert sign_ups.look(token, NOW).state == "unknown"
    assert readers.by_preferences(token) is None
    assert readers.find(token) is None
    assert readers.subscribers() == ()


def test_a_token_serves_one_purpose(readers: Readers, sign_ups: SignUps) -> None:
    """That of a confirmation opens no preferences, that of preferences ends nothing, and so on."""
    confirming = asked_and_mailed(sign_ups).token
    ada = sign_ups.confirm(confirming, HOME, NOW).subscriber
    assert ada
    assert len({confirming, ada.token, ada.preferences}) == 3
    assert readers.by_preferences(ada.preferences) == readers.find(ada.token) == ada
    assert readers.by_preferences(ada.token) is readers.by_preferences(confirming) is None
    assert readers.find(ada.preferences) is readers.find(confirming) is None
    for other in (ada.token, ada.preferences):
        assert sign_ups.look(other, NOW).state == "unknown"


def test_a_link_is_good_for_48_hours(sign_ups: SignUps) -> None:
    """To the second; an expired one subscribes nobody."""
    token = asked_and_mailed(sign_ups).token
    last = NOW + 48 * HOUR - timedelta(seconds=1)
    assert sign_ups.look(token, last).state == "open"
    for found in (sign_ups.look(token, NOW + 48 * HOUR), sign_ups.confirm(token, HOME, NOW + 48 * HOUR)):  # fmt: skip
        assert (found.state, found.subscriber) == ("expired", None)
    assert states(sign_ups, last) == ["sent"]
    assert states(sign_ups, NOW + 48 * HOUR) == ["expired"]


def test_a_subscriber_who_signs_up_again_is_told_so(readers: Readers, sign_ups: SignUps) -> None:
    """With the link to their preferences; their wish stays what it was."""
    ada = joined(sign_ups, filter="topic:vision")
    notice = asked_and_mailed(sign_ups, now=NOW + DAY, filter="topic:nlp")
    assert (notice.kind, notice.subscriber, notice.token) == ("known", ada.id, ada.preferences)
    assert readers.subscribers() == (ada,)
    assert sign_ups.pending(NOW + DAY) == ()


def test_the_wish_of_each_mail_is_kept_as_it_was_at_its_claim(readers: Readers) -> None:
    """An issue can be shown as its reader got it, whatever they wish by now."""
    ada = readers.add(ADA, filter="topic:vision", consent="asked", now=NOW).subscriber
    box = Outbox(readers)
    box.queue(WEEK, [ada.id], NOW)
    assert box.got(ada.id) == ()
    (row,) = box.claim(box.due(WEEK, NOW), NOW)
    readers.change(ada.id, filter="", edition="building", now=NOW)
    box.settle(row, SENT, NOW)
    assert [(got.week, got.filter, got.edition) for got in box.got(ada.id)] == [
        (WEEK, "topic:vision", "")
    ]


# ---------------------------------------------------------------- pauses


def test_who_pauses_gets_nothing_up_to_and_on_the_last_day(readers: Readers) -> None:
    """Not as a recipient, nor from a row that was queued before."""
    ada = readers.add(ADA, consent="asked", now=NOW).subscriber
    box = Outbox(readers)
    box.queue(WEEK, [ada.id], NOW)
    paused = readers.pause(ada.id, date(2026, 3, 8), NET, NOW)
    assert paused.paused == "2026-03-08"
    assert readers.receiving(date(2026, 3, 8)) == ()
    assert readers.pausing(date(2026, 3, 8)) == (paused,)
    assert readers.receiving(date(2026, 3, 9)) == (paused,)
    assert box.claim(box.due(WEEK, NOW), NOW) == []
    assert [(row.state, row.told) for row in box.deliveries(WEEK)] == [
        ("suppressed", "paused by the reader")
    ]


def test_an_app_is_there_for_two_days_after_its_last_sign_of_life(readers: Readers) -> None:
    """Mails lead to its pages only so long."""
    assert readers.web_base(NOW) == ""
    readers.served("https://old.example/", NOW - DAY)
    readers.served("https://paper.example/", NOW)
    assert readers.web_base(NOW + 2 * DAY) == "https://paper.example/"
    assert readers.web_base(NOW + 2 * DAY + HOUR) == ""
