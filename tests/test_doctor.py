"""`doctor` finds what is wrong with each thing that a paper needs, and says what to do."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from loopback import Answer, Asked, Loopback
from mail_servers import MailServer
from sundaypaper.config import load
from sundaypaper.delivery import Readers
from sundaypaper.delivery.channels import ChannelTools
from sundaypaper.locks import holder
from sundaypaper.pipeline.mailing import MailJob
from sundaypaper.pipeline.opening import Clock
from sundaypaper.pipeline.probes import PROBES, Finding, Patient, Probe, probed
from sundaypaper.store import Store
from terminal import typed

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
ME, PASSWORD = "ada.reader@lab.example", "open-sesame-1"
FEEDS = """\
network: {{allow_private: true}}
sources:
  - {{kind: arxiv, name: arXiv, api_url: "{url}/api/query"}}
  - {{kind: votes, name: Votes, api_url: "{url}/votes"}}
{more}"""
MAIL = """\
delivery:
  kind: smtp
  from: Sunday Paper <paper@lab.example>
  server: {{host: 127.0.0.1, port: {port}, tls: none}}
"""


@dataclass
class Clinic:
    """A root, a stand-in for the world, and a doctor whose clock stands at NOW."""

    root: Path
    server: Loopback
    free: int = 10**10
    environ: Mapping[str, str] = field(default_factory=dict)
    started: Callable[[int], datetime | None] = lambda _: NOW
    slept: float = 0.0

    def feeds(self, more: str = "") -> None:
        """What feeds.yaml says."""
        url = self.server.url("")
        (self.root / "feeds.yaml").write_text(FEEDS.format(url=url, more=more))

    def wall(self) -> float:
        """The time, which only waiting moves."""
        return NOW.timestamp() + self.slept

    def sleep(self, seconds: float) -> None:
        """Wait, as whoever keeps arXiv's pace does."""
        self.slept += seconds

    def patient(self, **other: object) -> Patient:
        """The root as the probes have it."""
        made = Patient(
            root=self.root,
            output=self.root / "output",
            templates=None,
            load=lambda: load(self.root / "feeds.yaml"),
            tools=self.tools(),
            job=self.job,
            environ=self.environ,
            clock=Clock(self.wall, lambda: self.slept, self.sleep, lambda: None),
            now=NOW,
            free=lambda _: self.free,
            random=bytes,
            state=self.root / "state",
            started=self.started,
        )
        for name, value in other.items():
            setattr(made, name, value)
        return made

    def tools(self) -> ChannelTools:
        """What a channel works with."""
        return ChannelTools(lambda: self.slept, self.sleep, self.environ)

    @contextmanager
    def job(self) -> Iterator[MailJob]:
        """What the leave address is tried with."""
        config, random = load(self.root / "feeds.yaml"), bytes
        with Readers(self.root / "readers.db", random) as readers:
            yield MailJob(config, readers, self.environ, lambda: NOW, print, self.tools())

    def finds(self, **other: object) -> dict[str, Finding]:
        """What all probes find, by part."""
        patient = self.patient(**other)
        return {probe.part: probed(probe, patient) for probe in PROBES}

    def finds_in(self, part: str, **other: object) -> tuple[str, str]:
        """What one part is found to be: its state and sentence."""
        finding = self.finds(**other)[part]
        return finding.state, finding.text


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    """A paper whose sources answer, by a clock that is right."""
    dated = Answer(headers={"Date": format_datetime(NOW, usegmt=True)}, body=b"<feed/>")
    with Loopback({"/api/query": dated, "/votes": dated}) as server:
        made = Clinic(tmp_path, server)
        made.feeds()
        yield made


@contextmanager
def held(file: Path) -> Iterator[None]:
    """A lock that somebody holds: another handle is another holder."""
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def test_a_paper_that_lacks_nothing_has_no_trouble(clinic: Clinic) -> None:
    """What is not there yet is not tried, and is no trouble."""
    found = clinic.finds()
    assert {part: finding.state for part, finding in found.items()} == {
        **dict.fromkeys(
            ("configuration", "secrets", "folders", "disk", "locks", "time zone"), "ok"
        ),
        **dict.fromkeys(("templates", "arXiv", "votes", "clock"), "ok"),
        **dict.fromkeys(("paper.db", "readers.db", "paper", "mail", "inbox"), "-"),
    }
    assert found["time zone"].text == "UTC; the next issue is due Sunday 8 March at 08:00"


def test_an_empty_folder_is_looked_at_and_nothing_is_left_in_it(tmp_path: Path) -> None:
    """Exit status 1: a paper needs feeds.yaml."""
    done = typed(tmp_path, "doctor", "--offline")
    assert done.returncode == 1
    assert [line[0] for line in done.stdout.splitlines()].count("!") == 1
    assert "feeds.yaml:1:1: there is no such file" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_whole_look_through_the_command(clinic: Clinic) -> None:
    """A line each; status 0 where nothing needs a person."""
    done = typed(clinic.root, "doctor", "--offline")
    assert done.returncode == 0, done.stdout
    assert len(done.stdout.splitlines()) == len(PROBES)
    assert clinic.server.asked == []


