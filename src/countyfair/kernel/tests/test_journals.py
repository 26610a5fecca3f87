"""Verbs, the log of changes, and the outbox, on a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
import pytest
from django.db import Error, connection, transaction
from pytest_django.fixtures import Settings

from countyfair.kernel import outbox
from countyfair.kernel.actor import Actor
from countyfair.kernel.events import Delivered, Event, event
from countyfair.kernel.models import Change, EventRecord, Reader
from countyfair.kernel.outbox import Wire, announce, deliver
from countyfair.kernel.verbs import verb


@event
@dataclass(frozen=True)
class TestRang(Event):
    __test__ = False
    NAME: ClassVar[str] = "kernel.test_rang"
    times: int


heard: list[int] = []


def hear(batch: Sequence[Delivered[TestRang]]) -> None:
    heard.extend(delivered.event.times for delivered in batch)


def refuse(batch: Sequence[Delivered[TestRang]]) -> None:
    if any(delivered.event.times == 2 for delivered in batch):
        raise RuntimeError("no twos")
    hear(batch)


WIRES = (Wire("test.hear", (TestRang,), hear),)
REFUSING = (Wire("test.hear", (TestRang,), refuse),)


@pytest.fixture
def wired(settings: Settings) -> list[int]:
    settings.COUNTYFAIR_WIRING = f"{__name__}.WIRES"
    heard.clear()
    return heard


@verb
def ring(actor: Actor, *, times: int, fail: bool = False) -> None:
    announce(TestRang(times), county="450225")
    if fail:
        raise RuntimeError("struck")


@verb
def ring_twice(actor: Actor) -> None:
    ring(Actor.system("someone else"), times=1)
    ring(actor, times=2)


def deliver_all() -> int:
    return deliver(Actor.system("t"), handler="test.hear")


@pytest.mark.django_db(transaction=True)
def test_a_verb_that_fails_announces_nothing() -> None:
    with pytest.raises(RuntimeError):
        ring(Actor.system("t"), times=1, fail=True)
    assert not EventRecord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_inner_verbs_join_the_outermost_and_its_actor() -> None:
    ring_twice(Actor("user:7"))
    assert set(EventRecord.objects.values_list("actor", flat=True)) == {"user:7"}
    assert len(set(EventRecord.objects.values_list("transaction", flat=True))) == 1


@pytest.mark.django_db(transaction=True)
def test_a_handler_hears_each_event_once_and_in_order(wired: list[int]) -> None:
    for times in range(5):
        ring(Actor.system("t"), times=times)
    assert deliver_all() == 5
    assert deliver_all() == 0
    assert wired == [0, 1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_not_skipped(wired: list[int]) -> None:
    dsn = connection.get_connection_params()
    late = psycopg.connect(
        **{key: dsn[key] for key in ("dbname", "user", "host", "port", "password") if dsn.get(key)}
    )
    late.execute("SELECT kernel_announce('kernel.test_rang', 1, '450225', '{\"times\": 1}')")
    ring(Actor.system("t"), times=2)
    assert deliver_all() == 0, "the older transaction still runs: nothing may be read past it"
    late.commit()
    late.close()
    assert deliver_all() == 2
    assert wired == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_failing_handler_keeps_its_place_and_is_seen(wired: list[int], settings: Settings) -> None:
    settings.COUNTYFAIR_WIRING = f"{__name__}.REFUSING"
    for times in (1, 2, 3):
        ring(Actor.system("t"), times=times)
    assert deliver_all() == 0
    assert deliver_all() == 1, "after a failure events come one by one"
    assert deliver_all() == 0
    (lag,) = outbox.lags()
    assert (lag.waiting, lag.failures) == (2, 1)
    assert "no twos" in lag.last_error
    settings.COUNTYFAIR_WIRING = f"{__name__}.WIRES"
    assert deliver_all() + deliver_all() == 2
    assert wired == [1, 2, 3]
    assert outbox.lags() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_hear_the_same_event(wired: list[int]) -> None:
    for times in range(20):
        ring(Actor.system("t"), times=times)

    def work() -> None:
        for _ in range(5):
            deliver(Actor.system("t"), handler="test.hear", limit=3)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while deliver_all():
        pass
    assert sorted(wired) == list(range(20))


@pytest.mark.django_db(transaction=True)
def test_changes_are_recorded_with_their_actor_by_orm_function_and_raw_update() -> None:
    @verb
    def place(actor: Actor, *, handler: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                'SELECT kernel_record(\'some_table\', \'UPDATE\', \'{"id": 1, "a": 1, "name": "x"}\','
                ' \'{"id": 1, "a": 2, "name": "y"}\', ARRAY[\'name\'], true)'
            )

    place(Actor("user:9"), handler="h")
    change = Change.objects.get()
    assert (change.actor, change.operation, change.row_key) == ("user:9", "UPDATE", "1")
    assert change.changes == {"a": [1, 2], "name": ["•", "•"]}


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE kernel_event SET name = 'x'", "DELETE FROM kernel_event"])
def test_a_journal_refuses_to_be_rewritten(statement: str) -> None:
    ring(Actor.system("t"), times=1)
    with pytest.raises(Error, match="counter-entry"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert EventRecord.objects.count() == 1


@pytest.mark.django_db
def test_a_reader_is_made_the_first_time_it_reads(wired: list[int]) -> None:
    assert deliver_all() == 0
    assert Reader.objects.get().handler == "test.hear"
