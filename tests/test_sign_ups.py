"""Sign-ups: asked by anybody, mailed to the owner of the address, confirmed by their link alone."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from sundaypaper.delivery import Outbox, Readers, Reason, SignUps, send
from sundaypaper.errors import DeliveryError, QueryError
from sundaypaper.models import Answer, Notice, SignUp, Subscriber
from sundaypaper.pipeline.recipients import BounceJudge
from test_sending import Postbox, letter

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


def test_a_pause_that_is_over_by_the_end_of_a_sending_brings_nothing_late(readers: Readers) -> None:
    """The row of that issue says so, and a later call of `send` finds it."""
    ada = readers.add(ADA, consent="asked", now=NOW).subscriber
    box = Outbox(readers)
    box.pass_over(WEEK, (readers.pause(ada.id, NOW.date(), NET, NOW),), NOW)
    assert box.queue(WEEK, [ada.id], NOW + DAY) == 0
    assert [(row.state, row.told) for row in box.deliveries(WEEK)] == [
        ("suppressed", "paused by the reader")
    ]


def test_a_pause_ends_by_itself_or_by_its_reader(readers: Readers, sign_ups: SignUps) -> None:
    """Each change is recorded; the past cannot be paused, and nobody not at all."""
    ada = readers.add(ADA, consent="asked", now=NOW).subscriber
    with pytest.raises(DeliveryError, match="name a later day"):
        readers.pause(ada.id, date(2026, 3, 7), NET, NOW)
    with pytest.raises(DeliveryError, match="nobody has this number"):
        readers.pause(99, date(2026, 4, 7), NET, NOW)
    readers.pause(ada.id, date(2026, 4, 7), NET, NOW)
    assert readers.resume(ada.id, NOW + DAY).paused == ""
    readers.pause(ada.id, date(2026, 3, 10), NET, NOW + DAY)
    sign_ups.tidy(datetime(2026, 3, 10, 23, tzinfo=UTC))
    assert readers.known(ada.id).paused == "2026-03-10"
    sign_ups.tidy(datetime(2026, 3, 11, 0, tzinfo=UTC))
    assert readers.known(ada.id).paused == ""
    told = [(one["text"], one["network"]) for one in readers.export(ADA)["consents"][1:]]
    assert told == [
        ("paused until 2026-04-07", NET),
        ("pause ended", None),
        ("paused until 2026-03-10", NET),
    ]


# ---------------------------------------------------------------- how many mails


VARIANTS = (ADA, "a.d.a@lab.example", "ada+{}@lab.example", "A.da+{}.x@LAB.example", "adA@lab.example")  # fmt: skip


def test_ten_thousand_sign_ups_for_one_mailbox_bring_one_mail_a_day_and_three_ever(
    readers: Readers, sign_ups: SignUps
) -> None:
    """With plus- and dot-variants, over ten days; somebody else gets theirs all the same."""
    sent = Counter[int]()
    for day in range(10):
        for hour in (0, 8, 16):
            now = NOW + day * DAY + hour * HOUR
            with readers.writing():
                for n in range(334):
                    ask(sign_ups, VARIANTS[n % 5].format(n), now)
            sent[day] += len(mailed(sign_ups, now))
    assert sent == {0: 1, 1: 1, 2: 1, **dict.fromkeys(range(3, 10), 0)}
    asked_and_mailed(sign_ups, "adam@lab.example", NOW + 10 * DAY)
    asked_and_mailed(sign_ups, "ada@other.example", NOW + 10 * DAY)


def test_a_subscriber_is_not_told_more_often_either(readers: Readers, sign_ups: SignUps) -> None:
    """Who signs a subscriber up a thousand times brings them one mail a day, and three ever."""
    joined(sign_ups)
    kinds = []
    for n in range(1, 200):
        ask(sign_ups, VARIANTS[0], NOW + n * 3 * HOUR)
        kinds += [notice.kind for notice in mailed(sign_ups, NOW + n * 3 * HOUR)]
    assert kinds == ["known"] * 3


def test_who_left_after_being_told_three_times_may_come_back(
    readers: Readers, sign_ups: SignUps
) -> None:
    """Who shows a token of theirs owns the mailbox; a pause of before is over."""
    ada = joined(sign_ups)
    for n in (1, 2, 3):
        assert asked_and_mailed(sign_ups, now=NOW + n * DAY).kind == "known"
    readers.pause(ada.id, date(2026, 4, 7), NET, NOW + 3 * DAY)
    readers.leave(ada.token, "leave mail", NOW + 3 * DAY)
    back = joined(sign_ups, now=NOW + 4 * DAY)
    assert (back.id, back.paused) == (ada.id, "")


def test_a_day_is_24_hours(sign_ups: SignUps) -> None:
    """A second less is too early; the sign-up that came too early is gone."""
    asked_and_mailed(sign_ups)
    ask(sign_ups, now=NOW + DAY - timedelta(seconds=1))
    assert mailed(sign_ups, NOW + DAY - timedelta(seconds=1)) == []
    assert states(sign_ups) == ["sent", "dropped"]
    assert mailed(sign_ups, NOW + DAY) == []
    asked_and_mailed(sign_ups, now=NOW + DAY)


def test_a_clock_that_ran_ahead_keeps_nobody_out_for_longer_than_a_day(
    readers: Readers, sign_ups: SignUps
) -> None:
    """Neither whoever asked meanwhile nor whoever was mailed; and no app is there that was not."""
    ahead = NOW + 365 * DAY
    ask(sign_ups, now=ahead)
    assert mailed(sign_ups) == []
    asked_and_mailed(sign_ups)
    asked_and_mailed(sign_ups, BOB, ahead)
    ask(sign_ups, BOB, ahead - DAY)
    assert mailed(sign_ups, ahead - DAY) == []
    asked_and_mailed(sign_ups, BOB)
    readers.served("https://paper.example/", ahead)
    assert readers.web_base(NOW) == ""


def test_who_confirms_may_come_and_go_as_often_as_they_like(
    readers: Readers, sign_ups: SignUps
) -> None:
    """What an owner has answered is not counted; a mail a day stays the most."""
    for n in range(6):
        ada = joined(sign_ups, now=NOW + n * DAY)
        readers.leave(ada.token, "one click", NOW + n * DAY + HOUR)
    assert readers.subscribers()[0].id == 1
    ask(sign_ups, now=NOW + 5 * DAY + 2 * HOUR)
    assert mailed(sign_ups, NOW + 5 * DAY + 2 * HOUR) == []


def test_the_owner_of_a_variant_gives_back_no_more_than_was_sent_to_it(sign_ups: SignUps) -> None:
    """Where dots tell people apart: two mails to one, one that the other confirms, one more for both."""
    asked_and_mailed(sign_ups, "a.da@lab.example", NOW)
    asked_and_mailed(sign_ups, "a.da@lab.example", NOW + DAY)
    joined(sign_ups, ADA, NOW + 2 * DAY)
    asked_and_mailed(sign_ups, "a.da@lab.example", NOW + 3 * DAY)
    ask(sign_ups, "a.da@lab.example", NOW + 4 * DAY)
    assert mailed(sign_ups, NOW + 4 * DAY) == []


# ---------------------------------------------------------------- what a server answers


def test_a_greylisted_mail_is_tried_again_with_another_link_and_counted_once(
    sign_ups: SignUps,
) -> None:
    """After 15 minutes, with the same Message-ID; who signs up meanwhile is not mailed twice."""
    ask(sign_ups)
    (first,) = mailed(sign_ups, NOW, DEFERRED)
    ask(sign_ups, now=NOW + timedelta(minutes=5), filter="topic:nlp")
    assert mailed(sign_ups, NOW + timedelta(minutes=14)) == []
    (second,) = mailed(sign_ups, NOW + timedelta(minutes=15))
    assert (second.tag, second.sign_up.filter) == (first.tag, "topic:nlp")
    assert second.token != first.token
    assert sign_ups.look(first.token, NOW + HOUR).state == "unknown"
    assert sign_ups.look(second.token, NOW + HOUR).state == "open"
    for n in (1, 2):
        asked_and_mailed(sign_ups, now=NOW + n * 25 * HOUR)
    ask(sign_ups, now=NOW + 75 * HOUR)
    assert mailed(sign_ups, NOW + 75 * HOUR) == []


def test_a_deferred_mail_makes_room_for_what_was_asked_while_it_was_under_way(
    sign_ups: SignUps,
) -> None:
    """One row stays, with the later wish and the earlier turn."""
    ask(sign_ups, filter="topic:vision")
    under_way = sign_ups.claim(NOW)
    assert under_way
    ask(sign_ups, now=NOW + timedelta(seconds=9), filter="topic:nlp")
    sign_ups.settle(under_way, DEFERRED, NOW + timedelta(seconds=20))
    assert states(sign_ups) == ["asked"]
    (notice,) = mailed(sign_ups, NOW + HOUR)
    assert (notice.id, notice.sign_up.filter) == (under_way.id, "topic:nlp")


def test_two_variants_that_are_deferred_bring_one_mail(sign_ups: SignUps) -> None:
    """The later mail to the mailbox wins; the earlier one is not tried again on the same day."""
    ask(sign_ups)
    mailed(sign_ups, NOW, DEFERRED)
    later = NOW + 24 * HOUR
    ask(sign_ups, "a.da@lab.example", later)
    due = [notice.sign_up.address for notice in mailed(sign_ups, later)]
    assert due == [ADA]
    assert sorted(states(sign_ups, later)) == ["dropped", "sent"]


def test_a_deferred_mail_gives_way_to_a_later_one_to_the_same_mailbox(sign_ups: SignUps) -> None:
    """The mailer was away for a day, and finds both due: one mail goes."""
    ask(sign_ups)
    mailed(sign_ups, NOW, DEFERRED)
    ask(sign_ups, "a.da@lab.example", NOW + timedelta(minutes=1))
    due = [notice.sign_up.address for notice in mailed(sign_ups, NOW + 25 * HOUR)]
    assert due == ["a.da@lab.example"]


def test_after_48_hours_a_deferred_mail_has_failed(sign_ups: SignUps) -> None:
    """Counted from its first try; what the server said is kept without the address."""
    ask(sign_ups)
    tries, now = 0, NOW
    while now < NOW + 72 * HOUR:
        tries += len(mailed(sign_ups, now, Answer("deferred", 451, told=f"451 <{ADA}> later")))
        now += timedelta(minutes=15)
    assert states(sign_ups) == ["failed"]
    assert tries == 12  # after 0, 15, 45, 105, 225, 465, 945, 1425, … and 2880 minutes
    kept = sign_ups.readers.export(ADA)["notices"][0]
    assert (kept["told"], kept["settled"]) == ("451 <address> later", "2026-03-10T12:00:00+00:00")


def test_a_refusal_that_is_about_us_fails_nobody(sign_ups: SignUps) -> None:
    """The mail waits, as that of an issue does; one about the mailbox has failed."""
    ask(sign_ups)
    ask(sign_ups, BOB)
    ours = Answer("failed", 553, "5.7.1", "553 5.7.1 Sender address rejected: not owned by user")
    theirs = Answer("failed", 550, "5.1.1", "550 5.1.1 no such user")
    for answer in (ours, theirs):
        notice = sign_ups.claim(NOW)
        assert notice
        sign_ups.settle(notice, answer, NOW)
    assert states(sign_ups) == ["asked", "failed"]


def test_a_confirmation_mail_that_came_back_has_failed(readers: Readers, sign_ups: SignUps) -> None:
    """By its own tag; a foreign tag changes nothing."""
    notice = asked_and_mailed(sign_ups)
    judge = BounceJudge(readers, NOW, frozenset())
    assert not judge.returned("a" * 26, "5.1.1", "550 no such user")
    assert judge.returned(notice.tag, "5.1.1", f"550 no such user <{ADA}>")
    assert states(sign_ups) == ["failed"]
    assert readers.export(ADA)["notices"][0]["told"] == "550 no such user <address>"


@pytest.mark.parametrize("confirmed", [False, True])
def test_who_complains_about_a_confirmation_mail_gets_none_again(
    readers: Readers, sign_ups: SignUps, confirmed: bool
) -> None:
    """They need not be a subscriber for that, and may have become one by it."""
    notice = asked_and_mailed(sign_ups)
    if confirmed:
        sign_ups.confirm(notice.token, HOME, NOW)
    judge = BounceJudge(readers, NOW, frozenset())
    assert not judge.complained("a" * 26, NOW.date())
    assert judge.complained(notice.tag, NOW.date())
    assert readers.suppressed(ADA) == "complaint"
    assert readers.receiving(NOW.date()) == ()
    ask(sign_ups, now=NOW + DAY)
    assert mailed(sign_ups, NOW + DAY) == []


CLAIMS = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from sundaypaper.delivery import Readers, SignUps
claimed = SignUps(Readers(Path(sys.argv[1]), os.urandom)).claim(datetime.fromisoformat(sys.argv[2]))
print(claimed.token, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_between_claim_and_settle_leaves_one_mail_in_doubt(
    path: Path, sign_ups: SignUps
) -> None:
    """A real process. Its mail may have arrived: the link works, and no second mail goes that day."""
    ask(sign_ups)
    dead = subprocess.run(
        [sys.executable, "-c", CLAIMS, str(path), NOW.isoformat()],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert dead.returncode == -signal.SIGKILL
    assert states(sign_ups) == ["sending"]
    assert (sign_ups.recover(NOW), sign_ups.recover(NOW)) == (1, 0)
    assert states(sign_ups) == ["uncertain"]
    ask(sign_ups, now=NOW + HOUR)
    assert mailed(sign_ups, NOW + HOUR) == []
    assert sign_ups.confirm(dead.stdout.strip(), HOME, NOW + HOUR).state == "confirmed"


# ---------------------------------------------------------------- the last word counts


def test_who_leaves_while_a_mail_is_under_way_is_not_subscribed_by_it(
    readers: Readers, sign_ups: SignUps
) -> None:
    """Two links were out; one was confirmed, and then they left: the other is void."""
    first = asked_and_mailed(sign_ups)
    ask(sign_ups, now=NOW + DAY)
    under_way = sign_ups.claim(NOW + DAY)
    assert under_way
    ada = sign_ups.confirm(first.token, HOME, NOW + DAY).subscriber
    assert ada
    readers.leave(ada.token, "one click", NOW + DAY + HOUR)
    sign_ups.settle(under_way, SENT, NOW + DAY + HOUR)
    assert sign_ups.confirm(under_way.token, HOME, NOW + DAY + HOUR).state == "again"
    assert [one.state for one in readers.subscribers()] == ["left"]
    assert readers.suppressed(ADA) == "left"


@pytest.mark.parametrize("answer", [SENT, DEFERRED], ids=["sent", "deferred"])
def test_a_sign_up_of_before_they_left_is_void(
    readers: Readers, sign_ups: SignUps, answer: Answer
) -> None:
    """Whether its mail has arrived or is still to be tried."""
    ada = joined(sign_ups)
    readers.leave(ada.token, "one click", NOW)
    ask(sign_ups, now=NOW + DAY)
    under_way = sign_ups.claim(NOW + DAY)
    assert under_way
    readers.leave(ada.token, "leave mail", NOW + DAY)
    sign_ups.settle(under_way, answer, NOW + DAY)
    assert sign_ups.confirm(under_way.token, HOME, NOW + DAY).state == "expired"
    assert mailed(sign_ups, NOW + 2 * DAY) == []
    assert readers.receiving(NOW.date()) == ()


def test_a_sign_up_that_waits_ends_with_its_owners_leaving(
    readers: Readers, sign_ups: SignUps
) -> None:
    """What they ask for after that is mailed again."""
    ada = joined(sign_ups)
    ask(sign_ups, now=NOW + DAY)
    readers.leave(ada.token, "one click", NOW + DAY)
    assert mailed(sign_ups, NOW + DAY) == []
    assert asked_and_mailed(sign_ups, now=NOW + DAY + HOUR).kind == "confirm"


@pytest.mark.parametrize("reason", ["left", "bounce", "erased"])
def test_who_confirms_comes_back(readers: Readers, sign_ups: SignUps, reason: Reason) -> None:
    """The suppression is lifted, and the record says which it was."""
    readers.add(ADA, filter="topic:vision", consent="asked", now=NOW)
    readers.suppress(ADA, reason, NOW)
    token = asked_and_mailed(sign_ups, filter="topic:nlp").token
    assert readers.suppressed(ADA) == reason
    back = sign_ups.confirm(token, HOME, NOW).subscriber
    assert back
    assert (back.filter, readers.suppressed(ADA)) == ("topic:nlp", None)
    assert readers.receiving(NOW.date()) == (back,)
    last = readers.export(ADA)["consents"][-1]["text"]
    assert last.startswith(f"asked anew after a suppression ({reason}): sign-up page, text 1;")


@pytest.mark.parametrize("reason", ["complaint", "command"])
@pytest.mark.parametrize("earlier", [False, True], ids=["alone", "after they left"])
def test_nobody_who_complained_or_was_suppressed_gets_a_mail(
    readers: Readers, sign_ups: SignUps, reason: Reason, earlier: bool
) -> None:
    """Nor is one subscribed whose mail was under way; also where they had left before."""
    if earlier:
        readers.suppress(ADA, "left", NOW)
    token = asked_and_mailed(sign_ups).token
    readers.suppress(ADA, reason, NOW)
    assert sign_ups.look(token, NOW).state == "unknown"
    assert sign_ups.confirm(token, HOME, NOW).state == "unknown"
    for n in range(1, 9):
        ask(sign_ups, now=NOW + n * DAY)
        assert mailed(sign_ups, NOW + n * DAY) == []
    assert readers.suppressed(ADA) == reason
    assert readers.subscribers() == ()


def test_addresses_of_the_paper_itself_get_no_mail(readers: Readers) -> None:
    """Its inbox with any detail, the list that it writes to: nobody could sign them up."""
    sign_ups = SignUps(readers, closed=["paper@lab.example", "ml-list@lab.example"])
    for address in ("Paper@lab.example", "paper+b.x@lab.example", "ml-list@LAB.example"):
        ask(sign_ups, address)
    assert mailed(sign_ups) == []
    assert states(sign_ups) == ["dropped"] * 3


def test_a_subscriber_who_was_added_meanwhile_gets_what_they_confirmed(
    readers: Readers, sign_ups: SignUps
) -> None:
    """A member of the group becomes their own; what is kept is why, and from where."""
    token = asked_and_mailed(sign_ups, filter="topic:nlp").token
    readers.add(ADA, filter="topic:vision", origin="group", consent="the lab’s list", now=NOW)
    done = sign_ups.confirm(token, HOME, NOW, WEEK)
    assert done.subscriber
    assert (done.state, done.subscriber.filter, done.subscriber.origin) == ("confirmed", "topic:nlp", "web")  # fmt: skip
    assert HOME in [one["network"] for one in readers.export(ADA)["consents"]]


# ---------------------------------------------------------------- moving


def moving(sign_ups: SignUps, who: Subscriber, address: str = BOB, now: datetime = NOW) -> Notice:
    """The mail to the new address of a subscriber who wants to move."""
    sign_ups.ask_move(who.id, address, NET, now)
    (notice,) = mailed(sign_ups, now)
    return notice


def test_a_move_is_confirmed_by_the_new_address_and_told_to_the_old(
    readers: Readers, sign_ups: SignUps
) -> None:
    """Wish and number stay; old links are void, and so is what was asked under the old address."""
    ada = joined(sign_ups, filter="topic:vision")
    notice = moving(sign_ups, ada)
    assert (notice.kind, notice.sign_up.address, notice.subscriber) == ("move", BOB, ada.id)
    assert readers.known(ada.id) == ada
    done = sign_ups.confirm(notice.token, HOME, NOW)
    now = readers.known(ada.id)
    assert (done.state, done.subscriber) == ("moved", now)
    assert (now.address, now.filter) == (BOB, "topic:vision")
    assert readers.find(ada.token) is readers.by_preferences(ada.preferences) is None
    assert readers.find(now.token) == readers.by_preferences(now.preferences) == now
    assert readers.find_address(ADA) is None
    (told,) = mailed(sign_ups)
    assert (told.kind, told.sign_up.address, told.token, told.subscriber) == ("moved", ADA, "", ada.id)  # fmt: skip
    assert sign_ups.look(notice.token, NOW).state == "again"


def test_a_move_in_the_middle_of_a_send_sends_to_the_new_address(
    readers: Readers, sign_ups: SignUps
) -> None:
    """A letter that is written to the old one is not sent."""
    ada = joined(sign_ups)
    token = moving(sign_ups, ada).token
    box = Outbox(readers)
    box.queue(WEEK, [ada.id], NOW)
    written = box.due(WEEK, NOW)
    sign_ups.confirm(token, HOME, NOW)
    assert box.claim(written, NOW) == []
    channel = Postbox()
    send(box, WEEK, channel, letter, now=lambda: NOW, tell=lambda _: None)
    assert channel.taken == [BOB]


def test_of_two_moves_the_first_that_is_confirmed_holds(
    readers: Readers, sign_ups: SignUps
) -> None:
    """The other link ends with it: whoever got hold of the old page moves nothing any more."""
    ada = joined(sign_ups)
    other = moving(sign_ups, ada, "thief@other.example")
    mine = moving(sign_ups, ada)
    assert sign_ups.confirm(mine.token, HOME, NOW).state == "moved"
    assert sign_ups.confirm(other.token, HOME, NOW).state == "expired"
    assert readers.known(ada.id).address == BOB


def test_a_move_to_where_they_are_brings_no_mail(sign_ups: SignUps) -> None:
    """In any spelling."""
    ada = joined(sign_ups)
    sign_ups.ask_move(ada.id, "ADA@lab.example", NET, NOW + DAY)
    assert mailed(sign_ups, NOW + DAY) == []


def test_a_move_to_a_subscribers_address_tells_that_one(
    readers: Readers, sign_ups: SignUps
) -> None:
    """And nothing to whoever asked; neither is changed."""
    ada, bob = joined(sign_ups), joined(sign_ups, BOB, filter="topic:nlp")
    notice = moving(sign_ups, ada, now=NOW + DAY)
    assert (notice.kind, notice.subscriber, notice.token) == ("known", bob.id, bob.preferences)
    assert readers.subscribers() == (ada, bob)


def test_a_move_to_an_address_that_was_taken_meanwhile_is_expired(
    readers: Readers, sign_ups: SignUps
) -> None:
    """Two subscribers never become one without asking."""
    ada = joined(sign_ups)
    token = moving(sign_ups, ada).token
    readers.add(BOB, consent="asked", now=NOW)
    assert sign_ups.confirm(token, HOME, NOW).state == "expired"
    with pytest.raises(DeliveryError, match="this address is a subscriber’s"):
        readers.move(ada.id, BOB, NET, NOW)
    assert [one.address for one in readers.subscribers()] == [ADA, BOB]


def test_a_move_to_where_somebody_left_takes_over_what_is_kept(
    readers: Readers, sign_ups: SignUps
) -> None:
    """It is the same person, who has shown that the mailbox is theirs."""
    bob = joined(sign_ups, BOB)
    box = Outbox(readers)
    box.queue("2026-W09", [bob.id], NOW)
    readers.leave(bob.token, "one click", NOW)
    ada = joined(sign_ups)
    token = moving(sign_ups, ada, now=NOW + DAY).token
    assert sign_ups.confirm(token, HOME, NOW + DAY).state == "moved"
    assert [(one.id, one.address) for one in readers.subscribers()] == [(ada.id, BOB)]
    assert readers.receiving(NOW.date()) == readers.subscribers()
    kept = readers.export(BOB)
    assert [one["kind"] for one in kept["consents"]] == ["given", "withdrawn", "given", "changed"]
    assert [one["week"] for one in kept["deliveries"]] == ["2026-W09"]


def test_who_leaves_or_complains_moves_nowhere(readers: Readers, sign_ups: SignUps) -> None:
    """A move that was asked for before is void; one after it brings no mail."""
    ada, bob = joined(sign_ups), joined(sign_ups, BOB)
    token = moving(sign_ups, ada, "ada@new.example").token
    readers.leave(ada.token, "one click", NOW)
    readers.complain(bob.id, NOW)
    assert sign_ups.confirm(token, HOME, NOW).state == "expired"
    for one in (ada, bob):
        sign_ups.ask_move(one.id, f"{one.id}@new.example", NET, NOW)
    assert mailed(sign_ups) == []
    assert readers.receiving(NOW.date()) == ()


def test_a_mailbox_is_asked_for_moves_no_more_often_than_for_sign_ups(
    readers: Readers, sign_ups: SignUps
) -> None:
    """Who is subscribed cannot flood somebody else by moving there."""
    ada = joined(sign_ups)
    sent = 0
    for n in range(100):
        ask(sign_ups, "b.ob@lab.example", NOW + n * 2 * HOUR)
        sign_ups.ask_move(ada.id, BOB, NET, NOW + n * 2 * HOUR)
        sent += len(mailed(sign_ups, NOW + n * 2 * HOUR))
    assert sent == 3


# ---------------------------------------------------------------- erasing, exporting, forgetting


def held(path: Path) -> bytes:
    """All bytes of the file and its journals."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


