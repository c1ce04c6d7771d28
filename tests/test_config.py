"""feeds.yaml becomes a Config, or every mistake in it at once with its place."""

import dataclasses
import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from composing import USUAL
from effort import examples
from sundaypaper import config
from sundaypaper.config.schema import AT, File, keys_at
from sundaypaper.errors import ConfigError, Mistake
from sundaypaper.sources import ArxivSource, BundleSource, FeedSource, PluginSource

ROOT = Path(__file__).parent.parent
CORE_NAMES = (
    "NeurIPS",
    "NIPS",
    "Neural Information Processing Systems",
    "ICML",
    "International Conference on Machine Learning",
    "CVPR",
    "Computer Vision and Pattern Recognition",
)
SHORT = """\
title: The Kitchen Table
timezone: Europe/Berlin
sources:
  - kind: arxiv
  - kind: feed
    name: Example Lab
    url: https://example.org/feed.xml
    group: lab
"""
FULL = """\
format: 1
title: 2026.10
base_url: https://example.org/paper
contact: editor@example.org
timezone: America/New_York
network: {allow_private: true}
sources:
  - kind: arxiv
    name: Two categories
    categories: [cs.LG, hep-th]
    venues: [NeurIPS]
    api_url: http://127.0.0.1:8911/api/query
  - kind: feed
    name: Example Lab
    url: https://example.org/feed.xml
    group: lab
    only: '"flow matching" OR diffu* -hiring'
    off: true
    unofficial: true
    weight: 1.5
  - {kind: bundle, name: Courses, path: courses}
  - {kind: bundle, name: Landmarks, path: shelf}
  - {kind: "some_package.module:source", name: Mine, url: "https://example.org/mine"}
venues:
  core: [neurips, wren]
  also: [iclr]
  own:
    - {key: wren, title: WREN, names: [wren, workshop on rare networks], ordinal: 2001}
authors: [Ada Example]
print: {lead: 3, words: 1800}
weights: {survey: 0.5, code: -1, "source:Mine": 2}
topics:
  - {id: birds, name: Birds, match: bird* OR wing}
  - {id: "3d", name: 3D, match: depth -"water depth"}
"""


def write(folder: Path, text: str | bytes) -> Path:
    """A feeds.yaml in a folder."""
    path = folder / "feeds.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def mistakes(folder: Path, text: str | bytes) -> list[str]:
    """What load says of a text, without the name of the file."""
    with pytest.raises(ConfigError) as caught:
        config.load(write(folder, text))
    return [str(dataclasses.replace(m, file="")) for m in caught.value.mistakes]


def only(folder: Path, text: str | bytes) -> str:
    """The one mistake of a text."""
    found = mistakes(folder, text)
    assert len(found) == 1, found
    return found[0]


# ---------------------------------------------------------------- what is right


def test_a_file_of_few_lines_has_every_default(tmp_path: Path) -> None:
    """Only sources must be written; the rest is what the manual says."""
    c = config.load(write(tmp_path, SHORT))
    assert c.masthead.title == "The Kitchen Table"
    assert c.masthead.base_url == ""
    arxiv, feed = c.sources
    assert isinstance(arxiv, ArxivSource)
    assert arxiv.name == "arXiv"
    assert arxiv.categories == ("cs.LG", "cs.CV", "cs.CL", "cs.AI", "cs.RO", "stat.ML")
    assert arxiv.venues is not None
    assert "Neural Information Processing Systems" in arxiv.venues
    assert feed == FeedSource("Example Lab", "https://example.org/feed.xml", "lab")
    assert c.topics == config.default_topics()
    assert c.core == ("neurips", "icml", "cvpr")
    assert "jmlr" in c.also
    assert c.sizes == USUAL
    assert dict(c.weights) == {}
    assert not c.network.allow_private


