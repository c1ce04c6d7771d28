"""The process that posts to one chat by apprise: it is told where and what, and answers in one line.

stdin: {url, paragraphs}; stdout: {state, codes, service}. Its only way out is the proxy that its
environment names. Nothing that apprise logs leaves it, since that may name the secret address.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Sequence
from typing import Any

from apprise import Apprise, AppriseAsset, NotifyFormat

SECONDS = 40
CODE = re.compile(r"error[ =:]+(\d{3})\b")
# Services that speak HTTP, by the schemas of their addresses; others send mails, run programs or dial by themselves.
SERVICES = frozenset(
    """slack discord tgram mastodon mastodons toot toots bluesky bsky ntfy ntfys matrix matrixs
    workflow workflows mmost mmosts rocket rockets zulip gchat webexteams wxteams revolt lark feishu
    dingtalk nctalk nctalks pover pbul""".split()
)


def main() -> None:
    """Post what stdin says, and print what became of it."""
    logging.disable(logging.NOTSET)
    asked = json.load(sys.stdin)
    print(json.dumps(posted(asked["url"], asked["paragraphs"])))


def posted(url: str, paragraphs: Sequence[str]) -> dict[str, Any]:
    """Post paragraphs to an address: state sent, refused, late, or unknown for no address of a chat."""
    asset = AppriseAsset(
        app_id="Sunday Paper",
        http_redirects=False,
        async_mode=False,
        image_url_mask="",  # no picture of somebody else's server stands beside a post
        image_url_logo="",
    )
    service = Apprise.instantiate(url, asset=asset)
    if service is None or not SERVICES & schemas(service):
        return {"state": "unknown", "codes": [], "service": ""}
    chat = Apprise(asset=asset)
    chat.add(service)
    body = fitted(paragraphs, service.body_maxlen)
    result = chat.notify(body, body_format=NotifyFormat.TEXT, timeout=SECONDS)
    codes = [int(code) for entry in result.logs() for code in CODE.findall(str(entry.message))]
    name = {"SUCCESS": "sent", "TIMEOUT": "late"}.get(result.status.name, "refused")
    return {"state": name, "codes": codes, "service": str(service.service_name)}


def schemas(service: Any) -> set[str]:
    """The schemas of a service's addresses."""
    found: set[str] = set()
    for given in (service.protocol, service.secure_protocol):
        found |= {given} if isinstance(given, str) else set(given or ())
    return found


def fitted(paragraphs: Sequence[str], most: int) -> str:
    """The first paragraph and the last, and as many of those between, in their order, as fit."""
    first, *between, last = paragraphs
    room = most - len(last) - 2
    first = first if len(first) <= room else first[: room - 1].rstrip() + "…"
    taken = [first]
    for paragraph in between:
        if len("\n\n".join([*taken, paragraph])) > room:
            break
        taken.append(paragraph)
    return "\n\n".join([*taken, last])
