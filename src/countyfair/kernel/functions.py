"""SQL functions kept as files: installed by migrations, and held against the database.

A room's `sql/` folder holds the bodies of its hot verbs. `InstallSQL` runs one file in a
migration; `differences` says which functions of the files and of the database part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources

from django.apps import apps
from django.db import connection
from django.db.migrations.operations import RunSQL

_FUNCTION = re.compile(
    r"CREATE OR REPLACE FUNCTION\s+(?P<name>\w+)\s*\(.*?\bAS\s+\$(?P<tag>\w*)\$(?P<body>.*?)\$(?P=tag)\$",
    re.DOTALL | re.IGNORECASE,
)


class InstallSQL(RunSQL):
    """Run `sql/<file>` of a room, as it stands. Every statement in it must be repeatable."""

    def __init__(self, package: str, file: str) -> None:
        self.package = package
        self.file = file
        super().__init__(sql=read(package, file), reverse_sql=RunSQL.noop)

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (self.__class__.__qualname__, [self.package, self.file], {})

    def describe(self) -> str:
        return f"Install {self.package}/sql/{self.file}"


@dataclass(frozen=True, slots=True)
class Difference:
    """A function whose file and database part. `reason` is `missing` or `differs`."""

    package: str
    file: str
    function: str
    reason: str


def read(package: str, file: str) -> str:
    """The text of `sql/<file>` in the room `package`."""
    return (resources.files(package) / "sql" / file).read_text(encoding="utf-8")


def functions_of(text: str) -> dict[str, str]:
    """Name → body of every function that a file defines."""
    return {match["name"]: match["body"] for match in _FUNCTION.finditer(text)}


def differences() -> list[Difference]:
    """Functions of all rooms' files that the database lacks or holds otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = current_schema()"
        )
        held = dict(cursor.fetchall())
    found: list[Difference] = []
    for package, file in files():
        for name, body in functions_of(read(package, file)).items():
            if name not in held:
                found.append(Difference(package, file, name, "missing"))
            elif held[name] != body:
                found.append(Difference(package, file, name, "differs"))
    return found


def files() -> list[tuple[str, str]]:
    """(package, file) of every SQL file of every installed room."""
    found = []
    for config in apps.get_app_configs():
        if not config.name.startswith("countyfair."):
            continue
        folder = resources.files(config.name) / "sql"
        if folder.is_dir():
            found += [(config.name, entry.name) for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return sorted(found)
