"""Conference dates: what is read of public files, what is told of the rest, what is kept."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from loopback import Answer, Asked, Loopback
from sundaypaper import config
from sundaypaper.cli import show
from sundaypaper.errors import ConfigError, ParseError
from sundaypaper.models import Ask, Entry, Fetched, PollState, Venue
from sundaypaper.net import Net, Pace
from sundaypaper.pipeline.collecting import collect, try_sources
from sundaypaper.pipeline.known_dates import decided, known_dates
from sundaypaper.sources import DeadlinesSource, Tools, in_process
from sundaypaper.sources.deadlines import fetch, parse
from sundaypaper.store import Store

NOW = datetime(2026, 3, 8, 22, tzinfo=UTC)
SPEC = DeadlinesSource("Dates", "http://127.0.0.1/x.yml")
AT = "https://dates.example/x.yml"

NEW = """
- title: NeurIPS
  year: 2026
  id: n26
  full_name: Conference on Neural Information Processing Systems
  link: https://neurips.example/2026?utm_source=x
  deadline: '2026-05-01 10:00'
  timezone: PST
  deadlines:
    - {type: abstract, label: Abstract, date: '2026-05-11 23:59:59', timezone: AoE}
    - {type: paper, label: Papers, date: '2026-05-15 23:59', timezone: AoE}
    - {type: notification, label: Author notification, date: '2026-09-24 23:59', timezone: AoE}
    - {type: rebuttal_start, label: Rebuttal starts, date: '2026-07-27 00:00', timezone: UTC-8}
  city: Oslo
  country: Norway
  start: 2026-12-06
  end: '2026-12-12'
"""
OLD = """
- title: UAI
  year: 2026
  id: uai26
  link: https://uai.example/
  deadline: 2026-05-20 23:59:00
  abstract_deadline: "2026-05-13 23:59"
  final_decision_date: TBA
  timezone: Etc/GMT+12
  date: July 27 - August 1, 2026
