"""The paths into the topics: no circle, all reached, followed by the shelf, and what entries rest on."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from kept_week import W10, W11, W12, Root, items, paper
from published import pages, publish, texts
from sample_issue import sample_issue
from sundaypaper import paths
from sundaypaper.config import default_config, default_topics, load
from sundaypaper.config.paths import learning_paths, steps_of
from sundaypaper.errors import ConfigError
from sundaypaper.formats.site import entry_path
from sundaypaper.forms.document import parse
from sundaypaper.models import Entry, Step, Tag
from sundaypaper.pipeline.edition_views import edition_pages_of
from sundaypaper.pipeline.learning import rests_of, shelf_of
from sundaypaper.sources.bundle import BundleSource
from sundaypaper.text import words
from test_bundle import asked
from test_editions import pick

SUPERLATIVE = re.compile(r"\b(best|most|largest|biggest|fastest|greatest|latest|seminal)\b", re.I)
NAMES = {"first-steps": "First steps", "tea": "Tea", "cake": "Cake"}


def shelf() -> dict[str, dict[str, Any]]:
    """The entries of the shelf by id, or by address where they have none."""
    file = resources.files("sundaypaper") / "data" / "shelf" / "entries.jsonl"
    entries = map(json.loads, file.read_text("utf-8").splitlines())
    return {entry["id"] or entry["url"]: entry for entry in entries}


def step(id: str, topic: str, number: int, *after: str, **other: Any) -> Step:
    """A small step."""
    given: dict[str, Any] = {
        "of": 9,
        "kind": "paper",
        "title": id,
        "url": "",
        "needs": "",
        "can": "",
    }
    return Step(id, topic, NAMES[topic], number, after=after, **given | other)


WATER, FIRE = step("water", "first-steps", 1), step("fire", "first-steps", 2)
KETTLE = step("kettle", "tea", 1, "water", "fire")
LEAVES = step("leaves", "tea", 2, "oven")
OVEN = step("oven", "cake", 1, "fire")
SPONGE = step("sponge", "cake", 2, "oven")
SMALL = (WATER, FIRE, KETTLE, LEAVES, OVEN, SPONGE)


def said(*steps: Step) -> list[tuple[str, str]]:
    """The faults of some steps, each with its step."""
    return [(at.id, fault) for at, fault in paths.faults(steps)]


# ---------------------------------------------------------------- what ships


def test_every_topic_has_a_path_of_three_to_five_landmarks() -> None:
    """And before them stand three first steps: mathematics, programming, a first model."""
    counted: dict[str, list[int]] = {}
    for one in learning_paths():
        counted.setdefault(one.topic, []).append(one.number)
    assert next(iter(counted)) == "first-steps"
    assert counted.pop("first-steps") == [1, 2, 3]
    assert set(counted) == {topic.id for topic in default_topics()}
    assert all(
        numbers in ([1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4, 5]) for numbers in counted.values()
    )


def test_every_step_leads_back_to_the_first_steps_alone() -> None:
    """Walked here without the code that checks it: no circle, and no other beginning."""
    after = {one.id: one.after for one in learning_paths()}
    first = {one.id for one in learning_paths() if one.topic == "first-steps"}

    def walk(id: str, above: tuple[str, ...]) -> None:
        assert id not in above, above
        assert (id in first) == (not after[id])
        for other in after[id]:
            walk(other, (*above, id))

    for id in after:
        walk(id, ())


def test_every_landmark_is_a_step_of_one_path_and_carries_its_topic() -> None:
    """What a newcomer is sent to is what the shelf keeps under that topic, and prints."""
    held = shelf()
    addresses = {entry["url"]: entry for entry in held.values()}
    assert len(learning_paths()) == len({one.url for one in learning_paths()})
    assert {one.url for one in learning_paths()} == {e["url"] for e in held.values() if e["shelf"]}
    for one in learning_paths():
        assert one.topic == "first-steps" or one.topic in addresses[one.url]["topics"], one.title


def test_a_step_says_in_a_line_each_what_one_needs_and_what_one_can() -> None:
    """Short and plain."""
    lines = [line for one in learning_paths() for line in (one.needs, one.can)]
    for line in lines:
        assert 1 <= words(line) <= 16, line
        assert line[0].isupper(), line
        assert line[-1] not in ".!", line
        assert not SUPERLATIVE.search(line), line


def test_a_step_is_known_by_the_id_that_its_bundle_gives() -> None:
    """So the shelf finds whose turn it is, and an entry's page its own place."""
    held = asked(BundleSource("Shelf", "shelf", "shelf")).shelf
    assert {one.id for one in learning_paths()} == {entry.id for entry in held}
    (attention,) = (one for one in learning_paths() if one.id == "arxiv:1706.03762")
    assert (attention.topic, attention.number, attention.of) == ("deep-learning", 5, 5)
    assert attention.title == "Attention Is All You Need"


