"""What is generated and committed is what would be generated now."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

ROOT = Path(__file__).parent.parent


def generator() -> ModuleType:
    """tools/generate.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "tools" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    with patch.object(sys, "path", [str(ROOT / "tools"), *sys.path]):
        spec.loader.exec_module(module)
    return module


def test_schemas_topics_and_manual_are_up_to_date() -> None:
    """`make generated` would change nothing."""
    for path, text in generator().documents().items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, f"{path}: run `make generated`"


def test_what_is_deployed_and_no_longer_made_does_not_stay() -> None:
    """deploy/ holds what is made, and nothing of before."""
    made = {path for path in generator().documents() if path.parts[0] == "deploy"}
    assert {
        path.relative_to(ROOT) for path in (ROOT / "deploy").rglob("*") if path.is_file()
    } == made