"""


def read(text: str, spec: DeadlinesSource = SPEC) -> dict[str, Entry]:
    """The dates of a file by title; none of them may be unreadable."""
    found = parse(text.encode(), spec, AT)
    assert found.bad == ()
    return {entry.title: entry for entry in found.entries}


def row(**more: str) -> str:
    """A conference with one deadline; more adds keys or replaces them, empty ones go."""
    keys = {"title": "ICML", "year": "2026", "id": "i26", "deadline": "'2026-05-10 12:00'",
            "timezone": "UTC"} | more  # fmt: skip
    lines = [f"{key}: {value}" for key, value in keys.items() if value]
    return "- " + "\n  ".join(lines) + "\n"


# ---------------------------------------------------------------- reading


def test_a_row_with_a_list_gives_each_date_its_words_and_its_zone() -> None:
    """The list counts where an older key says the same; a deadline is the moment that it is there."""
    found = read(NEW)
    assert list(found) == [
        "NeurIPS 2026: abstract submission",
        "NeurIPS 2026: paper submission",
        "NeurIPS 2026: decisions",
        "NeurIPS 2026: author response begins",
        "NeurIPS 2026",
    ]
    paper = found["NeurIPS 2026: paper submission"]
    assert paper.starts == datetime(2026, 5, 16, 11, 59, tzinfo=UTC)
    assert (paper.kind, paper.zone, paper.occasion, paper.venue) == (
        "event", "AoE", "deadline", "neurips",
    )  # fmt: skip
    assert paper.url == "https://neurips.example/2026"
    assert found["NeurIPS 2026: decisions"].occasion == "decision"
    begins = found["NeurIPS 2026: author response begins"]
    assert (begins.starts, begins.zone) == (datetime(2026, 7, 27, 8, tzinfo=UTC), "Etc/GMT+8")
    whole = found["NeurIPS 2026"]
    assert (whole.starts, whole.ends) == (
        datetime(2026, 12, 6, tzinfo=UTC), datetime(2026, 12, 12, tzinfo=UTC),
    )  # fmt: skip
    assert (whole.zone, whole.occasion) == ("", "conference")
    assert whole.summary == "Conference on Neural Information Processing Systems, in Oslo, Norway"


def test_an_older_row_has_a_key_a_date() -> None:
    """Unquoted, quoted, not known yet; the days of the conference in words."""
    found = read(OLD)
    assert {title: entry.starts for title, entry in found.items()} == {
        "UAI 2026: abstract submission": datetime(2026, 5, 14, 11, 59, tzinfo=UTC),
        "UAI 2026: paper submission": datetime(2026, 5, 21, 11, 59, tzinfo=UTC),
        "UAI 2026": datetime(2026, 7, 27, tzinfo=UTC),
    }
    assert {entry.zone for entry in found.values()} == {"AoE", ""}


@pytest.mark.parametrize(
    "row_of",
    [
        row(timezone=""),
        row(timezone="Mars/Base"),
        row(deadline="'2026-05-10'"),
        row(deadline="2026-05-10", timezone="AoE"),
    ],
)
def test_without_a_zone_or_a_time_only_the_day_is_known(row_of: str) -> None:
    """Nobody can tell when on that day, so no time is made up."""
    (entry,) = read(row_of).values()
    assert (entry.starts, entry.zone) == (datetime(2026, 5, 10, tzinfo=UTC), "")


@pytest.mark.parametrize("said", ["TBA", "tbd", "''", "'?'", "To be announced", "N/A", "null"])
def test_a_date_that_is_not_known_yet_is_no_mistake(said: str) -> None:
    """It is left out and not told."""
    assert read(row(deadline=said)) == {}


def test_what_cannot_be_read_is_skipped_and_told() -> None:
    """A wrong date, a wrong day of a conference, a row without a title; the rest is read."""
    text = row() + row(title="CVPR", deadline="next week") + row(title="", id="lost")
    text += row(title="ECCV", deadline="'2026-02-30 10:00'", start="soon")
    found = parse(text.encode(), SPEC, AT)
    assert [entry.title for entry in found.entries] == ["ICML 2026: paper submission"]
    assert found.bad == (
        "CVPR 2026, paper submission: “next week” is no date",
        "entry 3 has no title",
        "ECCV 2026, paper submission: “2026-02-30 10:00” is no date",
        "ECCV 2026, the conference: “soon to” is no time",
    )


def test_dates_of_one_type_are_told_apart_by_their_labels() -> None:
    """Two rounds of one conference; a type that nobody knows."""
    dates = [("paper", "Paper Deadline (Round 1)", "05-01"), ("submission", "ARR round 2", "06-01"),
             ("phase_one", "Phase 1 notification", "06-09"), ("party", "", "07-01")]  # fmt: skip
    listed = "".join(
        f"\n    - {{type: {t}, label: '{label}', date: '2026-{day} 12:00'}}"
        for t, label, day in dates
    )
    found = read(row(deadline="", deadlines=listed))
    assert {title.removeprefix("ICML 2026: "): e.occasion for title, e in found.items()} == {
        "paper deadline (Round 1)": "deadline",
        "ARR round 2": "deadline",
        "phase 1 notification": "decision",
        "party": "",
    }


def test_the_decision_on_workshops_is_not_the_venues() -> None:
    """Only what becomes of the papers is a decision."""
    listed = "[{type: notification, label: Workshop decisions, date: '2026-05-01 12:00'}]"
    (entry,) = read(row(deadline="", deadlines=listed)).values()
    assert (entry.title, entry.occasion) == ("ICML 2026: workshop decisions", "")


@pytest.mark.parametrize(
    ("title", "full_name", "venue"),
    [
        ("CVPR", "", "cvpr"),
        ("Web Conf", "The ACM Web Conference", "www"),
        ("KDD", "x", "kdd"),
        ("E", "31st Conference on Empirical Methods in Natural Language Processing", "emnlp"),
        ("EMNLP (Industry Track)", "Empirical Methods in NLP (Industry Track)", ""),
        ("Tea 2026", "Conference on Tea", "tea"),
        ("Kettles", "Conference on Kettles", ""),
    ],
)
def test_a_venue_is_known_by_its_names(title: str, full_name: str, venue: str) -> None:
    """By the title, by the end of the full name, by a name of the user's; a track is no venue."""
    own = (Venue("tea", "Tea", ("conference on tea",)),)
    text = row(title=title, full_name=full_name)
    (entry,) = parse(text.encode(), SPEC, AT, own).entries
    assert entry.venue == venue


