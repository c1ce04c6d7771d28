"""Posts to chats: what each service is sent, what becomes of a post, and where it can never go."""

from __future__ import annotations

import json
import re
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chat_services import (
    DISCORD,
    MASTODON,
    NTFY,
    SLACK,
    SLACK_PATH,
    TEAMS,
    TELEGRAM,
    Script,
    Services,
)
from loopback import Answer, Asked, Loopback, Raw
from published import MASTHEAD
from sample_issue import sample_issue
from sundaypaper.delivery.channels import chat as channel
from sundaypaper.delivery.channels.chat_child import fitted
from sundaypaper.formats.chat import harmless, post
from sundaypaper.formats.site.rendering import environment
from sundaypaper.net import doorway
from sundaypaper.net.doorway import Doorway
from terminal import typed

HEAD = "Sunday Paper, week 10 of 2026: depth from one photograph"
LINK = "https://paper.example/issues/2026-W10/index.html"
POST = (HEAD, "• 214 papers say they were accepted.", "1. A < B & C\nhttps://arxiv.org/abs/1", LINK)
TEXT = f"{HEAD}\n\n• 214 papers say they were accepted.\n\n1. A < B & C\nhttps://arxiv.org/abs/1\n\n{LINK}"
TEAMS_PATH = "/workflows/643e69f83c8944/triggers/manual/paths/invoke"
DISCORD_PATH = "/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
TELEGRAM_PATH = "/bot123456789:abcdefg_hijklmnop/sendMessage"
FINE = Answer(headers={"Content-Type": "application/json"}, body=b'{"ok": true, "result": {}}')


def answered(folder: Path, url: str, path: str, script: Script, **more: Any) -> tuple[Any, Any]:
    """What the channel says, and the requests that came."""
    with Services(folder, {path: script}, **more) as services:
        return services.post(url, *POST), services.server.asked


@pytest.mark.parametrize(
    ("url", "path", "answer", "field", "text"),
    [
        (SLACK, SLACK_PATH, Answer(body=b"ok"), "attachments", TEXT.replace("&", "&amp;").replace("<", "&lt;")),
        (DISCORD, DISCORD_PATH, Answer(204), "content", TEXT),
        (TELEGRAM, TELEGRAM_PATH, FINE, "text", TEXT.replace("&", "&amp;").replace("<", "&lt;")),
        (MASTODON, "/api/v1/statuses", FINE, "status", TEXT),
        (NTFY, "/", FINE, "message", TEXT),
    ],
    ids="slack discord telegram mastodon ntfy".split(),
)  # fmt: skip
def test_a_service_is_sent_the_post(
    tmp_path: Path, url: str, path: str, answer: Answer, field: str, text: str
) -> None:
    """One request, with every paragraph, nothing of it read as markup, and no picture from elsewhere."""
    outcome, asked = answered(tmp_path, url, path, answer)
    assert outcome.state == "sent"
    assert [(one.method, one.path.partition("?")[0]) for one in asked] == [("POST", path)]
    sent = json.loads(asked[0].body)
    said = sent[field][0]["text"] if field == "attachments" else sent[field]
    assert re.sub(r"\s+", " ", said) == re.sub(r"\s+", " ", text)
    assert "github" not in asked[0].body.decode()


def test_teams_is_sent_the_post(tmp_path: Path) -> None:
    """As the card that its workflows take."""
    outcome, asked = answered(tmp_path, TEAMS, TEAMS_PATH, Answer(202))
    assert outcome.state == "sent"
    said = asked[0].body.decode().replace("\\", "")  # its Markdown writes \. for a point
    assert HEAD in said
    assert LINK in said


# ---------------------------------------------------------------- what becomes of a post


