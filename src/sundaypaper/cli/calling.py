"""How things are called at this machine: this program, and what opens a page."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


def this_command() -> str:
    """How to call this program again from here: by its name where the shell finds it."""
    path = Path(sys.argv[0])
    if shutil.which(path.name) == str(path):
        return path.name
    if path.name == "__main__.py":
        return f"{Path(sys.executable).name} -m sundaypaper"
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def opened(page: Path) -> str:
    """The command of this system that opens a page."""
    return opened_on(sys.platform, os.environ, page)


def opened_on(platform: str, environ: Mapping[str, str], page: Path) -> str:
    """The command of a system that opens a page; where there is no screen, where the page lies."""
    if platform == "win32":
        return f'start "" "{page}"'
    if platform == "darwin":
        return f"open {shlex.quote(str(page))}"
    if any(environ.get(name) for name in SCREENS):
        return f"xdg-open {shlex.quote(str(page))}"
    return f"the pages begin at {page}"
