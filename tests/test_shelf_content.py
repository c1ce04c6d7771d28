"""The shelf that ships with the package: its shape, its balance and its language."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import sundaypaper

SHELF = Path(sundaypaper.__file__).parent / "data" / "shelf"
TOPICS = frozenset(
    "language-models reasoning-agents alignment-safety nlp vision generative 3d multimodal "
    "reinforcement-learning robotics theory-optimization probabilistic-causal classical-ml "
    "deep-learning graphs time-series search-recommendation audio-speech efficiency-systems mlops "
    "data-evaluation trustworthy science-health society-education".split()
)
GROUPS = {"lab", "vendor", "researcher", "practitioner", "newsletter", "course", "community"}
KEYS = set(
    "id kind shelf source group url title authors n_authors published version categories comment "
    "journal_ref doi summary topics links week starts ends wordings votes".split()
)
ROW_KEYS = {"source", "kind", "state", "expected", "fetched", "new", "detail", "missing"}
ARXIV_ID = re.compile(r"arxiv:(\d\d)(\d\d)\.(\d{4,5})")
SUPERLATIVE = re.compile(
    r"\b(best|most|largest|biggest|smallest|highest|lowest|fastest|greatest|latest|simplest"
    r"|strongest|worst|newest|deepest|finest|novel|powerful|remarkable|remarkably|outstanding"
    r"|seminal|groundbreaking|breakthrough|unprecedented|amazing|revolutionary|cutting-edge"
    r"|state-of-the-art|state of the art)\b",
    re.IGNORECASE,
)


def read_manifest() -> dict[str, Any]:
    """The manifest as it stands in the package."""
    manifest: dict[str, Any] = json.loads((SHELF / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def read_entries() -> list[dict[str, Any]]:
    """Every line of the entries file, decoded."""
    text = (SHELF / "entries.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


MANIFEST = read_manifest()
ENTRIES = read_entries()
SHELF_ENTRIES = [e for e in ENTRIES if e["shelf"]]
# Of the shelf the papers that the sample issues print as news; other landmarks have no week.
LANDMARKS = [e for e in SHELF_ENTRIES if e["kind"] == "paper" and "week" in e]
VOTED = [e for e in ENTRIES if "votes" in e]
POSTS = [e for e in ENTRIES if e["kind"] in ("post", "course") and "week" in e]
EVENTS = [e for e in ENTRIES if e["kind"] == "event"]


def claims_text(entry: dict[str, Any]) -> str:
    """What the venue parser reads of a paper."""
    return f"{entry.get('comment', '')} {entry.get('journal_ref', '')}"


def sunday(week: str) -> date:
    """The last day of an ISO week such as 2026-W45."""
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 7)


def test_the_manifest_names_three_weeks_and_says_it_is_a_reprint() -> None:
    """The head of the bundle is complete, and its notice is one sentence that says no news."""
    assert MANIFEST["format"] == 2
    assert MANIFEST["weeks"] == ["2026-W45", "2026-W46", "2026-W47"]
    assert set(MANIFEST["ledger"]) == set(MANIFEST["weeks"])
    assert re.fullmatch(r"[^.!]*reprint[^.!]*votes[^.!]*not news\.", MANIFEST["reprint"])


def test_one_feed_in_the_middle_week_is_shown_as_failed() -> None:
    """Exactly one source is not well; it is a feed, so that its week can still be frozen."""
    rows = [(week, row) for week, rows in MANIFEST["ledger"].items() for row in rows]
    assert [(week, row["kind"], row["state"]) for week, row in rows] == [
        ("2026-W46", "feed", "failed")
    ]
    row = rows[0][1]
    assert set(row) == ROW_KEYS
    assert "example" in row["detail"]
    assert row["source"] not in {e["source"] for e in ENTRIES}


def test_every_entry_has_known_fields_and_the_needed_ones() -> None:
    """No misspelt key, no entry without title, address, summary, topic or week."""
    for entry in ENTRIES:
        assert set(entry) <= KEYS, entry["title"]
        assert entry["kind"] in {"paper", "post", "course", "event"}
        assert entry["title"] == entry["title"].strip() != ""
        assert re.fullmatch(r"https?://\S+", entry["url"])
        assert entry["shelf"] or "week" in entry
        assert entry.get("week", MANIFEST["weeks"][0]) in MANIFEST["weeks"]
        assert entry["source"]
        assert entry["summary"]


def test_ids_and_addresses_are_unique_and_well_formed() -> None:
    """An id is an arXiv id, a doi or empty, and where it is empty the address stands in for it."""
    ids = [e["id"] for e in ENTRIES if e["id"]]
    urls = [e["url"] for e in ENTRIES]
    assert len(ids) == len(set(ids))
    assert len(urls) == len(set(urls))
    for ident in ids:
        assert ARXIV_ID.fullmatch(ident) or re.fullmatch(r"doi:10\.\d{4,}/\S+", ident)


def test_an_arxiv_id_agrees_with_its_date_and_its_address() -> None:
    """The year and month in the id are those of the stated date, or the month after."""
    for entry in ENTRIES:
        found = ARXIV_ID.fullmatch(entry["id"])
        if not found:
            continue
        year, month, digits = 2000 + int(found[1]), int(found[2]), len(found[3])
        assert digits == (4 if year < 2015 else 5)
        published = date.fromisoformat(entry["published"])
        months = 12 * (year - published.year) + month - published.month
        assert months in (0, 1), entry["title"]
        assert entry["url"] == f"https://arxiv.org/abs/{entry['id'].removeprefix('arxiv:')}"


def test_there_are_three_landmarks_a_topic_one_in_each_week() -> None:
    """72 landmarks, and in every week each of the 24 topics is the main topic of one."""
    main = Counter((e["topics"][0], e["week"]) for e in LANDMARKS)
    assert main == Counter((topic, week) for topic in TOPICS for week in MANIFEST["weeks"])


def test_every_entry_carries_one_to_three_known_topics() -> None:
    """A main topic and at most two further ones, none twice."""
    for entry in ENTRIES:
        topics = entry["topics"]
        assert 1 <= len(topics) == len(set(topics)) <= 3, entry["title"]
        assert set(topics) <= TOPICS


def test_authors_are_listed_to_eight_and_counted_beyond() -> None:
    """A ninth author is in the count and not in the list."""
    for entry in (e for e in ENTRIES if e["kind"] != "event"):
        authors = entry["authors"]
        assert 1 <= len(authors) == len(set(authors)) <= 8, entry["title"]
        if "n_authors" in entry:
            assert entry["n_authors"] > len(authors) == 8


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["title"][:40])
def test_a_summary_is_short_plain_prose(entry: dict[str, Any]) -> None:
    """Two to four sentences of 35 to 70 words, the opening one fit to be printed alone."""
    summary = entry["summary"]
    sentences = re.split(r"(?<=[.?])\s+", summary)
    assert 2 <= len(sentences) <= 4
    assert len(sentences[0]) <= 220
    assert (15 if entry["kind"] == "event" else 35) <= len(summary.split()) <= 70
    assert "!" not in summary
    assert not SUPERLATIVE.search(summary)
    assert "http" not in summary
    assert summary.endswith(".")


def test_a_venue_is_of_the_year_of_the_paper_or_the_year_after() -> None:
    """Where a paper claims a conference, the claim is current in a reprint of its own year."""
    name = re.compile(r"NIPS|NeurIPS|Neural Information|ICML|CVPR|ICCV|ECCV|ICLR|KDD|ACL|EMNLP")
    for entry in (e for e in ENTRIES if name.search(claims_text(e))):
        years = {int(y) for y in re.findall(r"\b((?:19|20)\d\d)\b", claims_text(entry))}
        year = int(entry.get("published", "0")[:4])
        # A work of no week is printed as no news. The distillation paper appeared on arXiv a few months after its workshop.
        assert (
            years & {year, year + 1} or "Workshop" in claims_text(entry) or "week" not in entry
        ), entry["title"]


@pytest.mark.parametrize(
    ("pattern", "least"),
    [
        (r"Neural Information Processing Systems|NeurIPS|NIPS", 15),
        (r"\bICML 20\d\d", 6),
        (r"\bCVPR 20\d\d", 4),
        (r"(?:ICML|NeurIPS) 20\d\d Oral", 2),
        (r"Workshop", 2),
        (r"\bICLR", 6),
        (r"\bICCV", 1),
        (r"\bECCV", 1),
        (r"\bACL\b", 1),
        (r"\bNAACL", 1),
        (r"\bEMNLP", 1),
        (r"\bKDD", 2),
        (r"\bMICCAI", 1),
        (r"Journal of Machine Learning Research", 2),
    ],
)
def test_the_venues_that_the_paper_is_about_are_there(pattern: str, least: int) -> None:
    """The sample issues can show each kind of claim."""
    assert sum(bool(re.search(pattern, claims_text(e))) for e in ENTRIES) >= least


def test_every_week_has_papers_of_a_core_venue_with_code() -> None:
    """Read first needs an accepted paper with code in each sample issue."""
    core = re.compile(r"NIPS|NeurIPS|Neural Information|ICML|CVPR")
    weeks = Counter(
        e["week"]
        for e in LANDMARKS
        if core.search(claims_text(e)) and "https://github.com/" in " ".join(e.get("links", []))
    )
    assert all(weeks[week] >= 2 for week in MANIFEST["weeks"])


def test_posts_are_spread_over_weeks_and_groups() -> None:
    """Each issue has fourteen or more posts, two of them by practitioners, and one course."""
    assert {e["group"] for e in POSTS} - {""} <= GROUPS
    for week in MANIFEST["weeks"]:
        posts = [e for e in POSTS if e["week"] == week]
        assert 14 <= len(posts) <= 15
        assert sum(e["group"] == "practitioner" for e in posts) >= 2
        assert sum(e["kind"] == "course" for e in posts) == 1


def test_a_post_links_to_papers_of_its_own_week() -> None:
    """A paper that a post discusses is in the same issue, so that the two can be joined."""
    weeks = {e["url"]: e.get("week") for e in ENTRIES}
    for post in POSTS:
        papers = [u for u in post.get("links", []) if re.search(r"arxiv\.org|jmlr|papers\.nips", u)]
        assert all(weeks.get(url) == post["week"] for url in papers), post["title"]


def test_two_landmarks_are_discussed_by_independent_posts() -> None:
    """At least two landmarks have posts of two different sources."""
    sources: dict[str, set[str]] = {}
    for post in POSTS:
        for url in post.get("links", []):
            sources.setdefault(url, set()).add(post["source"])
    assert sum(len(sources.get(e["url"], ())) >= 2 for e in LANDMARKS) >= 2


def test_events_lie_within_three_weeks_of_their_issue() -> None:
    """Every date is after the Sunday of its week and at most 21 days later."""
    assert 4 <= len(EVENTS) <= 6
    for event in EVENTS:
        starts, ends = (date.fromisoformat(event[k]) for k in ("starts", "ends"))
        last = sunday(event["week"])
        assert last < starts <= last + timedelta(days=21)
        assert starts <= ends


def test_papers_that_gained_an_acceptance_have_both_wordings() -> None:
    """The earlier wording names no venue, the later one is the entry's comment."""
    changed = [e for e in ENTRIES if "wordings" in e]
    for entry in changed:
        old, new = entry["wordings"]
        assert old["week"] == entry["week"] < new["week"] <= MANIFEST["weeks"][-1]
        assert old["version"] < new["version"] == entry["version"]
        assert not re.search("CVPR|ICML|NeurIPS", old["comment"])
        assert new["comment"] == entry["comment"]
        assert not entry["shelf"]
    gained = [e for e in changed if re.search("CVPR 2026|ICML 2025|NeurIPS 2025", e["comment"])]
    assert Counter(e["wordings"][1]["week"] for e in gained) == {"2026-W46": 1, "2026-W47": 3}


