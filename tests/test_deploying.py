"""What is laid beside a paper so that it runs: every way is held to its own checker."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from sundaypaper.errors import BuildError
from sundaypaper.models import PrintTime
from sundaypaper.pipeline.deploying import KINDS, Place, deployment_files

PLACE = Place(
    root="/var/lib/sundaypaper",
    command="/usr/bin/true",
    user="sundaypaper",
    base_url="https://paper.example.org/",
    timezone="Europe/Berlin",
    print_at=PrintTime(6, time(8)),
)
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
