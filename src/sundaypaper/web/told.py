"""The pages that tell what became of a request, such as “no page at this address”."""

from __future__ import annotations

from sundaypaper.config import Config
from sundaypaper.errors import BuildError
from sundaypaper.pipeline.served_pages import ServedPages
from sundaypaper.web.surroundings import Surroundings

# Where the operator's own template fails, the answer is still one.
PLAIN = b"<!doctype html><html lang=en><title>%d</title><p>This request was not answered (%d)."


class Pages:
    """The pages that the app renders, anew after feeds.yaml changed."""

    def __init__(self, here: Surroundings) -> None:
        self.here = here
        self.made: tuple[Config, ServedPages] | None = None
        self.told: dict[int, bytes] = {}
        self.faults: set[str] = set()

    @property
    def now(self) -> ServedPages:
        """The renderer for the settings of now."""
        config = self.here.config()
        if self.made is None or self.made[0] is not config:
            pages = ServedPages(config, self.here.templates, self.here.base_url)
            self.made, self.told = (config, pages), {}
        return self.made[1]

    def tell(self, status: int) -> bytes:
        """The page that tells a status; a plain one where the operator's template has a mistake."""
        try:
            now = self.now
            if status not in self.told:
                made = (
                    now.page("404.html") if status == 404 else now.page("told.html", status=status)
                )
                self.told[status] = made
            return self.told[status]
        except BuildError as bad:
            if str(bad) not in self.faults:
                self.faults.add(str(bad))
                self.here.say(f"! {bad}")
            return PLAIN % (status, status)
