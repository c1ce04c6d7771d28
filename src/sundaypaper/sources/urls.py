"""Addresses of posts: which are kept, what they look like without trackers, and ids. Pure."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Parameters that only tell who sent the reader; others (id, p, v, page, ...) matter and stay.
TRACKING = re.compile(
    r"(?:utm_.*|mtm_.*|pk_(?:campaign|kwd|source|medium|content)|hsa_.*|_hsenc|_hsmi|"
    r"mc_cid|mc_eid|mkt_tok|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|"
    r"yclid|igshid|igsh|li_fat_id|oly_anon_id|oly_enc_id|vero_id|vero_conv|wickedid|"
    r"ref_src|ref_url|rss_id|_ga|_gl|s_cid|sc_cid|ncid|cmpid|trk|trkcampaign|"
    r"__hssc|__hstc|__hsfp|hsctatracking|spm|at_medium|at_campaign|publication_id|"
    r"isfreemail|triedredirect)",
    re.IGNORECASE,
)
LONGEST = 2000


def absolute(href: str, base: str) -> str:
    """The http or https address that a link in a feed means, or ""."""
    href = re.sub(r"[\x00-\x20\x7f-\x9f\ud800-\udfff]+", "", href[: LONGEST + 1])
    if not href or len(href) > LONGEST:
        return ""
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return ""
    return url if port_ok else ""


def canonical(url: str) -> str:
    """The same address for the same page: no trackers, no fragment, parameters in order."""
    try:
        parts = urlsplit(url)
        query = "&".join(p for p in parts.query.split("&") if not _tracks(p))
        return str(canonicalize_url(urlunsplit(parts._replace(query=query))))
    except ValueError:
        return url


def unified(key: str) -> str:
    """A canonical address whatever its scheme and with or without a slash at its end."""
    path, mark, query = key.partition("://")[2].partition("?")
    return f"https://{path.rstrip('/')}{mark}{query}"


def _tracks(parameter: str) -> bool:
    return bool(TRACKING.fullmatch(parameter.partition("=")[0]))


def clean_url(url: str) -> str:
    """The address to print: as the author wrote it, without trackers."""
    head, mark, query = url.partition("?")
    if not mark:
        return url
    query, hash_mark, fragment = query.partition("#")
    kept = "&".join(p for p in query.split("&") if not _tracks(p))
    return head + ("?" + kept if kept else "") + hash_mark + fragment


def post_id(identity: str) -> str:
    """The id of a post: 16 hex digits of the SHA-256 of what identifies it."""
    return "post:" + hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:16]


def event_id(identity: str) -> str:
    """The id of an event, from what stays the same of it when its date changes."""
    return "event:" + hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:16]
