"""The words of its own that stand for an entry, and what it carries beside its topics."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundaypaper.gist import evidence, gist, sentences
from sundaypaper.models import Entry


def paper(summary="", title="Kettles", comment=""):
    """A paper with made-up text."""
    return Entry("arxiv:2603.00001", "paper", "arxiv", "u", title, summary, comment=comment)


def post(summary="", title="On kettles", links=(), kind="post", url="https://b.example/1"):
    """A post with made-up text."""
    return Entry("post:1", kind, "blog", url, title, summary, links=links)


def kinds(entry):
    """The evidence of an entry by kind."""
    return {found.kind: found.span for found in evidence(entry)}


@pytest.mark.parametrize(
    "text",
    [
        "Tea, e.g. Assam, is hot.",
        "Smith et al. boiled 3.5 litres, i.e. Most of it.",
        "See Fig. 2 and Eq. 3 of No. 7 for cold vs. Hot tea.",
        "J. K. Brewer poured it.",
    ],
)
def test_an_abbreviation_ends_no_sentence(text):
    """Abbreviations, decimals and initials keep a sentence together."""
    assert sentences(text) == (text,)


def test_sentences_end_where_they_end():
    """A stop before a capital ends one, even after et al. when the next word opens a sentence."""
    text = "Tea cools. Does it? “Yes.” It was shown by Smith et al. We agree"
    assert sentences(text) == (
        "Tea cools.",
        "Does it?",
        "“Yes.”",
        "It was shown by Smith et al.",
        "We agree",
    )
    assert sentences("") == ()


@pytest.mark.parametrize(
    ("summary", "span"),
    [
        ("Models: https://huggingface.co/tea/kettle-7B.", "https://huggingface.co/tea/kettle-7B"),
        ("See huggingface.co/collections/tea/kettles.", "huggingface.co/collections/tea/kettles"),
        ("We release the model weights of Kettle.", "We release the model weights"),
        ("Our models are publicly available.", "Our models are publicly available"),
        ("Data: https://huggingface.co/datasets/tea/leaves.", None),
        ("Try it: https://huggingface.co/spaces/tea/kettle.", None),
        ("We release an open-source library of kettles.", None),
        ("We will release the model weights of Kettle.", None),
    ],
)
def test_weights_are_out_where_they_lie_or_are_said_to_be(summary, span):
    """Of a model: data, demonstrations, tools and promises are none."""
    assert kinds(paper(summary)).get("weights") == span


@pytest.mark.parametrize(
    ("comment", "span"),
    [
        ("Project page: https://tea.github.io/kettle/", "https://tea.github.io/kettle/"),
        ("Code will follow at tea-lab.github.io", "tea-lab.github.io"),
        (
            "Project page: https://kettle.example/p, 9 pages",
            "Project page: https://kettle.example/p",
        ),
        (
            "project website is available at this https URL",
            "project website is available at this https URL",
        ),
        ("9 pages; the site of the experiment", None),
        ("Project page coming soon", None),
    ],
)
def test_a_project_page_is_an_address(comment, span):
    """Of a host made for such pages, or after the words; it stands though code is only promised."""
    assert kinds(paper(comment=comment)).get("project") == span


BACKGROUND = "Boiling water is widely used and has many important applications in the home today."


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("We propose Kettle, a vessel that whistles.", None),
        (
            "In this paper, we present a vessel that whistles.",
            "… we present a vessel that whistles.",
        ),
        ("This work introduces a vessel that whistles.", "… introduces a vessel that whistles."),
        ("We therefore study how long a vessel whistles.", None),
        ("This paper reviews vessels that whistle.", "… reviews vessels that whistle."),
        ("This survey covers vessels that whistle.", "… covers vessels that whistle."),
        ("A novel vessel that whistles is proposed.", None),
        ("Here we ask: does the vessel whistle?", "… we ask: does the vessel whistle?"),
    ],
)
def test_without_a_finding_the_gist_is_what_was_done(said, quoted):
    """The sentence that names the contribution, never the background."""
    tried = "Experiments show the effectiveness of our vessel."
    assert gist(paper(f"{BACKGROUND} {said} {tried}")) == (quoted or said)


@pytest.mark.parametrize(
    "found",
    [
        "Whistler boils water in 90 seconds, which is 2.4x faster than a pot.",
        "We find that hot water loosens leaves only where the leaves are dry.",
        "Our method outperforms all earlier kettles on three stoves.",
        "Results on four stoves show that a lid reduces the loss of heat by 31%.",
        "We prove that no kettle without a spout can pour tea in a straight line.",
        "On TeaBench, Whistler improves the taste from 61.2 to 74.9 points.",
    ],
)
def test_what_was_found_comes_before_what_is_proposed(found):
    """A number or a stated finding is quoted, behind the clause that names the work."""
    made = "We introduce Whistler, a vessel with a reed in its lid."
    assert gist(paper(f"{BACKGROUND} {made} {found}")) == f"{made} … {found}"


def test_a_long_naming_sentence_gives_the_clause_that_names():
    """Up to its first relative clause, where the finding needs the room."""
    made = (
        "To address this, we introduce Whistler, a vessel with a reed that sings in the lid as "
        "soon as the water in the vessel has come to the boil and the cook has left the kitchen."
    )
    found = "Experiments on three stoves show that Whistler boils water 2.4x faster than a pot."
    assert gist(paper(f"{BACKGROUND} {made} {found}")) == (
        f"… we introduce Whistler, a vessel with a reed … {found}"
    )


@pytest.mark.parametrize(
    "opening",
    [
        "However, ",
        "Therefore, ",
        "To this end, ",
        "To address these challenges, ",
        "In this work, ",
        "Motivated by this observation, ",
        "Based on these findings and on older ones, ",
        "To fill the gap, in this paper, ",
        "Thus, to overcome such a loss of heat, ",
    ],
)
def test_what_points_back_is_left_out_at_the_beginning(opening):
    """The reader of a quote has not read what stood before it."""
    assert gist(paper(f"{BACKGROUND} {opening}we propose a lid of cork for the kettle.")) == (
        "… we propose a lid of cork for the kettle."
    )


def test_a_beginning_that_points_nowhere_stays():
    """A leading phrase that stands by itself belongs to the statement."""
    said = "Using three stoves, we find that a lid of cork keeps the heat longer than one of tin."
    assert gist(paper(f"{BACKGROUND} {said}")) == said


@pytest.mark.parametrize(
    "dangling",
    [
        "It reduces the loss of heat by 31%.",
        "These vessels outperform all earlier ones by 31%.",
        "On three stoves, it outperforms all earlier kettles by 31%.",
        "The former improves the taste by 31%.",
        "We replace them with cups, reducing the loss of heat by 31%.",
        "Experiments show that both vessels outperform all others by 31%.",
        "Our method outperforms pots on all three stoves by 31%.",
        "The lids they do have reduce the loss of heat by 31%.",
        "Trained on four stoves, it outperforms all earlier kettles by 31%.",
        "Unlike older lids, it reduces the loss of heat by 31%.",
        "Despite using 1.5 litres, it reduces the loss of heat by 31%.",
        "Our method outperforms all others by 31% on the same stove.",
        "Our method does this by drying reeds, reducing the loss of heat by 31%.",
    ],
)
def test_a_finding_that_hangs_on_an_earlier_sentence_is_not_quoted(dangling):
    """A pronoun whose noun is not in the quote says nothing."""
    made = "We propose Whistler, a vessel with a reed in its lid."
    assert gist(paper(f"{BACKGROUND} {made} {dangling}")) == made


@pytest.mark.parametrize(
    "vague",
    [
        "Extensive experiments demonstrate the effectiveness of our vessel.",
        "We show how the vessel can be used in kitchens.",
        "Our results highlight the importance of tea and may guide future work on vessels.",
        "Our analysis reveals three main findings.",
        "We show two complementary ways.",
        "To find out how well it sings, we conduct two studies.",
        "Our tests highlight both important findings and room for other reeds.",
        "We conclude with ways to improve the noise.",
        "We provide an analysis of the noise of each vessel.",
        "We dream of a kitchen in which the vessel reduces the noise.",
        "The vessel will be made available at https://x.example, 31% cheaper.",
    ],
)
def test_praise_and_outlook_are_no_finding(vague):
    """What says only that it works, or what may come of it, stands behind what was done."""
    made = "We propose Whistler, a vessel with a reed in its lid."
    assert gist(paper(f"{made} {vague}")) == made


def test_a_pair_that_is_named_does_not_dangle():
    """Both of what stands there, and the same as what does, need no earlier sentence."""
    made = "We propose Whistler, a vessel with a reed in its lid."
    for found in (
        "Tests show that Whistler outperforms both kettles of tin and kettles of clay by 31%.",
        "Tests with tin and with clay show that Whistler outperforms both by 31%.",
        "Tests show that Whistler outperforms pots by 31% on the same stove as before.",
    ):
        assert gist(paper(f"{made} {found}")) == f"{made} … {found}"


def test_a_measured_figure_comes_before_a_finding_without_one():
    """What was measured says more than that something is better; "3D" measures nothing."""
    plain = "Experiments show that Whistler consistently outperforms the best kettles."
    measured = "With lids of cork, Whistler achieves 6 times higher pressure."
    shape = "Our lids are built by 3D printing and by hand."
    made = "We propose Whistler, a vessel with a reed in its lid."
    assert gist(paper(f"{made} {shape} {plain} {measured}")) == f"{made} … {measured}"
    assert gist(paper(f"{made} {shape} {plain}")) == f"{made} … {plain}"


def test_of_two_findings_alike_the_later_is_quoted_unless_it_is_only_one_more():
    """Results come last; "we also" says that the sentence before had the greater one."""
    made = "We propose Whistler, a vessel with a reed in its lid."
    one = "We find that Whistler boils water 2.4x faster than a pot."
    two = "We find that Whistler keeps water hot 2.4x longer than a pot."
    assert gist(paper(f"{made} {one} {two}")) == f"{made} … {two}"
    also = two.replace("We find", "We also find")
    assert gist(paper(f"{made} {one} {also}")) == f"{made} … {one}"


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        # a second "that" hangs on the same verb
        ("Tests show that lids reduce noise by 31%, and that reeds outperform spouts.", None),
        # what is found holds under a condition
        ("We show that, with lids of cork, we reduce the loss of heat by 31%.", None),
        # a list goes on behind the first comma
        ("Despite their weight, spouts, and handles, kettles cut the heat by 31%.", None),
        ("(2) We find that tin reduces noise by 31%.", "We find that tin reduces noise by 31%."),
    ],
)
@pytest.mark.parametrize("behind", ["", " and keeps the leaves dry" * 5])
def test_an_opening_tears_nothing_apart(said, quoted, behind):
    """What a statement hangs on stays with it, also where room is scarce; the number of a point goes."""
    made = "We propose Whistler, a vessel with a reed in its lid."
    said, quoted = (f"{text[:-1]}{behind}." for text in (said, quoted or said))
    assert gist(paper(f"{made} {said}")).removeprefix(f"{made} ").removeprefix("… ") == quoted


def test_a_sentence_that_is_too_long_may_begin_at_the_name_of_the_title():
    """What stands before the subject falls away; without a title's name nothing says where."""
    lead = "Tried on three stoves and in four kitchens, " + "with and without a lid, " * 10
    found = "Whistler boils water 2.4x faster than a pot and outperforms all others."
    made = "We propose Whistler, a vessel with a reed in its lid."
    assert gist(paper(f"{made} {lead}{found}", "Whistler: A Vessel")) == f"{made} … {found}"
    assert gist(paper(f"{made} {lead}{found}", "Vessels")) == made