# ---------------------------------------------------------------- the check


def test_a_sound_graph_has_no_fault() -> None:
    """The small one of these tests."""
    assert said(*SMALL) == []


def test_a_circle_is_told_at_each_of_its_steps() -> None:
    """Across two topics; what only lies behind it is spared."""
    oven, behind = replace(OVEN, after=("leaves",)), replace(SPONGE, after=("oven",))
    told = "it rests on itself, by way of others"
    assert said(WATER, FIRE, KETTLE, LEAVES, oven, behind) == [("leaves", told), ("oven", told)]


def test_the_order_of_a_path_counts_for_a_circle() -> None:
    """Two paths that each wait for the other's second step cannot be read in order."""
    kettle, oven = replace(KETTLE, after=("sponge",)), replace(OVEN, after=("leaves",))
    leaves, sponge = replace(LEAVES, after=("water",)), replace(SPONGE, after=("fire",))
    faulty = [id for id, _ in said(WATER, FIRE, kettle, leaves, oven, sponge)]
    assert faulty == ["kettle", "leaves", "oven", "sponge"]


@pytest.mark.parametrize(
    ("faulty", "told"),
    [
        (replace(KETTLE, after=("stove",)), "it rests on “stove”, which is a step of no path"),
        (
            replace(KETTLE, after=()),
            "it rests on nothing, so no way leads to it from the first steps",
        ),
        (replace(KETTLE, after=("leaves",)), "it rests on a later step"),
        (replace(KETTLE, after=("kettle",)), "it rests on a later step"),
    ],
)
def test_a_step_that_cannot_be_reached_is_told(faulty: Step, told: str) -> None:
    """Once, where it is; the others are sound."""
    assert said(WATER, FIRE, faulty, LEAVES, OVEN, SPONGE) == [("kettle", told)]


def test_a_first_step_rests_on_nothing() -> None:
    """Else it would not be one."""
    faulty = replace(WATER, after=("fire",))
    assert said(faulty, FIRE) == [("water", "a first step rests on nothing")]


WORKS = {
    id: {"kind": "paper", "title": id, "url": f"https://{id}.example", "topics": ["tea"]}
    for id in "abc"
}
GOOD = (
    "first-steps: [{work: a, needs: x, can: y}]\ntea: [{work: b, needs: x, can: y, after: [a]}]\n"
)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("work: b", "work: z", "paths.yaml:2:14: tea[0].work: “z” is not on the shelf"),
        ("work: b", "work: a", "paths.yaml:2:14: tea[0].work: “a” is a step already"),
        ("tea:", "pie:", "paths.yaml:2:1: pie: “pie” is no topic"),
        ("[a]", "[c]", "paths.yaml:2:14: tea[0].work: it rests on “c”, which is a step of no path"),
    ],
)
def test_a_slip_in_the_file_is_told_with_its_place(old: str, new: str, told: str) -> None:
    """Instead of a page without a link."""
    assert [one.id for one in steps_of(parse(GOOD, "paths.yaml"), WORKS, NAMES)] == ["a", "b"]
    with pytest.raises(ConfigError) as caught:
        steps_of(parse(GOOD.replace(old, new), "paths.yaml"), WORKS, NAMES)
    assert [str(mistake) for mistake in caught.value.mistakes] == [told]


# ---------------------------------------------------------------- the shelf follows


def turns(about: dict[str, int], *gone: str) -> list[str]:
    """What is printed week by week until nothing waits."""
    waiting = {one.id for one in SMALL} - set(gone)
    shown: dict[str, str] = {}
    while waiting:
        turn = paths.in_turn(SMALL, waiting, shown, about)[0].id
        shown[turn] = f"2026-W{10 + len(shown)}"
        waiting.discard(turn)
    return list(shown)


def test_the_shelf_goes_a_path_to_its_end_and_fetches_what_that_rests_on() -> None:
    """Tea has most entries; its second step rests on the oven, which begins another path."""
    tea = ["water", "fire", "kettle", "oven", "leaves", "sponge"]
    assert turns({"tea": 5, "cake": 1}) == tea
    assert turns({"tea": 1, "cake": 5}) == ["water", "fire", "oven", "sponge", "kettle", "leaves"]


def test_a_path_that_was_begun_goes_on_whatever_the_week_is_about() -> None:
    """The topic of the week chooses only which path to begin."""
    shown = {"water": "2026-W01", "fire": "2026-W02", "kettle": "2026-W03", "oven": "2026-W04"}
    waiting = {"leaves", "sponge"}
    turn = paths.in_turn(SMALL, waiting, shown, {"cake": 99})
    assert [one.id for one in turn] == ["leaves", "sponge"]


