"""A hand-made issue as a good week would give it: 45 printed entries of 1,800. All of it is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sundaypaper.formats.view import view
from sundaypaper.models import (
    Acceptance,
    Claim,
    Contribution,
    Evidence,
    Funnel,
    Issue,
    IssueHead,
    Item,
    Masthead,
    Mention,
    MinuteLine,
    Pick,
    Presentation,
    Section,
    Slice,
    SourceReport,
    Tag,
    TopicName,
)

WEEK = "2026-W10"
MASTHEAD = Masthead(title="Sunday Paper", contact="editor@paper.example", version="0.1.0")
TOPICS = tuple(
    TopicName(*pair)
    for pair in (
        ("language-models", "Language models"),
        ("reasoning-agents", "Reasoning & agents"),
        ("vision", "Computer vision"),
        ("generative", "Generative models"),
        ("3d", "3D & spatial"),
        ("multimodal", "Multimodal"),
        ("reinforcement-learning", "Reinforcement learning"),
        ("robotics", "Robotics & driving"),
        ("theory-optimization", "Theory & optimisation"),
        ("graphs", "Graphs"),
        ("efficiency-systems", "Efficient ML & systems"),
        ("mlops", "MLOps & engineering"),
        ("data-evaluation", "Data & evaluation"),
        ("trustworthy", "Trustworthy ML"),
        ("science-health", "Science & health"),
    )
)
FIRST = (
    "Ada Bruno Chen Dilnoza Emeka Farah Goran Hana Ines Jonas Keiko Luca Mira Nnamdi Olu".split()
)
LAST = "Lindqvist Okafor Ruiz Tanaka Varga Weiss Yildiz Adeyemi Brandt Castell Dufour Eide".split()
LEADS = (
    ("Reading the Room: Depth from One Photograph without Calibration", "3d"),
    ("A Second Look at Weight Decay: When Small Models Forget in $O(\\log T)$ Steps", "vision"),
    ("Ten Thousand Kitchens: A Benchmark of Household Manipulation", "robotics"),
    ("What Agents Do While They Wait: A Survey of Asynchronous Tool Use", "reasoning-agents"),
    ("Serving a Mixture of Experts from Four Ordinary Machines", "efficiency-systems"),
)
SUBJECTS = (
    "Scene Graphs", "Sparse Attention", "Flow Matching", "Gaussian Splatting", "Test-Time Search",
    "Optical Flow", "Reward Models", "Point Clouds", "Vision Transformers", "Protein Folding",
    "Diffusion Samplers", "Tabular Forests", "Speech Codecs", "Neural Operators", "Tool Use",
    "Long Contexts", "Federated Clients", "Image Restoration", "Graph Transformers", "World Models",
)  # fmt: skip
TURNS = (
    "Rethinking {} under Distribution Shift", "{} without Labels: A Minimal Recipe",
    "How Much Data Do {} Need?", "Fast {} on a Single Card", "Towards Honest Evaluation of {}",
    "Learning {} from Weak Instruction", "{} Meet Causal Discovery", "On the Geometry of {}",
    "Composable {} for Small Devices", "{} at Scale: Lessons from Two Years", "Bounding {} in Depth",
)  # fmt: skip
COLONS = ("", "PRISM: ", "LatticeNet: ", "Quill: ", "Hearth: ", "Mosaic: ", "Tern: ", "Orrery: ")
GISTS = (
    "We show that the gap closes once the schedule is matched to the data, and that two published "
    "remedies then bring nothing; code and checkpoints for all runs are released.",
    "A single forward pass replaces the search, at a third of the memory and without loss on four "
    "of the five benchmarks that we could reproduce.",
    "The bound is tight up to a constant, and the constant is small enough to matter in practice.",
    "We collect 41,000 episodes in homes instead of laboratories and find that success rates "
    "fall by half; the ranking of the methods changes as well.",
    "Contrary to common advice, the simplest baseline wins when every method is given the same "
    "budget for tuning.",
)
ABSTRACT = (
    "Most methods for this task assume that the camera is known, which rules out the photographs "
    "that people take. We drop the assumption. A single network predicts rays instead of depths, "
    "so that focal length and distortion become outputs rather than inputs, and a short alignment "
    "step at test time removes what ambiguity is left. On five public benchmarks the error falls "
    "by a fifth against calibrated methods and by half against uncalibrated ones. We report where "
    "it fails: mirrors, fog, and pictures of pictures. Training takes two days on eight cards, "
    "and the code, the weights, and the logs of every run in the tables are public."
)
WHYS = (
    "Oral at CVPR, with code, and two blogs discuss it.",
    "Accepted in the main track; its code names the exact commit of each figure.",
    "The first data set in this topic with more than one laboratory behind it.",
    "Two followed authors and an accepted claim.",
)


def title(n: int) -> str:
    """The n-th invented title; they repeat only after many hundreds."""
    turn = TURNS[n % len(TURNS)].format(SUBJECTS[(n * 7 + n // 11) % len(SUBJECTS)])
    return COLONS[(n * 3 + n // 220) % len(COLONS)] + turn


def authors(n: int) -> tuple[str, ...]:
    """Between one and nine invented people."""
    count = 1 + n * 5 % 9
    return tuple(
        f"{FIRST[(n + k * 4) % len(FIRST)]} {LAST[(n * 3 + k) % len(LAST)]}" for k in range(count)
    )


def claim(n: int, venue: str = "cvpr") -> Claim:
    """What the n-th paper's authors say of a venue."""
    ways: tuple[Presentation | None, ...] = (None, "oral", "highlight", "poster")
    shown = ways[n % 4]
    name = "NeurIPS" if venue == "neurips" else venue.upper()
    span = f"Accepted to {name} 2026" + (f" ({shown})" if shown else "")
    return Claim(venue, 2026, "main", "accepted", shown, span)