@pytest.mark.parametrize(
    ("answer", "state", "says"),
    [
        (Answer(429, headers={"Retry-After": "30"}), "deferred", "takes no more now (429)"),
        (Answer(503), "deferred", "takes no more now (503)"),
        (Answer(403), "failed", "refused it (403): is the address right, and may it post there?"),
        (Answer(404), "failed", "refused it (404)"),
        (Answer(200, body=b"invalid_payload"), "failed", "answered, and did not take it"),
    ],
)
def test_what_the_service_answers_decides(
    tmp_path: Path, answer: Answer, state: str, says: str
) -> None:
    """Later where it says later, never again where it says no; in words that name no secret."""
    outcome, _ = answered(tmp_path, SLACK, SLACK_PATH, answer)
    assert outcome.state == state
    assert says in outcome.told
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in outcome.told


def hangs_up(asked: Asked, connection: socket.socket) -> None:
    """The request was read, and no answer comes."""
    connection.close()


def test_a_post_without_an_answer_is_in_doubt(tmp_path: Path) -> None:
    """It may stand there: nobody posts it once more without being told to."""
    outcome, asked = answered(tmp_path, SLACK, SLACK_PATH, Raw(hangs_up))
    assert len(asked) == 1
    assert outcome.state == "uncertain"
    assert outcome.told == "the answer of Slack of CHAT did not come; it may stand there"


def test_a_service_that_is_not_there_gets_it_later(tmp_path: Path) -> None:
    """Nothing left, so nothing is in doubt."""
    with Services(tmp_path, {}) as services:
        services.refuses = True
        outcome = services.post(SLACK, *POST)
    assert (outcome.state, outcome.told) == ("deferred", "Slack of CHAT cannot be reached")


def test_a_certificate_of_nobody_is_refused_before_anything_is_said(tmp_path: Path) -> None:
    """The secret stands in the request, which is never made."""
    with Services(tmp_path, {SLACK_PATH: Answer(body=b"ok")}) as services:
        del services.environ["REQUESTS_CA_BUNDLE"]
        outcome = services.post(SLACK, *POST)
        assert services.server.asked == []
    assert outcome.state == "deferred"


# ---------------------------------------------------------------- where it never goes


def test_a_name_that_leads_to_a_private_address_is_refused(tmp_path: Path) -> None:
    """The address policy of all our requests holds for what apprise asks."""
    names = {"hooks.slack.com": "169.254.169.254"}
    outcome, asked = answered(tmp_path, SLACK, SLACK_PATH, Answer(body=b"ok"), names=names)
    assert asked == []
    assert outcome.state == "deferred"


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    """Where a service leads elsewhere nothing is asked there."""
    moved = Answer(302, headers={"Location": "https://evil.example/"})
    outcome, asked = answered(tmp_path, SLACK, SLACK_PATH, moved)
    assert [one.path for one in asked] == [SLACK_PATH]
    assert outcome.state == "failed"


@pytest.mark.parametrize(
    "url",
    [
        "mailto://user:pass@mail.example",
        "json://127.0.0.1/hook",
        "syslog://localhost",
        "exec:///bin/true",
        "file:///etc/passwd",
        "https://evil.example/hook",
        "nonsense",
        "",
    ],
)
def test_what_is_no_chat_is_refused(tmp_path: Path, url: str) -> None:
    """Only services that are named here, which speak HTTP: no program, no mail, no file."""
    with Services(tmp_path, {}) as services:
        spec_answer = services.post(url or "x", *POST)
        assert services.server.asked == []
    assert spec_answer.state == "failed"
    assert "holds no address of a chat that is known here" in spec_answer.told


