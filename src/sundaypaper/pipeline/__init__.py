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
from sundaypaper.pipeline.completing import completed, derived_holidays, gaps, incomplete, owed
from sundaypaper.pipeline.desk import desk_file
from sundaypaper.pipeline.editing import edit
from sundaypaper.pipeline.printing import print_week
from sundaypaper.pipeline.publishing import check_templates, publish, published_weeks
from sundaypaper.pipeline.reading import Reader, read, unread_examples

__all__ = [
    "Collected",
    "Reader",
    "check_templates",
    "collect",
    "completed",
    "derived_holidays",
    "desk_file",
    "edit",
    "gaps",
    "incomplete",
    "owed",
    "print_week",
    "publish",
    "published_weeks",
    "read",
    "unread_examples",
]
