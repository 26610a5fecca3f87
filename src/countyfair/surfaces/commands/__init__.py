"""The command line: a file here that defines a `command` of its own name is one of `countyfair`.

Commands translate: they read what was typed, call one verb or query, and print what came of
it. While one runs, the database is there and has every table. A refusal becomes a sentence.
"""

#: The language in which they speak, whatever that of the pages is.
SPOKEN = "en"