def test_points_that_are_counted_stand_each_by_itself():
    """The first of a list of findings is quoted where the list is too long."""
    first = "kettles of tin lose 31% less heat than kettles of clay"
    more = "; (2) cooks who sleep hear " + "neither of them in the kitchens of the town " * 6 + "."
    said = f"Our results reveal three things: (1) {first}{more}"
    assert gist(paper(f"{BACKGROUND} {said}")) == f"… {first} …"
    said = f"We find that kettles of tin: (i) lose 31% less heat, (ii) {'and are louder ' * 20}."
    assert gist(paper(said)) == "We find that kettles of tin: (i) lose 31% less heat …"


def test_where_nothing_was_done_a_sentence_that_stands_alone_is_taken():
    """The longest sentence is no gist where it hangs on the one before."""
    text = "Tea cools. These leaves were grown on the far side of the hills for many years."
    assert gist(paper(text)) == "Tea cools."


def test_the_longest_sentence_is_marked_where_it_is_broken_off():
    """Where nothing fits, an end of a clause does, and a mark says that more follows."""
    begun = "Tea is a drink made of leaves that grow on the hills and of water that must boil for long hours"
    text = f"{begun}, which {'is hard in the hills and ' * 10}is seldom tried."
    assert gist(paper(text)) == f"{begun} …"


