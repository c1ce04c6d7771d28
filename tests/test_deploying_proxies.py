"""nginx and Caddy before the app, by the files that are laid for them; skipped where they are not."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from asking import write_build
from loopback import Answer, Loopback
from mail_servers import certificate
from processes import free_port, serving
from sample_issue import sample_issue
from sundaypaper.delivery.readers import Readers
from sundaypaper.pipeline.deploying import deployment_files
from sundaypaper.store import Store
from test_deploying import PLACE

STARTS = 30.0  # seconds
LIES = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "ftp",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
}


@dataclass(frozen=True)
class Proxy:
    """A proxy on loopback: a client that does not check who it is, and the folder of its logs."""

    client: httpx.Client
    folder: Path


def changed(text: str, *turns: tuple[str, str]) -> str:
    """The text with each first replaced by its second; every one must be there."""
    for old, new in turns:
        assert old in text, old
        text = text.replace(old, new)
    return text


def nginx(folder: Path, port: int, upstream: int) -> list[str]:
    """The words that start nginx by the file that is laid for it, at other ports."""
    own = certificate(folder, "DNS:localhost")
    text = changed(
        deployment_files("nginx", PLACE)["sundaypaper.conf"].decode(),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{upstream};"),
        ("/etc/letsencrypt/live/paper.example.org/fullchain.pem", str(own.path)),
        ("/etc/letsencrypt/live/paper.example.org/privkey.pem", str(own.key)),
    )
    (folder / "paper.conf").write_text(text)
    kept = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{name}_temp_path {folder}/{name};" for name in kept)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log {folder}/access.log; {temporary} include {folder}/paper.conf; }}\n"
    )
    return ["-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, upstream: int) -> list[str]:
    """The words that start Caddy by the file that is laid for it, with a certificate of its own."""
    own = "admin off\n\tskip_install_trust\n\tauto_https disable_redirects"
    text = changed(
        deployment_files("caddy", PLACE)["Caddyfile"].decode(),
        ("{\n\tservers {", f"{{\n\t{own}\n\tservers {{"),
        ("paper.example.org {", f"https://localhost:{port} {{\n\ttls internal"),
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
    )
    (folder / "Caddyfile").write_text(text)
    return ["run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


PROXIES: dict[str, Callable[[Path, int, int], list[str]]] = {"nginx": nginx, "caddy": caddy}


def binary(name: str) -> str:
    """Where a proxy lies; a Debian keeps nginx where not everybody looks."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if not found:
        pytest.skip(f"NO {name.upper()}: the file that is laid for it is NOT TRIED. Install it.")
    return found


@contextmanager
def proxied(name: str, folder: Path, upstream: int) -> Iterator[Proxy]:
    """A proxy that runs before an upstream, and has ended when this is left."""
    port = free_port()
    words = [binary(name), *PROXIES[name](folder, port, upstream)]
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "out.log").open("w") as log:
        running = subprocess.Popen(words, stdout=log, stderr=log, env=os.environ | home)
        client = httpx.Client(base_url=f"https://localhost:{port}", verify=False, trust_env=False)
        try:
            _wait(client, running, folder)
            yield Proxy(client, folder)
        finally:
            client.close()
            running.terminate()
            running.wait(STARTS)


def _wait(client: httpx.Client, running: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + STARTS
    while running.poll() is None and time.monotonic() < end:
        try:
            client.get("/mails/")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError((folder / "out.log").read_text())


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """A small paper, served to a proxy of this machine: its root, and its port."""
    root, port = tmp_path_factory.mktemp("served"), free_port()
    (root / "feeds.yaml").write_text(
        "sources: [{kind: arxiv}]\nbase_url: https://paper.example.org/\nweb: {proxies: [127.0.0.1]}\n"
    )
    write_build(root, "one", index_html="<p>the paper " + "word " * 4000)
    with Store(root / "paper.db") as store:
        store.keep_issue(replace(sample_issue(20), state="frozen"))
    with (root / "log.txt").open("w") as log, serving(root, port, log):
        yield root, port


@pytest.fixture(scope="module", params=PROXIES)
def front(
    request: pytest.FixtureRequest,
    paper: tuple[Path, int],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Proxy]:
    """Each proxy before the paper."""
    folder = tmp_path_factory.mktemp(request.param)
    with proxied(request.param, folder, paper[1]) as proxy:
        yield proxy


@pytest.mark.parametrize("name", PROXIES)
def test_what_a_client_says_of_its_address_is_thrown_away(name: str, tmp_path: Path) -> None:
    """The app hears of the address that the proxy saw, and of no other."""
    with Loopback({"/": Answer()}) as app, proxied(name, tmp_path, app.port) as proxy:
        assert proxy.client.get("/", headers=LIES).status_code == 200
        asked = [one for one in app.asked if one.path == "/"]
    assert [one.headers["x-forwarded-for"] for one in asked] == ["127.0.0.1"]
    assert asked[0].headers["x-forwarded-proto"] == "https"
    assert not {"forwarded", "x-real-ip"} & set(asked[0].headers)


@pytest.mark.parametrize("name", PROXIES)
def test_figures_and_mails_are_for_the_machine_alone(name: str, tmp_path: Path) -> None:
    """However they are spelled, the proxy does not even ask for them."""
    spelled = ("/metrics", "/metrics/", "/%6detrics", "//metrics", "/x/../metrics", "/mails/1.eml")
    with Loopback({"/": Answer()}) as app, proxied(name, tmp_path, app.port) as proxy:
        base = str(proxy.client.base_url)
        assert [proxy.client.get(f"{base}{path}").status_code for path in spelled] == [404] * 6
        assert app.paths() == []


def test_pages_come_small_and_only_once(front: Proxy) -> None:
    """The app's compression and tags reach the browser as they are."""
    page = front.client.get("/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    assert int(page.headers["content-length"]) < len(page.content) / 10
    again = {"If-None-Match": page.headers["etag"], "Accept-Encoding": "gzip"}
    assert front.client.get("/", headers=again).status_code == 304


def test_a_body_that_no_form_has_is_refused_with_413(front: Proxy) -> None:
    """A little too much is told by the app, far too much by whoever sees it first."""
    for size in (20_000, 100_000):
        told = front.client.post("/subscribe/", data={"address": "x" * size})
        assert told.status_code == 413, size


def test_one_click_leaves_through_the_proxy_and_is_in_no_log(
    front: Proxy, paper: tuple[Path, int]
) -> None:
    """A mail program's POST ends the subscription; its address, which is a key, is kept nowhere."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    with Readers(paper[0] / "readers.db", os.urandom) as readers:
        ada, _ = readers.add("ada@lab.example", consent="asked by mail", now=now, again=True)
        form = {"List-Unsubscribe": "One-Click"}
        assert front.client.post(f"/leave/{ada.token}", data=form).status_code == 200
        assert [who.state for who in readers.subscribers()] == ["left"]
    for log in front.folder.glob("*.log"):
        assert ada.token not in log.read_text()
