"""A printed issue that is to be sent, and what all of its mails share: addresses and headers."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from urllib.parse import quote

from sundaypaper import issue as issues
from sundaypaper.config import Config
from sundaypaper.delivery.settings import DeliverySpec
from sundaypaper.errors import DeliveryError
from sundaypaper.formats import email, site
from sundaypaper.formats.email.headers import is_local, is_private
from sundaypaper.formats.email.letter import Post, leave_address
from sundaypaper.formats.site.rendering import environment
from sundaypaper.models import Issue
from sundaypaper.store import Store
from sundaypaper.wording.sentences import sentence


@dataclass(frozen=True, slots=True)
class MailedIssue:
    """A frozen issue that is to be sent, as amended since, and what all of its mails share.

    app is the address of the app with the readers' pages, with a slash at its end, or "".
    """

    config: Config
    spec: DeliverySpec
    frozen: Issue
    amendments: issues.Amendments
    mark: str
    preferences_mark: str
    env: site.Environment
    app: str = ""


def paper_to_send(
    config: Config,
    store: Store,
    week: str | None,
    templates: Path | None,
    spec: DeliverySpec | None,
    app: str = "",
    drafts: bool = False,
) -> MailedIssue:
    """The paper to send: a printed issue, the newest where no week is named, and how it is sent.

    app is the address of the app with the readers' pages, "" where there is none. DeliveryError where there is none, where it is a draft, or where spec is None.
    drafts: one that is looked at may be a draft.
    """
    if spec is None:
        raise DeliveryError(
            "feeds.yaml does not say how mails go out: give it `delivery:` with kind, from and server"
        )
    heads = store.heads()
    chosen = week or next((head.week for head in heads if head.state == "frozen"), "")
    issue = store.issue(chosen) if chosen else None
    if issue is None:
        raise DeliveryError(_missing(week, store))
    if issue.state != "frozen" and not drafts:
        raise DeliveryError(f"{chosen} is a draft, and a draft is never mailed: {issue.why_draft}")
    env = environment(templates, config.venue_titles, config.tongue)
    marks = _marks(issue)
    return MailedIssue(config, spec, issue, store.amendments(), *marks, env, app)


def _missing(week: str | None, store: Store) -> str:
    draft = next((store.issue(head.week) for head in store.heads()), None) if week is None else None
    if draft is not None:
        return (
            f"no issue is printed yet; {draft.week} is a draft: {sentence(draft.why_draft)} "
            f"`sundaypaper preview --week {draft.week}` shows it"
        )
    if week is None:
        return "there is no printed issue yet: `sundaypaper run` makes the first one"
    return f"there is no issue of {week}: `sundaypaper run --week {week}` makes it"


def _marks(issue: Issue) -> tuple[str, str]:
    """Twice 26 letters that stand nowhere in an issue: in their place comes a subscriber's token."""
    text = repr(issue)
    free = (one for n in count() if (one := _letters(f"{issue.week}|{n}")) not in text)
    return next(free), next(free)


def _letters(seed: str) -> str:
    return "".join(chr(ord("a") + byte % 26) for byte in sha256(seed.encode()).digest()[:26])


def links_of(paper: MailedIssue) -> email.Links:
    """The addresses that a mail leads to beside its entries."""
    config, spec = paper.config, paper.spec
    base, week = config.masthead.base_url, paper.frozen.week
    leave, change = config.subscribe.join, ""
    if not spec.is_list:
        by_mail = f"mailto:{leave_address(spec.inbox, paper.mark)}?subject=leave"
        leave = _leave_page(paper).replace("{token}", paper.mark) or by_mail
        change = f"mailto:{spec.address}?subject={quote('Change my topics')}"
    if paper.app:
        change = f"{paper.app}preferences/{paper.preferences_mark}"
    page = f"{base}issues/{week}/index.html" if base else ""
    marks = (paper.mark, paper.preferences_mark)
    return email.Links(page, _subscribe_page(paper), leave, change, *marks)


def post_of(paper: MailedIssue) -> Post:
    """The header values that all letters share."""
    config, spec = paper.config, paper.spec
    base, subscribe = config.masthead.base_url, _subscribe_page(paper)
    return Post(
        address=spec.address,
        name=spec.name or config.masthead.title,
        inbox=spec.inbox,
        list_name=config.masthead.title,
        archive=f"{base}archive/index.html" if base else "",
        help=subscribe,
        subscribe=subscribe,
        week=paper.frozen.week,
        mark=paper.mark,
        own_list=not spec.is_list,
        one_click=_one_click(paper),
        preferences_mark=paper.preferences_mark if paper.app else "",
    )


def _leave_page(paper: MailedIssue) -> str:
    """The page on which one leaves, with {token} in its address; "" where there is none."""
    return f"{paper.app}leave/{{token}}" if paper.app else paper.spec.one_click


def _one_click(paper: MailedIssue) -> str:
    """Where one click of a mail program ends a subscription: a page that nobody else sees asked."""
    url = _leave_page(paper)
    return url if url and is_private(url) else ""


def _subscribe_page(paper: MailedIssue) -> str:
    base = paper.config.masthead.base_url
    if paper.app:
        return f"{paper.app}subscribe/"
    return f"{base}subscribe/index.html" if base else ""


def app_of(config: Config, served: str) -> str:
    """The address of the app to which mails lead; "" where none of theirs may.

    served is where an app was alive of late. A reader elsewhere cannot open what is served to this
    machine alone: mails of a paper that the world reads never lead there.
    """
    spec, base = config.delivery, config.masthead.base_url
    if spec is None or spec.is_list:
        return ""
    return "" if is_local(served) and base and not is_local(base) else served
