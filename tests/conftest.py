"""What all tests share: no network but loopback, one browser, one published paper, one demo."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from effort import QUICK, THOROUGH
from shared import once, print_demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Other programs run beside a test: how long one example takes says nothing. Each run of the suite
# tries other examples; `--hypothesis-profile=thorough` tries five times as many, as .ci/run does.
settings.register_profile("quick", deadline=None, max_examples=QUICK)
settings.register_profile("thorough", deadline=None, max_examples=THOROUGH)
settings.load_profile("quick")


# What is imported and read once stays: it need not be looked through at every 700 objects.
gc.set_threshold(20_000)

# A file goes to one worker as a whole: those that take longest first, so that none is left at the end.
LONGEST = (
    "test_scores", "test_accessibility", "test_journeys", "test_query_js", "test_arxiv", "test_html", "test_cli",
    "test_delivery", "test_pages_browser", "test_email_looks", "test_search", "test_trends",
    "test_web_turns", "test_journey_web", "test_venues", "test_feed", "test_net", "test_config", "test_pipeline",
)  # fmt: skip


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What this machine could not try, in a line that nobody overlooks."""
    from real_servers import MISSING

    skipped = terminalreporter.stats.get("skipped", ())
    if any(MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(f"NOT TRIED: {MISSING}", red=True, bold=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; the others keep their order."""
    rank = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(LONGEST)))


@pytest.fixture(scope="session", autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of the tests' own for what the program keeps for a user."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, started once a worker."""
    from browsing import chromium

    with chromium() as launched:
        yield launched


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a paper with every kind of page."""
    from whole_paper import publish_whole

    return once(tmp_path_factory, "paper", publish_whole) / "output" / "site"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a demo that has run; its output stands in demo.txt."""
    return once(tmp_path_factory, "demo", print_demo) / "demo"


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every name that is not of this machine."""
    connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and address[0] != "localhost" and not ip_address(address[0]).is_loopback:
            pytest.fail(f"a test tried to connect to {address}")
        connect(self, address)

    def guarded_getaddrinfo(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host not in (None, "localhost"):
            more["flags"] = socket.AI_NUMERICHOST
        return getaddrinfo(host, port, *args[:3], **more)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
