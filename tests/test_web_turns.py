"""Wrong turns on the readers' pages, and scanners: what people and machines do beside the one way.

One `serve` and one mail server stand for the whole file; each scenario has people of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from web_visiting import Visitor, as_gmail, scan
from web_world import (
    SMTP,
    App,
    Mail,
    Paper,
    Scripted,
    copied,
    free_port,
    scripted_office,
    until,
)

# Readers whom an operator added, each for one scenario; all have had one issue.
BEFORE = ("known", "leo", "moira", "erik", "first", "last", "scanned", "twin")
OLD, NEWEST, NEXT = "2026-W46", "2026-W47", "2026-W45"
MANY = "web: {limits: {network: 1000/hour, domain: 1000/hour}}\n"
NOWHERE = "This link leads nowhere"


@dataclass(frozen=True)
class World:
    """A running app with its mail server, and somebody who visits it."""

    paper: Paper
    office: Scripted
    app: App
    visitor: Visitor

    def rest(self) -> None:
        """Wait until every mail that is to be sent has been."""
        until(self.paper.rests, self.app.said)

    def asked(self, name: str, **choices: str | list[str]) -> Mail:
        """Somebody signs up; the mail that asks them to confirm."""
        page = self.visitor.subscribe(f"{name}@lab.example", **choices)
        assert (page.status, page.heading) == (200, "Check your mail")
        return self.notice(name)

    def reader(self, name: str) -> Mail:
        """Somebody signs up and confirms; the issue that welcomes them."""
        page = self.visitor.press(self.link(self.asked(name)))
        assert (page.status, page.heading) == (200, "You are subscribed")
        return self.issue(name, NEWEST)

    def notice(self, name: str) -> Mail:
        """The one mail about their subscription that somebody has got, as soon as it is there."""
        return self._mail(name, "<notice.")

    def issue(self, name: str, week: str = OLD) -> Mail:
        """The issue of a week as somebody has got it, as soon as it is there."""
        return self._mail(name, f"<{week}.")

    def _mail(self, name: str, id: str) -> Mail:
        until(lambda: self._some(name, id) != [], lambda: f"{id} to {name}")
        (found,) = self._some(name, id)
        return found

    def _some(self, name: str, id: str) -> list[Mail]:
        got = map(Mail, self.office.raw(name))
        return [mail for mail in got if str(mail.message["Message-ID"]).startswith(id)]

    def link(self, mail: Mail, page: str = "confirm") -> str:
        """The link of a mail to one of the pages that take a token."""
        return mail.link(f"{self.paper.url}{page}/")

    def weeks(self, name: str) -> list[str]:
        """The issues that somebody has got, in their order."""
        ids = [str(mail.message["Message-ID"]) for mail in self._some(name, "<2026-W")]
        return [id[1:9] for id in ids]

    def send(self, week: str) -> str:
        """An issue is sent to all who get it."""
        return self.paper.run("send", "--week", week, "--yes")


@pytest.fixture(scope="module")
def world(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demo behind an app, with readers from before it, who have had an issue."""
    root = copied(demo, tmp_path_factory.mktemp("turns") / "paper")
    (root / "people.csv").write_text("".join(f"{name}@lab.example\n" for name in BEFORE))
    with ExitStack() as ended:
        office = ended.enter_context(scripted_office())
        paper = Paper(root, MANY + SMTP.format(port=office.port))
        app = ended.enter_context(paper.serving())
        paper.run("subscribers", "import", str(root / "people.csv"), "--consent", "lab list")
        paper.run("send", "--week", OLD, "--yes")
        visitor = ended.enter_context(Visitor(paper.url))
        visitor.get("subscribe/")  # whoever comes first has limits.db made
        yield World(paper, office, app, visitor)
        assert "lab.example" not in app.said()
        assert "!" not in app.said()


# ---------------------------------------------------------------- before the confirmation


@pytest.mark.parametrize("wrong", ["", "nobody at all", "a@b@lab.example", "<x>@lab.example"])
def test_a_slip_in_the_address_is_told_beside_the_field(world: World, wrong: str) -> None:
    """The form comes back with what was chosen, and nobody is written to."""
    before = world.paper.dump()
    page = world.visitor.subscribe(wrong, topic=["vision", "graphs"], people="Ada Adeyemi")
    assert page.status in (400, 422)
    assert page.form("subscribe").values("topic") == ["vision", "graphs"]
    assert page.form("subscribe").values("address") == [wrong]
    assert page.form("subscribe").values("people") == ["Ada Adeyemi"]
    assert world.paper.dump() == before


def test_a_mailbox_that_is_not_there_holds_nobody_up(world: World) -> None:
    """The server refuses the mail; whoever comes after gets theirs."""
    world.office.refused.add("gone@lab.example")
    world.visitor.subscribe("gone@lab.example")
    world.asked("after")
    world.rest()
    assert world.office.raw("gone") == []


