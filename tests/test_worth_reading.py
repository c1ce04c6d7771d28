"""What stands where, whatever its ring, and what the minute and the headline say of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from composing import sizes
from sundaypaper.issue import amended, unprinted
from sundaypaper.issue.together import group
from sundaypaper.models import (
    Acceptance,
    Amendment,
    Claim,
    Editorial,
    Evidence,
    Issue,
    Mention,
    Pick,
    Presentation,
    Tag,
    Votes,
)
from sundaypaper.pipeline import before
from sundaypaper.store import Store
from test_issue import (
    CODE,
    CVPR,
    DATA,
    FRAME,
    ICLR,
    NO_LEAD,
    NOW,
    SURVEY,
    accepted,
    ids,
    made,
    pick,
    post,
    sections,
)

OLD = replace(CVPR, year=2024)


def voted(number: int, count: int, **more: object) -> Pick:
    """A paper of the field that so many readers voted for."""
    return pick(number, **({"votes": (Votes("A list", count, NOW),)} | more))


def release(number: int, name: str, **more: object) -> Pick:
    """A post of a lab that says what is out."""
    given = {"group": "lab", "evidence": (Evidence("release", name),), "title": f"Meet {name}"}
    return post(number, **(given | more))


# ---------------------------------------------------------------- where an entry may stand


def test_read_first_has_two_accepted_and_two_that_no_main_track_has_taken() -> None:
    """However much better the others are."""
    fields = [pick(n, evidence=(CODE,)) for n in range(8)]
    taken = [accepted(n) for n in range(20, 24)]
    assert sections(made(*fields, *taken))["lead"] == ids(0, 1, 2, 20, 21)
    elsewhere = [pick(n, claims=(ICLR,), evidence=(CODE,)) for n in range(6)]
    lead = sections(made(*elsewhere, *(pick(n, evidence=(CODE,)) for n in range(10, 14)), *taken))
    assert lead["lead"] == ids(0, 10, 11, 20, 21)


def test_a_venue_has_two_places_in_read_first() -> None:
    """Where there are papers of another venue, or of none."""
    icml = replace(CVPR, venue="icml")
    papers = [accepted(n) for n in range(4)] + [accepted(n, claims=(icml,)) for n in range(10, 14)]
    fields = [pick(n, evidence=(CODE,)) for n in range(20, 24)]
    assert sections(made(*papers, *fields))["lead"] == ids(0, 1, 10, 20, 21)


def test_no_section_but_the_accepted_ones_asks_for_a_ring() -> None:
    """A paper without any claim that readers voted for stands before those with one."""
    near = [pick(n, ring="near", evidence=(CODE,)) for n in range(10, 40)]
    issue = made(voted(1, 90), *near, sizes=NO_LEAD)
    assert sections(issue)["new"][0] == ids(1)[0]


def test_new_and_promising_holds_nothing_that_a_main_track_has_taken() -> None:
    """Whatever the venue; a workshop paper may stand there."""
    workshop = Claim("cvpr", 2026, "workshop", "accepted")
    unknown = Claim("other:embc", 2026, "main", "accepted")
    journal = Claim("jmlr", 2026, "journal", "accepted")
    claims = (workshop, unknown, journal, ICLR, CVPR)
    papers = [pick(n, claims=(claim,), evidence=(CODE,)) for n, claim in enumerate(claims)]
    assert sections(made(*papers, sizes=NO_LEAD))["new"] == ids(0)


def test_further_new_papers_have_a_reason_beside_their_title() -> None:
    """Eight in full, sixteen by title under one heading, the rest counted."""
    issue = made(*(voted(n, 100 - n) for n in range(40)), sizes=sizes(lead=0, words=9000))
    (new,) = issue.sections
    assert [item.form for item in new.items] == ["full"] * 8 + ["title"] * 16
    titles = [item for item in new.items if item.form == "title"]
    assert {item.group for item in titles} == {"More, each with a reason"}
    assert titles[0].why == "92 votes by Sunday"
    assert all(item.why.endswith(" votes by Sunday") for item in titles)
    assert new.rest == 40 - 8 - 16


def test_accepted_elsewhere_is_a_main_track_or_a_journal_of_the_other_venues() -> None:
    """A line each with its venue; no workshop, no submission, no venue that is not followed."""
    journal = Claim("iclr", 2025, "journal", "accepted")
    oral = replace(ICLR, presentation="oral")
    claims = (
        replace(ICLR, presentation="poster"), oral, journal, replace(ICLR, track="workshop"), replace(ICLR, status="submitted"),
        Claim("aaai", 2026, "main", "accepted"), replace(ICLR, year=2024),
    )  # fmt: skip
    issue = made(*(pick(n, claims=(claim,)) for n, claim in enumerate(claims)), sizes=NO_LEAD)
    (elsewhere,) = issue.sections
    said = {"id:0000": "ICLR 2026", "id:0001": "ICLR 2026 oral", "id:0002": "ICLR 2025 journal"}
    assert {item.id: item.why for item in elsewhere.items} == said
    assert elsewhere.title == "Accepted elsewhere"


def test_a_claim_older_than_the_year_before_is_no_news_in_any_section() -> None:
    """Neither accepted, nor newly accepted, nor in the counts of the minute."""
    old = accepted(1, claims=(OLD,), evidence=(CODE,))
    gained = Acceptance("id:0001", OLD, "", "CVPR 2024", NOW)
    issue = made(old, accepted(2), acceptances=(gained,), sizes=NO_LEAD)
    assert sections(issue) == {"accepted": ids(2)}
    assert issue.headline == "1 paper says that CVPR has taken it."
    last_year = made(accepted(1, claims=(replace(CVPR, year=2025),)), sizes=NO_LEAD)
    assert sections(last_year) == {"accepted": ids(1)}


def test_no_oral_stands_behind_a_poster_among_the_titles() -> None:
    """Orals, spotlights, highlights and awards come first, under a heading of their own."""
    stated: tuple[Presentation, ...] = ("oral", "spotlight", "highlight", "best_paper", "finalist")
    papers = [accepted(n) for n in range(40)]
    papers += [
        accepted(50 + n, claims=(replace(CVPR, presentation=how),)) for n, how in enumerate(stated)
    ]
    issue = made(*papers, sizes=sizes(lead=0, accepted=0, words=9000))
    (section,) = issue.sections
    assert [item.id for item in section.items[:5]] == ids(50, 51, 52, 53, 54)
    assert {item.group for item in section.items[:5]} == {"Orals, spotlights and highlights"}
    assert [item.why for item in section.items[:2]] == ["CVPR 2026 oral", "CVPR 2026 spotlight"]
    assert len(section.items) == 24
    assert {item.group for item in section.items[5:]} == {""}


def test_released_names_what_makers_have_put_out() -> None:
    """One line a name, the best first; a newsletter that tells of it made nothing."""
    issue = made(
        release(1, "Kettle 2"),
        release(2, "kettle 2", source="another lab"),
        release(3, "Cup-7B", group="vendor"),
        release(4, "Pot", group="newsletter"),
        post(5),
    )
    (released, *_) = issue.sections
    assert (released.id, [item.id for item in released.items]) == ("released", ids(1, 3))
    assert [item.why for item in released.items] == ["blog1", "blog3"]
    assert issue.headline == "Kettle 2 and Cup-7B are out."
    assert issue.minute[0].about == tuple(ids(1, 3))
    assert sections(issue)["blogs"] == ids(2, 4, 5)


def test_a_technical_report_is_linked_from_its_release_and_not_told_twice() -> None:
    """Where the report itself stands in an earlier section, the line of the release is left out."""
    post_ = release(1, "Kettle 2")
    told = (Mention(post_.id, "blog1", "t", "u"),)
    report = pick(2, title="Kettle 2 Technical Report", discussed=told, evidence=(CODE,))
    issue = made(post_, report, pick(3, discussed=told), sizes=NO_LEAD)
    assert sections(issue) == {"new": ids(3), "released": ids(1)}
    (line,) = (item for s in issue.sections if s.id == "released" for item in s.items)
    assert line.report == report.id
    assert sections(made(post_, report))["lead"] == [report.id]
    assert "released" not in sections(made(post_, report))


def test_a_benchmark_is_nothing_to_build_on_and_a_challenge_report_teaches_nothing() -> None:
    """Both may stand elsewhere."""
    both = (CODE, DATA)
    titles = ("TeaBench: Kettles", "A Benchmark for Cups", "SWE-bench of Pots", "Benchmarking Tea")
    papers = [pick(n, evidence=both, title=title) for n, title in enumerate(titles)]
    challenge = Claim("cvpr", 2026, "challenge", "accepted")
    papers.append(pick(8, evidence=(SURVEY,), claims=(challenge,)))
    kit = pick(9, evidence=both, title="Kettle Workbench")
    assert sections(made(*papers, kit, sizes=NO_LEAD))["learn"] == ids(9)


def test_dates_of_those_who_have_submitted_do_not_press() -> None:
    """Reviews, rebuttals and camera-ready copies are no dates for readers."""
    titles = (
        "Reviews released",
        "Rebuttal ends",
        "Camera-ready due",
        "Author response",
        "Papers due",
    )
    events = tuple(
        pick(
            n,
            kind="event",
            title=title,
            starts=NOW + timedelta(days=n + 1),
            occasion="deadline",
            venue="icml",
        )
        for n, title in enumerate(titles)
    )
    issue = made(events=events)
    assert sections(issue) == {"dates": ids(4)}
    assert issue.headline == "Papers due: in 5 days."


# ---------------------------------------------------------------- the minute and the headline


def test_the_headline_is_never_of_last_weeks_form_and_tells_a_story_where_it_can() -> None:
    """A story of neither week before comes first, then what last week's was not, before a count."""
    week = (voted(1, 90, evidence=(CODE,)), release(2, "Kettle"), accepted(3))
    first = made(*week)
    assert first.headline == "“Paper 1” had more votes than any other new paper by Sunday: 90."
    assert first.minute[0].form == "voted"
    second = made(*week, last_forms=("voted",))
    assert second.headline == "Kettle is out."
    assert [line.form for line in second.minute] == ["released", "voted", "accepted"]
    third = made(*week, last_forms=("released", "voted"))
    assert third.headline == first.headline
    told = (Mention("post:1", "A", "t", "u"), Mention("post:2", "B", "t", "u"))
    other = made(*week, pick(4, discussed=told), last_forms=("released", "voted"))
    assert other.headline == "“Paper 4” is told by A and B."
    two = week[:2]
    assert made(*two, last_forms=("released", "voted")).headline == first.headline
    assert made(*two, last_forms=("voted", "released")).headline == second.headline
    alone = made(voted(1, 90), last_forms=("voted",))
    assert alone.headline == first.headline


