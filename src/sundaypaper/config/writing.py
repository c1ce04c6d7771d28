"""feeds.yaml edited as a person would: the lines that change do, and every other stays to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sundaypaper.errors import ConfigError, Mistake
from sundaypaper.forms.document import Steps, dotted
from sundaypaper.forms.spans import Span, flow, spans

WIDTH = 100
MARK = "\ufeff"
BY_HAND = "change it by hand"


@dataclass(slots=True)
class FeedsText:
    """The text of a feeds.yaml, with its comments; file is what mistakes call it.

    A path is a text such as `print.at`, or steps such as ("sources", 3, "url"). ConfigError where
    the text is not YAML, or where what is there cannot be edited so; then nothing is changed.
    """

    text: str
    file: str = "feeds.yaml"

    def has(self, path: str | Steps) -> bool:
        """Whether the file says something at a place."""
        return _steps(path) in self._spans()

    def set(self, path: str | Steps, value: object, *, after: str = "") -> None:
        """Write a value in place of the one that is there, or as a new key of what it belongs to.

        after names the key of the same level behind which a new one is written; else it comes last.
        """
        steps = _steps(path)
        known = self._spans()
        if span := known.get(steps):
            self._replace(steps, span, value)
            return
        parent = known.get(steps[:-1])
        if parent is None or parent.blank:
            if len(steps) < 2:
                self._put(len(self.text), f"{steps[0]}: {flow(value)}{self._end}")  # fmt: skip
                return
            self.set(steps[:-1], {str(steps[-1]): value}, after=after)
        elif parent.holds is not dict:
            raise self._mistake(steps[:-1], parent, f"holds no keys: {BY_HAND}")
        else:
            self._add_key(steps, parent, value, known.get((*steps[:-1], after)))

    def extend(self, path: str | Steps, values: Sequence[object]) -> None:
        """Write values as the last of a list of lines, all at once."""
        if not values:
            return
        first, *rest = values
        self.append(path, first)
        span = self._spans()[_steps(path)]
        if not rest:
            return
        if span.flow:
            for value in rest:
                self.append(path, value)
            return
        last = self._spans()[*_steps(path), span.count - 1]
        indent = self._column(self._dash(last))
        written = "".join(self._item(indent, value, "") for value in rest)
        self._put(self._line_end(last.end), written)

    def append(self, path: str | Steps, value: object, *, comment: str = "") -> None:
        """Write a value as the last of a list, with a comment in a line above it."""
        steps = _steps(path)
        span = self._spans().get(steps)
        if span and span.shared:
            raise self._alias(steps, span)
        if span and not span.blank and span.holds is not list:
            raise self._mistake(steps, span, f"is no list: {BY_HAND}")
        if span and span.flow and (span.count or not isinstance(value, Mapping)):
            self._put(self._closing(span), f"{', ' if span.count else ''}{flow(value)}")
        elif span is None or not span.count:
            self._begin_list(steps, span, value, comment)
        else:
            last = self._spans()[*steps, span.count - 1]
            if last.shared:
                raise self._alias(steps, last)
            indent = self._column(self._dash(last))
            self._put(self._line_end(last.end), self._item(indent, value, comment))

    def remove(self, *paths: str | Steps) -> None:
        """Take out items of a list or keys that stand in lines of their own, with the comments right above."""
        known = self._spans()
        cuts: list[tuple[int, int]] = []
        for steps in map(_steps, paths):
            span = known[steps]
            parent = known[steps[:-1]]
            if span.shared or parent.flow:
                raise self._mistake(steps, span, f"stands among others in one line: {BY_HAND}")
            start = span.key if span.key >= 0 else self._dash(span)
            cuts.append((self._with_comments(start), self._line_end(span.end)))
        text = self.text
        for start, end in sorted(cuts, reverse=True):
            text = text[:start] + text[end:].lstrip("\r\n")
        self._become(text)

    # ------------------------------------------------------------ how it is written

    def _replace(self, steps: Steps, span: Span, value: object) -> None:
        if span.shared:
            raise self._alias(steps, span)
        written = flow(value)
        if span.holds is list and not span.flow and isinstance(value, list | tuple) and value:
            margin = self._end + " " * self._column(span.start)
            written = margin.join(f"- {flow(item)}" for item in value)
        if span.blank:
            self._put(span.end, f" {written}")
            return
        rest = self.text[span.end : self._line_end(span.end)]
        gap = len(rest) - len(rest.lstrip(" "))
        end = span.end
        if gap and rest.lstrip(" ").startswith("#") and "\n" not in self.text[span.start : end]:
            # The comment behind it stays in its column where there is room.
            end += gap
            written += " " * max(2, gap + (span.end - span.start) - len(written))
        self._become(self.text[: span.start] + written + self.text[end:])

    def _add_key(self, steps: Steps, parent: Span, value: object, after: Span | None) -> None:
        line = f"{flow(str(steps[-1]))}: {flow(value)}"
        if parent.shared:
            raise self._alias(steps[:-1], parent)
        if parent.flow:
            self._put(self._closing(parent), f", {line}" if parent.count else line)
            return
        place = self._line_end(after.end if after else parent.end)
        indent = self._column(parent.start)
        if after:
            place = self._behind_comments(place, indent)
        self._put(place, f"{' ' * indent}{line}{self._end}")

    def _begin_list(self, steps: Steps, span: Span | None, value: object, comment: str) -> None:
        written = self._item(2, value, comment)
        if len(steps) > 1:
            self.set(steps, [value])
        elif span is None:
            start = f"{steps[0]}:{self._end}"
            self._put(len(self.text), start + written)
        else:
            text = self.text[: span.start].rstrip(" ") + self.text[span.end :]
            place = text.find("\n", len(self.text[: span.start].rstrip(" "))) + 1 or len(text)
            self._become(text[:place] + ("" if text[:place].endswith("\n") else self._end) + written + text[place:])  # fmt: skip

    def _item(self, indent: int, value: object, comment: str) -> str:
        """The lines of an item: in one line where it fits, else a line a key."""
        margin = " " * indent
        above = f"{margin}# {comment}{self._end}" if comment else ""
        line = f"{margin}- {flow(value)}"
        if len(line) > WIDTH and isinstance(value, Mapping):
            lines = [f"{flow(key)}: {flow(part)}" for key, part in value.items()]
            line = f"{margin}- " + f"{self._end}{margin}  ".join(lines)
        return f"{above}{line}{self._end}"

    # ------------------------------------------------------------ where it is written

    @property
    def _end(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def _spans(self) -> Mapping[Steps, Span]:
        if self.text.startswith(MARK):
            self.text = self.text.removeprefix(MARK)
        return spans(self.text, self.file)

    def _put(self, place: int, new: str) -> None:
        before = self.text[:place]
        if before and not before.endswith("\n") and new.endswith("\n"):
            before += self._end
        self._become(before + new + self.text[place:])

    def _become(self, text: str) -> None:
        spans(text, self.file)  # raises where the edit would break the file
        self.text = text

    def _line_start(self, place: int) -> int:
        return self.text.rfind("\n", 0, place) + 1

    def _line_end(self, place: int) -> int:
        """Where the line after this place begins."""
        return self.text.find("\n", place) + 1 or len(self.text)

    def _column(self, place: int) -> int:
        return place - self._line_start(place)

    def _dash(self, item: Span) -> int:
        return self.text.rfind("-", 0, item.start)

    def _closing(self, span: Span) -> int:
        """Where the next item goes in brackets: behind the last one that is there."""
        inside = self.text[span.start : span.end - 1]
        if "#" in inside:
            return span.end - 1
        return span.start + len(inside.rstrip().removesuffix(","))

    def _behind_comments(self, place: int, indent: int) -> int:
        """The place behind comments that stand further in, which belong to what is before them."""
        while (line := self.text[place : self._line_end(place)]).lstrip(" ").startswith("#"):
            if len(line) - len(line.lstrip(" ")) <= indent:
                break
            place = self._line_end(place)
        return place

    def _with_comments(self, place: int) -> int:
        """The start of the line of a place, or of the comments right above it that stand as far in."""
        start = self._line_start(place)
        margin = " " * (place - start)
        while start:
            above = self._line_start(start - 1)
            if not self.text[above:start].startswith(f"{margin}#"):
                break
            start = above
        return start

    def _alias(self, steps: Steps, span: Span) -> ConfigError:
        return self._mistake(steps, span, f"is shared by an anchor (&, *): {BY_HAND}")

    def _mistake(self, steps: Steps, span: Span, message: str) -> ConfigError:
        before = self.text[: span.start]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        return ConfigError((Mistake(self.file, line, column, dotted(steps), message),))


def _steps(path: str | Steps) -> Steps:
    return tuple(path.split(".")) if isinstance(path, str) else path
