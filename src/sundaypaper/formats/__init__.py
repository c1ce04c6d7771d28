"""Writers of the forms an issue comes in: pages, feeds, mail, issue.json, calendar, export."""
