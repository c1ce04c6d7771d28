"""Where a paper may be published to, as one text: what it means, or why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from sundaypaper.forms import values as v

PAGES = "gh-pages"
REMOTE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+ -]*:")
OVER_SSH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9\[][A-Za-z0-9.:\]-]*:.+")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
FORMS = (
    "a folder, rsync://host/module/path, user@host:path, s3://bucket/prefix, gh-pages, "
    "gh-pages:REMOTE or remote:path of rclone"
)

Kind = Literal["folder", "rsync", "s3", "rclone", "git"]


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of place and where it is, as its program takes it; for git, the remote."""

    kind: Kind
    where: str


def target(text: str) -> Target:
    """The target that a text names; ValueError says what was expected.

    A name before a colon is a remote of rclone, with a user and @ before it a host reached by ssh.
    """
    if not text.strip() or CONTROL.search(text):
        raise ValueError(f"expected {FORMS}; found {v.shown(text)}")
    if text.startswith("-"):
        raise ValueError(f"{v.shown(text)} looks like an option; expected {FORMS}")
    if text == PAGES or text.startswith(f"{PAGES}:"):
        return Target("git", _remote(text.partition(":")[2] or "origin"))
    if scheme := SCHEME.match(text):
        return _address(text, scheme[1])
    if OVER_SSH.fullmatch(text):
        return Target("rsync", text.rstrip("/"))
    if REMOTE.match(text):
        return Target("rclone", text.rstrip("/"))
    return Target("folder", text)


def _address(text: str, scheme: str) -> Target:
    _refuse_password(text)
    parts = urlsplit(text)
    if scheme == "s3" and parts.netloc:
        return Target("s3", text.rstrip("/"))
    if scheme == "rsync" and parts.netloc and parts.path.strip("/"):
        return Target("rsync", text.rstrip("/"))
    raise ValueError(f"nothing can be published to {v.shown(text)}; expected {FORMS}")


def _remote(remote: str) -> str:
    """A remote of git: its name, an address or a path. ValueError for options and passwords."""
    if remote.startswith("-") or "::" in remote:
        raise ValueError(f"{v.shown(remote)} is no remote of git: give its name or its address")
    _refuse_password(remote)
    return remote


def _refuse_password(address: str) -> None:
    if "://" in address and urlsplit(address).password is not None:
        raise ValueError(
            "a password stands in this address: take it out. rsync reads it from the variable "
            "RSYNC_PASSWORD, git from its credential helper or a key of ssh (what is found here is "
            "not shown)"
        )
