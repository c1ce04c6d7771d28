"""The page of a reader's choices: changing, pausing, moving, leaving, export, erasure, issues."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from receiving import ADA, BOB, WEEK, House, house
from sundaypaper.config.web_settings import LimitsEntry, WebEntry
from sundaypaper.delivery import Outbox, Readers
from sundaypaper.delivery.queries import Reason
from sundaypaper.errors import StoreError
from sundaypaper.models import Answer, Subscriber
from sundaypaper.pipeline import subscriptions
from sundaypaper.pipeline.mails import issues_got
from test_subscribing import CROSS, beside, h1


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[House]:
    """The app over a root with one printed issue."""
    with house(tmp_path) as opened:
        yield opened


@pytest.fixture
def ada(desk: House) -> Subscriber:
    """A reader of graphs who subscribed on the page."""
    return desk.confirmed(topic="graphs", people="Wei Li", queries="depth OR pose")


def do(desk: House, who: Subscriber, what: str, **fields: Any) -> httpx.Response:
    """Press a button of the page."""
    return desk.post(f"/preferences/{who.preferences}", {"do": what} | fields)


def receives(desk: House) -> list[str]:
    """Who gets an issue that is sent now."""
    return [one.address for one in desk.readers.receiving(desk.world.now.date())]


def banner(text: str) -> str:
    """What a page says was done, without its marks; it has the focus."""
    (said,) = re.findall(r'<div class="banner" id="done" tabindex="-1" autofocus>(.*?)</div>', text, re.DOTALL)  # fmt: skip
    return " ".join(re.sub("<[^>]+>", "", said).split())


def deliver(desk: House) -> None:
    """Send what is queued of the issue, as the outbox does."""
    outbox, now = Outbox(desk.readers), desk.world.now
    for delivery in outbox.claim(outbox.due(WEEK, now), now):
        outbox.settle(delivery, Answer("sent"), now)


# ---------------------------------------------------------------- choices


def test_the_page_shows_what_is_chosen(desk: House, ada: Subscriber) -> None:
    """As choices, whatever the filter looks like inside; the address only in part."""
    page = desk.get(f"/preferences/{ada.preferences}").text
    assert h1(page) == "Your subscription"
    assert 'name="topic" value="graphs" checked' in page
    assert re.search(r'<textarea id="people"[^>]*>\nWei Li</textarea>', page)
    assert re.search(r'<textarea id="queries"[^>]*>\ndepth OR pose</textarea>', page)
    assert "a…@lab.example" in page
    assert ADA not in page
    assert ada.token not in page


def test_a_page_that_is_saved_as_it_stands_changes_nothing(desk: House, ada: Subscriber) -> None:
    """Neither the wish nor what is recorded of it."""
    before = desk.state()
    answer = do(desk, ada, "save", topic="graphs", people="Wei Li", queries="depth OR pose")
    assert banner(answer.text) == "Saved. The next issue, on Sunday 15 March, is made by it."
    assert desk.state() == before


def test_choices_are_saved_and_shown(desk: House, ada: Subscriber) -> None:
    """Another edition, other topics, and no mail in a week without a match."""
    answer = do(desk, ada, "save", edition="research", empty="skip")
    saved = desk.reader()
    assert (saved.filter, saved.edition, saved.empty) == ("", "research", "skip")
    assert 'name="edition" value="research" checked' in answer.text
    assert 'name="empty" value="skip" checked' in answer.text
    do(desk, ada, "save", venue=["cvpr", "iclr"])
    saved = desk.reader()
    assert (saved.filter, saved.edition, saved.empty) == ("venue:cvpr OR venue:iclr", "", "say")
    do(desk, ada, "save")
    assert desk.reader().filter == ""


def test_a_choice_that_cannot_be_read_is_not_saved(desk: House, ada: Subscriber) -> None:
    """It is told beside its field, and the form stays as it was filled in."""
    answer = do(desk, ada, "save", topic="vision", queries="a\ntopic:visoin")
    assert answer.status_code == 422
    assert "<h2>Nothing is changed yet</h2>" in answer.text
    assert beside(answer.text, "queries") == "Line 2, column 1: There is no topic “visoin”; did you mean “vision”?"  # fmt: skip
    assert 'name="topic" value="vision" checked' in answer.text
    assert desk.reader() == ada


def test_a_try_shows_what_would_come_and_saves_nothing(desk: House, ada: Subscriber) -> None:
    """The form keeps what is tried."""
    answer = do(desk, ada, "try", topic="vision")
    assert "About 11 entries a week, like these" in answer.text
    assert 'name="topic" value="vision" checked' in answer.text
    assert desk.finder.asked == ["topic:vision"]
    assert desk.reader() == ada


def test_a_filter_that_was_kept_otherwise_is_shown_as_a_query(desk: House) -> None:
    """Such as one of the command line, with a topic that has gone since."""
    added = desk.readers.add(ADA, filter="topic:gone -survey", consent="asked", now=desk.world.now)
    place = f"/preferences/{added.subscriber.preferences}"
    page = desk.get(place).text
    assert re.search(r'<textarea id="queries"[^>]*>\ntopic:gone -survey</textarea>', page)
    again = desk.post(place, {"do": "save", "queries": "topic:gone -survey"})
    assert beside(again.text, "queries").startswith("Line 1, column 1: There is no topic “gone”")


# ---------------------------------------------------------------- pausing


@pytest.mark.parametrize(
    ("fields", "until", "words"),
    [
        ({"weeks": "2"}, "2026-03-22", "22 March 2026"),
        ({"weeks": "8"}, "2026-05-03", "3 May 2026"),
        ({"weeks": "", "until": "2026-04-01"}, "2026-04-01", "1 April 2026"),
        ({"weeks": "", "until": "2027-03-09"}, "2027-03-09", "9 March 2027"),
    ],
)
def test_a_pause_lasts_to_its_last_day(desk: House, ada: Subscriber, fields: dict[str, str], until: str, words: str) -> None:  # fmt: skip
    """No issue up to and on that day; the next day they come again."""
    answer = do(desk, ada, "pause", **fields)
    assert banner(answer.text) == f"Paused. No issue comes up to and on {words}. You can end the pause at any time."  # fmt: skip
    assert desk.reader().paused == until
    assert receives(desk) == []
    assert 'value="resume"' in answer.text
    while desk.world.now.date().isoformat() <= until:
        desk.pass_by(days=1)
    assert receives(desk) == [ADA]
    assert 'value="resume"' not in desk.get(f"/preferences/{ada.preferences}").text


def test_a_pause_is_ended_at_any_time(desk: House, ada: Subscriber) -> None:
    """The next issue comes."""
    do(desk, ada, "pause", weeks="4")
    answer = do(desk, ada, "resume")
    assert banner(answer.text) == "The pause is over. The next issue comes on Sunday 15 March."
    assert receives(desk) == [ADA]


@pytest.mark.parametrize("until", ["", "2026-03-08", "2026-03-07", "2027-03-10", "soon", "2026-02-30", "9" * 400])  # fmt: skip
def test_a_pause_without_a_day_to_come_is_refused(desk: House, ada: Subscriber, until: str) -> None:
    """Today is no such day, nor is one after a year."""
    answer = do(desk, ada, "pause", weeks="", until=until)
    assert answer.status_code == 422
    assert beside(answer.text, "until") == "Choose a day after today, within a year."
    assert 'name="weeks" value="" checked' in answer.text
    assert 'value="2" checked' not in answer.text
    assert desk.reader().paused == ""


def test_a_pause_of_weeks_and_a_day_is_asked_about(desk: House, ada: Subscriber) -> None:
    """Who fills in a day and leaves the weeks ticked is not paused for another time than they meant."""
    answer = do(desk, ada, "pause", weeks="2", until="2026-06-01")
    assert answer.status_code == 422
    assert beside(answer.text, "until") == "Choose a number of weeks, or “Until a day”: a day is filled in as well."  # fmt: skip
    assert 'name="weeks" value="" checked' in answer.text
    assert 'value="2026-06-01"' in answer.text
    assert desk.reader().paused == ""


def test_what_is_saved_in_a_pause_says_when_it_counts(desk: House, ada: Subscriber) -> None:
    """The issue of the next Sunday does not come, so it is not promised."""
    do(desk, ada, "pause", weeks="4")
    answer = do(desk, ada, "save", topic="graphs")
    assert banner(answer.text) == "Saved. The next issue after the pause, which lasts up to and on 5 April 2026, is made by it."  # fmt: skip


# ---------------------------------------------------------------- another address


def test_an_address_is_changed_once_the_new_one_confirms(desk: House, ada: Subscriber) -> None:
    """Until then the old one stays; then its links lead nowhere, and it is told."""
    asked = do(desk, ada, "move", address=" Ada@New.Example ")
    assert h1(asked.text) == "Check the mail of your new address"
    assert desk.reader() == ada
    (notice,) = desk.mailed()
    assert (notice.kind, notice.sign_up.address) == ("move", "Ada@new.example")
    assert h1(desk.get(f"/confirm/{notice.token}").text) == "Confirm your new address"
    moved = desk.post(f"/confirm/{notice.token}")
    assert h1(moved.text) == "Your address is changed"
    now = desk.reader("ada@new.example")
    assert (now.id, now.filter) == (ada.id, ada.filter)
    assert f"../preferences/{now.preferences}" in moved.text
    for place in (f"/preferences/{ada.preferences}", f"/leave/{ada.token}"):
        assert desk.get(place).status_code == 404
    (told,) = desk.mailed()
    assert (told.kind, told.sign_up.address) == ("moved", ADA)


def test_the_answer_is_the_same_whoever_has_the_new_address(desk: House, ada: Subscriber) -> None:
    """Nobody learns on this page who else subscribes."""
    desk.confirmed(BOB)
    answers = {
        do(desk, ada, "move", address=address).text.replace(address, "ADDRESS")
        for address in (BOB, "new@lab.example", ADA)
    }
    assert len(answers) == 1


def test_a_wrong_new_address_is_told_beside_its_field(desk: House, ada: Subscriber) -> None:
    """And asks nobody."""
    for address, said in (("", "Write your mail"), ("ada@", "This is no mail"), ("a@b.example\r\n", "This is no"), ("a\r\nb@c.example", "There are characters")):  # fmt: skip
        answer = do(desk, ada, "move", address=address)
        if said == "This is no":  # a break at its end comes along with copying
            continue
        assert answer.status_code == 422
        assert beside(answer.text, "address").startswith(said)
    assert not [row for row in desk.asked() if row["kind"] == "move" and row["key"] != "a@b.example"]  # fmt: skip


def test_moves_count_as_sign_ups_do(desk: House, ada: Subscriber) -> None:
    """Else this page would write to strangers for whoever has one subscription."""
    desk.change(web=WebEntry(limits=LimitsEntry(network="3/hour")))
    codes = [do(desk, ada, "move", address=f"a{n}@x{n}.example").status_code for n in range(4)]
    assert codes == [200, 200, 200, 429]
    over = do(desk, ada, "move", address="a5@x5.example").text
    assert f'href="../preferences/{ada.preferences}">Try again' in over


def test_a_new_address_with_what_nobody_types_is_not_written_to(desk: House, ada: Subscriber) -> None:  # fmt: skip
    """What is left of it without that may be somebody else's."""
    answer = do(desk, ada, "move", address="a\x01b@new.example")
    assert answer.status_code == 422
    assert beside(answer.text, "address").startswith("There are characters")
    assert [row["kind"] for row in desk.asked()] == ["confirm"]


