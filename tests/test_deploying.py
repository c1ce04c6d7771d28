"""What is laid beside a paper so that it runs: every way is held to its own checker."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from sundaypaper.errors import BuildError
from sundaypaper.models import PrintTime
from sundaypaper.pipeline.deploying import KINDS, Place, deployment_files
from terminal import typed

PLACE = Place(
    root="/var/lib/sundaypaper",
    command="/usr/bin/true",
    user="sundaypaper",
    base_url="https://paper.example.org/",
    timezone="Europe/Berlin",
    print_at=PrintTime(6, time(8)),
)
ROOT = Path(__file__).parents[1]
ANALYZE = shutil.which("systemd-analyze")


def laid(kind: str, folder: Path, place: Place = PLACE) -> Path:
    """Write the files of a kind into a folder."""
    for name, body in deployment_files(kind, place).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    return folder


def said(*command: str | Path, folder: Path, **more: str) -> str:
    """What a checker says; it must be content."""
    done = subprocess.run(
        [*map(str, command)], cwd=folder, capture_output=True, text=True, env=os.environ | more
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


# ---------------------------------------------------------------- any kind


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_is_left_open(kind: str) -> None:
    """Every @WORD@ stands for something, and each way says how it is used."""
    files = deployment_files(kind, PLACE)
    assert "README.md" in files
    for name, body in files.items():
        assert not re.search(rb"@[A-Z_]+@", body), name


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("root", "/srv/my paper", "the folder '/srv/my paper' has characters"),
        ("root", "/srv/100%", "the folder '/srv/100%' has characters"),
        ("root", "/srv/x\nExecStart=/bin/sh", "the folder"),
        ("root", "/srv/../etc", "must be a whole path"),
        ("root", "paper", "must be a whole path"),
        ("command", "sundaypaper", "`command -v sundaypaper` tells it"),
        ("command", "/bin/sh -c $(id)", "the command '$(id)'"),
        ("user", "root;id", "no name of a user"),
        ("base_url", "https://a.example/;x", "no address"),
    ],
)
def test_what_a_unit_or_a_shell_would_read_otherwise_is_refused(
    field: str, value: str, what: str
) -> None:
    """No path, name or address can bring a line of its own into what the system runs."""
    with pytest.raises(BuildError, match=re.escape(what)):
        deployment_files("cron", replace(PLACE, **{field: value}))  # type: ignore[arg-type]


def test_a_way_that_there_is_not_is_told_with_those_that_there_are() -> None:
    """A slip of the pen names what could have been meant."""
    with pytest.raises(BuildError, match="no way to run named 'windows'; there are systemd, cron"):
        deployment_files("windows", PLACE)


# ---------------------------------------------------------------- systemd


@pytest.mark.skipif(not ANALYZE, reason="no systemd-analyze")
@pytest.mark.parametrize(("variant", "flags"), [("system", ()), ("user", ("--user",))])
def test_systemd_finds_no_fault_in_the_units(
    variant: str, flags: tuple[str, ...], tmp_path: Path
) -> None:
    """Every unit and timer is verified, without a word of warning."""
    folder = laid("systemd", tmp_path) / variant
    units = sorted(file.name for file in folder.iterdir())
    assert len(units) == 8
    files = [f"./{name}" for name in units]
    command = ("systemd-analyze", "verify", "--man=no", *flags, *files)
    assert said(*command, folder=folder, XDG_RUNTIME_DIR=str(tmp_path)) == ""


@pytest.mark.skipif(not ANALYZE, reason="no systemd-analyze")
def test_the_units_of_the_system_are_exposed_at_most_by_2(tmp_path: Path) -> None:
    """Each service is held as tightly as `systemd-analyze security` asks."""
    folder = laid("systemd", tmp_path) / "system"
    services = sorted(folder.glob("*.service"))
    assert len(services) == 5
    for service in services:
        said("systemd-analyze", "security", "--offline=true", "--threshold=20", service, folder=folder)  # fmt: skip


def test_a_paper_at_home_is_not_hidden_from_its_own_unit() -> None:
    """Homes are closed where nothing of the paper lies there, else nobody may write to them."""
    unit = "system/sundaypaper.service"
    away = deployment_files("systemd", PLACE)[unit].decode()
    home = deployment_files("systemd", replace(PLACE, root="/home/ann/paper"))[unit].decode()
    assert "\nProtectHome=yes\n" in away
    assert "\nProtectHome=read-only\nReadWritePaths=/home/ann/paper\n" in home


# ---------------------------------------------------------------- cron


def called(folder: Path, program: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What cron's script does where `sundaypaper` is a program of the test's."""
    command = folder / "sundaypaper"
    command.write_text(f"#!/bin/sh\n{program}\n")
    command.chmod(0o755)
    place = replace(PLACE, root=str(folder), command=str(command))
    laid("cron", folder, place)
    return subprocess.run(["sh", folder / "cron.sh", *words], capture_output=True, text=True)