def test_the_most_voted_paper_is_named_only_where_it_is_printed() -> None:
    """The minute leads to what it names, and does not call the second the first."""
    updated = voted(1, 90, standing="late", evidence=(CODE,))
    issue = made(updated, voted(2, 80), sizes=sizes(lead=1, new=0, new_titles=0))
    assert issue.headline == "“Paper 1” had more votes than any other new paper by Sunday: 90."
    nothing = made(updated, voted(2, 80), editorial=None, sizes=sizes(lead=0, new=0, new_titles=0))
    assert nothing.minute == ()
    assert nothing.headline == "New this week: 2 papers."


def test_a_topic_rises_against_what_is_usual() -> None:
    """A quarter more at least, and not of a handful."""
    papers = [pick(n, topic="t1") for n in range(60)] + [pick(n, topic="t2") for n in range(60, 65)]
    best = pick(99, evidence=(CODE,), topic="t1")

    def said(**usual: float) -> list[str]:
        issue = made(*papers, best, usual=usual)
        return [line.text for line in issue.minute if line.form == "rising"]

    assert said(t1=46.0, t2=1.0) == ["Topic 1: 61 new entries, a third more than usual."]
    assert said(t1=30.0) == ["Topic 1: 61 new entries, twice as many as usual."]
    assert said(t1=20.0) == ["Topic 1: 61 new entries, 3 times as many as usual."]
    assert said(t1=55.0) == said() == []


