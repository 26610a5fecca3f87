"""A database of its own for every process of the tests.

The schema is migrated once, into a template whose name carries a fingerprint of all migrations
and SQL files, and copied for each process.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit

import psycopg
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import TransactionTestCase
from psycopg import sql

CHECKOUT = Path(__file__).resolve().parent.parent
ADDRESS = "DATABASE_URL"
ADMINISTRATION = "postgres"  # the database every server has
BUILDING = 7_261_942  # advisory lock: one process migrates, the others wait

Admin = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """One copy of the template for this process, dropped at its end.

    DATABASE_URL names the copy meanwhile, for processes that a test starts.
    """
    name = f"test_countyfair_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    given = os.environ[ADDRESS]
    with django_db_blocker.unblock():
        with administering(given) as admin:
            admin.execute(_sentence("CREATE DATABASE {} TEMPLATE {}", name, _migrated(admin)))
        _point_django_at(name)
    os.environ[ADDRESS] = _naming(given, name)
    yield
    os.environ[ADDRESS] = given
    with django_db_blocker.unblock():
        _point_django_at(ADMINISTRATION)
        with administering(given) as admin:
            admin.execute(_sentence("DROP DATABASE {} WITH (FORCE)", name))


@pytest.fixture(scope="session", autouse=True)
def _emptied_by_rows() -> Iterator[None]:
    """After a test that commits, delete the rows there are: a fraction of the time of Django's flush,
    which makes each of a hundred tables anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty())
        yield


@pytest.fixture(scope="session", autouse=True)
def _passwords_hashed_cheaply() -> Iterator[None]:
    """By the same algorithm, at the least cost it allows."""
    with pytest.MonkeyPatch.context() as patch:
        for name, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            patch.setattr(Argon2PasswordHasher, name, least)
        yield


def empty() -> None:
    """Delete every row of every table but Django's own, behind the back of triggers and keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()"
            " AND tablename !~ '^(django|auth)_'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})" for one in tables)
        )
        filled = [row[0] for row in cursor.fetchall()]
        if filled:
            deletes = "; ".join(f"DELETE FROM {one}" for one in filled)
            cursor.execute(
                f"SET session_replication_role = replica; {deletes}; SET session_replication_role = DEFAULT"
            )


def template() -> str:
    """The template's name: it changes with any migration, SQL file or pinned package."""
    digest = hashlib.sha256()
    source = CHECKOUT / "src"
    files = [*source.glob("**/migrations/*.py"), *source.glob("**/sql/*.sql")]
    for path in (*sorted(files), CHECKOUT / "requirements" / "runtime.txt"):
        digest.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return f"countyfair_template_{digest.hexdigest()[:16]}"


def _migrated(admin: Admin) -> str:
    """The name of the migrated template, made by whichever process comes first."""
    name = template()
    admin.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
    if not exists(admin, name):
        unfinished = f"{name}_unfinished"
        admin.execute(_sentence("DROP DATABASE IF EXISTS {} WITH (FORCE)", unfinished))
        admin.execute(_sentence("CREATE DATABASE {}", unfinished))
        _point_django_at(unfinished)
        call_command("migrate", verbosity=0, interactive=False)
        _point_django_at(ADMINISTRATION)
        admin.execute(_sentence("ALTER DATABASE {} RENAME TO {}", unfinished, name))
    admin.execute("SELECT pg_advisory_unlock(%s)", [BUILDING])
    return name


def exists(admin: Admin, database: str) -> bool:
    return bool(admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone())


def administering(address: str) -> Admin:
    return psycopg.connect(address, autocommit=True, dbname=ADMINISTRATION)


def _sentence(text: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*(sql.Identifier(name) for name in names))


def _naming(address: str, database: str) -> str:
    return urlsplit(address)._replace(path=f"/{database}").geturl()


def _point_django_at(database: str) -> None:
    wrapper = connections["default"]
    assert isinstance(wrapper, DatabaseWrapper)
    wrapper.close()
    wrapper.settings_dict["NAME"] = database