@pytest.mark.parametrize(
    ("program", "words", "status", "printed"),
    [
        ("exit 0", ("tick",), 0, ""),
        ("echo '! arXiv owes a part' >&2", ("tick",), 0, "! arXiv owes a part\n"),
        ("echo 'mail is owed' >&2; exit 1", ("tick",), 1, "mail is owed\n"),
        ("echo 'another is at work' >&2; exit 75", ("tick",), 0, ""),
        ("echo 'well: nothing is owed'", ("status", "--check"), 0, ""),
        ("echo 'issue: late'; exit 1", ("status", "--check"), 1, "issue: late\n"),
    ],
)
def test_cron_mails_what_needs_a_person_and_nothing_else(
    program: str, words: tuple[str, ...], status: int, printed: str, tmp_path: Path
) -> None:
    """What is printed is mailed: warnings and failures are, and a busy paper is not."""
    done = called(tmp_path, program, *words)
    assert (done.returncode, done.stdout, done.stderr) == (status, printed, "")


def test_cron_hands_over_the_secrets_and_asks_for_quiet(tmp_path: Path) -> None:
    """The program gets what secrets.env names, and words of its own behind --root and --quiet."""
    (tmp_path / "secrets.env").write_text("SMTP_PASSWORD='a b$c'\n")
    done = called(tmp_path, 'echo "$SMTP_PASSWORD" "$@"', "backup", "--keep", "14")
    assert done.stdout == f"a b$c --root {tmp_path} --quiet backup --keep 14\n"


def test_each_line_of_the_crontab_calls_the_script_at_a_time_that_cron_reads() -> None:
    """Five fields and a command: every quarter of an hour, at night, and twice a day."""
    lines = deployment_files("cron", PLACE)["crontab"].decode().splitlines()
    jobs = [line.split(maxsplit=5) for line in lines if not line.startswith(("#", "MAILTO="))]
    script = "sh /var/lib/sundaypaper/cron.sh"
    assert [job[0:2] + job[5:] for job in jobs] == [
        ["*/15", "*", f"{script} tick"],
        ["37", "3", f"{script} backup --keep 14"],
        ["37", "9,18", f"{script} status --check"],
    ]


# ---------------------------------------------------------------- container


def test_the_image_is_built_as_hadolint_asks(tmp_path: Path) -> None:
    """No finding, not even an informational one."""
    assert (
        said(
            Path(sys.executable).with_name("hadolint"),
            "Dockerfile",
            folder=laid("compose", tmp_path),
        )
        == ""
    )


def test_what_the_package_links_to_is_taken_into_the_image() -> None:
    """A link out of src/ would be one to nowhere, had the builder not been told of its end."""
    ignored = deployment_files("compose", PLACE)["Dockerfile.dockerignore"].decode().splitlines()
    root = ROOT
    links = [path for path in (root / "src").rglob("*") if path.is_symlink()]
    assert links
    for link in links:
        assert f"!{link.resolve().relative_to(root).parts[0]}" in ignored, link


def test_the_container_may_write_to_its_folder_alone() -> None:
    """Not root, no rights, a root that is read only, a port of this machine alone, time to end."""
    text = deployment_files("compose", PLACE)["compose.yaml"].decode()
    paper = YAML(typ="safe").load(text)["services"]["paper"]
    assert (paper["user"], paper["read_only"], paper["cap_drop"]) == ("10001:10001", True, ["ALL"])
    assert paper["security_opt"] == ["no-new-privileges:true"]
    assert paper["volumes"] == ["./paper:/paper"]
    assert paper["ports"] == ["127.0.0.1:8000:8000"]
    assert paper["stop_grace_period"] == "90s"


# ---------------------------------------------------------------- the command


def test_the_files_of_a_paper_are_written_for_where_it_lies(tmp_path: Path) -> None:
    """The folder, the command and the address of this paper; a second time nothing is overwritten."""
    (tmp_path / "feeds.yaml").write_text(
        "base_url: https://paper.example.org/\nsources: [{kind: bundle, name: L, path: shelf}]\n"
    )
    done = typed(tmp_path, "deploy", "cron")
    assert done.returncode == 0, done.stderr
    crontab = (tmp_path / "deploy" / "cron" / "crontab").read_text()
    script = (tmp_path / "deploy" / "cron" / "cron.sh").read_text()
    assert str(tmp_path) in crontab + script
    assert (tmp_path / "deploy" / "cron" / "README.md").exists()
    again = typed(tmp_path, "deploy", "cron")
    assert again.returncode == 1
    assert "File exists" in again.stderr
    assert (tmp_path / "deploy" / "cron" / "crontab").read_text() == crontab


def test_a_way_to_run_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With those that are, and the nearest; nothing is written."""
    (tmp_path / "feeds.yaml").write_text("sources: [{kind: bundle, name: L, path: shelf}]\n")
    done = typed(tmp_path, "deploy", "sytemd")
    assert done.returncode == 2
    assert "did you mean “systemd”?" in done.stderr
    assert not (tmp_path / "deploy").exists()


def test_a_new_paper_is_begun_with_what_runs_it(tmp_path: Path) -> None:
    """`init --deploy` writes both; a paper without an address is told that a proxy needs one."""
    done = typed(tmp_path, "init", str(tmp_path / "paper"), "--yes", "--no-check", "--deploy", "systemd")  # fmt: skip
    assert done.returncode == 0, done.stderr
    unit = tmp_path / "paper" / "deploy" / "systemd" / "user" / "sundaypaper.service"
    assert str(tmp_path / "paper") in unit.read_text()
    wrong = typed(tmp_path / "paper", "deploy", "nginx")
    assert wrong.returncode == 1
    assert "base_url" in wrong.stderr
