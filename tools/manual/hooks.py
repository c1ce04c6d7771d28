"""What the manual's build does beside Markdown: folders in the nav, pages that are awaited, a search without a server."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

HEADING = re.compile(r"^# (.+)$", re.MULTILINE)


def on_config(config: Any) -> Any:
    """A folder in the nav becomes its pages by name; a page that is awaited stands there once it exists."""
    docs = Path(config["docs_dir"])
    awaited = {page for page in config["extra"]["awaited"] if not (docs / page).exists()}
    config["nav"] = [entry for part in config["nav"] for entry in _whole(part, docs, awaited)]
    return config


def on_post_build(config: Any) -> None:
    """The index as a script too: a page that is read from a disk may load no JSON."""
    folder = Path(config["site_dir"]) / "search"
    index = json.loads((folder / "search_index.json").read_text(encoding="utf-8"))
    # A page is there by its parts, of which its heading is the first; whole it would be found twice.
    parts = [part for part in index["docs"] if "#" in part["location"]]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    (folder / "index.js").write_text(f"globalThis.MANUAL = {text};\n", encoding="utf-8")
    for left in ("search/search_index.json", "search/main.js", "search/worker.js", "sitemap.xml", "sitemap.xml.gz"):  # fmt: skip
        (folder.parent / left).unlink()


def _whole(part: dict[str, Any], docs: Path, awaited: set[str]) -> list[dict[str, Any]]:
    """A part of the nav with its pages; none where it has no page yet."""
    ((title, pages),) = part.items()
    if isinstance(pages, str):
        names = sorted(page.relative_to(docs).as_posix() for page in (docs / pages).glob("*.md"))
        pages = [{_title(docs / name): name} for name in names]
    kept = [page for page in pages if not awaited & set(page.values())]
    return [{title: kept}] if kept else []


def _title(page: Path) -> str:
    """Its first heading."""
    found = HEADING.search(page.read_text(encoding="utf-8"))
    return found[1] if found else page.stem
