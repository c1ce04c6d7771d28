"""Every error that this program raises on purpose.

SundayPaperError
  ConfigError       feeds.yaml: every mistake, each with its place and what would be right
  QueryError        a filter that does not parse, with its column and what was expected
  SourceError       one source failed; never stops the others
    FetchError      network, status, too large, too slow, refused address
    ParseError      what came back is not what it should be
  StoreError        a database is damaged, too new, or cannot be written
  BuildError        the pages cannot be written
  DeliveryError     nothing can be sent, or sending has to stop
  BusyError         another run is at work
"""

from __future__ import annotations

from dataclasses import dataclass


class SundayPaperError(Exception):
    """Base of all; its text is one sentence or more for a person: what happened, where, what to do."""


@dataclass(frozen=True)
class Mistake:
    """One mistake in a file: line and column count from 1, where is a path such as topics[4].match."""

    file: str
    line: int
    column: int
    where: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: "
        return f"{place}{self.where}: {self.message}" if self.where else f"{place}{self.message}"


class ConfigError(SundayPaperError):
    """All mistakes of feeds.yaml at once, in the order of the file."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(m) for m in mistakes))
        self.mistakes = mistakes


class QueryError(SundayPaperError):
    """A filter that does not parse. column counts from 1 in the query's text."""

    def __init__(self, query: str, column: int, message: str) -> None:
        super().__init__(f"column {column}: {message}")
        self.query, self.column, self.message = query, column, message


class SourceError(SundayPaperError):
    """One source failed."""


class FetchError(SourceError):
    """A request failed. status is the HTTP status or None; retry_after is in seconds or None.

    reason is one word: network, unreachable, status, large, slow, address, redirect, encoding, empty.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: str,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.reason, self.status, self.retry_after = reason, status, retry_after


class ParseError(SourceError):
    """The bytes are not the document that they should be."""


class StoreError(SundayPaperError):
    """A database is damaged, was written by a newer version, or cannot be written."""


class BuildError(SundayPaperError):
    """The pages cannot be written."""


class BusyError(SundayPaperError):
    """Another run is at work in the same root."""


class DeliveryError(SundayPaperError):
    """Nothing can be sent: the mail server, the mailbox, the list of readers; or sending has to stop."""