def test_only_keeps_the_dates_of_these_venues() -> None:
    """The others are counted."""
    found = parse((NEW + OLD).encode(), replace(SPEC, only=("uai",)), AT)
    assert {entry.venue for entry in found.entries} == {"uai"}
    assert found.others == 1


def test_an_id_stays_when_the_date_changes_and_no_two_share_one() -> None:
    """Two rows with one id and title are two; the same date under another key is another."""
    before, after = read(NEW), read(NEW.replace("2026-05-15 23:59", "2026-05-22 12:00"))
    assert [e.id for e in before.values()] == [e.id for e in after.values()]
    twice = parse((NEW + NEW + OLD).encode(), SPEC, AT).entries
    assert len({entry.id for entry in twice}) == len(twice) == 13
    assert all(entry.id.startswith("event:") and len(entry.id) == 22 for entry in twice)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "body",
    [
        b"", b" \n", b"<!doctype html><title>Sorry</title>", b"404: Not Found", b"\xff\xfe\x00",
        b"[" * 50_000, b"- " * 50_000, BOMB.encode(), b"- &a [*a]", b"- title: {a: b: c}",
        b"- !!python/object/apply:os.system ['x']", b"[1, 2]", b"%PDF", b"title",
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_an_error_and_harms_nobody(body: bytes) -> None:
    """Pages, bombs and objects: a sentence, and soon."""
    with pytest.raises(ParseError):
        parse(body, SPEC, AT)


def test_rows_of_any_shape_are_survived() -> None:
    """Numbers, lists and nothing where text should be; hostile text stays text."""
    text = row(deadlines="[1, [2], {}, {date: [x]}, null]", link="'javascript:alert(1)'")
    text += (
        "- 7\n- null\n- title: [a]\n- title: '<b>\x1b[2J'\n  deadline: ['2026-05-10 10:00', x]\n"
    )
    found = parse(text.replace("\x1b", "").encode(), SPEC, AT)
    assert [e.title for e in found.entries] == [
        "ICML 2026: paper submission",
        "<b>[2J: paper submission",
    ]
    assert found.entries[0].url == AT


# ---------------------------------------------------------------- ccfddl's files

NESTED = """
- title: SIGMOD
  description: ACM Conference on Management of Data
  sub: DB
  rank: {ccf: A, core: A*}
  dblp: sigmod
  confs:
    - year: 2026
      id: sigmod26
      link: https://sigmod.example/2026
      timeline:
        - deadline: '2026-04-17 23:59:59'
          comment: first round
        - abstract_deadline: '2026-07-10 23:59:59'
          deadline: '2026-07-17 23:59:59'
          comment: second round
      timezone: UTC-8
      date: May 31 - June 5, 2026
      place: Bengaluru, India
    - year: 2027
      id: sigmod27
      timeline:
        - deadline: TBD
      timezone: AoE
      date: TBD
"""


def test_a_file_of_ccfddl_gives_its_dates() -> None:
    """The input that gave none: its zone is UTC-12, its venue is known by its title."""
    body = (Path(__file__).parent / "data" / "feeds" / "deadlines-ccfddl.yml").read_bytes()
    found = parse(body, SPEC, AT)
    assert found.bad == ()
    assert [(e.title, f"{e.starts:%m-%d %H:%M}", e.zone, e.venue) for e in found.entries] == [
        ("CVPR 2026: abstract submission", "05-07 11:59", "AoE", "cvpr"),
        ("CVPR 2026: paper submission", "05-14 11:59", "AoE", "cvpr"),
        ("CVPR 2026", "06-03 00:00", "", "cvpr"),
    ]
    assert found.entries[-1].ends == datetime(2026, 6, 7, tzinfo=UTC)
    assert found.entries[0].url == "https://cvpr.example/2026"
    assert found.entries[0].summary.endswith("Pattern Recognition, in Denver, USA")


def test_rounds_and_years_of_one_conference_are_told_apart() -> None:
    """Each round by its comment; a year without a date is waited for, and that is said."""
    found = parse(NESTED.encode(), SPEC, AT)
    assert [(e.title, f"{e.starts:%m-%d %H:%M}") for e in found.entries] == [
        ("SIGMOD 2026: paper submission, first round", "04-18 07:59"),
        ("SIGMOD 2026: abstract submission", "07-11 07:59"),
        ("SIGMOD 2026: paper submission, second round", "07-18 07:59"),
        ("SIGMOD 2026", "05-31 00:00"),
    ]
    assert (found.bad, found.waiting, len({e.id for e in found.entries})) == ((), 1, 4)


@pytest.mark.parametrize(
    "body",
    [
        "- title: CVPR\n  confs: []\n  x: 1\n",
        "- title: CVPR\n  confs:\n    - year: 2026\n      timeline: soon\n",
        "- title: CVPR\n  when: 2026-05-13\n",
        "- title: CVPR\n  year: 2026\n  deadline: soon\n",
    ],
)
def test_a_file_in_which_no_date_is_found_is_a_failure_and_told(body: str) -> None:
    """Never “fresh, 0”, which would call off all that was known."""
    with pytest.raises(ParseError):
        parse(body.encode(), SPEC, AT)
    with Loopback({"/x.yml": Answer(body=body.encode())}) as server:
        assert asked(server).report.state == "failed"


def test_one_conference_without_a_date_among_others_is_told() -> None:
    """Also where a list of dates is nested in a mapping."""
    body = ("conferences:\n" + row() + "- title: Odd\n  when: 1\n").encode()
    assert len(parse(body, SPEC, AT).entries) == 1
    with Loopback({"/x.yml": Answer(body=body)}) as server:
        assert asked(server).report.detail == "1 conference has no date"


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-06-03", "06-03", "06-03"), ("2026-06-03 to 2026-06-07", "06-03", "06-07"),
        ("June 3-7, 2026", "06-03", "06-07"), ("June 3-7,2026", "06-03", "06-07"),
        ("Jul 27 - Aug 1, 2026", "07-27", "08-01"), ("3-7 June 2026", "06-03", "06-07"),
        ("July 7th - 11th, 2026", "07-07", "07-11"), ("May 11–15, 2026", "05-11", "05-15"),
        ("Dec 28, 2025 - Jan 2, 2026", "12-28", "01-02"), ("June 3, 2026", "06-03", "06-03"),
        ("Sep 1 to 5, 2026", "09-01", "09-05"),
    ],
)  # fmt: skip
def test_the_days_of_a_conference_are_read_from_words(written: str, first: str, last: str) -> None:
    """As the public files write them."""
    entry = read(row(deadline="", date=f"'{written}'"))["ICML 2026"]
    assert (f"{entry.starts:%m-%d}", f"{entry.ends:%m-%d}") == (first, last)


