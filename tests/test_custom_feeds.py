"""Feeds of a reader's own query, and what trying a query finds, over small weeks counted by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from lxml import etree

from asking import World, ask
from feed_schemas import atom_schema, json_schema
from readers_weeks import BASE, InProcess, entry, issue, look, make_root
from sundaypaper.errors import QueryError
from sundaypaper.models import Amendment, Mention
from sundaypaper.pipeline.readers_queries import Searched, custom_feed, tried
from sundaypaper.store import Store
from sundaypaper.web import finding
from sundaypaper.web.app import app
from sundaypaper.web.finder import Finder, FinderError

ATOM = "{http://www.w3.org/2005/Atom}"
ROBOTS = "/feeds/custom.atom?q=topic:robotics"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root of three printed weeks; nothing in it is changed."""
    return make_root(tmp_path_factory.mktemp("root"))


@pytest.fixture(scope="module")
def at(root: Path) -> Searched:
    """What queries are answered from there."""
    return look(root)


def ids(at: Searched, text: str) -> list[str]:
    """The last digits of the entries that a query finds, in the order of its feed."""
    items = json.loads(custom_feed(at, text, "json"))["items"]
    return [item["id"].rpartition("603.")[2].removesuffix("/index.html") for item in items]


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("robot", ["00011", "00002"]),
        ("robot -survey", ["00011"]),
        ("walk*", ["00011"]),
        ('"flow matching"', ["00001"]),
        ("flow matching", ["00022", "00001"]),
        ("title:kitchens", ["00012"]),
        ('title:"a survey"', ["00002"]),
        ('author:"Li, Fei-Fei"', ["00002"]),
        ("author:ek", ["00002"]),
        ('author:"F. Li"', ["00002"]),
        ("author:linq*", []),
        ("author:lindq*", ["00021", "00022", "00011", "00012", "00003", "00001"]),
        ('author:"lind qvist" survey', []),
        ('author:"fei feili"', ["00002"]),
        ("-author:lindqvist", ["00002"]),
        ('author:"Fei-Fei L"', ["00002"]),
        ('author:"feife ili"', ["00002"]),
        ("id:arxiv:2603.00021", ["00021"]),
        ("cat:cs.RO", ["00012"]),
        ("topic:robotics", ["00011", "00012", "00003", "00002"]),
        ("ring:accepted venue:cvpr presentation:oral", ["00003"]),
        ("week:2026-W12 OR week:2026-W10 title:flow", ["00021", "00022", "00001"]),
        ("kind:event", []),
        ("nowhere", []),
    ],
)
def test_a_query_finds_what_its_words_and_fields_say(
    at: Searched, text: str, found: list[str]
) -> None:
    """The newest week first, within a week the highest score; each entry once, and no dates."""
    assert ids(at, text) == found


def test_a_summary_is_looked_at_as_the_newest_issue_has_it(tmp_path: Path) -> None:
    """Of an entry in two issues the newer decides, whose words are another's here."""
    old = issue("2026-W10", entry("2603.00001", "Grasping"), abstracts={"2603.00001": "By flow."})
    new = issue("2026-W11", entry("2603.00001", "Grasping"), abstracts={"2603.00001": "By hand."})
    at = look(make_root(tmp_path, old, new))
    assert ids(at, "flow") == []
    assert ids(at, "hand") == ["00001"]


def test_trying_counts_a_week_and_shows_samples_and_near_misses(at: Searched) -> None:
    """An entry that stands in two weeks counts in both, as in their mails."""
    found = tried(at, "topic:robotics")
    assert [(week.week, week.hits, week.entries) for week in found.weeks] == [
        ("2026-W12", 0, 2),
        ("2026-W11", 3, 3),
        ("2026-W10", 2, 3),
    ]
    assert found.a_week == 5 / 3
    first = found.samples[0]
    assert (first.title, first.url, first.page, first.week) == (
        "Robots that walk",
        "https://arxiv.org/abs/2603.00011",
        "e/arxiv-2603.00011/index.html",
        "2026-W11",
    )
    assert found.samples[1].page == ""
    assert [sample.title for sample in found.samples] == [
        "Robots that walk",
        "Kitchens",
        "Grasping",
        "A survey of robots",
    ]


def test_a_near_miss_lacks_one_part(at: Searched) -> None:
    """Of two parts it has one, and a phrase may stand apart."""
    assert [s.title for s in tried(at, "survey walk").near_misses] == [
        "Robots that walk",
        "A survey of robots",
    ]
    assert [s.title for s in tried(at, '"matching flow in one"').near_misses] == [
        "Flow matching in one step"
    ]


def test_an_operator_in_lower_case_is_asked_about(at: Searched) -> None:
    """What is found is what was written."""
    assert [hint.query for hint in tried(at, "robots or kitchens").hints] == ["robots OR kitchens"]


