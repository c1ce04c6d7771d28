"""docs/sample is what the demo builds today, small enough to be committed, and opens anywhere."""

from __future__ import annotations

from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "docs" / "sample"
MOST_BYTES = 5_000_000


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_committed_sample_is_the_demos_build(demo: Path) -> None:
    """`make sample` would change nothing."""
    fresh = files((demo / "output" / "site").resolve())
    kept = files(SAMPLE)
    assert kept.keys() == fresh.keys(), "run `make sample`"
    changed = [path for path in fresh if fresh[path] != kept[path]]
    assert not changed, f"run `make sample`: {changed[:5]}"


def test_the_sample_is_small() -> None:
    """At most 5 MB in the repository."""
    assert sum(map(len, files(SAMPLE).values())) <= MOST_BYTES