def test_days_that_cannot_be_read_are_told_and_a_season_is_none() -> None:
    """“Summer 2026” is no day; “30 Foo 2026” is a slip."""
    told = parse(row(date="30 Foo - 99 Bar 2026").encode(), SPEC, AT)
    assert told.bad == ("ICML 2026, the conference: “30 Foo - 99 Bar 2026” is no time",)
    assert parse(row(date="Summer 2026").encode(), SPEC, AT).bad == ()


# ---------------------------------------------------------------- asking


def net() -> Net:
    """A net that may ask this machine."""
    return Net(user_agent="t", allow_private=True, monotonic=lambda: 0.0, sleep=lambda s: None)


def asked(server: Loopback, poll: PollState | None = None, **more: object) -> Fetched:
    """What /x.yml of the server brings."""
    spec = replace(SPEC, url=server.url("/x.yml"), **more)  # type: ignore[arg-type]
    return fetch(spec, poll or PollState("Dates"), net(), Ask("2026-W10", NOW, NOW))


def test_only_dates_that_are_not_long_over_are_kept() -> None:
    """A conference of last year and a slip of the pen are left out, what was last month is kept."""
    text = "".join(
        row(id=f"i{n}", title=f"T{n}", deadline=f"'{day} 12:00'")
        for n, day in enumerate(("2025-05-10", "2026-02-10", "2026-05-10", "2062-05-10"))
    )
    with Loopback({"/x.yml": Answer(body=text.encode())}) as server:
        found = asked(server)
    assert [e.title[:2] for e in found.news] == ["T1", "T2"]
    assert (found.report.state, found.report.fetched, found.report.new) == ("fresh", 4, 2)