def test_what_others_found_before_is_background():
    """A number before the authors speak of their own work is not theirs."""
    old = "Pots of tin outperform all others by 31%."
    made = "We propose Whistler, a vessel with a reed in its lid."
    assert gist(paper(f"{old} {made}")) == made
    assert gist(paper(f"{made} Recently, {old[0].lower()}{old[1:]}")) == made


def test_a_finding_about_another_thing_is_not_joined_to_the_name():
    """Two parts in one pair of quotation marks speak of one thing: the one in the title."""
    text = (
        "Whistler is a vessel with a reed in its lid. Thus, we propose a new way of drying reeds. "
        "Tests show that Whistler boils water 2.4x faster than a pot."
    )
    assert gist(paper(text, "Whistler: A Vessel")) == (
        "Tests show that Whistler boils water 2.4x faster than a pot."
    )


def test_a_first_step_comes_after_the_aim():
    """What is done first is a part; the sentence that says what the paper is about stands."""
    aim = "This paper investigates how kettles whistle."
    assert gist(paper(f"{aim} We first introduce a theory of steam in narrow places.")) == (
        "… investigates how kettles whistle."
    )


@pytest.mark.parametrize(
    "old",
    [
        "In previous work, we proposed a kettle with a wooden handle.",
        "Recently, this work of many years was found to be in need of repair.",
    ],
)
def test_what_was_done_before_is_not_what_was_done(old):
    """A sentence about earlier work is background, even when the authors did it."""
    new = "Our method gives the kettle a handle of cork."
    assert gist(paper(f"{old} {new}")) == new


