"""Resolving a host, and which IPs may be dialled: public ones only, judged after resolving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from sundaypaper.errors import FetchError

Resolve = Callable[..., Sequence[tuple[Any, Any, Any, Any, Any]]]

PORTS = frozenset({80, 443, 8080, 8443})
# What older versions of ipaddress call global: protocol assignments, the 6to4 relays, AS112.
NOT_PUBLIC_4 = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("192.31.196.0/24"),
    IPv4Network("192.52.193.0/24"),
    IPv4Network("192.175.48.0/24"),
)
GLOBAL_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = (
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2620:4f:8000::/48"),
    IPv6Network("3fff::/20"),
)
NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP is one of the public internet; an IPv4 inside an IPv6 is judged as itself."""
    try:
        ip = unwrap(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or "%" in address:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in net for net in NOT_PUBLIC_4)
    return ip in GLOBAL_6 and not any(ip in net for net in NOT_PUBLIC_6)


def unwrap(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one carries (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def addresses(host: str, port: int, resolve: Resolve, allow_private: bool) -> tuple[str, ...]:
    """The IPs of a host, asked for once; FetchError when there is none or one is not public."""
    try:
        answers = resolve(host, port, 0, 1)  # any family, SOCK_STREAM
    except (OSError, UnicodeError) as e:
        raise FetchError(
            f"{host}: the name does not resolve. Is there a network, and is the address right?",
            reason="unreachable",
        ) from e
    ips = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not ips:
        raise FetchError(f"{host}: the name has no address.", reason="network")
    refused = [ip for ip in ips if not is_public(ip)]
    if refused and not allow_private:
        raise FetchError(
            f"{host}: refused, because it resolves to {refused[0]}, which is not a public address.",
            reason="address",
        )
    return ips
