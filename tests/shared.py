"""What is made once a run of the suite and then only looked at, whoever of its workers comes first."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first worker fills; the others wait for it. Nobody may change it."""
    base = folders.getbasetemp()
    home = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, made = home / f"shared-{name}", home / f"shared-{name}.made"
    with (home / f"shared-{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            made.touch()
    return folder


def print_demo(folder: Path) -> None:
    """`sundaypaper demo` as a user runs it, in a process of its own; its output in demo.txt."""
    command = [sys.executable, "-m", "sundaypaper", "--root", str(folder), "demo"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (folder / "demo" / "demo.txt").write_text(done.stdout)
