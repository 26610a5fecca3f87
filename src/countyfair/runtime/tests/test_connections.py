"""A pooled connection whose server went away is never lent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connections
from psycopg_pool import ConnectionPool
from pytest_django import DjangoDbBlocker

from countyfair.runtime.connections.base import DatabaseWrapper
from countyfair.runtime.postgres.server import Server


@pytest.fixture
def pooled(running: Server, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    """Django's backend on a server of the test's own."""
    given = connections["default"].settings_dict
    own = {**given, "NAME": "postgres", "OPTIONS": {**given["OPTIONS"], "host": str(running.home.sockets)}}
    connections.settings["own"] = own
    wrapper = connections["own"]
    assert isinstance(wrapper, DatabaseWrapper)
    with django_db_blocker.unblock():
        yield wrapper
        wrapper.close()
        wrapper.close_pool()
    del connections["own"], connections.settings["own"]


def answer(wrapper: DatabaseWrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 7")
        row = cursor.fetchone()
    wrapper.close()
    assert row is not None
    found: int = row[0]
    return found


@pytest.mark.slow
def test_after_a_restart_of_the_server_the_first_request_is_served(
    running: Server, pooled: DatabaseWrapper
) -> None:
    assert answer(pooled) == 7
    assert running.process is not None
    running.process.kill()
    running.process.wait()
    running.start()
    assert answer(pooled) == 7


def test_a_healthy_connection_is_lent_without_asking_the_server(
    pooled: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answer(pooled) == 7
    monkeypatch.setattr(ConnectionPool, "check_connection", lambda *_: pytest.fail("the server was asked"))
    assert answer(pooled) == 7
