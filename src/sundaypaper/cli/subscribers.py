"""`sundaypaper subscribers`: list, add, import, export, erase and suppress subscribers.

Whole addresses are shown only where asked for.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sundaypaper.cli import completing
from sundaypaper.cli.asking import YesOption, sure
from sundaypaper.errors import DeliveryError
from sundaypaper.text import clean

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.config import Config
    from sundaypaper.models import Subscriber
    from sundaypaper.pipeline.subscribing import Pending, RowOutcome, Wishes

app = typer.Typer(help="Who gets the paper by mail.", no_args_is_help=True)
FILTER_SHOWN = 60
LOOKED_AT = ("note", "bad", "suppressed", "not subscribed", "kept")
BY_HAND = "added by hand with `subscribers add`"


Empty = Literal["say", "skip"]
AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="A mail address.")]
FilterOption = Annotated[str | None, typer.Option("--filter", help="A query: only what matches.")]
EditionOption = Annotated[
    str | None,
    typer.Option(help="The id of an edition of feeds.yaml.", autocompletion=completing.editions),
]
EmptyOption = Annotated[
    Empty | None, typer.Option(help="A week without a match: say so in one line, or skip the mail.")
]


@app.command("list")
def list_subscribers(
    ctx: typer.Context,
    addresses: Annotated[bool, typer.Option("--addresses", help="Show whole addresses.")] = False,
) -> None:
    """Everybody with state and wish; of an address only its first letter and its domain.

    After them those who signed up on the page and have not confirmed it.
    """
    from sundaypaper.pipeline.subscribing import SignUps

    here: World = ctx.obj
    today = here.now.date()
    with here.readers() as readers:
        everybody = readers.subscribers()
        receiving = {subscriber.id for subscriber in readers.receiving(today)}
        paused = {subscriber.id for subscriber in readers.pausing(today)}
        pending = SignUps(readers).pending(here.now)
    wishes = _wishes(here, everybody)
    for subscriber in everybody:
        number = subscriber.id
        state: str = subscriber.state
        if state == "confirmed" and number not in receiving:
            state = "paused" if number in paused else "suppressed"
        address = subscriber.address if addresses else masked(subscriber.address)
        wish = _wish(subscriber)
        if wrong := wishes.wrong(subscriber.filter, subscriber.edition) if wishes else "":
            wish = f"{wish} ({clean(wrong)})"
        if number in paused:
            wish = f"{wish}, paused until {subscriber.paused}"
        here.show(f"{number:>6}  {state:<10}  {subscriber.origin:<8}  {address:<28}  {wish}")
    here.show(f"{len(receiving)} of {len(everybody)} get the next issue")
    _list_pending(here, pending, addresses)


def _list_pending(here: World, pending: Sequence[Pending], addresses: bool) -> None:
    """Those who have not confirmed; what got no mail is counted alone, since anybody may flood it."""
    if not pending:
        return
    from sundaypaper.cli.statistics import pending_words

    here.show("signed up on the page, and no subscriber by it:")
    for one in pending:
        if one.state != "dropped":
            address = one.address if addresses else masked(one.address)
            here.show(f"        {one.state:<10}  {one.source:<8}  {address:<28}  asked {one.asked:%Y-%m-%d %H:%M} UTC")  # fmt: skip
    here.show(pending_words(Counter(one.state for one in pending)))


def _wishes(here: World, everybody: Sequence[Subscriber]) -> Wishes | None:
    """What may be wished for; None where nobody wishes anything, or nothing says what there is."""
    if not here.feeds_file.exists() or not any(one.filter or one.edition for one in everybody):
        return None
    from sundaypaper.pipeline.subscribing import Wishes

    return Wishes(here.config())


def masked(address: str) -> str:
    """`a…@lab.example`: enough to recognise somebody, too little to write to them."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _wish(subscriber: Subscriber) -> str:
    edition = f"edition {clean(subscriber.edition, FILTER_SHOWN)}" if subscriber.edition else ""
    wish = edition or clean(subscriber.filter, FILTER_SHOWN) or "everything"
    return wish + (", no mail in an empty week" if subscriber.empty == "skip" else "")


@app.command()
def add(
    ctx: typer.Context,
    address: AddressArgument,
    filter: FilterOption = None,
    edition: EditionOption = None,
    empty: EmptyOption = None,
    consent: Annotated[str, typer.Option(help="Why this person may be written to.")] = BY_HAND,
    again: Annotated[
        bool, typer.Option("--again", help="The person left or was suppressed, and asked anew.")
    ] = False,
) -> None:
    """Make an address a subscriber, or change what a subscriber gets."""
    here: World = ctx.obj
    wish = _checked_wish(here, filter, edition)
    with here.readers() as readers:
        added = readers.add(
            address,
            filter=wish[0] or "",
            edition=wish[1] or "",
            empty=empty or "say",
            consent=consent,
            now=here.now,
            again=again,
        )
        number = added.subscriber.id
        if added.new:
            here.say(f"subscriber {number} gets the paper with the next `send`")
            return
        if filter is None and edition is None and empty is None:
            here.say(f"subscriber {number} is there already; nothing changed")
            return
        readers.change(number, filter=wish[0], edition=wish[1], empty=empty, now=here.now)
        here.say(f"subscriber {number} was there already, and gets from now on what you said")


