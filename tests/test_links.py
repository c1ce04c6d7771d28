"""Which papers a post names, and how posts fold under papers and into one another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sundaypaper.links import stories
from sundaypaper.models import Entry, Sighting

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def post(name="p1", *, title="Some thoughts", summary="", url="", links=(), **more):
    """A post with a made-up canonical id."""
    url = url or f"https://blog.example/{name}"
    given: dict[str, Any] = {"source": "blog", "published": NOON} | more
    return Entry(
        f"post:{name}", "post", url=url, title=title, summary=summary, links=links, **given
    )


def paper(number="2603.00001", title="Slow Kettles Boil Water With Patience", **more):
    """A paper of the week."""
    url = f"https://arxiv.org/abs/{number}"
    return Entry(f"arxiv:{number}", "paper", "arxiv", url, title, **more)


def seen(entry, standing="new"):
    """A sighting on Wednesday noon."""
    return Sighting(entry, NOON, "2026-W10", standing)


def told(*entries):
    """The stories of new entries, by id."""
    found = stories(tuple(seen(e) if isinstance(e, Entry) else e for e in entries))
    return {story.sighting.entry.id: story for story in found}


def paper_ids(entry, *papers):
    """The arXiv ids of what a post links or names, in a week of these papers."""
    every = stories(tuple(seen(one, "new") for one in (entry, *papers)))
    story = next((one for one in every if one.sighting.entry.id == entry.id), None)
    if story is None:  # it is folded under its paper
        return tuple(one.sighting.entry.id for one in every if one.discussed)
    return tuple(id for id in story.papers if id.startswith("arxiv:"))


@pytest.mark.parametrize(
    "link",
    [
        "https://arxiv.org/abs/2603.00001",
        "http://www.arxiv.org/pdf/2603.00001v2.pdf",
        "https://export.arxiv.org/html/2603.00001v1#S2",
        "https://ar5iv.labs.arxiv.org/html/2603.00001",
        "https://www.alphaxiv.org/abs/2603.00001?tab=comments",
        "https://huggingface.co/papers/2603.00001",
        "https://doi.org/10.48550/arXiv.2603.00001",
        "https://t.example/?u=https%3A%2F%2Farxiv.org%2Fabs%2F2603.00001",
    ],
)
def test_every_way_to_link_a_paper_gives_its_id(link):
    """Hosts, versions, anchors, file endings and wrapped addresses make no difference."""
    assert paper_ids(post(links=(link,))) == ("arxiv:2603.00001",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see arXiv:2603.00001v2.", ("arxiv:2603.00001",)),
        ("(arXiv: 2603.00001), and arxiv 2603.00002", ("arxiv:2603.00001", "arxiv:2603.00002")),
        ("论文arXiv:2603.00001很好", ("arxiv:2603.00001",)),
        ("https://arxiv.org/abs/cs.LG/9901002v1", ("arxiv:cs/9901002",)),
        ("arXiv:hep-th/9901002", ("arxiv:hep-th/9901002",)),
    ],
)
def test_an_id_in_running_text_is_found(text, expected):
    """Punctuation, versions, other scripts and old ids are understood."""
    assert paper_ids(post(summary=text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://arxiv.org/a/smith_j_1",
        "https://arxiv.org/list/cs.LG/recent",
        "https://notarxiv.org/abs/2603.00001",
        "https://arxiv.org/abs/2613.00001",
        "https://arxiv.org/abs/2603.0001",
        "arXiv:2603.000011",
        "arXiv:cs/9913002",
        "version 2603.00001 of the tool",
    ],
)
def test_what_only_looks_like_an_id_gives_none(text):
    """Author pages, other hosts, months that do not exist and plain numbers name no paper."""
    assert paper_ids(post(summary=text, links=(text,))) == ()


def test_a_title_in_the_text_names_its_paper():
    """The whole folded title must stand in one text, and have five words or more."""
    known = paper(), paper("2603.00002", title="Cold Tea")
    assert paper_ids(post(summary="In “Slow Kettles boil water — with patience” we"), *known) == (
        "arxiv:2603.00001",
    )
    assert paper_ids(post(summary="Slow kettles boil water. Cold tea."), *known) == ()
    assert paper_ids(post(title="Slow kettles boil", summary="water with patience"), *known) == ()


def test_a_post_about_a_paper_of_the_week_is_folded_under_it():
    """It becomes a mention and takes no place of its own."""
    found = told(paper(), post(links=("https://arxiv.org/abs/2603.00001",)))
    assert list(found) == ["arxiv:2603.00001"]
    assert [m.id for m in found["arxiv:2603.00001"].discussed] == ["post:p1"]


def test_a_post_that_only_names_the_title_is_folded_too():
    """The titles of the week's papers are known without being handed in."""
    found = told(paper(), post(summary="On slow kettles boil water with patience, a paper."))
    assert list(found) == ["arxiv:2603.00001"]


def test_two_papers_of_one_title_are_not_guessed_between():
    """A title that two papers share names neither."""
    found = told(
        paper(), paper("2603.00002"), post(summary="Slow kettles boil water with patience.")
    )
    assert "post:p1" in found


