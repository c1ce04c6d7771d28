"""Papers that send no mail of their own: into a folder, and to a mailing list."""

from __future__ import annotations

import re
from pathlib import Path

from web_visiting import Visitor
from web_world import SMTP, Mail, Paper, copied, mails, scripted_office, until


def test_without_delivery_the_mails_lie_in_a_folder(demo: Path, tmp_path: Path) -> None:
    """The page says so, and where; the whole way can be gone by hand."""
    paper = Paper(copied(demo, tmp_path / "paper"))
    with paper.serving(), Visitor(paper.url) as visitor:
        page = visitor.subscribe("fay@lab.example", topic="vision")
        assert page.heading == "Check your mail"
        assert "no mail leaves this machine" in page.text
        folder = Path(page.tree.xpath("string(//main//code)"))
        folder = folder if folder.is_absolute() else paper.root / folder
        link = only(folder, 1)[0].link(f"{paper.url}confirm/")
        assert visitor.press(link).heading == "You are subscribed"
        welcome = next(
            mail for mail in only(folder, 2) if f"{paper.url}leave/" in str(mail.links())
        )
        assert "2511.16719" in welcome.papers()


def only(folder: Path, count: int) -> list[Mail]:
    """The mails of a folder, as soon as there are so many."""
    until(lambda: len(list(folder.rglob("*.eml"))) >= count, lambda: str(folder))
    return [Mail(file.read_bytes()) for file in sorted(folder.rglob("*.eml"))]


def test_a_mailing_list_takes_its_members_itself(demo: Path, tmp_path: Path) -> None:
    """No form here, no sign-up by force, and no link in its mail by which one member ends it for all."""
    with scripted_office() as office:
        kind = SMTP.format(port=office.port).replace(
            "kind: smtp", "kind: list\n  to: list@lab.example"
        )
        paper = Paper(copied(demo, tmp_path / "paper"), kind)
        with paper.serving(), Visitor(paper.url) as visitor:
            page = visitor.get("subscribe/")
            assert page.status == 200
            assert page.tree.xpath("//input[@name='address']") == []
            forced = visitor.client.post(
                f"{paper.url}subscribe/", data={"address": "x@lab.example"}
            )
            assert forced.status_code in (403, 404, 405)
            paper.run("send")
            mail = mails(office, "list")[0]
            assert mail.message["List-Unsubscribe-Post"] is None
            assert not re.search("/(leave|preferences)/", mail.raw.decode())
            assert office.raw("x") == []