def test_a_title_that_names_its_thing_helps_where_nobody_says_we():
    """The sentence that begins with the name before the colon says what it is."""
    text = f"{BACKGROUND} Whistler is a vessel with a reed in its lid."
    assert gist(paper(text, "Whistler: A Vessel")) == "Whistler is a vessel with a reed in its lid."


def test_without_a_contribution_the_longest_sentence_stands():
    """Where to find the code is never the gist."""
    text = "Water boils. Tea is a drink made of leaves. Code is available at https://x.example/a/long/path."
    assert gist(paper(text)) == "Tea is a drink made of leaves."
    assert gist(paper("")) == ""


def test_where_the_code_is_stands_for_nothing_done():
    """A sentence about the code is passed over even when it says "we propose"."""
    where = "The code of the kettle that we propose is available at https://x.example/a."
    assert gist(paper(f"{BACKGROUND} {where}")) == BACKGROUND


def test_an_address_behind_the_last_sentence_is_no_part_of_it():
    """Some abstracts end with a bare link."""
    found = "Our method outperforms all earlier kettles on three stoves."
    assert gist(paper(f"{found} https://x.example/kettle")) == found


def test_a_long_finding_ends_where_its_statement_is_complete():
    """The figure stays, what is only added falls away, and a mark says that the authors go on."""
    found = "Our method outperforms all earlier ones, boiling a litre of water in 90 seconds"
    more = ", while keeping the water hot, " + "and again hot, " * 12 + "until the tea is drunk."
    assert gist(paper(f"{found}{more}")) == f"{found} …"


def test_a_whole_sentence_comes_before_a_greater_finding_that_is_broken_off():
    """A smaller finding that ends where its sentence ends says more than the half of a greater."""
    whole = "Whistler boils water 2.4x faster than a pot."
    more = "while keeping the water hot, " + "and again hot, " * 12 + "until the tea is drunk."
    broken = f"Tests show that Whistler outperforms all earlier ones by 31%, {more}"
    made = "We propose Whistler, a vessel with a reed in its lid."
    assert gist(paper(f"{made} {broken} {whole}")) == f"{made} … {whole}"


def test_nothing_is_cut_before_a_statement_goes_on():
    """What is put between a subject and its verb is no end, however long the rest is."""
    made = "We propose Whistler, a vessel with a reed in its lid."
    found = (
        "Our results show that kettles of copper, which cooks in the hills have long preferred to "
        "all others for their looks and for their weight, lose less heat than kettles made of any "
        "other metal that is sold in the shops of the valley and of the town beyond it and of the "
        "town beyond that one and of all those towns where people have no use for kettles."
    )
    assert gist(paper(f"{made} {found}")) == made


