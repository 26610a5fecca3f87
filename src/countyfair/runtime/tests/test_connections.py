"""A kept connection whose server went away fails no request, and a healthy one costs no statement."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import close_old_connections, connections
from django.db.backends.postgresql import base
from pytest_django import DjangoDbBlocker

from countyfair.runtime.connections.base import DatabaseWrapper
from countyfair.runtime.postgres.server import Server


@pytest.fixture
def kept(running: Server, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    """Django's backend on a server of the test's own."""
    given = connections["default"].settings_dict
    own = {**given, "NAME": "postgres", "OPTIONS": {**given["OPTIONS"], "host": str(running.home.sockets)}}
    connections.settings["own"] = own
    wrapper = connections["own"]
    assert isinstance(wrapper, DatabaseWrapper)
    with django_db_blocker.unblock():
        yield wrapper
        wrapper.close()
    del connections["own"], connections.settings["own"]


def answer(wrapper: DatabaseWrapper) -> int:
    """What the server says in a request: Django looks after connections before each."""
    close_old_connections()
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        row = cursor.fetchone()
    assert row is not None
    found: int = row[0]
    return found


@pytest.mark.slow
def test_after_a_restart_of_the_server_the_first_request_is_served(
    running: Server, kept: DatabaseWrapper
) -> None:
    before = answer(kept)
    assert running.process is not None
    running.process.kill()
    running.process.wait()
    running.start()
    assert answer(kept) != before


def test_a_healthy_connection_is_kept_without_asking_the_server(
    kept: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answer(kept)
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda _: pytest.fail("the server was asked"))
    assert answer(kept) == before


def test_a_connection_that_the_server_ended_is_made_anew(kept: DatabaseWrapper) -> None:
    before = answer(kept)
    other = kept.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    other.close()
    assert answer(kept) != before
