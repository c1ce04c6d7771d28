"""A paper on disk with readers, and builds that are swapped under the app."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from processes import command

WEEK = "2026-W47"
FEEDS = """\
base_url: http://127.0.0.1:{port}/
delivery:
  kind: smtp
  from: Sunday Paper <paper@paper.example>
  server: {{host: 127.0.0.1, port: {smtp}, tls: none}}
  a_second: {a_second}
web:
  proxies: [127.0.0.1]
"""
WISHES = (
    "",
    "topic:vision",
    "topic:reasoning-agents",
    "topic:language-models has:code",
    "diffusion",
)


def do(root: Path, *words: str) -> str:
    """Run `sundaypaper` to its end; what it printed. The benchmark ends where it fails."""
    done = subprocess.run(command(root, *words), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"sundaypaper {' '.join(words)}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return done.stdout


def make_paper(folder: Path, port: int, smtp: int, a_second: int, readers: int) -> Path:
    """The three sample issues with so many readers, as `sundaypaper` makes them; the root."""
    do(folder, "demo")
    root = folder / "demo"
    with (root / "feeds.yaml").open("a") as feeds:
        feeds.write(FEEDS.format(port=port, smtp=smtp, a_second=a_second))
    rows = (f'reader{n}@d{n % 97}.example,"{WISHES[n % len(WISHES)]}",' for n in range(readers))
    (root / "people.csv").write_text("\n".join(["address,filter,edition", *rows]))
    do(root, "subscribers", "import", str(root / "people.csv"), "--consent", "benchmark")
    return root


class Swapper:
    """Swaps the published build for a next one, and removes the one before the last.

    As publishing a new week does: pages of entries, authors and earlier weeks are linked, and all
    others written anew.
    """

    LINKED = ("e", "authors", "issues", "api")

    def __init__(self, output: Path) -> None:
        self.output, self.count, self.stale = output, 0, list[Path]()

    def swap(self) -> None:
        """Put the next build in place by one rename of the link."""
        site = self.output / "site"
        self.count += 1
        fresh = self.output / "builds" / f"bench-{self.count}"
        old = site.resolve()
        shutil.copytree(old, fresh, copy_function=lambda a, b: self._copy(old, Path(a), Path(b)))
        link = self.output / ".site.bench"
        link.symlink_to(fresh)
        link.replace(site)
        self.stale.append(fresh)
        if len(self.stale) > 2:
            shutil.rmtree(self.stale.pop(0))

    def _copy(self, old: Path, source: Path, target: Path) -> None:
        if source.relative_to(old).parts[0] in self.LINKED:
            target.hardlink_to(source)
        else:
            shutil.copyfile(source, target)