def test_what_is_not_on_the_shelf_holds_nothing_up() -> None:
    """Of a shelf without the oven the rest has its turn."""
    assert turns({"tea": 5}, "oven") == ["water", "fire", "kettle", "leaves", "sponge"]


def test_all_101_landmarks_have_their_turn_and_none_before_what_it_rests_on() -> None:
    """Two years of weeks; the first three are the first steps."""
    steps = learning_paths()
    waiting, shown = {one.id for one in steps}, dict[str, str]()
    while waiting:
        turn = paths.in_turn(steps, waiting, shown, {"vision": 9})[0]
        assert set(turn.after) <= shown.keys(), turn.title
        shown[turn.id] = f"{2026 + len(shown) // 50}-W{10 + len(shown) % 50:02}"
        waiting.discard(turn.id)
    assert len(shown) == 101
    by_id = {one.id: one.topic for one in steps}
    assert [by_id[id] for id in list(shown)[:3]] == ["first-steps"] * 3


def test_the_shelf_says_which_step_it_is_and_what_one_can_do_after_it() -> None:
    """In the name that the paper gives the topic; what waits behind a waiting step is held back."""
    held = [
        pick(n, "nlp", id=id, standing="backlog")
        for n, id in enumerate(("arxiv:1706.03762", "arxiv:1810.04805"))
    ]
    stray = pick(3, "nlp", id="arxiv:0704.0001", standing="backlog")
    turn, told = shelf_of((*held, stray), (), {}, {"deep-learning": "Deep nets"})
    assert [one.id for one in turn] == ["arxiv:1706.03762", "arxiv:0704.0001"]
    assert told == {
        "arxiv:1706.03762": "step 5 of 5 on the path into Deep nets; after it one can read any later "
        "paper that says Transformer"
    }


# ---------------------------------------------------------------- what an entry rests on


def rested(topic: str, title: str, abstract: str = "") -> tuple[str, str]:
    """The landmark that an entry of a topic is told to rest on, and the word that tells it."""
    found = rests_of(
        replace(pick(1, "nlp"), title=title, tags=(Tag(topic, 1.0, ""),)), abstract, ()
    )
    assert found is not None
    return found.on[0].title, found.word


@pytest.mark.parametrize(
    ("topic", "title", "on", "word"),
    [
        ("generative", "A diffusion model of kettles", "Denoising Diffusion Probabilistic Models", "diffusion"),
        ("language-models", "Scaling laws of tea", "Training Compute-Optimal Large Language Models", "scaling laws"),
        ("language-models", "LoRA for kettles", "LoRA: Low-Rank Adaptation of Large Language Models", "lora"),
        ("time-series", "Nothing that any step says", "Informer: Beyond Efficient Transformer for Long Sequence Time-Series Forecasting", ""),
    ],
)  # fmt: skip
def test_an_entry_rests_on_the_step_whose_words_it_says(
    topic: str, title: str, on: str, word: str
) -> None:
    """Also one of another path that carries the topic; without a word the last step of the path."""
    assert rested(topic, title) == (on, word)


@pytest.mark.parametrize(
    ("topic", "abstract"),
    [
        ("vision", "A detector of forged faces, and a printed patch that fools it"),
        ("trustworthy", "The smallest perturbation that turns a verdict"),
        ("generative", "Under the guidance of a sketch, a generator of charts by rejection sampling"),
        ("time-series", "It beats every baseline, on demand"),
        ("mlops", "An architecture with many dependencies and a configuration"),
        ("reinforcement-learning", "Our implementation lowers the entropy of answers"),
        ("probabilistic-causal", "News coverage of an election"),
        ("society-education", "Harvesting energy from footsteps"),
        ("audio-speech", "Search by keyword in a library of sounds"),
        ("deep-learning", "The activation of an account"),
    ],
)  # fmt: skip
def test_a_word_that_means_much_else_tells_no_step(topic: str, abstract: str) -> None:
    """What speaks of it need not rest on the work that made it a term."""
    assert rested(topic, "Of tea", abstract)[1] == ""


def test_a_word_of_the_title_weighs_more_than_one_of_the_abstract() -> None:
    """And a part of a word is none: “organise” says no GAN."""
    title, word = rested("generative", "GANs organise", "a variational bound")
    assert (title, word) == ("Generative Adversarial Networks", "gans")
    assert rested("generative", "Organised tea")[1] == ""


def test_a_landmark_names_its_own_place_and_an_own_topic_has_no_path() -> None:
    """Nothing is said where there is no path, and of a removed landmark nothing either."""
    bert = rests_of(pick(1, "nlp", id="arxiv:1810.04805"), "", ())
    assert bert is not None
    assert bert.is_step is not None
    assert (bert.is_step.number, [on.title for on in bert.on]) == (2, ["Attention Is All You Need"])
    assert rests_of(replace(pick(1, "nlp"), tags=(Tag("kettles", 1.0, ""),)), "", ()) is None
    removed = rests_of(pick(1, "nlp", id="arxiv:1810.04805"), "", ("arxiv:1706.03762",))
    assert removed is not None
    assert removed.on == ()


