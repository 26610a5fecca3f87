"""`python -m benchmarks`, which `make bench` runs. `python -m benchmarks buyer` is a process that it starts.

What uses the house's models is imported once Django is set up.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DATABASE_URL", "postgresql://countyfair@/countyfair?host=/nonexistent")
    django.setup()
    import_module("benchmarks.buyer" if sys.argv[1:] == ["buyer"] else "benchmarks.run").main()
