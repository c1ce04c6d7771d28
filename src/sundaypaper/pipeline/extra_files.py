"""The files of output formats that extensions bring: `extras/NAME/WEEK/…`, the newest issue's also above."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from sundaypaper import build
from sundaypaper.build import Group
from sundaypaper.config.extension_settings import name_of
from sundaypaper.models import Page
from sundaypaper.pipeline.extensions import Extensions
from sundaypaper.pipeline.publishing_context import PublishingContext, kept


def extra_groups(
    context: PublishingContext, output: Path, extensions: Extensions
) -> Iterator[Group]:
    """A group for each printed issue in each format, made anew where the issue or its code changed.

    One that breaks has no group, so that the next build asks it again.
    """
    for word, code in extensions.formats():
        folder = f"extras/{name_of(word)}"
        for at, head in enumerate(context.frozen):
            ids = context.printed.get(head.week, frozenset())
            made_from = context.fingerprint(word, code, weeks=[head.week], ids=ids)
            places = [f"{folder}/{head.week}", *([folder] if at == 0 else [])]
            for place in places:
                yield from _group(context, output, extensions, word, head.week, place, made_from)


def _group(
    context: PublishingContext,
    output: Path,
    extensions: Extensions,
    word: str,
    week: str,
    folder: str,
    made_from: str,
) -> Iterator[Group]:
    group = Group(f"{folder} of {week}", made_from, tuple)
    if build.kept(output, group.name, made_from):
        yield group
        return
    pages = extensions.pages(word, kept(context, week)[0], folder)
    if pages is not None:
        yield replace(group, make=_given(pages))


def _given(pages: tuple[Page, ...]) -> Callable[[], tuple[Page, ...]]:
    return lambda: pages