def paper(n: int, ring: str = "field", topic: str = "", name: str = "") -> Pick:
    """The n-th paper of the week."""
    claims = (claim(n),) if ring == "accepted" else ()
    if ring == "near":
        claims = (Claim("cvpr", 2026, "workshop", "accepted", None, "CVPR 2026 Workshops"),)
    comment = f"{claims[0].span}. 14 pages, 9 figures. Project page online" if claims else ""
    topics = (topic or TOPICS[n % 15].id, TOPICS[(n * 7 + 3) % 15].id)
    code = Evidence("code", f"github.com/example-lab/project-{n}")
    return Pick(
        id=f"arxiv:2603.{n:05d}",
        kind="paper",
        source="arxiv",
        group="",
        url=f"https://arxiv.org/abs/2603.{n:05d}",
        title=name or title(n),
        authors=authors(n),
        published=datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(minutes=3 * n),
        week=WEEK,
        standing="late" if n % 97 == 96 else "new",
        ring=ring,  # type: ignore[arg-type]
        categories=(("cs.CV", "cs.LG", "cs.CL", "cs.RO", "stat.ML")[n % 5],),
        comment=comment,
        journal_ref="",
        claims=claims,
        tags=tuple(Tag(t, 0.9 - k / 4, f"title: {t}") for k, t in enumerate(dict.fromkeys(topics))),
        evidence=(code,) if n % 3 == 0 else (),
        gist=GISTS[n * 3 % len(GISTS)],
        score=4.0 - n / 600,
        contributions=(Contribution("claim", 4.0 - n / 600, "accepted at CVPR 2026"),),
        reasons=("accepted at CVPR 2026",),
    )


def post(n: int, name: str, source: str, kind: str = "post", days: int | None = None) -> Pick:
    """A post, a course or an event from a feed."""
    base = paper(n)
    starts = None if days is None else datetime(2026, 3, 8, 12, tzinfo=UTC) + timedelta(days=days)
    return replace(
        base,
        id=f"post:{n:016x}",
        kind=kind,  # type: ignore[arg-type]
        source=source,
        url=f"https://blog.example/{n}",
        title=name,
        authors=authors(n)[:1] if kind == "post" else (),
        categories=(),
        evidence=(),
        standing="new" if kind in ("post", "course") else "backlog",
        gist="A walk through the profile of one slow request, and the three lines that made it "
        "four times faster."
        if kind == "post"
        else "",
        starts=starts,
        ends=None,
    )


