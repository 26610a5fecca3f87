"""`countyfair channels`: files of outside platforms, brought in by hand or from a folder that is watched."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TextIO
from uuid import UUID

import click
from django.utils import translation

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Refusal
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.queries.intakes import IntakeRow, intake
from countyfair.outreach.channels.queries.shops import shop_called
from countyfair.outreach.channels.rules.syncing import credentials_of
from countyfair.surfaces.commands import SPOKEN
from countyfair.surfaces.commands.progress import progress_bar

#: Rows that are wrong and are shown; seconds between two looks at a folder, and at a file that another reads.
SHOWN, PAUSE, PATIENCE = 20, 5.0, 1.0
#: A file that changed this lately is still being written.
SETTLED_S = 3.0
COUNTY = click.option("--county", required=True, metavar="CODE", help="The county, six digits.")
SHOP = click.option(
    "--shop", default="", metavar="NAME",
    help="The county's shop on the platform, by name or platform; needed where there are several.",
)  # fmt: skip


@click.group("channels")
def command() -> None:
    """Orders and settlements of outside platforms."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@COUNTY
@SHOP
@click.option("--preview", "only_preview", is_flag=True, help="Say what it would bring, and take nothing in.")
@click.option("--yes", is_flag=True, help="Take it in without asking.")
@translation.override(SPOKEN)
def import_file(file: Path, county: str, shop: str, only_preview: bool, yes: bool) -> None:
    """Take in a file as a platform gave it: orders, their goods, or a settlement.

    The platform is told by the file itself. The same file again, or one that overlaps, doubles nothing.
    """
    actor = Actor.system("channels import")
    key = _opened(actor, file, county, shop)
    for line in told(intake(actor, intake=key)):
        click.echo(line)
    if only_preview:
        actions.stop_intake(actor, intake=key)
        return
    if intake(actor, intake=key).state == "done":
        click.echo("This file was taken in before.")
        return
    if not yes:
        click.confirm("Take it in?", abort=True)
    for line in told(_read(actor, key)):
        click.echo(line)


@command.command("watch")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@COUNTY
@SHOP
@click.option("--once", is_flag=True, help="Look once instead of until told to stop.")
@translation.override(SPOKEN)
def watch(folder: Path, county: str, shop: str, once: bool) -> None:
    """Take in every file that is put into a folder and move it to `done` or, with a sentence, to `failed`."""
    while True:
        for file in settled(folder, time.time()):
            click.echo(_filed(file, county, shop))
        if once:
            return
        time.sleep(PAUSE)


@command.command("grant")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@COUNTY
@click.option("--shop", required=True, metavar="NAME", help="The county's shop on the platform, by name.")
@translation.override(SPOKEN)
def grant(file: TextIO, county: str, shop: str) -> None:
    """Keep, sealed, what a shop's owner granted on its platform: JSON in a file, or `-` for standard input.

    It holds app_key, app_secret, shop, token, and if known token_until (with its zone) and refresh.
    """
    actor = Actor.system("channels grant")
    connection = shop_called(actor, county=county, name=shop)
    if connection is None:
        raise click.ClickException(f"The county has no single open shop called {shop}.")
    try:
        actions.grant(actor, connection=connection, credentials=credentials_of(file.read()))
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{shop} is asked by itself from now on.")


def settled(folder: Path, moment: float) -> list[Path]:
    """Files of a folder that are not being written any more, by name; hidden ones are left alone."""
    return sorted(
        file
        for file in folder.iterdir()
        if file.is_file() and not file.name.startswith(".") and moment - file.stat().st_mtime >= SETTLED_S
    )


def told(row: IntakeRow) -> list[str]:
    """How a file stands, line by line."""
    counts = ", ".join(f"{count:,} {word}" for word, count in sorted(row.counts.items()))
    lines = [f"{row.name}: {row.kind} of {row.platform}, {row.shop_name}: {row.state}. {counts}"]
    if row.failure:
        lines.append(row.failure)
    lines += [
        f"  row {flaw['row']}{_column(flaw['column'])}: {flaw['sentence']}" for flaw in row.flaws[:SHOWN]
    ]
    if len(row.flaws) > SHOWN:
        lines.append(f"  … and {len(row.flaws) - SHOWN:,} more rows")
    return lines


def _column(name: str) -> str:
    return f", {name}" if name else ""


def _opened(actor: Actor, file: Path, county: str, shop: str) -> UUID:
    connection = shop_called(actor, county=county, name=shop) if shop else None
    if shop and connection is None:
        raise click.ClickException(f"The county has no single open shop called {shop}.")
    opened = actions.open_file(
        actor, intake=uuid7(), county=county, name=file.name, path=file, connection=connection
    )
    return opened.id


def _read(actor: Actor, key: UUID) -> IntakeRow:
    """Read a file here, or wait while a worker does."""
    actions.start_intake(actor, intake=key)
    with progress_bar() as bar:
        task = bar.add_task("Taking in rows", total=None)
        while (row := intake(actor, intake=key)).state in ("waiting", "reading"):
            came = actions.read_intakes(
                1, progress=lambda done, total: bar.update(task, completed=done, total=total)
            )
            if not came:
                bar.update(task, completed=row.done, total=row.total or None)
                time.sleep(PATIENCE)
    return row


def _filed(file: Path, county: str, shop: str) -> str:
    """Take one file in and put it away; the sentence that says how it went."""
    actor = Actor.system("channels watch")
    try:
        row = _read(actor, _opened(actor, file, county, shop))
        said, place = "\n".join(told(row)), "done" if row.state == "done" else "failed"
    except (Refusal, click.ClickException) as refusal:
        said, place = f"{file.name}: {refusal}", "failed"
    there = file.parent / place
    there.mkdir(exist_ok=True)
    target = there / file.name
    if target.exists():
        target = there / f"{time.time_ns()}-{file.name}"
    file.rename(target)
    if place == "failed":
        target.with_name(f"{target.name}.txt").write_text(f"{said}\n", encoding="utf-8")
    return said
