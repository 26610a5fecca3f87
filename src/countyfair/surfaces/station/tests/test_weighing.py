"""A harvest is weighed in once, however often the button is pressed, and a mistake loses nothing."""

from __future__ import annotations

from uuid import UUID

import pytest

from countyfair.kernel.clock import today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import SYSTEM, a_household
from countyfair.surfaces.station.tests.conftest import OTHER, Counter
from countyfair.trade.catalog.tests.factories import a_standard


def lots() -> object:
    return scalar("SELECT count(*) FROM stock_lot")


def weigh(counter: Counter, once: UUID | None = None, **form: object) -> tuple[int, str]:
    said = {"quantity": "40", "unit": "kg", "harvested_on": today().isoformat()} | form
    return counter.post(
        "weigh_in", counter.fair.households[0], counter.fair.stall.product, once=once or uuid7(), **said
    )


def test_from_the_household_to_the_slip(counter: Counter) -> None:
    household = counter.fair.households[0]
    number = people.household(SYSTEM, household_id=household).number
    assert counter.link("weigh_product", household) in counter.get("weigh")[1]
    found = counter.get("weigh", q=number)[1]
    assert counter.link("weigh_product", household) in found
    assert counter.link("weigh_product", counter.fair.households[1]) not in found
    assert "No household found" in counter.get("weigh", q="<script>x")[1]
    goods = counter.get("weigh_product", household)[1]
    assert counter.link("weigh_in", household, counter.fair.stall.product) in goods
    lot = uuid7()
    assert weigh(counter, lot, quantity="４０", unit="斤") == (302, counter.link("slip", lot))
    slip = counter.get("slip", lot)[1]
    assert "20 kg" in slip
    assert "40 jin" in slip
    assert number in slip
    assert str(scalar("SELECT number FROM stock_lot WHERE id = %s", [lot])) in counter.get("lots")[1]


def test_a_household_is_asked_before_its_harvest_is_taken(counter: Counter) -> None:
    household, product = a_household(agreed=()), counter.fair.stall.product
    asked = counter.get("weigh_product", household)[1]
    assert "Does the household agree?" in asked
    assert counter.link("weigh_in", household, product) not in asked
    form = {"quantity": "40", "unit": "kg", "harvested_on": today().isoformat()}
    before = lots()
    status, shown = counter.post("weigh_in", household, product, once=uuid7(), **form)
    assert (status, "has not agreed" in shown, lots()) == (422, True, before)
    assert counter.post("agree", household)[0] == 422
    assert counter.post("agree", household, how="voice") == (302, counter.link("weigh_product", household))
    assert scalar("SELECT how FROM people_consent WHERE household_id = %s", [household]) == "voice"
    assert counter.link("weigh_in", household, product) in counter.get("weigh_product", household)[1]
    assert counter.post("weigh_in", household, product, once=uuid7(), **form)[0] == 302


@pytest.mark.parametrize(
    ("quantity", "unit", "grams"),
    [
        ("40", "kg", 40_000), ("2.5", "斤", 1_250), ("３", "斤", 1_500), ("3公斤", "斤", 3_000),
        ("800", "g", 800),
    ],
)  # fmt: skip
def test_the_scale_may_show_any_unit(counter: Counter, quantity: str, unit: str, grams: int) -> None:
    lot = uuid7()
    weigh(counter, lot, quantity=quantity, unit=unit)
    assert scalar("SELECT on_hand FROM stock_lot WHERE id = %s", [lot]) == grams


def test_goods_with_a_standard_are_measured_or_chosen_by_eye(counter: Counter) -> None:
    a_standard(product=counter.fair.stall.product)
    asked = counter.get("weigh_in", counter.fair.households[0], counter.fair.stall.product)[1]
    assert 'name="sugar"' in asked
    assert 'value="second"' in asked
    before, first, second = int(str(lots())), uuid7(), uuid7()
    for sugar, at in (("", "f-grade"), ("12", "e-diameter"), ("sweet", "e-sugar")):
        status, shown = weigh(counter, sugar=sugar)
        assert (status, f'id="{at}"' in shown, 'value="40"' in shown) == (422, True, True)
    assert lots() == before
    assert weigh(counter, first, diameter="６５", sugar="12.5")[0] == 302
    assert weigh(counter, second, grade="second")[0] == 302
    slips = [counter.get("slip", lot)[1] for lot in (first, second)]
    assert "First grade" in slips[0]
    assert "12.5 °Brix" in slips[0]
    assert "counts for 80 %" in slips[1]


def test_pressed_twice_it_is_one_harvest(counter: Counter) -> None:
    lot, before = uuid7(), int(str(lots()))
    assert weigh(counter, lot) == weigh(counter, lot)
    assert lots() == before + 1


def test_other_figures_under_the_same_form_are_asked_about(counter: Counter) -> None:
    lot, before = uuid7(), int(str(lots()))
    weigh(counter, lot)
    status, shown = weigh(counter, lot, quantity="41")
    assert status == 409
    assert counter.link("slip", lot) in shown
    assert 'value="41"' in shown
    assert f'value="{lot}"' not in shown  # the form goes on with an id of its own
    assert lots() == before + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": ""}, {"quantity": "a lot"}, {"quantity": "0"}, {"quantity": "-3"},
        {"quantity": "1.23456"}, {"quantity": "9" * 40}, {"quantity": "5", "unit": ""},
        {"quantity": "5", "unit": "<b>"},
        {"quantity": "5个"}, {"harvested_on": ""}, {"harvested_on": "2026-13-45"},
        {"harvested_on": "2999-01-01"}, {"harvested_on": "0001-01-01"}, {"once": "nonsense"},
    ],
)  # fmt: skip
def test_a_mistake_keeps_what_was_typed_and_weighs_nothing(counter: Counter, wrong: dict[str, str]) -> None:
    before = lots()
    once = {"once": wrong["once"]} if "once" in wrong else {}
    form = {"quantity": "77", "unit": "kg", "harvested_on": today().isoformat()} | wrong | once
    answer = counter.client.post(
        counter.link("weigh_in", counter.fair.households[0], counter.fair.stall.product),
        {"once": str(uuid7())} | form,
    )
    shown = answer.content.decode()
    assert answer.status_code == 422, shown[-800:]
    assert 'role="alert"' in shown
    if "quantity" not in wrong:
        assert 'value="77"' in shown
    assert lots() == before


def test_households_and_goods_of_other_places_are_not_weighed(counter: Counter) -> None:
    other, before = a_household(place=OTHER), lots()
    form = {"once": str(uuid7()), "quantity": "5", "unit": "kg", "harvested_on": today().isoformat()}
    for household, product, status in (
        (other, counter.fair.stall.product, 403),
        (uuid7(), counter.fair.stall.product, 404),
        (counter.fair.households[0], uuid7(), 404),
    ):
        address = counter.link("weigh_in", household, product)
        assert counter.client.get(address).status_code == status
        assert counter.client.post(address, form).status_code == status
    assert lots() == before
