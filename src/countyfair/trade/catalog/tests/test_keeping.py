"""Who keeps a shop: what the law asks of it, and what is told of its people only while they agree."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from countyfair.kernel.clock import at, now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.people import actions as people
from countyfair.registers.people import queries, rules
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    SYSTEM,
    a_household,
    an_actor,
)
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.models import Shop
from countyfair.trade.catalog.queries import shop_of_household
from countyfair.trade.catalog.queries.fair import StallShown, stall
from countyfair.trade.catalog.rules import CATEGORIES
from countyfair.trade.catalog.rules.keeping import licence_asked, licence_missing
from countyfair.trade.catalog.tests.factories import a_shop, facts

PAGE = (Path(__file__).parents[5] / "docs" / "shops.md").read_text(encoding="utf-8")


def opened(household: UUID, *, background: str = "", how: str = "") -> Shop:
    return actions.open_household_shop(
        an_actor("station_agent"), shop=uuid7(), household=household, name_zh="样例小店",
        background=background, background_how=how,
    )  # fmt: skip


def shown(shop: Shop) -> StallShown:
    return stall(county=shop.county, slug=shop.slug)


def test_the_page_gives_the_table_of_licences_as_it_is_decided() -> None:
    told = {}
    for sold, household, organisation in re.findall(r"^\| ([a-z, ]+) \| (\w+) \| (\w+) \|", PAGE, re.M):
        for category in sold.split(", "):
            told[category] = (household, organisation)
    told.pop("sells", None)
    assert told == {
        key: (licence_asked("household", [key]), licence_asked("cooperative", [key])) for key in CATEGORIES
    }


def test_the_strictest_of_what_a_shop_sells_counts_and_an_organisation_has_a_number() -> None:
    assert licence_asked("household", ["tea", "preserve", "service"]) == "food"
    assert licence_asked("household", []) == "none"
    assert not licence_missing("business", "", "91450225MA5TESTX0X")
    assert licence_missing("food", "", "91450225MA5TESTX0X")
    assert not licence_missing("food", "SC10345022500001")


@pytest.mark.django_db
def test_an_agent_opens_a_households_shop_once_and_only_at_the_own_place() -> None:
    household = a_household(agreed=())
    agent, key = an_actor("station_agent"), uuid7()
    with pytest.raises(Invalid):
        actions.open_household_shop(agent, shop=key, household=household, name_zh="样例小店")
    for _again in range(2):
        made = actions.open_household_shop(
            agent, shop=key, household=household, name_zh="样例小店", agreed_how="voice"
        )
    assert (made.operator_kind, made.opened_on) == ("household", today())
    assert queries.has_agreed(household, rules.SELLING)
    with pytest.raises(Conflict):
        actions.open_household_shop(agent, shop=uuid7(), household=household, name_zh="又一家")
    for other in (an_actor("station_agent", place=OTHER_COUNTY), an_actor("auditor"), an_actor("courier")):
        with pytest.raises(Forbidden):
            actions.open_household_shop(other, shop=uuid7(), household=a_household(), name_zh="样例小店")
    with pytest.raises(Missing):
        actions.open_household_shop(agent, shop=uuid7(), household=uuid7(), name_zh="样例小店")
    assert scalar("SELECT count(*) FROM catalog_shop") == 1


@pytest.mark.django_db
def test_a_stall_tells_a_background_only_while_its_household_agrees_to_that() -> None:
    household = a_household(agreed=("trade",))
    shop = opened(household)
    assert shown(shop).background == ""
    agent = an_actor("station_agent")
    with pytest.raises(Invalid):
        actions.tell_background(agent, shop=shop.id, background="veteran")
    with pytest.raises(Invalid):
        actions.tell_background(agent, shop=shop.id, background="poor", how="voice")
    actions.tell_background(agent, shop=shop.id, background="veteran", how="voice")
    assert shown(shop).background == "veteran"
    whose = queries.household(SYSTEM, household_id=household)
    seen = shop_of_household(agent, whose)
    assert seen is not None
    assert seen.background == "veteran"
    people.withdraw_consent(agent, household_id=household, purpose=rules.BACKGROUND)
    assert shown(shop).background == ""
    people.record_consent(
        agent,
        household_id=household,
        purpose=rules.BACKGROUND,
        how="paper",
        until=today() + timedelta(days=1),
    )
    assert shown(shop).background == "veteran"
    with at(now() + timedelta(days=3)):
        assert shown(shop).background == ""
    people.erase_identity(SYSTEM, household_id=household)
    assert shown(shop).background == ""


@pytest.mark.django_db
def test_a_background_is_taken_back_and_never_in_the_log_of_changes() -> None:
    household = a_household(agreed=("trade",))
    shop = opened(household, background="returned", how="paper")
    assert shown(shop).background == "returned"
    actions.tell_background(SYSTEM, shop=shop.id, background="")
    assert shown(shop).background == ""
    assert not queries.has_agreed(household, rules.BACKGROUND)
    assert scalar("SELECT count(*) FROM kernel_change WHERE changes::text LIKE '%%returned%%'") == 0
    with pytest.raises(Missing):
        actions.tell_background(SYSTEM, shop=a_shop(), background="veteran", how="voice")


@pytest.mark.django_db
def test_goods_that_ask_for_a_licence_wait_for_its_number() -> None:
    shop = opened(a_household())
    jam = facts(category="preserve")
    with pytest.raises(Invalid) as refused:
        actions.add_product(SYSTEM, product=uuid7(), shop=shop.id, facts=jam)
    assert refused.value.field == "category"
    tea = actions.add_product(SYSTEM, product=uuid7(), shop=shop.id, facts=facts(category="tea"))
    with pytest.raises(Invalid):
        actions.change_product(SYSTEM, product=tea.id, facts=facts(code=tea.code, category="drink"))
    actions.change_shop(
        SYSTEM, shop=shop.id, name_zh="样例小店", licence_number="SC10345022500001", opened_on=shop.opened_on
    )
    actions.add_product(SYSTEM, product=uuid7(), shop=shop.id, facts=jam)
    assert shown(shop).categories == ["preserve", "tea"]
    assert shown(shop).county == COUNTY
