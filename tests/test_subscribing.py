"""The pages by which somebody subscribes, confirms and leaves, asked as browsers and others ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from threading import Barrier
from typing import Any

import pytest

from receiving import ADA, BOB, FORM, FOUND, WEEK, House, house
from sundaypaper.config.web_settings import LimitsEntry, WebEntry
from sundaypaper.delivery.settings import DeliverySpec
from sundaypaper.delivery.sign_ups import SignUps
from sundaypaper.errors import QueryError
from sundaypaper.web.finder import FinderError
from sundaypaper.web.limiting import LIMITS, Limits, open_limits
from sundaypaper.web.stamps import Stamps

MULTIPART = {"content-type": "multipart/form-data; boundary=x"}
ONE_CLICK = b"List-Unsubscribe=One-Click"
CROSS = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[House]:
    """The app over a root with one printed issue."""
    with house(tmp_path) as opened:
        yield opened


def h1(text: str) -> str:
    """What a page says first."""
    (heading,) = re.findall("<h1>(.*)</h1>", text)
    return heading


def beside(text: str, field: str) -> str:
    """What stands beside a field about what is wrong with it; the field is described by it."""
    assert f'aria-describedby="{field}-wrong"' in text or f'{field}-help {field}-wrong"' in text
    (said,) = re.findall(f'<p class="wrong" id="{field}-wrong">(.*)</p>', text)
    return said


# ---------------------------------------------------------------- the way in


def test_somebody_subscribes_and_the_newest_issue_is_queued_for_them(desk: House) -> None:
    """The form, the mail's link, its button: then they are a subscriber with what they chose."""
    sent = desk.sign_up(topic=["vision", "graphs"], people="Wei Li\r\n", queries="depth OR pose", empty="skip")  # fmt: skip
    assert (sent.status_code, h1(sent.text)) == (200, "Check your mail")
    assert f"<b>{ADA}</b>" in sent.text
    assert desk.woken == ["woken"]
    (notice,) = desk.mailed()
    asked = desk.get(f"/confirm/{notice.token}")
    assert h1(asked.text) == "Confirm your subscription"
    assert "<li>Computer vision</li>" in asked.text
    assert "<li><code>depth OR pose</code></li>" in asked.text
    assert desk.readers.find_address(ADA) is None
    done = desk.post(f"/confirm/{notice.token}")
    assert h1(done.text) == "You are subscribed"
    assert "The newest issue, 2 to 8 March 2026, is on its way" in done.text
    ada = desk.reader()
    assert ada.filter == 'topic:vision OR topic:graphs OR author:"Wei Li" OR (depth OR pose)'
    assert (ada.empty, ada.state, ada.origin) == ("skip", "confirmed", "web")
    assert f'href="../preferences/{ada.preferences}"' in done.text
    assert SignUps(desk.readers).welcomes(desk.world.now) == ((WEEK, ada.id),)
    assert desk.woken == ["woken", "woken"]
    (consent,) = desk.readers.export(ADA)["consents"]
    assert consent["network"] == "203.0.113.0/24"
    assert consent["text"].startswith("sign-up page, text 1; asked 2026-03-08T12:00:02+00:00 from 203.0.113.0/24")  # fmt: skip


def test_an_edition_is_chosen_in_one_click_and_stays_one(desk: House) -> None:
    """So that a later change of the edition reaches its readers."""
    ada = desk.confirmed(edition="building")
    assert (ada.filter, ada.edition) == ("", "building")
    bob = desk.confirmed(BOB, edition="building", queries="depth")
    assert bob.edition == ""
    assert bob.filter.endswith(" OR depth")


def test_before_the_first_issue_its_day_is_said(tmp_path: Path) -> None:
    """Sunday at eight: on this Sunday that is over, so it is the next one."""
    with house(tmp_path, printed=False) as desk:
        desk.sign_up()
        (notice,) = desk.mailed()
        asked = desk.get(f"/confirm/{notice.token}").text
        assert '<button class="main">Confirm</button>' in asked
        assert "every week: the first issue as soon as it is printed." in asked
        done = desk.post(f"/confirm/{notice.token}")
        assert f"The first issue comes to <b>{ADA}</b> on Sunday 15 March" in done.text
        assert SignUps(desk.readers).welcomes(desk.world.now) == ()


