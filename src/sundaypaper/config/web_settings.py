"""Forms of the keys web and hooks of feeds.yaml; secrets only by variable name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Self

from pydantic import model_validator

from sundaypaper.forms import Form, key
from sundaypaper.forms import mail as m
from sundaypaper.forms import watching as f
from sundaypaper.forms import web as w
from sundaypaper.models import HookEvent

EVENTS: tuple[HookEvent, ...] = ("subscribed", "printed")


@dataclass(frozen=True, slots=True)
class LimitsEntry(Form):
    """How many sign-ups are taken before a person is asked to come again later."""

    network: Annotated[
        w.Limit,
        key(
            "the most sign-ups from one network (IPv4 /24, IPv6 /56): a number and second, minute, hour "
            "or day, several joined by “;”"
        ),
    ] = "20/hour; 100/day"
    domain: Annotated[w.Limit, key("the most sign-ups for addresses of one mail domain")] = (
        "300/hour"
    )


@dataclass(frozen=True, slots=True)
class WebEntry(Form):
    """How `sundaypaper serve` meets its readers."""

    proxies: Annotated[
        tuple[w.Proxy, ...],
        key(
            "the proxies in front of it, as IPs or networks: what they say of a reader's address is "
            "believed, and nobody else's word"
        ),
    ] = ()
    limits: Annotated[
        LimitsEntry, key("how many sign-ups are taken before a person is asked to come again later")
    ] = field(default_factory=LimitsEntry)
    metrics: Annotated[
        f.Metrics,
        key(
            "who may see the figures at /metrics, asked directly and through no proxy: true for this "
            "machine, or the IPs and networks of those who may (docs/watching.md)"
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class HooksEntry(Form):
    """Whom to call when something happened (docs/hooks.md)."""

    subscribed: Annotated[
        w.OptionalUrl, key("the address to call when somebody confirmed their sign-up")
    ] = ""
    printed: Annotated[
        w.OptionalUrl, key("the address to call when an issue was printed for good")
    ] = ""
    secret: Annotated[
        m.Variable | None,
        key("where the secret is that signs the calls: env:NAME_OF_A_VARIABLE, never itself"),
    ] = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not any(map(self.url, EVENTS)):
            raise ValueError(
                "hooks names nobody to call: give it subscribed or printed, an address each"
            )
        if self.secret is None:
            raise ValueError(
                "hooks needs a secret, by which the calls are signed: secret: env:NAME of the variable "
                "that holds it (docs/hooks.md)"
            )
        return self

    def url(self, event: HookEvent) -> str:
        """The address to call for an event; empty where nobody is called."""
        return self.subscribed if event == "subscribed" else self.printed