def _checked_wish(
    here: World, filter: str | None, edition: str | None
) -> tuple[str | None, str | None]:
    """The new filter and edition, of which one replaces the other; None for both to stay."""
    if filter is None and edition is None:
        return None, None
    return checked_wish(here, here.config(), filter or "", edition or "")


def checked_wish(here: World, config: Config, filter: str, edition: str) -> tuple[str, str]:
    """A filter or an edition of feeds.yaml, stripped; BadParameter where nothing could answer to it.

    A filter that may have been meant otherwise is taken, and the other one named.
    """
    from sundaypaper.pipeline.subscribing import Wishes

    filter, edition = filter.strip(), edition.strip()
    if filter and edition:
        raise typer.BadParameter("give --filter or --edition, not both")
    wishes = Wishes(config)
    if wrong := wishes.wrong(filter, edition):
        raise typer.BadParameter(wrong, param_hint="--edition" if edition else "--filter")
    for hint in wishes.hints(filter):
        here.warn(f"{hint.message}; did you mean: {hint.query}")
    return filter, edition


@app.command("import")
def import_list(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV: address, filter, edition.")],
    consent: Annotated[
        str, typer.Option(help="Why none of them was asked again: “lab list, 2026-11”.")
    ],
) -> None:
    """Take over a list of people who agreed elsewhere; what cannot be read is named by its line."""
    from sundaypaper.pipeline.subscribing import import_people

    here: World = ctx.obj
    config = here.config()
    try:
        raw = file.read_bytes()
    except OSError as bad:
        raise DeliveryError(f"{file}: cannot be read: {bad.strerror or bad}") from bad
    with here.readers() as readers:
        outcomes = import_people(readers, config, raw, str(file), consent, here.now)
    raise typer.Exit(tell_outcomes(here, outcomes))


def tell_outcomes(here: World, outcomes: tuple[RowOutcome, ...]) -> int:
    """Print the outcomes of a list's lines, each that needs a look and the counts; the exit status."""
    for outcome in outcomes:
        if outcome.what in LOOKED_AT:
            here.warn(f"  ! {outcome.told}")
    counts = Counter(outcome.what for outcome in outcomes if outcome.what != "note")
    here.say(", ".join(f"{count} {what}" for what, count in counts.items()) or "nobody is listed")
    return int(bool(counts["bad"]))


@app.command()
def export(ctx: typer.Context, address: AddressArgument) -> None:
    """All that is kept about one person, as JSON, for that person."""
    here: World = ctx.obj
    with here.readers() as readers:
        kept = readers.export(address)
    json.dump(kept, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


@app.command()
def erase(ctx: typer.Context, address: AddressArgument, yes: YesOption = False) -> None:
    """Forget a person; a keyed hash of the address stays, so that nothing is ever sent again."""
    from sundaypaper.cli.world import clear_mails

    here: World = ctx.obj
    sure(here, "All that is kept of this person is deleted, and nothing is ever sent there again.", yes)  # fmt: skip
    with here.readers() as readers:
        known = readers.erase(address, here.now)
    here.say("forgotten" if known else "nobody has this address; it is suppressed all the same")
    for folder in ("dry-run", "preview"):
        clear_mails(here.root / "mails" / folder)
    delivery = here.config().delivery
    if delivery and delivery.channel.writes_files:
        here.warn(
            f"mails that were written to {delivery.folder} hold addresses: remove what is theirs"
        )


@app.command()
def suppress(ctx: typer.Context, address: AddressArgument, yes: YesOption = False) -> None:
    """Never write to an address again, a subscriber's or not."""
    here: World = ctx.obj
    sure(here, "Nothing is ever sent to this address again, unless it is added --again.", yes)
    with here.readers() as readers:
        readers.suppress(address, "command", here.now)
    here.say("nothing is sent to this address any more")


@app.command("renew-keys")
def renew_keys(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Renew the keys of readers.db, where somebody may have seen it: each reader gets new links.

    Those in mails that went out lead to the same reader for 90 days. Sign-ups that are not confirmed
    yet have to be made again.

    \b
    Examples:
      sundaypaper subscribers renew-keys
    """
    from sundaypaper.pipeline.renewing import renew_keys as renew
    from sundaypaper.wording.counts import plural

    here: World = ctx.obj
    if not yes:
        typer.confirm(
            "Each reader gets new links, and confirmations under way end. Is a backup made? Go on",
            abort=True,
        )
    with here.sending(), here.readers() as readers:
        done = renew(readers, here.now)
    here.say(
        f"{plural(done.subscribers, 'subscriber')} with new links; those of before hold until "
        f"{done.until:%Y-%m-%d}"
    )
    here.say(f"{plural(done.suppressions + done.kept, 'suppression')} stay in force")
    if done.ended:
        here.warn(f"{plural(done.ended, 'sign-up')} that waited for a confirmation ended")
    here.say("remove limits.db while nothing serves, and its key is made anew, too")
