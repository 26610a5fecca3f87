"""How long a task may be silent, how often it is tried, how long its file is kept, and its states."""

from __future__ import annotations

from datetime import timedelta

#: Waiting for the worker, under way, and how it may end.
STATES = ("waiting", "running", "done", "failed", "stopped")
UNDER_WAY = ("waiting", "running")
#: A worker that says nothing of its task for so long has died: another begins it anew.
SILENT = timedelta(seconds=60)
#: After so many beginnings it is given up.
TRIES = 3
#: So many one person has under way at a time.
AT_ONCE = 5
#: A task and its file are forgotten after this.
KEPT = timedelta(days=2)
#: The bytes of a file.
LARGEST = 60_000_000
