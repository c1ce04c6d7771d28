"""A paper of one's own begins: answers become a feeds.yaml, its schema, and templates to change.

All is checked before the first file is written, and no file that is there is touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import available_timezones

from sundaypaper import __version__, config, query, venues
from sundaypaper.config.writing import FeedsText
from sundaypaper.errors import BuildError, QueryError
from sundaypaper.models import SourceReport
from sundaypaper.plugins import nearest
from sundaypaper.text import fold

FEEDS, SCHEMA, TEMPLATES = "feeds.yaml", "feeds.schema.json", "templates"
EDITORS = f"# yaml-language-server: $schema={SCHEMA}\n#\n"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIME = re.compile(
    rf"({'|'.join(DAYS)})[a-z]*\.?,?\s+(?:at\s+)?([0-9]{{1,2}})(?:[:.]([0-9]{{2}}))?\s*(am|pm)?(?:\s+(\S.*))?",
    re.IGNORECASE,
)
# What tells a filter of one's own from the name of a topic.
FILTER = re.compile(r'["*():]|\b(?:OR|AND|NOT)\b')
OWN = "a filter of your own is written as `Birds: bird* OR wing*`"


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """A topic that the program does not have: its key, its name, and the filter that says what it is."""

    id: str
    name: str
    match: str


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of a paper: those of the program, by key, and one's own. None at all means all 24."""

    ids: tuple[str, ...] = ()
    own: tuple[OwnTopic, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """What a new paper is asked; "" and nothing leave what the default says.

    venues are keys. at is as in `print: {at: sun 08:00}`. publish is where the pages go.
    """

    title: str = ""
    topics: Topics = Topics()
    venues: tuple[str, ...] = ()
    at: str = ""
    timezone: str = ""
    publish: str = ""
    base_url: str = ""
    contact: str = ""


# ---------------------------------------------------------------- answers as people give them


def topics_meant(text: str) -> Topics:
    """The topics that a person names, with commas between; ValueError says what was not understood."""
    known = config.default_topics()
    by_name = {fold(word): topic.id for topic in known for word in (topic.name, topic.id)}
    ids: list[str] = []
    own: list[OwnTopic] = []
    for topic in known:  # a name may have a comma of its own
        if "," in topic.name:
            text = re.sub(re.escape(topic.name), topic.id, text, flags=re.IGNORECASE)
    for part in filter(None, map(str.strip, text.split(","))):
        if found := by_name.get(fold(part)):
            ids.append(found)
        elif FILTER.search(part):
            own.append(_own_topic(part, {topic.id for topic in known}))
        else:
            hint = nearest(part, tuple(name for t in known for name in (t.name, t.id)))
            raise ValueError(f"there is no topic “{part}”{hint or '; ' + OWN}")
    return Topics(tuple(dict.fromkeys(ids)), tuple(own))


def _own_topic(part: str, taken: set[str]) -> OwnTopic:
    name, colon, match = part.partition(": ")
    if not colon:
        name = match = part
    try:
        query.parse(match)
    except QueryError as bad:
        raise ValueError(f"“{match}” is no filter, {bad}; {OWN}") from None
    # A name may hold what belongs to a filter alone, where nobody gave one.
    words = " ".join(re.findall(r"[^\W_]+", fold(name)))
    id = re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:40].strip("-") or "mine"
    return OwnTopic(f"my-{id}"[:40] if id in taken else id, name if colon else words.capitalize(), match)  # fmt: skip


def venues_meant(text: str) -> tuple[str, ...]:
    """The keys of the venues that a person names, with commas between; ValueError as above."""
    known = venues.VENUES
    keys: list[str] = []
    for part in filter(None, map(str.strip, text.split(","))):
        found = venues.key_meant(part, known)
        if not found:
            hint = nearest(part, tuple(word for v in known for word in (v.title, v.key)))
            raise ValueError(
                f"there is no venue “{part}”{hint}{' ' if hint else '; '}`sundaypaper venues list` names all, and one that is new needs an entry in venues.own of feeds.yaml, afterwards"
            )
        keys.append(found)
    return tuple(dict.fromkeys(keys))


def time_meant(text: str) -> tuple[str, str]:
    """A day and time as feeds.yaml has them, and the zone that stands behind, "" for none; ValueError."""
    found = TIME.fullmatch(text.strip())
    hour = int(found[2]) if found else 24
    if found and found[4]:
        hour = hour % 12 + 12 * (found[4].lower() == "pm") if 1 <= hour <= 12 else 24
    minute = int(found[3] or 0) if found else 0
    if not found or hour > 23 or minute > 59:
        raise ValueError(
            f"expected a day and a time such as `sun 08:00` or `fri 17:30 Europe/Berlin`, found “{text}”"
        )
    return f"{found[1].lower()} {hour:02}:{minute:02}", zone_meant(found[5] or "")