def test_a_link_confirms_once(desk: House) -> None:
    """Pressed again it says so, shows nothing of the subscription, and sends nothing."""
    desk.sign_up()
    (notice,) = desk.mailed()
    place = f"/confirm/{notice.token}"
    desk.post(place)
    before = desk.state()
    for again in (desk.get(place), desk.post(place), desk.get(place + "/")):
        assert (again.status_code, h1(again.text)) == (200, "Confirmed already")
        assert 'subscribe/index.html">subscribe again</a>' in again.text
        assert desk.reader().preferences not in again.text
        assert ADA not in again.text
    assert desk.state() == before


def test_who_confirms_shows_that_links_of_mails_lead_here(desk: House) -> None:
    """So mails lead here from then on; to look at the page, or to confirm in vain, shows nothing."""
    desk.sign_up()
    (notice,) = desk.mailed()
    desk.get(f"/confirm/{notice.token}")
    desk.post(f"/confirm/{'a' * 26}")
    assert desk.readers.web_base(desk.world.now) == ""
    desk.post(f"/confirm/{notice.token}")
    assert desk.readers.web_base(desk.world.now) == "https://paper.example/"


def test_an_old_link_says_so_and_confirms_nothing(desk: House) -> None:
    """After 48 hours; the way on is to subscribe again."""
    desk.sign_up()
    (notice,) = desk.mailed()
    desk.pass_by(hours=48)
    for answer in (desk.get(f"/confirm/{notice.token}"), desk.post(f"/confirm/{notice.token}")):
        assert (answer.status_code, h1(answer.text)) == (410, "This link is too old")
        assert 'href="../subscribe/index.html"' in answer.text
    assert desk.readers.find_address(ADA) is None


def test_wrong_links_are_all_told_the_same(desk: House) -> None:
    """Made up, cut off, changed in one letter, of another purpose, longer than any: 404."""
    ada = desk.confirmed()
    desk.sign_up(BOB)
    (notice,) = desk.mailed()
    token = notice.token
    changed = ("b" if token[0] == "a" else "a") + token[1:]
    before = desk.state()
    wrong = [
        *(f"/confirm/{t}" for t in (changed, token[:-1], ada.token, ada.preferences, "a" * 3000)),
        *(f"/leave/{t}" for t in (changed, ada.token[:-1], ada.preferences, token, "’ or 1=1")),
        *(f"/preferences/{t}" for t in (changed, ada.preferences.upper(), ada.token, token)),
        f"/preferences/{ada.token}/export",
    ]
    bodies = set[str]()
    for place in wrong:
        answers = [desk.get(place)]
        if not place.endswith("/export"):
            answers.append(desk.post(place, {"do": "erase", "sure": "yes"}))
        for answer in answers:
            assert answer.status_code == 404
            bodies.add(answer.text.replace("../../", "../"))
    assert len(bodies) == 1
    assert h1(bodies.pop()) == "This link leads nowhere"
    assert desk.state() == before


def test_opening_a_page_changes_nothing(desk: House) -> None:
    """GET and HEAD of every link of every mail, as scanners open them; no count either."""
    ada = desk.confirmed()
    desk.sign_up(BOB)
    (notice,) = desk.mailed()
    before = desk.state()
    places = [
        *("/subscribe", "/subscribe/", "/subscribe/index.html", f"/confirm/{notice.token}"),
        *(f"/leave/{ada.token}", f"/preferences/{ada.preferences}"),
        f"/preferences/{ada.preferences}/export",
    ]
    for place in places:
        shown, head = desk.get(place), desk.get(place, method="HEAD")
        assert (shown.status_code, head.status_code, head.content) == (200, 200, b"")
        assert "set-cookie" not in shown.headers
        assert shown.headers["cache-control"] == "no-store"
        assert desk.get(place, method="DELETE").status_code == 405
    assert desk.state() == before


