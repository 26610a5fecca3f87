"""How fast platforms' order exports are read: `python -m benchmarks.files [ROWS]` (200,000 unless told).

Orders made by seed are written as each platform writes them, then read as the importer reads them: CPU
seconds of this process alone, and the most memory it has used so far; no database.
Kuaishou's rows have 61 columns.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import django

FILES = (
    ("pinduoduo", "csv"),
    ("taobao", "csv"),
    ("douyin", "csv"),
    ("kuaishou", "csv"),
    ("sheet", "csv"),
    ("kuaishou", "xlsx"),
)


def main(count: int) -> None:
    """Print a line a file: orders, CPU seconds, microseconds an order, and memory so far."""
    making: Any = import_module("countyfair.outreach.channels.tests.making")
    for platform, suffix in FILES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"orders.{suffix}"
            making.write_orders(path, platform, making.orders_of(platform, count))
            begun = time.process_time()
            told = _read(path, platform)
            spent = time.process_time() - begun
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{platform:10} {suffix:4} {told:8,} {spent:7.2f} s {spent / told * 1e6:7.1f} µs {memory:5} MB")


def _read(path: Path, platform: str) -> int:
    tables: Any = import_module("countyfair.outreach.channels.rules.tables")
    known: Any = import_module("countyfair.outreach.channels.rules.recognising").KNOWN
    platforms: Any = import_module("countyfair.outreach.channels.platforms").PLATFORMS
    with tables.open_table(path, known=known) as table:
        return sum(1 for _order in platforms[platform].read_orders(table.rows(print)))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DATABASE_URL", "postgresql://countyfair@/countyfair?host=/nonexistent")
    django.setup()
    main(int(sys.argv[1]) if sys.argv[1:] else 200_000)