def test_every_key_arrives_where_it_belongs(tmp_path: Path) -> None:
    """A file with all keys gives a Config with all of them, text kept as written."""
    c = config.load(write(tmp_path, FULL))
    assert c.masthead.title == "2026.10"
    assert c.masthead.base_url == "https://example.org/paper/"
    assert c.masthead.contact == "editor@example.org"
    assert c.masthead.timezone == "America/New_York"
    assert c.network.allow_private
    arxiv, feed, courses, landmarks, mine = c.sources
    assert arxiv == ArxivSource(
        "Two categories", ("cs.LG", "hep-th"), ("NeurIPS",), "http://127.0.0.1:8911/api/query"
    )
    assert isinstance(feed, FeedSource)
    assert feed.only is not None
    assert feed.only.text == '"flow matching" OR diffu* -hiring'
    assert (feed.off, feed.unofficial, feed.weight) == (True, True, 1.5)
    assert courses == BundleSource("Courses", str(tmp_path / "courses"))
    assert landmarks == BundleSource("Landmarks", "shelf")
    assert mine == PluginSource(
        "Mine", "https://example.org/mine", kind="some_package.module:source"
    )
    assert c.core == ("neurips", "wren")
    assert c.own_venues[0].names == ("wren", "workshop on rare networks")
    assert c.own_venues[0].ordinal == 2001
    assert c.authors == ("Ada Example",)
    assert [c.sizes[name] for name in ("lead", "accepted", "words")] == [3, 8, 1800]
    assert dict(c.weights) == {
        "survey": 0.5,
        "code": -1.0,
        "source:Mine": 2.0,
        "source:Example Lab": 1.5,
    }
    assert [(t.id, t.match.text) for t in c.topics] == [
        ("birds", "bird* OR wing"),
        ("3d", 'depth -"water depth"'),
    ]


def test_a_blank_value_is_the_default(tmp_path: Path) -> None:
    """`contact:` with nothing behind it, and a section whose lines are all commented out."""
    text = SHORT + "contact:\nprint:\n  # lead: 3\n  words:\nauthors:\nvenues:\n  own:\n"
    c = config.load(write(tmp_path, text))
    assert c.masthead.contact == ""
    assert c.sizes == USUAL
    assert c.own_venues == ()


def test_a_blank_value_is_the_default_in_a_source_and_below_delivery_too(tmp_path: Path) -> None:
    """A line that is begun and not filled in is as if it were not there; an unknown key is not."""
    text = """\
sources:
  - {kind: feed, name: A, url: "http://a.example/", group: , only: , off: , weight: }
  - {kind: arxiv, name: , categories: }
network: {allow_private: }
subscribe: {join: }
delivery: {kind: smtp, from: a@b.example, to: , server: {host: h.example, port: , user: }}
"""
    c = config.load(write(tmp_path, text))
    assert c.sources == (FeedSource("A", "http://a.example/"), ArxivSource(venues=CORE_NAMES))
    assert (c.network.allow_private, c.subscribe.join) == (False, "")
    assert c.delivery is not None
    assert c.delivery.server is not None
    assert (c.delivery.to, c.delivery.server.port, c.delivery.server.user) == ("", None, "")
    text = 'sources: [{kind: feed, name: A, url: "http://a.example/", grup: }]'
    assert only(tmp_path, text).startswith(":1:59: sources[0].grup: there is no key “grup” here")


def test_words_that_old_yaml_took_for_booleans_are_words(tmp_path: Path) -> None:
    """The key off is a key, a feed may be called no, and a title may be yes."""
    text = 'title: yes\nsources:\n  - {kind: feed, name: no, url: "http://x.org/", off: false}\n'
    c = config.load(write(tmp_path, text))
    assert c.masthead.title == "yes"
    assert c.sources == (FeedSource("no", "http://x.org/"),)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    """An editor on Windows writes both, and neither shifts the place of a mistake."""
    raw = b"\xef\xbb\xbf" + SHORT.replace("\n", "\r\n").encode()
    assert config.load(write(tmp_path, raw)).masthead.title == "The Kitchen Table"
    assert only(tmp_path, raw.replace(b"title", b"titel")).startswith(":1:1: titel")