# ---------------------------------------------------------------- what the form refuses


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "Write your mail address."),
        ("ada", "This is no mail address"),
        ("ada@lab.example\r\nBcc: all@lab.example", "There are characters in it that no keyboard types."),
        ("ada\0@lab.example", "There are characters in it that no keyboard types."),
        ("<b>ada</b>@lab.example", "This is no mail address"),
        ("ada@lab.example, bob@lab.example", "This is no mail address"),
        ("åda@lab.example", "Before the @ are letters other than a to z"),
        ("ada@straße.example", "Its domain can be read as two different ones"),
        (f"{'a' * 300}@lab.example", "This is no mail address"),
        ("ada@lab.example' or 1=1 --", "This is no mail address"),
        (["ada@lab.example", "bob@lab.example"], "It came more than once, with different values."),
    ],
)  # fmt: skip
def test_what_is_no_address_is_told_beside_its_field(desk: House, address: Any, said: str) -> None:
    """With the form as it was filled in, and nothing noted."""
    answer = desk.sign_up(address, topic="graphs")
    assert answer.status_code == 422
    assert beside(answer.text, "address").startswith(said)
    assert 'value="graphs" checked' in answer.text
    assert "<b>ada" not in answer.text
    assert "\0" not in answer.text
    assert 'id="wrong" tabindex="-1" autofocus' in answer.text
    assert desk.asked() == []
    assert desk.woken == []


def test_bytes_that_are_no_text_are_refused(desk: House) -> None:
    """Lone surrogates and broken UTF-8, in a field and in a file."""
    stamp = desk.stamp().encode()
    for raw in (b"ada%ED%A0%80@lab.example", b"ada%FF@lab.example", b"ada%EF%BF%BF@lab.example"):
        answer = desk.post("/subscribe/", b"stamp=" + stamp + b"&address=" + raw)
        assert answer.status_code == 422
        assert beside(answer.text, "address").startswith("There are characters")
    assert desk.asked() == []


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"queries": "depth\n\nx topic:visoin"}, "queries", "Line 3, column 3: There is no topic “visoin”; did you mean “vision”?"),
        ({"queries": '"open'}, "queries", "Line 1, column 1: Unclosed quote."),
        ({"queries": "ada@lab.example"}, "queries", "Line 1 looks like a mail address or a formula"),
        ({"queries": "=1+1"}, "queries", "Line 1 looks like a mail address or a formula"),
        ({"queries": "depth\x1bpose"}, "queries", "There are characters in it that no keyboard types."),
        ({"queries": "x\n" * 41}, "queries", "These are more than 40 queries"),
        ({"queries": "depth " * 700 + "\n" + "pose " * 900}, "queries", "All choices together are too long"),
        ({"people": "Wei Li\n?!"}, "people", "Line 2 has no letter in it."),
        ({"people": "x\n" * 41}, "people", "These are more than 40 names"),
        ({"topic": ["vision", "gone"]}, "topic", "A topic is no longer there"),
        ({"venue": "x OR y"}, "venue", "A venue is no longer there"),
        ({"edition": "<script>"}, "edition", "This edition is no longer there"),
        ({"edition": ["building", "research"]}, "edition", "It came more than once"),
    ],
)  # fmt: skip
def test_a_choice_that_cannot_be_read_is_told_beside_its_field(desk: House, fields: dict[str, Any], field: str, said: str) -> None:  # fmt: skip
    """By its line and column, with the name that was meant; the details stand open."""
    answer = desk.sign_up(**fields)
    assert answer.status_code == 422
    assert beside(answer.text, field).startswith(said)
    assert f'value="{ADA}"' in answer.text
    assert field == "edition" or '<details class="closer" open>' in answer.text
    assert "<script>\n" not in answer.text
    assert desk.asked() == []


