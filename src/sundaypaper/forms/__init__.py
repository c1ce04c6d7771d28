"""Forms of hand-written files: YAML with line and column, kinds of values, keys with sentences.

    text | document.parse: plain data, every scalar as it was written | a form: checked values

A form is written once: the frozen dataclass that the file is checked by is what the program uses.
"""

from __future__ import annotations

from sundaypaper.forms.strict import Form, Strict, key, keys_of

__all__ = ["Form", "Strict", "key", "keys_of"]
