"""Topics of a user's own: which tags an entry gets by match, how sure they are, and why."""

from __future__ import annotations

from sundaypaper.models import Card, Entry, Tag, Topic
from sundaypaper.query import TOPIC_FIELDS, parse
from sundaypaper.topics import tags


def topic(id: str, query: str) -> Topic:
    return Topic(id, id.title(), parse(query, only=TOPIC_FIELDS))


def paper(title: str, summary: str = "", topics: tuple[str, ...] = ()) -> Entry:
    return Entry(
        id="arxiv:2603.00001",
        kind="paper",
        source="arxiv",
        url="https://example.org/",
        title=title,
        summary=summary,
        categories=("cs.RO",),
        topics=topics,
    )


GENERATIVE = topic("my-generative", '"flow matching" OR diffusion OR gan*')
ROBOTICS = topic("my-robotics", "robot* OR cat:cs.RO")
REINFORCEMENT = topic("my-reinforcement", '"offline rl" OR bandit* -survey')


def test_a_hit_in_the_title_gives_a_sure_tag_with_its_words() -> None:
    """The reason names the field and the words that a reader can find there."""
    found = tags(paper("Flow-Matching for images"), (GENERATIVE,))
    assert found == (Tag("my-generative", 0.9, "title: flow matching"),)


def test_a_hit_in_the_summary_alone_is_less_sure() -> None:
    """A passing word of the summary never outweighs the title."""
    found = tags(paper("Images", "We use GANs."), (GENERATIVE,))
    assert found == (Tag("my-generative", 0.6, "summary: gans"),)


def test_distinct_hits_make_a_tag_surer_and_repeated_ones_do_not() -> None:
    """The score counts what different terms say, not how often one is said."""
    one = tags(paper("Images", "diffusion, diffusion and diffusion"), (GENERATIVE,))
    two = tags(paper("Images", "diffusion and flow matching"), (GENERATIVE,))
    assert one[0].score == 0.6
    assert 0.6 < two[0].score < 0.9


def test_scores_stay_in_bounds_however_many_terms_hit() -> None:
    """Fifty hits in a summary stay below one in a title, fifty in a title below the shelf."""
    names = [f"term{n}" for n in range(50)]
    many = topic("many", " OR ".join(names))
    assert tags(paper("x", " ".join(names)), (many,))[0].score < 0.9
    assert tags(paper(" ".join(names)), (many,))[0].score < 1.0


def test_the_shelf_is_believed_and_nothing_is_added() -> None:
    """Topics stated by a bundle stand as they are, whatever the words say."""
    entry = paper("Flow matching", topics=("vision", "a", "b", "c", "d"))
    found = tags(entry, (GENERATIVE,))
    assert [t.topic for t in found] == ["vision", "a", "b", "c", "d"]
    assert {(t.score, t.reason) for t in found} == {(1.0, "as the shelf has it")}


def test_best_first_and_ties_in_the_order_of_the_topics() -> None:
    """The order is that of confidence, then that of the configuration."""
    entry = paper("Flow matching on a robot", "Offline RL for bandits.")
    found = tags(entry, (REINFORCEMENT, GENERATIVE, topic("flows", "flow")))
    assert [t.topic for t in found] == ["my-generative", "flows", "my-reinforcement"]


def test_at_most_four_tags_and_the_weakest_go() -> None:
    """An entry about everything is about its four surest topics."""
    weak = topic("weak", "robots")
    strong = tuple(topic(f"t{n}", "flow") for n in range(5))
    found = tags(paper("Flow", "robots"), (weak, *strong))
    assert [t.topic for t in found] == ["t0", "t1", "t2", "t3"]


def test_a_category_is_a_reason_too() -> None:
    """Where no word of title or summary hits, the reason says which category did."""
    assert tags(paper("Grasping"), (ROBOTICS,)) == (Tag("my-robotics", 0.6, "cat: cs.RO"),)


def test_what_a_topic_excludes_is_not_tagged() -> None:
    """An exclusion in the match counts; a topic of exclusions alone still says why."""
    assert tags(paper("A survey of bandits"), (REINFORCEMENT,)) == ()
    found = tags(paper("Bandits"), (topic("rest", "-survey"),))
    assert found == (Tag("rest", 0.6, "nothing that the topic excludes"),)


def test_the_prepared_card_is_what_is_looked_at() -> None:
    """A caller who made the card already does not pay for it twice."""
    found = tags(paper("Images"), (GENERATIVE,), Card(" diffusion  "))
    assert found == (Tag("my-generative", 0.9, "title: diffusion"),)