@pytest.mark.parametrize("settled", [False, True], ids=["under way", "mailed"])
def test_who_is_erased_in_the_middle_leaves_no_byte_and_no_link(
    path: Path, readers: Readers, sign_ups: SignUps, settled: bool
) -> None:
    """Neither of a sign-up nor of a move; what is left is hashes, which still count."""
    ada = joined(sign_ups, BOB)
    sign_ups.ask_move(ada.id, "bob@new.example", NET, NOW)
    ask(sign_ups, filter="topic:vision")
    under_way = [sign_ups.claim(NOW), sign_ups.claim(NOW)]
    if settled:
        for notice in under_way:
            assert notice
            sign_ups.settle(notice, SENT, NOW)
    assert b"ada@lab" in held(path)
    assert not readers.erase(ADA, NOW)
    assert readers.erase(BOB, NOW)
    for notice in under_way:
        assert notice
        sign_ups.settle(notice, DEFERRED, NOW)
        assert sign_ups.confirm(notice.token, HOME, NOW).state == "unknown"
    for trace in (b"ada@lab", b"bob@lab", b"bob@new", ada.token.encode(), ada.preferences.encode()):
        assert trace not in held(path)
    ask(sign_ups, now=NOW + HOUR)
    assert mailed(sign_ups, NOW + HOUR) == []


