"""Loads feeds.yaml as a Config; ConfigError lists every mistake in it at once.

path | read | document.parse | File (pydantic) + checks | Config
"""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from sundaypaper import __version__, query, venues
from sundaypaper.config import schema
from sundaypaper.config.checks import checked, name_venues_by_key
from sundaypaper.config.desk_file import load_desk, said_in
from sundaypaper.config.edition_settings import Edition, default_editions, editions_of, sizes_of
from sundaypaper.config.extension_settings import ExtensionsEntry
from sundaypaper.config.known_names import entry_sources, known_names
from sundaypaper.config.messages import explained
from sundaypaper.config.schema import File, Network, SubscribeEntry, TopicEntry
from sundaypaper.config.web_settings import HooksEntry, WebEntry
from sundaypaper.config.words_file import FILE, tongue_of
from sundaypaper.delivery.settings import DeliverySpec, InboxEntry, ReadersEntry, spec_of
from sundaypaper.errors import ConfigError, Mistake
from sundaypaper.forms.document import YamlDocument, parse, read
from sundaypaper.issue import Sizes
from sundaypaper.models import Masthead, PrintTime, Topic, Venue
from sundaypaper.sources import Source
from sundaypaper.wording.tongue import ENGLISH, Tongue

__all__ = [
    "Config",
    "Edition",
    "default_config",
    "default_editions",
    "default_text",
    "default_topics",
    "load",
    "load_desk",
    "read_text",
    "said_in",
    "schema_text",
]


@dataclass(frozen=True, slots=True)
class Config:
    """feeds.yaml, checked. path is None where there is no file.

    publish_to is where the pages go, "" for nowhere else. hold lets a complete week wait for its editor, print_at for its time. weights replace those of the ranking by name; a
    feed's own weight is there as `source:NAME`.
    fingerprint is 16 hex digits over what changes the content of an issue: title, sources, venues,
    authors, sizes, weights and topics; not the address, the contact, the time zone or the time of
    printing, nor the editions, which are views of an issue.
    """

    masthead: Masthead
    network: Network
    sources: tuple[Source, ...]
    topics: tuple[Topic, ...]
    core: tuple[str, ...]
    also: tuple[str, ...]
    own_venues: tuple[Venue, ...]
    authors: tuple[str, ...]
    sizes: Sizes
    hold: bool
    print_at: PrintTime
    editions: tuple[Edition, ...]
    weights: Mapping[str, float]
    fingerprint: str
    path: Path | None
    delivery: DeliverySpec | None = None
    readers: ReadersEntry | None = None
    inbox: InboxEntry | None = None
    subscribe: SubscribeEntry = field(default_factory=SubscribeEntry)
    web: WebEntry = field(default_factory=WebEntry)
    hooks: HooksEntry | None = None
    healthcheck: str = ""
    publish_to: str = ""
    extensions: ExtensionsEntry = field(default_factory=ExtensionsEntry)
    tongue: Tongue = ENGLISH

    @property
    def venues(self) -> tuple[Venue, ...]:
        """The built-in venues and those of feeds.yaml."""
        return venues.extend(self.own_venues)

    @property
    def vocabulary(self) -> query.Vocabulary:
        """The names that a query may ask for; made anew each time, so keep it."""
        topics = ((topic.id, topic.name) for topic in self.topics)
        return known_names(topics, self.venues, entry_sources(self.sources))

    @property
    def venue_titles(self) -> dict[str, str]:
        """The name to print for each venue's key."""
        return {venue.key: venue.title for venue in self.venues}


def load(path: Path) -> Config:
    """The configuration of a feeds.yaml; ConfigError with every mistake, in the file's order."""
    return read_text(read(path, f": {_beginning(path)}"), path)


def read_text(text: str, path: Path) -> Config:
    """The configuration of the text of a feeds.yaml that lies, or will lie, at a path; as load."""
    return _config(_file(parse(text, str(path))), path)


def _beginning(path: Path) -> str:
    """What to do where there is no feeds.yaml."""
    folder = path.parent
    where = "" if folder.absolute() == Path.cwd() else f" {shlex.quote(str(folder))}"
    return f"`sundaypaper init{where}` makes one, or `--root` names the folder that has one"


def default_text() -> str:
    """The text of the feeds.yaml that comes with the package, with its comments."""
    return resources.files("sundaypaper").joinpath("data/feeds.yaml").read_text("utf-8")


def default_config() -> Config:
    """The configuration without a feeds.yaml: default topics, venues and sizes, and no sources."""
    return _config(File.model_construct(sources=()), None)


@cache
def default_topics() -> tuple[Topic, ...]:
    """The 24 topics that come with the package."""
    text = resources.files("sundaypaper").joinpath("data/topics.json").read_text("utf-8")
    return tuple(
        Topic(topic["id"], topic["name"], query.parse(topic["match"])) for topic in json.loads(text)
    )


