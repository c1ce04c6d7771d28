"""How much work something is, counted and not timed, and how often a property is tried."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from hypothesis import settings

THOROUGH, QUICK = 100, 20  # examples of a property that asks for no number of its own


def calls(work: Callable[[], object]) -> int:
    """How many functions are called meanwhile, Python's and C's: the same on every machine.

    What happens within one call of C, such as a regular expression going back and forth, is not
    seen; tests marked `clock` time that, and `make bench` runs them.
    """
    count = 0

    def called(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def examples(most: int, **more: Any) -> settings:
    """The settings of a property that is tried `most` times in the thorough profile."""
    return settings(max_examples=share(most), deadline=None, **more)


def share(most: int) -> int:
    """How many of so many examples the profile tries: all in the thorough one, a fifth by default."""
    profile = settings.default
    assert profile is not None
    return max(1, most * profile.max_examples // THOROUGH)
