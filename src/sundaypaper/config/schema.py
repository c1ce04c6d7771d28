"""The form of feeds.yaml: every key with its kind, its default and a sentence that explains it.

Scalars arrive as text (see document.py) and are turned into numbers here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import (
    BaseModel,
    Discriminator,
    Field,
    Tag,
    create_model,
    model_validator,
)

from sundaypaper import issue
from sundaypaper.config.extension_settings import ExtensionsEntry
from sundaypaper.config.publish_settings import PublishEntry
from sundaypaper.config.web_settings import HooksEntry, LimitsEntry, WebEntry
from sundaypaper.delivery.settings import DeliveryEntry, InboxEntry, ReadersEntry, ServerEntry
from sundaypaper.forms import values as v
from sundaypaper.forms.mail import Join
from sundaypaper.forms.strict import Form, Strict, key, keys_of
from sundaypaper.forms.watching import Healthcheck
from sundaypaper.plugins import DOTTED, declared
from sundaypaper.query import NOTHING
from sundaypaper.sources import KINDS, PluginSource, Source

FORMAT = 1
MOST_EXAMPLES = 50
CORE = ("neurips", "icml", "cvpr")
ALSO = (
    *("iclr", "eccv", "iccv", "acl", "emnlp", "naacl", "aaai", "icra", "iros", "corl", "kdd"),
    *("miccai", "aistats", "uai", "colt", "tmlr", "jmlr"),
)


@dataclass(frozen=True, slots=True)
class Network(Form):
    """How this instance goes out."""

    allow_private: Annotated[
        v.YesNo, key("true lets sources lie at private addresses, such as 127.0.0.1")
    ] = False


def _tag(data: Any) -> str | None:
    kind = data.get("kind") if isinstance(data, dict) else getattr(data, "kind", None)
    if not isinstance(kind, str):
        return None
    if kind in KINDS:
        return f"kind={kind}"
    theirs = DOTTED.fullmatch(kind) or kind in declared("sources")
    return "kind=plugin" if theirs else f"kind={kind}"


# The forms of all kinds of sources, each by what tells it apart.
SOURCES = {f"kind={word}": form for word, form in KINDS.items()} | {"kind=plugin": PluginSource}

if TYPE_CHECKING:
    AnySource = Source
else:
    tagged = (Annotated[form, Tag(tag)] for tag, form in SOURCES.items())
    AnySource = Annotated[reduce(or_, tagged), Discriminator(_tag)]


class OwnVenue(Strict):
    """A venue that Sunday Paper does not know."""

    key: v.VenueKey = Field(description="a short key for filters, such as `wacv`")
    title: v.Text = Field(description="the name to print")
    names: tuple[v.Text, ...] = Field(
        min_length=1, description="the names as authors write them in comments"
    )
    ordinal: v.Ordinal | None = Field(
        default=None, description="the year minus the number of the conference (NeurIPS: 1986)"
    )
    journal: v.YesNo = Field(default=False, description="true where it is a journal")


class Venues(Strict):
    """Which venues count."""

    core: tuple[v.Text, ...] = Field(
        default=CORE,
        description="venues whose accepted papers come first, by key or name: neurips, NeurIPS; arXiv is "
        "asked for papers that name them",
    )
    also: tuple[v.Text, ...] = Field(
        default=ALSO, description="venues whose accepted papers come near, by key or name"
    )
    own: tuple[OwnVenue, ...] = Field(default=(), description="venues that are not built in")


Sizes = create_model(
    "Sizes",
    __base__=Strict,
    __doc__="How much each section prints, in entries (accepted_titles: lines; words: of an issue).",
    **{size.name: (v.Count, Field(size.usual, description=size.about)) for size in issue.SETTINGS},
    words=(
        v.Words,
        Field(issue.USUAL_SIZES["words"], description="the most words of an issue"),
    ),
)  # type: ignore[call-overload]  # the keys are those of the table of sections


class Print(Sizes):  # type: ignore[valid-type,misc]  # made from the table of sections
    """How an issue is printed: its sizes, when, and whether it waits for its editor."""

    at: v.PrintTime = Field(
        default="sun 08:00",
        validate_default=True,
        description="the day of its week and the time, in `timezone`, before which a week is a draft: "
        "votes and posts come in until then; a time before the week's last batch (Thursday evening in "
        "New York) prints it as soon as it is complete",
    )
    hold: v.YesNo = Field(
        default=False, description="true lets a complete week wait for `sundaypaper print --week …`"
    )


class TopicEntry(Strict):
    """A topic: what it is called and which entries are about it, by match, examples or both."""

    id: v.Key = Field(description="a short key for filters and addresses, such as `vision`")
    name: v.Text = Field(description="the name for a person")
    match: v.TopicQuery = Field(
        default_factory=lambda: NOTHING,
        description='a query that says what the topic is about: "flow matching" OR diffu*',
    )
    examples: tuple[v.Example, ...] = Field(
        default=(),
        min_length=1,
        max_length=MOST_EXAMPLES,
        description="papers about it, beside or in place of match: arXiv ids, or texts (a title; in a "
        "block `|` a title with the abstract below it); best five or more",
    )


class EditionEntry(Strict):
    """A view of every issue: only what its query matches, in its own sizes."""

    id: v.Key = Field(description="a short key for addresses, such as `building`")
    name: v.Text = Field(description="the name for a person")
    about: v.About = Field(
        default="", description="what it is and for whom, in at most 200 characters"
    )
    match: v.Query = Field(
        description="a query in the whole filter language: `topic:mlops has:code OR ring:accepted`"
    )
    print: Sizes = Field(  # type: ignore[valid-type]  # made from the table of sections
        default=Sizes(), description="how much each section of it prints, as in `print`"
    )


@dataclass(frozen=True, slots=True)
class SubscribeEntry(Form):
    """What the page subscribe/ offers beside feeds."""

    join: Annotated[
        Join,
        key(
            "where to ask for the mail: the join page of a mailing list, a form elsewhere, or an "
            "address to write to"
        ),
    ] = ""


class File(Strict):
    """What a user edits: sources, topics, venues and sizes of this paper."""

    format: Annotated[int, Field(ge=1, le=FORMAT)] = Field(
        default=FORMAT, description="the format of this file; 1 where nothing is said"
    )
    made_with: v.Version = Field(
        default="",
        description="the version of Sunday Paper that wrote this file, or that `sundaypaper upgrade-config "
        "--write` last compared it with: what came since is news",
    )
    title: v.Text = Field(default="Sunday Paper", description="the name of your paper")
    base_url: v.BaseUrl = Field(
        default="",
        description="the address where the pages will lie, for feeds, mails and shared links",
    )
    contact: v.Contact = Field(
        default="",
        description="a mail address or url that servers see, so that their owners can write",
    )
    timezone: v.Timezone = Field(
        default="UTC",
        description="the time zone of `print.at` and of `sundaypaper schedule`, such as Europe/Berlin; pages "
        "state UTC",
    )
    language: v.Language = Field(
        default="en",
        description="the language of the paper's own words, such as `de` or `pt-BR`; words.yaml beside this "
        "file has them (docs/language.md)",
    )
    network: Network = Field(default=Network(), description="how this instance goes out")
    sources: tuple[AnySource, ...] = Field(
        min_length=1, description="what is read: a list of sources, each with its kind"
    )
    venues: Venues = Field(default=Venues(), description="which venues count")
    authors: tuple[v.Text, ...] = Field(default=(), description="names of authors to follow")
    print: Print = Field(default=Print(), description="how much each section of an issue prints")
    weights: dict[v.Text, v.Weight] = Field(
        default={},
        description="what counts for how much in the ranking: the name of a contribution, such as `code` "
        "or `source:NAME`, and its weight",
    )
    topics: tuple[TopicEntry, ...] | None = Field(
        default=None, description="your topics, in place of the 24 that come with Sunday Paper"
    )
    editions: tuple[EditionEntry, ...] | None = Field(
        default=None,
        description="your editions, in place of the three that come with Sunday Paper; [] for none",
    )
    delivery: DeliveryEntry | None = Field(
        default=None, description="how issues go out by mail; without it none do"
    )
    healthcheck: Healthcheck = Field(
        default="",
        description="an address that is asked after each good run, so that a service elsewhere tells you "
        "when no run went well; env:NAME of the variable that holds it, since whoever knows such an "
        "address can say that all is well (docs/watching.md)",
    )
    publish: PublishEntry = Field(
        default=PublishEntry(), description="where the pages go after each run"
    )
    readers: ReadersEntry | None = Field(
        default=None, description="a known group that gets the mail, beside those who subscribed"
    )
    inbox: InboxEntry | None = Field(
        default=None, description="where `sundaypaper inbox` reads leave mails and bounces"
    )
    extensions: ExtensionsEntry = Field(
        default=ExtensionsEntry(), description="functions of others that take part in an issue"
    )
    subscribe: SubscribeEntry = Field(
        default=SubscribeEntry(), description="what the page subscribe/ offers beside feeds"
    )
    web: WebEntry = Field(
        default=WebEntry(), description="how `sundaypaper serve` meets its readers"
    )
    hooks: HooksEntry | None = Field(
        default=None, description="whom to call when somebody subscribed or an issue was printed"
    )

    @model_validator(mode="after")
    def _one_audience(self) -> Self:
        if self.readers and self.delivery and self.delivery.is_list:
            raise ValueError(
                "readers: a list keeps its own members; leave out readers, or make delivery smtp"
            )
        return self


# What holds the keys at a place, the place written without numbers: for "did you mean".
AT: dict[str, type[BaseModel] | type[Form]] = {
    "": File,
    "[]": TopicEntry,
    "network": Network,
    **{f"sources[].{tag}": form for tag, form in SOURCES.items()},
    "venues": Venues,
    "venues.own[]": OwnVenue,
    "print": Print,
    "topics[]": TopicEntry,
    "editions[]": EditionEntry,
    "editions[].print": Sizes,
    "extensions": ExtensionsEntry,
    "delivery": DeliveryEntry,
    "delivery.server": ServerEntry,
    "publish": PublishEntry,
    "readers": ReadersEntry,
    "inbox": InboxEntry,
    "inbox.server": ServerEntry,
    "subscribe": SubscribeEntry,
    "web": WebEntry,
    "web.limits": LimitsEntry,
    "hooks": HooksEntry,
}


def keys_at(section: str) -> dict[str, str]:
    """The keys that may stand at a place, each with its sentence."""
    kind = AT.get(section)
    return keys_of(kind) if kind else {}