def test_nothing_is_cut_inside_a_list():
    """The last comma of a list is no end of a statement."""
    text = (
        "We compare kettles of copper, kettles of tin, kettles of iron and of steel, kettles of "
        "glass with a spout and without one, kettles that whistle, kettles that do not whistle, "
        "kettles that whistle when nobody is in the kitchen, kettles of a kind nobody has ever named, and kettles made of clay."
    )
    assert gist(paper(f"{text} {BACKGROUND} Our study covers all of them.")) == (
        "Our study covers all of them."
    )


@pytest.mark.parametrize(
    "found",
    [
        # a subject whose verb comes after what is put in
        "Our results show that the kettles of the hills, whistling as loud as they can in every "
        "kitchen of the town and of the valley and of the shore and of all the islands that lie "
        "before it and of those behind them where hardly anybody drinks tea, are consistently heard by cooks who sleep.",
        # the last of a list
        "Our method outperforms pots of tin, keeps tea hot for an hour, and sings a song of the "
        "sea whenever somebody who has forgotten the kettle on the stove comes back into a kitchen "
        "that is full of steam and of smoke and of the smell of burnt leaves and of burnt wood and "
        "of all that burns in the house when nobody looks.",
    ],
)
def test_a_statement_that_is_too_long_is_not_halved(found):
    """Where no end of a statement lies within the limit, the finding is left."""
    made = "We propose Whistler, a vessel with a reed in its lid."
    assert gist(paper(f"{made} {found}")) == made


LOUD = (
    "Whistler boils water 2.4x faster than a pot on each of three stoves, in each of four kitchens "
    "and for both of two cooks."
)


@pytest.mark.parametrize(
    ("made", "named"),
    [
        (
            "We present Whistler, a vessel driven by steam that sings in the lid as soon as the "
            "water has come to the boil, and for as long as anybody is there to listen.",
            "We present Whistler, a vessel driven by steam … ",
        ),
        (
            "We present Whistler (WR2), the first vessel that sings in the lid as soon as the water has "
            "come to the boil and for as long as anybody is there to listen.",
            "",
        ),
        (
            "We present Whistler, a vessel that sings in the lid as soon as the water in it has come to "
            "the boil, and for as long as anybody is there to listen to it.",
            "",
        ),
        (
            "We present Whistler, a law of cooling, and prove that tea in a cup of tin cools as "
            "fast as tea in a cup of clay as long as no wind blows through the kitchen.",
            "",
        ),
        (
            r"We present \textbf{Whistler, a vessel that sings in the lid as soon as the water has "
            "come to the boil}, and for as long as anybody is there to listen.",
            "",
        ),
        (
            "We build lists of all pots and all pans of the hills that cooks have used for years, and "
            "then we propose Whistler, a vessel with a reed.",
            "… we propose Whistler, a vessel with a reed. … ",
        ),
    ],
)
def test_a_naming_clause_says_as_much_by_itself(made, named):
    """Not "a vessel", "the first vessel", nor "and prove", nor half of what stands in braces."""
    assert gist(paper(f"{made} {LOUD}", "Whistler: A Vessel")) == named + LOUD


PLAIN = "Tests show that Whistler boils water 2.4x faster than a pot."


@pytest.mark.parametrize(
    "other",
    [
        # its figure would be cut away
        "Our results show that our method significantly outperforms all kettles, reducing by 31% of the wood of a "
        "stove of tin and 12% of that of a stove of clay and 9% of that of a stove of iron that "
        "stands in the wind of the hills where tea has been drunk for as long as anybody knows.",
        # the second point would be cut away
        "Our results reveal that (1) lids of cork significantly reduce the loss of heat by 31% on "
        "stoves of tin and on stoves of clay and on stoves of iron that stand in the wind of the "
        "hills and of the far islands; (2) reeds of tin are loud; (3) cooks who have slept for an hour hear the reeds of "
        "copper as well as those of tin, and those of silver a little better than any other.",
        # it breaks off
        "Our results show that our method significantly reduces the wood by 31% and outperforms all",
        # its noun stands elsewhere
        "Tests show that these reeds significantly reduce the noise and outperform others by 31%.",
    ],
)
def test_a_smaller_finding_that_stands_comes_before_a_greater_that_does_not(other):
    """What is lost, listed, unfinished or dangling costs more than it brings."""
    made = "We propose Whistler, a vessel with a lid of cork."
    assert gist(paper(f"{made} {PLAIN} {other}")) == f"{made} … {PLAIN}"


