"""Mail without a filter is the whole paper: nothing that the page counts is kept from its reader."""

from __future__ import annotations

import re
from dataclasses import replace

from composing import composed
from sample_issue import MASTHEAD, sample_issue
from sundaypaper import issue as issues
from sundaypaper.config import default_config
from sundaypaper.delivery.settings import DeliverySpec
from sundaypaper.formats.email import Links
from sundaypaper.formats.email.cutting import without
from sundaypaper.formats.email.sheet import sheet_of
from sundaypaper.formats.site import environment
from sundaypaper.issue.learn_and_build import learn
from sundaypaper.models import Amendment, Delivery, Editorial, Evidence, Issue, Pick, Subscriber
from sundaypaper.pipeline.mails import MailedIssue, Mails, Wish
from test_editions import CORE, LANDMARK, NOW, TOPICS, accepted, event, gained, pick, week

SAMPLE = sample_issue(110)
FIRST = SAMPLE.sections[0].items[0].id
SMTP = DeliverySpec("smtp", "paper@lab.example", inbox="paper@lab.example")
LIST = DeliverySpec("list", "paper@lab.example", to="ml-weekly@lab.example", inbox="p@lab.example")
ENV = environment(None)
WHOLE = Wish()
MARK = "markofatokenmarkofatokenab"
HEADLINE = "“Paper 0” stands first of the 10 papers that CVPR has taken."
ACCEPTED = "10 papers say that CVPR has taken them: Vision (4), Graphs (3) and Mlops (2) lead."


def post(number: int) -> Pick:
    """A post of a blog of its own."""
    return pick(number, "graphs", kind="post", source=f"Blog {number}", categories=(), evidence=())


def correction(number: int) -> tuple[Pick, Amendment]:
    """An entry of the week before and what was wrong with it."""
    note = Amendment(f"arxiv:2602.{number:05}", NOW, "note", f"Figure {number} is upside down.")
    return pick(number, "graphs", id=note.id, week="2026-W09"), note


def mixed(**given: object) -> Issue:
    """10 papers that claim and 30 that do not, 9 posts, 7 dates, 5 corrections, 6 newly accepted."""
    older = [accepted(100 + n, "vision", standing="update") for n in range(6)]
    corrected = [correction(n) for n in range(5)]
    return week(
        *(post(200 + n) for n in range(9)),
        *older,
        events=tuple(event(800 + n, 2 * n + 1) for n in range(7)),
        acceptances=tuple(gained(100 + n) for n in range(6)),
        corrections=tuple(issues.correction(one, "2026-W09", (note,)) for one, note in corrected),
        **given,
    )


def mails(issue: Issue, spec: DeliverySpec = SMTP) -> Mails:
    """The mails of an issue."""
    config = replace(default_config(), delivery=spec)
    return Mails(MailedIssue(config, spec, issue, {}, MARK, MARK[::-1], ENV))


def text(issue: Issue, wish: Wish = WHOLE, spec: DeliverySpec = SMTP) -> str:
    """The text of the mail of a wish."""
    return mails(issue, spec).made(wish, NOW).message.text


def sections(said: str) -> list[tuple[str, int, int]]:
    """The sections of a mail: title, entries that it prints, entries that it counts as more."""
    found = []
    for part in re.split(r"\n(?=[^\n]+\n-{3,}\n)", said)[1:]:
        more = re.search(r"^and ([\d,]+) more", part, re.MULTILINE)
        listed = len(re.findall(r"^\* ", part, re.MULTILINE))
        found.append((part.split("\n", 1)[0], listed, int(more[1]) if more else 0))
    return found


def test_a_mail_without_a_filter_has_the_sections_of_the_page() -> None:
    """Also those of entries without a claim: posts, corrections, dates, papers of the field."""
    issue = mixed()
    assert [(one.title, len(one.items), one.rest) for one in issue.sections] == [
        ("Read first", 5, 0),
        ("Accepted at CVPR", 8, 0),
        ("Newly accepted", 5, 1),
        ("New and promising", 8 + 16, 2),
        ("From the blogs", 5, 4),
        ("Learn and build", 1, 0),
        ("From the shelf", 1, 0),
        ("Dates", 5, 2),
        ("Corrections and follow-ups", 3, 2),
    ]
    assert sections(text(issue)) == [
        ("This week in one minute", 0, 0),
        ("Read first", 5, 0),
        ("Accepted at CVPR", 6, 2),
        ("Newly accepted", 4, 2),
        ("New and promising", 6 + 8, 12),
        ("From the blogs", 5, 4),
        ("Learn and build", 1, 0),
        ("From the shelf", 1, 0),
        ("Dates", 3, 4),
        ("Corrections and follow-ups", 3, 2),
        ("How this issue was made", 0, 0),
    ]


def test_a_list_gets_the_same_as_a_subscriber_without_a_filter() -> None:
    """From the first section to the last; the ways out alone are others."""
    one, list_ = text(mixed()), text(mixed(), spec=LIST)
    assert sections(list_) == sections(one)
    body = slice(
        one.index("Sunday Paper\n2 to 8 March 2026"), one.index("--------\nChange what you")
    )
    assert one[body] in list_


