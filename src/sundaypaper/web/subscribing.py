"""`/subscribe/` and `/confirm/…`: somebody asks for the mail, and its owner confirms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sundaypaper.pipeline import subscriptions
from sundaypaper.pipeline.reader_pages import ReaderPages
from sundaypaper.pipeline.subscriptions import Confirmation, SignUp
from sundaypaper.pipeline.wishes import Choices
from sundaypaper.web.clients import network_of
from sundaypaper.web.forms import Fields, Mistake, chosen, read_fields
from sundaypaper.web.limiting import Over
from sundaypaper.web.origins import is_foreign
from sundaypaper.web.reception import Kept, Reception
from sundaypaper.web.refusing import or_busy, own_place, too_many
from sundaypaper.web.stamps import Stamps
from sundaypaper.web.trying import Try, tried

FORM = "subscribe/index.html"
BOTH = ["GET", "POST"]
STATES = {"again": 200, "expired": 410}


@dataclass(frozen=True, slots=True)
class SignUpForm:
    """The form of subscribe/ as it is shown: what was typed, what is wrong, what a try found."""

    stamp: str
    address: str = ""
    choices: Choices = field(default_factory=Choices)
    empty: Literal["say", "skip"] = "say"
    mistakes: tuple[Mistake, ...] = ()
    attempt: Try | None = None


def routes(reception: Reception) -> list[Route]:
    """The form, and the link of the mail that asks to confirm."""
    form, link = _Form(reception), _Link(reception)
    return [
        *(
            Route(path, or_busy(reception, form.answer), methods=BOTH)
            for path in ("/subscribe", "/subscribe/", "/subscribe/index.html")
        ),
        *(
            Route(path, or_busy(reception, link.answer), methods=BOTH)
            for path in ("/confirm/{token}", "/confirm/{token}/")
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Form:
    """The page subscribe/."""

    reception: Reception

    async def answer(self, request: Request) -> Response:
        pages = await self.reception.answers.pages()
        if not pages.takes_sign_ups:
            return await self._shown(request, pages, 403 if request.method == "POST" else 200)
        if request.method != "POST":
            return await self._shown(request, pages, form=SignUpForm(await self._stamp()))
        if is_foreign(request, self.reception.here.base_url):
            return await self.reception.page(request, "reader/elsewhere.html", 403, form=FORM)
        fields = await read_fields(request)
        if fields is None:
            return await self.reception.page(request, "reader/unreadable.html", 400, form=FORM)
        return await self._received(request, pages, fields)

    async def _received(self, request: Request, pages: ReaderPages, fields: Fields) -> Response:
        is_try = fields.one("do") == "try"
        stamps = await self.reception.stamps()
        form = await run_in_threadpool(self._read, pages, fields, stamps, is_try)
        if any(fields.values.get("website", ())):  # no person sees this field
            return await self._taken(request, form.address)
        if form.mistakes:
            return await self._shown(request, pages, 422, form=form)
        if is_try:
            attempt = await tried(self.reception.finder, pages.wishes, form.choices)
            shown = SignUpForm(form.stamp, form.address, form.choices, form.empty, (), attempt)
            return await self._shown(request, pages, form=shown)
        if over := await self._asked(request, pages, form):
            return await too_many(self.reception, request, over, FORM)
        self.reception.wake()
        return await self._taken(request, form.address)

    def _read(self, pages: ReaderPages, fields: Fields, stamps: Stamps, is_try: bool) -> SignUpForm:
        """The form as it was sent, with all that is wrong; a try needs neither address nor time."""
        address, stamp = fields.one("address").strip(), fields.one("stamp")
        asked = chosen(fields, pages.wishes)
        now = self.reception.here.now()
        verdict = stamps.verdict(stamp, now)
        mistakes = [m for m in asked.mistakes if not is_try or m.field != "address"]
        slip = subscriptions.address_slip(address)
        if slip and not is_try and not any(m.field == "address" for m in mistakes):
            mistakes.insert(0, Mistake("address", slip))
        if verdict and not is_try:
            mistakes.append(Mistake("stamp", verdict))
        # A form that was only too fast, or has a slip, grows older; any other begins anew.
        kept = stamp if verdict != "stale" else stamps.made(now)
        return SignUpForm(kept, address, asked.choices, asked.empty, tuple(mistakes))

    async def _asked(self, request: Request, pages: ReaderPages, form: SignUpForm) -> Over | None:
        """Note the sign-up, the same work for every address; which limit it goes over, if any."""
        here, wish = self.reception.here, pages.wishes.chosen(form.choices)
        limits, network = pages.config.web.limits, network_of(request)
        sign_up = SignUp(form.address, wish.filter, wish.edition, form.empty, network)

        def ask(kept: Kept) -> Over | None:
            domain = subscriptions.domain_of(form.address)
            over = kept.limits.count(limits, network, domain)
            if over is None:
                subscriptions.ask(kept.readers, sign_up, here.now())
            return over

        return await self.reception.workers.call(ask)

    async def _shown(
        self, request: Request, pages: ReaderPages, status: int = 200, **values: object
    ) -> Response:
        """subscribe/ with the form, or without one where nobody can sign up here."""
        shown = {"venues": pages.venues, "weeks": pages.has_issue, "offered": pages.offered}
        return await self.reception.page(request, "subscribe.html", status, **shown, **values)

    async def _taken(self, request: Request, address: str) -> Response:
        return await self.reception.page(request, "reader/sent.html", address=address)

    async def _stamp(self) -> str:
        return (await self.reception.stamps()).made(self.reception.here.now())


@dataclass(frozen=True, slots=True)
class _Link:
    """The link of a confirmation mail: a page with a button, which alone confirms."""

    reception: Reception

    async def answer(self, request: Request) -> Response:
        reception, token = self.reception, request.path_params["token"]
        pages, now = await reception.answers.pages(), reception.here.now()
        if request.method != "POST":
            found = await reception.workers.call(
                lambda k: subscriptions.look(k.readers, token, now)
            )
            return await self._told(request, pages, found)
        if is_foreign(request, reception.here.base_url):
            return await reception.page(
                request, "reader/elsewhere.html", 403, form=own_place(request)
            )
        network, newest = network_of(request), pages.newest
        found = await reception.workers.call(
            lambda k: subscriptions.confirm(
                k.readers, token, network, now, newest, reception.here.base_url
            )
        )
        if found.state in ("confirmed", "moved"):
            reception.wake()
        return await self._told(request, pages, found)

    async def _told(self, request: Request, pages: ReaderPages, found: Confirmation) -> Response:
        reception, sign_up = self.reception, found.sign_up
        if found.state in STATES:
            return await reception.page(
                request, f"reader/{found.state}.html", STATES[found.state], kind=found.kind
            )
        if sign_up is None:
            return await reception.unknown(request)
        wish = pages.wishes.kept(sign_up.filter, sign_up.edition)
        shown = {
            "address": sign_up.address,
            "kind": found.kind,
            "wish": wish,
            "empty": sign_up.empty,
            "newest": pages.newest,
        }
        if found.state == "open" or found.subscriber is None:
            return await reception.page(request, "reader/confirm.html", 200, **shown)
        link = f"preferences/{found.subscriber.preferences}"
        coming = pages.next_issue(reception.here.now())
        return await reception.page(
            request,
            "reader/moved.html" if found.state == "moved" else "reader/confirmed.html",
            200,
            **shown,
            preferences=link,
            next=coming,
        )
