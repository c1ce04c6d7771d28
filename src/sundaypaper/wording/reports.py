"""What a source's report says, in words."""

from __future__ import annotations

from sundaypaper.models import SourceReport


def gaps(report: SourceReport) -> str:
    """What is missing of a source, part by part with counts, each reason said once."""
    why: dict[str, list[str]] = {}
    for part in report.missing:
        of = "an unknown number" if part.expected is None else part.expected
        why.setdefault(part.why.rstrip("."), []).append(f"{part.name}, {part.fetched} of {of}")
    return "; ".join(f"{'; '.join(parts)} ({reason})" for reason, parts in why.items())