def test_headline_and_minute_are_those_of_the_page() -> None:
    """The editor's words where there are any, else what names something."""
    assert mails(mixed()).made(WHOLE, NOW).message.subject == f"Sunday Paper: {HEADLINE}".rstrip(
        "."
    )
    edited = mixed(editorial=Editorial("A kettle week", "Two words.", notes={LANDMARK.id: "Old."}))
    made = mails(edited).made(WHOLE, NOW).message
    assert made.subject == "Sunday Paper: A kettle week"
    assert f"- {ACCEPTED}" in " ".join(made.text.split())
    assert "The editor: Old." in made.text
    assert "A kettle week" not in text(edited, Wish("topic:graphs"))


def test_what_the_page_said_stands_though_it_would_be_counted_otherwise_today() -> None:
    """A printed issue never changes: its mail says its headline and its minute word by word."""
    made = mails(SAMPLE).made(WHOLE, NOW).message
    assert made.subject == "Sunday Paper: 89 papers say that they were accepted at CVPR 2026"
    assert "- ICML's author response ends on Thursday 12 March." in made.text
    assert "- Two blogs discuss the same paper on depth from one photograph." in made.text


def test_what_there_is_to_learn_finds_its_place_in_a_smaller_section() -> None:
    """A section is no longer than its size, and is there where there is anything for it."""
    survey = pick(1, "vision", evidence=(Evidence("survey", ""),))
    kit = pick(2, "vision", evidence=(Evidence("code", ""), Evidence("data", "")))
    practice = pick(3, "mlops", evidence=())
    three = [survey, kit, practice]
    assert [len(learn(three, size)) for size in range(5)] == [0, 1, 2, 3, 3]
    assert learn([practice], 1) == [("an engineering piece", practice)]
    assert learn([kit, practice], 2) == [
        ("code and data to build on", kit),
        ("an engineering piece", practice),
    ]


def test_a_week_without_news_is_a_mail_of_what_the_page_prints() -> None:
    """The landmark and the dates, with the page's headline; who wants no mail then gets none."""
    arguments = {
        "week": "2026-W10", "title": "Paper", "now": NOW, "topics": TOPICS,
        "core": CORE, "landmarks": (LANDMARK,), "events": (event(800, 3), event(801, 5)),
    }  # fmt: skip
    quiet = mails(composed(**arguments))
    message = quiet.made(WHOLE, NOW).message
    assert message.subject == "Sunday Paper: Nothing new this week"
    assert sections(message.text) == [
        ("From the shelf", 1, 0),
        ("Dates", 2, 0),
        ("How this issue was made", 0, 0),
    ]
    row = Delivery("2026-W10", 1, "a" * 26, queued=NOW)
    reader = Subscriber(1, "ada@lab.example", token="b" * 26)
    assert quiet.letter(row, reader)
    assert quiet.letter(row, replace(reader, empty="skip")) is None
    assert mails(mixed()).letter(row, replace(reader, empty="skip"))


def test_with_a_filter_it_is_what_matches_and_the_counts_of_the_week_are_called_so() -> None:
    """12 of 40 papers; the last lines count the whole issue and say that they do."""
    said = " ".join(text(mixed(), Wish("topic:vision")).split())
    assert "- 4 papers here say that CVPR has taken them." in said
    assert "The whole issue: 0 listed · 40 new · 9 posts" in said


def test_venues_are_not_counted_where_entries_fell_for_weight() -> None:
    """What is not printed any more is in no sum by venue; the sum of all stays."""
    sheet = sheet_of(SAMPLE, MASTHEAD, Links(), "", "", ENV.filters["claim"])
    light = without(sheet, frozenset({("newly_accepted", "arxiv:2603.00041"), ("lead", FIRST)}))
    before, after = (
        {one.id: (one.rest, one.note) for one in made.parts} for made in (sheet, light)
    )
    assert before["newly_accepted"] == (4, "And 3 more at ICML, 1 at NeurIPS.")
    assert after["newly_accepted"] == (5, "")
    assert (before["lead"], after["lead"]) == ((0, ""), (1, ""))
    assert after["corrections"] == before["corrections"]
    assert (sheet.how_made[1], light.how_made[1]) == (
        "This mail prints 68.",
        "This mail prints 66.",
    )


def test_no_number_of_a_mail_contradicts_another() -> None:
    """Minute, sections and the last lines count the same week, and the mail what it prints itself."""
    said = " ".join(text(mixed()).split())
    assert HEADLINE in said
    assert f"- {ACCEPTED}" in said
    assert "- 6 papers of earlier weeks now say where they were accepted; 6 at CVPR." in said
    assert "The whole issue: 0 listed · 40 new · 9 posts · 10 accepted at a core venue" in said
    assert "0 near · 57 printed." in said
    assert "This mail prints 42." in said
    assert sum(listed for _, listed, _ in sections(text(mixed()))) == 42
    assert "a landmark of Vision: 12 entries this week" in said
