"""`/metrics`: figures in Prometheus' format, to those whom feeds.yaml names and to nobody else."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from asking import World, ask, run, write_build
from readers_weeks import issue
from sundaypaper import config
from sundaypaper.config.web_settings import WebEntry
from sundaypaper.delivery import Readers
from sundaypaper.errors import ConfigError
from sundaypaper.store import Run, Store
from sundaypaper.web import watched as watched_module
from sundaypaper.web.app import app
from sundaypaper.web.metrics import Figures
from sundaypaper.web.watched import KEPT, Watched

HERE, LAN, STRANGER = "127.0.0.1", "10.0.0.7", "203.0.113.9"
SUNDAY = datetime(2026, 3, 1, 8, tzinfo=UTC)
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A paper whose W09 is printed, on the Sunday of W10 at noon: it is late by then."""
    write_build(tmp_path, "first", index_html="<p>front")
    with Store(tmp_path / "paper.db") as store:
        store.keep_issue(replace(issue("2026-W09"), composed=SUNDAY))
        store.log_run(Run(SUNDAY, SUNDAY, "2026-W09", 0, 30.0, {}))
    return World(tmp_path)


def admit(world: World, *networks: str, proxies: tuple[str, ...] = ()) -> None:
    """feeds.yaml names who may look."""
    web = WebEntry(metrics=networks, proxies=proxies)
    world.config = replace(world.config, web=web)


def figures_of(answer: httpx.Response) -> dict[str, float]:
    """Each figure with its labels, and its value."""
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_by_default_there_are_no_figures(world: World) -> None:
    """Not even for this machine: whoever puts a proxy before the app makes everybody come from it."""
    assert ask(app(world.here()), "/metrics", peer=HERE).status_code == 404


@pytest.mark.parametrize(
    ("peer", "status"),
    [(HERE, 200), (LAN, 404), (STRANGER, 404), ("::1", 200), ("::ffff:127.0.0.1", 200)],
)
def test_true_admits_this_machine_alone(
    world: World, tmp_path: Path, peer: str, status: int
) -> None:
    """However its address is spelled."""
    file = tmp_path / "feeds.yaml"
    file.write_text("sources: [{kind: arxiv}]\nweb: {metrics: true}\n")
    admit(world, *config.load(file).web.metrics)
    assert ask(app(world.here()), "/metrics", peer=peer).status_code == status


def test_a_network_is_admitted_and_what_a_proxy_passed_on_is_not(world: World) -> None:
    """Behind a proxy each request comes from the proxy, believed or not."""
    admit(world, "10.0.0.0/24", proxies=("10.0.0.2",))
    web = app(world.here())
    assert ask(web, "/metrics", peer=LAN).status_code == 200
    assert ask(web, "/metrics", peer=STRANGER).status_code == 404
    for peer in (LAN, "10.0.0.2"):
        for name in ("x-forwarded-for", "forwarded", "x-real-ip", "via"):
            headers = {name: STRANGER}
            assert ask(web, "/metrics", peer=peer, headers=headers).status_code == 404
    headers = {"x-forwarded-for": LAN}  # a stranger may write so to a proxy that appends
    assert ask(web, "/metrics", peer="10.0.0.2", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("value", "told"),
    [("[0.0.0.0/0]", "as good as everybody"), ("maybe", "expected the IP of a machine"), ("{a: b}", "expected true or a list")],
)  # fmt: skip
def test_the_whole_world_is_no_network(tmp_path: Path, value: str, told: str) -> None:
    """As for proxies."""
    file = tmp_path / "feeds.yaml"
    file.write_text(f"sources: [{{kind: arxiv}}]\nweb: {{metrics: {value}}}\n")
    with pytest.raises(ConfigError, match=told):
        config.load(file)


def test_the_figures_say_how_the_paper_stands(world: World) -> None:
    """It is late, four hours after its time."""
    admit(world, HERE)
    answer = ask(app(world.here()), "/metrics", peer=HERE)
    assert answer.headers["content-type"] == TEXT
    found = figures_of(answer)
    assert found["sundaypaper_late"] == 1
    assert found['sundaypaper_troubles{part="issue"}'] == 1
    assert found['sundaypaper_troubles{part="mail"}'] == 0
    assert found["sundaypaper_issue_timestamp_seconds"] == SUNDAY.timestamp()
    assert found["sundaypaper_issue_age_seconds"] == (7 * 24 + 4) * 3600
    assert found["sundaypaper_watched"] == 1
    assert found["sundaypaper_disk_free_bytes"] > 0


def test_answers_are_counted_by_class_and_nothing_that_was_asked_is_kept(world: World) -> None:
    """A label that a request chooses would grow without end, and may be somebody's secret."""
    admit(world, HERE)
    web = app(world.here())
    for path in ("/", "/p/secret-token", "/index.html?q=secret", "/%2f"):
        ask(web, path)
    answer = ask(web, "/metrics", peer=HERE)
    found = figures_of(answer)
    assert found['sundaypaper_requests_total{status="2xx"}'] == 2
    assert found['sundaypaper_requests_total{status="4xx"}'] == 2
    assert found["sundaypaper_request_seconds_count"] == 4
    assert "secret" not in answer.text
    assert set(re.findall(r"(\w+)=", answer.text)) == {"status", "le", "version", "part"}


def test_a_paper_that_cannot_be_looked_at_has_no_figures_of_before(world: World) -> None:
    """A late paper must not look well because its database broke."""
    admit(world, HERE)
    web = app(world.here())
    assert "sundaypaper_late" in figures_of(ask(web, "/metrics", peer=HERE))
    (world.root / "paper.db").write_bytes(b"no database at all, for whoever looks")
    world.seconds = KEPT
    found = figures_of(ask(web, "/metrics", peer=HERE))
    assert found["sundaypaper_watched"] == 0
    assert "sundaypaper_late" not in found


def test_the_paper_is_looked_at_every_five_minutes_however_many_ask(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look reads the whole database."""
    looks: list[Any] = []
    monkeypatch.setattr(watched_module, "look", lambda *_: looks.append(1))
    watched = Watched(world.here())

    async def asked() -> None:
        await asyncio.gather(*(watched.seen(5.0) for _ in range(20)))

    run(asked())
    world.seconds = KEPT - 1
    run(asked())
    assert len(looks) == 1
    world.seconds = KEPT
    run(asked())
    assert len(looks) == 2


def test_who_asks_does_not_wait_for_a_look_that_is_held_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that writes may hold it up; the health is told all the same."""

    async def never(*_: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(watched_module, "run_in_threadpool", never)
    answer = ask(app(world.here()), "/healthz")
    assert answer.json()["paper"] == "not known"


def test_a_late_paper_is_said_by_the_health_and_fails_it_not(world: World) -> None:
    """Whoever begins a sick program anew would do so all Sunday."""
    Readers(world.root / "readers.db", bytes).close()
    answer = ask(app(world.here()), "/healthz")
    assert (answer.status_code, answer.json()["well"]) == (200, True)
    assert answer.json()["paper"] == "late"


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed here")
def test_prometheus_own_tool_finds_no_fault(world: World) -> None:
    """`promtool check metrics` reads the format and knows the rules for names."""
    admit(world, HERE)
    text = ask(app(world.here()), "/metrics", peer=HERE).content
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_odd_status_is_counted_somewhere() -> None:
    """None of ours; no request may end in an error of the counting."""
    figures = Figures()
    for status in (0, 99, 600, 999):
        figures.answered(status, 0.1)
    text = figures.text(None, None).decode()
    assert 'sundaypaper_requests_total{status="5xx"} 2.0' in text
