"""The editor's desk file: YAML with nothing set, and the candidates of a week as comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sundaypaper.issue import form_of
from sundaypaper.models import Editorial, Issue, Pick
from sundaypaper.text import clean
from sundaypaper.wording.dates import week_words

# So many candidates, of which at least so many are not printed.
MOST, FEWEST = 60, 20
TITLE_SHOWN, WHY_SHOWN = 110, 140
MARKER = "# ======== The candidates. `sundaypaper desk` renews all below this line. ========"
EXPLAINED = """\
# What you decide for this week goes in here. All of it may stay empty; what you set is printed as
# yours, and kept with the issue. A line that begins with # is a note to yourself.
#
#   headline  in place of the first line of counts; at most 90 characters
#   intro     your words to the readers in Markdown: *emphasis*, [links](https://…), lists;
#             at most 120 words, indented below the |
#   signed    your name below them
#   lead      up to five ids that stand first in “Read first”, in your order
#   drop      ids that are not printed; the list of all entries keeps them
#   notes     a sentence of yours under an entry: `2603.00001: Read the appendix first.`
#
# Ids are those below; of an arXiv paper its number is enough. * marks what is printed as it stands.
"""
EMPTY = """\
format: 1
headline:
intro: |

signed:
lead: []
drop: []
notes: {}
"""
# YAML reads these as the end of a line, and so as the end of a comment; a renderer may as well.
NOT_PRINTED = re.compile(r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def desk_text(issue: Issue, editorial: Editorial | None = None) -> str:
    """The desk file of a week, with what editorial says set in it, and its best candidates.

    Nothing that comes from outside can leave the comment that it stands in.
    """
    head = f"# {clean(issue.title, 60)}, {week_words(issue.week)} ({issue.week})\n#\n"
    return f"{_comment(head)}{EXPLAINED}\n{_set(editorial)}\n{candidates_text(issue)}"


def candidates_text(issue: Issue) -> str:
    """The marker line and what stands below it: the candidates, by section and score."""
    return "\n".join((MARKER, *(_comment(line) for line in _lines(issue)))) + "\n"


def renewed(text: str, issue: Issue) -> str | None:
    """A desk file with its candidates made anew, all above the marker as it was.

    None where that could lose what somebody wrote: no marker, or more than comments below it.
    """
    above, marker, below = text.partition(MARKER)
    written = (line for line in below.splitlines() if line.strip() and not line.startswith("#"))
    if not marker or any(written) or not (above.endswith("\n") or not above):
        return None
    return above + candidates_text(issue)


def _set(editorial: Editorial | None) -> str:
    if editorial is None or editorial == Editorial():
        return EMPTY
    intro = "".join(f"  {line}\n" for line in editorial.intro.splitlines()) or "\n"
    lead, drop = (_listed(ids) for ids in (editorial.lead, editorial.drop))
    notes = "".join(f"\n  {_quoted(id)}: {_quoted(note)}" for id, note in editorial.notes.items())
    return (
        f"format: 1\nheadline: {_quoted(editorial.headline)}\nintro: |2\n{intro}"
        f"signed: {_quoted(editorial.signed)}\nlead: {lead}\ndrop: {drop}\nnotes:{notes or ' {}'}\n"
    )


def _listed(ids: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, ids)) + "]"


def _quoted(text: str) -> str:
    """A YAML scalar between single quotes."""
    return "'" + NOT_PRINTED.sub(" ", text).replace("'", "''") + "'" if text else ""


def _lines(issue: Issue) -> Iterator[str]:
    """What is printed, by section, then the best of the rest."""
    picks = {pick.id: pick for pick in issue.entries}
    printed = {item.id for section in issue.sections for item in section.items}
    for section in issue.sections:
        if section.items:
            yield from ("#", f"# {clean(section.title, TITLE_SHOWN)}")
        for item in section.items:
            pick = picks[item.id]
            yield f"# * {_named(pick)}"
            if item.form != "title" or form_of(section.id) == "lines":
                yield _reasoned(pick, item.why)
    rest = [p for p in issue.entries if p.id not in printed and p.standing in ("new", "late")]
    if shown := rest[: max(FEWEST, MOST - len(printed))]:
        yield from ("#", f"# The best {len(shown)} of {len(rest):,} others")
    for pick in shown:
        yield f"#   {_named(pick)}"
        yield _reasoned(pick, "; ".join(pick.reasons))


def _named(pick: Pick) -> str:
    return f"{clean(pick.id, 80)}  {clean(pick.title, TITLE_SHOWN)}"


def _reasoned(pick: Pick, why: str) -> str:
    return f"#     {pick.ring}, {pick.score:.2f} · {clean(why, WHY_SHOWN)}"


def _comment(text: str) -> str:
    """Lines of ours that hold words of others: none of these can end the line."""
    return "\n".join(NOT_PRINTED.sub("", line) for line in text.split("\n"))
