"""The line on real weeks: recall, politeness, repeats, faults, seconds and memory.

Needs SUNDAYPAPER_DATA (a folder with weeks/ and feeds/) and, beside it, replay/serve.py: a stand-in
for arXiv and the blogs on loopback. Usage: week.py [recall|faults|speed] …; all three by default.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

DATA = Path(
    os.environ.get("SUNDAYPAPER_DATA")
    or sys.exit("set SUNDAYPAPER_DATA to the folder of the real weeks")
)
SERVE = DATA.parent / "replay" / "serve.py"
COMMAND = Path(sys.executable).parent / "sundaypaper"
PORT = int(os.environ.get("SUNDAYPAPER_PORT", "8911"))
API = f"http://127.0.0.1:{PORT}"
CATEGORIES = ("cs.LG", "cs.CV", "cs.CL", "cs.AI", "cs.RO", "stat.ML")
WEEKS = (("2026-W10", "2026-03-08"), ("2026-W11", "2026-03-15"), ("2026-W12", "2026-03-22"))
HOSTS = 50


@contextmanager
def world(*options: str) -> Iterator[None]:
    """The stand-in, until it answers; stopped at the end."""
    papers = [str(DATA / "weeks" / f"{week}.jsonl.gz") for week, _ in WEEKS]
    command = [sys.executable, str(SERVE), "--papers", *papers, "--feeds", str(DATA / "feeds")]
    command += ["--port", str(PORT), "--hosts", str(HOSTS), *options]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                control("stats")
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def control(path: str) -> dict:
    """A word to the stand-in, and its counts."""
    with urllib.request.urlopen(f"{API}/control/{path}", timeout=60) as answer:
        return json.load(answer)


def root() -> Path:
    """A fresh root whose feeds.yaml names the stand-in for everything."""
    folder = Path(tempfile.mkdtemp(prefix="sundaypaper-"))
    names = sorted(json.loads((DATA / "feeds" / "index.json").read_text()))
    lines = [
        "network: {allow_private: true}",
        "sources:",
        f"  - {{kind: arxiv, name: arXiv, api_url: '{API}/api/query'}}",
    ]
    for n, name in enumerate(names):
        host = f"127.0.0.{n % HOSTS + 1}"
        url = f"http://{host}:{PORT}/feeds/{quote(name)}"
        lines.append(f"  - {{kind: feed, name: 'feed {n:03}', url: '{url}'}}")
    (folder / "feeds.yaml").write_text("\n".join(lines) + "\n")
    return folder


def run(folder: Path, week: str, day: str) -> tuple[int, str, float, float, int]:
    """One run: status, what it printed, wall seconds, CPU seconds, peak memory in MB."""
    began = time.monotonic()
    command = [str(COMMAND), "--root", str(folder), "--now", f"{day}T12:00:00Z", "run"]
    child = subprocess.Popen(
        [*command, "--week", week], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert child.stdout
    printed = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - began
    return (
        os.waitstatus_to_exitcode(status),
        printed,
        wall,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss // 1024,
    )


def listed(week: str) -> dict[str, str]:
    """What the files say of a week's papers in our categories: id -> announce."""
    with gzip.open(DATA / "weeks" / f"{week}.jsonl.gz", "rt") as lines:
        papers = [json.loads(line) for line in lines]
    return {
        f"arxiv:{p['id']}": p["announce"] for p in papers if set(p["categories"]) & set(CATEGORIES)
    }


def issue(folder: Path, week: str) -> dict:
    """A week's issue.json."""
    return json.loads((folder / "output/site/issues" / week / "issue.json").read_text())


def new_ids(folder: Path, week: str) -> set[str]:
    """The papers that the issue calls new."""
    entries = issue(folder, week)["entries"]
    return {e["id"] for e in entries if e["standing"] == "new" and e["kind"] == "paper"}


def build_digest(folder: Path) -> str:
    """One hash over all that is published."""
    digest = hashlib.sha256()
    site = (folder / "output" / "site").resolve()
    for file in sorted(p for p in site.rglob("*") if p.is_file()):
        digest.update(str(file.relative_to(site)).encode() + file.read_bytes())
    return digest.hexdigest()


def database_dump(folder: Path) -> list[str]:
    """All rows but the run log's."""
    with sqlite3.connect(folder / "paper.db") as db:
        return [line for line in db.iterdump() if '"runs"' not in line and "sqlite_seq" not in line]


