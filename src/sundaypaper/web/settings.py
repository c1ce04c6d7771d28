"""feeds.yaml while the app runs: read anew when it changed; a broken one changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sundaypaper.config import Config
from sundaypaper.errors import SundayPaperError

Stamp = tuple[int, int, int] | None


class Settings:
    """The settings of now. load reads the file; say tells the operator a line."""

    def __init__(self, file: Path, load: Callable[[], Config], say: Callable[[str], None]) -> None:
        self.file, self.load, self.say = file, load, say
        self.stamp = self._stamp()
        self.config = load()

    def __call__(self) -> Config:
        """The settings that were read last and have no mistake."""
        return self.config

    def look(self) -> None:
        """Read the file anew if it changed; what is wrong with it is told once."""
        stamp = self._stamp()
        if stamp == self.stamp:
            return
        self.stamp = stamp
        try:
            self.config = self.load()
        except SundayPaperError as bad:
            self.say(f"! {bad}\n! the settings of before stay in use until that is put right")
        else:
            self.say(f"{self.file} changed and is in use")

    def _stamp(self) -> Stamp:
        try:
            at = self.file.stat()
        except OSError:
            return None
        return at.st_mtime_ns, at.st_size, at.st_ino
