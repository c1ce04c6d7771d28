"""Where the feed of a page is, as far as its address tells: the rules of some sites, and usual places."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

# Of the address without scheme and www., the address of the feed.
RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?:www\.|m\.)?{pattern}(?:[/?#].*)?", re.IGNORECASE), feed)
    for pattern, feed in (
        (r"youtube\.com/channel/(UC[\w-]{22})", r"https://www.youtube.com/feeds/videos.xml?channel_id=\1"),
        (r"youtube\.com/(?:playlist|watch)\?(?:[^#]*&)?list=(PL[\w-]{10,60})", r"https://www.youtube.com/feeds/videos.xml?playlist_id=\1"),
        (r"([\w-]+\.substack\.com)", r"https://\1/feed"),
        (r"medium\.com/((?:@[\w.-]+|[\w-]+))", r"https://medium.com/feed/\1"),
        (r"([\w-]+\.medium\.com)", r"https://\1/feed"),
        (r"github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?", r"https://github.com/\1/releases.atom"),
        (r"github\.com/([\w-]+)", r"https://github.com/\1.atom"),
        (r"(?:old\.)?reddit\.com/(r/\w+|user/[\w-]+)", r"https://www.reddit.com/\1/.rss"),
        (r"arxiv\.org/a/([a-z]+(?:_[a-z]+)*_\d+)(?:\.atom2?)?", r"https://arxiv.org/a/\1.atom"),
        (r"arxiv\.org/list/([a-z-]+(?:\.[A-Za-z-]+)?)", r"https://rss.arxiv.org/atom/\1"),
    )
)  # fmt: skip
USUAL = ("feed", "feed.xml", "rss.xml", "atom.xml", "index.xml", "rss", "feed.json")
NEWSLETTERS = re.compile(
    r"(?:^|\.)(?:substack\.com|beehiiv\.com|buttondown\.(?:com|email)|ghost\.io)$"
)


def whole_address(text: str) -> str:
    """What somebody typed, as an address: https where no scheme is said."""
    typed = text.strip()
    return typed if re.match(r"[a-z][a-z0-9+.-]*://", typed, re.IGNORECASE) else f"https://{typed}"


def by_rule(url: str) -> str:
    """The address of the feed by the rule of a known site, "" where none is about it."""
    at = url.partition("://")[2]
    for pattern, feed in RULES:
        if found := pattern.fullmatch(at):
            return found.expand(feed)
    return ""


def usual_places(url: str) -> tuple[str, ...]:
    """Where feeds often lie: below the page, then at the root of its site."""
    path = urlsplit(url).path
    below = url.partition("?")[0].partition("#")[0]
    below = below if below.endswith("/") else f"{below}/"
    places = [urljoin(below, name) for name in USUAL[:2]] if path.strip("/") else []
    places += [urljoin(url, f"/{name}") for name in USUAL]
    return tuple(dict.fromkeys(places))


def group_of(url: str) -> str:
    """The group that an address speaks for, "" for none."""
    return "newsletter" if NEWSLETTERS.search(urlsplit(url).hostname or "") else ""
