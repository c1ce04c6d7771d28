"""Checkers of pages from the npm registry, as tools/checks/setup installs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NoReturn

import pytest

MODULES = Path(__file__).parent.parent / "tools" / "checks" / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"


def _lack(what: str) -> NoReturn:
    if os.environ.get("SUNDAYPAPER_REQUIRE_BROWSER"):
        pytest.fail(f"{what} is missing, and SUNDAYPAPER_REQUIRE_BROWSER is set")
    pytest.skip(f"{what.upper()} IS MISSING: the pages were not checked with it; run tools/checks/setup")  # fmt: skip


def axe() -> str:
    """The script of axe-core; skipped loudly where it is not installed."""
    return AXE.read_text(encoding="utf-8") if AXE.exists() else _lack("axe-core")


def vnu(*given: str | Path) -> list[dict[str, Any]]:
    """What the Nu Html Checker says of files and folders; skipped loudly where it cannot run."""
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    java = shutil.which("java") or _lack("Java")
    if not jar.exists():
        _lack("vnu-jar")
    quick = ("-XX:TieredStopAtLevel=1", "-Xss8m")  # it runs for seconds, and its schema is deep
    command = [java, *quick, "-jar", str(jar), "--format", "json", *map(str, given)]
    done = subprocess.run(command, capture_output=True, check=False)
    return json.loads(done.stderr)["messages"]


def caniemail(mails: list[str]) -> list[list[dict[str, Any]]]:
    """What Gmail, Outlook and Apple Mail lack of each mail; skipped loudly where it cannot run.

    Each with client, support (errors: none, warnings: in part), title of the feature, and notes.
    """
    node = shutil.which("node") or _lack("Node.js")
    if not (MODULES / "caniemail").exists():
        _lack("caniemail")
    command = [node, str(MODULES.parent / "mail.mjs")]
    done = subprocess.run(command, input=json.dumps(mails), capture_output=True, check=True, text=True, encoding="utf-8")  # fmt: skip
    return json.loads(done.stdout)