def test_papers_of_each_week_have_votes_and_no_venue() -> None:
    """What readers voted for and no main track had taken, counted by the last morning of its week."""
    assert Counter(e["week"] for e in VOTED) == {"2026-W45": 7, "2026-W46": 7, "2026-W47": 5}
    for entry in VOTED:
        assert (entry["kind"], entry["shelf"], entry["journal_ref"]) == ("paper", False, "")
        comment = entry.get("wordings", [entry])[0]["comment"]
        assert not re.search(r"accept|\boral|20\d\d", comment, re.IGNORECASE)
        (votes,) = entry["votes"]
        assert votes["source"] == "Hugging Face"
        assert 40 <= votes["count"] <= 500
        assert votes["asked"] == f"{sunday(entry['week'])}T07:00:00Z"


def test_no_two_papers_of_a_week_have_the_same_votes() -> None:
    """Which one had the most is never a matter of the order in the file."""
    counts = Counter((e["week"], e["votes"][0]["count"]) for e in VOTED)
    first = {week: max(n for at, n in counts if at == week) for week in MANIFEST["weeks"]}
    assert first == {"2026-W45": 460, "2026-W46": 248, "2026-W47": 168}
    assert all(counts[week, n] == 1 for week, n in first.items())


def test_the_papers_with_votes_are_of_many_kinds() -> None:
    """Many chief topics, technical reports, one and two authors, and code in a comment."""
    assert len({e["topics"][0] for e in VOTED}) >= 10
    assert sum("Technical Report" in e["title"] for e in VOTED) == 3
    assert sum(len(e["authors"]) <= 2 for e in VOTED) == 3
    assert sum("https://github.com/" in e["comment"] for e in VOTED) == 5


def test_two_papers_name_their_code_a_week_later() -> None:
    """Each is printed first without it, so that the next issue can follow up."""
    later = [
        (old["week"], new["week"])
        for old, new in (e["wordings"] for e in ENTRIES if "wordings" in e)
        if "github.com" in new["comment"] and "github.com" not in old["comment"]
    ]
    assert later == [("2026-W45", "2026-W46"), ("2026-W46", "2026-W47")]


def test_labs_and_vendors_put_something_out_each_week() -> None:
    """Two or three posts a week that no paper of the issue takes in, for they link none."""
    makers = [e for e in POSTS if e["group"] in ("lab", "vendor") and not e["links"]]
    assert Counter(e["week"] for e in makers) == {"2026-W45": 3, "2026-W46": 3, "2026-W47": 2}


def test_a_survey_and_a_tutorial_are_on_the_shelf() -> None:
    """Learn and build has something to print besides courses."""
    titles = " ".join(e["title"] for e in LANDMARKS)
    assert "Survey" in titles
    assert "Gentle Introduction" in titles
