"""The form of the key publish of feeds.yaml: where the pages go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from sundaypaper.forms import Form, key
from sundaypaper.forms.targets import FORMS, target


def _target(value: str) -> str:
    if value:
        target(value)
    return value


@dataclass(frozen=True, slots=True)
class PublishEntry(Form):
    """Where the pages go after each run."""

    to: Annotated[
        Annotated[str, AfterValidator(_target), WithJsonSchema({"type": "string"})],
        key(f"where `schedule`, `tick` and `publish --there` bring the pages: {FORMS}"),
    ] = ""

    def in_folder(self, folder: Path) -> str:
        """The target, a folder seen from that of feeds.yaml."""
        if not self.to or target(self.to).kind != "folder":
            return self.to
        return str(folder / Path(self.to).expanduser())