# ---------------------------------------------------------------- as it is printed


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """A paper whose first week has brought twelve papers."""
    made = Root(tmp_path)
    made.configure()
    made.keep(W10, *(paper(n) for n in range(1, 13)))
    return made


def landmark(id: str) -> Entry:
    """A landmark as a shelf hands it over."""
    return paper(99, id=id, title=f"The landmark {id}", week="")


def test_an_issue_shows_the_next_step_that_no_issue_has_shown(root: Root) -> None:
    """Week by week along the path, and a draft that is made anew shows the same."""
    held = tuple(map(landmark, ("arxiv:2005.14165", "arxiv:1706.03762", "arxiv:1810.04805")))
    assert items(root.edit(W10, *held), "shelf") == ["arxiv:1706.03762"]
    root.keep(W11, paper(50))
    assert items(root.edit(W11, *held), "shelf") == ["arxiv:1810.04805"]
    root.keep(W12, paper(60))
    assert items(root.edit(W12, *reversed(held)), "shelf") == ["arxiv:2005.14165"]


def test_every_other_week_a_landmark_of_no_path_has_its_turn(root: Root) -> None:
    """Whoever keeps a shelf of their own beside ours sees both."""
    step, own = landmark("arxiv:1706.03762"), landmark("arxiv:0704.0001")
    assert items(root.edit(W10, step, own), "shelf") == [step.id]
    root.keep(W11, paper(50))
    assert items(root.edit(W11, step, own), "shelf") == [own.id]


def test_an_edition_says_of_the_landmark_what_its_issue_says(root: Root) -> None:
    """Both are read in one week, and the issue is frozen."""
    root.keep(W10, paper(20, title="A Survey of Kettles"))
    issue = root.edit(W10, landmark("arxiv:1706.03762"))
    (whole,) = (s for s in issue.sections if s.id == "shelf")
    assert whole.items[0].why.startswith(
        "step 5 of 5 on the path into Deep learning; after it one can"
    )
    made = edition_pages_of(load(root.path / "feeds.yaml"), issue)
    (starting,) = (page for page in made if page.id == "starting-out")
    assert [s.items for s in starting.issue.sections if s.id == "shelf"] == [whole.items]


def test_the_page_of_a_topic_begins_with_its_path() -> None:
    """Number, work, what is needed before, what one can do after, and where a step rests on others."""
    page = pages(sample_issue())["topics/language-models/index.html"]
    path = page[page.index('id="path"') : page.index('id="newest"')]
    assert re.findall(r'<li id="([^"]+)" value="(\d)">', path) == [
        (f"language-models-{n}", str(n)) for n in (1, 2, 3, 4)
    ]
    assert "<dt>Before</dt><dd>The Transformer, and how a network is trained</dd>" in path
    assert "<dt>After</dt><dd>Tune a pre-trained encoder to a task with few labels</dd>" in path
    assert (
        '<a href="../../topics/deep-learning/index.html#deep-learning-5">Attention Is All You Need</a>'
        in path
    )


def test_where_to_begin_leads_from_the_first_steps_into_each_topic() -> None:
    """Also in a paper of one topic: the path into another is told there, since it has no page."""
    config = replace(default_config(), topics=default_topics()[:1])
    with TemporaryDirectory() as folder:
        site = texts(publish(Path(folder), sample_issue(), config=config))
    page = site["paths/index.html"]
    assert page.count("<h2 ") == 25
    assert 'href="../topics/language-models/index.html#language-models-2"' in page
    assert 'href="../paths/index.html#first-steps-1"' in page
    assert 'id="deep-learning-5"' in page
    assert "paths/index.html#deep-learning-5" in site["topics/language-models/index.html"]
    assert "paths/index.html" in site["topics/index.html"]
    assert "../../paths/index.html" in site["issues/2026-W10/index.html"]


def test_an_entry_names_the_step_that_it_rests_on() -> None:
    """With the word that tells it, or with the words that nothing does."""
    issue = sample_issue()
    tagged = replace(
        issue.entries[0], title="Diffusion for tea", tags=(Tag("generative", 1.0, ""),)
    )
    plain = replace(issue.entries[1], title="Of tea", tags=(Tag("time-series", 1.0, ""),))
    made = pages(replace(issue, entries=(tagged, plain, *issue.entries[2:]), abstracts={}))
    told = made[entry_path(tagged.id)]
    assert "Rests on</h2>" in told
    assert "step 4 of Generative models</a> <small>since it speaks of “diffusion”</small>" in told
    other = made[entry_path(plain.id)]
    assert "To read first</h2>" in other
    assert "no word here tells of a nearer one" in other
