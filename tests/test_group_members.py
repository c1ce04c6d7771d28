"""Members of a group that feeds.yaml names, who use the readers' pages as everybody does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sundaypaper.delivery import Readers, SignUps, read_people, sync_group
from sundaypaper.models import SignUp, Subscriber
from test_sign_ups import HOME, NET, asked_and_mailed, mailed, moving, numbered

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
ADA, BOB, OTHER = "ada@lab.example", "bob@lab.example", "ada@home.example"
LIST = b"address,filter\nada@lab.example,topic:vision\nbob@lab.example,\n"


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    """A readers.db with a group of two."""
    with Readers(tmp_path / "readers.db", numbered()) as kept:
        synced(kept)
        yield kept


def synced(readers: Readers, raw: bytes = LIST) -> list[str]:
    """What the next `send` makes of the list."""
    return [one.what for one in sync_group(readers, read_people(raw, "lab.csv"), NOW)]


def ada_of(readers: Readers) -> Subscriber:
    """The first member."""
    ada = readers.find_address(ADA)
    assert ada
    return ada


def test_a_member_who_chooses_for_themselves_keeps_what_they_chose(readers: Readers) -> None:
    """Neither the wish nor the end that the list has for them is theirs any more."""
    ada = ada_of(readers)
    readers.change(ada.id, filter="topic:audio", now=NOW)
    assert synced(readers) == ["there already", "there already"]
    assert ada_of(readers).filter == "topic:audio"
    assert synced(readers, b"address\nbob@lab.example\n") == ["there already"]
    assert ada_of(readers).state == "confirmed"


def test_the_list_goes_on_to_change_who_chose_nothing(readers: Readers) -> None:
    """Also for a second time, and who only looked at their choices stays a member."""
    readers.change(ada_of(readers).id, filter="topic:vision", now=NOW)
    for wish in ("topic:audio", "topic:nlp"):
        assert synced(readers, LIST.replace(b"topic:vision", wish.encode()))[0] == "changed"
        assert ada_of(readers).filter == wish


def test_a_member_who_moves_is_kept_and_not_brought_back_at_the_address_before(
    readers: Readers,
) -> None:
    """The list still has that one; one person gets one mail."""
    sign_ups, ada = SignUps(readers), ada_of(readers)
    token = moving(sign_ups, ada, OTHER, NOW).token
    assert sign_ups.confirm(token, HOME, NOW).state == "moved"
    assert synced(readers) == ["suppressed", "there already"]
    assert [one.address for one in readers.receiving(NOW.date())] == [OTHER, BOB]


def test_who_moved_may_move_back(readers: Readers) -> None:
    """The address before is no longer kept from anything once its owner has agreed."""
    sign_ups, ada = SignUps(readers), ada_of(readers)
    sign_ups.confirm(moving(sign_ups, ada, OTHER, NOW).token, HOME, NOW)
    mailed(sign_ups)
    sign_ups.confirm(moving(sign_ups, readers.known(ada.id), ADA, NOW).token, HOME, NOW)
    assert readers.suppressed(ADA) is None
    assert synced(readers) == ["there already", "there already"]
    assert [one.address for one in readers.receiving(NOW.date())] == [ADA, BOB]


def test_a_member_of_a_group_that_is_gone_may_subscribe(readers: Readers) -> None:
    """They get no issue any more, so they are not told that they do; the consent is written once."""
    sign_ups = SignUps(readers, has_group=False)
    notice = asked_and_mailed(sign_ups, ADA, NOW, filter="topic:nlp")
    assert notice.kind == "confirm"
    assert sign_ups.confirm(notice.token, HOME, NOW).state == "confirmed"
    ada = ada_of(readers)
    assert (ada.filter, ada.origin) == ("topic:nlp", "web")
    given = [one for one in readers.export(ADA)["consents"] if one["kind"] == "given"]
    assert [(one["text"], one["network"]) for one in given] == [
        (f"sign-up page, text 1; asked 2026-03-08T12:00:00+00:00 from {NET}", HOME)
    ]


def test_a_member_of_a_group_that_is_there_is_told_so(readers: Readers) -> None:
    """As everybody who gets the paper."""
    sign_ups = SignUps(readers)
    sign_ups.ask(SignUp(ADA, network=NET), NOW)
    assert [notice.kind for notice in mailed(sign_ups)] == ["known"]
