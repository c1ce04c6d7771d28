"""Reports of a run at the terminal: a line for each step, a bar while sources answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.markup import escape

if TYPE_CHECKING:
    from rich.console import Console

LONGEST = 60


def say(console: Console, text: str) -> None:
    """Print a line as it is, without reading markup in text that others wrote."""
    console.print(text, markup=False, highlight=False)


class Reporter:
    """Prints a line for each step with its counts and seconds, and a bar of sources on a terminal.

    Sources report from several threads; rich's console takes one line at a time. say takes what goes
    well, warn what a person has to look at; bare shows neither the bar nor what arXiv is asked.
    """

    def __init__(
        self,
        console: Console,
        say: Callable[[str], None],
        warn: Callable[[str], None],
        bare: bool = False,
    ) -> None:
        self.console, self.say, self.warn, self.bare = console, say, warn, bare
        self.seconds: dict[str, float] = {}
        self.began = time.monotonic()
        # Here, since most commands print lines and show no bar.
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

        columns = (SpinnerColumn(), BarColumn(30), MofNCompleteColumn(), TextColumn("{task.description}"))  # fmt: skip
        self.bar = Progress(
            *columns, console=console, transient=True, disable=bare or not console.is_terminal
        )

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Time one step; texts that are added to the list are printed after its name."""
        began, notes = time.monotonic(), list[str]()
        yield notes
        took = time.monotonic() - began
        self.seconds[name] = round(took, 3)
        self.say(f"{name:<10}{took:7.2f} s  {' · '.join(notes)}")

    @property
    def total(self) -> float:
        """Seconds since the first step began."""
        return time.monotonic() - self.began

    @contextmanager
    def sources(self, count: int) -> Iterator[None]:
        """Show a bar of so many sources."""
        task = self.bar.add_task("collecting", total=count)
        with self.bar:
            yield
        self.bar.remove_task(task)

    def source(self, line: str) -> None:
        """Advance the bar by a source that is done."""
        for task in self.bar.task_ids:
            self.bar.update(task, advance=1, description=escape(line[:LONGEST]))

    def arxiv(self, line: str) -> None:
        """Print a line about arXiv: a slice that arrived, or what is waited for."""
        for task in self.bar.task_ids:
            self.bar.update(task, description=escape(line[:LONGEST]))
        if not self.bare:
            self.console.print(f"  {line}", style="dim", markup=False, highlight=False)
