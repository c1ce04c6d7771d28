"""The paper's own words in another language, by a table; what others wrote stays English and is marked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sample_issue
from sundaypaper.config import read_text
from sundaypaper.config.words_file import tongue
from sundaypaper.errors import ConfigError
from sundaypaper.formats import email, site
from sundaypaper.formats.site.rendering import render
from sundaypaper.pipeline import words
from sundaypaper.wording.messages import messages
from sundaypaper.wording.tongue import ENGLISH, Tongue

GERMAN = Tongue(
    "de",
    templates={"Archive": "Archiv"},
    phrases={
        "March": "März",
        "{day} {month} {year}": "{day}. {month} {year}",
        "{day} to {date}": "{day}. bis {date}",
        "told by {list}": "erzählt von {list}",
        "and": "und",
        "code is out": "Code ist da",
        "“{title}” is told by {list}.": "„{title}“ erzählen {list}.",
    },
    counted={"entry | entries": "Eintrag | Einträge"},
    marks=(".", ","),
)


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("2 to 8 March 2026", "2. bis 8. März 2026"),
        ("told by A and B", "erzählt von A und B"),
        ("code is out; told by A", "Code ist da; erzählt von A"),
        ("no phrase of ours", "no phrase of ours"),
    ],
)
def test_what_is_composed_in_english_is_said_by_the_table(english: str, german: str) -> None:
    """Days, lists and parts by their phrases; what no phrase fits stays whole."""
    assert GERMAN.say(english) == german


def test_counts_take_the_form_and_the_marks_of_the_language() -> None:
    """One entry, many entries, and Polish forms by their rule."""
    assert GERMAN.plural(1, "entry", "entries") == "1 Eintrag"
    assert GERMAN.plural(1788, "entry", "entries") == "1.788 Einträge"
    polish = Tongue("pl", counted={"entry | entries": "wpis | wpisy | wpisów"})
    assert [polish.plural(n, "entry", "entries") for n in (1, 3, 5, 12, 22)] == [
        "1 wpis",
        "3 wpisy",
        "5 wpisów",
        "12 wpisów",
        "22 wpisy",
    ]


def test_a_message_is_what_a_person_reads_as_one() -> None:
    """A sentence with its links and expressions, an attribute that is heard, literals of a call."""
    source = '<p>See the <a href="{{ root }}x.html">archive</a>.</p>\n<nav aria-label="More">{{ to("x", "Venues") }}</nav>'
    assert [one.text for one in messages(source)] == [
        'See the <a href="{{ root }}x.html">archive</a>.',
        "More",
        '{{ to("x", "Venues") }}',
    ]


def whole(mark: str = "⟦{}⟧") -> Tongue:
    """A made-up language that marks the words of templates which have no code in them."""
    every = words.english(None)
    plain = (text for text in every["templates"] if not re.search(r"[{<]", text))
    return Tongue("qaa", templates={text: mark.format(text) for text in plain})


def test_an_issue_page_says_its_own_words_in_the_language_and_marks_what_stays_english() -> None:
    """The frame is of the table; the title of a paper is English and says so."""
    frame = site.PageFrame(sample_issue.MASTHEAD)
    env = site.environment(None, tongue=whole())
    page = render("404.html", "404.html", env, frame).body.decode()
    assert '<html lang="qaa">' in page
    assert "<h1>⟦Page not found⟧</h1>" in page
    assert 'aria-label="⟦The paper⟧"' in page
    title = env.filters["marked"]("Attention")
    assert title == '<span lang="en">Attention</span>'


def test_own_words_that_the_table_lacks_are_marked_as_english() -> None:
    """A reason without a phrase stays English as a whole; one with a phrase has the title marked."""
    own = site.environment(None, tongue=GERMAN).filters["own"]
    assert own("a reason of an extension") == '<span lang="en">a reason of an extension</span>'
    assert own("“<b>” is told by A.") == '„<span lang="en">&lt;b&gt;</span>“ erzählen A.'


def test_english_is_left_byte_for_byte() -> None:
    """Without a table a page is what it was."""
    frame = site.PageFrame(sample_issue.MASTHEAD)
    env = site.environment(None, tongue=ENGLISH)
    page = render("404.html", "404.html", env, frame).body.decode()
    assert '<html lang="en">' in page
    assert "<h1>Page not found</h1>" in page


def test_a_translation_that_loses_an_expression_is_refused_with_its_place() -> None:
    """A lost link, a lost hole, a form too few: each with its line."""
    text = (
        "templates:\n- {en: 'Week {{ x | int }}', own: 'Woche'}\n"
        "phrases:\n- {en: 'told by {list}', own: 'erzählt'}\n"
        "counted:\n- {en: entry | entries, own: Eintrag}\n"
    )
    with pytest.raises(ConfigError) as told:
        tongue(text, "words.yaml", "de")
    assert sorted(mistake.where for mistake in told.value.mistakes) == [
        "counted[0].own",
        "phrases[0].own",
        "templates[0].own",
    ]


def test_what_export_writes_is_a_table_that_check_finds_untranslated(tmp_path: Path) -> None:
    """The table is read back; every word of it is missing, none unknown."""
    every = words.english(None)
    read = tongue(words.table(every, ENGLISH), "words.yaml", "de")
    found = list(words.faults(every, read))
    assert len(found) == sum(map(len, every.values()))
    assert all(line.startswith("missing") for line in found)


def test_a_language_is_a_key_of_feeds_yaml(tmp_path: Path) -> None:
    """words.yaml beside feeds.yaml has its words; what is no language is refused."""
    (tmp_path / "words.yaml").write_text("templates: [{en: Archive, own: Archiv}]\n")
    config = read_text("language: de\nsources: [{kind: arxiv}]\n", tmp_path / "feeds.yaml")
    assert (config.tongue.language, config.tongue.templates) == ("de", {"Archive": "Archiv"})
    with pytest.raises(ConfigError, match="expected a language"):
        read_text("language: German!\nsources: [{kind: arxiv}]\n", tmp_path / "feeds.yaml")


def test_a_language_without_words_is_english_until_there_are_some(tmp_path: Path) -> None:
    """No page calls itself German over English words."""
    config = read_text("language: de\nsources: [{kind: arxiv}]\n", tmp_path / "feeds.yaml")
    assert (config.tongue.language, config.tongue.spoken) == ("de", "en")
    assert config.tongue.is_plain


def test_a_mail_is_in_the_language_too() -> None:
    """Its week, its language and its titles."""
    env = site.environment(None, tongue=GERMAN)
    made = email.message(sample_issue.sample_issue(), sample_issue.MASTHEAD, email.Links(), env=env)
    assert "2. bis 8. März 2026" in made.text
    assert '<html lang="de"' in made.html
