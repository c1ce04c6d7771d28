"""Build the wheel, install it alone into a fresh place, and run the program there as a user does.

No checkout, no development dependency and nothing of the environment is at hand: what the package
forgot to bring along is missed here. Asks a package index for the locked requirements, nobody else.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 15_000_000
PATIENCE = 600
TITLE = "The Wheel’s Own"
POST = "A vision transformer that was found on loopback"
# Run by the Python of the fresh place: the sources of a new paper become one feed, of this machine.
OWN_FEED = """
import sys
from pathlib import Path
from sundaypaper import config
from sundaypaper.config.writing import FeedsText
file, url = Path(sys.argv[1]), sys.argv[2]
count = len(config.load(file).sources)
feeds = FeedsText(file.read_text("utf-8"))
feeds.append("sources", {"kind": "feed", "name": "Loopback", "url": url, "group": "lab"})
feeds.remove(*(("sources", number) for number in range(count)))
feeds.set("network.allow_private", True)
file.write_text(feeds.text, "utf-8")
"""


def main() -> None:
    """All of it; ends with a sentence and status 1 where something is not as it should be."""
    with TemporaryDirectory(prefix="wheel-test-") as name:
        place = Path(name)
        wheel = built(place)
        size = wheel.stat().st_size
        need(size <= LARGEST, f"{wheel.name} has {size:,} bytes, which is over {LARGEST:,}")
        print(f"{wheel.name}: {size / 1e6:.1f} MB")
        installed(place, wheel)
        tried(place)
    print("the wheel alone runs demo, init, run and serve")


def built(place: Path) -> Path:
    """The wheel of this checkout."""
    call([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)], ROOT)
    (wheel,) = place.glob("*.whl")
    return wheel


def installed(place: Path, wheel: Path) -> None:
    """A fresh environment with the locked requirements, each by its hash, and the wheel."""
    uv = shutil.which("uv") or str(ROOT / ".tools" / "uv" / "bin" / "uv")
    python = str(place / "venv" / "bin" / "python")
    call([uv, "venv", "--quiet", "--python", sys.executable, str(place / "venv")], place)
    pip = [uv, "pip", "install", "--quiet", "--python", python]
    locked = ["--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")]
    # uv brings its own certificates; where a proxy has one of its own, only the system knows it.
    certificates = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
    done = subprocess.run([*pip, *locked], check=False, capture_output=True)
    if done.returncode:
        call([*pip, *locked], place, os.environ | certificates)
    call([*pip, "--offline", "--no-deps", str(wheel)], place)


def tried(place: Path) -> None:
    """The four commands, in a folder that is empty before, with a home of its own."""
    home, work = place / "home", place / "work"
    home.mkdir()
    work.mkdir()
    environ = {"HOME": str(home), "PATH": f"{place / 'venv' / 'bin'}:/usr/bin:/bin", "LANG": "C.UTF-8"}  # fmt: skip
    said = call(["sundaypaper", "demo"], work, environ)
    need("Three sample issues are printed" in said, f"demo printed no issues:\n{said}")
    call(["sundaypaper", "init", "paper", "--yes", "--no-check", "--title", TITLE, "--topics", "Vision: vision"], work, environ)  # fmt: skip
    with feed() as url:
        call(["python", "-c", OWN_FEED, "paper/feeds.yaml", url], work, environ)
        said = call(["sundaypaper", "--root", "paper", "run"], work, environ)
    need("Loopback" not in said, f"the feed of this machine was not read:\n{said}")
    with served(work, environ) as address, urlopen(address, timeout=30) as page:
        front = page.read().decode()
    need(TITLE in front, "the front page that is served lacks the title of the paper")
    need(POST in front, "the front page that is served lacks the post of the feed")
    paths = [Path(entry) for entry in call(["python", "-c", "import sys; print('\\n'.join(sys.path))"], work, environ).split()]  # fmt: skip
    need(not any(path.is_relative_to(ROOT) for path in paths), "the checkout was at hand")


@contextmanager
def feed() -> Iterator[str]:
    """The address of a feed with a post a day, at loopback."""
    now = datetime.now(UTC)
    posts = "".join(
        f"<item><title>{POST}, part {day}</title><link>https://loopback.example/{day}</link>"
        f"<guid>https://loopback.example/{day}</guid><description>Vision, told.</description>"
        f"<pubDate>{format_datetime(now - timedelta(days=day, hours=1))}</pubDate></item>"
        for day in range(14)
    )
    body = f"<rss version='2.0'><channel><title>L</title>{posts}</channel></rss>".encode()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what matters is asked afterwards."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/feed.xml"
        server.shutdown()


@contextmanager
def served(work: Path, environ: dict[str, str]) -> Iterator[str]:
    """The address at which `serve` says that it serves."""
    command = [shutil.which("sundaypaper", path=environ["PATH"]) or "", "--root", "paper", "serve", "--port", "0"]  # fmt: skip
    with subprocess.Popen(command, cwd=work, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # fmt: skip
        try:
            assert process.stdout
            lines: list[str] = []
            for line in process.stdout:
                lines.append(line)
                if found := re.search(r"http://127\.0\.0\.1:[1-9][0-9]*/?", line):
                    yield found[0]
                    break
            else:
                need(False, f"serve named no address:\n{''.join(lines)}")
        finally:
            process.terminate()


def call(command: Sequence[str], folder: Path, environ: dict[str, str] | None = None) -> str:
    """What a command says; the end of all where it fails."""
    program = shutil.which(command[0], path=(environ or os.environ)["PATH"]) or command[0]
    done = subprocess.run(
        [program, *command[1:]], cwd=folder, env=environ, check=False, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    said = done.stdout + done.stderr
    need(done.returncode == 0, f"`{' '.join(command[:6])}` ended with {done.returncode}:\n{said}")
    return said


def need(holds: bool, otherwise: str) -> None:
    """End with a sentence where something does not hold."""
    if not holds:
        sys.exit(otherwise)


if __name__ == "__main__":
    main()
