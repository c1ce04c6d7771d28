"""A word of a table, or somebody else's function by its dotted name."""

import sys

import pytest

from sundaypaper.plugins import named, nearest

TABLE = {"arxiv": len, "feed": max}


def test_a_word_of_the_table_is_its_entry() -> None:
    """The built-in wins and nothing is imported."""
    assert named("feed", TABLE) is max


def test_a_dotted_name_is_imported() -> None:
    """`package.module:name` gives the object of that module."""
    assert named("os.path:join", TABLE) is sys.modules["os.path"].join


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("fed", "expected arxiv, feed or package.module:name, found “fed”; did you mean “feed”?"),
        ("", "found “”"),
        ("os.path.join", "expected arxiv"),
        (".relative:name", "expected arxiv"),
        ("os:", "expected arxiv"),
        ("os:path.join", "expected arxiv"),
        ("no_such_package_here:x", "cannot be imported"),
        ("os.path:no_such_name", "has nothing named no_such_name"),
        ("os:sep", "neither a function nor a class"),
    ],
)
def test_a_wrong_word_is_a_sentence(word: str, says: str) -> None:
    """Each way to be wrong is a ValueError that says what is expected, never another error."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        named(word, TABLE)
    assert says in str(caught.value)


def test_a_module_that_fails_while_it_is_imported_is_a_sentence(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever somebody else's module raises, its text is kept and the user is told which one."""
    (tmp_path / "broken_plugin.py").write_text("raise RuntimeError('no\\nlicence')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match="the module broken_plugin cannot be imported: no licence"):
        named("broken_plugin:source", TABLE)


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    """A guess that is far off would only confuse; among equals the longest common start wins."""
    assert nearest("zzz", ("arxiv", "feed")) == ""
    assert nearest("anything", ()) == ""
    assert nearest("cs.CW", ("cs.SC", "cs.CC")) == "; did you mean “cs.CC”?"