def zone_meant(text: str) -> str:
    """A time zone in its own spelling, "" for nothing; ValueError where there is no such zone."""
    wanted = text.strip().replace(" ", "_")
    every = sorted(available_timezones())
    zones = {zone.rpartition("/")[2].lower(): zone for zone in every}  # a city stands for its zone
    zones |= {zone.lower(): zone for zone in every}
    if wanted and wanted.lower() not in zones:
        known = (*every, *(zone.rpartition("/")[2] for zone in every))
        raise ValueError(
            f"there is no time zone “{text}”{nearest(wanted, known) or '; expected one such as Europe/Berlin'}"
        )
    return zones.get(wanted.lower(), "")


# ---------------------------------------------------------------- the files


def feeds_text(answers: Answers, folder: Path) -> str:
    """The feeds.yaml of a new paper: the default with its comments, in which answers are changed.

    ConfigError where an answer is nothing that feeds.yaml may say.
    """
    feeds = FeedsText(EDITORS + config.default_text(), str(folder / FEEDS))
    feeds.set("made_with", __version__, after="format")
    for key in ("title", "base_url", "contact", "timezone"):
        if value := getattr(answers, key):
            feeds.set(key, value)
    if answers.at:
        feeds.set("print.at", answers.at)
    if answers.publish:
        feeds.set("publish", {"to": answers.publish}, after="timezone")
    if answers.venues:
        _name_venues(feeds, answers.venues)
    _choose_topics(feeds, answers.topics)
    config.read_text(feeds.text, folder / FEEDS)
    return feeds.text


def _name_venues(feeds: FeedsText, core: tuple[str, ...]) -> None:
    """Put venues into the innermost ring, and those that were there into the next one."""
    default = config.read_text(config.default_text(), Path(FEEDS))
    feeds.set("venues.core", list(core))
    gone = [("venues", "also", i) for i, key in enumerate(default.also) if key in core]
    feeds.remove(*gone)
    for key in default.core:
        if key not in core:
            feeds.append("venues.also", key)


def _choose_topics(feeds: FeedsText, chosen: Topics) -> None:
    for own in chosen.own:
        feeds.append("topics", {"id": own.id, "name": own.name, "match": own.match})
    if chosen.ids or chosen.own:
        every = [topic.id for topic in config.default_topics()]
        feeds.remove(*(("topics", i) for i, id in enumerate(every) if id not in chosen.ids))


def files(answers: Answers, folder: Path, templates: bool = False) -> dict[str, bytes]:
    """What a new paper's folder gets, by path in it; ConfigError as in feeds_text."""
    made = {FEEDS: feeds_text(answers, folder), SCHEMA: config.schema_text()}
    whole = {name: text.encode() for name, text in made.items()}
    if templates:
        source = resources.files("sundaypaper") / TEMPLATES
        whole |= {f"{TEMPLATES}/{name}": body for name, body in _below(source)}
    return whole


def _below(folder: Traversable, path: str = "") -> Iterable[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _below(item, f"{path}{item.name}/")
        else:
            yield f"{path}{item.name}", item.read_bytes()


def refuse_taken(folder: Path, names: Iterable[str] = (FEEDS,)) -> None:
    """Raise BuildError where a new paper would take the place of files that are there."""
    taken = [name for name in names if (folder / name).exists() or (folder / name).is_symlink()]
    if taken:
        remedy = "`sundaypaper upgrade-config` says what is new since it was made"
        raise BuildError(
            f"{folder / taken[0]}: is there already, and nothing was written. Name another folder"
            + (f"; {remedy}" if taken[0] == FEEDS else ", or move it away")
        )


def begin(folder: Path, made: Mapping[str, bytes]) -> None:
    """Write the files of a new paper, feeds.yaml last; BuildError where one cannot be written.

    What was written until then is taken away again.
    """
    refuse_taken(folder, made)
    lay(folder, made)


def lay(folder: Path, made: Mapping[str, bytes]) -> None:
    """Write files where none are, feeds.yaml last; BuildError where one is there or cannot be written.

    What was written until then is taken away again.
    """
    written: list[Path] = []
    try:
        for name in sorted(made, key=lambda name: (name == FEEDS, name)):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                file.write(made[name])
                file.flush()
                os.fsync(file.fileno())
    except OSError as bad:
        for path in written:
            path.unlink(missing_ok=True)
        raise BuildError(f"{bad.filename or folder}: cannot be written: {bad.strerror or bad}") from bad  # fmt: skip


def nothing_reached(reports: Iterable[SourceReport]) -> bool:
    """Whether no source that lies elsewhere answered, for which there is one cause and not ninety."""
    asked = [
        report.state for report in reports if report.kind != "bundle" and report.state != "off"
    ]
    return bool(asked) and set(asked) <= {"failed", "incomplete"}
