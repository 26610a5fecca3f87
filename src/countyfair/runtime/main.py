"""The command line `countyfair`: every command of `surfaces/commands`, and those of `runtime`.

A file in `surfaces/commands` that defines a `command` of its own name is a sub-command; adding
one touches no other file. A refusal is a sentence and exit code 1, never a traceback.
"""

from __future__ import annotations

import copy
import functools
import os
import pkgutil
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click
import django
from django.db import OperationalError
from django.utils import translation
from django.utils.module_loading import import_string
from rich.console import Console

from countyfair.kernel.refusal import Refusal
from countyfair.runtime.database import database, disconnect
from countyfair.surfaces import commands

#: Commands of this floor; they see to the database themselves.
OWN = {
    "up": "countyfair.runtime.up.command",
    "migrate": "countyfair.runtime.migrate.command",
    "worker": "countyfair.runtime.worker.command",
    "messages": "countyfair.runtime.catalogues.command",
}


class Assembled(click.Group):
    """All commands, each imported when Django is ready and the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*OWN, *_surface_commands()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in OWN:
            own: click.Command = import_string(OWN[cmd_name])
            return own
        found = _surface_command(cmd_name)
        return _with_database(found) if found else None


@click.group(cls=Assembled, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="countyfair")
def countyfair() -> None:
    """Rural e-commerce for a county: start it, load it, check its books."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.exit(run())


def run() -> int:
    """Run the command line that was typed; its exit code."""
    try:
        code = countyfair.main(standalone_mode=False)
    except Refusal as refusal:
        with translation.override(commands.SPOKEN):
            return _complain(str(refusal))
    except OperationalError as error:
        return _complain(f"The database does not answer: {error}Start it, or correct DATABASE_URL.")
    except click.ClickException as mistake:
        mistake.show()
        return mistake.exit_code
    except click.Abort:
        return 130
    finally:
        disconnect()
    return code if isinstance(code, int) else 0


def _complain(sentence: str) -> int:
    Console(stderr=True, highlight=False, soft_wrap=True).print(sentence, style="red", markup=False)
    return 1


def _surface_commands() -> list[str]:
    """Names of the sub-commands that the files of the floor below define."""
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    return [name for name in names if _surface_command(name) is not None]


def _surface_command(name: str) -> click.Command | None:
    path = f"{commands.__name__}.{name}"
    found = getattr(import_module(path), "command", None) if find_spec(path) else None
    return found if isinstance(found, click.Command) and found.name == name else None


def _with_database(command: click.Command) -> click.Command:
    """`command`, and all below it, with the database there while its callback runs."""
    given = copy.copy(command)
    if isinstance(given, click.Group):
        given.commands = {name: _with_database(below) for name, below in given.commands.items()}
    elif given.callback is not None:
        given.callback = _connected(given.callback)
    return given


def _connected(callback: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(callback)
    def connected(*args: Any, **kwargs: Any) -> Any:
        with database():
            return callback(*args, **kwargs)

    return connected