# ---------------------------------------------------------------- on this machine


def test_the_first_mistake_of_feeds_yaml_is_told_and_the_rest_waits_for_it(clinic: Clinic) -> None:
    """One line; `feeds list` names them all."""
    clinic.feeds("titel: A\ntimezone: Nowhere/At-all\n")
    found = clinic.finds()
    assert "(and 1 more)" in found["configuration"].text
    assert found["arXiv"] == Finding("arXiv", "-", "not tried: it needs feeds.yaml")
    assert clinic.server.asked == []


def test_a_secret_that_is_not_set_is_named_and_one_that_is_set_is_not_shown(clinic: Clinic) -> None:
    """The name of a variable is no secret."""
    clinic.feeds("healthcheck: env:HEALTH\n" + MAIL.format(port=1).replace("tls: none", "tls: none, user: u, password: env:PASS"))  # fmt: skip
    clinic.environ = {"PASS": PASSWORD}
    state, text = clinic.finds_in("secrets")
    assert (state, text.partition(",")[0]) == ("!", "not set: HEALTH")
    clinic.environ = {"PASS": PASSWORD, "HEALTH": "https://a.example/x"}
    found = clinic.finds()
    assert found["secrets"].state == "ok"
    assert PASSWORD not in str(found)


def test_a_disk_that_is_nearly_full_is_told(clinic: Clinic) -> None:
    """Before a run meets it."""
    clinic.free = 150_000_000
    state, text = clinic.finds_in("disk")
    assert (state, text.partition(" MB")[0]) == ("!", "150")


def test_a_damaged_database_is_told_with_what_to_do(clinic: Clinic) -> None:
    """Each of the two by itself."""
    Store(clinic.root / "paper.db").close()
    Readers(clinic.root / "readers.db", bytes).close()
    assert clinic.finds_in("paper.db")[0] == clinic.finds_in("readers.db")[0] == "ok"
    for name in ("paper.db", "readers.db"):
        (clinic.root / name).write_bytes(b"no database at all, for whoever looks")
        state, text = clinic.finds_in(name)
        assert state == "!"
        assert "sundaypaper restore FILE" in text


def test_readers_that_others_could_read_are_told(clinic: Clinic) -> None:
    """The file is made private again, and its owner hears that it was not."""
    file = clinic.root / "readers.db"
    Readers(file, bytes).close()
    file.chmod(0o644)
    state, text = clinic.finds_in("readers.db")
    assert (state, "mode 644" in text) == ("!", True)
    assert file.stat().st_mode & 0o777 == 0o600
    assert clinic.finds_in("readers.db")[0] == "ok"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(clinic: Clinic) -> None:
    """Such as one that another user made."""
    (clinic.root / "output").mkdir(mode=0o500)
    assert clinic.finds_in("folders")[0] == "!"


def test_who_is_at_work_is_named_and_a_file_left_behind_is_not(clinic: Clinic) -> None:
    """Only one that has been at work for half a day needs a look."""
    lock = clinic.root / "run.lock"
    lock.touch()
    assert holder(lock) is None
    assert clinic.finds_in("locks")[0] == "ok"
    with held(lock):
        assert holder(lock) == os.getpid()
        state, text = clinic.finds_in("locks")
        assert (state, text) == ("ok", f"run.lock is held by process {os.getpid()}")
        clinic.started = lambda _: NOW - timedelta(hours=13)
        state, text = clinic.finds_in("locks")
        assert (state, f"kill {os.getpid()}" in text) == ("!", True)


def test_a_template_with_a_mistake_is_told(clinic: Clinic) -> None:
    """With its place, before a run stops at it."""
    templates = clinic.root / "templates"
    templates.mkdir()
    (templates / "base.html").write_text("{% if %}")
    state, text = clinic.finds_in("templates", templates=templates)
    assert (state, "base.html" in text) == ("!", True)


# ---------------------------------------------------------------- elsewhere


def test_arxiv_is_asked_one_small_question(clinic: Clinic) -> None:
    """At its pace, which all papers of this user keep together."""
    assert clinic.finds_in("arXiv")[0] == "ok"
    assert [asked.path for asked in clinic.server.asked if "api" in asked.path] == [
        "/api/query?id_list=1706.03762&max_results=1"
    ]


def test_arxiv_is_asked_at_the_pace_of_all(clinic: Clinic) -> None:
    """Twice in a row, and the second time waits its three seconds."""
    clinic.finds()
    assert clinic.slept == 0
    clinic.finds()
    assert clinic.slept >= 3


def test_arxiv_is_left_alone_where_it_asked_for_it(clinic: Clinic) -> None:
    """After it turned us away nobody asks for an hour, this command neither."""
    clinic.server.script["/api/query"] = Answer(429)
    state, text = clinic.finds_in("arXiv")
    assert (state, "answered 429" in text) == ("!", True)
    count = len(clinic.server.asked)
    state, text = clinic.finds_in("arXiv")
    assert (state, text) == ("-", "not tried: it asked to be left alone until 2026-03-04 13:00 UTC")
    assert [a.path for a in clinic.server.asked[count:]] == ["/votes"]


