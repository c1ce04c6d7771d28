"""Make the README's moving picture, docs/demo.svg, from a real run of `sundaypaper demo`: what it printed, when.

An SVG with a style sheet: each line appears when it appeared, and all stand where motion is not wanted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
COMMAND = "sundaypaper demo"
TYPED = 1.2  # seconds in which the command is typed
REST = 6.0  # seconds for which all stands at the end
ROW, LEFT, TOP, WIDTH, COLUMNS = 19, 18, 46, 860, 98
STYLE = """\
text { font: 13.5px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  fill: #ebe6da; white-space: pre; }
.typed { fill: #e9ae84; } .week { font-weight: bold; } .soft { fill: #aca596; } .warn { fill: #f3e3b3; }
@media (prefers-reduced-motion: no-preference) { .line { opacity: 0; animation: 1s infinite; } }
"""


def recorded() -> list[tuple[float, str]]:
    """The lines of a run, each with the seconds since its start."""
    with TemporaryDirectory() as folder:
        began = time.monotonic()
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("sundaypaper")), "demo"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "COLUMNS": str(COLUMNS),
                "PYTHONUNBUFFERED": "1",
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            },
            text=True,
        )
        assert process.stdout is not None
        lines = [(time.monotonic() - began, line.rstrip("\n")) for line in process.stdout]
        if process.wait():
            raise SystemExit("the demo failed:\n" + "\n".join(line for _, line in lines))
    return lines


def drawn(lines: list[tuple[float, str]]) -> str:
    """The picture of a run."""
    rows = [(0.0, f"$ {COMMAND}", "typed")]
    rows += [(TYPED + at, line[:COLUMNS], _kind(line)) for at, line in lines]
    whole = rows[-1][0] + REST
    height = TOP + ROW * len(rows) + 14
    rules, texts = [], []
    for number, (at, line, kind) in enumerate(rows):
        share = 100 * at / whole
        rules.append(
            f"@keyframes l{number} {{ 0%, {share:.2f}% {{ opacity: 0 }} {share + 0.01:.2f}%, 100% {{ opacity: 1 }} }} "
            f".l{number} {{ animation-name: l{number} !important; animation-duration: {whole:.1f}s !important; }}"
        )
        place = f'x="{LEFT}" y="{TOP + ROW * number}"'
        texts.append(f'<text class="line l{number} {kind}" {place}>{escape(line)}</text>')
    still = "\n".join(rules)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-label="The command {COMMAND} prints three sample issues in {lines[-1][0]:.0f} seconds">\n'
        f"<style>{STYLE}@media (prefers-reduced-motion: no-preference) {{\n{still}\n}}</style>\n"
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#171613"/>\n'
        '<g fill="#5b574e"><circle cx="20" cy="18" r="5"/><circle cx="38" cy="18" r="5"/><circle cx="56" cy="18" r="5"/></g>\n'
        + "\n".join(texts)
        + "\n</svg>\n"
    )


def _kind(line: str) -> str:
    if line.startswith("  !"):
        return "warn"
    if " is printed" in line or line.startswith("2026-W"):
        return "week"
    return "soft" if line[:1].islower() else ""


def main() -> None:
    """Record and draw; the picture says how long it took on this machine."""
    lines = recorded()
    (ROOT / "docs" / "demo.svg").write_text(drawn(lines), encoding="utf-8")
    print(f"docs/demo.svg: {len(lines)} lines in {lines[-1][0]:.1f} s")


if __name__ == "__main__":
    main()
