"""Venues as people name them, and what arXiv is asked by them: venues.core is the one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from sundaypaper import config
from sundaypaper.config.advice import advice
from sundaypaper.errors import ConfigError
from sundaypaper.sources import ArxivSource, arxiv
from terminal import typed

# What the default asks arXiv, to the letter: with another text the memory of what was answered is lost.
DEFAULT_QUESTION = (
    '(co:NeurIPS OR co:NIPS OR co:"Neural Information Processing Systems" OR co:ICML OR '
    'co:"International Conference on Machine Learning" OR co:CVPR OR '
    'co:"Computer Vision and Pattern Recognition" OR jr:NeurIPS OR jr:NIPS OR '
    'jr:"Neural Information Processing Systems" OR jr:ICML OR '
    'jr:"International Conference on Machine Learning" OR jr:CVPR OR '
    'jr:"Computer Vision and Pattern Recognition")'
)


def read(text: str, sources: str = "[{kind: arxiv}]") -> config.Config:
    """The configuration of a file."""
    return config.read_text(f"{text}\nsources: {sources}\n", Path("feeds.yaml"))


def question(paper: config.Config) -> str:
    """What the paper asks arXiv for, beside its categories; "" for nothing."""
    (source,) = (source for source in paper.sources if isinstance(source, ArxivSource))
    return arxiv.naming_venues(source.venues) if source.venues else ""


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("INTERSPEECH", "interspeech"),
        ("NeurIPS", "neurips"),
        ("Computer Vision and Pattern Recognition", "cvpr"),
        ("'Robotics: Science and Systems'", "rss"),
        ("the web conference", "www"),
        ("ARR", "other:arr"),
        ("other:arr", "other:arr"),
        ("acl", "acl"),
        ("Rare Networks", "wren"),
    ],
)
def test_a_venue_is_known_by_its_key_its_name_and_any_capitals(written: str, key: str) -> None:
    """Of one's own venues too, and in both rings; said twice, it counts once."""
    own = "own: [{key: wren, title: Rare Networks, names: [workshop on rare networks]}]"
    paper = read(f"venues: {{core: [{written}, {key}], also: [{written}], {own}}}")
    assert (paper.core, paper.also) == ((key,), (key,))


def test_a_list_of_dates_keeps_venues_by_their_names() -> None:
    """`only` of deadlines is such a list."""
    paper = read("", "[{kind: deadlines, name: D, url: https://d.example/d.yml, only: [NeurIPS]}]")
    assert getattr(paper.sources[0], "only", None) == ("neurips",)


def test_an_unknown_venue_names_the_nearest_and_the_list_of_all() -> None:
    """With and without one that is near."""
    with pytest.raises(ConfigError) as told:
        read("venues: {core: [Neuripps, Zzyzx]}")
    near, far = (mistake.message for mistake in told.value.mistakes)
    assert near.startswith(
        "there is no venue “Neuripps”; did you mean “neurips”? `sundaypaper venues list`"
    )
    assert far.startswith("there is no venue “Zzyzx”; `sundaypaper venues list` names all")


def test_the_default_asks_arxiv_what_it_always_asked() -> None:
    """The names come from the table by now; the question is the same to the letter."""
    assert question(config.read_text(config.default_text(), Path("feeds.yaml"))) == DEFAULT_QUESTION
    assert question(read("")) == DEFAULT_QUESTION


def test_venues_core_is_the_one_place() -> None:
    """arXiv is asked for the names of the core as authors write them, and for no others."""
    asked = question(read("venues: {core: [Interspeech, emnlp], also: [icml]}"))
    assert "co:Interspeech OR " in asked
    assert 'jr:"Empirical Methods in Natural Language Processing"' in asked
    assert "ICML" not in asked
    own = "own: [{key: wren, title: WReN, names: [workshop on rare networks]}]"
    assert 'co:WReN OR co:"Workshop on Rare Networks"' in question(
        read(f"venues: {{core: [wren], {own}}}")
    )


def test_names_that_stand_for_other_things_are_not_asked_for() -> None:
    """“www” stands in every address, “mm” in every size: each would bring papers by the thousand."""
    asked = question(read("venues: {core: [www, acmmm]}"))
    assert "co:WWW" not in asked
    assert "co:MM " not in asked
    assert 'co:"The Web Conference"' in asked
    assert 'co:"ACM MM"' in asked


def test_misspellings_of_the_table_are_read_and_not_asked_for() -> None:
    """They stand behind the whole names there."""
    assert "CPVR" not in question(read("venues: {core: [cvpr]}"))
    assert "NURIPS" not in question(read("venues: {core: [neurips]}")).upper()


def test_an_explicit_list_still_works_and_is_told_where_it_lacks_a_core_venue() -> None:
    """Which venues, what is lost and what to do; [] asks for none; nothing is told where all agree."""
    core = "venues: {core: [Interspeech, NeurIPS]}"
    paper = read(core, "[{kind: arxiv, venues: [Neural Information Processing Systems]}]")
    assert question(paper).startswith('(co:"Neural Information Processing Systems" OR jr:')
    (told,) = advice(paper)
    assert "none is of Interspeech in venues.core" in told
    assert "Take its key `venues` out" in told
    assert question(read(core, "[{kind: arxiv, venues: []}]")) == ""
    assert len(advice(read(core, "[{kind: arxiv, venues: []}]"))) == 1
    assert advice(read(core, "[{kind: arxiv, venues: [INTERSPEECH, nips, Other]}]")) == ()
    assert advice(read(core)) == ()


def test_venues_are_listed_by_key_and_name(tmp_path: Path) -> None:
    """The inner rings first; a part of a name finds its venue, and what is not there says what is near."""
    (tmp_path / "feeds.yaml").write_text("sources: [{kind: bundle, name: L, path: shelf}]\n")
    everything = typed(tmp_path, "venues", "list").stdout.splitlines()
    assert {line.split()[0] for line in everything[:3]} == {"cvpr", "icml", "neurips"}
    assert len(everything) > 70
    found = typed(tmp_path, "venues", "list", "computer vision and pattern")
    assert found.stdout.split()[0] == "cvpr"
    lost = typed(tmp_path, "venues", "list", "neuripzz")
    assert lost.returncode == 1
    assert "did you mean “neurips”?" in lost.stderr or "did you mean “NeurIPS”?" in lost.stderr
