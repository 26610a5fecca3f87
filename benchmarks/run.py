"""Measure, print the table, write the JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Report, written
from benchmarks.measures import FULL, PARTS, QUICK, Plan, measure

#: A file has no width of its own.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)


def main() -> None:
    """Measure all, and say where a limit is missed. A missed limit does not fail the run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer products and shorter rounds: two minutes")
    parser.add_argument("--only", choices=PARTS, help="one part instead of everything")
    asked = parser.parse_args()
    plan = QUICK if asked.quick else FULL
    started = time.monotonic()
    with console.status("Starting …") as status:

        def step(what: str) -> None:
            console.print(f"  {time.monotonic() - started:5.0f} s  {what}")
            status.update(f"{what} …")

        report = measure(plan, step, (asked.only,) if asked.only else PARTS)
    seconds = time.monotonic() - started
    _show(report)
    path = _write(report, plan, seconds)
    console.print(f"\n{seconds:.0f} s in all. Written to {path.relative_to(settings.ROOT)}.")


def _show(report: Report) -> None:
    part = ""
    for line in report.lines:
        if line.part != part:
            part = line.part
            table = Table(title=part, title_justify="left", title_style="bold", box=None, pad_edge=False)
            same = [one for one in report.lines if one.part == part]
            names = list(dict.fromkeys(name for one in same for name in one.figures))
            table.add_column("")
            for name in names:
                table.add_column(name, justify="right")
            table.add_column("limit", justify="right")
            table.add_column("")
            for one in same:
                cells = [written(one.figures[name]) if name in one.figures else "" for name in names]
                limit = f"{one.limit[0]} ≤ {written(one.limit[1])}" if one.limit else ""
                kept = {True: "kept", False: "[red]missed[/red]", None: ""}[one.is_kept]
                table.add_row(one.what, *cells, limit, " ".join(filter(None, (kept, one.note))))
            console.print()
            console.print(table)


def _write(report: Report, plan: Plan, seconds: float) -> Path:
    folder = settings.VAR / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    moment = datetime.now(UTC)
    told = {
        "at": moment.isoformat(timespec="seconds"),
        "seconds": round(seconds),
        "plan": asdict(plan),
        "machine": {"system": platform.platform(), "cores": os.cpu_count(), "load": os.getloadavg()},
        "lines": [asdict(line) | {"kept": line.is_kept} for line in report.lines],
        "statements": report.statements,
        "plans": report.plans,
    }
    path = folder / f"{moment:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return path
