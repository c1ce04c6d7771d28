"""Build a search bundle of rendered pages with Pagefind, which a browser reads without a server.

Pagefind's command line runs over just those pages. Its own user interface is left out: the search
page has one of its own. Pagefind lists the filters in a random order, so they are sorted: the same
pages give the same bundle.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import cbor2

from sundaypaper.errors import BuildError
from sundaypaper.models import Page

SECONDS = 600
MARK, FILTERS = 12, 3
LEFT_OUT = ("ui.js", "ui.css", "highlight.js", "wasm.unknown.pagefind")


def bundle(
    site: Path, files: Sequence[str], place: str, filters: Iterable[str] = ()
) -> tuple[Page, ...]:
    """The bundle over some pages of a build, below `place`; BuildError where Pagefind fails.

    filters are the names that readers may narrow by. Pagefind takes a name that none of its pages
    carries for no filter at all, so one more page, which is never found, carries them.

    It works in a folder beside the build, of the name of a build that is not done: should we be
    killed, the next run removes it.
    """
    with TemporaryDirectory(dir=site.parent, prefix=".search-", suffix=".part") as name:
        pages, out = Path(name) / "pages", Path(name) / "out"
        for file in files:
            _link(f"{site}/{file}", f"{pages}/{file}")
        _carry(pages / "filters.html", filters)
        _ask_pagefind(pages, out)
        _in_order(out)
        return tuple(
            Page(f"{place}/{file.relative_to(out).as_posix()}", file.read_bytes())
            for file in sorted(out.rglob("*"))
            if file.is_file() and not file.name.endswith(LEFT_OUT)
        )


def _carry(file: Path, filters: Iterable[str]) -> None:
    """Write a page that carries the filters, but not `entry`, which every search asks for."""
    names = ", ".join(f"{name}[data-y]" for name in filters)
    body = f'<p data-pagefind-body data-y="y" data-pagefind-filter="{names}">filters</p>'
    file.write_text(f'<!doctype html><html lang="en"><body>{body}</body></html>', encoding="utf-8")


def _ask_pagefind(pages: Path, out: Path) -> None:
    command = [sys.executable, "-m", "pagefind", "--site", str(pages), "--output-path", str(out)]
    command += ["--force-language", "en", "--keep-index-url", "--silent"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 a fixed command over our own files
    except (OSError, subprocess.TimeoutExpired) as bad:
        raise BuildError(f"the search index could not be made: {bad}") from bad
    if done.returncode or not (out / "pagefind-entry.json").is_file():
        lines = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        last = lines[-1] if lines else f"it ended with status {done.returncode}"
        raise BuildError(f"the search index could not be made: pagefind: {last}")


def _in_order(out: Path) -> None:
    """Sort the filters of the index's head, and name it by what it holds then.

    The head is gzip over a mark of twelve bytes and CBOR: version, pages, chunks of the index,
    filters, and what pages can be sorted by.
    """
    entry_file = out / "pagefind-entry.json"
    entry = json.loads(entry_file.read_text(encoding="utf-8"))
    for language in entry["languages"].values():
        old = out / f"pagefind.{language['hash']}.pf_meta"
        raw = gzip.decompress(old.read_bytes())
        mark, head = raw[:MARK], cbor2.loads(raw[MARK:])
        head[FILTERS].sort()
        settled = mark + cbor2.dumps(head)
        prefix = language["hash"].partition("_")[0]
        language["hash"] = f"{prefix}_{sha256(settled).hexdigest()[:10]}"
        old.unlink()
        new = out / f"pagefind.{language['hash']}.pf_meta"
        new.write_bytes(gzip.compress(settled, 9, mtime=0))
    entry_file.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")


def _link(old: str, new: str) -> None:
    os.makedirs(os.path.dirname(new), exist_ok=True)
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