def test_a_post_about_a_paper_of_another_week_stays_a_story():
    """There is nothing here to fold it under."""
    found = told(paper(), post(links=("https://arxiv.org/abs/2501.00001",)))
    assert set(found) == {"arxiv:2603.00001", "post:p1"}


@pytest.mark.parametrize(
    "link",
    [
        "https://doi.org/10.1234/Kettle.5",
        "http://dx.doi.org/10.1234/kettle.5",
        "https://t.example/?to=https%3A%2F%2Fdoi.org%2F10.1234%2Fkettle.5",
        "https://openreview.net/forum?id=kEttle_Ab1",
        "https://openreview.net/pdf?noteId=1&id=kEttle_Ab1",
    ],
)
def test_a_post_that_links_a_paper_at_its_publisher_is_folded_under_it(link):
    """By the DOI that arXiv states, or the OpenReview page that the authors' comment names."""
    comment = "Reviews: https://openreview.net/forum?id=kEttle_Ab1"
    found = told(paper(doi="10.1234/kettle.5", comment=comment), post(links=(link,)))
    assert list(found) == ["arxiv:2603.00001"]


@pytest.mark.parametrize(
    "link", ["https://doi.org/10.1234/kettle.55", "https://openreview.net/forum?id=kettle_ab1"]
)
def test_another_doi_or_review_is_another_paper(link):
    """Whole identifiers are compared, and OpenReview's by case."""
    comment = "https://openreview.net/forum?id=kEttle_Ab1"
    found = told(paper(doi="10.1234/kettle.5", comment=comment), post(links=(link,)))
    assert "post:p1" in found


def test_a_doi_in_running_text_is_read_without_its_full_stop():
    """Punctuation ends it; two papers that state one DOI are not guessed between."""
    said = post(summary="See doi: 10.1234/kettle.5).")
    assert "post:p1" not in told(paper(doi="10.1234/kettle.5"), said)
    twice = told(*(paper(n, n, doi="10.1234/kettle.5") for n in ("2603.00001", "2603.00002")), said)
    assert "post:p1" in twice


def test_a_story_keeps_the_papers_that_its_post_names():
    """Of whatever week, for the ranking to weigh."""
    link = "https://arxiv.org/abs/2501.00001"
    assert told(post(links=(link,)))["post:p1"].papers == ("arxiv:2501.00001",)
    assert told(paper())["arxiv:2603.00001"].papers == ()


@pytest.mark.parametrize(("number", "folded"), [(3, True), (4, False)])
def test_a_list_of_links_is_not_a_discussion(number, folded):
    """Up to three papers are discussed; more make a list, which stays a story."""
    papers = [paper(f"2603.0000{i}", f"Title {i}") for i in range(number)]
    found = told(*papers, post(links=tuple(p.url for p in papers)))
    assert ("post:p1" not in found) is folded
    assert all(bool(found[p.id].discussed) is folded for p in papers)


def test_updates_and_backlog_neither_fold_nor_are_folded_into():
    """A paper that is not printed would swallow the post; an old post discusses nothing new."""
    link = ("https://arxiv.org/abs/2603.00001",)
    assert "post:p1" in told(seen(paper(), "update"), post(links=link))
    found = told(paper(), seen(post(links=link), "backlog"))
    assert not found["arxiv:2603.00001"].discussed
    assert "post:p1" in found


def test_the_same_address_on_two_feeds_is_one_story():
    """The lab tells it; the newsletter is a copy."""
    first = post(title="A kettle", source="digest", group="newsletter")
    second = post(
        title="A kettle", source="maker", group="lab", published=NOON + timedelta(hours=1)
    )
    story = told(first, second)["post:p1"]
    assert story.sighting.entry.source == "maker"
    assert [m.source for m in story.copies] == ["digest"]


@pytest.mark.parametrize(
    ("title", "days", "stories_told"),
    [
        ("We built a better kettle", 3, 1),
        ("We built a better kettle", 4, 2),
        ("A better kettle", 0, 2),
        ("Weekly news about better kettles", 0, 2),
    ],
)
def test_one_title_within_three_days_is_one_story(title, days, stories_told):
    """Four words or more, three days at most, and no title of a series."""
    later = NOON + timedelta(days=days)
    found = told(
        post("a", title=title, source="one"),
        post("b", title=title.upper() + "!", source="two", published=later),
    )
    assert len(found) == stories_told


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("https://kettle.example/news/tea/", "http://www.kettle.example/news/tea?utm_source=x"),
        ("https://kettle.example/tea/index.html", "https://kettle.example/tea"),
        ("https://kettle.example/tea?source=rss", "https://kettle.example/tea?mc_cid=9&_hsenc=1"),
    ],
)
def test_one_address_written_twice_is_one_story(a, b):
    """Scheme, www, last slash and trackers do not count, nor do days; the title must be one."""
    later = NOON + timedelta(days=20)
    one = post("a", title="Tea", source="one", url=a)
    assert len(told(one, post("b", title="TEA", source="two", url=b, published=later))) == 1
    assert len(told(one, post("b", title="Coffee", source="two", url=b))) == 2


