"""Who signs others up in great numbers, and who asks about them, gets nothing out of the app.

Ten thousand in the thorough profile, two thousand otherwise; what is expected is the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from abusing import PEER, Got, Paper, form, networks, paper, running
from asking import NOON
from effort import share
from sundaypaper.delivery import Readers

MANY = share(10_000)
VICTIM = "victim@lab.example"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Paper]:
    """The app over a root."""
    with paper(tmp_path) as opened:
        yield opened


# ---------------------------------------------------------------- one mailbox


def test_one_address_gets_one_mail_a_day_and_three_ever(house: Paper) -> None:
    """Signed up from thousands of networks, day after day for a month: three mails, and no more."""
    days = list[int]()
    for _ in range(30):
        got = house.sign_ups((VICTIM, peer) for peer in networks(MANY // 30))
        assert {one.status for one in got} <= {200, 429}
        days.append(len(house.tend()))
        house.pass_by(hours=24)
    assert days == [1, 1, 1] + [0] * 27
    assert house.mails_to() == {VICTIM: 3}


def test_within_a_day_there_is_one_mail_however_often_the_mailer_looks(house: Paper) -> None:
    """Each sign-up is followed by a look of the mailer, through midnight: one mail."""
    house.world.now = NOON.replace(hour=18)
    for peer in networks(46):
        assert house.sign_up(VICTIM, peer).status == 200
        house.tend()
        house.pass_by(minutes=30)
    assert house.mails_to() == {VICTIM: 1}
    house.pass_by(hours=2)
    house.sign_up(VICTIM)
    house.tend()
    assert house.mails_to() == {VICTIM: 2}


def test_variants_of_an_address_share_the_mails_of_one_mailbox(house: Paper) -> None:
    """Details after a plus, dots, capitals: a day brings one mail, all days bring three."""
    names = (
        "victim",
        "Victim",
        "v.ictim",
        "v.i.c.t.i.m",
        "victim+news",
        "VIC.TIM+a.b+c",
        "victim+",
    )
    spelled = [f"{name}@{host}" for host in ("lab.example", "LAB.Example") for name in names]
    spelled += [f"victim+{n}@lab.example" for n in range(100)]
    for day in range(5):
        got = house.sign_ups(zip(spelled, networks(len(spelled)), strict=True))
        assert {one.status for one in got} == {200}
        assert len(house.tend()) == (1 if day < 3 else 0)
        house.pass_by(days=1)
    assert house.mails_to().total() == 3


def test_a_domain_is_one_however_its_letters_are_spelled(house: Paper) -> None:
    """Capitals, the form of plain letters, wide letters, other dots: one mailbox, one mail."""
    spelled = (
        "ada@bücher.example",
        "ada@BÜCHER.Example",
        "ada@bu\u0308cher.example",
        "ada@xn--bcher-kva.example",
        "ada@XN--BCHER-KVA.EXAMPLE",
        "ada@ｂücher.ｅｘａｍｐｌｅ",
        "ada@bücher。example",
        " ada@bücher.example\t",
    )
    got = house.sign_ups(zip(spelled, networks(len(spelled)), strict=True))
    assert {one.status for one in got} == {200}
    house.tend()
    assert house.mails_to() == {"ada@xn--bcher-kva.example": 1}


@pytest.mark.parametrize(
    "address",
    ["ada@straße.example", "ada@faß.example", "аda@lab.example", "ａda@lab.example", "ada@lab",
     "ada@127.0.0.1", "ada@[127.0.0.1]", "ada", "@lab.example", "ada@", "ada@lab.example,bob@lab.example",
     "ada@lab.example bob@lab.example", "<ada@lab.example>", '"a b"@lab.example', "ada@lab..example",
     "ada..b@lab.example", ".ada@lab.example", "ada@-lab.example", "=?utf-8?q?x?=@lab.example",
     f"{'a' * 65}@lab.example", f"ada@{'a.' * 130}example", "ada@lab.example\nbcc: bob@lab.example",
     "ada@lab.example\r\nbcc: bob@lab.example", "ada@lab.example%0d%0abcc:bob", "ada@lab.example\0"],
)  # fmt: skip
def test_what_is_no_address_is_told_and_noted_nowhere(house: Paper, address: str) -> None:
    """Two hosts in one, letters like other letters, more than one, lines of a header: 422."""
    got = house.sign_up(address)
    assert got.status == 422
    assert house.asked() == []
    assert house.tend() == []


def test_a_subscriber_is_told_once_a_day_and_three_times_in_all(house: Paper) -> None:
    """Signed up by others each day, with other wishes: three mails say so, the wish stays."""
    before = house.reader(VICTIM)
    house.letters.clear()
    for _ in range(10):
        house.pass_by(days=1)
        house.sign_ups(((VICTIM, peer) for peer in networks(50)), topic="vision")
        house.tend()
    assert house.mails_to() == {VICTIM: 3}
    assert b"subscribed already" in house.letters[0].body
    with Readers(house.root / "readers.db", house.random) as readers:
        assert readers.find_address(VICTIM) == before


@pytest.mark.parametrize("reason", ["complaint", "command"])
def test_who_complained_is_written_to_no_more(house: Paper, reason: str) -> None:
    """Nor who was suppressed by the operator; the page says what it says to everybody."""
    who = house.reader(VICTIM)
    with Readers(house.root / "readers.db", house.random) as readers:
        if reason == "complaint":
            readers.complain(who.id, house.world.now)
        else:
            readers.suppress(VICTIM, "command", house.world.now)
    house.letters.clear()
    for _ in range(5):
        house.pass_by(days=1)
        assert house.sign_up(VICTIM).status == 200
        house.tend()
    assert house.letters == []


# ---------------------------------------------------------------- one network, one domain


@pytest.mark.parametrize(
    ("peers", "other"),
    [
        (["203.0.113.1", "203.0.113.200", "::ffff:203.0.113.3"], "203.0.114.1"),
        (["2001:db8:0:ab00::1", "2001:db8:0:abff:ffff::2"], "2001:db8:0:ac00::1"),
    ],
)
def test_a_network_gets_twenty_mails_an_hour_sent(
    house: Paper, peers: list[str], other: str
) -> None:
    """Thousands of addresses of as many domains: twenty are written to; the next network is free."""
    many = [(f"p{n}@d{n}.example", peers[n % len(peers)]) for n in range(MANY)]
    got = house.sign_ups(many)
    assert Counter(one.status for one in got) == {200: 20, 429: MANY - 20}
    assert [one.status for one in got[:20]] == [200] * 20
    for refused in got[20:]:
        assert 3500 <= int(refused.header("retry-after")) <= 3600
    assert house.sign_up("ada@lab.example", other).status == 200
    house.tend()
    assert house.mails_to().total() == 21


def test_a_network_gets_a_hundred_mails_a_day_sent(house: Paper) -> None:
    """Each hour thirty try: five hours long twenty are taken, then none until a day is over."""
    taken = list[int]()
    for hour in range(26):
        got = house.sign_ups((f"p{n}@h{hour}.example", PEER) for n in range(30))
        taken.append(sum(one.status == 200 for one in got))
        house.pass_by(minutes=60)
    assert taken == [20] * 5 + [0] * 19 + [20, 20]
    house.tend()
    assert house.mails_to().total() == 140


def test_a_domain_gets_three_hundred_mails_an_hour(house: Paper) -> None:
    """From thousands of networks to as many names of one domain; other domains are free."""
    many = zip((f"p{n}@Lab.example" for n in range(MANY)), networks(MANY), strict=True)
    got = house.sign_ups(many)
    assert Counter(one.status for one in got) == {200: 300, 429: MANY - 300}
    assert 3500 <= int(got[-1].header("retry-after")) <= 3600
    assert house.sign_up("ada@other.example", "192.0.2.1").status == 200
    house.tend()
    assert house.mails_to().total() == 301
    house.pass_by(minutes=61)
    assert house.sign_up("late@lab.example", "192.0.2.1").status == 200


def test_limits_outlive_a_restart(house: Paper) -> None:
    """The app ends and starts anew: the network has still had its twenty."""
    house.sign_ups((f"p{n}@d{n}.example", PEER) for n in range(20))
    with running(house.root, house.world, house.random) as (house.web, house.desk, house.runner):
        assert house.sign_up("p20@d20.example").status == 429


def test_limits_name_no_network_and_no_domain(house: Paper) -> None:
    """What is kept of them are keyed hashes, in a file for its owner alone."""
    house.sign_ups([("ada@lab.example", PEER), ("ada@lab.example", "2001:db8:0:ab00::1")])
    file = house.root / "limits.db"
    kept = b"".join(part.read_bytes() for part in house.root.glob("limits.db*"))
    assert not re.search(rb"203\.0|2001|db8|lab\.example|ada", kept)
    assert file.stat().st_mode & 0o077 == 0


def test_what_is_refused_leaves_nothing_behind(house: Paper) -> None:
    """Over its limit, in the honeypot, too fast, too old or with a stamp of its own: no row, no mail."""
    house.sign_ups((f"p{n}@d{n}.example", PEER) for n in range(20))
    before, late = house.held(), house.stamp()
    house.pass_by(hours=25)
    ours = {"address": "p21@d21.example", "peer": "192.0.2.1"}
    fast = house.stamp()
    house.world.now -= timedelta(seconds=1.5)
    told = [
        house.sign_up(**ours, stamp=fast, website="https://spam.example").status,
        house.sign_up(**ours, stamp=fast).status,
        house.sign_up(**ours, stamp=late).status,
        house.sign_up(**ours, stamp="").status,
        house.sign_up(**ours, stamp=f"{fast[:-1]}{'0' if fast[-1] != '0' else '1'}").status,
        house.sign_up(**ours, stamp=fast.replace(".", ".0")).status,
    ]
    house.world.now -= timedelta(hours=24.5)
    told.append(house.sign_up("p21@d21.example", stamp=late).status)
    assert told == [200, 422, 422, 422, 422, 422, 429]
    assert house.held() == before


def test_a_reader_who_moves_is_held_to_the_same_limits(house: Paper) -> None:
    """A link to preferences writes to no more strangers than the form does: one mail to a mailbox."""
    who = house.reader("ada@lab.example")
    house.letters.clear()
    link = f"/preferences/{who.preferences}"
    for day in range(5):
        got = house.all(
            form(link, {"do": "move", "address": f"victim+{n}@other.example"}, peer=peer)
            for n, peer in enumerate(networks(50))
        )
        assert {one.status for one in got} == {200}
        assert len(house.tend()) == (1 if day < 3 else 0)
        house.pass_by(days=1)
    got = house.all(
        form(link, {"do": "move", "address": f"p{n}@d{n}.example"}, peer=PEER) for n in range(200)
    )
    assert Counter(one.status for one in got) == {200: 20, 429: 180}


# ---------------------------------------------------------------- who is here


def states(house: Paper) -> dict[str, str]:
    """Addresses of equal length, one of each state."""
    for name in ("confirmed@lab.example", "leavinger@lab.example", "suppresse@lab.example", "complaint@lab.example"):  # fmt: skip
        house.reader(name)
    house.sign_up("pendingxx@lab.example", "198.51.100.77")
    house.tend()
    with Readers(house.root / "readers.db", house.random) as readers:
        left = readers.find_address("leavinger@lab.example")
        complained = readers.find_address("complaint@lab.example")
        assert left
        assert complained
        readers.leave(left.id, "command", house.world.now)
        readers.complain(complained.id, house.world.now)
        readers.suppress("suppresse@lab.example", "command", house.world.now)
    house.pass_by(days=1)
    names = ("unknownxx", "confirmed", "leavinger", "suppresse", "complaint", "pendingxx")
    return {name: f"{name}@lab.example" for name in names}


def test_the_answer_is_the_same_whoever_is_here(house: Paper) -> None:
    """Status, headers and every byte of the page, but for the address itself, as it was typed."""
    told = set[Got]()
    for address in states(house).values():
        got = house.sign_up(address)
        told.add(replace(got, body=got.body.replace(address.encode(), b"ADDRESS")))
    (same,) = told
    assert same.status == 200
    assert b"ADDRESS" in same.body


def test_the_same_work_is_done_whoever_is_here(house: Paper) -> None:
    """The handler makes the same statements of SQL, and none of them looks at subscribers."""
    done, asked = dict[str, list[str]](), states(house)
    house.sign_up("before@lab.example")  # whose windows are open now
    for name, address in asked.items():
        stamp = house.stamp()
        with house.traced() as done[name]:
            assert house.sign_up(address, stamp=stamp).status == 200
    assert len(set(map(tuple, done.values()))) == 1
    made = "\n".join(done["unknownxx"])
    assert "insert into notices" in made
    assert not re.search("subscribers|suppressed|mailboxes", made)
