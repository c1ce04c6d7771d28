"""`/mails/`: the mails of a demonstration, which lie in a folder, for a person at this machine.

It shows addresses and links that act for their readers, so it answers a browser of this machine
alone, and only where no mail goes anywhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sundaypaper.web.clients import is_forwarded, is_loopback
from sundaypaper.web.surroundings import Surroundings
from sundaypaper.web.told import Pages

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,120}")
SHOWN = 100  # mails of the list
HERE = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
# A mail has its own style, runs nothing, and its links open in the whole window once one is clicked.
SANDBOX = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-top-navigation-by-user-activation allow-popups"
)
FRAMING = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A mail of the list: the name of its file, and what its head says."""

    name: str
    subject: str
    to: str
    date: str


class MailsPage:
    """Lists the mails of the folder, newest first, and shows one."""

    def __init__(self, here: Surroundings, pages: Pages, folder: Path) -> None:
        self.here, self.pages, self.folder = here, pages, folder

    def list(self, request: Request) -> Response:
        """All mails, newest first."""
        self._admit(request)
        files = sorted(self.folder.glob("*.eml"), key=_written, reverse=True)
        lines = [_line(file) for file in files[:SHOWN]]
        page = self.pages.now.page("mails.html", mails=lines, folder=str(self.folder))
        return HTMLResponse(page)

    def show(self, request: Request) -> Response:
        """One mail: its head, how it looks, and its text part."""
        file = self._file(request)
        text = _part(_read(file), "plain")
        page = self.pages.now.page("letter.html", mail=_line(file), text=text)
        return HTMLResponse(page, headers={"content-security-policy": FRAMING})

    def body(self, request: Request) -> Response:
        """The HTML part of one mail, for the frame of its page."""
        html = _part(_read(self._file(request)), "html")
        html = HEAD.sub(lambda head: f'{head[0]}<base target="_top">', html, count=1)
        headers = {"content-security-policy": SANDBOX, "x-frame-options": "SAMEORIGIN"}
        return HTMLResponse(html, headers=headers)

    def sheet(self, _: Request) -> Response:
        """How the frame looks."""
        return Response(self.pages.now.sheet("letter.css"), media_type="text/css")

    def _admit(self, request: Request) -> None:
        """404 for whoever does not sit at this machine, and where mails go to people by now."""
        host = request.headers.get("host", "")
        near = request.client is not None and is_loopback(request.client.host)
        elsewhere = is_forwarded(request.scope) or not HERE.fullmatch(host)
        if not near or elsewhere or self.here.config().delivery is not None:
            raise HTTPException(404)

    def _file(self, request: Request) -> Path:
        self._admit(request)
        name = request.path_params["name"]
        file = self.folder / f"{name}.eml"
        if not NAME.fullmatch(name) or file.is_symlink() or not file.is_file():
            raise HTTPException(404)
        return file


def routes(here: Surroundings, pages: Pages) -> list[Route]:
    """The routes of the demonstration's mails; none where they are not to be shown."""
    if not here.show_mails or here.mails is None:
        return []
    page = MailsPage(here, pages, here.mails)
    return [
        Route("/mails/", page.list),
        Route("/mails/letter.css", page.sheet),
        Route("/mails/{name}", page.show),
        Route("/mails/{name}/html", page.body),
    ]


def _written(file: Path) -> tuple[int, str]:
    try:
        return file.stat().st_mtime_ns, file.name
    except FileNotFoundError:
        return 0, file.name


def _read(file: Path) -> EmailMessage:
    try:
        message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    except FileNotFoundError:
        raise HTTPException(404) from None
    assert isinstance(message, EmailMessage)
    return message


def _line(file: Path) -> Line:
    mail = _read(file)
    return Line(file.stem, *(str(mail.get(name, "")) for name in ("subject", "to", "date")))


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