def test_what_was_typed_comes_back_escaped(desk: House) -> None:
    """In every field that a form shows again."""
    evil = '"></textarea><script>alert(1)</script>'
    answer = desk.sign_up(evil, people=evil, queries=evil, stamp=evil, do=evil, website="")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert answer.text.count("&lt;script&gt;alert(1)") >= 3


def test_a_form_of_two_megabytes_is_refused_unread(desk: House) -> None:
    """So are files, and what is no form."""
    assert desk.post("/subscribe/", {"address": "a" * 2_000_000}).status_code == 413
    file = b'--x\r\nContent-Disposition: form-data; name="address"; filename="a"\r\n\r\nada\r\n--x--\r\n'
    for body, headers in ((file, MULTIPART), (b"--y", MULTIPART), (b"x", {"content-type": "multipart/form-data"})):  # fmt: skip
        answer = desk.post("/subscribe/", body, headers=headers)
        assert (answer.status_code, h1(answer.text)) == (400, "This form cannot be read")
    assert desk.post("/subscribe/", b"a=1&" * 600).status_code == 400
    answer = desk.post("/subscribe/", b"{}", headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert desk.asked() == []


def test_a_form_may_come_in_parts(desk: House) -> None:
    """multipart/form-data holds the same fields."""
    fields = {"address": ADA, "stamp": desk.stamp(), "queries": "depth\r\npose"}
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())  # fmt: skip
    answer = desk.post("/subscribe/", f"{parts}--x--\r\n".encode(), headers=MULTIPART)
    assert h1(answer.text) == "Check your mail"
    assert [row["filter"] for row in desk.asked()] == ["depth OR pose"]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.5, "This came faster than anybody types."), (86_401, "This form is old.")]
)  # fmt: skip
def test_a_form_that_comes_too_fast_or_too_late_comes_back_filled_in(desk: House, seconds: float, said: str) -> None:  # fmt: skip
    """And passes when the button is pressed again."""
    (stamp,) = re.findall(r'name="stamp" value="([^"]+)"', desk.get("/subscribe/").text)
    desk.pass_by(seconds=seconds)
    answer = desk.post("/subscribe/", {"address": ADA, "stamp": stamp})
    assert answer.status_code == 422
    (told,) = re.findall('id="stamp-wrong">(.*)</p>', answer.text)
    assert told.startswith(said)
    assert desk.asked() == []
    (stamp,) = re.findall(r'name="stamp" value="([^"]+)"', answer.text)
    desk.pass_by(seconds=1.5)
    assert h1(desk.post("/subscribe/", {"address": ADA, "stamp": stamp}).text) == "Check your mail"


def test_nobody_makes_a_stamp_of_their_own(desk: House) -> None:
    """Missing, made up, of another time, or of another paper."""
    now = desk.world.now
    made, signature = desk.stamp().split(".")
    other = Stamps(b"x" * 32).made(now - timedelta(minutes=1))
    for stamp in ("", "0.0", f"{int(made) - 9999}.{signature}", other, f"{made}.{signature}0"):
        answer = desk.post("/subscribe/", {"address": ADA, "stamp": stamp})
        assert answer.status_code == 422
        assert "This form is old." in answer.text
    assert desk.asked() == []


def test_a_field_that_no_person_sees_catches_a_program(desk: House) -> None:
    """It gets the usual answer, and nothing is noted or counted."""
    desk.stamp()
    before = desk.state()
    usual = desk.sign_up("", website="https://evil.example")
    assert (usual.status_code, h1(usual.text)) == (200, "Check your mail")
    assert desk.state() == before
    assert desk.woken == []


# ---------------------------------------------------------------- who asks