def measure_recall() -> None:
    """Figures 1 to 3: three weeks in turn, each run twice at the same moment."""
    folder = root()
    seen: dict[str, str] = {}
    with world():
        for week, day in WEEKS:
            control(f"as-of?at={day}T12:00:00Z")
            before = control("stats")
            status, printed, wall, cpu, memory = run(folder, week, day)
            after = control("stats")
            truth, found = listed(week), new_ids(folder, week)
            wanted = {id for id, announce in truth.items() if announce == "new"}
            replaced = {id for id in found if truth.get(id) == "replaced"}
            doubled = {id for id in found if id in seen}
            seen |= dict.fromkeys(found, week)
            print(f"{week}: status {status}, recall {len(wanted & found)}/{len(wanted)}, new {len(found)}, "
                  f"replaced among them {len(replaced)}, in two weeks {len(doubled)}, "
                  f"API requests {after['api'] - before['api']}, {wall:.0f} s, CPU {cpu:.1f} s, {memory} MB")  # fmt: skip
            posts = [e for e in issue(folder, week)["entries"] if e["kind"] == "post"]
            failed = [r["source"] for r in issue(folder, week)["ledger"] if r["state"] == "failed"]
            print(f"  posts {len(posts)}, ledger {len(issue(folder, week)['ledger'])} sources, failed: {failed}")  # fmt: skip
            print("  " + "\n  ".join(printed.splitlines()[-14:]))
            rows, pages = database_dump(folder), build_digest(folder)
            before = control("stats")
            run(folder, week, day)
            after = control("stats")
            changed = len(set(rows) ^ set(database_dump(folder)))
            print(f"  again: API {after['api'] - before['api']}, feeds {after['feeds'] - before['feeds']}, "
                  f"not modified {after['not_modified'] - before['not_modified']}, rows changed {changed}, "
                  f"build {'same' if pages == build_digest(folder) else 'CHANGED'}")  # fmt: skip
        stats = control("stats")
    keys = ("too_soon", "shortest_api_gap_s", "api_concurrent_max", "host_concurrent_max")
    print({key: stats[key] for key in keys})
    shutil.rmtree(folder)


def measure_faults() -> None:
    """Figure 4: a third of all answers wrong, five seeds, then a run without faults."""
    faults = "503=0.1 429=0.05 empty=0.05 cut=0.05 html=0.05 throttle=0.05".split()
    week, day = WEEKS[0]
    for seed in range(1, 6):
        folder = root()
        with world("--fault", *faults, "--seed", str(seed), "--as-of", f"{day}T12:00:00Z"):
            status, _, wall, *_ = run(folder, week, day)
            wanted = {id for id, announce in listed(week).items() if announce == "new"}
            found = new_ids(folder, week)
            missing = [s for r in issue(folder, week)["ledger"] for s in r["missing"]]
            print(f"seed {seed}: status {status}, recall {len(wanted & found)}/{len(wanted)}, "
                  f"{wall:.0f} s, missing {missing}, too soon {control('stats')['too_soon']}")  # fmt: skip
            control("fault?" + "&".join(f"{f.split('=')[0]}=0" for f in faults))
            status, *_ = run(folder, week, day)
            print(f"  then without faults: status {status}, recall {len(wanted & new_ids(folder, week))}/{len(wanted)}")  # fmt: skip
        shutil.rmtree(folder)


def measure_speed(times: int = 2) -> None:
    """Figure 5: the biggest week and all feeds from an empty store to a published build."""
    week, day = WEEKS[2]
    with world("--min-interval", "0", "--as-of", f"{day}T12:00:00Z"):
        for _ in range(times):
            folder = root()
            status, printed, wall, cpu, memory = run(folder, week, day)
            steps = [line for line in printed.splitlines() if " s  " in line]
            print(f"status {status}, wall {wall:.1f} s, CPU {cpu:.1f} s, {memory} MB")
            print("  " + "\n  ".join(steps))
            shutil.rmtree(folder)


MEASURES = {"recall": measure_recall, "faults": measure_faults, "speed": measure_speed}

if __name__ == "__main__":
    for name in sys.argv[1:] or MEASURES:
        print(f"== {name}")
        MEASURES[name]()
