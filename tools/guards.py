"""Take out each guard that a promise stands on, and demand that a test of it fails.

    tests/hard/guards.toml | Guard | a copy of the tree without the guard | pytest: red

A guard that is taken out without a test failing, a text that is not there any more, and a test that
fails although nothing was taken out are all faults; the exit status is then 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from queue import SimpleQueue

ROOT = Path.cwd()
GUARDS = Path("tests/hard/guards.toml")
PARTS = ("src", "tests", "templates", "tools", "benchmarks", "feeds.yaml", "pyproject.toml", "docs")
PASSED, FAILED = 0, 1  # pytest's own exit statuses; all others say that no test was judged
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard: promise is a number of T1 to T40 or a name; old is replaced by new in file."""

    promise: str
    says: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def guards(text: str) -> tuple[Guard, ...]:
    """The guards of a file of them; ValueError says which one is not whole."""
    names = {field.name for field in fields(Guard)}
    found = []
    for number, table in enumerate(tomllib.loads(text).get("guard", []), 1):
        if table.keys() != names or not table["tests"]:
            raise ValueError(f"guard {number} needs exactly {', '.join(sorted(names))}, and a test")
        found.append(Guard(**{**table, "tests": tuple(table["tests"])}))
    return tuple(found)


def without(guard: Guard, text: str) -> str:
    """A file's text without the guard; ValueError where its text does not stand there once."""
    if (times := text.count(guard.old)) != 1:
        raise ValueError(f"{guard.file}: the text of the guard stands there {times} times")
    return text.replace(guard.old, guard.new)


def take_out(guard: Guard, tree: Path) -> str:
    """Why a guard is not held by its tests, empty where it is; the tree is as before afterwards."""
    path = tree / guard.file
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(without(guard, text), encoding="utf-8")
        status, words = _pytest(guard.tests, tree)
    except ValueError as bad:
        return str(bad)
    finally:
        path.write_text(text, encoding="utf-8")
    if status == FAILED:
        return ""
    return "no test failed" if status == PASSED else f"pytest ended with {status}: {words[-400:]}"


def _pytest(tests: Iterable[str], tree: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environ = {**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    environ.pop("PYTEST_ADDOPTS", None)
    try:
        done = subprocess.run(
            command, cwd=tree, env=environ, capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return FAILED, f"no end within {SECONDS} seconds"
    return done.returncode, done.stdout + done.stderr


def _copy(into: Path) -> Path:
    """A copy of the tree in which guards can be taken out."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, into / part, ignore=shutil.ignore_patterns("__pycache__", "node_modules"), symlinks=True)  # fmt: skip
        elif (ROOT / part).exists():
            shutil.copy(ROOT / part, into / part)
    modules = ROOT / "tools/checks/node_modules"
    if modules.exists():
        (into / "tools/checks/node_modules").symlink_to(modules.resolve())
    return into


def judged(chosen: tuple[Guard, ...], jobs: int) -> Iterator[tuple[Guard, str]]:
    """Each guard with why it is not held, empty where it is; several copies of the tree at once."""
    with tempfile.TemporaryDirectory() as folder:
        trees = [_copy(Path(folder) / str(number)) for number in range(jobs)]
        status, words = _pytest(
            sorted({test for guard in chosen for test in guard.tests}), trees[0]
        )
        if status != PASSED:
            raise SystemExit(f"with all guards in place the tests must pass:\n{words[-3000:]}")

        free: SimpleQueue[Path] = SimpleQueue()
        for tree in trees:
            free.put(tree)

        def judge(guard: Guard) -> str:
            tree = free.get()
            try:
                return take_out(guard, tree)
            finally:
                free.put(tree)

        with ThreadPoolExecutor(jobs) as pool:
            yield from zip(chosen, pool.map(judge, chosen), strict=True)


def main() -> int:
    """Take out the guards of a file, all or those of the promises named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, default=GUARDS)
    parser.add_argument("--promise", action="append", help="only the guards of this promise")
    parser.add_argument("--jobs", type=int, default=1, help="copies of the tree at work at once")
    options = parser.parse_args()
    every = guards(options.file.read_text(encoding="utf-8"))
    chosen = tuple(g for g in every if not options.promise or g.promise in options.promise)
    if not chosen:
        print("no guard of that name", file=sys.stderr)
        return 2
    survived = 0
    for guard, why in judged(chosen, max(1, options.jobs)):
        survived += bool(why)
        print(f"{'SURVIVES' if why else 'held    '}  {guard.promise:<14} {guard.says}" + (f"\n          {why}" if why else ""), flush=True)  # fmt: skip
    print(f"{len(chosen) - survived} of {len(chosen)} guards are held by their tests")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
