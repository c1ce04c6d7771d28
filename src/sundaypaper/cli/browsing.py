"""`sundaypaper browse`: serves the pages of this root over HTTP on this machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sundaypaper.errors import BuildError


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and logs no requests."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the pages are served to this machine only."""


def browse(site: Path, port: int, say: Callable[[str], None]) -> None:
    """Serve a folder on loopback until the user stops it; BuildError where that cannot be."""
    if not (site / "index.html").exists():
        raise BuildError(f"{site}: there are no pages yet; `sundaypaper run` makes them")
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=str(site)))
    except OSError as bad:
        raise BuildError(f"port {port} cannot be used: {bad.strerror or bad}; name another with --port") from bad  # fmt: skip
    with server:
        say(f"http://127.0.0.1:{server.server_port}/ shows {site}; Ctrl-C ends it")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("ended")
