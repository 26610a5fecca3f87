"""The deployment's database, there for as long as a command needs it.

With DATABASE_URL it is somebody else's server, and nothing is started. Without, it is the
embedded one: that of a running `countyfair up` where there is one, else one of our own for the
time of the command.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor

from countyfair.kernel.refusal import Refusal
from countyfair.runtime.postgres import home, server
from countyfair.runtime.postgres.home import Home
from countyfair.runtime.postgres.server import InUse, Server

ADDRESS = "DATABASE_URL"


def is_embedded() -> bool:
    """Whether the database is ours to start; a DATABASE_URL means that it is not."""
    return ADDRESS not in os.environ


@contextlib.contextmanager
def database() -> Iterator[None]:
    """A database that answers and has every table, until the block ends."""
    if not is_embedded():
        if pending_migrations():
            raise Refusal("The database lacks tables of this version. Run `countyfair migrate` first.")
        yield
        return
    with _embedded(_home()):
        migrate()
        yield


def own_server() -> Server | None:
    """The embedded server for a process that runs it, not started yet; None with a DATABASE_URL."""
    return Server(_home()) if is_embedded() else None


def pending_migrations() -> int:
    """How many migrations the code has that the database has not."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> int:
    """Apply what is pending; how many migrations that was."""
    if pending := pending_migrations():
        call_command("migrate", verbosity=0, interactive=False)
    return pending


def disconnect() -> None:
    """Close this thread's connection, such as before it starts other processes or stops the server."""
    connections[DEFAULT_DB_ALIAS].close()


def _home() -> Home:
    """The embedded server's home, with Django in this process pointed at it."""
    at = home.lasting(settings.VAR)
    disconnect()
    connection.settings_dict["OPTIONS"]["host"] = str(at.sockets)
    return at


@contextlib.contextmanager
def _embedded(at: Home) -> Iterator[None]:
    mine = Server(at)
    try:
        mine.start()
    except InUse:
        if not server.answers(at):
            raise
        yield
        disconnect()
        return
    try:
        mine.create(server.DATABASE)
        yield
    finally:
        disconnect()
        mine.stop(when_idle=True)