def test_an_old_link_to_a_new_address_leads_back_to_the_subscription(desk: House, ada: Subscriber) -> None:  # fmt: skip
    """To subscribe by the new address would bring every issue twice."""
    do(desk, ada, "move", address="new@lab.example")
    (notice,) = desk.mailed()
    desk.pass_by(hours=48)
    answer = desk.post(f"/confirm/{notice.token}")
    assert (answer.status_code, h1(answer.text)) == (410, "This link is too old")
    assert "change the address there" in answer.text
    assert desk.reader() == ada


# ---------------------------------------------------------------- going


def test_leaving_from_the_page(desk: House, ada: Subscriber) -> None:
    """What is left there is to be erased, to have a copy, or to come back."""
    assert h1(do(desk, ada, "leave").text) == "You have left"
    assert receives(desk) == []
    page = desk.get(f"/preferences/{ada.preferences}").text
    assert "you have left" in page
    assert 'value="save"' not in page
    assert h1(do(desk, ada, "leave").text) == "You have left"
    late = do(desk, ada, "pause", weeks="2")
    assert (late.status_code, h1(late.text)) == (409, "Your subscription")
    assert "you have left" in late.text
    assert 'href="../subscribe/index.html">Subscribe again' in late.text
    assert desk.reader().paused == ""
    assert desk.get(f"/preferences/{ada.preferences}/export").status_code == 200


