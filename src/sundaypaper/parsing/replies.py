"""What a child answers: the result of a parser as JSON, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from sundaypaper import codec


@dataclass(frozen=True, slots=True)
class Answered:
    """The head of an answer. error names the kind of refusal, empty where a result follows.

    With last the child ends after it: it holds more memory than an idle one should.
    """

    error: str = ""
    words: str = ""
    last: bool = False

    @classmethod
    def read(cls, raw: bytes) -> Answered:
        """The head back; ValueError where it is none."""
        return codec.from_json(cls, raw)


class Refused(Exception):
    """A parser refused the document. kind is the class of its error by name."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind
