"""What is laid beside a paper so that it runs: units, a crontab, a container, a proxy, a workflow.

The sources lie in data/deploy, a folder a kind, with words such as @ROOT@ where a place differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

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
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
SEASONS = (date(2026, 1, 12), date(2026, 7, 13))  # Mondays
AGAIN = (0, 3, 8)  # hours
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
        "compose": DeployKind("a container image, and a compose file that runs it"),
        "actions": DeployKind("a workflow of GitHub Actions that publishes to Pages", True),
        "nginx": DeployKind("nginx in front of `sundaypaper serve`", True),
        "caddy": DeployKind("Caddy in front of `sundaypaper serve`", True),
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
        **_runs(place),
    }


def _runs(place: Place) -> dict[str, str]:
    """When a host that knows UTC alone looks what is due: daily, and at the print time and after it."""
    name = place.base_url or place.root
    # At the full hour every host is busy.
    minute = 5 + drawn(name, 50)
    # arXiv announces at 00:00 or 01:00 UTC, and its API shows it some time later.
    hour = 3 + drawn(name, 4, "hour")
    prints = sorted({moment for first in _prints(place, minute) for moment in _again(first)})
    days: dict[int, list[int]] = {}
    for day, at in prints:
        days.setdefault(day, []).append(at)
    crons = [f"{minute} {','.join(map(str, hours))} * * {day}" for day, hours in days.items()]
    said = [f"{DAYS[day]} {', '.join(f'{at:02}:{minute:02}' for at in hours)}" for day, hours in days.items()]  # fmt: skip
    return {
        "DAILY": f"{minute} {hour} * * *",
        "DAILY_SAID": f"{hour:02}:{minute:02}",
        "PRINT_CRONS": "\n".join(f'    - cron: "{cron}"' for cron in crons),
        "PRINT_SAID": "; ".join(said),
    }


def _prints(place: Place, minute: int) -> Iterator[datetime]:
    """The first look at or after the print time, in a week of winter and in one of summer, in UTC."""
    for monday in SEASONS:
        day = monday + timedelta(days=place.print_at.weekday)
        local = datetime.combine(day, place.print_at.at, ZoneInfo(place.timezone))
        at = local.astimezone(UTC)
        yield at.replace(minute=minute) + timedelta(hours=int(minute < at.minute))


def _again(first: datetime) -> Iterator[tuple[int, int]]:
    """Day of the week, 0 for Sunday, and hour of a look and of those for what was not to be had."""
    for later in AGAIN:
        at = first + timedelta(hours=later)
        yield at.isoweekday() % 7, at.hour


def drawn(name: str, below: int, purpose: str = "minute") -> int:
    """A number from 0 on that a paper keeps, so that not all of them ask at once."""
    return int.from_bytes(sha256(f"{purpose}:{name}".encode()).digest()[:8]) % below