def schema_text() -> str:
    """The JSON Schema of feeds.yaml for editors, as indented text that ends in a line break."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **File.model_json_schema(),
        "title": "feeds.yaml of Sunday Paper",
    }
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _file(document: YamlDocument) -> File:
    mistakes = list(document.mistakes)
    if not isinstance(document.data, dict):
        message = "expected keys and values such as `sources:`, each key at the start of a line"
        raise ConfigError((document.mistake((), message),))
    if newer := _newer(document):
        raise ConfigError((newer,))
    name_venues_by_key(document)
    mistakes += checked(document, default_topics)
    try:
        file = File.model_validate(document.data)
    except ValidationError as e:
        raise ConfigError(_in_order(mistakes + explained(e, document))) from e
    if mistakes:
        raise ConfigError(_in_order(mistakes))
    return file


def _newer(document: YamlDocument) -> Mistake | None:
    """The only mistake of a file of a newer format, since it may have any other key; else None."""
    given = document.data.get("format") if isinstance(document.data, dict) else None
    if not isinstance(given, str) or not given.isdecimal() or len(given) > 6:
        return None
    if int(given) <= schema.FORMAT:
        return None
    message = f"this file has format {int(given)}, and this version of Sunday Paper ({__version__})"
    upgrade = f"knows formats up to {schema.FORMAT}: upgrade sundaypaper"
    return document.mistake(("format",), f"{message} {upgrade}")


def _in_order(mistakes: list[Mistake]) -> tuple[Mistake, ...]:
    return tuple(sorted(mistakes, key=lambda m: (m.line, m.column)))


def _config(file: File, path: Path | None) -> Config:
    folder = path.absolute().parent if path else Path()
    topics = default_topics() if file.topics is None else tuple(map(_topic, file.topics))
    own_venues = tuple(Venue(**dict(venue)) for venue in file.venues.own)
    core, also = (tuple(dict.fromkeys(ring)) for ring in (file.venues.core, file.venues.also))
    asked = venues.asked_names(core, venues.extend(own_venues))
    return Config(
        masthead=Masthead(file.title, file.base_url, file.contact, file.timezone, __version__),
        network=file.network,
        sources=tuple(source.in_folder(folder).following(asked) for source in file.sources),
        topics=topics,
        core=core,
        also=also,
        own_venues=own_venues,
        authors=file.authors,
        sizes=sizes_of(file.print),
        hold=file.print.hold,
        print_at=file.print.at,
        editions=_meant(editions_of(file.editions), topics, own_venues),
        weights=MappingProxyType(_source_weights(file) | file.weights),
        fingerprint=_fingerprint(file),
        path=path,
        delivery=spec_of(file.delivery, file.inbox, folder) if file.delivery else None,
        readers=file.readers.in_folder(folder) if file.readers else None,
        inbox=file.inbox.in_folder(folder) if file.inbox else None,
        subscribe=file.subscribe,
        web=file.web,
        hooks=file.hooks,
        healthcheck=file.healthcheck,
        publish_to=file.publish.in_folder(folder),
        extensions=file.extensions,
        tongue=tongue_of(folder / FILE, file.language) if path else ENGLISH,
    )


def _meant(
    editions: tuple[Edition, ...], topics: tuple[Topic, ...], own: tuple[Venue, ...]
) -> tuple[Edition, ...]:
    """The editions, each name in their queries as entries carry it; sources have one name only.

    Those that ship may name a topic that a file with topics of its own does not have.
    """
    named = ((topic.id, topic.name) for topic in topics)
    names = known_names(named, venues.extend(own), None).forgiving()
    return tuple(replace(e, match=query.parse(e.match.text, vocabulary=names)) for e in editions)


def _source_weights(file: File) -> dict[str, float]:
    """The weight of each source, under the name by which the ranking looks it up."""
    return {f"source:{source.name}": source.weight for source in file.sources if source.weight != 1}


def _topic(entry: TopicEntry) -> Topic:
    return Topic(**dict(entry))


def _fingerprint(file: File) -> str:
    # arXiv's address is left out: a mirror gives the same papers.
    content = file.model_dump(
        mode="json",
        include={"title", "sources", "venues", "authors", "print", "weights"},
        exclude={"sources": {"__all__": {"api_url"}}, "print": {"hold", "at"}},
    )
    topics = file.topics
    content["topics"] = [
        [t.id, t.name, t.match.text, *t.examples]
        for t in (default_topics() if topics is None else topics)
    ]
    if file.extensions != ExtensionsEntry():
        content["extensions"] = file.model_dump(mode="json", include={"extensions"})
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
