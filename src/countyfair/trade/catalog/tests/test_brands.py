"""A brand's mark is borne by who is licensed for it, as long as they are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from countyfair.kernel.clock import at, now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing, Refusal, Stale
from countyfair.kernel.rows import run, scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, an_actor
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.queries.brands import brand, brands, ending_licences, licences
from countyfair.trade.catalog.rules.brands import ENDS_SOON_DAYS, grades_of
from countyfair.trade.catalog.tests.factories import (
    a_brand,
    a_licence,
    a_pack,
    a_product,
    a_shop,
    a_standard,
    an_offer,
)

pytestmark = pytest.mark.django_db(transaction=True)


def a_marked_offer() -> tuple[UUID, UUID, UUID, UUID]:
    """Product, offer, brand and licence: an offer that bears a mark."""
    shop = a_shop()
    product = a_product(shop=shop)
    mark = a_brand(standard=a_standard(product=product))
    licence = a_licence(brand=mark, shop=shop)
    offer = an_offer(pack=a_pack(product=product))
    actions.bear_mark(SYSTEM, offer=offer, brand=mark)
    return product, offer, mark, licence


def shown(product: UUID) -> tuple[UUID | None, UUID | None]:
    """The brand whose mark the card and the page of a product show."""
    card = queries.shelf(county=COUNTY)[0]
    (offer,) = queries.product_page(product=product).offers
    return (card.mark.brand if card.mark else None, offer.mark.brand if offer.mark else None)


def test_card_and_page_show_the_mark_until_its_licence_is_withdrawn() -> None:
    product, offer, mark, licence = a_marked_offer()
    assert shown(product) == (mark, mark)

    actions.withdraw_licence(SYSTEM, licence=licence, reason="样例：抽检不合格")

    assert shown(product) == (None, None)
    assert scalar("SELECT brand_id FROM catalog_offer WHERE id = %s", [offer]) == mark
    actions.withdraw_licence(SYSTEM, licence=licence, reason="样例：另一个原因")
    (row,) = licences(SYSTEM, county=COUNTY, brand=mark)
    assert (row.state, row.withdrawn_reason, row.withdrawn_by) == (
        "withdrawn", "样例：抽检不合格", SYSTEM.key,
    )  # fmt: skip
    a_licence(brand=mark, shop=row.shop, number="样例-2")
    assert shown(product) == (mark, mark)


def test_the_mark_is_borne_on_the_last_day_and_not_after_it() -> None:
    product, _offer, mark, licence = a_marked_offer()
    (row,) = licences(SYSTEM, county=COUNTY, licence=licence)
    for day, seen in ((row.until, mark), (row.until + timedelta(days=1), None)):
        with at(now() + (day - today())):
            assert shown(product) == (seen, seen)
    with at(now() + timedelta(days=(row.until - today()).days - ENDS_SOON_DAYS)):
        assert [one.id for one in ending_licences(SYSTEM, county=COUNTY)] == [licence]
        a_licence(brand=mark, shop=row.shop, number="样例-2", since=row.until + timedelta(days=1))
        assert ending_licences(SYSTEM, county=COUNTY) == []
    with at(now() + timedelta(days=(row.until - today()).days + 1)):
        assert shown(product) == (mark, mark)


def test_withdrawing_a_licence_withdraws_those_that_follow() -> None:
    product, _offer, mark, licence = a_marked_offer()
    (row,) = licences(SYSTEM, county=COUNTY)
    a_licence(brand=mark, shop=row.shop, number="样例-2", since=row.until + timedelta(days=1))

    actions.withdraw_licence(SYSTEM, licence=licence, reason="样例")

    assert {one.state for one in licences(SYSTEM, county=COUNTY, brand=mark)} == {"withdrawn"}
    with at(now() + timedelta(days=400)):
        assert shown(product) == (None, None)


def test_a_brand_that_ended_is_borne_by_nothing() -> None:
    product, _offer, mark, _licence = a_marked_offer()
    assert brand(SYSTEM, brand=mark).offers == 1

    actions.end_brand(SYSTEM, brand=mark)
    actions.end_brand(SYSTEM, brand=mark)

    assert shown(product) == (None, None)
    seen = brand(SYSTEM, brand=mark)
    assert (seen.shops, seen.offers) == (0, 0)
    with pytest.raises(Conflict):
        a_licence(brand=mark, number="样例-9")


def test_a_shop_without_a_licence_cannot_bear_the_mark() -> None:
    product = a_product()
    mark = a_brand(standard=a_standard(product=product))
    offer = an_offer(pack=a_pack(product=product))

    with pytest.raises(Invalid) as refused:
        actions.bear_mark(SYSTEM, offer=offer, brand=mark)

    assert refused.value.field == "brand"


def test_a_new_version_is_shown_and_the_one_before_is_kept() -> None:
    product, _offer, mark, _licence = a_marked_offer()
    seen = brand(SYSTEM, brand=mark)
    said: dict[str, Any] = {
        "brand": mark, "county": COUNTY, "holder": seen.holder, "standard": seen.standard,
        "least": seen.least,
    }  # fmt: skip

    actions.set_brand(SYSTEM, name_zh="样例山脐橙", believed=1, **said)
    assert actions.set_brand(SYSTEM, name_zh="样例山脐橙", believed=1, **said).version == 2

    card = queries.shelf(county=COUNTY)[0]
    assert card.mark is not None
    assert (card.mark.version, card.mark.name_zh) == (2, "样例山脐橙")
    assert scalar("SELECT count(*) FROM catalog_brandversion WHERE brand_id = %s", [mark]) == 2
    with pytest.raises(Stale):
        actions.set_brand(SYSTEM, name_zh="样例河脐橙", believed=1, **said)
    with pytest.raises(Conflict):
        actions.set_brand(SYSTEM, name_zh="样例山脐橙", believed=2, **(said | {"least": "second"}))
    assert product


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_zh": " "}, "name_zh"), ({"holder": ""}, "holder"), ({"least": "off"}, "least"),
        ({"least": "special"}, "least"), ({"standard": uuid7()}, "standard"),
        ({"data": b"no picture"}, "photo"),
    ],
)  # fmt: skip
def test_a_brand_that_cannot_be_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    said: dict[str, Any] = {
        "brand": uuid7(), "county": COUNTY, "name_zh": "样例脐橙", "holder": "样例协会", "least": "first",
    }  # fmt: skip

    with pytest.raises(Invalid) as refused:
        actions.set_brand(SYSTEM, **({"standard": a_standard(category="fruit")} | said | changes))

    assert refused.value.field == field
    assert brands(SYSTEM, county=COUNTY) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": " "}, "number"), ({"number": "样例-1", "since": date(2030, 1, 1)}, "number"),
        ({"until": today() - timedelta(days=1)}, "until"), ({"since": today() + timedelta(days=1)}, "since"),
        ({"until": today() + timedelta(days=2000)}, "until"), ({"shop": uuid7()}, "shop"),
    ],
)  # fmt: skip
def test_a_licence_that_cannot_be_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    shop, mark = a_shop(), a_brand()
    a_licence(brand=mark, shop=shop)
    said: dict[str, Any] = {"brand": mark, "shop": shop, "number": "样例-2", "since": today()}
    last = {"until": changes.get("until") or changes.get("since", today()) + timedelta(days=30)}

    with pytest.raises(Refusal) as refused:
        actions.grant_licence(SYSTEM, licence=uuid7(), **(said | changes | last))

    assert refused.value.field == field


def test_a_licence_is_granted_once_under_its_id() -> None:
    shop, mark, licence = a_shop(), a_brand(), uuid7()
    a_licence(brand=mark, shop=shop, licence=licence)
    assert a_licence(brand=mark, shop=shop, licence=licence) == licence
    with pytest.raises(Conflict):
        a_licence(brand=mark, shop=shop, licence=licence, number="样例-2")
    with pytest.raises(Invalid):
        actions.withdraw_licence(SYSTEM, licence=licence, reason=" ")
    with pytest.raises(Missing):
        actions.withdraw_licence(SYSTEM, licence=uuid7(), reason="样例")
    with at(now() + timedelta(days=400)), pytest.raises(Conflict):
        actions.withdraw_licence(SYSTEM, licence=licence, reason="样例")


def test_versions_of_brands_are_not_edited_and_off_grade_is_no_least() -> None:
    mark = a_brand()
    for statement in (
        "UPDATE catalog_brandversion SET name_zh = 'x' WHERE brand_id = %s",
        "UPDATE catalog_brand SET least = 'off' WHERE id = %s",
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            run(statement, [mark])
    assert grades_of("second") == ("special", "first", "second")


def test_brands_are_for_the_countys_desk() -> None:
    _product, offer, mark, licence = a_marked_offer()
    for role in ("courier", "station_agent", "auditor"):
        actor = an_actor(role, place=COUNTY)
        with pytest.raises(Forbidden):
            actions.withdraw_licence(actor, licence=licence, reason="样例")
        with pytest.raises(Forbidden):
            actions.end_brand(actor, brand=mark)
        with pytest.raises(Forbidden):
            actions.bear_mark(actor, offer=offer, brand=None)
    stranger = an_actor("county_admin", place="621227")
    for read in (
        lambda: brands(stranger, county=COUNTY), lambda: brand(stranger, brand=mark),
        lambda: licences(stranger, county=COUNTY), lambda: ending_licences(stranger, county=COUNTY),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            read()
    with pytest.raises(Forbidden):
        actions.withdraw_licence(stranger, licence=licence, reason="样例")
