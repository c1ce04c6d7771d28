"""The list of guards stays true: each text stands where it says, and each test is there."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


def _tool() -> ModuleType:
    """tools/guards.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("guards", ROOT / "tools" / "guards.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["guards"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()
LISTED = TOOL.guards((ROOT / TOOL.GUARDS).read_text(encoding="utf-8"))


def test_each_guard_stands_in_its_file() -> None:
    """A change that moves a guard has to move its entry, too: else it would hold nothing."""
    for guard in LISTED:
        assert TOOL.without(guard, (ROOT / guard.file).read_text(encoding="utf-8")), guard.says


def test_each_test_of_a_guard_is_there() -> None:
    """A test that is renamed or dropped is missed by the guard that it holds."""
    for guard in LISTED:
        assert not [name for name in guard.tests if not _is_there(name)], guard.says


def test_a_text_that_stands_twice_is_no_guard() -> None:
    """Which of the two is taken out must be plain."""
    twice = TOOL.Guard("T1", "", "a.py", "x", "y", ("tests/a.py",))
    with pytest.raises(ValueError, match=r"a\.py: the text of the guard stands there 2 times"):
        TOOL.without(twice, "x x")


def _is_there(name: str) -> bool:
    file, _, test = name.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    wanted = re.escape(test.partition("[")[0])
    return not test or re.search(rf"def {wanted}\(", text) is not None