def test_a_name_that_is_none_is_told_with_its_column_and_the_nearest(at: Searched) -> None:
    """Of the topics and venues that there are."""
    for asked in (tried, lambda at, text: custom_feed(at, text, "atom")):
        with pytest.raises(QueryError) as told:
            asked(at, "robot topic:robotic")
        assert told.value.column == 7
        assert told.value.message == "there is no topic “robotic”; did you mean “robotics”?"


def test_a_query_that_takes_too_long_is_ended_with_a_sentence(at: Searched) -> None:
    """Whoever asked can ask for less; looks at the time come in between entries."""
    looks = iter([True, False])
    with pytest.raises(QueryError, match="it takes too long to look for all of this"):
        tried(at, "robot", lambda: next(looks))


def test_a_root_without_an_issue_has_an_empty_feed(tmp_path: Path) -> None:
    """It is valid, and trying tells of no week."""
    (tmp_path / "feeds.yaml").write_text("sources:\n  - {kind: bundle, name: B, path: shelf}\n")
    Store(tmp_path / "paper.db").close()
    at = look(tmp_path)
    atom_schema().assertValid(etree.fromstring(custom_feed(at, "robot", "atom")))
    assert tried(at, "robot").weeks == ()
    assert tried(at, "robot").a_week == 0


# ---------------------------------------------------------------- the feed


def test_both_forms_are_valid_and_name_the_query(at: Searched) -> None:
    """Title, id and address are those of the query in its one spelling."""
    root = etree.fromstring(custom_feed(at, 'author:"Fei-Fei  Li" OR  (robot)', "atom"))
    atom_schema().assertValid(root)
    asked = 'author:"fei fei li" OR robot'
    assert root.findtext(f"{ATOM}title") == f"Sunday Paper: {asked}"
    links = {link.get("rel"): link.get("href") for link in root.iterfind(f"{ATOM}link")}
    assert links == {
        "self": f"{BASE}feeds/custom.atom?q=author%3A%22fei%20fei%20li%22%20OR%20robot",
        "alternate": f"{BASE}search/index.html?q=author%3A%22fei%20fei%20li%22%20OR%20robot",
    }
    assert root.findtext(f"{ATOM}id") == (
        "tag:paper.example,2026-03-02:/feeds/custom%3Fq=author:%22fei%20fei%20li%22%20OR%20robot"
    )
    document = json.loads(custom_feed(at, 'author:"Fei-Fei  Li" OR  (robot)', "json"))
    jsonschema.validate(document, json_schema())
    assert document["title"] == f"Sunday Paper: {asked}"
    assert document["feed_url"] == links["self"].replace(".atom", ".json")


def test_two_spellings_of_one_question_get_the_same_bytes(at: Searched) -> None:
    """Blanks, brackets that say nothing, and AND."""
    assert custom_feed(at, "(robot)  AND survey", "atom") == custom_feed(at, "robot survey", "atom")


def test_an_entry_has_the_name_that_it_has_in_other_feeds_and_leads_to_its_page(
    root: Path, at: Searched
) -> None:
    """One that no issue printed has no page, and leads to its own address."""
    of_topic = json.loads((root / "output/site/topics/robotics/feed.json").read_text("utf-8"))
    known = {item["id"]: item for item in of_topic["items"]}
    made = {
        item["id"]: item for item in json.loads(custom_feed(at, "topic:robotics", "json"))["items"]
    }
    printed = "tag:paper.example,2026-03-02:/e/arxiv-2603.00011/index.html"
    assert known[printed] == made[printed]
    assert made[printed]["url"] == f"{BASE}e/arxiv-2603.00011/index.html"
    assert made[printed]["external_url"] == "https://arxiv.org/abs/2603.00011"
    unprinted = made["tag:paper.example,2026-03-02:/e/arxiv-2603.00012/index.html"]
    assert unprinted["url"] == "https://arxiv.org/abs/2603.00012"
    assert "external_url" not in unprinted
    assert not (root / "output/site/e/arxiv-2603.00012").exists()


def test_an_entry_of_two_weeks_is_dated_by_both(at: Searched) -> None:
    """It was published in the first and updated in the second."""
    (item,) = json.loads(custom_feed(at, "id:arxiv:2603.00003", "json"))["items"]
    assert item["date_published"] == "2026-03-02T06:00:00Z"
    assert item["date_modified"] == "2026-03-09T06:00:00Z"