def test_papers_that_share_a_rare_phrase_are_told_together() -> None:
    """By the names before their colons; a phrase that half of the week has says nothing."""
    titles = {
        1: "OpenSeeker: Search Agents with Open Data",
        2: "MiroThinker-1.7: Scaling Search Agents",
        3: "Why search agents fail",
        4: "BrowseTea: A Search Agent for Tea",
    }
    papers = [pick(n, evidence=(CODE,), title=title) for n, title in titles.items()]
    rest = [pick(n, title=f"Language Models of Kind {n}") for n in range(10, 300)]
    issue = made(*papers, *rest)
    assert issue.headline == "Search agents: OpenSeeker, MiroThinker-1.7, BrowseTea and one more."
    assert issue.minute[0].about == tuple(ids(1, 2, 4))
    assert group([*papers[:2], *rest]) is None


def test_the_minute_has_five_lines_at_most_each_of_its_kind_first() -> None:
    """Of two lines of a kind the second waits until all kinds have one."""
    icml = replace(CVPR, venue="icml")
    event = pick(
        7, kind="event", starts=NOW + timedelta(days=3), occasion="deadline", title="Papers due"
    )
    gained = Acceptance("id:0009", CVPR, "", "CVPR", NOW)
    issue = made(
        voted(1, 90), release(2, "Kettle"), accepted(3), accepted(4, claims=(icml,)),
        accepted(9, standing="update"), events=(event,), acceptances=(gained,),
    )  # fmt: skip
    forms = [line.form for line in issue.minute]
    assert forms == ["voted", "released", "pressing", "accepted", "changed"]


