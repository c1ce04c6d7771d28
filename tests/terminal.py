"""`sundaypaper` typed at a terminal that is this process: what was printed, and the exit status."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from typer.testing import CliRunner

from sundaypaper import cli


def typed(root: Path, *words: str, stdin: str | bytes = b"") -> CompletedProcess[str]:
    """The result of `sundaypaper --root root …`, as a process of its own would have it."""
    line = ["sundaypaper", "--root", str(root), *words]
    status = 0
    with patch.object(sys, "argv", line), CliRunner().isolation(stdin) as (out, err, _):
        try:
            cli.main()
        except SystemExit as done:
            status = int(done.code or 0)
        sys.stdout.flush()
        sys.stderr.flush()
        told, blamed = out.getvalue().decode(), err.getvalue().decode()
    return CompletedProcess(words, status, told, blamed)
