"""Find a file of the published build by the path of a request.

output/site is a link to the build in place. It is followed once for each request, so that no answer
is made of two builds; the build before the last one is removed at any time.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

INDEX = "index.html"
# In a name these mean something to a file system, a proxy or a terminal.
REFUSED = re.compile(r"[/\\\x00-\x1f\x7f]")

Key = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class File:
    """A file of a build, and what tells it from any other and from itself after a change."""

    path: str
    key: Key


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with a page of its own, which was asked for without a slash at its end."""

    name: str


class Builds:
    """The builds to which a link leads in turn, as they are swapped."""

    def __init__(self, site: Path) -> None:
        self.site = os.fspath(site)

    def current(self) -> str | None:
        """The folder of the build in place; None where there is none yet."""
        try:
            return os.path.realpath(self.site, strict=True)
        except OSError:
            return None

    def find(self, raw_path: bytes) -> File | Folder | None:
        """What a path means in the build in place; None where it has no such page.

        Where the build is swapped and removed meanwhile, the one that took its place is asked.
        """
        names = names_of(raw_path)
        if names is None:
            return None
        build = self.current()
        while build is not None:
            found = _within(build, names)
            now = self.current() if found is None else build
            if now == build:
                return found
            build = now
        return None


def names_of(raw_path: bytes) -> tuple[str, ...] | None:
    """The names in a path as the request has it, each decoded once; the last is "" after a slash.

    None where one of them is no plain name: `..`, empty, with a slash or backslash in disguise.
    """
    first, *parts = raw_path.split(b"/")
    if first or not parts:
        return None
    try:
        names = tuple(unquote_to_bytes(part).decode() for part in parts)
    except UnicodeDecodeError:
        return None
    plain = all(names[:-1]) and not any(n in (".", "..") or REFUSED.search(n) for n in names)
    return names if plain else None


def _within(build: str, names: tuple[str, ...]) -> File | Folder | None:
    try:
        path = os.path.realpath(os.path.join(build, *names), strict=True)
        if path != build and not path.startswith(f"{build}{os.sep}"):
            return None  # a link leads out
        if not os.path.isdir(path):
            return _file(path) if names[-1] else None
        page = _within(build, (*[name for name in names if name], INDEX))
        return page if not names[-1] or page is None else Folder(names[-1])
    except OSError:
        return None


def _file(path: str) -> File | None:
    at = os.stat(path)
    return File(path, key_of(at)) if os.path.isfile(path) else None


def key_of(at: os.stat_result) -> Key:
    """What tells a file from others: builds link the same file, which keeps its key."""
    return at.st_dev, at.st_ino, at.st_mtime_ns, at.st_size
