"""PostgreSQL as a child process: found, initialised, started, stopped, restarted.

`binaries` finds the programs, `home` decides where the data lives and as whom the server runs,
`server` runs it. Nothing here needs Django, so that tests start a server before settings load.
"""
