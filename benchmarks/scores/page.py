"""docs/scores.md from a card: every figure with its meaning, its interval and what is beside it."""

from __future__ import annotations

from .card import Card, Cell, Group, Row, Table, between, shown

GROUPS = (
    Group(
        "claims",
        "Accepted where?",
        "500 comments of arXiv papers, labelled by two readers on their own who agree on 98.9 % of "
        "them; the few that they dispute are left out. Beside them 250 comments of other weeks and "
        "the wordings of `tests/claims.jsonl`.",
        "Believe these figures least where they are best. The rules have been put right with the "
        "mistakes in view, on the gold comments and on the fresh ones, so 100 % says that what "
        "was found is mended; what is below says how it is on others. The fresh "
        "comments and the wordings were labelled by the program’s authors.",
    ),
    Group(
        "unseen",
        "Accepted where, on comments that nobody had looked at",
        "Twice 350 comments drawn by chance from 57 weeks, no two alike but for numbers and "
        "addresses, 290 of them with the name of NeurIPS, ICML or CVPR; labelled first, then read "
        "once.",
        "The figures to believe are those of the second draw: the rules had been put right with "
        "the first in view. The labels are one reader’s. As each wording counts once, and most "
        "papers use the plain ones, a week has fewer mistakes than these draws.",
    ),
    Group(
        "newly",
        "Newly accepted",
        "The recorded comments of 5,895 papers that changed over the months, replayed a day at a "
        "time; 200 of the changes are labelled.",
        "The labels were made by the program’s authors, who then mended what was wrong. Changes "
        "within a paper’s first week are told with the paper and are not counted.",
    ),
    Group(
        "topics",
        "What it is about",
        "350 papers of arXiv labelled with the 24 default topics and never trained on; labels "
        "called “maybe” count neither for nor against. Beside them the landmarks of the shelf, and "
        "papers and posts that were labelled before the first run on them.",
        "The labels are a reader’s opinion, and two readers differ. The papers are of the years "
        "that the model was trained on. On posts it is worse, most of all on those of sites that it "
        "has not seen (docs/topics-model.md). The topics of the shelf and the labels of posts, hard "
        "rows and rows drawn by lot or by words are by the program’s authors.",
    ),
    Group(
        "reading",
        "What an entry brings",
        "258 papers and posts labelled with what they bring, 75 abstracts of which a reader marked "
        "the sentences that would do before the rules were written, and 80 later ones whose "
        "quotes were judged as printed.",
        "Labelled by the program’s authors, who wrote the rules with mistakes on some of these in "
        "view. Courses and events are so rare among them that nothing follows. The quotes of the "
        "later draw were judged by one reader; five earlier draws are in docs/notes/0016.",
    ),
    Group(
        "interest",
        "What readers and editors care about",
        "Two truths that nobody here made: the votes on a public list of daily papers, and what people "
        "chose for nine public lists of theirs. Five real weeks that the model did not learn "
        "from, and 57 weeks by cross-validation.",
        "Votes are a fashion and favour large labs, language and agents; editors have tastes of their own. "
        "The five weeks are so few that chance moves a figure by ten points. Votes by Sunday are those that "
        "a mirror of the list saw, fewer than had been given. Whether a venue accepts a paper later "
        "is another truth: it stands below, under “What is chosen”.",
    ),
    Group(
        "choice",
        "What is chosen",
        "Pairs of posts, most of whose titles are alike; posts labelled as worth printing or not, "
        "without a look at their scores; and two weeks of 2025 with the lists of papers that "
        "venues published later. What the ranking learnt came from other weeks.",
        "The same title alone finds more pairs, and hides a story in seven joins of a hundred. "
        "Which posts are worth printing is the opinion of one reader; few of the sources set aside often "
        "write what is, and a first division of the posts was opened once to see why it did badly. "
        "Being accepted later is not the same as being worth reading; it is only what can be counted, "
        "one paper more or less moves the figure by 0.06, and both weeks were looked at on the way: "
        "read it as “about twice”.",
    ),
)

HEAD = """\
# How good is this?

<!-- Made by `make scores` from src/sundaypaper/data/scores.json; not written by hand. -->

A program that says which papers were accepted where, and what they are about, should say how often
it is wrong. Beside every figure stand its 95 % interval, which is how far chance alone may have
moved it on so few rows, and what a naive rule of one line reaches on the same rows. Below each
group stands why not to believe it too much.

*Right* (precision) is how much of what was said is true; *found* (recall) how much of what is
true was said; *F1* is one figure for both, high only where both are.
"""

TAIL = """\
## What may not fall

`make scores` fails, and so does a test, where a figure is worse than its floor or, by more than
0.005, than the value recorded here; a count may not grow at all. `make scores RECORD=1` records new
values. The site prints the same figures, so `make sample` comes after it.

| figure | now | floor | recorded |
|---|---|---|---|
"""

AGAIN = """
## Measuring it again

    make scores                                   # the part that needs no shared data
    SUNDAYPAPER_DATA=FOLDER make scores           # all of it

The labels that are the project's own lie in `benchmarks/gold/`, by id: the texts belong to their
authors and stay where they are. Draws are seeded, so the same program gives the same page.
"""


def markdown(card: Card) -> str:
    """The whole page."""
    parts = [HEAD]
    for group in card.groups:
        rows = [one for one in card.rows if one.group == group.id]
        if rows:
            parts.append(_group(group, rows))
            parts += [_table(table) for table in card.tables if table.group == group.id]
    bounds = [
        f"| `{one.key}` | {shown(one.value, one.form)} | {_bound(one, one.floor)} "
        f"| {_bound(one, one.recorded)} |"
        for one in card.rows
        if one.better != "neither"
    ]
    return "\n".join(parts) + "\n" + TAIL + "\n".join(bounds) + "\n" + AGAIN


def _bound(one: Row, value: float | None) -> str:
    words = shown(value, one.form)
    return f"at most {words}" if words and one.better == "less" else words


def _group(group: Group, rows: list[Row]) -> str:
    lines = ["| | figure | 95 % | naive | of |", "|---|---|---|---|---|"]
    lines += [
        f"| **{one.what}**<br>{one.means} | **{shown(one.value, one.form)}** | {between(one)} "
        f"| {shown(one.baseline, one.form)} | {one.n:,} {one.of} |"
        for one in rows
    ]
    naive = dict.fromkeys(one.beside for one in rows if one.beside)
    told = ["Naive, from the top: " + "; ".join(naive) + "."]
    return "\n".join(
        [f"## {group.title}\n", group.data, "", *lines, "", *told, "", group.caveat, ""]
    )


def _table(table: Table) -> str:
    lines = [
        f"<details><summary>{table.title}</summary>\n",
        table.note,
        "",
        "| " + " | ".join(table.columns) + " |",
        "|---" * len(table.columns) + "|",
    ]
    lines += ["| " + " | ".join(map(_cell, row)) + " |" for row in table.cells]
    return "\n".join([*lines, "\n</details>\n"])


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return shown(value, "share") if isinstance(value, float) else str(value)