BLOGS = (
    ("Why our retrieval tests passed and our users left", "Notes on Production"),
    ("The cache that ate the evaluation", "Halden Engineering"),
    ("Reading Ten Thousand Kitchens so that you need not", "The Gradient Descent"),
    ("A field guide to learning-rate warm-up", "Mira Writes"),
    ("Vector search on a boring database", "Halden Engineering"),
    ("Open weights, closed logs", "Policy & Models"),
    ("What one hundred annotators disagree about", "Labelled"),
    ("Tracing a training run from disk to loss", "Notes on Production"),
)
LEARN = (
    ("Probabilistic Machine Learning, a course in twelve lectures", "Open Lectures", "course"),
    ("tinyserve: an inference server to read in one evening", "Project News", "post"),
    ("Moving a feature store without a night of downtime", "Halden Engineering", "post"),
)
DATES = (
    ("ICML 2026: author response ends", "deadlines", 4),
    ("Workshop on Reproducible Vision, call for papers", "deadlines", 7),
    ("ECCV 2026: abstracts due", "deadlines", 11),
    ("KDD 2026: notification", "deadlines", 15),
    ("Open seminar: learning theory, online", "events", 19),
)


def lead_picks() -> tuple[Pick, ...]:
    """The five of "Read first"; the first is discussed in two blogs."""
    picks = [paper(n, "accepted", topic, name) for n, (name, topic) in enumerate(LEADS)]
    posts = tuple(
        Mention(
            f"post:{n:016x}", BLOGS[n - 2001][1], BLOGS[n - 2001][0], f"https://blog.example/{n}"
        )
        for n in (2003, 2004)
    )
    picks[0] = replace(picks[0], discussed=posts)
    return tuple(picks)


def acceptances() -> tuple[Acceptance, ...]:
    """Six papers that gained a claim; one of them was printed before."""
    seen = datetime(2026, 3, 6, tzinfo=UTC)
    venues = ("cvpr", "icml", "neurips", "cvpr", "icml", "cvpr")
    return tuple(
        Acceptance(
            f"arxiv:2603.{40 + n:05d}",
            claim(n, venue),
            "" if n == 4 else "Preprint. 18 pages, under review",
            f"{claim(n, venue).span}. Camera-ready version, 21 pages",
            seen,
            "2026-W02" if n == 1 else "",
        )
        for n, venue in enumerate(venues)
    )


def sections(
    shelf: Pick, posts: list[Pick], learn: list[Pick], dates: list[Pick]
) -> tuple[Section, ...]:
    """The sections of the week in their order."""

    def items(numbers: range, form: str = "full") -> tuple[Item, ...]:
        return tuple(
            Item(f"arxiv:2603.{n:05d}", WHYS[n % 4] if form == "full" else "", form)  # type: ignore[arg-type]
            for n in numbers
        )

    def shorts(picks: list[Pick], why: str = "") -> tuple[Item, ...]:
        return tuple(Item(pick.id, why, "short") for pick in picks)

    by_venue = "And 3 more at ICML, 1 at NeurIPS."
    accepted = items(range(5, 13)) + items(range(13, 37), "title")
    return (
        Section("lead", "Read first", items(range(5))),
        Section("accepted", "Accepted at CVPR", accepted, 52),
        Section("newly_accepted", "Newly accepted", items(range(40, 46)), 4, by_venue),
        Section("new", "New and promising", items(range(100, 108))),
        Section("blogs", "From the blogs", shorts(posts)),
        Section("learn", "Learn and build", shorts(learn, "It can be followed in an evening.")),
        Section("shelf", "From the shelf", shorts([shelf], "Ten years on, this week's splats still quote it.")),
        Section("dates", "Dates", tuple(Item(pick.id, "", "short") for pick in dates)),
        Section("corrections", "Corrections and follow-ups", (), 0,
                "Last week's issue listed one paper under two names; the second was withdrawn by its authors."),
        Section("made", "How this issue was made"),
    )  # fmt: skip