def test_the_answer_is_the_same_whoever_has_the_address(desk: House) -> None:
    """Unknown, subscribed, left, suppressed: one insert each, and one page."""
    desk.confirmed(ADA)
    desk.confirmed(BOB)
    desk.readers.leave(desk.reader(BOB).id, "command", desk.world.now)
    desk.readers.suppress("eve@lab.example", "complaint", desk.world.now)
    answers = set[str]()
    for address in (ADA, BOB, "eve@lab.example", "new@lab.example", "A.D.A+x@LAB.example"):
        before = len(desk.asked())
        answer = desk.sign_up(address)
        answers.add(answer.text.replace(address, "ADDRESS"))
        assert answer.status_code == 200
        assert len(desk.asked()) == before + 1
    assert len(answers) == 1


def test_an_address_that_is_asked_for_again_and_again_is_one_waiting_row(desk: House) -> None:
    """Two hundred times, from as many networks: one mail."""
    desk.change(web=WebEntry(limits=LimitsEntry(domain="100000/hour")))
    stamp = desk.stamp()
    for number in range(200):
        form = {"address": ADA, "stamp": stamp}
        answer = desk.post("/subscribe/", form, peer=f"198.51.{number}.7")
        assert answer.status_code == 200
    assert len(desk.asked()) == 1
    assert len(desk.mailed()) == 1


def test_a_network_is_limited_and_another_is_not(desk: House) -> None:
    """20 an hour, told with the time to wait; a neighbour of the same /24 is the same network."""
    stamp = desk.stamp()
    codes = [
        desk.post("/subscribe/", {"address": f"a{n}@lab{n}.example", "stamp": stamp}, peer=f"203.0.113.{n}").status_code
        for n in range(1, 23)
    ]  # fmt: skip
    assert codes == [200] * 20 + [429] * 2
    over = desk.sign_up()
    assert h1(over.text) == "Too many sign-ups"
    assert "came from your network" in over.text
    assert 3590 <= int(over.headers["retry-after"]) <= 3600
    assert "in 60 minutes" in over.text
    assert len(desk.asked()) == 20
    assert desk.sign_up(peer="203.0.114.1").status_code == 200
    desk.pass_by(hours=1)
    assert desk.sign_up().status_code == 200


def test_a_mail_domain_is_limited_over_all_networks(desk: House) -> None:
    """As feeds.yaml says; another domain is not concerned."""
    desk.change(web=WebEntry(limits=LimitsEntry(domain="2/day")))
    codes = [desk.sign_up(f"a{n}@Big.example", peer=f"198.51.{n}.7") for n in range(3)]
    assert [answer.status_code for answer in codes] == [200, 200, 429]
    assert "addresses of your mail provider" in codes[-1].text
    assert "in 24 hours" in codes[-1].text
    assert desk.sign_up("a@small.example", peer="198.51.9.7").status_code == 200


def test_counts_outlast_a_restart_and_name_nobody(tmp_path: Path) -> None:
    """The file is its owner's, and holds neither network nor domain in clear."""
    with house(tmp_path) as desk:
        desk.change(web=WebEntry(limits=LimitsEntry(network="2/hour")))
        stamp = desk.stamp()
        for number in range(2):
            desk.post("/subscribe/", {"address": f"a{number}@lab.example", "stamp": stamp})
    file = tmp_path / LIMITS
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"203.0.113" not in file.read_bytes()
    assert b"lab.example" not in file.read_bytes()
    with house(tmp_path, printed=False) as desk:
        desk.change(web=WebEntry(limits=LimitsEntry(network="2/hour")))
        # A form that was open over the restart is as good as before.
        assert desk.post("/subscribe/", {"address": ADA, "stamp": stamp}).status_code == 422
        desk.pass_by(seconds=3)
        assert desk.post("/subscribe/", {"address": ADA, "stamp": stamp}).status_code == 429


def test_threads_that_begin_at_once_count_in_one_file(tmp_path: Path) -> None:
    """The first requests of an app meet before there is a file: none takes it for a damaged one."""

    def key(root: Path, start: Barrier) -> bytes:
        start.wait(10)
        with open_limits(root, token_bytes, lambda: datetime(2026, 3, 8, tzinfo=UTC)) as kept:
            return kept.key("stamps")

    for number in range(20):
        root, start = tmp_path / str(number), Barrier(4)
        root.mkdir()
        with ThreadPoolExecutor(4) as pool:
            keys = {one.result() for one in [pool.submit(key, root, start) for _ in range(4)]}
        assert len(keys) == 1


