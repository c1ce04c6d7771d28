"""What the web app is handed: folders, settings, clock and randomness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sundaypaper.config import Config


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The root that is served, and the world around it.

    config gives feeds.yaml as it is now; now the time, in UTC; random(n) n bytes that nobody can
    guess. base_url ends with a slash: every link that leaves the app begins with it. mails is the
    folder that takes mails where feeds.yaml has no `delivery:`, else None; show_mails lets the app
    show that folder, for a demonstration on one machine. say tells the operator a line.
    """

    root: Path
    output: Path
    templates: Path | None
    config: Callable[[], Config]
    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    random: Callable[[int], bytes]
    base_url: str
    say: Callable[[str], None]
    mails: Path | None = None
    show_mails: bool = False
