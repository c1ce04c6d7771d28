"""Renewing the keys of readers.db: who has a copy of before can do nothing more, and no reader is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sundaypaper.delivery import Outbox, Readers
from sundaypaper.delivery.renewal import renew_keys
from sundaypaper.delivery.sign_ups import SignUps
from sundaypaper.errors import DeliveryError
from terminal import typed

NOW = datetime(2026, 3, 8, 8, tzinfo=UTC)
ADA, BOB, EVE = "ada@lab.example", "bob@lab.example", "eve@lab.example"


def randomness(seed: int) -> Callable[[int], bytes]:
    """Bytes that differ each time, the same in every run."""
    made = iter(range(seed, seed + 1_000_000))
    return lambda size: next(made).to_bytes(size, "big")


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    """Ada gets the paper; Bob left and is suppressed; Eve was erased, so that only a hash is left."""
    with Readers(tmp_path / "readers.db", randomness(1)) as opened:
        for address in (ADA, BOB, EVE):
            opened.add(address, consent="asked", now=NOW, origin="command")
        opened.suppress(BOB, "command", NOW)
        opened.erase(EVE, NOW)
        yield opened


def test_old_links_lead_to_the_same_reader_for_a_while(readers: Readers) -> None:
    """Both kinds of links, and the new ones; after the overlap the old ones open nothing."""
    before = readers.find_address(ADA)
    assert before is not None
    done = renew_keys(readers, NOW)
    after = readers.find_address(ADA)
    assert after is not None
    assert after.token != before.token
    assert after.preferences != before.preferences
    assert done.until == NOW + timedelta(days=90)
    for token in (before.token, after.token):
        found = readers.find(token)
        assert found is not None
        assert found.id == before.id
    for token in (before.preferences, after.preferences):
        opened = readers.by_preferences(token)
        assert opened is not None
        assert opened.id == before.id
    SignUps(readers).tidy(NOW + timedelta(days=89))
    assert readers.find(before.token) is not None
    SignUps(readers).tidy(NOW + timedelta(days=91))
    assert readers.find(before.token) is None
    assert readers.by_preferences(before.preferences) is None
    assert readers.find(after.token) is not None


def test_an_old_link_opens_no_other_kind_of_page(readers: Readers) -> None:
    """A token of leaving is none of preferences, before as after."""
    before = readers.find_address(ADA)
    assert before is not None
    renew_keys(readers, NOW)
    assert readers.find(before.preferences) is None
    assert readers.by_preferences(before.token) is None


def test_the_old_link_leaves(readers: Readers) -> None:
    """The click of a mail of last week ends the subscription."""
    before = readers.find_address(ADA)
    assert before is not None
    renew_keys(readers, NOW)
    assert readers.leave(before.token, "a mail", NOW) is not None
    there = readers.find_address(ADA)
    assert there is not None
    assert there.state == "left"


def test_suppressions_stay_in_force(readers: Readers) -> None:
    """Of a subscriber under the new key, of somebody erased under the old one, however often renewed."""
    for _ in range(3):
        done = renew_keys(readers, NOW)
    assert (done.suppressions, done.kept) == (1, 1)
    assert readers.suppressed(BOB) == "command"
    assert readers.suppressed(EVE) == "erased"
    with pytest.raises(DeliveryError, match="suppressed"):
        readers.add(EVE, consent="asked", now=NOW, origin="command")
    readers.add(EVE, consent="asked anew", now=NOW, origin="command", again=True)
    assert readers.suppressed(EVE) is None


def test_what_was_made_with_the_old_keys_is_no_longer_made(readers: Readers) -> None:
    """Whoever has a copy of the old file can work out none of the new tokens, tags and hashes."""
    before = (readers.hash("x"), readers.tag("2026-W10", "y"), readers.preferences_of("z"), readers.token_hash("t"))  # fmt: skip
    renew_keys(readers, NOW)
    after = (readers.hash("x"), readers.tag("2026-W10", "y"), readers.preferences_of("z"), readers.token_hash("t"))  # fmt: skip
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_a_connection_that_was_open_takes_the_new_keys(readers: Readers, tmp_path: Path) -> None:
    """The app goes on serving: what it makes from then on is made with the new keys."""
    with Readers(tmp_path / "readers.db", randomness(500)) as app:
        old = app.hash("x")
        renew_keys(readers, NOW)
        assert app.hash("x") == readers.hash("x") != old
        app.add("new@lab.example", consent="asked", now=NOW, origin="web")
        assert readers.suppressed("new@lab.example") is None
        assert readers.find_address("new@lab.example") is not None


def test_a_kill_in_the_middle_changes_nothing(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All in one transaction: keys, tokens and suppressions, or none of them."""
    before = readers.find_address(ADA)
    hash_before = readers.hash("x")
    monkeypatch.setattr(Readers, "preferences_of", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        renew_keys(readers, NOW)
    monkeypatch.undo()
    assert readers.hash("x") == hash_before
    with Readers(readers.path, randomness(900)) as again:
        assert again.find_address(ADA) == before
        assert again.hash("x") == hash_before
        assert again.suppressed(EVE) == "erased"


def test_an_erased_reader_leaves_no_old_token(readers: Readers) -> None:
    """Forgotten means forgotten, in the overlap as well."""
    before = readers.find_address(ADA)
    assert before is not None
    renew_keys(readers, NOW)
    readers.erase(ADA, NOW)
    assert readers.find(before.token) is None
    assert readers.db.table("old_tokens").count == 2  # Bob's


def test_mails_that_wait_go_out_with_the_new_links(readers: Readers) -> None:
    """A row of the outbox keeps its tag, by which a bounce finds it; its letter gets the new token."""
    ada = readers.find_address(ADA)
    assert ada is not None
    outbox = Outbox(readers)
    outbox.queue("2026-W10", [ada.id], NOW)
    tag = outbox.deliveries("2026-W10")[0].tag
    renew_keys(readers, NOW)
    assert outbox.by_tag(tag) is not None


def test_the_command_asks_first(tmp_path: Path) -> None:
    """Nothing is renewed where the answer is no; --yes needs none; counts are told, no address is."""
    (tmp_path / "feeds.yaml").write_text("sources: [{kind: bundle, name: L, path: shelf}]\n")
    assert typed(tmp_path, "subscribers", "add", ADA).returncode == 0
    no = typed(tmp_path, "subscribers", "renew-keys", stdin="n\n")
    assert no.returncode == 1
    done = typed(tmp_path, "subscribers", "renew-keys", "--yes")
    assert done.returncode == 0, done.stderr
    assert "1 subscriber with new links; those of before hold until" in done.stdout
    assert ADA not in done.stdout + done.stderr