def test_fifty_entries_of_the_four_newest_printed_weeks_are_the_most(tmp_path: Path) -> None:
    """Neither a fifth week, nor a draft, nor a fifty-first entry."""
    weeks = [
        issue(
            f"2026-W{n}",
            *(entry(f"26{n}.{k:05d}", f"Robots {k}", 30.0 - k) for k in range(20)),
            draft=n == 15,
        )
        for n in (10, 11, 12, 13, 14, 15)
    ]
    at = look(make_root(tmp_path, *weeks))
    items = json.loads(custom_feed(at, "robots", "json"))["items"]
    found = [item["url"].rpartition("/")[2] for item in items]
    assert len(found) == 50
    assert found[0] == "2614.00000"
    assert found[-1] == "2612.00009"
    rest = json.loads(custom_feed(at, 'title:"robots 3"', "json"))["items"]
    assert [item["url"][-10:-6] for item in rest] == ["2614", "2613", "2612", "2611"]
    assert tried(at, "robots").weeks[0].week == "2026-W14"


def test_eight_printed_weeks_are_tried(tmp_path: Path) -> None:
    """Not the ninth, so that memory has a bound."""
    weeks = [issue(f"2026-W{n:02d}", entry(f"26{n:02d}.00001", "Robots")) for n in range(2, 11)]
    at = look(make_root(tmp_path, *weeks))
    assert [week.week for week in tried(at, "robots").weeks] == [
        f"2026-W{n:02d}" for n in range(10, 2, -1)
    ]


def test_what_was_taken_out_is_left_out_and_what_was_amended_has_its_day(tmp_path: Path) -> None:
    """Also where another entry discusses what was taken out."""
    gone, noted = entry("2603.00001", "Robots gone"), entry("2603.00002", "Robots noted")
    beside = entry(
        "2603.00003",
        "Robots beside",
        discussed=(Mention("arxiv:2603.00001", "arxiv", "Robots gone", "https://gone.example/"),),
    )
    made = datetime(2026, 3, 20, 9, tzinfo=UTC)
    at = look(
        make_root(
            tmp_path,
            issue("2026-W11", gone, noted, beside, printed=("2603.00001", "2603.00002")),
            amendments=(
                Amendment("arxiv:2603.00001", made, "removed", "at the authors’ request"),
                Amendment("arxiv:2603.00002", made, "note", "The code is out."),
            ),
        )
    )
    text = custom_feed(at, "robots", "json").decode()
    assert "gone" not in text
    assert {item["title"]: item["date_modified"] for item in json.loads(text)["items"]} == {
        "Robots noted": "2026-03-20T09:00:00Z",
        "Robots beside": "2026-03-09T06:00:00Z",
    }
    assert [(week.hits, week.entries) for week in tried(at, "robots").weeks] == [(2, 2)]


def test_hostile_words_leave_no_place(tmp_path: Path) -> None:
    """Of an entry and of a query."""
    hostile = "]]></title><script>alert(1)</script>\x00 & \" onload='x"
    at = look(make_root(tmp_path, issue("2026-W10", entry("2603.00001", f"Robots {hostile}"))))
    root = etree.fromstring(custom_feed(at, 'robots -"<script>&]]>x"', "atom"))
    atom_schema().assertValid(root)
    assert root.find(".//{*}script") is None
    (item,) = root.iterfind(f"{ATOM}entry")
    assert "<script>alert(1)" in (item.findtext(f"{ATOM}title") or "")