@pytest.mark.parametrize(
    ("day", "kept"),
    [("2026-01-07", True), ("2026-01-06", False), ("2028-05-16", True), ("2028-05-17", False)],
)
def test_a_date_is_kept_from_two_months_ago_to_800_days_ahead(day: str, kept: bool) -> None:
    """Counted from the moment of asking, 8 March 2026 at 22:00: 60 days back, 800 ahead."""
    with Loopback({"/x.yml": Answer(body=row(deadline=f"'{day} 22:00'").encode())}) as server:
        found = asked(server)
    assert [entry.title for entry in found.news] == ["ICML 2026: paper submission"] * kept


def test_the_report_says_what_could_not_be_read() -> None:
    """How many of how many, the first three with why."""
    bad = "".join(row(title=f"T{n}", deadline="soon") for n in range(5))
    with Loopback({"/x.yml": Answer(body=(row() + bad).encode())}) as server:
        detail = asked(server).report.detail
    assert detail.startswith("5 of 6 dates could not be read: T0 2026, paper submission: “soon” is")
    assert detail.endswith("; and 2 more")


def test_a_venue_that_is_not_there_is_told() -> None:
    """A wrong address for what `only` names would else stay silent."""
    with Loopback({"/x.yml": Answer(body=row().encode())}) as server:
        assert "no date of cvpr is in it" in asked(server, only=("cvpr",)).report.detail


def test_an_unchanged_file_costs_nothing_until_only_changes() -> None:
    """The validators of one question are not sent with another."""

    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == '"1"':
            return Answer(304, length=None)
        return Answer(headers={"ETag": '"1"'}, body=(NEW + OLD).encode())

    with Loopback({"/x.yml": answer}) as server:
        first = asked(server, only=("uai",))
        poll = replace(first.poll, next_check=None)
        assert asked(server, poll, only=("uai",)).report.state == "unchanged"
        other = asked(server, poll, only=("neurips",))
    assert {e.venue for e in other.news} == {"neurips"}


def test_a_file_of_no_end_is_a_failure() -> None:
    """More than any such file holds is not read."""
    padded = row() + "# " + "x" * 400_000
    with Loopback({"/x.yml": Answer(body=padded.encode())}) as server:
        assert asked(server).report.state == "failed"


# ---------------------------------------------------------------- keeping


class Paper:
    """A paper that reads one file of dates."""

    def __init__(self, root: Path) -> None:
        self.text = NEW
        self.server = Loopback({"/x.yml": lambda _: Answer(body=self.text.encode())})
        self.store = Store(root / "paper.db")
        self.root, self.now, self.own = root, NOW, ""

    def config(self, name: str = "Dates") -> config.Config:
        """The configuration, with the source under a name."""
        source = f"{{kind: deadlines, name: {name}, url: '{self.server.url('/x.yml')}'}}"
        (self.root / "feeds.yaml").write_text(f"{self.own}sources:\n- {source}\n", encoding="utf-8")
        return config.load(self.root / "feeds.yaml")

    def collect(self) -> list[tuple[str, datetime | None]]:
        """Ask for the file; the titles and times of all that comes then."""
        loaded = self.config()
        pace = Pace(self.root / "pace", wall=lambda: 0.0, sleep=lambda s: None)
        tools = Tools(net(), pace, lambda s: None, lambda line: None, in_process)
        ask = Ask("2026-W10", self.now, self.now, rehearsal=True)
        collect(loaded, self.store, tools, ask, lambda line: None)
        kept = self.store.events(self.now, self.now + timedelta(days=900))
        return [(at.entry.title, at.entry.starts) for at in kept]


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    """A paper with an empty store."""
    made = Paper(tmp_path)
    with made.server, made.store:
        yield made


