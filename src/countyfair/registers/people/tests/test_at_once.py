"""Several people pressing at the same moment, on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from countyfair.kernel.refusal import Conflict
from countyfair.registers.people import actions
from countyfair.registers.people.tests.factories import SYSTEM, VILLAGE, a_phone, an_id_number

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
AT_ONCE = 8


def together(act: Callable[[int], T]) -> list[T | Conflict]:
    """What `act(0)` … `act(7)` answer when they begin at the same moment."""
    ready = Barrier(AT_ONCE)

    def one(number: int) -> T | Conflict:
        ready.wait()
        try:
            return act(number)
        except Conflict as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def register(id_number: str) -> actions.RegisteredHousehold:
    return actions.register_household(
        SYSTEM, place=VILLAGE, head_name="样例·农", id_number=id_number, is_sample=True
    )


def test_one_identity_is_registered_once() -> None:
    number = an_id_number()
    answers = together(lambda _: register(number))
    assert [isinstance(answer, Conflict) for answer in answers].count(False) == 1


def test_households_registered_at_once_get_numbers_of_their_own() -> None:
    numbers = [an_id_number() for _ in range(AT_ONCE)]
    answers = together(lambda i: register(numbers[i]))
    given = {answer.number for answer in answers if isinstance(answer, actions.RegisteredHousehold)}
    assert sorted(number[:5] for number in given) == [f"{n:05d}" for n in range(1, AT_ONCE + 1)]


def test_one_phone_becomes_one_user() -> None:
    phone = a_phone()
    answers = together(lambda _: actions.register_user(SYSTEM, phone=phone))
    assert len(set(answers)) == 1