def test_an_erased_persons_sign_up_that_was_used_is_unknown(
    readers: Readers, sign_ups: SignUps
) -> None:
    """The link that they followed leads to nothing that was theirs."""
    token = asked_and_mailed(sign_ups).token
    sign_ups.confirm(token, HOME, NOW)
    readers.erase(ADA, NOW)
    assert sign_ups.look(token, NOW).state == "unknown"


def test_an_export_shows_notices_and_pauses(readers: Readers, sign_ups: SignUps) -> None:
    """What waits, what was asked for and from where; no hash, and nothing of others."""
    ada = joined(sign_ups)
    readers.pause(ada.id, date(2026, 4, 5), NET, NOW)
    sign_ups.ask_move(ada.id, "ada@new.example", NET, NOW)
    ask(sign_ups, BOB)
    kept = json.loads(json.dumps(readers.export(ADA)))
    assert kept["subscriber"]["paused"] == "2026-04-05"
    assert [(one["kind"], one["state"], one["address"]) for one in kept["notices"]] == [
        ("confirm", "used", ""),
        ("move", "asked", "ada@new.example"),
    ]
    assert kept["notices"][1]["network"] == NET
    assert kept["mailbox"] == {"times": 0, "last": "2026-03-08T12:00:00+00:00"}
    assert BOB not in json.dumps(kept)