def test_a_venue_of_feeds_yaml_is_known_when_dates_are_collected(paper: Paper) -> None:
    """The user's own venues come with the question, as no setting of the source."""
    paper.text = row(title="Tea 2026", full_name="Conference on Tea")
    paper.own = "venues: {own: [{key: tea, title: Tea, names: [conference on tea]}]}\n"
    paper.collect()
    (kept,) = paper.store.events(NOW, NOW + timedelta(days=900))
    assert kept.entry.venue == "tea"


def test_a_venue_of_feeds_yaml_is_known_when_a_source_is_only_checked(paper: Paper) -> None:
    """`only` names the user's own venue, so that its date is counted."""
    paper.text = row(title="Tea 2026", full_name="Conference on Tea")
    paper.own = "venues: {own: [{key: tea, title: Tea, names: [conference on tea]}]}\n"
    loaded = paper.config()
    loaded = replace(loaded, sources=(replace(loaded.sources[0], only=("tea",)),))  # type: ignore[call-arg]
    tools = Tools(net(), Pace(paper.root / "p", wall=lambda: 0.0, sleep=lambda s: None),
                  lambda s: None, lambda line: None, in_process)  # fmt: skip
    out = Console(file=StringIO(), width=120)
    assert show.check(out, try_sources(loaded, (), tools, Ask("", NOW, NOW))) == 0
    assert [line.split() for line in out.file.getvalue().splitlines()][1:] == [  # type: ignore[attr-defined]
        ["Dates", "fresh", "1"]
    ]


def test_a_date_that_changes_is_changed(paper: Paper) -> None:
    """The same entry, at its new time; nothing of the old one is left."""
    before = dict(paper.collect())
    paper.text = NEW.replace("2026-05-15 23:59", "2026-05-22 23:59")
    after = dict(paper.collect())
    assert after.pop("NeurIPS 2026: paper submission") == datetime(2026, 5, 23, 11, 59, tzinfo=UTC)
    del before["NeurIPS 2026: paper submission"]
    assert after == before


def test_a_date_that_is_called_off_is_gone_and_may_come_back(paper: Paper) -> None:
    """To be announced again, or left out of the file; what is over stays as it was."""
    everything = paper.collect()
    paper.text = NEW.replace("2026-05-15 23:59", "TBA").replace("type: abstract", "type: opening")
    left = [title for title, _ in paper.collect()]
    assert "NeurIPS 2026: paper submission" not in left
    assert "NeurIPS 2026: abstract submission" not in left
    paper.text = NEW
    assert paper.collect() == everything


def test_only_a_kind_that_brings_all_there_is_calls_a_date_off(tmp_path: Path) -> None:
    """A recorded date that is taken out of its bundle stays: only a calendar or a file of dates speaks for all."""
    manifest = {"format": 1, "title": "B", "now": "2026-03-08T22:00:00Z", "weeks": ["2026-W10"]}
    talk = {"kind": "event", "source": "B", "url": "https://t.example/", "title": "A talk",
            "week": "2026-W10", "starts": "2026-03-22T18:00:00Z"}  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "feeds.yaml").write_text("sources: [{kind: bundle, name: B, path: .}]")
    loaded = config.load(tmp_path / "feeds.yaml")
    tools = Tools(net(), Pace(tmp_path / "p", wall=lambda: 0.0, sleep=lambda s: None),
                  lambda s: None, lambda line: None, in_process)  # fmt: skip
    with Store(tmp_path / "paper.db") as store:
        for lines in (json.dumps(talk), ""):
            (tmp_path / "entries.jsonl").write_text(lines)
            collect(loaded, store, tools, Ask("2026-W10", NOW, NOW), lambda line: None)
        (kept,) = store.events(NOW, NOW + timedelta(days=90))
    assert kept.entry.title == "A talk"


