"""The list of guards and the page of promises stay true: texts, tests and states are there."""

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
PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
CASES = [f"T{number}" for number in range(1, 41)]
# Number, words, tests, state, and what is missing where that is not "pass".
PROMISE = re.compile(
    r"^\*\*(T\d+)\. ([^*]+)\*\*.*\nHeld by (.+)\nState: (pass|partly|not)\.(.*)$", re.MULTILINE
)
TEST = re.compile(r"`(tests/[^`]+)`")


def test_each_guard_stands_in_its_file() -> None:
    """A change that moves a guard has to move its entry, too: else it would hold nothing."""
    for guard in LISTED:
        assert TOOL.without(guard, (ROOT / guard.file).read_text(encoding="utf-8")), guard.says


def test_each_test_of_a_guard_is_there() -> None:
    """A test that is renamed or dropped is missed by the guard that it holds."""
    for guard in LISTED:
        assert not [name for name in guard.tests if not _is_there(name)], guard.says


def test_every_case_has_a_promise_a_state_and_a_guard() -> None:
    """In their order, once; what is not kept whole says what is missing, and the table agrees."""
    promises = PROMISE.findall(PAGE)
    assert [number for number, *_ in promises] == CASES
    assert set(CASES) <= {guard.promise for guard in LISTED}
    assert all(missing or state == "pass" for *_, state, missing in promises)
    table = dict(re.findall(r"\| (T\d+) \| (\w+) (?=\|)", PAGE))
    assert table == {number: state for number, _, _, state, _ in promises}


def test_each_test_of_a_promise_is_there() -> None:
    """Whoever wants to see a promise held can run what holds it."""
    for number, _, held, _, _ in PROMISE.findall(PAGE):
        assert TEST.findall(held), number
        assert not [name for name in TEST.findall(held) if not _is_there(name)], number


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
