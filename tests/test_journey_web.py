"""One reader's way in a real browser: from the form to a mail of their own, and out by one click.

The program is seen from outside alone: `sundaypaper serve`, `run` and `send` as processes, Chromium,
and the mailboxes behind a mail server: Postfix and dovecot where they are, else aiosmtpd.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsing import watched, window
from real_servers import missing
from web_visiting import Visitor, as_apple, as_gmail
from web_world import (
    SMTP,
    App,
    Mail,
    Office,
    Paper,
    copied,
    mails,
    postfix_office,
    scripted_office,
)

# What 2026-W47 of the demo prints on vision; and of the week after what is on graphs or time series or
# by Grace Okafor, and the landmark that every mail of that week has.
VISION = {"2511.16719", "2010.11929", "2212.10156", "2506.18496"}
CHOSEN, OTHERS = {"2611.00001", "2611.00002", "2611.00004", "2611.00005"}, {"2611.00003", "2611.00006"}  # fmt: skip
LANDMARK = {"2106.11342"}
NEXT = "  - {kind: bundle, name: Next week, path: next, use: news}\n"
WEEK, DAY = "2026-W48", "2026-11-29"
MANIFEST = f'{{"format": 2, "title": "Next week", "now": "{DAY}T12:00:00Z", "weeks": ["{WEEK}"]}}'
RECORDED = (
    ("2611.00001", "Walks on large graphs", "Ada Adeyemi", "graphs", "NeurIPS 2026"),
    ("2611.00002", "Rain by the hour", "Ben Ito", "time-series", "ICML 2026"),
    ("2611.00003", "A camera in the fog", "Chloe Petit", "vision", "CVPR 2026"),
    ("2611.00004", "Two people speak", "Grace Okafor", "audio-speech", "ICML 2026"),
    ("2611.00005", "Roads in time", "Dan Wu", "graphs time-series", "NeurIPS 2026"),
    ("2611.00006", "Proofs by hand", "Eve Sato", "theory-optimization", "ICML 2026"),
)
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """A real Postfix with real mailboxes where one can be started, else aiosmtpd."""
    why = missing()
    assert not why or "SUNDAYPAPER_REQUIRE_MAIL" not in os.environ, why
    with scripted_office() if why else postfix_office() as running:
        yield running


@pytest.fixture(scope="module")
def paper(demo: Path, office: Office, tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """The demo, with one week more that is not printed yet."""
    root = copied(demo, tmp_path_factory.mktemp("journey") / "paper")
    (root / "next").mkdir()
    (root / "next" / "manifest.json").write_text(MANIFEST)
    (root / "next" / "entries.jsonl").write_text("\n".join(map(recorded, RECORDED)))
    return Paper(root, NEXT + SMTP.format(port=office.port))


@pytest.fixture(scope="module")
def app(paper: Paper) -> Iterator[App]:
    """`serve` over it."""
    with paper.serving() as running:
        yield running


def recorded(row: tuple[str, ...]) -> str:
    """A paper as a bundle has it."""
    number, title, author, topics, venue = row
    url = f"https://arxiv.org/abs/{number}"
    about = {"title": title, "authors": [author], "comment": f"Accepted at {venue}"}
    place = {"id": f"arxiv:{number}", "kind": "paper", "source": "arXiv", "url": url}
    more = {"week": WEEK, "topics": topics.split(), "published": "2026-11-25", "summary": "Words."}
    return json.dumps({**place, **about, **more, "categories": ["cs.LG"]})


def heading(page: Page) -> str:
    """What the page is about."""
    return page.get_by_role("heading", level=1).inner_text()


def test_one_journey(browser: Browser, paper: Paper, app: App, office: Office) -> None:
    """Subscribe, confirm, read at once, choose, get exactly that on Sunday, leave by one click."""
    with window(browser, 320) as page:
        troubles = watched(page, app.url.split("/")[2])
        signs_up(page, app, "ada@lab.example")
        (asked,) = mails(office, "ada")
        says_who_asked(asked, paper)
        page.goto(asked.link(f"{paper.url}confirm/"))
        assert len(office.raw("ada")) == 1  # opening the link sent nothing
        page.get_by_role("button", name="Confirm").click()
        assert heading(page) == "You are subscribed"
        _, welcome = mails(office, "ada", 2)
        assert welcome.papers() == VISION
        chooses(page, welcome.link(f"{paper.url}preferences/"))
        assert troubles == []

    ben = subscribed(paper, office, "ben")
    assert "is printed" in paper.run("--now", f"{DAY}T12:00:00Z", "run", "--week", WEEK)
    assert f"{WEEK}: 2 sent" in paper.run("send")
    *_, week = mails(office, "ada", 3)
    assert week.papers() == CHOSEN | LANDMARK
    *_, whole = mails(office, "ben", 3)
    assert whole.papers() == CHOSEN | OTHERS | LANDMARK

    leaves_by_one_click(week, paper)
    answer = as_apple(one_click(ben, paper))  # the button of an older mail does it, too
    assert (answer.status_code, answer.headers.get("location")) == (200, None)
    subscribed(paper, office, "cleo")
    assert "2026-W46: 1 sent" in paper.run("send", "--week", "2026-W46", "--yes")
    assert len(mails(office, "cleo", 3)) == 3
    assert len(office.raw("ada")) == len(office.raw("ben")) == 3
    assert "lab.example" not in app.said()


def signs_up(page: Page, app: App, address: str) -> None:
    """Fill the form as a person does, who takes longer than a second, and press its button."""
    page.goto(f"{app.url}subscribe/")
    page.locator("input[type=email][name=address]").fill(address)
    page.get_by_text("Choose more closely").click()
    page.get_by_role("checkbox", name="Computer vision").check()
    page.wait_for_timeout(1_050)
    page.get_by_role("button", name="Subscribe").click()
    assert heading(page) == "Check your mail"
    assert address in page.locator("main").inner_text()


def says_who_asked(mail: Mail, paper: Paper) -> None:
    """The mail that asks has one link, answers nobody, and says when and from where somebody asked."""
    assert len(mail.links()) == 1
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["List-Unsubscribe"] is None
    for part in (mail.part("plain"), mail.part("html")):
        assert "127.0.0.0/24" in part
        assert " UTC" in part


def chooses(page: Page, preferences: str) -> None:
    """Change the topics on the page of the link, without a word of who one is."""
    page.goto(preferences)
    assert page.get_by_role("checkbox", name="Computer vision").is_checked()
    page.get_by_role("checkbox", name="Computer vision").uncheck()
    page.get_by_role("checkbox", name="Graphs", exact=True).check()
    page.get_by_role("checkbox", name="Time series").check()
    page.get_by_role("textbox", name="People").fill("Grace Okafor")
    page.get_by_role("button", name="Save").click()
    page.goto(preferences)
    assert not page.get_by_role("checkbox", name="Computer vision").is_checked()
    assert page.get_by_role("textbox", name="People").input_value() == "Grace Okafor"


def subscribed(paper: Paper, office: Office, name: str) -> Mail:
    """Somebody who comes without scripts and takes the whole paper; the issue that welcomes them."""
    with Visitor(paper.url) as visitor:
        visitor.subscribe(f"{name}@lab.example")
        (asked,) = mails(office, name)
        assert visitor.press(asked.link(f"{paper.url}confirm/")).heading == "You are subscribed"
    return mails(office, name, 2)[-1]


def one_click(mail: Mail, paper: Paper) -> str:
    """The address that a mail program posts to (RFC 8058), by the headers of the mail."""
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    https, mailto = str(mail.message["List-Unsubscribe"]).split(", ")
    assert mailto.startswith("<mailto:paper+leave-")
    assert https.startswith(f"<{paper.url}leave/")
    return https.strip("<>")


def leaves_by_one_click(mail: Mail, paper: Paper) -> None:
    """As Gmail does it: done at once, without a redirect or a cookie, and as often as one likes."""
    link = one_click(mail, paper)
    assert mail.link(f"{paper.url}leave/") == link
    for _ in range(2):
        answer = as_gmail(link)
        assert answer.status_code == 200
        assert not {"location", "set-cookie"} & set(answer.headers)
