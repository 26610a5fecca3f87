"""A form is read whole: what is right is a value, all that is wrong is told at once, at its field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils.translation import override

from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.refusal import Conflict
from countyfair.surfaces.ui.given import Given, Unusable, Wrong, told


def given(**fields: str) -> Given:
    return Given(QueryDict(urlencode(fields)))


def test_values_are_read_as_people_write_them() -> None:
    key = uuid7()
    form = given(
        name=" 样例\x00 ", price="１２．５", weight="3斤", bare="2.5", none="0.0", count="-4", share="12.5％",
        day="2026-11-23", moment="2026-11-23T08:00", key=str(key),
    )  # fmt: skip
    assert form.text("name") == "样例"
    assert form.money("price") == Money(1250)
    assert form.quantity("weight", "g") == Quantity(1500, Unit.GRAM)
    assert (form.amount("weight", "g"), form.amount("bare", "g"), form.amount("none", "g")) == (1500, 2500, 0)
    assert form.quantity("bare", "g", "斤").amount == 1250
    assert (form.whole("count"), form.rate("share")) == (-4, Decimal("0.125"))
    assert form.day("day") == form.the_day("day") == date(2026, 11, 23)
    assert form.moment("moment") == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert form.key("key") == key
    form.stop()


def test_what_may_be_empty_is_none() -> None:
    form = given()
    assert form.text("name") == ""
    assert form.money_if_any("price") is None
    assert form.amount_if_any("weight", "g") is None
    assert (form.day("day"), form.moment("moment"), form.key("key")) == (None, None, None)
    form.stop()


READERS: dict[str, tuple[Callable[[Given], object], str]] = {
    "needed": (lambda form: form.text("it", need="Say it."), ""),
    "too long": (lambda form: form.text("it", most=3), "four"),
    "no sum": (lambda form: form.money("it"), "much"),
    "half a fen": (lambda form: form.money_if_any("it"), "1.234"),
    "nothing": (lambda form: form.quantity("it", "g", "kg"), "0"),
    "no unit": (lambda form: form.quantity("it", "g"), "5"),
    "another unit": (lambda form: form.quantity("it", "piece"), "5 kg"),
    "no quantity": (lambda form: form.amount("it", "g"), ""),
    "absurdly many digits": (lambda form: form.amount("it", "g"), "9" * 61),
    "no whole number": (lambda form: form.whole("it"), "1.5"),
    "no rate": (lambda form: form.rate("it"), "NaN"),
    "no such day": (lambda form: form.day("it"), "2026-02-30"),
    "a day that nobody means": (lambda form: form.day("it"), "9999-12-31"),
    "a moment long ago": (lambda form: form.moment("it"), "0001-01-01T00:00"),
    "no day": (lambda form: form.the_day("it"), ""),
    "no moment": (lambda form: form.moment("it"), "noon"),
    "no key": (lambda form: form.key("it"), "no key"),
}


@pytest.mark.parametrize("mistake", READERS)
def test_a_mistake_is_told_at_its_field(mistake: str) -> None:
    read, typed = READERS[mistake]
    form = given(it=typed)
    read(form)
    with pytest.raises(Unusable) as refused:
        form.stop()
    assert {where for where, _sentence in refused.value.errors} == {"it"}


def test_all_mistakes_are_told_at_once_and_found_by_field() -> None:
    form = given(price="much", day="never")
    form.money("price")
    form.day("day")
    with pytest.raises(Unusable) as refused:
        form.stop()
    wrong = Wrong(told(refused.value))
    assert [where for where, _sentence in wrong.errors] == ["price", "day"]
    with override("en"):
        assert wrong.at("day") == "Write the date as 2026-11-23."
    assert wrong.at("name") == ""


def test_any_refusal_is_told_as_fields_and_sentences() -> None:
    assert told(None) == []
    assert told(Conflict("It was sold.", field="offer")) == [("offer", "It was sold.")]
    assert told(Conflict("It was sold.")) == [("", "It was sold.")]
