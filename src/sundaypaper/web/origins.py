"""Whether a form was sent by a page of another site, in the name of somebody who reads that."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

OURS = ("same-origin", "none")


def is_foreign(request: Request, base_url: str) -> bool:
    """Whether a browser says that another site's page sent this.

    Without Sec-Fetch-Site, which each browser has sent for years, the Origin must be ours. It is
    `null` for our own pages, since they hide where readers come from; who sends none is no browser.
    """
    site = request.headers.get("sec-fetch-site", "")
    if site in OURS:
        return False
    origin = request.headers.get("origin", "null")
    if origin == "null":
        return bool(site)
    try:
        parts, base = urlsplit(origin), urlsplit(base_url)
    except ValueError:
        return True
    ours = (base.netloc, request.headers.get("host", ""))
    return site == "cross-site" or not parts.netloc or parts.netloc not in ours
