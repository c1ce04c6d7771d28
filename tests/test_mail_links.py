"""Where a mail leads for leaving and choosing: to the app, to another service, or to a mail."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from functools import cache

import pytest

from sample_issue import sample_issue
from sundaypaper.config import Config, default_config
from sundaypaper.delivery.settings import DeliverySpec
from sundaypaper.models import Delivery, Subscriber
from sundaypaper.pipeline.mailed_issue import app_of, paper_to_send
from sundaypaper.pipeline.mails import Mails
from sundaypaper.pipeline.opening import MEMORY
from sundaypaper.store import Store

NOW = datetime(2026, 3, 8, 7, tzinfo=UTC)
LEAVE, CHOOSE, TAG = "l" * 26, "p" * 26, "t" * 26
ADA = Subscriber(1, "ada@uni.example", token=LEAVE, preferences=CHOOSE)
APP = "https://paper.example/"
SPEC = DeliverySpec("smtp", "paper@lab.example", inbox="box@lab.example")
LIST = replace(SPEC, kind="list", to="ml@lab.example")
MAILTO = f"mailto:box+leave-{LEAVE}@lab.example?subject=leave"


def config(spec: DeliverySpec | None = SPEC, base_url: str = APP) -> Config:
    """A paper that sends like that, and is published there."""
    made = default_config()
    return replace(made, delivery=spec, masthead=replace(made.masthead, base_url=base_url))


@cache
def mailed(spec: DeliverySpec, app: str) -> EmailMessage:
    """The issue as it goes to Ada."""
    with Store(MEMORY) as store:
        store.keep_issue(sample_issue(110))
        paper = paper_to_send(config(spec), store, None, None, spec, app)
    letter = Mails(paper).letter(Delivery("2026-W10", 1, TAG, queued=NOW), ADA)
    assert letter
    mail = email.message_from_bytes(letter.body, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def bodies(mail: EmailMessage) -> tuple[str, str]:
    """Text and HTML."""
    plain, html = (str(part.get_content()).replace("\r\n", "\n") for part in mail.iter_parts())
    return plain, html


def ways(mail: EmailMessage) -> tuple[str, str]:
    """Where the first lines of the text lead for choosing and for leaving; the HTML says the same."""
    text, html = bodies(mail)
    found = re.match(r".*\nchange: (\S+)\nleave: (\S+)\n", text)
    assert found
    for url in found.groups():
        assert html.count(f'href="{url}"') == 2
    return found[1], found[2]


def test_where_the_app_is_a_mail_leads_there_and_one_click_leaves() -> None:
    """Each purpose has a token of its own; a mail to the leave address ends it as before."""
    mail = mailed(SPEC, APP)
    assert ways(mail) == (f"{APP}preferences/{CHOOSE}", f"{APP}leave/{LEAVE}")
    assert mail["List-Unsubscribe"] == f"<{APP}leave/{LEAVE}>, <{MAILTO}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Subscribe"] == f"<{APP}subscribe/>"
    text, _ = bodies(mail)
    assert "Change what you get: https://" in text
    assert "Leave: https://" in text
    assert "by mail" not in text


def test_the_token_of_the_preferences_stands_in_no_header() -> None:
    """Headers pass through more hands than a body: what they show may only leave."""
    mail = mailed(SPEC, APP)
    assert CHOOSE not in "".join(mail.values())


def test_without_an_app_one_leaves_and_chooses_by_mail() -> None:
    """And nothing promises one click."""
    mail = mailed(SPEC, "")
    assert ways(mail) == ("mailto:paper@lab.example?subject=Change%20my%20topics", MAILTO)
    assert mail["List-Unsubscribe"] == f"<{MAILTO}>"
    assert "List-Unsubscribe-Post" not in mail
    text, html = bodies(mail)
    assert "Change what you get by mail: mailto:" in text
    assert "Leave by mail: mailto:" in text
    assert CHOOSE not in text + html


def test_another_service_may_take_the_one_click() -> None:
    """Leaving leads there, by its token; choosing stays a mail."""
    spec = replace(SPEC, one_click="https://lists.lab.example/out?t={token}&x=1")
    mail = mailed(spec, "")
    out = f"https://lists.lab.example/out?t={LEAVE}&x=1"
    assert mail["List-Unsubscribe"] == f"<{out}>, <{MAILTO}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, _ = bodies(mail)
    assert f"leave: {out}\n" in text
    assert "change: mailto:" in text


def test_where_there_is_an_app_it_takes_the_one_click_itself() -> None:
    """An app that is alive knows who left; a service of before may not."""
    spec = replace(SPEC, one_click="https://lists.lab.example/{token}")
    assert ways(mailed(spec, APP))[1] == f"{APP}leave/{LEAVE}"


def test_an_app_without_https_has_pages_and_no_button_of_mail_programs() -> None:
    """RFC 8058 asks for https; on one's own machine nobody stands between."""
    plain = "http://paper.lan/"
    mail = mailed(SPEC, plain)
    assert ways(mail) == (f"{plain}preferences/{CHOOSE}", f"{plain}leave/{LEAVE}")
    assert mail["List-Unsubscribe"] == f"<{MAILTO}>"
    assert "List-Unsubscribe-Post" not in mail
    here = "http://127.0.0.1:8000/"
    assert mailed(SPEC, here)["List-Unsubscribe"] == f"<{here}leave/{LEAVE}>, <{MAILTO}>"


@pytest.mark.parametrize(
    ("served", "spec", "base_url", "app"),
    [
        ("", SPEC, APP, ""),
        (APP, SPEC, APP, APP),
        (APP, SPEC, "", APP),
        (APP, LIST, APP, ""),
        (APP, None, APP, ""),
        ("http://127.0.0.1:8000/", SPEC, APP, ""),
        ("http://localhost:8000/", SPEC, APP, ""),
        ("http://127.0.0.1:8000/", SPEC, "", "http://127.0.0.1:8000/"),
        ("http://127.0.0.1:8000/", SPEC, "http://localhost:9000/", "http://127.0.0.1:8000/"),
    ],
)
def test_mails_lead_to_an_app_that_their_readers_can_open(
    served: str, spec: DeliverySpec | None, base_url: str, app: str
) -> None:
    """Somebody tries `serve` on their laptop: the issue to the world has no link to their laptop."""
    assert app_of(config(spec, base_url), served) == app
