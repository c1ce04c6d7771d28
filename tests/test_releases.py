"""What a post says is out, by the name in its title, and whose technical report a paper is."""

import pytest

from sundaypaper.gist import evidence
from sundaypaper.gist.releases import release, same_release
from sundaypaper.models import Entry, Evidence


def post(title, summary="", group="lab", kind="post"):
    """A post of a lab, unless told otherwise."""
    return Entry("post:1", kind, "Kettle Lab", "https://k.example/1", title, summary, group=group)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Introducing Kettle 4", "Kettle 4"),
        ("Introducing: Kettle 2 and Steam CLI.", "Kettle 2 and Steam CLI"),
        ("Introducing HOTTER", "HOTTER"),
        ("Introducing the Tea Leaf Generator - Build Cups with Words", "Tea Leaf Generator"),
        ("Introducing teabots: small agents that pour", "teabots"),
        ("Introducing a dataset of steam sounds, with labels", "dataset of steam sounds"),
        ("Introducing pouring, a new Kettle 3.5 Mini, and more", "Kettle 3.5 Mini"),
        ("Introducing Kettle's new Spout!", "Kettle's new Spout"),
        ("Introducing Kettle for Small Kitchens", "Kettle for Small Kitchens"),
        ("License to Pour: Introducing Steam Agents 2.0", "Steam Agents 2.0"),
        ("Introducing CupText: How well can your model read cups?", "CupText"),
        ("Welcome Kettle 3: a brewer's all new open LLM", "Kettle 3"),
        ("🧨 Steamers welcomes Stable Kettle 3.5 Large", "Stable Kettle 3.5 Large"),
        ("Welcome, Kettle 5", "Kettle 5"),
        ("Kettle Labs Launches Tiny Cup, Making Tea Accessible", "Tiny Cup"),
        ("Kettle 3n fully available in the open-source kitchen!", "Kettle 3n"),
        ("Qwen3.5 in all sizes", "Qwen3.5"),
        ("Kettle 1.32 Release", "Kettle 1.32"),
        ("Stable Steam Public Release", "Stable Steam"),
        ("Kettle 2.8 Release Blog", "Kettle 2.8"),
        ("Open Release of Kettle-1", "Kettle-1"),
        ("Kettle Python library 0.4 with pouring", "Kettle Python library 0.4"),
        ("What's new in Kettle 2.19", "Kettle 2.19"),
        ("Kettle's new app", "Kettle's new app"),
        ("Faster cups with Spout Agent, now GA", "Spout Agent"),
        ("Cups and Lids in the Kettle Platform are now GA", "Cups and Lids"),
        ("Kettle Science, a bench for brewers, is now available", "Kettle Science"),
        ("Steam Security is now in public beta", "Steam Security"),
        ("Kettle Gym Beta", "Kettle Gym"),
        ("Introducing deep steeping", "deep steeping"),
        ("Introducing Shieldspout.", "Shieldspout"),
        ("Open sourcing our testing framework Spout", "Spout"),
        ("Introducing the next generation of Steamer", "Steamer"),
    ],
)
def test_a_verb_says_that_something_is_out(title, name):
    """Introduced, welcomed, launched, available or released: the name follows or goes before."""
    assert release(post(title)) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("KTL-4.7", "KTL-4.7"),
        ("Gemma 3 270M", "Gemma 3 270M"),
        ("LeRobot v0.4", "LeRobot v0.4"),
        ("T2V-01-Pourer / I2V-01-Pourer", "T2V-01-Pourer / I2V-01-Pourer"),
        ("OpenAI o9-mini", "OpenAI o9-mini"),
        ("Kettlestral", "Kettlestral"),
        ("Kettle Batch API", "Kettle Batch API"),
        ("IBM Granite 3.0 models", "IBM Granite 3.0"),
        ("SmolCup2: Bringing Tea to Every Device", "SmolCup2"),
        ("Argil 2.4: Easily Build Cups — No Clay Required", "Argil 2.4"),
        ("FastPour: The Real-Time Pouring Library for Python", "FastPour"),
        ("TeaBench: Benchmarking Models on Tea", "TeaBench"),
        ("CupMat - a huge dataset for Questions on Cups", "CupMat"),
        ("kettleo: a pytorch boiling toolkit", "kettleo"),
        ("Engram: Memory by Kettle", "Engram"),
        ("The Safety Spout Toolkit: Evaluating Hidden Steam", "Safety Spout Toolkit"),
        ("Better pouring with the new Kettlestral models", "Kettlestral"),
        ("Open Tea Dataset for Cups by the Community", "Open Tea Dataset"),
        ("Kettle goes to school: the largest open-source tea dataset", "open-source tea dataset"),
        ("imitation: Clean Pouring Implementations", "imitation"),
        ("Talk: A Text-to-Speech Model", "Talk"),
        ("Pixtral Large", "Pixtral Large"),
        ("MathΣtral", "MathΣtral"),
        ("OpenAI gpt-oss", "OpenAI gpt-oss"),
        ("GPT-4o mini: pouring for less", "GPT-4o mini"),
        ("MLE-bench: Evaluating Agents on Tea", "MLE-bench"),
        ("RealityCup: Do models tell where their tea comes from?", "RealityCup"),
        ("Claude Android app", "Claude Android"),
        ("Roboschool", "Roboschool"),
    ],
)
def test_a_name_or_its_kind_says_so_by_itself(title, name):
    """A version, a spelling that only names have, or what the thing is."""
    assert release(post(title)) == name