def test_a_letter_whose_lower_case_is_longer_shifts_nothing():
    """Places are counted in lower case; a sentence in which they differ is read as it stands."""
    said = "In İzmir and elsewhere, we propose Whistler, a vessel with a reed in its lid."
    assert gist(paper(said)) == said


def test_one_endless_sentence_is_cut_at_a_word():
    """280 characters at most, with an ellipsis, where no clause ends."""
    found = gist(paper("We propose " + "a very long kettle " * 30 + "."))
    assert len(found) <= 280
    assert found.startswith("We propose a very")
    assert found.endswith(("kettle…", "long…", "very…", " a…"))


def test_a_cue_that_would_be_cut_away_begins_the_gist():
    """A sentence that first excuses itself for 280 characters begins at its contribution."""
    found = gist(paper("Although " + "water boils slowly, " * 14 + "we propose a fast kettle."))
    assert found == "… we propose a fast kettle."


CLAUSES = st.sampled_from(
    [
        "we propose Whistler, a vessel",
        "this paper presents a lid of cork",
        "the lid reduces the loss of heat by 31%",
        "results show that İzmir tea tastes better than $x^{2}$ (or not",
        "we find that it boils",
        "water boils",
        "1) cups; 2) pots",
        "the code is at https://x.example/a",
        "Whistler outperforms all earlier kettles …",
    ]
)
OPENINGS = st.sampled_from(
    ["", "However, ", "To address this, ", "In this work, ", "By doing so, "]
)
JOINTS = st.sampled_from([", while ", " that ", ", and ", ": ", " -- ", ", which ", ", ", "; "])
SENTENCES = st.builds(
    lambda opening, clauses, joint: opening + joint.join(clauses) + ".",
    OPENINGS,
    st.lists(CLAUSES, min_size=1, max_size=6),
    JOINTS,
)


@given(st.lists(SENTENCES, max_size=6).map(" ".join), st.sampled_from(["", "Whistler: A Vessel"]))
def test_every_part_of_a_gist_stands_in_the_abstract(summary, title):
    """No word is altered, and what is left out, at the end of a sentence too, is marked."""
    quoted = gist(paper(summary, title))
    assert len(quoted) <= 280
    assert bool(quoted) == bool(summary)
    parts = [part.strip() for part in quoted.removesuffix("…").split("… ")]
    assert all(part in summary for part in parts)
    whole = any(said.endswith(parts[-1]) for said in sentences(summary))
    assert whole or quoted.endswith("…") or not quoted


def test_the_gist_of_a_post_is_its_first_sentence():
    """160 characters at most; a repeated title and the feed's own line are passed over."""
    assert gist(post("On kettles! I bought one. It whistles.")) == "I bought one."
    assert gist(post("The post On kettles appeared first on Blog.")) == ""
    assert len(gist(post("word " * 100))) <= 160


def test_what_was_summed_up_by_hand_says_why_in_its_first_sentence():
    """A bundle that states topics has no abstract to search for a contribution."""
    entry = replace(
        paper("It made tea easy for all. We propose a kettle for travellers."), own_words=True
    )
    assert gist(entry) == "It made tea easy for all."


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Code is available at https://github.com/a/b.", "https://github.com/a/b"),
        ("Project: https://gitlab.com/a/b-c", "https://gitlab.com/a/b-c"),
        ("Our code and models are publicly available.", "code and models are publicly available"),
        ("We release our source code.", "We release our source code"),
        ("See https://huggingface.co/org/model for it.", "https://huggingface.co/org/model"),
        ("12 pages. Code: this https URL", "Code: this https URL"),
    ],
)
def test_code_that_is_there_is_evidence(text, span):
    """An address of a repository or the authors' own words, in abstract or comment."""
    assert kinds(paper(text))["code"] == span
    assert kinds(paper(comment=text))["code"] == span


