"""The steps of the paper, from sources to pages.

    feeds.yaml
      | config.load                  -> Config
      | sources.fetch                -> Fetched         COLLECT  hosts side by side, one in turn
      | sightings.place, store.save  -> what is new              one transaction a source
      | links                        -> Story           READ
      | venues, topics, gist         -> Tagged
      | interest, issue              -> Issue           EDIT     frozen once it is complete
      | formats                      -> Page            PUBLISH
      | build                        -> output/site              a new build, then one swap

`run.py` runs it. Each step may be repeated: collecting twice finds nothing new, publishing twice writes nothing.
"""
