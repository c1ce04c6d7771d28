"""`sundaypaper subscribers`: adding, importing, leaving, and no address where none was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sundaypaper.cli import app
from sundaypaper.delivery import Readers
from sundaypaper.errors import DeliveryError, QueryError

ADA, BEN = "ada.lovelace@lab.example", "ben@lab.example"
Said = Callable[..., str]


@pytest.fixture
def said(tmp_path: Path) -> Said:
    """Runs `sundaypaper --root tmp_path subscribers …` and gives what it printed."""
    (tmp_path / "feeds.yaml").write_text("sources: [{kind: arxiv}]\n", encoding="utf-8")

    def run(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, ["--root", str(tmp_path), "subscribers", *words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == status, done.output
        return str(done.output)

    return run


def test_somebody_is_added_once_and_then_changed(said: Said) -> None:
    """The second call says so; options of a later call change what they get."""
    assert "subscriber 1 gets the paper" in said("add", ADA, "--filter", "topic:nlp has:code")
    assert "nothing changed" in said("add", ADA.upper())
    assert "from now on what you said" in said("add", ADA, "--edition", "building")
    assert "edition building" in said("list")


def test_a_list_shows_whole_addresses_only_where_asked(said: Said) -> None:
    """Over a shoulder and in a log nobody reads who reads."""
    said("add", ADA)
    assert "a…@lab.example" in said("list")
    assert ADA not in said("list")
    assert ADA in said("list", "--addresses")


def test_a_list_of_people_comes_in_with_the_reason_why(said: Said, tmp_path: Path) -> None:
    """Good lines are taken, bad ones named by file and line without the address, status 1."""
    people = tmp_path / "people.csv"
    people.write_text(f"address,filter\n{ADA},topic:nlp\nnobody at all,\n{BEN},topic:(\n")
    told = said("import", str(people), "--consent", "lab list, 2026-11", status=1)
    assert f"{people}:3: address" in told
    assert f"{people}:4: filter, column 8" in told
    assert BEN not in told
    assert "1 added, 2 bad" in told
    kept = json.loads(said("export", ADA))
    assert [one["text"] for one in kept["consents"]] == ["lab list, 2026-11"]


WRONG = {
    "topic:visoin": "there is no topic “visoin”; did you mean “vision”?",
    "topic:nlp OR (has:code -topic:zzz)": "there is no topic “zzz”; there are",
    "topic:zz*": "there is no topic “zz”",
    "venue:cvrp": "there is no venue “cvrp”; did you mean “cvpr”?",
    "cat:cs.XX": "there is no category “cs.xx”; did you mean “cs.",
    "cat:math": "there is no category “math”; did you mean “math.*”?",
    "source:arxvi": "there is no source “arxvi”; did you mean “arXiv”?",
    "group:lab": "there is no group of sources “lab”: there is none at all",
}


@pytest.mark.parametrize("filter", WRONG)
def test_a_filter_that_nothing_can_match_adds_nobody(said: Said, filter: str) -> None:
    """A name that is misspelt is told with the nearest there is, and its reader gets no empty mail."""
    told = said("add", ADA, "--filter", filter, status=2)
    words = " ".join(told.replace("│", " ").split())
    assert WRONG[filter] in words
    assert "0 of 0" in said("list")


@pytest.mark.parametrize(
    "filter",
    [
        *("topic:vis* venue:CVPR venue:other:eurips cat:cs.* cat:CS.LG source:arxiv").split(),
        "-topic:nlp diffusion",
        "author:nobody",
        "year:2026",
        "group:lab",
        *('venue:nips venue:"CVPR 2026" topic:"Computer vision"'.split(" ", 1)),
    ],
)
def test_a_filter_that_something_may_match_is_taken(
    said: Said, tmp_path: Path, filter: str
) -> None:
    """Names in any spelling that filters know, and what cannot be known beforehand."""
    feed = "{kind: feed, name: Lab, url: https://lab.example/feed, group: lab}"
    (tmp_path / "feeds.yaml").write_text(f"sources: [{{kind: arxiv}}, {feed}]\n", encoding="utf-8")
    assert "subscriber 1" in said("add", ADA, "--filter", filter)


def test_a_wish_whose_name_has_gone_is_told_by_the_list(said: Said, tmp_path: Path) -> None:
    """The topic is renamed after somebody chose it: they get nothing, and whoever looks sees why."""
    said("add", ADA, "--filter", "topic:nlp")
    said("add", BEN, "--filter", "venue:nips2025")
    assert "there is no" not in said("list")
    topics = "topics: [{id: texts, name: Texts, match: word*}]\n"
    (tmp_path / "feeds.yaml").write_text(f"sources: [{{kind: arxiv}}]\n{topics}", encoding="utf-8")
    ada, ben, _ = said("list").splitlines()
    assert ada.endswith("topic:nlp (there is no topic “nlp”; there are texts)")
    assert ben.endswith("venue:nips2025")


def test_an_operator_in_lower_case_is_asked_about(said: Said) -> None:
    """The filter is taken as it was written, and the other one shown."""
    told = said("add", ADA, "--filter", "survey or benchmark")
    assert "“or” is looked for as a word; did you mean: survey OR benchmark" in told
    assert "survey or benchmark" in said("list")


def test_an_import_refuses_wishes_that_nothing_answers_to(said: Said, tmp_path: Path) -> None:
    """An edition or a name that is not there, or both kinds of wish: told by line, and not added."""
    people = tmp_path / "people.csv"
    lines = ("a@lab.example,,bilding", "b@lab.example,topic:visoin,", f"{ADA},topic:nlp,building")
    people.write_text("\n".join(["address,filter,edition", *lines, f"{BEN},topic:nlp,"]))
    told = said("import", str(people), "--consent", "lab list", status=1)
    assert f"{people}:2: there is no edition “bilding”; did you mean “building”?" in told
    assert f"{people}:3: there is no topic “visoin”; did you mean “vision”?" in told
    assert f"{people}:4: there is a filter and an edition" in told
    assert "3 bad, 1 added" in told


def test_an_import_names_what_it_leaves_out(said: Said, tmp_path: Path) -> None:
    """Columns that are not used and people who are gone, without a bad line: status 0."""
    people = tmp_path / "people.csv"
    people.write_text(f"email,name,status\n{ADA},Ada,enabled\n{BEN},Ben,blocklisted\n")
    told = said("import", str(people), "--consent", "lab list")
    assert f"! {people}:1: columns that are not used: name" in told
    assert f"! {people}:3: not added: status is “blocklisted”" in told
    assert "1 added, 1 not subscribed" in told


def test_control_characters_of_a_filter_never_reach_the_terminal(
    said: Said, tmp_path: Path
) -> None:
    """Also where an earlier version kept them."""
    said("add", ADA, "--filter", "topic:nlp")
    with Readers(tmp_path / "readers.db", lambda size: b"\1" * size) as readers, readers.writing():
        raw = "topic:nlp\n\x1b[31mred\x9b"
        readers.db.conn.execute("update subscribers set filter = ?, edition = ''", (raw,))
    (line, _) = said("list").splitlines()
    assert line.isprintable()
    assert line.endswith("topic:nlp [31mred")


def test_who_was_erased_is_not_written_to_again_unless_they_ask(said: Said) -> None:
    """Only a keyed hash stays; --again says that the person asked anew."""
    said("add", ADA)
    assert "forgotten" in said("erase", ADA, "--yes")
    assert json.loads(said("export", ADA))["subscriber"] is None
    with pytest.raises(DeliveryError, match="suppressed") as refused:
        said("add", ADA)
    assert ADA not in str(refused.value)
    assert "gets the paper" in said("add", ADA, "--again", "--consent", "asked by phone")


def test_a_suppressed_address_gets_no_issue(said: Said) -> None:
    """It stays in the list, and the list says so."""
    said("add", ADA)
    said("suppress", ADA, "--yes")
    assert "suppressed" in said("list")
    assert "0 of 1 get the next issue" in said("list")


@pytest.mark.parametrize("wrong", ["--edition=bilding", "--empty=never"])
def test_what_is_wrong_on_the_command_line_is_status_2(said: Said, wrong: str) -> None:
    """An edition that feeds.yaml does not have; a word that is no choice."""
    said("add", ADA, wrong, status=2)


def test_a_filter_or_an_edition_but_not_both(said: Said) -> None:
    """One would silently win."""
    said("add", ADA, "--filter", "topic:nlp", "--edition", "building", status=2)


def test_a_filter_that_does_not_parse_adds_nobody(said: Said) -> None:
    """The place of the mistake is told by the command as for every filter."""
    with pytest.raises(QueryError):
        said("add", ADA, "--filter", "topic:(")
    assert "0 of 0" in said("list")


def test_a_list_that_is_not_there_is_said(said: Said, tmp_path: Path) -> None:
    """The file and the reason."""
    with pytest.raises(DeliveryError, match="cannot be read: No such file"):
        said("import", str(tmp_path / "none.csv"), "--consent", "x")
