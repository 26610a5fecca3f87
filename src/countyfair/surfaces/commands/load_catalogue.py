"""`countyfair load catalogue FILE`: a merchant's product sheet, previewed, then whole or not at all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from django.utils import translation

from countyfair.kernel.actor import Actor
from countyfair.surfaces.commands import SPOKEN
from countyfair.surfaces.commands.progress import progress_bar
from countyfair.trade.catalog.actions import load_sheet
from countyfair.trade.catalog.queries import Plan, Planned, preview
from countyfair.trade.catalog.rules.sheets import Problem
from countyfair.trade.catalog.rules.sheets.grid import LARGEST_FILE

#: Lines of each kind that the preview prints; the rest are counted.
SHOWN = 20


@click.command("catalogue")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--county", required=True, metavar="CODE", help="The county, six digits.")
@click.option("--shop", required=True, metavar="ADDRESS", help="The shop's address, as in its link.")
@click.option("--preview", "only_preview", is_flag=True, help="Say what would be made, and make nothing.")
@click.option("--on-sale", is_flag=True, help="Put new offers up at once instead of as drafts.")
@click.option("--yes", is_flag=True, help="Load without asking.")
@translation.override(SPOKEN)
def catalogue(file: Path, county: str, shop: str, only_preview: bool, on_sale: bool, yes: bool) -> None:
    """A product sheet: Excel or CSV, as merchants keep it.

    Shows what would be new, changed and the same, or every cell that cannot be used; loads all of
    it or nothing. The same sheet again makes nothing new.
    """
    actor, data = Actor.system("load catalogue"), _read(file)
    with progress_bar() as bar:
        task = bar.add_task("Reading rows", total=None)
        plan = preview(
            actor,
            county=county,
            shop=shop,
            data=data,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    for line in told(plan):
        click.echo(line)
    if plan.problems:
        raise click.ClickException("Nothing was loaded. Correct these cells and load the sheet again.")
    if only_preview:
        return
    if not plan.count("new") and not plan.count("changed"):
        click.echo("Everything is in the catalogue already.")
        return
    if not yes:
        click.confirm("Load it?", abort=True)
    with progress_bar() as bar:
        task = bar.add_task("Loading", total=None)
        loaded = load_sheet(
            actor,
            county=county,
            shop=shop,
            data=data,
            on_sale=on_sale,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    click.echo(f"Loaded: {loaded.new:,} new, {loaded.changed:,} changed, {loaded.same:,} as before.")


def _read(file: Path) -> bytes:
    """The file's bytes; of one that is too large to be a product sheet, just enough to see that."""
    with file.open("rb") as opened:
        return opened.read(LARGEST_FILE + 1)


def told(plan: Plan) -> list[str]:
    """The preview, line by line."""
    counts = Counter(one.outcome for one in plan.planned)
    lines = [f"{counts['new']:,} new, {counts['changed']:,} changed, {counts['same']:,} the same."]
    for outcome in ("new", "changed"):
        some = [one for one in plan.planned if one.outcome == outcome]
        lines += [f"  {outcome:8} {_line(one)}" for one in some[:SHOWN]]
        if len(some) > SHOWN:
            lines.append(f"  … and {len(some) - SHOWN:,} more {outcome}")
    if plan.unknown_heads:
        lines.append(f"Columns not used: {'、'.join(plan.unknown_heads)}")
    if plan.stock_figures:
        lines.append(
            f"{plan.stock_figures:,} rows give a stock figure. Stock is not loaded:"
            " it is weighed in at a station."
        )
    if plan.problems:
        lines.append(f"{len(plan.problems):,} cells cannot be used:")
        lines += [f"  {_where(one)}: {one.sentence}" for one in plan.problems]
    return lines


def _line(one: Planned) -> str:
    line = one.line
    price = f"¥{line.price_fen / 100:.2f}"
    changes = ", ".join(f"{name} {was} → {then}" for name, (was, then) in one.differs.items())
    return f"row {line.row}: {line.name_zh} {line.label_zh} {price}" + (f" ({changes})" if changes else "")


def _where(one: Problem) -> str:
    return f"row {one.row}, column {one.column} ({one.head})" if one.column else f"row {one.row} ({one.head})"
