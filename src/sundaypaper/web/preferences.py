"""`/preferences/…`: the link to one's choices. What a form there asks is done by a POST alone."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sundaypaper.errors import DeliveryError
from sundaypaper.models import Subscriber
from sundaypaper.pipeline import subscriptions
from sundaypaper.pipeline.reader_pages import ReaderPages
from sundaypaper.pipeline.subscriptions import LONGEST_PAUSE, Membership
from sundaypaper.pipeline.wishes import Choices
from sundaypaper.web.clients import network_of
from sundaypaper.web.forms import Fields, Mistake, chosen, read_fields
from sundaypaper.web.limiting import Over
from sundaypaper.web.origins import is_foreign
from sundaypaper.web.reception import Kept, Reception
from sundaypaper.web.refusing import or_busy, own_place, too_many
from sundaypaper.web.trying import Try, tried

WEEKS = ("2", "4", "8")
COPY = "my-subscription.json"

Note = Literal["", "saved", "paused", "resumed"]


@dataclass(frozen=True, slots=True)
class PreferencesForm:
    """The page as it is shown: what is chosen, what was done, what is wrong, what a try found."""

    choices: Choices = field(default_factory=Choices)
    empty: Literal["say", "skip"] = "say"
    note: Note = ""
    address: str = ""
    until: str = ""
    mistakes: tuple[Mistake, ...] = ()
    attempt: Try | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a reader who showed the link to their choices."""

    request: Request
    pages: ReaderPages
    membership: Membership
    fields: Fields = field(default_factory=lambda: Fields({}))

    @property
    def subscriber(self) -> Subscriber:
        """Who it is."""
        return self.membership.subscriber


def routes(reception: Reception) -> list[Route]:
    """The page, and what is kept about a reader as a file."""
    page = Preferences(reception)
    place = "/preferences/{token}"
    return [
        *(
            Route(path, or_busy(reception, page.answer), methods=["GET", "POST"])
            for path in (place, f"{place}/")
        ),
        Route(f"{place}/export", or_busy(reception, page.export)),
    ]