def test_counts_that_limit_nothing_are_forgotten_and_a_damaged_file_is_made_anew(tmp_path: Path) -> None:  # fmt: skip
    """It is no loss: all that it holds can be counted again."""
    now = [datetime(2026, 3, 8, tzinfo=UTC)]
    (tmp_path / LIMITS).write_bytes(b"no database" * 1000)
    limits = LimitsEntry(network="5/hour")
    with open_limits(tmp_path, bytes, lambda: now[0]) as kept:
        assert rows(kept) == 0
        for number in range(10):
            assert kept.count(limits, f"198.51.{number}.0/24", "lab.example") is None
        assert rows(kept) == 11
        now[0] += timedelta(hours=2)
        kept.count(limits, "203.0.113.0/24", "lab.example")
        assert rows(kept) == 2
        (over, *_) = [kept.count(limits, "203.0.113.0/24", "x.example") for _ in range(5)][4:]
        assert over is not None
        assert (over.of, over.seconds) == ("network", 3600)


def rows(kept: Limits) -> int:
    """How many counts are kept."""
    return int(kept.db.execute("select count(*) from counts").fetchone()[0])


@pytest.mark.parametrize(
    ("headers", "is_refused"),
    [
        (CROSS, True),
        ({"sec-fetch-site": "cross-site", "origin": "null"}, True),
        ({"sec-fetch-site": "same-site", "origin": "https://other.paper.example"}, True),
        ({"sec-fetch-site": "same-site", "origin": "null"}, True),
        ({"sec-fetch-site": "", "origin": "https://evil.example"}, True),
        ({"sec-fetch-site": "", "origin": "https://paper.example.evil.example"}, True),
        ({"sec-fetch-site": "", "origin": "file://"}, True),
        ({"sec-fetch-site": "", "origin": "http://[x"}, True),
        ({"sec-fetch-site": "", "origin": "https://paper.example"}, False),
        ({"sec-fetch-site": "", "origin": "http://named.example"}, False),
        ({"sec-fetch-site": "", "origin": "null"}, False),
        ({"sec-fetch-site": "none", "origin": "null"}, False),
    ],
)
def test_a_form_of_another_site_is_refused(desk: House, headers: dict[str, str], is_refused: bool) -> None:  # fmt: skip
    """What a browser says of where a form came from; our own pages hide it."""
    answer = desk.post("/subscribe/", {"address": ADA, "stamp": desk.stamp()}, headers=headers)
    assert answer.status_code == (403 if is_refused else 200)
    assert ("This came from another site" in answer.text) == is_refused
    assert len(desk.asked()) == (not is_refused)


def test_a_confirmation_of_another_site_is_refused(desk: House) -> None:
    """The page that says so leads to the right one."""
    desk.sign_up()
    (notice,) = desk.mailed()
    answer = desk.post(f"/confirm/{notice.token}", headers=CROSS)
    assert answer.status_code == 403
    assert f'href="../confirm/{notice.token}"' in answer.text
    assert desk.readers.find_address(ADA) is None


def test_no_link_is_made_of_what_a_request_says_of_its_host(desk: House) -> None:
    """Nor does anything redirect to where a request names."""
    forged = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-for": "1.2.3.4"}  # fmt: skip
    for place in ("/subscribe/?next=//evil.example", "/subscribe", "/confirm/x?to=//evil.example"):
        for answer in (desk.get(place, headers=forged), desk.post(place, headers=forged)):
            assert "evil" not in answer.text
            assert "location" not in answer.headers
    answer = desk.post("/subscribe/", {"address": ADA, "stamp": desk.stamp()}, headers=forged)
    assert answer.status_code == 200
    assert [row["network"] for row in desk.asked()] == ["203.0.113.0/24"]


