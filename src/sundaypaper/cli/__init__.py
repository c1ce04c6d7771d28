"""The command `sundaypaper`: runs a command, and turns errors into sentences and exit statuses.

Exit status: 0 the issue is out, or waits for its print time or its editor alone, and arXiv is
complete (feeds that failed are named) · 1 incomplete, nothing published, or a mail is still to come · 2 wrong use or
configuration · 75 another run is at work.
"""

from __future__ import annotations

import gc
import sys

from sundaypaper.cli.commands import app
from sundaypaper.cli.examples import command_line
from sundaypaper.errors import BusyError, ConfigError, QueryError, SundayPaperError

__all__ = ["app", "main"]

FEW_COLLECTIONS = 20_000  # objects made between two of them; Python looks after 700


def main() -> None:
    """Run the command line; errors of our own classes show no traceback."""
    # What a command loads stays to its end: to look through it 160 times is a twelfth of `status`.
    gc.set_threshold(FEW_COLLECTIONS)
    try:
        command_line(app)()
    except ConfigError as bad:
        count = len(bad.mistakes)
        plural = "mistake" if count == 1 else "mistakes"
        _stop(f"{bad}\n{count} {plural}; nothing was done.", 2)
    except QueryError as bad:
        _stop(f"{bad.query}\n{' ' * (bad.column - 1)}^ {bad.message}", 2)
    except BusyError as bad:
        _stop(f"{bad}; try again when it is done.", 75)
    except SundayPaperError as bad:
        _stop(str(bad), 1)


def _stop(text: str, status: int) -> None:
    print(text, file=sys.stderr)
    sys.exit(status)