def test_what_nobody_confirmed_is_gone_after_seven_days(
    path: Path, readers: Readers, sign_ups: SignUps
) -> None:
    """To the byte, also in the journal of an app that goes on; what was confirmed keeps no address
    beside the subscriber's own.
    """
    asked_and_mailed(sign_ups)
    used = asked_and_mailed(sign_ups, BOB).token
    bob = sign_ups.confirm(used, HOME, NOW).subscriber
    assert bob
    readers.erase(BOB, NOW)
    week = 7 * DAY
    sign_ups.tidy(NOW + week)
    assert states(sign_ups, NOW + week) == ["expired"]
    sign_ups.tidy(NOW + week + timedelta(seconds=1))
    assert sign_ups.pending(NOW + week) == ()
    assert b"ada@lab" not in held(path)
    for n in (8, 9, 10):
        ask(sign_ups, now=NOW + n * DAY)
    assert len(mailed(sign_ups, NOW + 10 * DAY)) == 1


def test_a_link_that_was_followed_says_so_for_a_week(readers: Readers, sign_ups: SignUps) -> None:
    """Its row has neither address nor wish."""
    token = asked_and_mailed(sign_ups, filter="topic:vision").token
    sign_ups.confirm(token, HOME, NOW + DAY)
    sign_ups.tidy(NOW + 8 * DAY)
    assert sign_ups.look(token, NOW + 8 * DAY).state == "again"
    sign_ups.tidy(NOW + 8 * DAY + timedelta(seconds=1))
    assert sign_ups.look(token, NOW + 8 * DAY).state == "unknown"


