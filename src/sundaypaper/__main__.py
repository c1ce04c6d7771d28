"""`python -m sundaypaper` is the command `sundaypaper`."""

from sundaypaper.cli import main

main()
