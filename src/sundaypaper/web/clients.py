"""Who asks: the network of a client, and which proxies are believed about it."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

V4_BITS, V6_BITS = 24, 56
# An IPv4 address by which a tunnel or a translator has spelled it.
FORWARDING = (b"forwarded", b"via", b"x-real-ip")


def network_of(request: Request) -> str:
    """The network of whoever asks, such as 203.0.113.0/24 or 2001:db8:0:ab00::/56; "" where unknown.

    It says no more than whose network it is. Of a proxy that is believed it is what that says.
    """
    return network(request.client.host if request.client else "")


def network(host: str) -> str:
    """The network of an IP, "" where the text is none."""
    address = address_of(host)
    if address is None:
        return ""
    bits = V4_BITS if address.version == 4 else V6_BITS
    return str(ip_network((address.packed, bits), strict=False))


def is_loopback(host: str) -> bool:
    """Whether an IP, or localhost, is of this machine alone."""
    address = address_of(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def is_forwarded(scope: Scope) -> bool:
    """Whether a request says that somebody passed it on."""
    names = {name.lower() for name, _ in scope["headers"]}
    return any(name in FORWARDING or name.startswith(b"x-forwarded") for name in names)


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a text spells; None where it is none."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    # A socket for both families spells IPv4 so: one client, one network.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


class Forwarded:
    """Believes of a client what a proxy says of it, if it is one that feeds.yaml names, now.

    Without any nobody is believed, whatever a variable of the environment says.
    """

    def __init__(self, app: ASGIApp, proxies: Callable[[], tuple[str, ...]]) -> None:
        self.app, self.proxies = app, proxies
        self.believed: tuple[str, ...] = ()
        self.through: ASGIApp = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        believed = self.proxies()
        if believed != self.believed:
            self.believed = believed
            self.through = (
                ProxyHeadersMiddleware(self.app, list(believed))  # type: ignore[arg-type,assignment]
                if believed
                else self.app
            )
        await self.through(scope, receive, send)
