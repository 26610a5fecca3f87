"""`countyfair migrate`: bring the database's tables up to this version."""

from __future__ import annotations

import click

from countyfair.runtime.database import database, is_embedded, migrate


@click.command("migrate")
def command() -> None:
    """Bring the database up to this version."""
    if is_embedded():
        with database():
            pass
        click.echo("The database is up to date.")
        return
    count = migrate()
    click.echo(f"{count} migrations applied." if count else "The database is up to date.")
