"""What is laid beside a paper so that it runs: units, a crontab, a container, a proxy, a workflow.

The sources lie in data/deploy, a folder a kind, with words such as @ROOT@ where a place differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from urllib.parse import urlsplit

from sundaypaper.errors import BuildError
from sundaypaper.models import PrintTime

WORD = re.compile(r"@([A-Z_]+)@")
# Units, crontabs, shells and proxies each read other characters in a way of their own.
PLAIN = re.compile(r"[\w./+=,-]+")
USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
# The manager of a user knows neither the network nor the target of a whole system.
VARIANTS = {
    "system": {
        "TARGET": "multi-user.target",
        "ONLINE": "Wants=network-online.target\nAfter=network-online.target",
    },
    "user": {
        "TARGET": "default.target",
        "ONLINE": "# There is no target of the network here: what fails is tried again.",
    },
}
HOMES = ("/home/", "/root/")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paper runs: its folder, how sundaypaper is called there, and as whom.

    base_url may be "" where nothing of a kind needs it. timezone and print_at are those of feeds.yaml.
    """

    root: str
    command: str
    user: str
    base_url: str
    timezone: str
    print_at: PrintTime


@dataclass(frozen=True, slots=True)
class DeployKind:
    """A way to run: what it is, and whether its files name the address of the paper."""

    about: str
    addressed: bool = False


KINDS: Mapping[str, DeployKind] = MappingProxyType(
    {
        "systemd": DeployKind("units and timers, of the system or of one user"),
        "cron": DeployKind("a crontab"),
    }
)


def deployment_files(kind: str, place: Place) -> Mapping[str, bytes]:
    """The files of a kind, by their path below a folder of one's own.

    BuildError where there is no such kind, or a place cannot be written in its files.
    """
    if kind not in KINDS:
        raise BuildError(f"there is no way to run named {kind!r}; there are {', '.join(KINDS)}")
    _check(place, KINDS[kind])
    files = dict(_below(resources.files("sundaypaper") / "data" / "deploy" / kind))
    values = _values(place)
    made = _units(files) if kind == "systemd" else files
    return {name: _filled(text, values).encode() for name, text in made.items()}


def _units(files: Mapping[str, str]) -> dict[str, str]:
    """Each unit twice: for the system's manager, and for that of one user, which can bar less."""
    made = {"README.md": files["README.md"]}
    for variant, words in VARIANTS.items():
        held = words | {"HARDENED": files[f"hardened.{variant}"].rstrip()}
        for name, text in files.items():
            if name.startswith("units/"):
                made[name.replace("units", variant, 1)] = _filled(text, held)
    return made


def _below(folder: Traversable, path: str = "") -> Iterator[tuple[str, str]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _below(item, f"{path}{item.name}/")
        else:
            yield f"{path}{item.name}", item.read_text(encoding="utf-8")


def _filled(text: str, values: Mapping[str, str]) -> str:
    return WORD.sub(lambda found: values.get(found[1], found[0]), text)


def _check(place: Place, kind: DeployKind) -> None:
    """Raise BuildError where a value would be read as something else in a unit or a crontab."""
    for what, value in (("the folder", place.root), *(("the command", w) for w in place.command.split())):  # fmt: skip
        if not PLAIN.fullmatch(value):
            raise BuildError(
                f"{what} {value!r} has characters that units and crontabs read in their own way; use a "
                "path of letters, digits and . _ - + = , only"
            )
    if not place.root.startswith("/") or "/../" in f"{place.root}/":
        raise BuildError(f"the folder {place.root!r} must be a whole path, from / on")
    if not place.command.startswith("/"):
        raise BuildError(
            f"the command {place.command!r} must be a whole path, from / on, since what starts it looks "
            "nowhere else; `command -v sundaypaper` tells it"
        )
    if not USER.fullmatch(place.user):
        raise BuildError(f"{place.user!r} is no name of a user of the system")
    if kind.addressed or place.base_url:
        _check_address(place.base_url)


def _check_address(base_url: str) -> None:
    parts = urlsplit(base_url)
    host = PLAIN.fullmatch(parts.hostname or "")
    if parts.scheme not in ("http", "https") or not host or not re.fullmatch(r"[\w./~-]*", parts.path):  # fmt: skip
        raise BuildError(
            f"base_url {base_url!r} is no address that a proxy or a workflow can be told; name one such "
            "as https://paper.example.org/ in feeds.yaml"
        )


def _values(place: Place) -> dict[str, str]:
    """What the words of the files stand for in a place."""
    at_home = any(f"{path}/".startswith(HOMES) for path in (place.root, place.command))
    return {
        "ROOT": place.root.rstrip("/"),
        "COMMAND": place.command,
        "USER": place.user,
        "BASE_URL": place.base_url,
        "HOST": urlsplit(place.base_url).hostname or "",
        "TIMEZONE": place.timezone,
        "PROTECT_HOME": "read-only" if at_home else "yes",
        "MINUTE": str(drawn(place.base_url or place.root, 60)),
    }


def drawn(name: str, below: int, purpose: str = "minute") -> int:
    """A number from 0 on that a paper keeps, so that not all of them ask at once."""
    return int.from_bytes(sha256(f"{purpose}:{name}".encode()).digest()[:8]) % below