def test_the_doorway_dials_public_addresses_alone() -> None:
    """Plain requests, too: what resolves to this machine is refused with 403, and nothing leaves."""
    with Loopback({"/": Answer(body=b"secret")}) as server, Doorway(False, 5.0) as door:
        with socket.create_connection(("127.0.0.1", int(door.url.rpartition(":")[2]))) as client:
            client.sendall(f"GET {server.url('/')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            said = client.recv(1000)
        assert server.asked == []
    assert said.startswith(b"HTTP/1.1 403")
    assert door.passed.sent == 0
    assert "which is not a public address" in door.passed.refused[0]


def test_the_doorway_passes_one_plain_request_a_connection() -> None:
    """To the origin itself, without what was said to the proxy; a second one on it goes nowhere."""
    with (
        Loopback({"/a": Answer(body=b"fine")}) as server,
        Doorway(True, 5.0) as door,
        socket.create_connection(("127.0.0.1", int(door.url.rpartition(":")[2]))) as client,
    ):
        lines = (f"GET {server.url('/a')} HTTP/1.1", "Host: x", "Proxy-Authorization: y")
        client.sendall("\r\n".join([*lines, "Connection: keep-alive", "", ""]).encode())
        said = b"".join(iter(lambda: client.recv(1000), b""))
    assert said.endswith(b"fine")
    (asked,) = server.asked
    assert asked.path == "/a"
    assert "proxy-authorization" not in asked.headers
    assert asked.headers["connection"] == "close"


def test_the_doorway_understands_nothing_but_requests() -> None:
    """Nonsense is answered as such."""
    with (
        Doorway(True, 5.0) as door,
        socket.create_connection(("127.0.0.1", int(door.url.rpartition(":")[2]))) as client,
    ):
        client.sendall(b"SSH-2.0-x\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400")
    assert doorway.HEAD == 32_768


# ---------------------------------------------------------------- words


def test_an_issue_becomes_paragraphs() -> None:
    """The headline first, the link last, between them the minute and what is read first."""
    issue = sample_issue(40)
    made = post(issue, LINK, "chat@chat.invalid", "t" * 26, datetime(2026, 3, 8, tzinfo=UTC), environment(None))  # fmt: skip
    parts = channel.paragraphs(made.body)
    assert parts[0].startswith("Sunday Paper, ")
    assert issue.headline in parts[0]
    assert parts[-1] == LINK
    assert parts[2].startswith("Read first:\n1. Reading the Room: Depth from One Photograph")
    assert all(part.count("\n") == 1 for part in parts[3:-1])
    assert MASTHEAD.title in parts[0]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("for @everyone", "for @\u200beveryone"),
        ("to a@b.example", "to a@b.example"),
        ("<!channel> <@U1> <#C1>", "<\u200b!channel> <\u200b@\u200bU1> <\u200b#C1>"),
        ("[click](https://evil.example)", "[click]\u200b(https://evil.example)"),
        ("a < b, and [1] (see)", "a < b, and [1] (see)"),
    ],
)
def test_a_title_calls_nobody_and_hides_no_link(text: str, safe: str) -> None:
    """What chats would act upon stands there as it was written, and does nothing."""
    assert harmless(text) == safe


def test_a_short_service_gets_what_fits() -> None:
    """The first and the last always; those between in their order, whole or not at all."""
    parts = ["head", "one", "two", "https://x.example/"]
    assert fitted(parts, 500) == "head\n\none\n\ntwo\n\nhttps://x.example/"
    assert (
        fitted(parts, len("head\n\none\n\nhttps://x.example/"))
        == "head\n\none\n\nhttps://x.example/"
    )
    assert (
        fitted(["h" * 300, "one", "https://x.example/"], 280)
        == f"{'h' * 259}…\n\nhttps://x.example/"
    )


# ---------------------------------------------------------------- as a user runs it


def paper(root: Path, delivery: str) -> Path:
    """A root with a printed issue of the shelf."""
    root.mkdir(exist_ok=True)
    (root / "feeds.yaml").write_text(
        "title: Lab Paper\nbase_url: https://paper.example/\nsources:\n"
        "  - {kind: bundle, name: Landmarks, path: shelf, use: news}\n" + delivery,
        encoding="utf-8",
    )
    done = typed(root, "--now", "2026-11-22T12:00:00Z", "run", "--week", "2026-W46")
    assert done.returncode == 0, done.stderr
    return root