def test_arxiv_is_left_to_a_run_that_is_at_work(clinic: Clinic) -> None:
    """It would wait for its turn, and so would the run."""
    with held(clinic.root / "run.lock"):
        assert clinic.finds_in("arXiv") == ("-", "not tried: a run is at work")


@pytest.mark.parametrize(("minutes", "state"), [(1, "ok"), (-1, "ok"), (3, "!"), (-3, "!")])
def test_a_clock_that_is_wrong_is_told(clinic: Clinic, minutes: int, state: str) -> None:
    """Two minutes are a slow answer; more would print a week at a wrong time one day."""
    theirs = format_datetime(NOW - timedelta(minutes=minutes), usegmt=True)
    for path in ("/api/query", "/votes"):
        clinic.server.script[path] = Answer(headers={"Date": theirs})
    found = clinic.finds_in("clock")
    assert found[0] == state
    if state == "!":
        assert f"3 minutes {'ahead' if minutes > 0 else 'behind'}" in found[1]


def test_a_world_that_cannot_be_reached_is_told_with_what_to_look_at(clinic: Clinic) -> None:
    """And a clock that nobody tells is not tried."""
    clinic.server.script["/votes"] = Answer(500)
    assert clinic.finds_in("votes")[0] == "!"
    (clinic.root / "feeds.yaml").write_text(FEEDS.format(url="http://127.0.0.1:9", more=""))
    found = clinic.finds()
    assert "Is there a network" in found["arXiv"].text
    assert (found["arXiv"].state, found["clock"].state) == ("!", "-")


# ---------------------------------------------------------------- mail


def test_the_mail_server_is_reached_and_nothing_is_sent(clinic: Clinic) -> None:
    """To log in is enough to know that the password is right."""
    with MailServer(lambda _: None) as server:
        clinic.feeds(MAIL.format(port=server.port))
        assert clinic.finds_in("mail")[0] == "ok"
        assert server.mails == []
    assert clinic.finds_in("mail")[0] == "!"


def test_a_test_mail_goes_to_oneself(clinic: Clinic) -> None:
    """One mail; the address stands in no line of ours."""
    with MailServer(lambda _: None) as server:
        clinic.feeds(MAIL.format(port=server.port))
        found = clinic.finds(mail=ME)
        (mail,) = server.mails
    assert (mail.recipient, found["mail"].state) == (ME, "ok")
    assert b"Auto-Submitted: auto-generated" in mail.body
    assert ME not in str(found)


def test_a_test_mail_that_is_refused_is_told_without_the_address(clinic: Clinic) -> None:
    """Whatever the server says of it."""

    def refuses(at: object) -> str | None:
        return f"550 5.1.1 <{ME}>: unknown" if getattr(at, "verb", "") == "RCPT" else None

    with MailServer(refuses) as server:
        clinic.feeds(MAIL.format(port=server.port))
        state, text = clinic.finds_in("mail", mail=ME)
    assert (state, "was not taken" in text) == ("!", True)
    assert "ada.reader" not in text


def test_no_address_at_all_is_told_without_what_was_typed(clinic: Clinic) -> None:
    """It may be somebody's all the same."""
    with MailServer(lambda _: None) as server:
        clinic.feeds(MAIL.format(port=server.port))
        state, text = clinic.finds_in("mail", mail="ada.reader(at)lab")
        assert server.mails == []
    assert (state, "ada" in text) == ("!", False)


def test_an_inbox_that_is_not_there_is_told(clinic: Clinic) -> None:
    """Leave mails would end nowhere."""
    more = MAIL.format(port=9) + "inbox: {kind: maildir, folder: nowhere}\n"
    clinic.feeds(more)
    assert clinic.finds_in("inbox")[0] == "!"
    for name in ("new", "cur", "tmp"):
        (clinic.root / "nowhere" / name).mkdir(parents=True)
    assert clinic.finds_in("inbox")[0] == "ok"


# ---------------------------------------------------------------- bounds


def test_a_probe_that_never_ends_is_left_behind(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are looked at, and the command ends."""
    ended = threading.Event()

    def hangs(_: Patient) -> str:
        ended.wait(5)
        return "never"

    probes = (Probe("first", hangs, 0.05), Probe("second", lambda _: "well"))
    monkeypatch.setattr("sundaypaper.pipeline.probes.PROBES", probes)
    done = typed(clinic.root, "doctor", "--offline")
    ended.set()
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "!  first         no answer within 0 seconds",
        "ok second        well",
    ]


def test_a_rehearsal_asks_nobody_and_sends_nothing(clinic: Clinic) -> None:
    """--now is another day: nobody outside hears of it."""
    done = typed(clinic.root, "--now", "2026-03-04T12:00:00Z", "doctor")
    assert done.returncode == 0
    assert clinic.server.asked == list[Asked]()
    refused = typed(clinic.root, "--now", "2026-03-04T12:00:00Z", "doctor", "--mail", ME)
    assert refused.returncode == 2