# ---------------------------------------------------------------- welcomes


def test_a_welcome_is_queued_once_and_not_for_who_has_the_issue(
    readers: Readers, sign_ups: SignUps
) -> None:
    """Who left after it came, and comes back, does not get it again; who left before it does."""
    box = Outbox(readers)
    ada, bob = joined(sign_ups), joined(sign_ups, BOB)
    box.queue(WEEK, [ada.id, bob.id], NOW)
    readers.leave(bob.token, "one click", NOW)
    for delivery in box.claim(box.due(WEEK, NOW, count=2), NOW):
        box.settle(delivery, SENT, NOW)
    readers.leave(ada.token, "one click", NOW)
    for address in (ADA, BOB):
        token = asked_and_mailed(sign_ups, address, NOW + DAY).token
        sign_ups.confirm(token, HOME, NOW + DAY, WEEK)
    assert sign_ups.welcomes(NOW + DAY) == ((WEEK, bob.id),)


def test_only_welcomes_are_welcomes(readers: Readers, sign_ups: SignUps) -> None:
    """The rows of an issue that is being sent are not, nor those of one that waits for a person."""
    box = Outbox(readers)
    ada = joined(sign_ups)
    box.queue(WEEK, [ada.id], NOW)
    token = asked_and_mailed(sign_ups, BOB).token
    bob = sign_ups.confirm(token, HOME, NOW, WEEK).subscriber
    assert bob
    assert sign_ups.welcomes(NOW) == ((WEEK, bob.id),)
    box.pause(WEEK, NOW)
    assert sign_ups.welcomes(NOW) == ()


