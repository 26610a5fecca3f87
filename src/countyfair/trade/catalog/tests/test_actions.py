"""Shops, products, packs, offers, photos and sheets, as the people who do it meet them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError
from pytest_django import Settings

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Unit
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing, Refusal
from countyfair.kernel.rows import scalar
from countyfair.registers.people.queries import organisations_by_id
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    SYSTEM,
    a_household,
    an_actor,
    an_organisation,
)
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.tests import factories
from countyfair.trade.catalog.tests.sheets import BODY, workbook
from countyfair.trade.catalog.tests.test_pictures import a_photo

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_shop_has_one_operator_of_its_own_county() -> None:
    mine, theirs = an_organisation(), an_organisation(place=OTHER_COUNTY)

    def opened(slug: str, organisation: UUID | None, household: UUID | None) -> str:
        return actions.open_shop(
            SYSTEM,
            shop=uuid7(),
            county=COUNTY,
            slug=slug,
            name_zh="样例摊位",
            organisation=organisation,
            household=household,
        ).operator_kind

    assert opened("a", None, a_household()) == "household"
    for organisation, household in ((None, None), (theirs, None), (mine, a_household())):
        with pytest.raises(Invalid):
            opened("b", organisation, household)
    with pytest.raises(Conflict):
        opened("a", mine, None)
    with pytest.raises(Invalid):
        opened("../etc", mine, None)


def test_a_shop_s_address_is_made_of_its_name_and_told_apart() -> None:
    operator, first = an_organisation(), uuid7()

    def opened(name_zh: str, shop: UUID) -> str:
        return actions.open_shop(
            SYSTEM, shop=shop, county=COUNTY, name_zh=name_zh, organisation=operator
        ).slug

    assert opened("苗山黑糯米", first) == opened("苗山黑糯米", first) == "miao-shan-hei-nuo-mi"
    assert opened("苗山黑糯米", uuid7()) == "miao-shan-hei-nuo-mi-2"
    assert opened("！", uuid7()) == "shop"


def test_a_shop_opened_again_under_its_id_is_the_same_or_a_conflict() -> None:
    operator, shop, day = an_organisation(), uuid7(), date(2026, 3, 1)

    def opened(**other: Any) -> UUID:
        said = {
            "county": COUNTY, "name_zh": "样例摊", "name_en": "Stall", "organisation": operator,
            "licence_number": "L-1", "opened_on": day, "slug": "stall", **other,
        }  # fmt: skip
        return actions.open_shop(SYSTEM, shop=shop, **said).id

    assert opened() == opened() == opened(slug="", opened_on=None) == shop
    for other in (
        {"name_zh": "别的摊"}, {"name_en": "Another"}, {"licence_number": "L-2"}, {"slug": "another"},
        {"opened_on": date(2026, 3, 2)}, {"organisation": an_organisation()},
    ):  # fmt: skip
        with pytest.raises(Conflict) as refused:
            opened(**other)
        assert "other particulars" in str(refused.value)


def test_a_household_s_shop_opens_when_it_agreed_to_selling() -> None:
    def opened(agreed: tuple[str, ...]) -> str:
        household = a_household(agreed=agreed)
        return actions.open_shop(
            SYSTEM, shop=uuid7(), county=COUNTY, name_zh="样例", household=household
        ).operator_kind

    with pytest.raises(Invalid) as refused:
        opened(())
    assert (refused.value.field, refused.value.code) == ("operator", "no_consent")
    assert opened(("trade",)) == "household"


def test_a_shop_says_something_else_until_it_is_closed() -> None:
    organisation = an_organisation()
    shop = factories.a_shop(organisation=organisation)
    keeper, stranger = an_actor("shop_keeper", organisation=organisation), an_actor("station_agent")
    day = date(2026, 3, 1)
    actions.change_shop(
        keeper, shop=shop, name_zh="样例二", name_en="Two", licence_number="L-1", opened_on=day
    )
    row = queries.shop_whole(keeper, shop=shop)
    assert (row.name_zh, row.name_en, row.licence_number, row.opened_on) == ("样例二", "Two", "L-1", day)
    with pytest.raises(Forbidden):
        actions.change_shop(stranger, shop=shop, name_zh="x", opened_on=day)
    with pytest.raises(Invalid):
        actions.change_shop(keeper, shop=shop, name_zh=" ", opened_on=day)
    with pytest.raises(Forbidden):
        actions.close_shop(keeper, shop=shop)
    with pytest.raises(Conflict):
        actions.close_operator(SYSTEM, organisation=organisation)
    actions.close_shop(SYSTEM, shop=shop)
    with pytest.raises(Conflict):
        actions.change_shop(keeper, shop=shop, name_zh="x", opened_on=day)
    actions.close_operator(SYSTEM, organisation=organisation)
    assert organisations_by_id([organisation])[organisation].closed_on is not None


@pytest.mark.parametrize("role", ["", "station_agent", "auditor", "centre_finance", "courier"])
def test_who_does_not_run_the_catalogue_changes_nothing_in_it(role: str) -> None:
    offer = factories.an_offer()
    shown = queries.offers(SYSTEM, county=COUNTY, offer=offer)[0]
    stranger = an_actor(role)
    tries: list[Callable[[], object]] = [
        lambda: actions.add_product(stranger, product=uuid7(), shop=shown.shop, facts=factories.facts()),
        lambda: actions.change_product(stranger, product=shown.product, facts=factories.facts()),
        lambda: actions.withdraw_product(stranger, product=shown.product),
        lambda: actions.add_pack(
            stranger, pack=uuid7(), product=shown.product, code="x", label_zh="x", content_amount=1
        ),
        lambda: actions.put_up(stranger, offer=uuid7(), pack=shown.pack, price=Money(1), outlet="station"),
        lambda: actions.change_offer(stranger, offer=offer, version=1, price=Money(1)),
        lambda: actions.take_down(stranger, offer=offer),
        lambda: actions.add_photo(stranger, photo=uuid7(), product=shown.product, data=a_photo()),
        lambda: actions.close_shop(stranger, shop=shown.shop),
    ]
    for one in tries:
        with pytest.raises(Forbidden):
            one()

    assert queries.offers(SYSTEM, county=COUNTY) == [shown]
    assert queries.offers(an_actor(role, place=OTHER_COUNTY), county=COUNTY) == []


def test_a_cooperative_runs_its_own_shop_and_no_other() -> None:
    organisation = an_organisation()
    shop, other = factories.a_shop(organisation=organisation), factories.a_shop()
    member = an_actor("shop_keeper", organisation=organisation)

    product = actions.add_product(member, product=uuid7(), shop=shop, facts=factories.facts()).id
    factories.an_offer(pack=factories.a_pack(product=product), actor=member)

    assert [row.product for row in queries.offers(member, county=COUNTY)] == [product]
    with pytest.raises(Forbidden):
        actions.add_product(member, product=uuid7(), shop=other, facts=factories.facts())


def test_two_people_change_one_price_and_the_second_sees_both() -> None:
    offer = factories.an_offer(price_fen=1000)

    actions.change_offer(SYSTEM, offer=offer, version=1, price=Money(1100))
    with pytest.raises(Conflict) as refused:
        actions.change_offer(SYSTEM, offer=offer, version=1, price=Money(1200))

    assert refused.value.details == {
        "offer": offer,
        "version": 2,
        "price_fen": 1100,
        "state": "on",
        "opens_at": None,
        "closes_at": None,
        "most_per_order": 99,
        "most_per_buyer": None,
        "wanted_fen": 1200,
    }
    assert actions.change_offer(SYSTEM, offer=offer, version=1, price=Money(1100)).version == 2
    announced = scalar(
        "SELECT array_agg((payload ->> 'version') || ' ' || (payload ->> 'price_fen')"
        " ORDER BY sequence)::text FROM kernel_event WHERE name = 'catalog.offer_changed'"
    )
    assert announced == '{"1 1000","2 1100"}'


def test_an_offer_comes_down_and_goes_up_again_as_a_new_version() -> None:
    pack = factories.a_pack()
    offer = factories.an_offer(pack=pack)
    assert queries.shelf(county=COUNTY)

    assert actions.take_down(SYSTEM, offer=offer).version == 2
    assert actions.take_down(SYSTEM, offer=offer).version == 2
    assert queries.shelf(county=COUNTY) == []
    assert actions.put_up(SYSTEM, offer=offer, pack=pack, price=Money(500)).version == 3
    assert queries.shelf(county=COUNTY)[0].price_fen == 500
    with pytest.raises(Conflict):
        factories.an_offer(pack=pack)


def test_what_was_read_before_a_change_is_refused_by_the_database() -> None:
    offer = factories.an_offer()
    check = "SELECT catalog_require(%s::uuid[], %s::int[], %s::timestamptz)"
    scalar(check, [[offer, offer], [1, 1], now()])
    soon = factories.an_offer()
    later = now() + timedelta(hours=1)
    actions.change_offer(SYSTEM, offer=soon, version=1, price=Money(1), opens_at=later)

    actions.take_down(SYSTEM, offer=offer)

    for stale, version in ((offer, 1), (offer, 2), (soon, 2), (uuid7(), 1)):
        with pytest.raises(DatabaseError) as refused:
            scalar(check, [[stale], [version], now()])
        assert getattr(refused.value.__cause__, "sqlstate", "") == "CF002"


def test_a_product_on_sale_is_not_withdrawn_and_its_unit_does_not_change_under_its_packs() -> None:
    said = factories.facts()
    product = factories.a_product(said=said)
    offer = factories.an_offer(pack=factories.a_pack(product=product))

    with pytest.raises(Conflict):
        actions.withdraw_product(SYSTEM, product=product)
    with pytest.raises(Conflict):
        actions.change_product(
            SYSTEM, product=product, facts=factories.facts(code=said.code, unit=Unit.PIECE)
        )
    actions.take_down(SYSTEM, offer=offer)
    actions.withdraw_product(SYSTEM, product=product)
    with pytest.raises(Missing):
        queries.product_page(product=product)
    with pytest.raises(Conflict):
        actions.put_up(SYSTEM, offer=offer, pack=factories.a_pack(product=product), price=Money(1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "weapons"}, "category"),
        ({"place": "621227"}, "place"),
        ({"name_zh": " "}, "name_zh"),
        ({"season_months": (13,)}, "season_months"),
        ({"kind": "idea"}, "kind"),
        ({"code": "c" * 41}, "code"),
    ],
)
def test_what_cannot_be_said_of_a_product_is_refused_at_its_field(
    changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        factories.a_product(said=factories.facts(**changes))

    assert refused.value.field == field


def test_a_photo_is_kept_in_every_width_and_its_row_comes_last(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    product, photo = factories.a_product(), uuid7()
    data = a_photo(size=(700, 500))

    for _twice in range(2):
        row = actions.add_photo(SYSTEM, photo=photo, product=product, data=data, alt_zh="黑糯米")

    names = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    stem = f"{row.digest[:2]}/{row.digest}"
    assert names == [f"{stem}-{width}.{kind}" for width in (320, 640) for kind in ("avif", "webp")]
    assert [one.alt_zh for one in queries.product_page(product=product).photos] == ["黑糯米"]
    actions.withdraw_photo(SYSTEM, photo=photo)
    assert queries.product_page(product=product).photos == ()


def test_a_full_disk_leaves_neither_file_nor_row(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    product = factories.a_product()
    synced = os.fsync
    written: list[int] = []

    def full(handle: int) -> None:
        synced(handle)
        written.append(handle)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refusal, match="disk is full"):
        actions.add_photo(SYSTEM, photo=uuid7(), product=product, data=a_photo(size=(700, 500)))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert queries.product_page(product=product).photos == ()


def stall() -> str:
    shop = factories.a_shop()
    return next(row.slug for row in queries.shops(county=COUNTY) if row.id == shop)


def test_a_sheet_is_loaded_whole_and_the_same_sheet_again_makes_nothing_new() -> None:
    shop = stall()
    plan = queries.preview(SYSTEM, county=COUNTY, shop=shop, data=workbook())
    assert [one.outcome for one in plan.planned] == ["new"] * 5
    assert queries.managed_products(SYSTEM, county=COUNTY) == []

    first, again = (actions.load_sheet(SYSTEM, county=COUNTY, shop=shop, data=workbook()) for _ in range(2))

    assert ((first.new, first.same), (again.new, again.changed, again.same)) == ((5, 0), (0, 0, 5))
    assert len(queries.managed_products(SYSTEM, county=COUNTY)) == 4
    offers = queries.offers(SYSTEM, county=COUNTY)
    assert {(row.state, row.price_fen) for row in offers} == {
        ("draft", price) for price in (6250, 5500, 3980, 4500, 12800)
    }


def test_a_new_price_in_the_sheet_is_a_new_version_of_the_offer() -> None:
    shop = stall()
    actions.load_sheet(SYSTEM, county=COUNTY, shop=shop, data=workbook(), on_sale=True)
    dearer = [*BODY[:3], (4, "土鸡蛋", "30个/盒", "48元", "盒", "-", 50, "全年", "样例·乙"), BODY[4]]

    loaded = actions.load_sheet(SYSTEM, county=COUNTY, shop=shop, data=workbook(dearer), on_sale=True)

    assert (loaded.new, loaded.changed, loaded.same) == (0, 1, 4)
    (eggs,) = (row for row in queries.offers(SYSTEM, county=COUNTY) if row.name_zh == "土鸡蛋")
    assert (eggs.version, eggs.price_fen) == (2, 4800)
    assert len(queries.shelf(county=COUNTY)) == 4


def test_one_cell_that_cannot_be_used_and_nothing_is_loaded() -> None:
    shop = stall()
    wrong = [*BODY, (6, "腊肉", "1斤", "面议", "斤", "-", "", "", "")]

    with pytest.raises(Invalid) as refused:
        actions.load_sheet(SYSTEM, county=COUNTY, shop=shop, data=workbook(wrong))

    problems = refused.value.details["problems"]
    assert isinstance(problems, tuple)
    assert [(one.row, one.column, one.head) for one in problems] == [(9, "D", "价格 单价")]
    assert queries.managed_products(SYSTEM, county=COUNTY) == []


def test_a_sheet_is_loaded_by_who_runs_the_shop_only() -> None:
    shop = stall()

    with pytest.raises(Forbidden):
        actions.load_sheet(an_actor("station_agent"), county=COUNTY, shop=shop, data=workbook())
    with pytest.raises(Missing):
        actions.load_sheet(SYSTEM, county=COUNTY, shop="nowhere", data=workbook())

    assert queries.managed_products(SYSTEM, county=COUNTY) == []


@pytest.mark.slow
def test_five_thousand_rows_take_seconds() -> None:
    shop = stall()
    many = [
        (n, f"样例{n}号香菇", f"{n % 9 + 1}斤", n % 90 + 1, "斤", "-", "", "9-11月", "") for n in range(5000)
    ]
    started = now()

    loaded = actions.load_sheet(SYSTEM, county=COUNTY, shop=shop, data=workbook(many))

    assert loaded.new == 5000
    assert (now() - started).total_seconds() < 60
