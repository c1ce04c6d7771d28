"""Small printed weeks that readers' queries are asked of: every entry and every word by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from published import publish
from sample_issue import sample_issue
from sundaypaper.config import load
from sundaypaper.errors import QueryError
from sundaypaper.formats import site
from sundaypaper.models import Amendment, Claim, Issue, Item, Pick, Section, Tag
from sundaypaper.pipeline.query_child import Asked, Desk, NoAnswerError, Served
from sundaypaper.pipeline.readers_queries import Searched, searched
from sundaypaper.pipeline.recent_weeks import RecentWeeks
from sundaypaper.store import Store
from sundaypaper.weeks import monday

BASE = "https://paper.example/"
FEEDS = """title: Sunday Paper
base_url: https://paper.example/
contact: editor@paper.example
sources:
  - {kind: bundle, name: The shelf, path: shelf}
"""
WHOLE = sample_issue(110)
PLAIN = next(pick for pick in WHOLE.entries if pick.id == "arxiv:2603.00103")
CVPR = Claim("cvpr", 2026, "main", "accepted", "oral", "Accepted to CVPR 2026 (oral)")


def entry(id: str, title: str, score: float = 1.0, topic: str = "", **other: object) -> Pick:
    """A paper of a few words, without topic or claim unless one is given."""
    tags = (Tag(topic, 0.9, f"title: {topic}"),) if topic else ()
    given: dict[str, object] = {
        "id": f"arxiv:{id}",
        "url": f"https://arxiv.org/abs/{id}",
        "title": title,
        "authors": ("Ada Lindqvist",),
        "categories": ("cs.CV",),
        "comment": "",
        "claims": (),
        "tags": tags,
        "evidence": (),
        "gist": "It works.",
        "score": score,
        "standing": "new",
        "ring": "field",
    }
    return replace(PLAIN, **(given | other))  # type: ignore[arg-type]


def issue(
    week: str,
    *entries: Pick,
    printed: Iterable[str] = (),
    abstracts: Mapping[str, str] | None = None,
    draft: bool = False,
) -> Issue:
    """The issue of a week that holds these entries, and prints those of these ids."""
    day = monday(week)
    items = tuple(Item(f"arxiv:{id}", "", "short") for id in printed)
    return replace(
        WHOLE,
        week=week,
        composed=datetime(day.year, day.month, day.day, 6, tzinfo=UTC),
        state="draft" if draft else "frozen",
        why_draft="arXiv is missing" if draft else "",
        headline="A week",
        minute=(),
        sections=(Section("new", "New and promising", items),) if items else (),
        entries=tuple(replace(one, week=week) for one in entries),
        newly_accepted=(),
        abstracts={f"arxiv:{id}": text for id, text in (abstracts or {}).items()},
    )


def three_weeks() -> tuple[Issue, ...]:
    """Three weeks: what each query of the tests finds in them is counted by hand."""
    return (
        issue(
            "2026-W10",
            entry("2603.00001", "Flow matching in one step", 3.0, "generative"),
            entry("2603.00002", "A survey of robots", 2.0, "robotics", authors=("Fei-Fei Li", "Bo Ek")),
            entry("2603.00003", "Grasping", 1.0, "robotics", claims=(CVPR,), ring="accepted"),
            printed=("2603.00001", "2603.00003"),
            abstracts={"2603.00003": "A hand that learns by flow matching."},
        ),
        issue(
            "2026-W11",
            entry("2603.00011", "Robots that walk", 5.0, "robotics"),
            entry("2603.00012", "Kitchens", 4.0, "robotics", categories=("cs.RO",)),
            entry("2603.00003", "Grasping", 3.0, "robotics", claims=(CVPR,), ring="accepted"),
            entry("2603.00013", "A conference", 2.0, "robotics", kind="event"),
            printed=("2603.00011", "2603.00013"),
        ),
        issue(
            "2026-W12",
            entry("2603.00021", "Words and worlds", 2.0, "language-models"),
            entry("2603.00022", "Matching flow, in parts", 1.0, "generative"),
            printed=("2603.00021",),
        ),
    )  # fmt: skip


def make_root(folder: Path, *issues: Issue, amendments: tuple[Amendment, ...] = ()) -> Path:
    """A root whose issues are kept and published, as a run leaves it."""
    (folder / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    config = load(folder / "feeds.yaml")
    publish(folder, *(issues or three_weeks()), amendments=amendments, config=config)
    return folder


def look(root: Path, recent: RecentWeeks | None = None) -> Searched:
    """What queries are answered from in a root."""
    config = load(root / "feeds.yaml")
    env = site.environment(None, config.venue_titles)
    with Store(root / "paper.db") as store:
        return searched(config, store, env, BASE, recent or RecentWeeks())


class InProcess:
    """Answers as the child does, in this process; counts what it is asked."""

    def __init__(self, root: Path) -> None:
        self.desk = Desk(Served(str(root), str(root / "output"), "", BASE), lambda: 0.0)
        self.asked: list[Asked] = []

    def ask(self, asked: Asked) -> bytes:
        """The bytes of the answer; errors as the child's."""
        self.asked.append(asked)
        head, body = self.desk.answer(asked)
        if head.column:
            raise QueryError(asked.text, head.column, head.words)
        if head.words:
            raise NoAnswerError(head.words)
        return body

    def close(self) -> None:
        """Nothing runs."""

    def ended(self) -> None:
        """Nothing is left."""
