"""`countyfair load sample`: the sample counties, on the real divisions they lie in."""

from __future__ import annotations

from functools import partial

import click

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Refusal
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

    People are plainly made up; places are real. Loading again adds what is missing, once, and leaves what
    is there as its people made it.
    """
    wanted = [one for one in sample_counties() if not codes or one.code in codes]
    standing = [one for one in wanted if stations.stations(county=one.code, closed=True)]
    new = [one for one in wanted if one not in standing]
    if new:
        _open(new, stocked)
    made = 0 if if_empty else sum(_complete(sample, stocked) for sample in standing)
    for sample in new:
        click.echo(
            f"{sample.name_en} ({sample.code}): {len(sample.stations)} stations,"
            f" {len(sample.households)} households, {len(sample.products)} products."
        )
    if made:
        click.echo(f"The sample counties were loaded before; {made} entries were missing and are there now.")
    elif not new:
        click.echo("The sample counties are loaded already.")


def _open(counties: list[SampleCounty], stocked: bool) -> None:
    with progress_bar() as bar:
        task = bar.add_task("Loading divisions", total=None)
        load_divisions(
            Actor.system("load divisions"),
            folder=FOLDER.parent / "places",
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
        for sample in counties:
            opening = bar.add_task(f"Opening {sample.name_en}", total=sample.steps)
            open_county(sample, step=partial(bar.advance, opening), stocked=stocked)


def _complete(sample: SampleCounty, stocked: bool) -> int:
    """What the sample has come to hold since the county was opened; how many entries were made."""
    return open_county(sample, step=lambda: None, stocked=stocked, refused=_tell)


def _tell(refusal: Refusal) -> None:
    click.echo(f"Left out of the sample: {refusal}")
