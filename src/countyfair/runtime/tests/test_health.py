"""The watchdog's two addresses tell the truth, and cost next to nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.clock import now
from countyfair.runtime import health


def a_worker_beat(ago: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [now() - ago])


def test_alive_asks_no_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_with_a_live_worker_takes_one_statement(client: Client) -> None:
    a_worker_beat(timedelta(seconds=3))
    client.get("/readyz")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "migrations": "ok", "worker": "ok"}
    assert len(asked) == 1


@pytest.mark.django_db
def test_not_ready_when_the_worker_is_silent(client: Client) -> None:
    a_worker_beat(timedelta(minutes=2))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["worker"] == "silent"


@pytest.mark.django_db
def test_not_ready_while_migrations_are_pending(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health, "pending_migrations", lambda: 1)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "pending")


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> bool:
        raise DatabaseError

    monkeypatch.setattr(health, "_is_migrated", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "does not answer"})