@pytest.mark.parametrize(
    ("title", "summary", "name"),
    [
        ("The Kettle 4 herd: a new era", "We’re introducing Kettle 4 Scout and more.", "Kettle 4"),
        ("Kettle Microscope", "We’re introducing Kettle Microscope, a lens.", "Kettle Microscope"),
        ("Pour in Spout. By Kettle 3.5.", "Introducing Kettle 3.5 and cups.", "Kettle 3.5"),
        ("Steady Spout: pours well", "In this paper we introduce Steady Spout.", ""),
        ("Spilling Tea", "We’re introducing Spilling Tea.", ""),
        ("Steady Spout: pours well", "We’re releasing Steady Spout with a partner.", ""),
        ("Steady Spout: pours well", "We introduced two lids, and Steady Spout is one.", ""),
        ("Pouring like people", "We’re releasing CupRun, a kitchen for robots.", "CupRun"),
        ("Pouring like people", "RL-Teacher is an open-source way to pour.", "RL-Teacher"),
        ("Faster tea", "We’re open-sourcing a fast Python library for tea.", "fast Python library"),
        ("Faster tea", "We’re releasing a report on tea.", ""),
        ("Speaking of Voxtral", "Voxtral TTS: A large, open text-to-speech model.", "Voxtral"),
        ("Introducing Steam Corps", "We’re launching Steam Corps, a fellowship program.", ""),
    ],
)
def test_the_first_sentences_may_say_it_of_the_name_in_the_title(title, summary, name):
    """That it is put out now, by a name of its own too; a paper that introduces a method says less."""
    assert release(post(title, summary)) == name


