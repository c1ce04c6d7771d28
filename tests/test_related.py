"""More like this: entries of earlier weeks that are near a printed one, and in which words."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from kept_week import SUNDAY, W10, W11, W12, Root, paper
from published import texts
from sundaypaper import config, topics
from sundaypaper.models import Amendment, Entry
from sundaypaper.pipeline import publishing, recalling
from sundaypaper.query import card_of_entry

FLOWS = "Flow matching learns a vector field that transports noise to images of galaxies."
ARMS = "A robot arm grasps cups with a gripper, and learns manipulation from demonstrations."


def flow(number: int, title: str = "", **more: object) -> Entry:
    """A paper on flow matching."""
    return paper(
        number, title=title or f"Flow Matching for Galaxies {number}", summary=FLOWS, **more
    )


def arm(number: int, **more: object) -> Entry:
    """A paper on robot arms."""
    return paper(number, title=f"Robot Manipulation with Grippers {number}", summary=ARMS, **more)


def published(root: Root) -> dict[str, str]:
    """All pages of a root, path to text."""
    with root.store() as store:
        made = config.load(root.path / "feeds.yaml")
        publishing.publish(made, store, root.path / "output", None)
    return texts(root.path / "output" / "site")


def page_of(build: dict[str, str], number: int) -> str:
    """The page of an invented paper."""
    return unescape(build[f"e/arxiv-2603.{number:05}/index.html"])


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """A root with a week of two subjects, one of them printed."""
    root = Root(tmp_path)
    root.configure()
    root.keep(W10, flow(1), arm(2), arm(3))
    root.edit(W10)
    return root


def test_what_is_near_is_of_the_same_subject_and_the_nearest_stands_first() -> None:
    """Three papers on arms beside two on flows: a flow is nearest to the other one."""
    made = topics.vectors([card_of_entry(e) for e in (arm(1), arm(2), flow(3), arm(4))])
    asked = topics.vectors([card_of_entry(flow(5))])
    (found,) = topics.nearest(asked, [made], [0, 1, 2, 3], 5)
    assert [near.number for near in found][:1] == [2]
    assert all(near.likeness >= 0.35 for near in found)


def test_rows_name_the_vectors_that_count_over_several_weeks() -> None:
    """The numbers that come back are those of the rows that were asked about, not of all."""
    first = topics.vectors([card_of_entry(arm(1)), card_of_entry(flow(2))])
    second = topics.vectors([card_of_entry(flow(3))])
    asked = topics.vectors([card_of_entry(flow(4))])
    (found,) = topics.nearest(asked, [first, second], [0, 2], 1)
    assert [near.number for near in found] == [1]


def test_a_text_without_a_known_word_is_near_nothing() -> None:
    """Its vector is zeros, and a cosine with that is none."""
    nothing = topics.vectors([card_of_entry(replace(flow(1), title="Qqqx", summary="zzzzv"))])
    assert nothing == bytes(96)
    assert topics.nearest(nothing, [topics.vectors([card_of_entry(flow(2))])], [0], 5) == ((),)


def test_what_is_shared_is_what_both_are_about() -> None:
    """Rare words and phrases first, none twice, nothing that every paper says of itself."""
    ours = ("Optimal Transport by Flow Matching", "We propose a novel method. Flow matching helps.")
    theirs = ("Flow Matching at Scale", "We propose a novel method for transport.")
    usage = topics.usage([("Anything", "We propose a novel method.")] * 9)
    assert topics.shared(ours, theirs, usage) == ("flow matching", "transport")
    assert topics.shared(("Novel methods", ""), ("A novel approach", ""), usage) == ()


def test_an_entry_page_says_what_earlier_weeks_held_like_it_and_why(root: Root) -> None:
    """A printed one leads to its page, with the words that both say and its week."""
    root.keep(W11, flow(11), arm(12))
    root.edit(W11)
    page = page_of(published(root), 11)
    part = page[page.index("More like this") : page.index("Why it was chosen")]
    assert '<a href="../../e/arxiv-2603.00001/index.html">Flow Matching for Galaxies 1</a>' in part
    assert "shares: " in part
    assert "galaxies" in part[part.index("shares: ") :][:80]
    assert "2026-W10, printed" in part
    assert "00011" not in part


def test_what_no_issue_printed_leads_outside(tmp_path: Path) -> None:
    """It has no page here; its week is said."""
    root = Root(tmp_path)
    root.configure()
    root.keep(W10, flow(1, comment=""))
    root.edit(W10)
    root.keep(W11, flow(11))
    root.edit(W11)
    page = page_of(published(root), 11)
    assert '<a href="https://arxiv.org/abs/2603.00001">Flow Matching for Galaxies 1</a>' in page
    assert "2026-W10</small>" in page


def test_what_stands_in_the_week_too_is_not_called_earlier(root: Root) -> None:
    """An older paper that was updated in it is of this week as well."""
    root.keep(W10, flow(1, version=2, comment="Accepted at ICML 2026"), touched=W11)
    root.keep(W11, flow(11))
    assert "arxiv:2603.00001" in {pick.id for pick in root.edit(W11).entries}
    page = page_of(published(root), 11)
    assert "Flow Matching for Galaxies 1<" not in page


def test_the_first_week_has_nothing_earlier(root: Root) -> None:
    """The section is left out where there is nothing to say."""
    assert "More like this" not in page_of(published(root), 1)


def test_a_page_stays_as_it_was_when_later_weeks_come(root: Root) -> None:
    """Only earlier entries are named, so that no page waits for what comes."""
    root.keep(W11, flow(11))
    root.edit(W11)
    before = page_of(published(root), 11)
    root.keep(W12, flow(21))
    root.edit(W12)
    assert page_of(published(root), 11) == before


def test_what_was_removed_is_not_named_any_more(root: Root) -> None:
    """Neither its title nor its address."""
    root.keep(W11, flow(11))
    root.edit(W11)
    assert "Flow Matching for Galaxies 1<" in page_of(published(root), 11)
    with root.store() as store:
        store.amend(Amendment("arxiv:2603.00001", SUNDAY[W11], "removed", "Its authors asked."))
    page = page_of(published(root), 11)
    assert "Flow Matching for Galaxies 1<" not in page
    assert "arxiv-2603.00001" not in page


def test_a_week_is_read_once(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held of a week is not made again while its issue stays as it is."""
    published(root)

    def refused(_cards: object) -> bytes:
        raise AssertionError("a week was read again")

    monkeypatch.setattr(topics, "vectors", refused)
    published(root)


def test_vectors_of_another_model_are_made_anew_and_nothing_else(root: Root) -> None:
    """What is like a printed entry stays as its page said it."""
    root.keep(W11, flow(11))
    root.edit(W11)
    before = page_of(published(root), 11)
    with root.store() as store:
        store.db.execute(
            "update vectors set model = 'older', vectors = x'00' where week = ?", [W10]
        )
        store.db.execute("update related set shared = 'kept as it was' where week = ?", [W11])
        store.db.execute("update vectors set model = 'older' where week = ?", [W11])
        store.db.conn.commit()
        recalling.catch_up(store)
        kept = store.vectors([W10, W11], topics.made_with())
        assert [len(of.vectors) for of in kept.values()] == [96, 288]
        (near, *_) = store.related(W11)["arxiv:2603.00011"]
        assert near.shared == ("kept as it was",)
    assert "shares: " in before