def test_an_alias_stands_for_what_it_names(tmp_path: Path) -> None:
    """Anchors are part of YAML and work within bounds."""
    text = "sources:\n  - {kind: arxiv, categories: &c [cs.CV]}\n"
    text += "  - {kind: arxiv, name: Again, categories: *c}\n"
    first, second = config.load(write(tmp_path, text)).sources
    assert isinstance(first, ArxivSource)
    assert isinstance(second, ArxivSource)
    assert first.categories == second.categories == ("cs.CV",)


def test_a_name_of_an_alias_may_be_used_again(tmp_path: Path) -> None:
    """YAML allows it, and the parser's warning is not the user's concern."""
    c = config.load(
        write(tmp_path, "title: &a One\nauthors: [&a Two, *a]\nsources: [{kind: arxiv}]")
    )
    assert c.authors == ("Two", "Two")


def test_the_config_cannot_be_changed(tmp_path: Path) -> None:
    """It is one value for the whole run."""
    c = config.load(write(tmp_path, FULL))
    with pytest.raises(dataclasses.FrozenInstanceError):
        c.core = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        c.weights["survey"] = 2  # type: ignore[index]


# ---------------------------------------------------------------- what is wrong


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Syntax apart, one run of the command shows all there is to mend."""
    text = """\
titel: Mine
timezone: Europe/Berlim
sources:
  - kind: arxiv
    categories: [cs.LG, cs.CW]
  - kind: feed
    name: A
  - {kind: fed, name: B}
