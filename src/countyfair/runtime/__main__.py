"""`python -m countyfair.runtime`: the command line, where its script is not on the path."""

from countyfair.runtime.main import main

main()
