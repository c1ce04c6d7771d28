"""Programs of the host, such as rsync and git: started without a shell, told in a sentence."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from sundaypaper.errors import BuildError
from sundaypaper.text import clean

HOUR, PRIVATE = 3600, 0o600
LONGEST, SHORTEST = 400, 6
NOTHING: Mapping[str, str] = MappingProxyType({})
IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]+@")
SECRET = re.compile(r"PASS|SECRET|TOKEN|KEY|CREDENTIAL|AUTH", re.IGNORECASE)


class NoProgramError(BuildError):
    """The host has no program of that name."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its status, what it printed, and the end of what it said of errors."""

    status: int
    out: bytes
    told: str


class Run(Protocol):
    """Starts a program of the host and waits for its end; NoProgramError where there is none."""

    def __call__(
        self,
        words: Sequence[str],
        *,
        folder: Path | None = None,
        given: bytes = b"",
        adding: Mapping[str, str] = NOTHING,
    ) -> Ended:
        """Run words in a folder, given bytes on stdin, with variables added to the environment."""


def run_program(
    words: Sequence[str],
    *,
    folder: Path | None = None,
    given: bytes = b"",
    adding: Mapping[str, str] = NOTHING,
) -> Ended:
    """Run a program for at most an hour. BuildError where it cannot be started or does not end."""
    environ = {**os.environ, **adding}
    try:
        done = subprocess.run(  # noqa: S603  # words of ours, and targets that begin with no dash
            list(words),
            cwd=folder,
            input=given,
            env=environ,
            capture_output=True,
            timeout=HOUR,
            check=False,
        )
    except FileNotFoundError:
        raise NoProgramError(f"{words[0]} is not installed here") from None
    except OSError as bad:
        raise BuildError(f"{words[0]} cannot be run: {bad.strerror or bad}") from bad
    except subprocess.TimeoutExpired:
        raise BuildError(f"{words[0]} did not end within an hour") from None
    return Ended(done.returncode, done.stdout, masked(done.stderr, environ.items()))


def through(words: Sequence[str], source: Path, to: Path) -> Ended:
    """Run a program with a file as its stdin and a new private file as its stdout."""
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with open(handle, "wb") as out, source.open("rb") as body:
        try:
            done = subprocess.run(  # noqa: S603  # the operator's own command
                list(words),
                stdin=body,
                stdout=out,
                stderr=subprocess.PIPE,
                timeout=HOUR,
                check=False,
            )
        except FileNotFoundError:
            raise NoProgramError(f"{words[0]} is not installed here") from None
        except OSError as bad:
            raise BuildError(f"{words[0]} cannot be run: {bad.strerror or bad}") from bad
        except subprocess.TimeoutExpired:
            raise BuildError(f"{words[0]} did not end within an hour") from None
        os.fsync(out.fileno())
    return Ended(done.returncode, b"", masked(done.stderr, os.environ.items()))


def masked(said: bytes, environ: Iterable[tuple[str, str]]) -> str:
    """The end of what a program said, without the values of variables that look like secrets."""
    text = said.decode("utf-8", "replace")
    for name, value in environ:
        if SECRET.search(name) and len(value) >= SHORTEST:
            text = text.replace(value, "…")
    lines = [line for line in map(clean, IN_ADDRESS.sub("…@", text).splitlines()) if line]
    return clean(" / ".join(lines[-3:]), LONGEST)


def checked(
    run: Run,
    words: Sequence[str],
    *,
    folder: Path | None = None,
    given: bytes = b"",
    adding: Mapping[str, str] = NOTHING,
) -> bytes:
    """What a program printed; BuildError with what it said where it failed."""
    ended = run(words, folder=folder, given=given, adding=adding)
    if ended.status:
        raise BuildError(f"{words[0]} ended with status {ended.status}: {ended.told or 'it said nothing'}")  # fmt: skip
    return ended.out
