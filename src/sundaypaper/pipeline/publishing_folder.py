"""A folder as a place for pages, such as the root of a web server on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from sundaypaper.errors import BuildError
from sundaypaper.pipeline.publishing_to import LIST, NO_JEKYLL, digest, read_list


class Folder:
    """A folder; BuildError where it may not be one to publish to."""

    def __init__(self, folder: Path, output: Path) -> None:
        self._folder = folder.expanduser().resolve()
        self._refuse_what_is_in_use(output.resolve())
        self._safe: set[Path] = set()

    def _refuse_what_is_in_use(self, output: Path) -> None:
        folder = self._folder
        if folder.exists() and not folder.is_dir():
            raise BuildError(f"{folder}: is no folder; name one that is empty or not there yet")
        if folder == Path(folder.anchor) or folder == Path.home().resolve():
            raise BuildError(f"{folder}: is no folder for pages alone; name one below it")
        if folder.is_relative_to(output) or output.is_relative_to(folder):
            raise BuildError(
                f"{folder}: pages are made in {output}, and a copy can neither lie in there nor "
                "around it; name a folder elsewhere"
            )

    def there(self) -> Mapping[str, str]:
        """The digests of what of ours lies there now."""
        at = self._folder
        try:
            if not at.exists() or not any(at.iterdir()):
                return {}
            if not (at / LIST).is_file():
                raise BuildError(
                    f"{at}: is not empty and was not made by `publish`, so it is left alone. Name an "
                    f"empty folder, or put an empty file {LIST} there to publish beside what it holds"
                )
            ours = read_list((at / LIST).read_text("utf-8"), str(at))
            return {name: self._seen(name) for name in ours}
        except (OSError, UnicodeError) as bad:
            raise BuildError(f"{at}: cannot be read: {bad}") from bad

    def _seen(self, name: str) -> str:
        file = self._folder / name
        return digest(file) if file.is_file() and not file.is_symlink() else ""

    def put(self, folder: Path, names: Sequence[str]) -> None:
        """Write files one by one, each whole or not at all."""
        try:
            for name in names:
                to = self._inside(name)
                to.parent.mkdir(parents=True, exist_ok=True)
                fresh = to.with_name(f".{to.name}.new")
                shutil.copyfile(folder / name, fresh)
                os.replace(fresh, to)
            (self._folder / NO_JEKYLL).touch()
        except OSError as bad:
            raise BuildError(
                f"{bad.filename or self._folder}: cannot be written: {bad.strerror or bad}; what is "
                "there is whole, partly of before, and the next publication goes on"
            ) from bad

    def remove(self, names: Sequence[str]) -> None:
        """Remove files, and folders that are empty then."""
        try:
            for name in names:
                file = self._inside(name)
                file.unlink(missing_ok=True)
                with suppress(OSError):  # others' files are in it, or more of ours
                    for above in file.relative_to(self._folder).parents[:-1]:
                        (self._folder / above).rmdir()
        except OSError as bad:
            raise BuildError(f"{bad.filename}: cannot be removed: {bad.strerror or bad}") from bad

    def _inside(self, name: str) -> Path:
        """Where a file goes; BuildError where a link of somebody leads out of the folder."""
        to = self._folder / name
        if to.parent not in self._safe:
            if not to.parent.resolve().is_relative_to(self._folder):
                raise BuildError(f"{to.parent}: is a link that leads out of {self._folder}; remove it")  # fmt: skip
            self._safe.add(to.parent)
        return to
