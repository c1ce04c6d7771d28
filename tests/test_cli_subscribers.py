"""`sundaypaper subscribers`: adding, importing, leaving, and no address where none was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sundaypaper.cli import app
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


def test_an_unknown_edition_of_a_list_is_named(said: Said, tmp_path: Path) -> None:
    """They would get everything without knowing why."""
    people = tmp_path / "people.csv"
    people.write_text(f"address,edition\n{ADA},bilding\n")
    told = said("import", str(people), "--consent", "lab list")
    assert f"{people}:2" in told
    assert "did you mean “building”?" in told


def test_who_was_erased_is_not_written_to_again_unless_they_ask(said: Said) -> None:
    """Only a keyed hash stays; --again says that the person asked anew."""
    said("add", ADA)
    assert "forgotten" in said("erase", ADA)
    assert json.loads(said("export", ADA))["subscriber"] is None
    with pytest.raises(DeliveryError, match="suppressed") as refused:
        said("add", ADA)
    assert ADA not in str(refused.value)
    assert "gets the paper" in said("add", ADA, "--again", "--consent", "asked by phone")


def test_a_suppressed_address_gets_no_issue(said: Said) -> None:
    """It stays in the list, and the list says so."""
    said("add", ADA)
    said("suppress", ADA)
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