# ---------------------------------------------------------------- leaving


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (ONE_CLICK, FORM | {"origin": "null"}),
        (b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n', MULTIPART),
        (ONE_CLICK, CROSS),
        (b"", {"content-type": ""}),
        (b"\xff\xfe", MULTIPART),
        (b"do=leave", FORM),
    ],
)  # fmt: skip
def test_one_click_leaves_at_once(desk: House, body: bytes, headers: dict[str, str]) -> None:
    """As mail programs send it, and however its body looks: no cookie, no redirect, once or twice."""
    ada = desk.confirmed()
    for _ in range(2):
        answer = desk.post(f"/leave/{ada.token}", body, headers=headers)
        assert (answer.status_code, h1(answer.text)) == (200, "You have left")
        assert "set-cookie" not in answer.headers
        assert "location" not in answer.headers
    assert desk.reader().state == "left"
    assert desk.readers.suppressed(ADA) == "left"
    how = [c["text"] for c in desk.readers.export(ADA)["consents"] if c["kind"] == "withdrawn"]
    assert how == ["one click" if b"One-Click" in body else "the page leave/"]


def test_the_link_to_leave_shows_a_button_and_little_else(desk: House) -> None:
    """A mail may have been forwarded, so the address is not shown, nor the link to its choices."""
    ada = desk.confirmed()
    page = desk.get(f"/leave/{ada.token}").text
    assert h1(page) == "Leave the paper"
    assert "a…@lab.example" in page
    assert ADA not in page
    assert ada.preferences not in page
    desk.post(f"/leave/{ada.token}")
    assert h1(desk.get(f"/leave/{ada.token}").text) == "You have left"
    desk.pass_by(days=1)
    assert desk.confirmed().state == "confirmed"


# ---------------------------------------------------------------- trying


def test_a_try_says_how_much_it_is_and_notes_nothing(desk: House) -> None:
    """Without address and at any speed; the form stays as it was filled in."""
    desk.stamp()
    before = desk.state()
    answer = desk.post("/subscribe/", {"do": "try", "topic": "graphs", "queries": "a or b", "address": "ad"})  # fmt: skip
    assert answer.status_code == 200
    assert desk.finder.asked == ["topic:graphs OR a or b"]
    assert "About 11 entries a week, like these" in answer.text
    assert '<a href="https://arxiv.org/abs/2603.00001">Depth from &lt;One&gt; Photograph</a>' in answer.text  # fmt: skip
    assert "“or” is looked for as a word: did you mean <code>a OR b</code>?" in answer.text
    assert 'value="graphs" checked' in answer.text
    assert 'value="ad"' in answer.text
    assert desk.state() == before


def test_a_try_of_an_edition_or_of_nothing(desk: House) -> None:
    """An edition is its query; nothing chosen is the whole paper, which needs no look."""
    desk.post("/subscribe/", {"do": "try", "edition": "research"})
    research = next(e for e in desk.world.config.editions if e.id == "research")
    assert desk.finder.asked == [f"({research.match.text})"]
    answer = desk.post("/subscribe/", {"do": "try"})
    assert "so the whole paper comes" in answer.text
    assert len(desk.finder.asked) == 1


@pytest.mark.parametrize("trouble", [FinderError("busy", 5), QueryError("x", 1, "too long")])
def test_a_try_that_gets_no_answer_keeps_the_form(desk: House, trouble: Exception) -> None:
    """Nobody has to try before they subscribe."""
    desk.finder.found = trouble
    answer = desk.post("/subscribe/", {"do": "try", "topic": "graphs"})
    assert answer.status_code == 200
    assert "<h3>Not tried</h3>" in answer.text


def test_a_try_tells_what_is_wrong_too(desk: House) -> None:
    """Each slip beside its field, as when it is sent."""
    answer = desk.post("/subscribe/", {"do": "try", "queries": "(a"})
    assert answer.status_code == 422
    assert beside(answer.text, "queries") == "Line 1, column 3: Unclosed &#39;(&#39;: expected &#39;)&#39;."  # fmt: skip
    assert desk.finder.asked == []


