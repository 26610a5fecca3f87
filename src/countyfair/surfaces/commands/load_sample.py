"""`countyfair load sample`: the sample counties, on the real divisions they lie in."""

from __future__ import annotations

import click
from rich.progress import Progress

from countyfair.kernel.actor import Actor
from countyfair.registers.places.actions import load_divisions
from countyfair.registers.stations import queries as stations
from countyfair.surfaces.commands.progress import progress_bar
from countyfair.surfaces.commands.sample.definition import FOLDER, SampleCounty, sample_counties
from countyfair.surfaces.commands.sample.opening import open_county


@click.command("sample")
@click.option("--if-empty", is_flag=True, help="Leave a county that has stations as it is.")
@click.option("--county", "codes", multiple=True, metavar="CODE", help="This sample county only.")
@click.option("--stocked/--bare", default=True, help="With first harvests weighed in, or without.")
def command(if_empty: bool, codes: tuple[str, ...], stocked: bool) -> None:
    """The sample counties: stations, households, shops, offers, and harvests to sell.

    People are plainly made up; places are real. Loading again adds what is missing.
    """
    wanted = [one for one in sample_counties() if not codes or one.code in codes]
    if if_empty:
        wanted = [one for one in wanted if not stations.stations(county=one.code)]
    if not wanted:
        click.echo("The sample counties are loaded already.")
        return
    with progress_bar() as bar:
        task = bar.add_task("Loading divisions", total=None)
        load_divisions(
            Actor.system("load divisions"),
            folder=FOLDER.parent / "places",
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
        for sample in wanted:
            _open(sample, bar, stocked)
    for sample in wanted:
        click.echo(
            f"{sample.name_en} ({sample.code}): {len(sample.stations)} stations,"
            f" {len(sample.households)} households, {len(sample.products)} products."
        )


def _open(sample: SampleCounty, bar: Progress, stocked: bool) -> None:
    task = bar.add_task(f"Opening {sample.name_en}", total=sample.steps)
    open_county(sample, step=lambda: bar.advance(task), stocked=stocked)
