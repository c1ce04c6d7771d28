"""Whether a change of the code changed what is published, file by file, on three real weeks.

`same_bytes.py make FOLDER [CHECKOUT]` prints 2026-W10 to W12 from nothing with the code of a checkout
(this one where none is named) and leaves the pages, issue.json and all else that was published in
FOLDER. `same_bytes.py compare BEFORE AFTER` names the files that differ, by kind with the first
differing piece; status 1 where there are any. A checkout of an older commit is made with
`git worktree add FOLDER COMMIT`. Needs SUNDAYPAPER_DATA, as week.py does; three minutes a run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
SHOWN = 10
AROUND = 60


def make(folder: Path, checkout: Path) -> None:
    """Print the weeks in turn with the code of a checkout, and keep what was published."""
    from week import WEEKS, control, root, world  # ends the program without SUNDAYPAPER_DATA

    paper = root()
    with world("--min-interval", "0"):
        for week, day in WEEKS:
            control(f"as-of?at={day}T12:00:00Z")
            words = ["--root", str(paper), "--now", f"{day}T12:00:00Z", "run", "--week", week]
            subprocess.run(
                [sys.executable, "-m", "sundaypaper", *words],
                env={**os.environ, "PYTHONPATH": str(checkout / "src")},
                check=True,
            )
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree((paper / "output" / "site").resolve(), folder)
    shutil.rmtree(paper)


def compare(before: Path, after: Path) -> int:
    """Name every file that is not the same, those of one kind together."""
    old, new = _files(before), _files(after)
    print(f"{len(old)} files before, {len(new)} after")
    kinds: dict[str, list[str]] = {}
    for path in sorted(old.keys() | new.keys()):
        if said := _difference(old.get(path), new.get(path)):
            kinds.setdefault(_kind(path), []).append(f"{path}: {said}")
    for kind, rows in kinds.items():
        print(f"{kind}: {len(rows)} differ")
        print("  " + "\n  ".join(rows[:SHOWN]))
    if not kinds:
        print("all are the same bytes")
    return int(bool(kinds))


def _files(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        sys.exit(f"{folder}: there is no such folder; `make` makes it")
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def _kind(path: str) -> str:
    """`issues/index.html` of `issues/2026-W10/index.html`: pages of one kind differ alike."""
    first, _, rest = path.partition("/")
    return f"{first}/{rest.rpartition('/')[2]}" if rest and first != "search" else first


def _difference(old: bytes | None, new: bytes | None) -> str:
    """What differs first, with what stands around it; empty where both are the same."""
    if old == new:
        return ""
    if old is None or new is None:
        return "only after" if old is None else "only before"
    at = next(_unlike(old, new), min(len(old), len(new)))
    part = slice(max(0, at - AROUND), at + AROUND)
    return f"byte {at}: {old[part].decode(errors='replace')!r} -> {new[part].decode(errors='replace')!r}"


def _unlike(old: bytes, new: bytes) -> Iterator[int]:
    return (at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", folder, *checkout]:
            make(Path(folder), Path(checkout[0]).resolve() if checkout else HERE)
        case ["compare", before, after]:
            sys.exit(compare(Path(before), Path(after)))
        case _:
            sys.exit(__doc__)