@dataclass(frozen=True, slots=True)
class Preferences:
    """What readers choose, and everything else they may do about their subscription."""

    reception: Reception

    async def answer(self, request: Request) -> Response:
        """The page, or what one of its buttons asks for."""
        visit = await self.visit(request)
        if visit is None:
            return await self.reception.unknown(request)
        if request.method != "POST":
            return await self.shown(visit, kept_form(visit))
        place = own_place(request)
        if is_foreign(request, self.reception.here.base_url):
            return await self.reception.page(request, "reader/elsewhere.html", 403, form=place)
        fields = await read_fields(request)
        act = None if fields is None else self._acts().get(fields.one("do"))
        if fields is None or act is None:
            return await self.reception.page(request, "reader/unreadable.html", 400, form=place)
        if visit.membership.state != "receiving" and act not in (self._leave, self._erase):
            return await self.shown(visit, kept_form(visit), 409)  # the form is of another time
        try:
            return await act(replace(visit, fields=fields))
        except DeliveryError:  # erased meanwhile
            return await self.reception.unknown(request)

    async def visit(self, request: Request) -> Visit | None:
        """Whose link was shown; None for one that leads nowhere."""
        token, pages = request.path_params["token"], await self.reception.answers.pages()
        membership = await self.reception.workers.call(
            lambda kept: subscriptions.by_preferences(kept.readers, token)
        )
        return Visit(request, pages, membership) if membership else None

    def _acts(self) -> Mapping[str, Callable[[Visit], Awaitable[Response]]]:
        """What the buttons do; who gets no mail any more can only leave, again, or be erased."""
        return {
            "save": self._save,
            "try": self._try,
            "pause": self._pause,
            "resume": self._resume,
            "move": self._move,
            "leave": self._leave,
            "erase": self._erase,
        }

    async def shown(self, visit: Visit, form: PreferencesForm, status: int = 200) -> Response:
        """The page with its forms; its status is 422 where they hold mistakes."""
        today = self.reception.here.now().date()
        subscriber = visit.subscriber
        paused = date.fromisoformat(subscriber.paused) if subscriber.paused else None
        return await self.reception.page(
            visit.request,
            "reader/preferences.html",
            422 if form.mistakes else status,
            form=form,
            address=subscriptions.masked(subscriber.address),
            preferences=link_of(subscriber),
            offered=visit.pages.offered,
            state=visit.membership.state,
            paused=paused if paused and paused >= today else None,
            weeks=WEEKS,
            soonest=today + timedelta(days=1),
            latest=today + LONGEST_PAUSE,
            next=visit.pages.next_issue(self.reception.here.now()),
        )

    # ------------------------------------------------------------ what the buttons do

    async def _save(self, visit: Visit) -> Response:
        form, here = await self._read(visit), self.reception.here
        if form.mistakes:
            return await self.shown(visit, form)
        wish = visit.pages.wishes.chosen(form.choices)
        await self.reception.workers.call(
            lambda kept: subscriptions.change(
                kept.readers, visit.subscriber.id, wish, form.empty, here.now()
            )
        )
        return await self._again(visit, "saved")

    async def _try(self, visit: Visit) -> Response:
        form = await self._read(visit)
        if not form.mistakes:
            attempt = await tried(self.reception.finder, visit.pages.wishes, form.choices)
            form = replace(form, attempt=attempt)
        return await self.shown(visit, form)

    async def _read(self, visit: Visit) -> PreferencesForm:
        asked = await run_in_threadpool(chosen, visit.fields, visit.pages.wishes)
        return PreferencesForm(asked.choices, asked.empty, mistakes=asked.mistakes)

    async def _pause(self, visit: Visit) -> Response:
        here, network = self.reception.here, network_of(visit.request)
        if visit.fields.one("weeks") and visit.fields.one("until").strip():
            return await self._no_pause(visit, "both")
        until = self._until(visit.fields, here.now().date())
        if not until:
            return await self._no_pause(visit)
        paused = await self.reception.workers.call(
            lambda kept: subscriptions.pause(
                kept.readers, visit.subscriber.id, until, network, here.now()
            )
        )
        return await self._again(visit, "paused") if paused else await self._no_pause(visit)

    async def _no_pause(self, visit: Visit, kind: str = "slip") -> Response:
        wrong = (Mistake("until", kind),)
        form = kept_form(visit, until=visit.fields.one("until"))
        return await self.shown(visit, replace(form, mistakes=wrong))

    def _until(self, fields: Fields, today: date) -> date | None:
        """The last day of a pause as the form says it; None where it says none."""
        weeks, until = fields.one("weeks"), fields.one("until").strip()
        if weeks in WEEKS:
            return today + timedelta(weeks=int(weeks))
        try:
            return date.fromisoformat(until)
        except ValueError:
            return None

    async def _resume(self, visit: Visit) -> Response:
        here = self.reception.here
        await self.reception.workers.call(
            lambda kept: subscriptions.resume(kept.readers, visit.subscriber.id, here.now())
        )
        return await self._again(visit, "resumed")

    async def _move(self, visit: Visit) -> Response:
        address = visit.fields.one("address").strip()
        wrong = [mistake for mistake in visit.fields.mistakes if mistake.field == "address"]
        if slip := subscriptions.address_slip(address):
            wrong.append(Mistake("address", slip))
        if wrong:
            form = replace(kept_form(visit), address=address, mistakes=tuple(wrong[:1]))
            return await self.shown(visit, form)
        here, network = self.reception.here, network_of(visit.request)
        limits = visit.pages.config.web.limits

        def ask(kept: Kept) -> Over | None:
            domain = subscriptions.domain_of(address)
            over = kept.limits.count(limits, network, domain)
            if over is None:
                who = visit.subscriber.id
                subscriptions.ask_move(kept.readers, who, address, network, here.now())
            return over

        if over := await self.reception.workers.call(ask):
            return await too_many(self.reception, visit.request, over, link_of(visit.subscriber))
        self.reception.wake()
        return await self._done(visit, "reader/moving.html", address=address)

    async def _leave(self, visit: Visit) -> Response:
        here, token = self.reception.here, visit.subscriber.token
        await self.reception.workers.call(
            lambda kept: subscriptions.leave(
                kept.readers, token, "the page preferences/", here.now()
            )
        )
        return await self._done(visit, "reader/left.html")

    async def _erase(self, visit: Visit) -> Response:
        if visit.fields.one("sure") != "yes":
            return await self._done(visit, "reader/erase.html")
        here = self.reception.here
        whole = await self.reception.workers.call(
            lambda kept: subscriptions.erase(kept.readers, visit.subscriber, here.now())
        )
        if not whole:
            here.say("! a reader was erased while others held readers.db: run `erase` once more")
        return await self._done(visit, "reader/erased.html", whole=whole)

    async def _done(self, visit: Visit, template: str, **values: object) -> Response:
        """A page that says what was done, with a way on."""
        values = {"address": subscriptions.masked(visit.subscriber.address)} | values
        link = link_of(visit.subscriber)
        return await self.reception.page(visit.request, template, 200, preferences=link, **values)

    async def _again(self, visit: Visit, note: Note) -> Response:
        """The page as it is after something was done."""
        now = await self.visit(visit.request)
        if now is None:  # erased meanwhile
            return await self.reception.unknown(visit.request)
        return await self.shown(now, replace(kept_form(now), note=note))

    # ------------------------------------------------------------ what is kept

    async def export(self, request: Request) -> Response:
        """All that is kept about a reader, as a file of JSON."""
        visit = await self.visit(request)
        if visit is None:
            return await self.reception.unknown(request)
        kept = await self.reception.workers.call(
            lambda kept: subscriptions.export(kept.readers, visit.subscriber)
        )
        text = json.dumps(kept, indent=2, ensure_ascii=False) + "\n"
        headers = {"content-disposition": f'attachment; filename="{COPY}"'}
        return Response(text, media_type="application/json", headers=headers)


def kept_form(visit: Visit, until: str = "") -> PreferencesForm:
    """The forms as what is kept fills them."""
    who = visit.subscriber
    wish = visit.pages.wishes.kept(who.filter, who.edition)
    return PreferencesForm(wish.choices, who.empty, until=until)


def link_of(subscriber: Subscriber) -> str:
    """The place of a subscriber's page, from the root."""
    return f"preferences/{subscriber.preferences}"