def test_whose_mails_came_back_is_told_why_nothing_comes(desk: House, ada: Subscriber) -> None:
    """And how it can come again."""
    desk.readers.suppress(ADA, "bounce", desk.world.now)
    page = desk.get(f"/preferences/{ada.preferences}").text
    assert "since mails to it came back." in page
    assert 'href="../subscribe/index.html">Subscribe again' in page


@pytest.mark.parametrize("reason", ["complaint", "command"])
def test_whose_mails_are_stopped_for_good_is_not_sent_to_sign_up(desk: House, ada: Subscriber, reason: Reason) -> None:  # fmt: skip
    """No sign-up brings them a mail, so the page leads to what they can read instead."""
    desk.readers.suppress(ADA, reason, desk.world.now)
    page = desk.get(f"/preferences/{ada.preferences}").text
    assert "was reported as unwanted, or whoever runs this paper ended it" in page
    assert "Subscribe again" not in page
    assert 'href="../subscribe/index.html#feeds">feed reader' in page
    assert 'value="save"' not in page
    assert 'value="erase"' in page


def test_to_be_erased_is_asked_once_more(desk: House, ada: Subscriber) -> None:
    """The first press changes nothing; after the second no trace of the address is in the file."""
    before = desk.state()
    asked = do(desk, ada, "erase")
    assert h1(asked.text) == "Erase all about you"
    assert 'name="sure" value="yes"' in asked.text
    assert desk.state() == before
    done = do(desk, ada, "erase", sure="yes")
    assert h1(done.text) == "You are erased"
    assert "A trace may stay" not in done.text
    assert ADA.encode() not in desk.readers.path.read_bytes()
    assert desk.get(f"/preferences/{ada.preferences}").status_code == 404
    assert do(desk, ada, "erase", sure="yes").status_code == 404


