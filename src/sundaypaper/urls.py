"""Normalizes web addresses: canonical forms, the page and site of each, and ids made from them.

    canonical   one address for one page, as far as that is certain: ids of posts are made of it
    unified     the same whatever the scheme and the last slash: the other names of a post
    page        the same whatever the feed puts around it: to compare posts of one title

Each is made of the one before. Ids and names are kept in the store: what canonical and unified
give for an address must never change, and what only probably means nothing is left out by page
alone.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

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
# Those that were learnt later: ids are made without knowing them.
LATER = re.compile(
    r"(?:mibextid|_branch_match_id|_branch_referrer|epik|rdt_cid|sscid|irclickid|srsltid|wt_mc|"
    r"wt\.mc_id|mkt_.*|matomo_.*|piwik_.*|itm_.*|__twitter_impression|guccounter|guce_referr.*|"
    r"sfnsn|share_source|ss_source|ss_campaign_.*|mtag|dm_i|elqtrack.*|_openstat|at_.*|sr_share|"
    r"action_(?:type|ref|object)_map|cmp_id|s_kwcid|ef_id|trk_.*|hsctaattrib|nr_email_referer|"
    r"xtor|bbeml|fb_(?:action|ref|source).*)",
    re.IGNORECASE,
)
# Of these the value tells it: Medium's source=rss----1a2b, a feed's ref=rss.
VALUED = re.compile(
    r"(?:source|ref|from|src|xtor|cid|campaign|partner|output)="
    r"(?:rss[\w.-]*|feed|feeds|feedburner|feed-main|atom|rss_?feed|newsletter-rss|RSS-\d+.*)",
    re.IGNORECASE,
)
ONE_SLASH = re.compile(r"^(https?):/+(?=[^/])", re.IGNORECASE)
# Parameters that mostly tell the same, but are the page itself on some sites.
SENDERS = frozenset(["ref", "source"])
# Hosts with a publisher under each name that the Public Suffix List does not have.
SHARED_HOSTS = tuple(
    "bearblog.dev ghost.io hashnode.dev libsyn.com medium.com podbean.com substack.com tumblr.com "
    "wordpress.com".split()
)
PORT, SLASHES = re.compile(r":(?:443|80)\Z"), re.compile(r"/{2,}")
AMP = frozenset(["amp", "amp=1", "amp=true", "outputtype=amp"])
LONGEST = 2000
# Controls, what has no width, what reorders the text around it.
INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)


def absolute(href: str, base: str) -> str:
    """The http or https address that a link in a feed means, or "".

    Line breaks and invisible characters are dropped, as browsers do; a space within is a character
    of the address. www.blog.example/x without a scheme is no page of the base.
    """
    href = INVISIBLE.sub("", href[: LONGEST + 1].strip()).strip()
    if not href or len(href) > LONGEST:
        return ""
    href = re.sub(r"\s", "%20", href.replace("\\", "/"))
    try:
        url = urljoin(base, _with_scheme(href, base))
        parts = urlsplit(url)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return ""
    return url if port_ok and "%20" not in parts.netloc else ""


def _with_scheme(href: str, base: str) -> str:
    """With the scheme of the base where the host stands first without one, or with a slash less."""
    scheme, _, rest = base.partition("://")
    first = href.partition("/")[0].lower()
    host = rest.partition("/")[0].lower()
    if first.startswith("www.") or (first and "." in first and first == host):
        return f"{scheme or 'https'}://{href}"
    return ONE_SLASH.sub(r"\1://", href)


def canonical(url: str) -> str:
    """The same address for the same page: no trackers, no fragment, parameters in order."""
    try:
        parts = urlsplit(url)
        query = "&".join(p for p in parts.query.split("&") if not _tracks(p))
        from w3lib.url import canonicalize_url

        return str(canonicalize_url(urlunsplit(parts._replace(query=query))))
    except ValueError:
        return url


def unified(key: str) -> str:
    """A canonical address with the scheme https and without a slash at its end."""
    path, mark, query = key.partition("://")[2].partition("?")
    return f"https://{path.rstrip('/')}{mark}{query}"


def page(url: str) -> str:
    """Host, path and query of the page that an address most probably means.

    Without scheme, www, the usual port, index.html, a slash too many, and parameters that tell who
    sent the reader or ask for AMP.
    """
    if "://" not in url:
        return url
    return page_of(canonical(url))


def page_of(key: str) -> str:
    """The same of a canonical address."""
    path, _, query = unified(key).removeprefix("https://").partition("?")
    host, slash, rest = path.removeprefix("www.").removesuffix("/index.html").partition("/")
    path = PORT.sub("", host) + slash + SLASHES.sub("/", rest).removeprefix("/")
    kept = [p for p in query.split("&") if p and not _tells_sender(p)]
    return f"{path}?{'&'.join(kept)}" if kept else path


def site(url: str) -> str:
    """The part of the host that belongs to one publisher: what stands under a public suffix."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return url
    parts = _public_suffixes()(host)
    if parts.subdomain and not parts.suffix:  # a top level that the list does not have
        return ".".join(host.split(".")[-2:])
    return parts.top_domain_under_public_suffix or host


@cache
def _public_suffixes() -> TLDExtract:
    """The Public Suffix List as it comes with tldextract: nothing is fetched, nothing is cached."""
    from tldextract import TLDExtract  # half a second, for reading alone

    return TLDExtract(
        cache_dir=None,
        suffix_list_urls=(),
        extra_suffixes=SHARED_HOSTS,
        include_psl_private_domains=True,
    )


def _tracks(parameter: str) -> bool:
    return bool(TRACKING.fullmatch(parameter.partition("=")[0]))


def _tells_sender(parameter: str) -> bool:
    """Whether a parameter says nothing of the page, by all that is known."""
    # A feed that escapes twice writes &amp;amp; for &.
    parameter = parameter.removeprefix("amp;")
    known = parameter.lower() in AMP or parameter.partition("=")[0].lower() in SENDERS
    return known or _is_no_part(parameter)


def _is_no_part(parameter: str) -> bool:
    """Whether a parameter is left out of the address that is printed."""
    parameter = parameter.removeprefix("amp;")
    name = parameter.partition("=")[0]
    return bool(_tracks(name) or LATER.fullmatch(name) or VALUED.fullmatch(parameter))


def _printed(query: str) -> str:
    """The parameters of an address that are printed with it."""
    return "&".join(p for p in query.split("&") if not _is_no_part(p))


def clean_url(url: str) -> str:
    """The address to print: as the author wrote it, without trackers."""
    head, mark, query = url.partition("#")[0].partition("?")
    kept = _printed(query).strip("&")
    part = fragment_of(url)
    return head + (mark + kept if kept else "") + (f"#{part}" if part else "")


def fragment_of(url: str) -> str:
    """Which piece of its page an address means: its fragment without trackers, or ""."""
    fragment = url.partition("#")[2]
    fragment = fragment.partition(":~:")[0]  # words of the page, for a browser to mark
    if "=" not in fragment:
        return fragment
    head, mark, query = fragment.rpartition("?")
    kept = _printed(query)
    return head + (mark + kept if kept else "")


def post_id(identity: str) -> str:
    """The id of a post: 16 hex digits of the SHA-256 of what identifies it."""
    return "post:" + hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:16]


def event_id(identity: str) -> str:
    """The id of an event, from what stays the same of it when its date changes."""
    return "event:" + hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:16]