@pytest.mark.parametrize(
    "text",
    [
        "Code will be released at https://github.com/a/b.",
        "Our code is available upon request.",
        "The code will be made publicly available.",
        "Code is coming soon: https://github.com/a/b",
        "We study code generation and code models.",
        "Project page: https://a.github.io/b",
        "A report at https://huggingface.co/papers/2603.00001",
        "The dataset is at https://github.com/a/data.",
    ],
)
def test_a_promise_or_a_topic_is_no_code(text):
    """What is promised, asked for, or only written about is not there."""
    assert "code" not in kinds(paper(text, comment=text))


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (paper("We introduce Pots, a large dataset of kettles."), "data"),
        (paper(title="PotBench: A Benchmark for Kettles"), "data"),
        (paper("Data at https://zenodo.org/records/123."), "data"),
        (paper(title="A Survey of Kettles"), "survey"),
        (paper("This paper reviews the history of kettles."), "survey"),
        (paper(title="A Tutorial on Kettles"), "tutorial"),
        (paper(title="Lecture Notes on Kettles"), "course"),
        (paper("We release the model weights."), "release"),
        (post(title="How to boil water in three steps"), "tutorial"),
        (post(title="Our free course on kettles"), "course"),
        (post(title="Call for papers: kettles"), "event"),
        (post(title="Announcing Kettle 2.0"), "release"),
        (post(kind="course"), "course"),
        (post(kind="event"), "event"),
        (paper("We introduce Cups (a set made by hand for tea), a benchmark for cups."), "data"),
        (paper("This paper presents PotBench to test how pots hold tea."), "data"),
        (paper("We construct a novel dataset of cups."), "data"),
        (paper("We curate TeaCup-7K, a dataset of cups."), "data"),
        (paper("Our code, models and data are available at https://x.example."), "data"),
        (paper("We release the model, the code and our data."), "data"),
        (paper("We release the data, the code and two models."), "release"),
        (paper("Steamer is publicly available.", "Steamer: A Kettle"), "release"),
        (paper("We present Steamer, an open-source library for tea."), "release"),
        (paper("We present Steamer, an open-source library for tea."), "code"),
        (paper("All artifacts are fully open-sourced."), "code"),
        (paper("The dataset and our tools: https://github.com/a/b"), "code"),
        (paper("The code, simulations and other materials can be found at x.example."), "code"),
        (paper("We make our code publicly available."), "code"),
        (paper(title="A Systematic Survey of Kettles", summary="By questionnaires."), "survey"),
        (paper("These lecture notes are for cooks."), "course"),
        (paper("In this tutorial, we boil water.", "A Tutorial Review"), "survey"),
        (paper("This tutorial shows how to boil water."), "tutorial"),
        (post(title="Steamer: an open-source library for tea"), "release"),
        (post("We're excited to release Tea Steamer.", "Tea Steamer, for all"), "release"),
        (post(title="KettleBench: whose tea is best"), "data"),
        (post(title="Join us at TeaConf"), "event"),
        (post(title="Tea Summer School 2026"), "event"),
        (replace(paper(), links=("https://github.com/a/b",)), "code"),
    ],
)
def test_each_kind_of_evidence_is_found(entry, kind):
    """Every kind has its words, and its span is the entry's own text or link."""
    span = kinds(entry)[kind]
    assert span in " ".join((entry.title, entry.summary, *entry.links))


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (paper("We propose a method for dataset distillation."), "data"),
        (paper("We present a kettle that wins on every benchmark."), "data"),
        (paper("The dataset will be released."), "data"),
        (paper(title="What Survey Questions Tell Us"), "survey"),
        (paper("This survey examines what 40 respondents drink."), "survey"),
        (paper(title="A Systematic Code Review of Kettles"), "survey"),
        (paper(comment="Springer Lecture Notes in Computer Science"), "course"),
        (paper("In the course of boiling, water moves."), "course"),
        (paper("We construct a dataset of cups and train on it."), "data"),
        (paper("We construct CupSet, a dataset of cups. The data will be released."), "data"),
        (paper("We present PotBench. All will be shared.", comment="Data coming soon."), "data"),
        (paper("We present a comprehensive benchmark evaluating three kettles."), "data"),
        (paper("We release a table aggregating results from two data sets."), "data"),
        (paper("We present the datasets.", "A Survey of Kettles"), "data"),
        (paper("We introduce the widely used datasets."), "data"),
        (paper("We present a benchmark of kettles."), "data"),
        (paper("We release a ranking across two data sets."), "data"),
        (paper(title="Kettles: A Benchmark of Three Methods"), "data"),
        (paper(title="How Tea is Drunk: A Survey", summary="We asked 40 respondents."), "survey"),
        (paper(title="Tea and Cups: Evidence from a Large Survey"), "survey"),
        (paper("We release our model cards."), "release"),
        (paper("The code of Steamer is available.", "Steamer: A Kettle"), "release"),
        (paper("TeaSet is available.", "TeaSet: A Dataset of Cups"), "release"),
        (paper("The models are found to be loud."), "release"),
        (paper("We propose Steamer to compare open-source models."), "release"),
        (paper("We present Steamer, an open-source test that ranks models."), "release"),
        (paper("The test was part of an undergraduate course."), "course"),
        (paper(comment="Springer, lecture notes from the proceedings."), "course"),
        (paper("We release code generation models."), "code"),
        (paper("Code is included for models that learn."), "code"),
        (post("This review is about a kettle."), "survey"),
        (post(title="Announcing our partnership with a maker of cups"), "release"),
        (post("We're excited to launch a fund for tea.", "Tea for all"), "release"),
        (post("We're excited to release Steamer.", "Tea for all"), "release"),
        (post(title="Meet the winners of the tea hackathon"), "event"),
        (post(title="Summer school in the hills, a fine edition"), "event"),
        (post(title="Our summer school taught tea to robots"), "event"),
        (post(title="Officials reverse course on tea"), "course"),
        (post(title="How to Boil, Tea Fails, Cups Rise, Pots Fall"), "tutorial"),
        (post(title="Pots Fall, Cups Rise, Tea Fails, Maker Launches Kettle"), "release"),
        (post(title="Tea for all: create a new benchmark for tea"), "data"),
    ],
)
def test_what_only_sounds_like_evidence_is_none(entry, kind):
    """Precision first: the traps of each kind."""
    assert kind not in kinds(entry)


