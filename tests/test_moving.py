"""A paper that moves to another address: its feeds and dates keep their names."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from published import MASTHEAD, publish, texts
from sample_issue import paper, sample_issue
from sundaypaper.formats.lasting_names import settled
from sundaypaper.models import Masthead
from test_archive import week_of

HERE = replace(MASTHEAD, base_url="https://paper.example.org/ml/")
THERE = replace(MASTHEAD, base_url="https://news.example.net/")
NOWHERE = MASTHEAD


def names(site: Path) -> dict[str, list[str]]:
    """What every feed and calendar of a build calls itself and what stands in it."""
    found = {}
    for path, text in texts(site).items():
        if path.endswith(".atom"):
            found[path] = re.findall(r"<id>(.*?)</id>", text)
        elif path.endswith("feed.json"):
            found[path] = [item["id"] for item in json.loads(text)["items"]]
        elif path.endswith(".ics"):
            found[path] = re.findall(r"UID:(\S+)", text.replace("\r\n ", ""))
    return found


def test_a_new_paper_has_tag_uris_on_its_first_address_and_day(tmp_path: Path) -> None:
    """RFC 4151: host, the first day of the first issue, then the place; of dates the host."""
    site = publish(tmp_path, week_of("2026-W10", paper(1)), masthead=HERE)
    told = names(site)
    assert told["feed.atom"] == [
        "tag:paper.example.org,2026-03-02:/ml/",
        "tag:paper.example.org,2026-03-02:/ml/issues/2026-W10/index.html",
    ]
    assert told["feed.json"] == ["tag:paper.example.org,2026-03-02:/ml/issues/2026-W10/index.html"]
    assert all(uid.endswith("@paper.example.org") for uid in told["calendar.ics"])


@pytest.mark.parametrize(
    ("address", "begins"),
    [
        ("https://Paper.Example/", "tag:paper.example,2026-03-02:/"),
        ("https://paper.example:8443/a/", "tag:paper.example,2026-03-02:8443/a/"),
        ("https://münchen.example/päper/", "tag:xn--mnchen-3ya.example,2026-03-02:/p%C3%A4per/"),
        ("https://paper.example/a%20b/", "tag:paper.example,2026-03-02:/a%20b/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
    ],
)
def test_a_tag_uri_holds_nothing_but_what_a_uri_may(address: str, begins: str) -> None:
    """Hosts in the form of the domain name system, paths in percent signs (RFC 4151, RFC 3986)."""
    assert settled(replace(MASTHEAD, base_url=address), date(2026, 3, 2)) == begins


@pytest.mark.parametrize(
    ("first", "later"),
    [
        pytest.param(HERE, THERE, id="another-host"),
        pytest.param(HERE, replace(HERE, base_url="http://paper.example.org/ml/"), id="no-tls"),
        pytest.param(HERE, NOWHERE, id="from-the-web-to-a-disk"),
        pytest.param(NOWHERE, HERE, id="from-a-disk-to-the-web"),
        pytest.param(NOWHERE, replace(NOWHERE, title="Monday Paper"), id="another-title"),
    ],
)
def test_no_name_changes_when_the_paper_moves(
    tmp_path: Path, first: Masthead, later: Masthead
) -> None:
    """All ids of all feeds and dates are as they were, and a later issue's begin alike."""
    before = names(publish(tmp_path, sample_issue(), masthead=first))
    assert before["calendar.ics"]
    assert len(before) > 50
    assert names(publish(tmp_path, masthead=later)) == before


def test_links_follow_the_new_address(tmp_path: Path) -> None:
    """Only names stay: no link leads to where the paper was."""
    publish(tmp_path, week_of("2026-W10", paper(1)), masthead=HERE)
    build = texts(publish(tmp_path, masthead=THERE))
    assert 'href="https://news.example.net/issues/2026-W10/index.html"' in build["feed.atom"]
    assert all("https://paper.example.org" not in text for text in build.values())


def before_names_were_kept(root: Path) -> None:
    """The file as the version before wrote it."""
    with sqlite3.connect(root / "paper.db") as db:
        db.execute("drop table facts")
        db.execute("delete from _sqlite_migrations where name = 'what_is_settled_once'")
    db.close()


def test_a_paper_of_the_version_before_keeps_its_addresses_as_names(tmp_path: Path) -> None:
    """What readers have seen under an address stays under it, also when the paper moves later."""
    publish(tmp_path, week_of("2026-W10", paper(1)), masthead=HERE)
    before_names_were_kept(tmp_path)
    expected = [
        "https://paper.example.org/ml/",
        "https://paper.example.org/ml/issues/2026-W10/index.html",
    ]
    assert names(publish(tmp_path, masthead=HERE))["feed.atom"] == expected
    assert names(publish(tmp_path, masthead=THERE))["feed.atom"] == expected


def test_a_paper_of_the_version_before_without_an_address_keeps_its_uuids(tmp_path: Path) -> None:
    """These were made of the title; the one below was printed by version 0.1.0."""
    publish(tmp_path, week_of("2026-W10", paper(1)))
    before_names_were_kept(tmp_path)
    expected = "urn:uuid:71ccef67-0da0-5531-9c37-4d4844bdfcbf"
    assert names(publish(tmp_path))["feed.atom"][0] == expected
    assert names(publish(tmp_path, masthead=HERE))["feed.atom"][0] == expected


def test_a_feed_without_entries_bears_the_day_of_the_first_issue(tmp_path: Path) -> None:
    """Not 1970, which readers sort before all that ever was."""
    build = texts(publish(tmp_path, week_of("2026-W10", paper(1))))
    empty = [
        text for path, text in build.items() if path.endswith(".atom") and "<entry>" not in text
    ]
    assert len(empty) > 10
    assert all("<updated>2026-03-02T00:00:00Z</updated>" in text for text in empty)