def test_an_issue_is_posted_once_to_each_chat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two chats, one refuses: the other has it, `deliveries` says so, and no second `send` repeats it."""
    root = paper(tmp_path / "paper", "delivery: {kind: chat, chats: [env:ONE, env:TWO]}\n")
    script = {SLACK_PATH: Answer(body=b"ok"), DISCORD_PATH: Answer(404)}
    with Services(tmp_path, script) as services:
        monkeypatch.setenv("ONE", SLACK)
        monkeypatch.setenv("TWO", DISCORD)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", services.environ["REQUESTS_CA_BUNDLE"])
        monkeypatch.setattr("sundaypaper.pipeline.opening.channel_tools", _tools_of(services))
        first, second = typed(root, "send"), typed(root, "send")
        paths = [asked.path.partition("?")[0] for asked in services.server.asked]
    assert sorted(paths) == [DISCORD_PATH, SLACK_PATH]
    assert "2026-W46: 1 sent, 1 failed" in first.stdout + first.stderr
    assert "2026-W46: 1 sent, 1 failed" in second.stdout + second.stderr
    said = first.stdout + first.stderr + typed(root, "deliveries").stdout
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in said


def _tools_of(services: Services) -> Any:
    from sundaypaper.delivery.channels import ChannelTools

    def tools(monotonic: Any, sleep: Any, environ: Any, allow_private: bool = False) -> Any:
        return ChannelTools(monotonic, sleep, environ, resolve=services.resolve, dial=services.dial)

    return tools


def test_mails_and_chats_go_out_of_one_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader gets the mail, the chat its post; a chat whose variable is not set waits alone."""
    more = "delivery: {kind: file, from: Paper <p@lab.example>, folder: out, chats: [env:ONE, env:TWO]}\n"
    root = paper(tmp_path / "paper", more)
    assert typed(root, "subscribers", "add", "ada@lab.example").returncode == 0
    with Services(tmp_path, {SLACK_PATH: Answer(body=b"ok")}) as services:
        monkeypatch.setenv("ONE", SLACK)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", services.environ["REQUESTS_CA_BUNDLE"])
        monkeypatch.setattr("sundaypaper.pipeline.opening.channel_tools", _tools_of(services))
        done = typed(root, "send")
        assert len(services.server.asked) == 1, done.stdout + done.stderr
    assert "2026-W46: 2 sent, 1 deferred" in done.stdout + done.stderr
    assert len(list((root / "out").glob("*.eml"))) == 1
    assert "TWO is not set in the environment" in done.stdout + done.stderr


def test_a_dry_run_writes_the_post(tmp_path: Path) -> None:
    """As a file, without any chat being asked."""
    root = paper(tmp_path / "paper", "delivery: {kind: chat, chats: [env:ONE]}\n")
    done = typed(root, "--now", "2026-11-22T12:00:00Z", "send", "--dry-run")
    assert done.returncode == 0, done.stderr
    (file,) = (root / "mails" / "dry-run").glob("*.eml")
    assert channel.paragraphs(file.read_bytes())[-1].startswith("https://paper.example/issues/")


@pytest.mark.parametrize(
    ("delivery", "says"),
    [
        ("{kind: chat}", "kind chat needs chats: [env:NAME_OF_A_VARIABLE]"),
        ("{kind: chat, from: p@lab.example, chats: [env:ONE]}", "kind chat has no from"),
        ("{kind: chat, chats: ['https://hooks.slack.com/services/T/A/secret']}", "expected env:"),
        ("{kind: file}", "kind file needs from"),
    ],
)
def test_a_wrong_setting_is_told_without_the_secret(
    tmp_path: Path, delivery: str, says: str
) -> None:
    """Before anything is done, with its place."""
    (tmp_path / "feeds.yaml").write_text(
        "base_url: https://paper.example/\nsources: [{kind: bundle, name: L, path: shelf}]\n"
        f"delivery: {delivery}\n",
        encoding="utf-8",
    )
    done = typed(tmp_path, "send")
    assert done.returncode == 2
    assert says in done.stderr
    assert "secret" not in done.stderr