def test_who_asks_twice_gets_one_mail(world: World) -> None:
    """The second press says the same, and the link of the one mail works."""
    mail = world.asked("twice", topic="vision")
    again = world.visitor.subscribe("twice@lab.example", topic="graphs")
    assert again.heading == "Check your mail"
    variant = world.visitor.subscribe("Twice+again@lab.example")
    assert variant.heading == "Check your mail"
    world.rest()
    assert len(world.office.raw("twice")) == 1
    assert world.office.raw("Twice+again") == []
    assert world.visitor.press(world.link(mail)).heading == "You are subscribed"


def test_a_link_works_once_and_then_says_so(world: World) -> None:
    """Opened twice it is the same page; pressed twice the paper comes once."""
    link = world.link(world.asked("double"))
    twice = [world.visitor.get(link) for _ in range(2)]
    first, second = (page.press() for page in twice)
    assert (first.heading, second.heading) == ("You are subscribed", "Confirmed already")
    assert world.visitor.get(link).heading == "Confirmed already"
    world.rest()
    assert world.weeks("double") == [NEWEST]


def test_a_link_of_three_days_ago_is_too_old(world: World) -> None:
    """It says how to get a new one; neither the page nor a button of before subscribes anybody."""
    link = world.link(world.asked("slow"))
    later = f"{datetime.now(UTC) + timedelta(hours=49):%Y-%m-%dT%H:%M:%SZ}"
    with world.paper.serving(before=("--now", later), port=free_port()) as app:
        there = link.replace(world.paper.url, app.url)
        page = world.visitor.get(there)
        assert page.heading == "This link is too old"
        assert page.follow("Subscribe again") == f"{app.url}subscribe/index.html"
        pressed = world.visitor.client.post(there, headers={"Origin": world.paper.url.rstrip("/")})
        assert "This link is too old" in pressed.text
    world.rest()
    assert world.weeks("slow") == []


def test_no_other_token_opens_a_page(world: World) -> None:
    """Changed, cut, lengthened, in capitals, of another page, or made up: one answer, nothing done."""
    digest = world.issue("twin")
    links = {"confirm": world.link(world.asked("tamper"))}
    links |= {page: world.link(digest, page) for page in ("leave", "preferences")}
    tokens = {page: link.rsplit("/", 1)[1] for page, link in links.items()}
    assert len(set(tokens.values())) == 3
    before = world.paper.dump()
    answers = set()
    for page, token in tokens.items():
        others = [other for name, other in tokens.items() if name != page]
        changed = token[:-1] + ("a" if token[-1] != "a" else "b")
        for wrong in (changed, token[:-1], token + "a", token.upper(), "a" * 26, *others):
            for method in ("GET", "POST"):
                answer = world.visitor.client.request(method, f"{world.paper.url}{page}/{wrong}")
                answers.add((answer.status_code, answer.content))
    assert [status for status, _ in answers] == [404]
    assert NOWHERE in next(iter(answers))[1].decode()
    assert world.paper.dump() == before


# ---------------------------------------------------------------- after it


def test_a_subscriber_who_signs_up_is_told_so(world: World) -> None:
    """The page is that of everybody; the mail leads to what they chose, which stays."""
    page = world.visitor.subscribe("known@lab.example", topic="vision")
    other = world.visitor.subscribe("never@lab.example", topic="vision")
    assert page.text.replace("known@", "") == other.text.replace("never@", "")
    mail = world.notice("known")
    link = world.link(mail, "preferences")
    assert mail.links() == {link}
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert world.visitor.get(link).form("save").values("topic") == []


def test_who_left_may_come_back(world: World) -> None:
    """By the button of a mail's page they go; by the form, and a confirmation, they are here again."""
    digest = world.issue("leo")
    assert world.visitor.press(world.link(digest, "leave")).heading == "You have left"
    world.visitor.subscribe("leo@lab.example", topic="graphs")
    link = world.link(world.notice("leo"))
    assert world.visitor.press(link).heading == "You are subscribed"
    world.issue("leo", NEWEST)
    assert world.weeks("leo") == [OLD, NEWEST]


def test_a_pause_keeps_issues_back_until_its_end(world: World) -> None:
    """Whoever pauses gets nothing, and again what is sent once they go on; what they missed stays away."""
    link = world.link(world.reader("paul"), "preferences")
    assert world.visitor.get(link).press("pause", weeks="2").status == 200
    world.send(NEXT)
    assert world.weeks("paul") == [NEWEST]
    assert world.visitor.get(link).press("resume").status == 200
    world.send(NEXT)
    world.send(OLD)
    assert world.weeks("paul") == [NEWEST, OLD]