title: One
title: Two
topics:
  - id: birds
    name: Birds
    match: (bird OR
"""
    assert mistakes(tmp_path, text) == [
        ":1:1: titel: there is no key “titel” here; did you mean “title”?",
        ":2:11: timezone: expected a time zone such as UTC or Europe/Berlin, found "
        "“Europe/Berlim”; did you mean “Europe/Berlin”?",
        ":5:25: sources[0].categories[1]: expected a category of arXiv such as cs.LG, found "
        "“cs.CW”; did you mean “cs.CV”?",
        ":6:5: sources[1]: the key “url” is missing: expected the address of the feed, http:// "
        "or https://",
        ":8:12: sources[2].kind: expected arxiv, feed, deadlines, calendar, votes, bundle or package.module:name, found "
        "“fed”; did you mean “feed”?",
        ":10:1: title: is given twice, first in line 9, column 1: keep one of them",
        mistakes(tmp_path, text)[6],
    ]
    assert mistakes(tmp_path, text)[6].startswith(":14:12: topics[0].match: column ")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("format: 2", ":1:9: format: this file has format 2"),
        ("format: 0", ":1:9: format: expected at least 1, found “0”"),
        ("format: " + "9" * 5000, ":1:9: format: expected"),
        ("format: one", ":1:9: format: expected a whole number, found “one”"),
        ("title: [a]", ":1:8: title: expected text, found a list"),
        ("title: ''", ":1:8: title: expected text, found nothing"),
        ("title: " + "x" * 301, ":1:8: title: expected at most 300 characters, found 301"),
        ("title: !!python/name:os.system x", ":1:8: title: the tag"),
        ("base_url: example.org", ":1:11: base_url: expected an address that begins with https"),
        ("base_url: https://x.org/?a", ":1:11: base_url: expected an address without ? and #"),
        ("base_url: https://[x/", ":1:11: base_url: expected an address"),
        ("base_url: https://u:p@x.org/", ":1:11: base_url: expected an address without a user"),
        ("base_url: https://x.org:99999", ":1:11: base_url: expected an address"),
        ("base_url: https://x.org/a b", ":1:11: base_url: expected an address of at most"),
        ("timezone: ../../etc/passwd", ":1:11: timezone: expected a time zone"),
        ("timezone: ''", ":1:11: timezone: expected a time zone"),
        ("network: {allow_private: yes}", ":1:26: network.allow_private: expected true or false"),
        ("network: {allow: true}", ":1:11: network.allow: there is no key “allow” here; the keys"),
        ("network: true", ":1:10: network: expected keys and values, found “true”"),
        ("print: {lead: 2.5}", ":1:15: print.lead: expected a whole number, found “2.5”"),
        ("print: {lead: -1}", ":1:15: print.lead: expected at least 0, found “-1”"),
        ("print: {leed: 1}", ":1:9: print.leed: there is no key “leed” here; did you mean “lead”"),
        ("print: {words: 9}", ":1:16: print.words: expected at least 100, found “9”"),
        ("print: [1]", ":1:8: print: expected keys and values, found a list"),
        ("weights: {code: .nan}", ":1:17: weights.code: expected a number"),
        ("weights: {code: inf}", ":1:17: weights.code: expected a number"),
        ("weights: {code: many}", ":1:17: weights.code: expected a number, found “many”"),
        ("weights: {cod: 1}", ":1:11: weights.cod: the ranking has no “cod”; did you mean “code”?"),
        ("weights: {'source:B': 1}", ":1:11: weights.source:B: the ranking has no “source:B”"),
        (
            "weights: {zzz: 1}",
            ":1:11: weights.zzz: the ranking has no “zzz”; there are votes, dis",
        ),
        ("weights: {'': 1}", ":1:11: weights.: expected text, found nothing"),
        ("authors: Ada", ":1:10: authors: expected a list, found “Ada”"),
        (
            "venues: {core: [neuripps]}",
            ":1:17: venues.core[0]: there is no venue “neuripps”; did you",
        ),
        (
            "venues: {also: [IC LR]}",
            ":1:17: venues.also[0]: there is no venue “IC LR”; did you mean “iclr”? `sund",
        ),
        ("venues: {own: [{key: A B, title: t, names: [n]}]}", ":1:22: venues.own[0].key: expected"),
        (
            "venues: {own: [{key: a, title: t, names: []}]}",
            ":1:42: venues.own[0].names: expected at",
        ),
        ("topics: [{id: a, name: A, match: [x]}]", ":1:34: topics[0].match: expected a query, fou"),
        ("topics: [{id: a, name: A}]", ":1:10: topics[0]: the key “match” is missing"),
        ("topics: [{id: a, name: A, match: }]", ":1:27: topics[0].match: expected a query"),
        ("topics: [{id: A B, name: A, match: x}]", ":1:15: topics[0].id: expected a key"),
        ("topics: [{id: a, name: A, match: 'topic:b'}]", ":1:34: topics[0].match: column 1: "),
        ("? [a, b]\n: c", ":1:3: a key must be a word"),
    ],
)
def test_a_wrong_value_is_told_with_its_place_and_what_would_be_right(
    tmp_path: Path, lines: str, says: str
) -> None:
    """One wrong line gives one mistake, at the value, with what was expected there."""
    assert only(tmp_path, f"{lines}\nsources: [{{kind: arxiv}}]\n").startswith(says)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("text", ":2:3: sources[0]: expected keys and values, found “text”"),
        ("{name: A}", ":2:3: sources[0]: the key “kind” is missing: expected one of arxiv"),
        (
            "{kind: [a]}",
            ":2:10: sources[0].kind: expected one of arxiv, feed, deadlines, calendar, votes, bundle",
        ),
        (
            "{kind: 'os.path.join'}",
            ":2:10: sources[0].kind: expected arxiv, feed, deadlines, calendar, votes, bundle or",
        ),
        ("{kind: 'a.b:c', name: A}", ":2:3: sources[0]: the key “url” is missing"),
        ("{kind: feed, name: '--', url: 'http://x'}", ":2:22: sources[0].name: expected a name"),
        ("{kind: feed, name: A, url: 'ftp://x'}", ":2:30: sources[0].url: expected an address"),
        ("{kind: feed, name: A, url: 'http://x', weight: 3}", ":2:50: sources[0].weight: expecte"),
        ("{kind: feed, name: A, url: 'http://x', group: labs}", ":2:49: sources[0].group: expect"),
        ("{kind: feed, name: A, url: 'http://x', off: off}", ":2:47: sources[0].off: expected tr"),
        ("{kind: feed, name: A, url: 'http://x', only: 'a ('}", ":2:48: sources[0].only: column "),
        (
            "{kind: feed, name: A, url: 'http://x', only: 'a -topic:vision'}",
            ":2:48: sources[0].only: column 4: topic: cannot be used here; there are author, cat",
        ),
        ("{kind: bundle, name: A}", ":2:3: sources[0]: the key “path” is missing"),
        ("{kind: bundle, name: A, path: x, pat: y}", ":2:36: sources[0].pat: there is no key"),
        ("{kind: arxiv, categories: []}", ":2:29: sources[0].categories: expected at least 1"),
        ("{kind: arxiv, categories: [cs]}", ":2:30: sources[0].categories[0]: expected a categ"),
        ("{kind: arxiv, url: 'http://x'}", ":2:17: sources[0].url: there is no key “url” here"),
    ],
)
def test_a_wrong_source_is_told_with_its_place(tmp_path: Path, source: str, says: str) -> None:
    """The keys that count are those of the source's own kind."""
    assert only(tmp_path, f"sources:\n- {source}\n").startswith(says)


def test_names_and_ids_given_twice_name_both_places(tmp_path: Path) -> None:
    """Compared as filters compare them, and found beside other mistakes."""
    text = """\
sources:
  - kind: arxiv
  - kind: arxiv
  - {kind: feed, name: ARXIV, url: "http://x.org/"}
topics:
  - {id: birds, name: Birds, match: bird}
  - {id: birds, name: More, match: wing}
venues:
  own: [{key: a, title: A, names: [a]}, {key: a, title: B, names: [b]}]
"""
    assert mistakes(tmp_path, text) == [
        ":3:5: sources[1]: the name “arXiv” is taken since line 2, column 5: choose another name",
        ":4:24: sources[2].name: the name “ARXIV” is taken since line 2, column 5: choose another "
        "name",
        ":7:10: topics[1].id: the id “birds” is taken since line 6, column 10: choose another id",
        ":9:47: venues.own[1].key: the key “a” is taken since line 9, column 15: choose another "
        "key",
    ]


def test_a_file_from_the_future_asks_for_an_upgrade_and_no_more(tmp_path: Path) -> None:
    """Keys of a newer format are no mistakes of the user's."""
    said = only(tmp_path, "format: 7\nstreams: []\nsources: 9\n")
    assert "upgrade sundaypaper" in said
    assert "format 7" in said


def test_many_mistakes_are_cut_and_counted(tmp_path: Path) -> None:
    """A file of another program would print thousands of lines."""
    text = "sources: [{kind: arxiv}]\n" + "".join(f"key{i}: 1\n" for i in range(299)) + "title: []"
    found = mistakes(tmp_path, text)
    assert len(found) == 201
    assert found[-1].endswith("and 100 more mistakes from here")
    assert found[0].startswith(":2:1: key0")
    assert not any("title: expected" in line for line in found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ":1:1: is empty"),
        ("# nothing\n", ":1:1: is empty"),
        ("- kind: arxiv\n", ":1:1: expected keys and values such as `sources:`"),
        ("just words\n", ":1:1: expected keys and values"),
        ("title: A\n", ":1:1: the key “sources” is missing"),
        ("sources:\n", ":1:1: sources: expected what is read"),
        ("sources: []\n", ":1:10: sources: expected at least 1 entry"),
        ("sources:\n\t- kind: arxiv\n", "a tab cannot be used here: indent with spaces"),
        ("title: A: B\n", "needs quotes around it"),
        ('match: "a b" OR c\n', "with single quotes around all of it"),
        ("match: *flow\n", "text that begins with * needs quotes"),
        ("match: @flow\n", "text that begins with this character needs quotes"),
        ("a: 1\n---\nb: 2\n", "one file holds one document"),
        ("a: [1,\nb: 2\n", "not YAML"),
        (b"a: \x01\n", ":1:4: the character U+0001 does not belong"),
        (b"a: b\nc: \xe9\n", ":2:4: is not UTF-8 (byte 0xe9)"),
        ("a: b\n".encode("utf-16"), ":1:1: is not UTF-8"),
        ('a: "\\UFFFFFFFF"\n', "is not YAML that can be read"),
        ('title: "a\\ud800"\nsources: [{kind: arxiv}]\n', ":1:8: title: holds half of a surrogate"),
        ("a: " + "[" * 1000, "too deep inside one another"),
        ("a: " + "[" * 30 + "]" * 30, "stands more than 20 deep"),
        ("a: &a [*a]\n", "an alias that contains itself"),
        (b"#" * 1_000_001, ":1:1: is larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_feeds_yaml_gets_one_mistake(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    """Bytes of any kind end in a sentence that says what to do."""
    assert says in only(tmp_path, text)


def test_aliases_that_multiply_are_stopped(tmp_path: Path) -> None:
    """Nine lists of nine aliases would be 387 million values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    assert "holds more than 50,000 values" in only(tmp_path, "\n".join(lines))


def test_a_missing_file_says_where_it_was_sought_and_what_to_do(tmp_path: Path) -> None:
    """The first thing that a new user meets."""
    with pytest.raises(ConfigError) as caught:
        config.load(tmp_path / "feeds.yaml")
    said = str(caught.value)
    assert str(tmp_path) in said
    assert f"`sundaypaper init {tmp_path}` makes one" in said


def test_a_missing_file_where_one_stands_names_the_shortest_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody types the name of the folder that they are in."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="`sundaypaper init` makes one"):
        config.load(Path("feeds.yaml"))


def test_a_folder_in_place_of_the_file_is_a_mistake(tmp_path: Path) -> None:
    """What the file system refuses is told, not raised."""
    (tmp_path / "feeds.yaml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path / "feeds.yaml")


# ---------------------------------------------------------------- whatever the bytes


def survives(folder: Path, raw: bytes) -> None:
    """Loading gives a Config or a ConfigError whose text can be printed."""
    found: tuple[Mistake, ...] = ()
    try:
        config.load(write(folder, raw))
    except ConfigError as e:
        found = e.mistakes or (Mistake("", 0, 0, "", "an error without a mistake"),)
    assert all(m.line >= 1 and m.column >= 1 for m in found)
    "\n".join(map(str, found)).encode()


anything = examples(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = sorted(
    set(FULL.split()) | set("&a *a !!int !x <<: %YAML --- ... ? | > ' \" # \t \x85 {{".split(" "))
)


@anything
@given(raw=st.binary(max_size=200))
def test_no_bytes_raise_anything_else(tmp_path: Path, raw: bytes) -> None:
    """Random bytes."""
    survives(tmp_path, raw)


@anything
@given(parts=st.lists(st.sampled_from([*PIECES, "\n", "\n  ", "\n  - "]), max_size=40))
def test_no_heap_of_yaml_raises_anything_else(tmp_path: Path, parts: list[str]) -> None:
    """Random pieces of the language, which get further than random bytes."""
    survives(tmp_path, " ".join(parts).encode())


@anything
@given(data=st.data())
def test_no_spoilt_file_raises_anything_else(tmp_path: Path, data: st.DataObject) -> None:
    """A good file with a stretch of it replaced: most mistakes people make look like this."""
    start = data.draw(st.integers(0, len(FULL)))
    end = data.draw(st.integers(start, min(len(FULL), start + 40)))
    middle = data.draw(st.text(max_size=10) | st.sampled_from(PIECES))
    survives(tmp_path, (FULL[:start] + middle + FULL[end:]).encode("utf-8", "surrogatepass"))


keys = st.sampled_from([key for place in AT for key in keys_at(place)])
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=15,
)


@anything
@given(tree=st.dictionaries(keys, trees, max_size=6))
def test_no_tree_of_values_raises_anything_else(tmp_path: Path, tree: dict[str, object]) -> None:
    """Right keys with values of any kind behind them."""
    survives(tmp_path, json.dumps(tree).encode())


# ---------------------------------------------------------------- fingerprint, defaults, schema


def test_the_fingerprint_changes_with_the_content_alone(tmp_path: Path) -> None:
    """Comments, the folder and addresses do not compose an issue anew; a weight does."""
    before = config.load(write(tmp_path, FULL)).fingerprint
    assert len(before) == 16
    other = tmp_path / "other"
    other.mkdir()
    same = FULL.replace("/paper", "/else").replace("127.0.0.1", "127.0.0.2") + "# a comment\n"
    assert config.load(write(other, same)).fingerprint == before
    for old, new in [
        ("2026.10", "Renamed"),
        ("survey: 0.5", "survey: 0.6"),
        ("wing}", "wings}"),
        ("lead: 3", "lead: 4"),
        ("-hiring", "-jobs"),
        ("also: [iclr]", "also: [kdd]"),
        ("Ada", "Eve"),
    ]:
        assert config.load(write(tmp_path, FULL.replace(old, new))).fingerprint != before, new


def test_the_default_config_needs_no_file() -> None:
    """Topics, venues and sizes of the package; no sources."""
    c = config.default_config()
    assert c.sources == ()
    assert c.path is None
    assert c.topics == config.default_topics()
    assert (c.core, c.sizes) == (("neurips", "icml", "cvpr"), USUAL)


def test_the_default_venues_are_known(tmp_path: Path) -> None:
    """Written out in a file, the defaults pass the check that every venue key passes."""
    c = config.default_config()
    text = f"venues: {{core: [{', '.join(c.core)}], also: [{', '.join(c.also)}]}}\n" + SHORT
    assert config.load(write(tmp_path, text)).also == c.also


def test_the_default_topics_are_the_24(tmp_path: Path) -> None:
    """Each has a filter; written out in a file, they pass the checks of a user's own topics."""
    topics = config.default_topics()
    assert len(topics) == 24
    assert len({t.id for t in topics}) == 24
    packaged = resources.files("sundaypaper").joinpath("data/topics.json").read_text("utf-8")
    c = config.load(write(tmp_path, f"{SHORT}topics: {packaged}"))
    assert c.topics == topics
    assert c.fingerprint == config.load(write(tmp_path, SHORT)).fingerprint


def test_the_committed_schema_is_the_generated_one() -> None:
    """Made anew by writing config.schema_text() to src/sundaypaper/data/feeds.schema.json."""
    shipped = resources.files("sundaypaper").joinpath("data/feeds.schema.json").read_text("utf-8")
    assert shipped == config.schema_text()


def test_every_key_of_the_schema_is_described() -> None:
    """An editor shows the sentence beside the key."""
    schema = json.loads(config.schema_text())
    for kind in [schema, *schema["$defs"].values()]:
        for key, value in kind.get("properties", {}).items():
            assert value.get("description"), (kind["title"], key)


def test_did_you_mean_knows_every_section() -> None:
    """Each object of the schema has its place in the table of keys."""
    names = {kind.__name__ for kind in AT.values()}
    assert names == {File.__name__, *json.loads(config.schema_text())["$defs"]}


def test_the_schema_takes_good_files_and_refuses_bad_ones() -> None:
    """What an editor underlines is what load refuses."""
    validator = jsonschema.Draft202012Validator(json.loads(config.schema_text()))
    good = YAML(typ="safe", pure=True).load(FULL.replace("2026.10", "Text"))
    assert list(validator.iter_errors(good)) == []
    assert list(validator.iter_errors({**good, "titel": "x"}))
    assert list(validator.iter_errors({**good, "sources": [{"kind": "feed", "name": "A"}]}))
    assert list(validator.iter_errors({**good, "print": {"leed": 1}}))


@pytest.mark.skipif(not (ROOT / "feeds.yaml").exists(), reason="no default feeds.yaml here")
def test_the_default_file_loads_and_fits_the_schema() -> None:
    """The feeds.yaml at the root is what a new user starts from."""
    assert config.load(ROOT / "feeds.yaml").sources
    data = YAML(typ="safe", pure=True).load((ROOT / "feeds.yaml").read_text("utf-8"))
    jsonschema.validate(data, json.loads(config.schema_text()))


# ---------------------------------------------------------------- paths


BUNDLE = "sources:\n- {kind: bundle, name: A, path: '%s'}\n"
ELSEWHERE = """sources: [{kind: bundle, name: A, path: shelf}]
delivery: {kind: file, from: a@b.example, folder: '%s'}
inbox: {kind: maildir, folder: '%s', address: c@b.example}
readers: {from: '%s'}
"""


def linked(folder: Path) -> Path:
    """A root with links to itself, within it and out of it."""
    root = folder / "root"
    (root / "in").mkdir(parents=True)
    (folder / "out").mkdir()
    (root / "link-in").symlink_to("in")
    (root / "link-out").symlink_to(folder / "out")
    (root / "in" / "up").symlink_to("../..")
    (root / "loop").symlink_to("loop")
    return root


@pytest.mark.parametrize(
    "path", ["output/site", "output", "in/../output/mails", "WHOLE/output/site"]
)
@pytest.mark.parametrize(
    "line",
    [
        "delivery: {kind: file, from: paper@lab.example, folder: PATH}",
        "readers: {from: PATH/lab.csv}",
    ],
)
def test_what_is_private_lies_not_among_the_pages(line: str, path: str, tmp_path: Path) -> None:
    """Mails to readers, and the list of them, would be published with the issue."""
    root = linked(tmp_path)
    named = line.replace("PATH", path.replace("WHOLE", str(root)))
    assert "lies among the pages, where everybody could read it" in only(
        root, f"sources: [{{kind: arxiv}}]\n{named}\n"
    )


@pytest.mark.parametrize(
    "path", ["..", "../out", "in/../../out", "in/up", "in/up/out", "link-out", "link-out/x", "/etc"]
)
def test_a_bundle_lies_in_the_folder_of_its_file(path: str, tmp_path: Path) -> None:
    """By dots, by a whole path, by a link or behind one: a mistake that says where it leads."""
    found = only(linked(tmp_path), BUNDLE % path)
    assert found.startswith(":2:33: sources[0].path: “")
    assert "leads out of the folder of this file, to /" in found
    assert found.endswith("name a place in the folder")


@pytest.mark.parametrize("path", ["loop", "loop/x", "a\0b".replace("\0", "\\0")])
def test_a_path_that_goes_round_is_a_mistake(path: str, tmp_path: Path) -> None:
    """As is one that no system takes; and none of them a traceback."""
    text = (BUNDLE % path).replace("'", '"')
    assert "sources[0].path: " in only(linked(tmp_path), text)


@pytest.mark.parametrize(
    "path", [".", "in", "in/../in", "link-in", "not-there/yet", "in/up/root/in"]
)
def test_a_path_within_the_folder_is_right(path: str, tmp_path: Path) -> None:
    """Also one that goes out and comes back, and one that is made later."""
    root = linked(tmp_path)
    config.load(write(root, BUNDLE % path))
    config.load(write(root, ELSEWHERE % (path, path, path)))
    (tmp_path / "alias").symlink_to(root)
    config.load(tmp_path / "alias" / "feeds.yaml")


def test_mails_and_readers_may_lie_elsewhere_by_a_whole_path_alone(tmp_path: Path) -> None:
    """From / on it is meant; by dots or a link it may be a slip, or somebody else's."""
    root = linked(tmp_path)
    out = str(tmp_path / "out")
    config.load(write(root, ELSEWHERE % (out, out, f"{out}/r.csv")))
    for path in ("../out", "link-out"):
        found = mistakes(root, ELSEWHERE % (path, path, path))
        assert [line.split(": ")[1] for line in found] == [
            "delivery.folder",
            "inbox.folder",
            "readers.from",
        ]
        assert all("or write the whole path, from / on" in line for line in found)


def test_readers_from_a_variable_are_no_path(tmp_path: Path) -> None:
    """What env: names is no file."""
    config.load(write(tmp_path, SHORT + "readers: {from: env:GROUP}\n"))


@pytest.mark.parametrize(
    "kind", ["../evil:run", "/tmp/evil.py:run", "evil/../x:run", "..evil:run", "./evil.py"]
)
def test_a_plug_in_is_no_path(kind: str, tmp_path: Path) -> None:
    """It is a name of something installed; the mistake stands at its place."""
    found = only(tmp_path, f"sources:\n- {{kind: '{kind}', name: A}}\n")
    assert found.startswith(":2:10: sources[0].kind: expected ")
