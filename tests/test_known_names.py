"""The names that queries may ask for: those of feeds.yaml, what is kept, and how pages carry them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from published import publish
from sample_issue import sample_issue
from sundaypaper.config import default_config, load
from sundaypaper.errors import ConfigError, QueryError
from sundaypaper.formats.vocabulary import vocabulary_page
from sundaypaper.models import Claim, Issue
from sundaypaper.query import Vocabulary, parse

START, END = "(globalThis.SundayPaper ??= {}).vocabulary = ", ";\n"


def configured(folder: Path, text: str) -> Vocabulary:
    """The vocabulary of a feeds.yaml."""
    file = folder / "feeds.yaml"
    file.write_text(text, encoding="utf-8")
    return load(file).vocabulary


def meant(query: str, vocabulary: Vocabulary) -> str:
    """What the one name of a query stands for, or the sentence about it."""
    try:
        return str(parse(query, vocabulary=vocabulary).tree)
    except QueryError as told:
        return told.message


def test_every_name_of_the_table_means_its_venue() -> None:
    """Keys, titles and what authors write; two conferences never share a name."""
    config = default_config()
    vocabulary = config.vocabulary
    for venue in config.venues:
        key = venue.key.removeprefix("other:")
        asked = {meant(f'venue:"{name}"', vocabulary) for name in (key, venue.title, *venue.names)}
        assert asked == {str(parse(f'venue:"{key}"').tree)}


def test_topics_go_by_their_printed_names() -> None:
    """Each of the default ones."""
    config = default_config()
    for topic in config.topics:
        assert meant(f'topic:"{topic.name}"', config.vocabulary) == str(
            parse(f"topic:{topic.id}").tree
        )


def test_sources_of_the_shelf_are_known_and_those_of_a_bundle_are_not(tmp_path: Path) -> None:
    """What the packaged landmarks name is there; a bundle of somebody's may name any."""
    shelf = "sources: [{kind: bundle, name: S, path: shelf}, {kind: feed, name: Lab, url: 'https://a.example/f', group: lab}]\n"
    vocabulary = configured(tmp_path, shelf)
    assert meant("source:distill", vocabulary) == str(parse("source:distill").tree)
    assert meant("group:practitioner", vocabulary) == str(parse("group:practitioner").tree)
    assert meant("source:labb", vocabulary) == "there is no source “labb”; did you mean “Lab”?"
    assert "there is no source “s”" in meant("source:s", vocabulary)
    other = configured(tmp_path, "sources: [{kind: bundle, name: S, path: mine}]\n")
    assert meant("source:anything", other) == str(parse("source:anything").tree)


@pytest.mark.parametrize(
    ("match", "says"),
    [
        ("llm venue:nuripss", "column 5: there is no venue “nuripss”; did you mean “neurips”?"),
        ('source:"Nobody Blog"', "column 1: there is no source “nobody blog”; there are"),
        ("x OR group:labs", "column 6: there is no group of sources “labs”; did you mean “lab”?"),
        ("-cat:cs.XV", "column 2: there is no category “cs.xv”; did you mean “cs."),
    ],
)
def test_an_edition_names_what_is_there(tmp_path: Path, match: str, says: str) -> None:
    """Every field of names, with line and column of the query and the column in it."""
    text = f"sources: [{{kind: feed, name: Blog, url: 'https://a.example/f', group: lab}}]\neditions:\n- {{id: a, name: A, match: '{match}'}}\n"
    with pytest.raises(ConfigError, match="editions") as told:
        configured(tmp_path, text)
    assert f"feeds.yaml:3:27: editions[0].match: {says}" in str(told.value)


def test_an_edition_may_use_any_name_of_a_venue(tmp_path: Path) -> None:
    """Its tree holds what entries carry, its text what was written."""
    file = tmp_path / "feeds.yaml"
    file.write_text(
        'sources: [{kind: arxiv}]\neditions: [{id: a, name: A, match: \'-venue:"NIPS 2025" topic:"Computer vision"\'}]\n'
    )
    (edition,) = load(file).editions
    assert edition.match.tree == parse("-(venue:neurips year:2025) topic:vision").tree
    assert edition.match.text == '-venue:"NIPS 2025" topic:"Computer vision"'


def test_a_topics_own_query_names_categories_that_there_are(tmp_path: Path) -> None:
    """So does what a feed is narrowed by."""
    for text in (
        "topics: [{id: a, name: A, match: 'x cat:cs.XV'}]\n",
        "sources: [{kind: feed, name: A, url: 'https://a.example/f', only: 'x cat:cs.XV'}]\n",
    ):
        with pytest.raises(ConfigError, match=r"column 3: there is no category “cs\.xv”"):
            configured(tmp_path, text)


def with_claim(issue: Issue, venue: str) -> Issue:
    """The issue, with one more claim for its first entry."""
    pick, *rest = issue.entries
    claims = (*pick.claims, Claim(venue, 2026, "other", "accepted", None, "Rare"))
    taken = replace(pick, claims=claims, comment=f"{pick.comment} Rare Days")
    return replace(issue, entries=(taken, *rest))


def test_pages_carry_the_names_and_the_venues_that_claims_name(tmp_path: Path) -> None:
    """A venue of no table is there once an issue names it."""
    issue = sample_issue(150)
    first = (publish(tmp_path, issue) / "vocabulary.js").read_text("utf-8")
    named = replace(with_claim(issue, "other:Rare <Days>"), week="2026-W11")
    more = (publish(tmp_path, named) / "vocabulary.js").read_text("utf-8")
    lists = json.loads(more.removeprefix(START).removesuffix(END))
    assert ["cvpr", "cvpr"] in lists["values"]["venue"]
    assert ["rare days", "Rare <Days>"] in lists["values"]["venue"]
    assert ["nips", "neurips"] in lists["aliases"]["venue"]
    assert ["computer vision", "vision"] in lists["aliases"]["topic"]
    assert "rare days" not in first
    assert "<" not in more


def test_hostile_names_stay_inside_the_script() -> None:
    """What a claim is called comes from outside."""
    bad = "</script><!--\u2028"
    text = vocabulary_page(Vocabulary({"venue": {"x": bad}})).body.decode()
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text.removeprefix(START).removesuffix(END))["values"] == {
        "venue": [["x", bad]]
    }