def test_who_is_erased_while_others_hold_the_file_is_told_so(desk: House, ada: Subscriber, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """And the operator, who can do it once more; no address is said."""

    def held(self: object) -> None:
        raise StoreError("the person is forgotten, but other commands hold the file")

    monkeypatch.setattr("sundaypaper.delivery.records.ReaderRecords._rewrite", held)
    done = do(desk, ada, "erase", sure="yes")
    assert "A trace may stay on the disk" in done.text
    assert desk.readers.find_address(ADA) is None
    assert desk.world.said == ["! a reader was erased while others held readers.db: run `erase` once more"]  # fmt: skip


# ---------------------------------------------------------------- what is kept


def test_all_that_is_kept_comes_as_a_file(desk: House, ada: Subscriber) -> None:
    """Plain JSON: the wish, the consents with their networks, the deliveries."""
    answer = desk.get(f"/preferences/{ada.preferences}/export")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == 'attachment; filename="my-subscription.json"'
    kept = json.loads(answer.text)
    assert kept["subscriber"]["address"] == ADA
    assert kept["consents"][0]["network"] == "203.0.113.0/24"
    assert [row["week"] for row in kept["deliveries"]] == [WEEK]
    assert ada.token not in answer.text.replace(kept["subscriber"]["token"], "")


def test_issues_are_shown_as_they_were_got(desk: House, ada: Subscriber) -> None:
    """Listed once they went out, and made by what was chosen then."""
    place = f"/preferences/{ada.preferences}/issues/"
    assert "No issue has gone out to you yet" in desk.get(place).text
    assert desk.get(place + WEEK).status_code == 404
    deliver(desk)
    assert [row.week for row in issues_got(desk.readers, ada)] == [WEEK]
    do(desk, ada, "save", edition="research")
    listed = desk.get(place).text
    assert f'<a href="../../../preferences/{ada.preferences}/issues/{WEEK}">2 to 8 March 2026' in listed  # fmt: skip
    issue = desk.get(place + WEEK)
    assert issue.status_code == 200
    assert "style-src-attr 'unsafe-inline'" in issue.headers["content-security-policy"]
    assert "script-src" not in issue.headers["content-security-policy"]
    assert "<script" not in issue.text
    assert f"leave/{ada.token}" in issue.text
    for other in ("2026-W09", "nothing", "2026-W10x"):
        assert desk.get(place + other).status_code == 404
    bob = desk.confirmed(BOB)
    assert desk.get(f"/preferences/{bob.preferences}/issues/{WEEK}").status_code == 404


def test_no_button_of_another_site_does_anything(desk: House, ada: Subscriber) -> None:
    """Even for who knows the link."""
    for what in ("save", "pause", "resume", "move", "leave", "erase"):
        form = {"do": what, "weeks": "2", "address": "eve@evil.example", "sure": "yes"}
        answer = desk.post(f"/preferences/{ada.preferences}", form, headers=CROSS)
        assert answer.status_code == 403
    assert desk.reader() == ada


@pytest.mark.parametrize("what", ["", "delete", "SAVE", "__class__"])
def test_what_no_button_asks_is_refused(desk: House, ada: Subscriber, what: str) -> None:
    """With a way back to the page."""
    answer = do(desk, ada, what)
    assert (answer.status_code, h1(answer.text)) == (400, "This form cannot be read")
    assert f'href="../preferences/{ada.preferences}"' in answer.text


@pytest.mark.parametrize(("name", "form"), [("change", {"do": "save"}), ("pause", {"do": "pause", "weeks": "2"})])  # fmt: skip
def test_who_is_erased_in_between_is_unknown(desk: House, ada: Subscriber, monkeypatch: pytest.MonkeyPatch, name: str, form: dict[str, str]) -> None:  # fmt: skip
    """A command may erase while the page is open; the answer is that of any such link."""
    real = getattr(subscriptions, name)

    def erased_first(readers: Readers, *given: Any) -> Any:
        readers.erase(ADA, desk.world.now)
        return real(readers, *given)

    monkeypatch.setattr(subscriptions, name, erased_first)
    assert desk.post(f"/preferences/{ada.preferences}", form).status_code == 404


def test_a_restored_file_is_opened_anew(desk: House, ada: Subscriber) -> None:
    """The app goes on with the file that lies there now, and not with the one before."""
    kept = desk.readers.path
    other = kept.with_name("other.db")
    desk.readers.copy_to(other)
    do(desk, ada, "save", topic="vision")
    other.chmod(0o600)
    other.replace(kept)
    for end in ("-wal", "-shm"):
        kept.with_name(kept.name + end).unlink(missing_ok=True)
    page = desk.get(f"/preferences/{ada.preferences}").text
    assert 'name="topic" value="graphs" checked' in page
    assert 'name="topic" value="vision" checked' not in page


def test_the_day_of_the_next_issue_follows_the_paper(desk: House, ada: Subscriber) -> None:
    """Its day of the week and zone, and the week that is printed already."""
    at = replace(desk.world.config.print_at, weekday=0)
    desk.change(print_at=at)
    desk.pass_by(days=1)
    answer = do(desk, ada, "resume")
    assert banner(answer.text).endswith("The next issue comes on Monday 16 March.")
    desk.world.now -= timedelta(days=1)