@pytest.mark.parametrize(
    ("links", "title", "url"),
    [
        (("https://github.com/cook/steamer",), "Meet Steamer", "https://b.example/1"),
        (("https://github.com/teahouse/kettle",), "On tea", "https://www.teahouse.example/1"),
        (("https://github.com/teahouse/kettle",), "On tea", "https://teahouse-blog.example/1"),
    ],
)
def test_a_post_owns_the_repository_it_is_about(links, title, url):
    """Its title names the repository, or its blog the owner."""
    assert kinds(post(links=links, title=title, url=url))["code"] == links[0]


@pytest.mark.parametrize(
    "links",
    [
        ("https://github.com/cook/steamer",),
        ("https://github.com/sponsors/blogger",),
        ("https://github.com/b/on",),
        tuple(f"https://github.com/blogger/{n}" for n in range(4)),
    ],
)
def test_other_peoples_repositories_are_no_code(links):
    """A link alone proves nothing, a short name neither, and many links are a list."""
    assert "code" not in kinds(post(links=links))


def test_an_address_that_is_promised_is_promised_everywhere():
    """The comment names the repository that the abstract says will come."""
    said = paper(
        "Code will be available at https://github.com/a/steamer.",
        comment="Page: https://x.example ; Code: https://github.com/a/steamer",
    )
    assert "code" not in kinds(said)


@pytest.mark.parametrize(
    "entry",
    [
        paper("A demo is at https://github.com/a/steamer."),
        paper("A list of papers: https://github.com/a/awesome-tea", "A Survey of Tea"),
        paper("Our repository is at https://github.com/a/awesome-tea.", "A Survey of Tea"),
    ],
)
def test_a_repository_may_hold_something_else_than_code(entry):
    """A demonstration, or the list of papers that a survey keeps."""
    assert "code" not in kinds(entry)


def test_the_span_is_cut_at_160_characters():
    """A long phrase is cut at a word."""
    span = kinds(paper("We release " + "teapotandcup " * 5 + "and " * 2 + "model", "x"))
    assert all(len(text) <= 160 for text in span.values())
    long = kinds(paper(title="A Tutorial", summary="x"))
    assert long["tutorial"] == "Tutorial"
    event = kinds(post(kind="event", title="tea " * 100))["event"]
    assert len(event) <= 160
    assert event.endswith("…")


def test_a_hostile_text_takes_no_time():
    """Long runs of stops, capitals and nested words stay linear."""
    assert isinstance(gist(paper("A. " * 20000 + "we " * 20000)), str)
    assert isinstance(evidence(paper("code and " * 20000, comment="we release " * 5000)), tuple)
