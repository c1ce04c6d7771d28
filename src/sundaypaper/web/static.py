"""The published build over HTTP: whole files of one build, compressed, with tags by content."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from sundaypaper.web.bodies import Bodies, Body
from sundaypaper.web.builds import Builds, File, Folder

PIECE = 65_536  # bytes that are handed on at once: a slow reader holds no more of a file than that
TRIES = 5  # builds that may be swapped and removed while one request waits
HOUR = "public, max-age=3600"
# Pages name one another's files without a version, so each is asked after, which costs a 304.
ASKED = "no-cache"

TEXT = "; charset=utf-8"
TYPES = {
    "atom": f"application/atom+xml{TEXT}",
    "bib": f"application/x-bibtex{TEXT}",
    "css": f"text/css{TEXT}",
    "csv": f"text/csv{TEXT}",
    "html": f"text/html{TEXT}",
    "ics": f"text/calendar{TEXT}",
    "js": f"text/javascript{TEXT}",
    "json": "application/json",
    "md": f"text/markdown{TEXT}",
    "opml": f"text/x-opml{TEXT}",
    "png": "image/png",
    "ris": f"application/x-research-info-systems{TEXT}",
    "svg": f"image/svg+xml{TEXT}",
    "txt": f"text/plain{TEXT}",
    "woff2": "font/woff2",
    "xml": f"application/xml{TEXT}",
}
NAMED = {"feed.json": "application/feed+json"}
OTHER = "application/octet-stream"
PACKED_ALREADY = ("png", "woff2")

# All that any page of the build may do; each page says more closely what it needs.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "worker-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class Site:
    """Answers GET and HEAD of every path with a file of the build in place.

    page gives the HTML that tells a status: 404, and 503 where no build is there yet.
    """

    def __init__(self, builds: Builds, bodies: Bodies, page: Callable[[int], bytes]) -> None:
        self.builds, self.bodies, self.page = builds, bodies, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = scope.get("raw_path") or quote(scope["path"]).encode()
        for _ in range(TRIES):
            found = self.builds.find(raw)
            if not isinstance(found, File):
                break
            try:
                body = await self.bodies.of(found, not found.path.endswith(PACKED_ALREADY))
            except FileNotFoundError:
                continue
            await _answer(scope, send, found, body)
            return
        if isinstance(found, Folder):
            await self._lead(scope, send, found)
        elif self.builds.current() is None:
            await self._tell(scope, send, 503, {"retry-after": "60"})
        else:
            await self._tell(scope, send, 404, {})

    async def _lead(self, scope: Scope, send: Send, folder: Folder) -> None:
        """Lead to a folder's page by a way below where one is, which never is another host."""
        query = scope["query_string"].decode("latin-1")
        where = f"./{quote(folder.name, safe='')}/{'?' if query else ''}{query}"
        headers = {"location": where, "cache-control": ASKED}
        await _send(scope, send, 301, headers, b"")

    async def _tell(self, scope: Scope, send: Send, status: int, headers: dict[str, str]) -> None:
        told = {"content-type": TYPES["html"], "cache-control": "no-store", **headers}
        await _send(scope, send, status, told, self.page(status))


def type_of(path: str) -> str:
    """The media type of a file by its name."""
    name = path.rpartition("/")[2]
    return NAMED.get(name) or TYPES.get(name.rpartition(".")[2], OTHER)


async def _answer(scope: Scope, send: Send, file: File, body: Body) -> None:
    asked = Headers(scope=scope)
    packed = bool(body.packed) and takes_gzip(asked.get("accept-encoding", ""))
    tag = f'"{body.tag}-gz"' if packed else f'"{body.tag}"'
    kind = type_of(file.path)
    headers = {
        "etag": tag,
        "cache-control": HOUR if kind.startswith(("image/", "font/")) else ASKED,
        "content-security-policy": POLICY,
        "cross-origin-resource-policy": "cross-origin",
        "vary": "Accept-Encoding",
    }
    if is_known(asked.getlist("if-none-match"), tag):
        await _send(scope, send, 304, headers, None)
        return
    headers |= {"content-type": kind} | ({"content-encoding": "gzip"} if packed else {})
    await _send(scope, send, 200, headers, body.packed if packed else body.plain)


async def _send(
    scope: Scope, send: Send, status: int, headers: dict[str, str], body: bytes | None
) -> None:
    if body is not None:
        headers = {**headers, "content-length": str(len(body))}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    shown = body if body and scope["method"] != "HEAD" else b""
    for at in range(0, max(len(shown), 1), PIECE):
        more = at + PIECE < len(shown)
        piece = shown[at : at + PIECE]
        await send({"type": "http.response.body", "body": piece, "more_body": more})


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding takes gzip: by its name, else by `*`, unless with a weight of 0."""
    weights: dict[str, float] = {}
    for item in accepted.lower().split(","):
        name, _, more = item.partition(";")
        key, _, value = more.replace(" ", "").partition("=")
        weights[name.strip()] = _weight(value) if key == "q" else 1.0
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def is_known(given: list[str], tag: str) -> bool:
    """Whether one of the tags of If-None-Match is this one; a proxy may have called it weak."""
    tags = [one.strip().removeprefix("W/") for line in given for one in line.split(",")]
    return tag in tags or "*" in tags
