"""Words for the lines of the run log: how a run ended, and what it was waiting for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OLD = {0: "ok", 1: "incomplete"}  # of runs that left no word of their own


def how_it_ended(status: int, detail: Mapping[str, Any]) -> str:
    """How a run ended, from its exit status and what it left in the log."""
    if errors := detail.get("error"):
        return f"failed: {' '.join(map(str, errors))}"
    if detail.get("stopped"):
        return "stopped by the user"
    return str(detail.get("outcome") or OLD.get(status, status))
