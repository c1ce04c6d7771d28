"""Tell a service elsewhere that a run went well; it tells its owner where none did.

Such services (healthchecks.io, Uptime Kuma's push monitors, Dead Man's Snitch) agree on one thing: a
GET of an address that only its owner knows says that all is well, and silence says that it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sundaypaper.errors import FetchError
from sundaypaper.net import Net

PATIENCE, MOST = 10.0, 65_536
ENV = "env:"
UNSAID = "the service of `healthcheck` was not told that this run went well: {}"
# What is wrong in words of ours: the address is a secret, and may stand in those of a FetchError.
REASONS: Mapping[str, str] = {
    "address": "its address is refused; a private address or an unusual port needs `network: {allow_private: true}`",
    "redirect": "it leads elsewhere; name the address to which it leads",
    "slow": "it did not answer within 10 seconds",
    "unreachable": "it cannot be reached",
}


def address_of(named: str, environ: Mapping[str, str]) -> str:
    """The address to ask: as feeds.yaml has it, or what its variable holds; "" for none."""
    if not named.startswith(ENV):
        return named
    return environ.get(named.removeprefix(ENV), "").strip()


def ping(url: str, net: Net, well: bool, told: Callable[[str], None]) -> bool:
    """Ask the address after a run that went well; whether it took it. It raises nothing.

    Where it did not go well nobody is asked: that is what such a service waits for. told hears a line
    about what failed, without the address.
    """
    if not well:
        return False
    try:
        status = net.get(url, limit=MOST, deadline=PATIENCE).status
    except FetchError as bad:
        told(UNSAID.format(REASONS.get(bad.reason, f"its answer was of no use ({bad.reason})")))
        return False
    if not 200 <= status < 300:
        told(UNSAID.format(f"it answered {status}"))
        return False
    return True


def once(tell: Callable[[str], None]) -> Callable[[str], None]:
    """Tell each line once, for whoever pings in rounds."""
    said = set[str]()

    def told(line: str) -> None:
        if line not in said:
            said.add(line)
            tell(line)

    return told