def test_a_file_that_fails_leaves_the_dates_as_they_were(paper: Paper) -> None:
    """Only a file that was read says what is off."""
    everything = paper.collect()
    paper.text = "<html>down for maintenance</html>"
    assert paper.collect() == everything


def test_many_new_dates_at_once_are_no_backlog(paper: Paper) -> None:
    """A file that doubles is no feed gone astray, and dates are no unprinted entries."""
    paper.collect()
    paper.text = NEW + "".join(row(id=f"x{n}", title=f"Conference {n}") for n in range(40))
    assert len(paper.collect()) == 45
    assert paper.store.backlog() == 0
    assert "kept and not printed" not in paper.store.reports("2026-W10")["Dates"].detail


def test_a_source_that_is_taken_out_takes_its_dates_with_it(paper: Paper) -> None:
    """Then core venues decide when they usually do, which the page says."""
    paper.collect()
    titles = [e.title for e in known_dates(paper.config(), paper.store, NOW)]
    assert "NeurIPS 2026: decisions" in titles
    assert sum("going by earlier years" in title for title in titles) == 2  # ICML and CVPR
    left = [e.title for e in known_dates(paper.config("Other"), paper.store, NOW)]
    assert left == [
        f"{name}: decisions expected, going by earlier years"
        for name in ("ICML 2026", "NeurIPS 2026", "CVPR 2027")
    ]


def test_decisions_are_those_of_sources_else_the_usual_ones(paper: Paper) -> None:
    """Within two months of a day."""
    paper.collect()
    september = datetime(2026, 9, 1, tzinfo=UTC)
    assert decided(paper.config(), paper.store, september) == (("neurips", date(2026, 9, 24)),)
    assert decided(paper.config("Other"), paper.store, september) == (
        ("neurips", date(2026, 9, 21)),
    )
    assert [v for v, _ in decided(paper.config(), paper.store, NOW)] == ["cvpr", "icml"]


def test_feeds_yaml_names_the_file_and_the_venues(tmp_path: Path) -> None:
    """With the user's own venues; a venue misspelt is a mistake with its place."""
    path = tmp_path / "feeds.yaml"
    own = "venues: {own: [{key: tea, title: Tea, names: [TEA]}]}\nsources:\n"
    source = "- {kind: deadlines, name: D, url: 'https://d.example/x.yml', only: [uai, tea]}\n"
    path.write_text(own + source, encoding="utf-8")
    (spec,) = config.load(path).sources
    assert spec == DeadlinesSource("D", "https://d.example/x.yml", ("uai", "tea"))
    path.write_text(source.replace("uai, tea", "uia").join(("sources:\n", "")), encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"only\[0\]: there is no venue “uia”; did you mean “uai”"
    ):
        config.load(path)


@pytest.mark.data
@pytest.mark.skipif("SUNDAYPAPER_DATA" not in os.environ, reason="needs SUNDAYPAPER_DATA")
def test_every_date_of_the_public_files_is_read() -> None:
    """68 files of 122 conferences: 607 dates, none of them unreadable."""
    folder = Path(os.environ["SUNDAYPAPER_DATA"]) / "deadlines" / "src" / "data" / "conferences"
    found = [parse(path.read_bytes(), SPEC, AT) for path in sorted(folder.glob("*.yml"))]
    assert sum(len(one.entries) for one in found) == 607
    assert [bad for one in found for bad in one.bad] == []
    assert sum(not e.zone for one in found for e in one.entries if e.occasion != "conference") == 0