def test_what_a_try_can_find(desk: House) -> None:
    """Nothing, less than one a week, nothing printed yet: each is said."""
    usual, weeks = FOUND, tuple(replace(week, hits=0) for week in FOUND.weeks)
    for found, said in (
        (replace(usual, samples=(), weeks=weeks), "Nothing in the last 1 week"),
        (replace(usual, weeks=weeks), "Less than one entry a week"),
        (replace(usual, samples=(), weeks=()), "Nothing to try it on yet"),
    ):
        desk.finder.found = found
        assert said in desk.post("/subscribe/", {"do": "try", "topic": "graphs"}).text


# ---------------------------------------------------------------- where it is not offered, and trouble


def test_a_mailing_list_keeps_its_own_members(desk: House) -> None:
    """The page says how to join it, takes no form, and links of before lead where they led."""
    entry = DeliverySpec(kind="list", sender="paper@lab.example", to="list@lab.example")
    join = replace(desk.world.config.subscribe, join="https://lists.lab.example/paper")
    desk.change(delivery=entry, subscribe=join)
    page = desk.get("/subscribe/")
    assert page.status_code == 200
    assert "<form" not in page.text
    assert 'href="https://lists.lab.example/paper"' in page.text
    refused = desk.post("/subscribe/", {"address": ADA})
    assert refused.status_code == 403
    assert "sign up at" in refused.text
    assert desk.asked() == []


def test_a_demonstration_says_that_no_mail_leaves(tmp_path: Path) -> None:
    """With a way to the mails where the app shows them, else with their folder."""
    with house(tmp_path, mails=tmp_path / "mails", show_mails=True) as desk:
        assert 'href="../mails/"' in desk.sign_up().text
    with house(tmp_path, printed=False, mails=tmp_path / "mails") as desk:
        desk.pass_by(hours=1)
        assert f"<code>{tmp_path / 'mails'}</code>" in desk.sign_up().text


def test_an_operator_writes_the_pages_in_another_language(tmp_path: Path) -> None:
    """A file of theirs takes the place of ours."""
    folder = tmp_path / "templates" / "reader"
    folder.mkdir(parents=True)
    (folder / "sent.html").write_text('{% extends "reader/page.html" %}{% block heading %}Post ist da{% endblock %}')  # fmt: skip
    with house(tmp_path, templates=tmp_path / "templates") as desk:
        assert h1(desk.sign_up().text) == "Post ist da"


def test_pages_know_a_new_build_and_a_new_configuration(desk: House) -> None:
    """feeds.yaml at once; the newest issue once the store was read again."""
    assert "Hinton&#39;s" not in desk.get("/subscribe/").text
    first = desk.world.config.topics[0]
    desk.change(topics=(replace(first, name="Hinton's"), *desk.world.config.topics[1:]))
    assert "Hinton&#39;s" in desk.get("/subscribe/").text


def test_a_database_that_does_not_answer_is_told_to_both(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """The reader may come again in half a minute; the operator hears it once, without an address."""
    stamp = desk.stamp()
    monkeypatch.setattr("sundaypaper.database.PATIENCE", 0.05)
    with desk.readers.writing():
        for _ in range(2):
            answer = desk.post("/subscribe/", {"address": ADA, "stamp": stamp})
            assert (answer.status_code, h1(answer.text)) == (503, "Too much at once")
            assert answer.headers["retry-after"] == "30"
    (said,) = desk.world.said
    assert said.endswith("database is locked; is the disk full, the folder read-only, or another program holding the file?")  # fmt: skip
    assert "@" not in said


def test_who_comes_while_the_app_ends_is_told_so(desk: House) -> None:
    """Nothing is done for them."""
    stamp = desk.stamp()
    desk.reception.close()
    answer = desk.post("/subscribe/", {"address": ADA, "stamp": stamp})
    assert (answer.status_code, h1(answer.text)) == (503, "Too much at once")