def test_only_weeks_that_changed_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new week costs one reading, however many are at hand."""
    root = make_root(tmp_path)
    at = look(root)
    read: list[str] = []
    issue_of = Store.issue

    def counted(store: Store, week: str) -> Any:
        read.append(week)
        return issue_of(store, week)

    monkeypatch.setattr(Store, "issue", counted)
    with Store(root / "paper.db") as store:
        store.keep_issue(issue("2026-W13", entry("2603.00031", "Robots again")))
    again = look(root, at.recent)
    assert read == ["2026-W13"]
    assert ids(again, "robot") == ["00031", "00011", "00002"]


# ---------------------------------------------------------------- over HTTP


@pytest.fixture
def web(root: Path) -> Iterator[Callable[..., Any]]:
    """Asks the app over the root; the child answers in this process."""
    world = World(root)
    here = world.here(output=root / "output")
    finder = Finder(here, InProcess(root))
    made = app(here, more=finding.routes(here, finder))
    yield lambda path, method="GET", **how: ask(made, path, method, **how)
    finder.close()


def test_a_feed_is_sent_with_its_type_and_may_be_kept(web: Callable[..., Any]) -> None:
    """For a quarter of an hour; the guard's own headers stay."""
    answer = web(ROBOTS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=900"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    atom_schema().assertValid(etree.fromstring(answer.content))
    other = web("/feeds/custom.json?q=topic:robotics")
    assert other.headers["content-type"] == "application/feed+json; charset=utf-8"
    jsonschema.validate(other.json(), json_schema())


def test_a_feed_that_is_had_is_not_sent_again(web: Callable[..., Any]) -> None:
    """By its tag, also a weak one in a list; by its day where there is no tag."""
    first = web(ROBOTS)
    tag, day = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"if-none-match": tag},
        {"if-none-match": f'"other", W/{tag}'},
        {"if-modified-since": day},
        {"if-none-match": tag, "if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ):
        answer = web(ROBOTS, headers=headers)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
    for headers in (
        {"if-none-match": '"other"', "if-modified-since": day},
        {"if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"if-modified-since": "yesterday"},
        {"if-modified-since": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"},
    ):
        assert web(ROBOTS, headers=headers).status_code == 200


def test_head_says_what_get_would(web: Callable[..., Any]) -> None:
    """The same headers and no body."""
    get, head = web(ROBOTS), web(ROBOTS, "HEAD")
    assert head.content == b""
    assert dict(head.headers) == dict(get.headers)
    assert int(head.headers["content-length"]) > 1000


def test_a_feed_is_packed_for_who_takes_it(web: Callable[..., Any]) -> None:
    """Under a tag of its own."""
    plain = web(ROBOTS, headers={"accept-encoding": "identity"})
    packed = web(ROBOTS, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("", "wants one query behind ?q="),
        ("?q=", "wants one query behind ?q="),
        ("?q=%20", "wants one query behind ?q="),
        ("?q=robots&q=kitchens", "wants one query behind ?q="),
        ("?q=(robots", "column 8: unclosed '(': expected ')'"),
        ("?q=robots%20topic:robotic", "column 8: there is no topic “robotic”; did you mean “robotics”?"),
        ("?q=" + "a" * 501, "column 501: the query is too long: 501 characters, at most 500"),
        ("?q=" + quote("ß" * 300), "column 1: written out, the query is too long: 600 characters"),
        ("?q=%00", "column 1: "),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["atom", "json"])
def test_a_query_that_cannot_be_answered_is_told_in_a_sentence(
    web: Callable[..., Any], kind: str, asked: str, says: str
) -> None:
    """As plain text, with the column; nothing of it is kept."""
    answer = web(f"/feeds/custom.{kind}{asked}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert says in answer.text


def test_no_other_method_is_answered(web: Callable[..., Any]) -> None:
    """405 with what is."""
    answer = web(ROBOTS, "POST")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_a_query_of_500_characters_finds_and_its_own_address_works(web: Callable[..., Any]) -> None:
    """What a feed says is its address is one that is answered."""
    text = "robots" + " OR zebra" * 54 + " OR yak"
    assert len(text) == 499
    answer = web(f"/feeds/custom.json?q={quote(text)}")
    assert len(answer.json()["items"]) == 2
    own = answer.json()["feed_url"].removeprefix(BASE)
    assert web(f"/{own}").content == answer.content


def test_a_network_may_ask_for_so_many_new_feeds_and_for_known_ones_always(root: Path) -> None:
    """Others are not held up, and after an hour it may ask again."""
    world = World(root)
    here = world.here(output=root / "output")
    finder = Finder(here, InProcess(root))
    looks = finding.Looks(here.monotonic, most=2)
    made = app(here, more=finding.routes(here, finder, looks))
    asked = "/feeds/custom.atom?q=id:arxiv:{}"
    assert [ask(made, asked.format(n)).status_code for n in "1123"] == [200, 200, 200, 429]
    world.seconds = 3000.0
    answer = ask(made, asked.format(3))
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "600"
    assert answer.headers["cache-control"] == "no-store"
    assert ask(made, asked.format(1)).status_code == 200
    assert ask(made, asked.format(4), peer="198.51.100.7").status_code == 200
    assert ask(made, asked.format(5), peer="203.0.113.77").status_code == 429
    world.seconds = 3600.0
    assert ask(made, asked.format(3)).status_code == 200
    finder.close()


def test_looks_are_counted_for_so_many_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that asked longest ago is forgotten, so that memory has a bound."""
    monkeypatch.setattr(finding, "NETWORKS", 2)
    looks = finding.Looks(lambda: 0.0, most=1)
    assert [looks.wait(name) for name in "abc"] == [0, 0, 0]
    assert looks.wait("c") == 3600
    assert looks.wait("a") == 0


def test_where_nothing_can_be_looked_for_it_is_said_with_a_time(root: Path) -> None:
    """503, which feed readers know."""

    class Busy(Finder):
        async def feed(self, text: str, kind: Any) -> Any:
            raise FinderError("too many queries are looked for at once", 5)

    here = World(root).here(output=root / "output")
    finder = Busy(here, InProcess(root))
    answer = ask(app(here, more=finding.routes(here, finder)), ROBOTS)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.text == (
        "The feed cannot be made now: too many queries are looked for at once. "
        "Please ask again in 5 seconds.\n"
    )
    finder.close()
