"""The filter language: parse once, match many.

    "flow matching" OR diffu* -survey
    topic:vision venue:cvpr status:accepted -(author:li OR cat:cs.*)

Words and phrases look at title and summary. A word finds its singular and its plural, and what is
written joined, hyphenated or apart (multimodal, multi-modal); in quotes, of whatever language, it
is meant as written. AND is implied, OR is weaker than AND; NOT, `-`, `!` and any longer dash
exclude; operators are upper case. A tree has no AND directly in an AND, no OR directly in an OR
and no double negation: parse() flattens them, so parentheses that say nothing mean nothing.

Claims. venue, year, track, status and presentation are claim fields. A *claim node* is a claim
field, or an AND or OR of members that are all claim nodes; a negation is never one, nor is an AND
or OR of nothing.
1. The claim nodes that are members of one AND hold together: ONE claim satisfies them all.
2. A claim node that stands elsewhere (alone, in an OR, under a negation) holds when some claim
   satisfies it. So `-status:rejected` excludes an entry any of whose claims is rejected, and
   `-(venue:cvpr status:rejected)` one with a claim that is both.
3. In `(venue:cvpr OR venue:icml) status:accepted` the OR is a claim node: one claim is accepted
   and at either. In `(venue:cvpr OR robots) status:accepted` it is not: each branch stands alone.

Nothing. No text is an empty filter: a blank one is refused, and who has no filter gets EVERYTHING.
In a tree an AND of nothing holds for every entry and an OR of nothing for none, whatever an entry
claims; as members they say what they do in logic, and what says nothing leaves no trace.

Values. title: a run of whole words within it. author: a name as people write it, family name last
or before a comma, given names whole or as initials on either side. topic, venue, source
and group: folded and equal, a venue without its `other:`. cat and id: lower case and equal. The
last word or the value may end in `*` in all of these. Under a Vocabulary a name of a topic, venue,
category, source or group is one that there is: another name of it becomes it, a year in a venue's
name becomes a claim node beside it, and any other is a slip. since and until are kept as the first and
the last day of what was written and compare the card's day; a card without one matches neither.
"""

from __future__ import annotations

from .cards import card_of_entry, card_of_pick
from .choices import Choices, Offered, Slip, choices_of, filter_of, slips, wish_of
from .forms import widened
from .hints import Hint, hints
from .language import CLAIM_FIELDS, FIELDS, TOPIC_FIELDS, canonical, parse
from .listing import TOPIC_LINES, listed, listed_abstract, topic_entries
from .matching import hits, match
from .trees import EVERYTHING, NOTHING
from .vocabulary import Vocabulary, venue_aliases
from .walking import (
    asks_claims,
    leaves,
    loosened,
    reads_text,
    topics_alone,
    topics_named,
    topics_wished,
)

__all__ = [
    "CLAIM_FIELDS",
    "EVERYTHING",
    "FIELDS",
    "NOTHING",
    "TOPIC_FIELDS",
    "TOPIC_LINES",
    "Choices",
    "Hint",
    "Offered",
    "Slip",
    "Vocabulary",
    "asks_claims",
    "canonical",
    "card_of_entry",
    "card_of_pick",
    "choices_of",
    "filter_of",
    "hints",
    "hits",
    "leaves",
    "listed",
    "listed_abstract",
    "loosened",
    "match",
    "parse",
    "reads_text",
    "slips",
    "topic_entries",
    "topics_alone",
    "topics_named",
    "topics_wished",
    "venue_aliases",
    "widened",
    "wish_of",
]