@pytest.mark.parametrize(
    ("first", "second", "stories_told"),
    [
        ("Our report on slow kettles and tea", "Report: slow kettles, tea", 1),
        ("A detailed report on slow kettles", "Report on slow kettles, detailed", 1),
        ("Detailed report on slow old kettles", "A report on slow old kettles", 1),
        ("Report on slow kettles (2 of 2) today", "Report on slow kettles today", 2),
        ("Report on slow kettles today", "Report on slow kettles today, part 2", 2),
        (
            "Our report on slow old kettles",
            "A report on slow old kettles: why coffee tastes better",
            2,
        ),
        ("Slow kettles", "Slow old kettles", 2),
        ("Kettle 4.5 is slow and hot", "Kettle 4.6 is slow and hot", 2),
    ],
)
def test_nearly_one_title_on_one_site_is_one_story(first, second, stories_told):
    """One holds all words of the other and little else, and no other number or part."""
    a = post("a", title=first, source="one", url="https://www.kettle.example/news/x")
    b = post("b", title=second, source="two", url="https://lab.kettle.example/y")
    assert len(told(a, b)) == stories_told
    elsewhere = post("c", title=second, source="two", url="https://pot.example/y")
    assert len(told(a, elsewhere)) == 2


@pytest.mark.parametrize(
    "hosts",
    [
        ("https://ann.substack.com/p/x", "https://bob.substack.com/p/y"),
        ("https://ann.github.io/x", "https://bob.github.io/y"),
        ("https://lab.u-tokyo.ac.jp/news/x", "https://ml.kyoto-u.ac.jp/news/y"),
        ("https://ai.unimelb.edu.au/x", "https://ml.sydney.edu.au/y"),
        ("https://www.a.com.cn/x", "https://www.b.com.cn/y"),
    ],
)
def test_publishers_below_one_suffix_are_not_one_site(hosts):
    """Two people on a shared host, or two universities, write nearly one title by chance."""
    a = post("a", title="Detailed report on slow old kettles", source="one")
    b = post("b", title="A report on slow old kettles", source="two")
    found = told(*(replace(p, url=url) for p, url in zip((a, b), hosts, strict=True)))
    assert len(found) == 2


@pytest.mark.parametrize(("summary", "stories_told"), [("Tea again.", 1), ("Other tea.", 2)])
def test_a_feed_that_repeats_a_title_tells_one_story_only_in_the_same_words(summary, stories_told):
    """A blog's own posts of one title are mostly a series or a thread."""
    a = post("a", title="What I brewed this morning", summary="Tea again.")
    b = post("b", title="What I brewed this morning", summary=summary)
    assert len(told(a, b)) == stories_told


def test_entries_of_one_page_are_as_many_as_its_feed_says():
    """A page of release notes has one address, and may repeat its words."""
    pages = {"title": "What is new in kettles", "url": "https://kettle.example/notes"}
    assert (
        len(told(post("a", summary="Fixes.", **pages), post("b", summary="Fixes.", **pages))) == 2
    )


def test_a_short_title_is_one_story_where_the_page_is_named_alike():
    """One site, the same last part of the address, within days."""
    a = post("a", title="Hot tea", source="one", url="https://kettle.example/news/hot-tea")
    b = post("b", title="Hot tea", source="two", url="https://www.kettle.example/lab/hot-tea/")
    assert len(told(a, b)) == 1
    assert len(told(a, replace(b, url="https://www.kettle.example/lab/tea"))) == 2
    assert len(told(a, replace(b, url="https://pot.example/lab/hot-tea/"))) == 2
    assert len(told(a, replace(b, published=NOON + timedelta(days=9)))) == 2


def test_a_source_name_behind_the_title_is_not_part_of_it():
    """`Title | Source` on one feed is `Title` on another."""
    a = post("a", title="We boil water slowly | Kettle News", source="Kettle News")
    assert len(told(a, post("b", title="We boil water slowly", source="two"))) == 1


def test_copies_of_one_story_count_as_one_voice():
    """Three feeds that carry one post about a paper give one mention."""
    link = ("https://arxiv.org/abs/2603.00001",)
    copies = [post(n, title="We read about slow kettles", source=n, links=link) for n in "abc"]
    assert len(told(paper(), *copies)["arxiv:2603.00001"].discussed) == 1


def test_the_order_of_sightings_makes_no_difference():
    """Any order gives the same stories in the same order; none gives none."""
    entries = [paper(), *(post(n, title="We built a better kettle", source=n) for n in "abc")]
    entries.append(post("d", links=("https://arxiv.org/abs/2603.00001",)))
    expected = stories(tuple(map(seen, entries)))
    assert stories(tuple(map(seen, reversed(entries)))) == expected
    assert [s.sighting.entry.id for s in expected] == ["arxiv:2603.00001", "post:a"]
    assert stories(()) == ()