@pytest.mark.parametrize(
    "title",
    [
        "#NYTECHWEEK",
        "How Acme uses Kettle 4 to pour",
        "Introducing our partnership with Acme",
        "Introducing our Tea Blog",
        "Introducing Kettle Labs",
        "Introducing Labs",
        "Announcing the Steam Project: A global fund of 15 million for tea",
        "Kettle's new constitution",
        "CupMimic: A student uses glasses to pour",
        "WebCup: Improving the taste of tea",
        "Deep Steeping: Filtering Leaves Builds Safeguards into Open-Weight LLMs",
        "Making Kettle Four ready for kitchens",
        "Thinking",
        "Pours well",
        "Announcing the Kettle Partner Program: more tea",
        "Introducing Steamer to Canada",
        "Steamer is now available in Brazil",
        "Kettle: an open library for tea",
        "A Simpler Pricing Model for Kettle 4",
        "Kettle 4 System Card",
        "Kettle M2 Benchmarks & Analysis",
        "Kettle 4 - Everything you need to know",
        "Kettle Code: Best practices for pouring",
        "Building agents with Kettle 4",
        "Evaluating Kettle 4",
        "KettleCon 24: Running Kettle 7B at home",
        "4M Cups Scanned: Six Months In",
        "LLM-discovered 0-days",
        "Kettle Watermarking 101: Tools and Techniques",
        "Claude Does Tea Competitions",
        "Claude and Kettle",
        "Claude’s Character",
        "Cups at home: Using large language models",
        "The Pouring Library: standardizing cups",
        "Our position on open-weights models",
        "Circuits Updates – July 2024",
        "Announcing AI for Citizens",
        "Kettle 4 is out, Cups Made To Order, Spouts Move On, Officials Pour",
        "Welcome Kettle4.ai on the Hub",
        "",
    ],
)
def test_what_only_speaks_of_a_name_is_no_release(title):
    """Customers, partners, prices, previews of others, studies, events and lists of news."""
    assert release(post(title)) == ""


@pytest.mark.parametrize(
    ("title", "group", "kind", "name"),
    [
        ("KTL-4.7", "vendor", "post", "KTL-4.7"),
        ("KTL-4.7", "", "post", "KTL-4.7"),
        ("KTL-4.7", "researcher", "post", ""),
        ("Introducing KTL-4.7", "researcher", "post", "KTL-4.7"),
        ("Introducing KTL-4.7", "newsletter", "post", ""),
        ("Introducing KTL-4.7", "community", "post", ""),
        ("Introducing KTL-4.7", "lab", "paper", ""),
        ("Universe", "vendor", "post", "Universe"),
        ("Universe", "practitioner", "post", ""),
    ],
)
def test_it_matters_who_says_it(title, group, kind, name):
    """A name alone is its maker's; newsletters tell of others; papers say it in other words."""
    assert release(post(title, group=group, kind=kind)) == name


def test_the_name_is_the_span_of_the_evidence():
    """What stands in the title is what is kept."""
    assert evidence(post("Introducing Kettle 4")) == (Evidence("release", "Kettle 4"),)


@pytest.mark.parametrize(
    ("title", "span", "same"),
    [
        ("Kettle3 Technical Report", "Kettle3", True),
        ("Kettle 3 Technical Report", "Kettle3", True),
        ("Kettle3 Technical Report", "Kettle3.5", False),
        ("Kettle3.5 Technical Report", "Kettle3", False),
        ("Kettle3-Omni Technical Report", "Kettle3", False),
        ("Kettle3 Technical Report", "Kettle3-Omni", False),
        ("Kettle 3 Technical Report", "Kettle 3 270M", True),
        ("Kettle2.5 Technical Report", "Kettle2.5-72B models", True),
        ("Pour-4-Mini Technical Report: Compact yet Hot", "Pour-4 Mini", True),
        ("Kettle 2: Hotter Water. Technical Report", "Kettle 2", True),
        ("Technical Report of TeaChat2, TeaChat2.5 and T1", "TeaChat2", True),
        ("Kettle 2 technical report", "Kettle 2 and Steam CLI", True),
        ("Kettle3", "Kettle3", False),
        ("Kettle3 Technical Report", "", False),
        ("Technical Report", "", False),
        ("A Technical Report", "270M", False),
    ],
)
def test_a_technical_report_is_that_of_the_release_of_its_name(title, span, same):
    """Versions and variants differ, sizes do not; only a technical report is one."""
    assert same_release(title, span) is same