def ledger() -> tuple[SourceReport, ...]:
    """One great source, one that failed, one that is incomplete, and forty quiet feeds."""
    missing = (Slice("cs.RO of 5 March", 212, 100, "the answer was cut off twice"),)
    quiet = tuple(
        SourceReport(f"feed-{n:02d}", "feed", "fresh" if n % 3 else "unchanged", None, n % 7, n % 2)
        for n in range(40)
    )
    return (
        SourceReport("arxiv", "arxiv", "incomplete", 3385, 3273, 1788, "One slice is short.", missing),
        *quiet,
        SourceReport("labelled", "feed", "failed", detail="The host did not answer within 20 seconds."),
    )  # fmt: skip


def sample_issue(count: int = 1800) -> Issue:
    """The issue of 2026-W10 with count papers; 110 is the least that its sections need."""
    rings = ["accepted"] * 93 + ["near"] * 60
    papers = [paper(n, rings[n] if n < len(rings) else "field") for n in range(5, count)]
    posts = [post(2001 + n, *one) for n, one in enumerate(BLOGS)]
    learn = [post(2101 + n, name, source, kind) for n, (name, source, kind) in enumerate(LEARN)]
    dates = [
        post(2201 + n, name, source, "event", days) for n, (name, source, days) in enumerate(DATES)
    ]
    shelf = replace(
        paper(99_001, topic="3d", name="Structure from Motion for Everyone"),
        id="doi:10.1000/shelf.1", standing="backlog", authors=authors(2), published=None,
        gist="It showed that holiday pictures by strangers are enough to rebuild a square.",
    )  # fmt: skip
    printed = sections(shelf, posts, learn, dates)
    return Issue(
        week=WEEK,
        title="Sunday Paper",
        composed=datetime(2026, 3, 8, 6, 10, tzinfo=UTC),
        state="frozen",
        headline="89 papers say that they were accepted at CVPR 2026",
        minute=(
            MinuteLine("89 papers say that they were accepted at CVPR 2026, eleven of them as orals.", "accepted"),
            MinuteLine("Ten older papers changed their comment to an acceptance, six at CVPR.", "newly_accepted"),
            MinuteLine("1,788 papers are new; vision is the largest topic with 402.", "new"),
            MinuteLine("Two blogs discuss the same paper on depth from one photograph.", "lead"),
            MinuteLine("ICML's author response ends on Thursday 12 March.", "dates"),
        ),
        sections=printed,
        entries=(*lead_picks(), *papers, *posts, *learn, *dates, shelf),
        newly_accepted=acceptances(),
        funnel=Funnel(3385, 1788, 1597, 66, 89, 60, 45, 14164),
        ledger=ledger(),
        abstracts={pick.id: ABSTRACT for pick in lead_picks()},
        words=2480,
        minutes=11,
        fingerprint="sample",
        topics=TOPICS,
    )  # fmt: skip


def lines(issue: Issue) -> tuple[Pick, ...]:
    """The entries in the order in which the page of all entries lists them."""
    rings = view(issue).rings()
    return tuple(pick for ring in rings for topic in ring.topics for pick in topic.entries)


def sample_heads() -> tuple[IssueHead, ...]:
    """Nine issues over two years, newest first."""
    weeks = [f"2026-W{n:02d}" for n in range(10, 5, -1)] + [f"2025-W{n}" for n in range(52, 48, -1)]
    lines = (
        "89 papers say that they were accepted at CVPR 2026",
        "A quiet week: 1,412 new papers and three surveys of tool use",
        "Four blogs discuss one paper on test-time search",
    )
    return tuple(
        IssueHead(week, "frozen", lines[n % 3], 45 - n, 3385 - 31 * n,
                  datetime(2026, 3, 8, 6, 10, tzinfo=UTC) - timedelta(weeks=n))
        for n, week in enumerate(weeks)
    )  # fmt: skip