def test_who_confirms_while_the_issue_is_sent_gets_it_from_that_sending_once(
    path: Path, readers: Readers, sign_ups: SignUps
) -> None:
    """A web app confirms in the middle, over a connection of its own; another one leaves."""
    people = [joined(sign_ups, f"r{n}@lab.example") for n in range(20)]
    token = asked_and_mailed(sign_ups).token
    box = Outbox(readers)
    box.queue(WEEK, [one.id for one in people], NOW)

    def say(to: str) -> Answer:
        if to == "r3@lab.example":
            with Readers(path, numbered()) as web:
                assert SignUps(web).confirm(token, HOME, NOW, WEEK).state == "confirmed"
                web.leave(people[9].token, "one click", NOW)
        return SENT

    channel = Postbox(say)
    send(box, WEEK, channel, letter, now=lambda: NOW, tell=lambda _: None)
    expected = [f"r{n}@lab.example" for n in range(20) if n != 9]
    assert channel.taken == [*expected, ADA]
    assert sign_ups.welcomes(NOW) == ()


# ---------------------------------------------------------------- all at once


def test_app_mailer_and_sender_write_at_once_and_none_is_locked_out(
    path: Path, readers: Readers
) -> None:
    """Four threads sign up and confirm, one mails, one sends; nothing is lost or doubled."""
    readers.close()
    moment, over = lambda: NOW, Event()
    with Readers(path, numbered()) as sender:
        first = [
            sender.add(f"r{n}@lab.example", consent="asked", now=NOW).subscriber for n in range(150)
        ]

    def randomness(start: int) -> Callable[[int], bytes]:
        made = iter(range(start * 10_000_000, (start + 1) * 10_000_000))
        return lambda size: next(made).to_bytes(size, "big")

    tokens = list[str]()

    def app(thread: int) -> int:
        with Readers(path, randomness(10 + thread)) as mine:
            own, confirmed = SignUps(mine), 0
            for n in range(40):
                ask(own, f"n{thread}-{n}@lab.example")
                mine.web_base(NOW)
                if tokens:
                    confirmed += own.confirm(tokens.pop(), HOME, NOW, WEEK).state == "confirmed"
        return confirmed

    def mailer() -> int:
        with Readers(path, randomness(20)) as mine:
            own, sent = SignUps(mine), 0
            while not over.is_set():
                for notice in mailed(own):
                    tokens.append(notice.token)
                    sent += 1
            return sent + len(mailed(own))

    def sending() -> list[str]:
        with Readers(path, randomness(30)) as mine:
            box, channel = Outbox(mine), Postbox()
            box.queue(WEEK, [one.id for one in first], NOW)
            while not over.is_set():
                send(box, WEEK, channel, letter, now=moment, tell=lambda _: None)
            send(box, WEEK, channel, letter, now=moment, tell=lambda _: None)
            return channel.taken

    with ThreadPoolExecutor(6) as threads:
        mailing, sent = threads.submit(mailer), threads.submit(sending)
        apps = [threads.submit(app, thread) for thread in range(4)]
        try:
            confirmed = sum(one.result() for one in apps)
        finally:
            over.set()
        taken = sent.result()
        assert mailing.result() == 160
    assert len(taken) == len(set(taken)) == 150 + confirmed
    with Readers(path, numbered()) as kept:
        assert len(kept.receiving(NOW.date())) == 150 + confirmed
        assert len(SignUps(kept).pending(NOW)) == 160 - confirmed