def test_a_tag_counts_once_for_the_cap_that_is_its_chief_one() -> None:
    """Two papers whose second topic is the same do not take each other's place."""
    tags = (Tag("t1", 0.5, "x"),)
    papers = [pick(n, evidence=(CODE,), tags=(Tag(f"t{n + 2}", 0.9, "x"), *tags)) for n in range(8)]
    assert sections(made(*papers))["lead"] == ids(0, 1, 2, 3, 4)


# ---------------------------------------------------------------- what is not printed


def lacked(issue: Issue, number: int) -> str:
    """What an entry of the issue lacked, in words."""
    (one,) = (p for p in issue.entries if p.id == ids(number)[0])
    return " ".join(unprinted(issue, one, FRAME))


def test_an_entry_that_is_not_printed_is_told_what_it_lacked() -> None:
    """A reason to check, a better score, news of this week, a venue, or the editor's favour."""
    taken = Claim("other:embc", 2026, "main", "accepted")
    issue = made(
        *(voted(n, 500 - n) for n in range(40)),
        *(accepted(n, score=50 - n / 10) for n in range(50, 90)),
        pick(200),
        voted(201, 9),
        voted(202, 9, standing="update"),
        voted(203, 9, claims=(taken,)),
        voted(204, 600, score=200.0),
        post(205, score=0.1),
        editorial=Editorial(drop=tuple(ids(204))),
    )
    assert lacked(issue, 200).startswith(
        "It is number 42 of 84 papers by interest. It has no reason"
    )
    assert "The last that “New and promising” prints has a score of" in lacked(issue, 201)
    assert lacked(issue, 202).startswith("It is no news of this week")
    assert "A main track or a journal has taken it" in lacked(issue, 203)
    assert lacked(issue, 204) == "The editor dropped it."
    assert lacked(issue, 205) == "A post needs a score of 0.6."
    assert "The last that “Accepted at CVPR” prints has a score of" in lacked(issue, 89)


def test_an_entry_whose_authors_stand_in_its_section_is_told_that() -> None:
    """It scores more than the last that is printed, so its score is not what it lacked."""
    papers = [voted(n, 500 - n) for n in range(1, 9)]
    twin = voted(0, 400, score=99.85, authors=("Author 1",))
    issue = made(*papers, twin, sizes=sizes(lead=0, new=7, new_titles=0))
    assert "one of its authors has its share already" in lacked(issue, 0)


# ---------------------------------------------------------------- removed, dropped, before


