"""Hooks as commands call them: when an issue is printed, when mails go out, each hour."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest
from typer.testing import CliRunner

from loopback import Answer, Loopback
from sample_issue import sample_issue
from sundaypaper.cli import app
from sundaypaper.delivery import Readers
from sundaypaper.store import Store

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
YAML = """base_url: https://paper.example/
network: {allow_private: true}
print: {at: mon 00:00}
sources: [{kind: bundle, name: A, path: shelf}]
"""
HOOKS = "hooks: {subscribed: '%s', printed: '%s', secret: env:HOOK_SECRET}\n"
MAIL = "delivery: {kind: file, from: paper@lab.example}\n"


@dataclass
class Root:
    """A paper and whom it calls."""

    folder: Path
    server: Loopback

    def says(self, *more: str, hooked: bool = True) -> None:
        """What feeds.yaml says."""
        url = self.server.url("/in")
        hooks = HOOKS % (url, url) if hooked else ""
        (self.folder / "feeds.yaml").write_text(YAML + hooks + "".join(more))

    def types(self, *words: str, status: int = 0) -> str:
        """Run `sundaypaper`; what it printed."""
        done = CliRunner().invoke(app, ["--root", str(self.folder), *words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == status, done.output
        return str(done.output)

    def confirms(self) -> None:
        """Somebody confirms their sign-up now."""
        with Readers(self.folder / "readers.db", token_bytes) as readers:
            now = datetime.now(UTC)
            readers.add("ada@lab.example", origin="web", consent="sign-up page, text 1", now=now)

    def prints(self) -> str:
        """An issue was printed today, and its page is out; its week."""
        issue = replace(sample_issue(40), state="frozen", composed=datetime.now(UTC))
        with Store(self.folder / "paper.db") as store:
            store.keep_issue(issue)
        page = self.folder / "output" / "site" / "issues" / issue.week / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text("…")
        return issue.week

    def told(self) -> list[tuple[str, Any]]:
        """Type and data of each call."""
        calls = [json.loads(asked.body) for asked in self.server.asked]
        return [(call["type"], call["data"]) for call in calls]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Root]:
    """A paper whose hooks are taken."""
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    with Loopback({"/in": Answer()}) as server:
        yield Root(tmp_path, server)


def test_a_run_that_prints_a_week_tells_of_it_once(root: Root) -> None:
    """After the pages are out; a second run and a rehearsal tell nothing."""
    root.says()
    said = root.types("run")
    ((kind, data),) = root.told()
    assert kind == "issue.printed"
    assert f"{data['week']} is printed: {data['headline']}" in said
    assert (root.folder / "output" / "site" / "issues" / data["week"] / "issue.json").is_file()
    root.types("run")
    root.types("--now", "2026-03-08T12:00:00Z", "run")
    assert len(root.server.asked) == 1


def test_a_hook_that_fails_stops_no_run_and_status_names_it(root: Root) -> None:
    """The run ends as it would; the trouble is said."""
    root.says()
    root.server.script["/in"] = Answer(500)
    said = root.types("run")
    assert "is printed" in said
    assert "hook printed: try 1 of its call failed: it answered 500" in said
    status = root.types("status")
    assert "  ! hook printed: 1 call to be made again from" in status
    assert "@" not in status


def test_a_week_that_is_printed_by_hand_is_told_of(root: Root) -> None:
    """`hold` keeps the week for its editor; `print` tells."""
    root.says()
    (root.folder / "feeds.yaml").write_text(
        (root.folder / "feeds.yaml")
        .read_text()
        .replace("at: mon 00:00", "at: mon 00:00, hold: true")
    )
    root.types("run", status=0)
    assert root.told() == []
    (draft,) = (root.folder / "output" / "site" / "issues").glob("*-W*")
    root.types("print", "--week", draft.name)
    assert [data["week"] for _, data in root.told()] == [draft.name]


def test_mails_go_out_whatever_a_hook_answers(root: Root) -> None:
    """`send` calls hooks when its mails are out."""
    root.says(MAIL)
    root.server.script["/in"] = Answer(503)
    week = root.prints()
    root.confirms()
    said = root.types("send", "--week", week)
    assert f"{week}: 1 sent" in said
    assert len(list((root.folder / "mails").glob("*.eml"))) == 1
    assert {kind for kind, _ in root.told()} == {"reader.subscribed", "issue.printed"}


@pytest.mark.parametrize("mail", ["", MAIL])
def test_a_tick_calls_what_is_due(root: Root, mail: str) -> None:
    """With mails and without."""
    root.says(hooked=False)
    root.types("run")
    root.says(mail)
    root.confirms()
    said = root.types("tick")
    told = dict(root.told())
    assert "event=printed" not in said  # it was, before there was a hook
    assert told["issue.printed"]["headline"]
    assert told["reader.subscribed"]["subscriber"] == 1


def test_a_paper_without_hooks_calls_nobody_and_keeps_no_readers(root: Root) -> None:
    """Nor does `status` make a readers.db where there is none."""
    root.says(hooked=False)
    root.types("run")
    assert root.server.asked == []
    assert not (root.folder / "readers.db").exists()
    root.says()
    root.types("status")
    assert not (root.folder / "readers.db").exists()


def test_readers_that_are_lost_are_said_and_stop_no_run(root: Root) -> None:
    """Mails went out from here, and readers.db is gone: the issue is printed all the same."""
    root.says()
    (root.folder / "send.lock").touch()
    said = root.types("run")
    assert "is printed" in said
    assert "hooks: " in said
    assert "readers.db: is missing" in said
