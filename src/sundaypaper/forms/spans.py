"""Where each value of a YAML text begins and ends, and values as YAML text, to edit a file in place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sundaypaper.forms.document import NULL, Steps, composed

# Text that needs no quotes, wherever it stands and whoever reads it; much else would not either.
PLAIN = re.compile(r"[^\W\d_](?:[\w./@+&;=%~?*()–’-]|[ :](?=[\w(/]))*")
WORDS = frozenset("null true false yes no on off y n".split())


@dataclass(frozen=True, slots=True)
class Span:
    """A value from start to end, in characters of the text; its key, where it has one, begins at key.

    flow is true of what is written in brackets; blank of what is not written at all. shared is true
    where an alias makes one text stand for two values. count is the number of items or keys.
    """

    start: int
    end: int
    key: int
    flow: bool
    blank: bool
    shared: bool
    holds: type | None
    count: int = 0


def spans(text: str, file: str) -> Mapping[Steps, Span]:
    """The span of each value by its place; ConfigError where the text is not YAML."""
    root = composed(text, file)
    walk = _Walk(text)
    if root is not None:
        walk.value(root, (), -1)
    return walk.found


def flow(value: object) -> str:
    """A value as YAML in one line, which reads the same in a list, in keys and values, or alone."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if not isinstance(value, str):
        return json.dumps(value)
    if PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    plain = "'" not in value and value.isprintable()
    return f"'{value}'" if plain else json.dumps(value, ensure_ascii=False)


@dataclass(slots=True)
class _Walk:
    """Walks the nodes once; a node that is met again is an alias."""

    text: str
    found: dict[Steps, Span] = field(default_factory=dict)
    met: dict[int, Steps] = field(default_factory=dict)

    def value(self, node: Node, steps: Steps, key: int) -> int:
        """Note a node and those in it; where it ends."""
        if (first := self.met.setdefault(id(node), steps)) != steps:
            return self._alias(first, steps, key)
        start, end, count = int(node.start_mark.index), int(node.end_mark.index), 0
        inner = 0
        holds: type | None = None
        if isinstance(node, MappingNode):
            holds, count = dict, len(node.value)
            for name, value in node.value:
                label = str(name.value) if isinstance(name, ScalarNode) else ""
                inner = self._entry(name, value, (*steps, label))
        elif isinstance(node, SequenceNode):
            holds, count = list, len(node.value)
            for number, value in enumerate(node.value):
                inner = self.value(value, (*steps, number), -1)
        brackets = bool(getattr(node, "flow_style", False)) and holds is not None
        if not brackets:  # what is written in a block seems to end where the next thing begins
            end = inner or start + len(self.text[start:end].rstrip())
        self.found[steps] = Span(start, end, key, brackets, False, False, holds, count)
        return end

    def _entry(self, name: Node, value: Node, steps: Steps) -> int:
        key = name.start_mark.index
        if isinstance(value, ScalarNode) and value.tag == NULL and not value.value:
            end = self.text.index(":", name.end_mark.index) + 1
            self.found[steps] = Span(end, end, key, False, True, False, None)
            return end
        return self.value(value, steps, key)

    def _alias(self, first: Steps, steps: Steps, key: int) -> int:
        """Both places of an alias are shared: where it is written itself, no node tells."""
        for place in (first, steps):
            old = self.found.get(first)
            end = old.end if old else 0
            self.found[place] = Span(0, end, key, False, False, True, None)
        return 0