def test_a_new_address_ends_the_links_of_the_old_one(world: World) -> None:
    """The paper moves once the new mailbox has answered; the old one is told, and holds no key."""
    digest = world.reader("mona")
    old = [world.link(digest, page) for page in ("leave", "preferences")]
    page = world.visitor.get(old[1]).press("move", address="mona.new@lab.example")
    assert page.heading == "Check the mail of your new address"
    asked = world.notice("mona.new")
    assert world.visitor.get(old[1]).status == 200  # nothing has moved yet
    assert world.visitor.press(world.link(asked)).heading == "Your address is changed"
    world.rest()
    told = Mail(world.office.raw("mona")[-1])
    assert told.links() == set()
    assert "mona.new" not in told.raw.decode()
    assert [world.visitor.get(link).status for link in old] == [404, 404]
    assert as_gmail(old[0]).status_code == 404
    world.send(NEXT)
    assert (world.weeks("mona"), world.weeks("mona.new")) == ([NEWEST], [NEXT])
    new = world.link(world.issue("mona.new", NEXT), "leave")
    assert world.visitor.press(new).heading == "You have left"


def test_who_is_erased_leaves_no_trace_and_may_come_anew(world: World) -> None:
    """No file holds the address, no link leads anywhere; a new sign-up is a first one."""
    digest = world.issue("erik")
    links = [world.link(digest, page) for page in ("leave", "preferences")]
    sure = world.visitor.get(links[1]).press("erase")
    assert sure.heading == "Erase all about you"
    assert sure.press("erase").heading == "You are erased"
    held = [f.name for f in world.paper.root.glob("*.db*") if b"erik@" in f.read_bytes()]
    assert held == []
    assert [world.visitor.get(link).heading for link in links] == [NOWHERE, NOWHERE]
    world.visitor.subscribe("erik@lab.example")
    link = world.link(world.notice("erik"))
    assert world.visitor.press(link).heading == "You are subscribed"
    assert NEWEST in str(world.issue("erik", NEWEST).message["Message-ID"])


def test_confirming_and_leaving_count_in_the_middle_of_a_sending(world: World) -> None:
    """While the first mail of the newest issue is under way one comes and one goes."""
    link = world.link(world.asked("newt"))
    leave = world.link(world.issue("last"), "leave")
    seen = list[tuple[str, int]]()

    def meanwhile(address: str) -> None:
        answers = world.visitor.client.post(link), as_gmail(leave)
        seen.extend((address, answer.status_code) for answer in answers)

    world.office.at = meanwhile
    world.send(NEWEST)
    world.rest()
    assert [status for _, status in seen] == [200, 200]
    assert seen[0][0] not in ("newt@lab.example", "last@lab.example")
    assert world.weeks("newt") == [NEWEST]
    assert NEWEST not in world.weeks("last")
    assert NEWEST in world.weeks("first")


# ---------------------------------------------------------------- scanners


@pytest.fixture(scope="module")
def links(world: World) -> set[str]:
    """Every link to the paper in one mail of each kind; all mails are out."""
    digest = world.issue("scanned")
    asked = world.asked("scanner")
    world.visitor.subscribe("twin@lab.example")
    known = world.notice("twin")
    moving = world.link(world.issue("moira"), "preferences")
    world.visitor.get(moving).press("move", address="moira.new@lab.example")
    move = world.notice("moira.new")
    world.rest()
    found = {link for mail in (digest, asked, known, move) for link in mail.links()}
    ours = {link for link in found if link.startswith(world.paper.url)}
    pages = [link.removeprefix(world.paper.url).split("/")[0] for link in ours]
    assert {page: pages.count(page) for page in ("confirm", "leave", "preferences")} == {
        "confirm": 2, "leave": 1, "preferences": 2,
    }  # fmt: skip
    return ours


def test_asking_for_links_changes_nothing(world: World, links: set[str]) -> None:
    """HEAD, GET, a GET in the place of the form, what pages name beside: all stays as it is."""
    before = world.paper.dump()
    asked = scan(links)
    world.rest()
    assert world.paper.dump() == before
    assert {f"HEAD {link}" for link in links} < {line for line, _ in asked}
    assert [line for line, status in asked if status != 200] == []


@pytest.mark.browser
def test_a_browser_that_runs_scripts_changes_nothing(
    world: World, links: set[str], browser: Browser
) -> None:
    """It opens every link, runs what stands there, and looks at every part of the page."""
    before = world.paper.dump()
    context = browser.new_context()
    for link in sorted(links):
        page = context.new_page()
        answer = page.goto(link, wait_until="networkidle")
        assert answer
        assert answer.status == 200
        page.mouse.wheel(0, 10_000)
        page.keyboard.press("Tab")
    context.close()
    world.rest()
    assert world.paper.dump() == before


def test_pressing_is_what_changes_something(world: World, links: set[str]) -> None:
    """The same links act as soon as somebody presses: what was compared above does tell."""
    (leave,) = (link for link in links if "/leave/" in link)
    before = world.paper.dump()
    assert as_gmail(leave).status_code == 200
    assert world.paper.dump() != before
