"""The line of the paper, written down once.

    feeds.yaml
      | config.load                  -> Config
      | sources.fetch                -> Fetched         COLLECT  hosts side by side, one in turn
      | sightings.place, store.save  -> what is new              one transaction a source
      | links                        -> Story           READ
      | venues, topics, gist         -> Tagged
      | ranking, issue               -> Issue           EDIT     frozen once it is complete
      | formats                      -> Page            PUBLISH
      | build                        -> output/site              a new build, then one swap

Each step may be repeated: collecting twice finds nothing new, publishing twice writes nothing.
"""

from sundaypaper.pipeline.collecting import Collected, collect
from sundaypaper.pipeline.completing import completed, gaps, incomplete, owed
from sundaypaper.pipeline.editing import edit, venue_titles
from sundaypaper.pipeline.publishing import check_templates, publish
from sundaypaper.pipeline.reading import read, tag

__all__ = [
    "Collected",
    "check_templates",
    "collect",
    "completed",
    "edit",
    "gaps",
    "incomplete",
    "owed",
    "publish",
    "read",
    "tag",
    "venue_titles",
]