def test_what_is_removed_or_dropped_is_named_in_no_line() -> None:
    """By whatever name: a line knows the entries that it is about, and a release its report."""
    titles = {
        1: "OpenSeeker: Search Agents",
        2: "MiroThinker: Search Agents",
        3: "On search agents",
    }
    papers = [pick(n, evidence=(CODE,), title=title) for n, title in titles.items()]
    rest = [pick(n, title=f"Language Models of Kind {n}") for n in range(10, 300)]
    whole = made(*papers, *rest)
    assert whole.headline.startswith("Search agents: ")
    gone = {ids(2)[0]: (Amendment(ids(2)[0], NOW, "removed", "at the authors' request"),)}
    after = amended(whole, gone)
    assert "MiroThinker" not in repr((after.headline, after.minute))
    assert after.headline == "“OpenSeeker” stands first: code is out."
    dropped = made(*papers, *rest, editorial=Editorial(drop=tuple(ids(2))))
    assert "MiroThinker" not in repr((dropped.headline, dropped.minute))
    told = (Mention(ids(5)[0], "blog5", "t", "u"),)
    report = pick(6, title="Kettle 2 Technical Report", discussed=told, evidence=(CODE,))
    issue = made(release(5, "Kettle 2"), report, sizes=NO_LEAD)
    after = amended(issue, {report.id: (Amendment(report.id, NOW, "removed", "x"),)})
    assert [item.report for part in after.sections for item in part.items] == [""]


def test_a_headline_that_named_nothing_else_says_how_much_is_new() -> None:
    """An empty one would be an empty link in the archive and an empty title in feeds."""
    issue = made(voted(1, 90))
    alone = replace(issue, minute=issue.minute[:1])
    gone = {ids(1)[0]: (Amendment(ids(1)[0], NOW, "removed", "x"),)}
    assert amended(alone, gone).headline == "New this week: 1 paper."


def test_no_paper_is_called_the_most_voted_where_two_are() -> None:
    """Nor is a group told by one name twice."""
    issue = made(voted(1, 90), voted(2, 90))
    assert all(line.form != "voted" for line in issue.minute)


def test_what_the_editor_leads_with_is_what_stands_first() -> None:
    """The line follows the section, not the score."""
    issue = made(
        pick(1, evidence=(CODE,)),
        pick(2, evidence=(CODE,)),
        editorial=Editorial(lead=tuple(ids(2))),
    )
    assert issue.headline == "“Paper 2” stands first: code is out."


def test_events_with_a_word_of_authors_in_their_name_stay() -> None:
    """Only a venue's own dates of reviews and copies are left out."""
    titles = (
        "Reading group: discussion of Mamba",
        "A Review of Diffusion",
        "Papers due (reviews in May)",
    )
    events = tuple(
        pick(n, kind="event", title=title, starts=NOW + timedelta(days=n + 1), venue=venue)
        for n, (title, venue) in enumerate(zip(titles, ("", "", "icml"), strict=True))
    )
    assert sections(made(events=events)) == {"dates": ids(0, 1, 2)}


def test_usual_is_the_mean_of_full_weeks_and_the_last_forms_are_kept(tmp_path: Path) -> None:
    """A week with less than half the entries of the fullest does not count, nor do two weeks alone."""
    with Store(tmp_path / "paper.db") as store:
        for week, count in (("2026-W06", 2), ("2026-W07", 8), ("2026-W08", 10)):
            picks = [
                replace(pick(n, topic="t1", evidence=(CODE,)), id=f"{week}:{n}")
                for n in range(count)
            ]
            store.keep_issue(made(*picks, week=week))
        assert before.usual(store, "2026-W10") == {}
        picks = [replace(pick(n, topic="t1"), id=f"w9:{n}") for n in range(12)]
        store.keep_issue(made(*picks, voted(99, 50), week="2026-W09"))
        assert before.usual(store, "2026-W10")["t1"] == 10.0
        assert before.last_forms(store, "2026-W10") == ("voted", "first")


def test_an_edition_leads_with_the_topics_that_its_filter_names() -> None:
    """However good the others that it lets through."""
    papers = [pick(n, evidence=(CODE,), topic="t1" if n < 6 else "t2") for n in range(12)]
    assert sections(made(*papers, first=frozenset({"t2"})))["lead"][:2] == ids(6, 7)


def test_titles_give_way_before_entries_and_keep_a_third() -> None:
    """The section in full stays whole while its titles can still go."""
    papers = [voted(n, 500 - n) for n in range(60)]
    whole = made(*papers, sizes=sizes(lead=0, words=9000))
    short = made(*papers, sizes=sizes(lead=0, words=whole.words - 40))
    forms = [item.form for item in short.sections[0].items]
    assert forms.count("full") == 8
    assert 5 <= forms.count("title") < 16
