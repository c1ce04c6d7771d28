"""Renders pages from templates: the Jinja environment, checks of templates, and style sheets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import rcssmin
from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
)
from jinja2 import (
    Environment as Environment,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from sundaypaper import markdown
from sundaypaper.formats import mathematics
from sundaypaper.formats.hrefs import arxiv_id, code_url, slug, web
from sundaypaper.formats.references import bibtex, citation_meta
from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.formats.site.speaking import Speaking, speak
from sundaypaper.formats.template import mistake, rendered
from sundaypaper.formats.venue_names import VENUES
from sundaypaper.formats.view import encode
from sundaypaper.models import Page
from sundaypaper.weeks import closes_quarter
from sundaypaper.weeks import quarter as quarter_of
from sundaypaper.wording.amendments import amendment_label, amendment_words
from sundaypaper.wording.claims import around, claim_short, claim_words
from sundaypaper.wording.counts import number, plural
from sundaypaper.wording.dates import day_words, quarter_words, week_words, when_words
from sundaypaper.wording.people import authors_words, shared_authors
from sundaypaper.wording.reports import state_words, troubled
from sundaypaper.wording.sentences import sentence
from sundaypaper.wording.tongue import ENGLISH, Tongue

SHIPPED = "shipped"
PACKAGED = Path(__file__).parent.parent.parent / "templates"


class _Compiled(BytecodeCache):
    """Templates that this process has compiled; Jinja compares each with its text of now."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is kept for its template and its text."""
        if code := self.kept.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket holds."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


# A run makes the environment twice and the demo six times, over the same templates.
_COMPILED = _Compiled()


def environment(
    folder: Path | None, venues: Mapping[str, str] = VENUES, tongue: Tongue = ENGLISH
) -> Environment:
    """Jinja over a user's templates, file by file before the packaged ones; escapes everything.

    venues are the names to print by key, tongue the language of our own words.
    """
    folders = [PACKAGED] if folder is None else [folder, PACKAGED]
    env = Environment(
        loader=ChoiceLoader(
            [
                *(Speaking(place, tongue) for place in folders),
                # A template of one's own extends the one whose place it takes: shipped/base.html.
                PrefixLoader({SHIPPED: Speaking(PACKAGED, tongue)}),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_COMPILED,
    )
    env.filters.update(
        amended=amendment_words,
        amendment=amendment_label,
        arxiv_id=arxiv_id,
        authors=authors_words,
        bibtex=partial(bibtex, venues=venues),
        citation_meta=citation_meta,
        claim=partial(claim_words, names=venues),
        claim_short=partial(claim_short, names=venues),
        code_url=code_url,
        day=day_words,
        isolated=mathematics.isolated,
        markdown=lambda text: Markup(markdown.html(text)),  # noqa: S704 it writes no HTML of others
        marked=mathematics.marked,
        number=number,
        plain=mathematics.plain,
        plural=plural,
        quarter=quarter_words,
        quarter_of=quarter_of,
        sentence=sentence,
        shared_authors=shared_authors,
        slug=slug,
        state=state_words,
        troubled=troubled,
        web=web,
        week=week_words,
    )
    env.globals.update(around=around, when=when_words)
    env.tests.update(quarters_end=closes_quarter)
    speak(env, tongue)
    return env


def check(env: Environment) -> None:
    """BuildError with file and line where a template of the user's has a mistake."""
    for name in env.list_templates(filter_func=lambda name: not name.startswith(f"{SHIPPED}/")):
        try:
            if name.endswith((".html", ".txt")):
                env.get_template(name)
            else:
                copy(name, env)
        except (TemplateError, UnicodeDecodeError, OSError, RecursionError) as bad:
            raise mistake(env, name, bad) from bad


def render(template: str, path: str, env: Environment, frame: PageFrame, **values: object) -> Page:
    """A page from a template that gets its path, the frame, and the way to the build's root."""
    return render_from("../" * path.count("/"), template, path, env, frame, **values)


def render_from(
    root: str, template: str, path: str, env: Environment, frame: PageFrame, **values: object
) -> Page:
    """A page whose links begin with a root of its own, such as `/`, which holds at any depth."""
    page = {"root": root, "path": path, "frame": frame, "masthead": frame.masthead}
    return Page(path, encode(rendered(env, template, **page, **values)))


def copy(name: str, env: Environment) -> Page:
    """A file of the templates as it is, a style sheet without what only people read."""
    if env.loader is None:
        raise ValueError("the environment has no loader; make it with environment()")
    text, _, _ = env.loader.get_source(env, name)
    return Page(name, encode(rcssmin.cssmin(text) if name.endswith(".css") else text))
