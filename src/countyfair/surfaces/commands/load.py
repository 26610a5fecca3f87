"""`countyfair load`: bring real data in, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings

from countyfair.kernel.actor import Actor
from countyfair.registers.places.actions import Loaded, load_divisions
from countyfair.surfaces.commands.load_catalogue import catalogue
from countyfair.surfaces.commands.load_sample import command as sample
from countyfair.surfaces.commands.progress import progress_bar

LEVELS = {"1": "provinces", "2": "prefectures", "3": "counties", "4": "townships", "5": "villages"}
CODEBOOKS = {"stats": "statistics codes", "mca": "civil-affairs codes since 1980"}


@click.group("load")
def command() -> None:
    """Load divisions, a product sheet, or the sample counties."""


command.add_command(catalogue)


command.add_command(sample)


@command.command("divisions")
@click.option(
    "--county", "counties", multiple=True, metavar="CODE",
    help="Townships and villages of this county only (six digits; may be repeated).",
)  # fmt: skip
@click.option(
    "--folder", type=click.Path(path_type=Path), default=None, help="Another copy of data/places.",
)  # fmt: skip
def divisions(counties: tuple[str, ...], folder: Path | None) -> None:
    """Administrative divisions, their history and the 832 counties, with counts proved.

    The same files again change nothing and take a moment.
    """
    with progress_bar() as bar:
        task = bar.add_task("Loading divisions", total=None)
        loaded = load_divisions(
            Actor.system("load divisions"),
            folder=folder or settings.ROOT / "data" / "places",
            counties=counties,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    for line in told(loaded):
        click.echo(line)


def told(loaded: Loaded) -> list[str]:
    """What stands in the register now, line by line."""
    first = "Loaded already, nothing to do" if loaded.already else "Loaded and proved"
    lines = [f"{first}: {loaded.rows:,} rows."]
    for codebook, name in CODEBOOKS.items():
        counts = [
            f"{loaded.counts[f'{codebook}.{level}']:,} {word}"
            for level, word in LEVELS.items()
            if f"{codebook}.{level}" in loaded.counts
        ]
        lines.append(f"  {name}: {', '.join(counts)}")
    lines.append(f"  {loaded.counts['successions']:,} successions of counties")
    lines.append(f"  {loaded.counts['poverty_counties']:,} entries of the list of poverty counties")
    return lines
