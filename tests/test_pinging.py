"""A service elsewhere hears of good runs, and nobody hears its address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loopback import Answer, Asked, Loopback, Raw
from sundaypaper.config import load
from sundaypaper.errors import ConfigError
from sundaypaper.net import Net
from sundaypaper.pipeline.pinging import address_of, once, ping
from terminal import typed

SECRET = "/ping/5f2c-secret"
FEEDS = "network: {allow_private: true}\nsources: [{kind: bundle, name: Shelf, path: shelf, use: news}]\n"


class Clock:
    """A clock that moves on by each look at it."""

    def __init__(self, step: float = 0.0) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def net(private: bool = True, step: float = 0.0) -> Net:
    """A way out to this machine, whose clock takes such steps."""
    return Net(
        user_agent="test", allow_private=private, monotonic=Clock(step), sleep=lambda _: None
    )


def test_a_good_run_is_told_by_a_get(tmp_path: Path) -> None:
    """As healthchecks.io, Uptime Kuma and Dead Man's Snitch have it."""
    told: list[str] = []
    with Loopback({SECRET: Answer(body=b"OK")}) as server:
        assert ping(server.url(SECRET), net(), True, told.append)
        assert [asked.method for asked in server.asked] == ["GET"]
    assert told == []


def test_a_run_that_went_wrong_tells_nobody() -> None:
    """Silence is what such a service waits for."""
    with Loopback({SECRET: Answer()}) as server:
        assert not ping(server.url(SECRET), net(), False, lambda _: None)
        assert server.asked == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(404), "it answered 404"),
        (Answer(500), "it answered 500"),
        (Raw(lambda *_: None), "its answer was of no use (network)"),
        (Answer(301, {"Location": SECRET}), "it leads elsewhere"),
    ],
)
def test_a_service_that_fails_fails_no_run_and_its_address_is_not_told(
    answer: Any, told: str
) -> None:
    """Whoever reads the log could say in our place that all is well."""
    lines: list[str] = []
    with Loopback({SECRET: answer}) as server:
        assert not ping(server.url(SECRET), net(), True, lines.append)
    (line,) = lines
    assert told in line
    assert "127.0.0.1" not in line
    assert "secret" not in line


@pytest.mark.parametrize("url", ["http://127.0.0.1/secret", "https://u:secret@paper.example/"])
def test_an_address_that_may_not_be_asked_is_not_told_either(url: str) -> None:
    """A private one needs leave; one with a password in it is never asked."""
    lines: list[str] = []
    assert not ping(url, net(private=False), True, lines.append)
    assert "refused" in lines[0]
    assert "secret" not in lines[0]


def test_a_service_that_is_slow_holds_a_run_up_for_ten_seconds() -> None:
    """Each look at the clock is four seconds later here."""
    lines: list[str] = []

    def slowly(_: Asked) -> Answer:
        return Answer(body=b"x" * 60_000)

    with Loopback({SECRET: slowly}) as server:
        assert not ping(server.url(SECRET), net(step=4.0), True, lines.append)
    assert "within 10 seconds" in lines[0]


def test_the_same_fault_is_told_once() -> None:
    """Whoever calls each hour would else fill a log with it."""
    lines: list[str] = []
    tell = once(lines.append)
    for line in ("a", "a", "b", "a"):
        tell(line)
    assert lines == ["a", "b"]


def test_the_address_may_lie_in_a_variable() -> None:
    """It is a secret; without the variable there is none."""
    assert address_of("env:HEALTH", {"HEALTH": " https://a.example/x\n"}) == "https://a.example/x"
    assert address_of("env:HEALTH", {}) == ""
    assert address_of("https://a.example/x", {}) == "https://a.example/x"


@pytest.mark.parametrize("value", ["secret", "ftp://a.example/secret", "env:sec ret", "env:"])
def test_a_mistake_in_it_does_not_show_it(tmp_path: Path, value: str) -> None:
    """Messages about feeds.yaml are pasted into issues and chats."""
    file = tmp_path / "feeds.yaml"
    file.write_text(f"sources: [{{kind: arxiv}}]\nhealthcheck: '{value}'\n")
    with pytest.raises(ConfigError, match="what is found here is not shown") as bad:
        load(file)
    assert "sec" not in str(bad.value).replace("is not shown", "")


def test_a_run_calls_it_and_a_rehearsal_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a run goes on where the variable is not set, and says so."""
    monkeypatch.delenv("SUNDAY_HEALTH", raising=False)
    (tmp_path / "shelf").mkdir()
    (tmp_path / "feeds.yaml").write_text(f"{FEEDS}print: {{at: mon 00:00}}\nhealthcheck: env:SUNDAY_HEALTH\n")  # fmt: skip
    with Loopback({SECRET: Answer()}) as server:
        unset = typed(tmp_path, "run")
        assert "SUNDAY_HEALTH of `healthcheck` is not set" in unset.stderr
        monkeypatch.setenv("SUNDAY_HEALTH", server.url(SECRET))
        typed(tmp_path, "--now", "2026-03-08T12:00:00Z", "run")
        assert server.asked == []
        done = typed(tmp_path, "run")
        assert [asked.path for asked in server.asked] == [SECRET]
        assert (done.returncode, "secret" in done.stdout + done.stderr) == (0, False)
