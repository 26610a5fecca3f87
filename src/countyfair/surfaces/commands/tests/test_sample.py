"""Sample counties: opened once, completed once, and never set back to what the file says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from countyfair.kernel import clock
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Unit
from countyfair.kernel.refusal import Missing, Refusal
from countyfair.kernel.rows import scalar
from countyfair.registers.stations.queries import stations
from countyfair.surfaces.commands.sample.definition import SampleCounty, Table
from countyfair.surfaces.commands.sample.opening import open_county
from countyfair.surfaces.commands.sample.standing import HOUSE, Ids
from countyfair.surfaces.commands.tests.small import RONGSHUI, small
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.queries import offers
from countyfair.trade.catalog.queries.desk import product_whole
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions.queries import group, promotion
from countyfair.trade.stock.queries import availability, lots
from countyfair.trade.stock.queries.cycles import cycles

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

IDS = Ids(RONGSHUI)
NOVEMBER = datetime(2026, 11, 20, 2, tzinfo=UTC)
TABLES = (
    "stations_station", "people_user", "people_household", "people_roleheld", "people_organisation",
    "catalog_shop", "catalog_product", "catalog_offer", "catalog_standardversion", "catalog_brandversion",
    "catalog_brandlicence", "stock_lot", "stock_movement", "stock_harvest", "stock_cycle",
    "promotions_promotion", "orders_shareterms",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with clock.at(NOVEMBER):
        yield


@pytest.fixture(scope="module")
def whole() -> SampleCounty:
    """Rongshui with the goods that its brand, group, coupon and harvests ahead need."""
    sample = small()
    return replace(
        sample,
        products=tuple(sample.product(key) for key in ("mushroom", "kiwi", "tangerine", "green-tea")),
        cycles=tuple(entry for entry in sample.cycles if entry["product"] in ("tangerine", "green-tea")),
    )


@pytest.fixture(scope="module")
def before(whole: SampleCounty) -> SampleCounty:
    """The same county as a sample of before there were brands, services, promotions and harvests ahead."""
    mushroom: tuple[Table, ...] = (whole.product("mushroom"),)
    return replace(whole, products=mushroom, services=(), brands=(), coupons=(), groups=(), cycles=())


def _open(sample: SampleCounty) -> int:
    return open_county(sample, step=lambda: None)


def _rows() -> dict[str, int]:
    return {table: int(str(scalar(f"SELECT count(*) FROM {table}"))) for table in TABLES}


def test_opening_a_sample_county_twice_makes_nothing_twice(whole: SampleCounty) -> None:
    assert _open(whole) > 0
    first = _rows()
    assert all(first.values()), first
    with clock.at(NOVEMBER + timedelta(days=3)):
        assert _open(whole) == 0
    assert _rows() == first
    assert len(stations(county=RONGSHUI)) == len(whole.stations)


def test_a_county_opened_before_gets_what_is_new_of_the_sample_once(
    whole: SampleCounty, before: SampleCounty
) -> None:
    _open(before)
    goods = len(whole.products) - 1
    now_in_season = 1
    assert _open(whole) == goods + len(whole.services) + len(whole.coupons + whole.groups) + now_in_season
    first = _rows()
    assert _open(whole) == 0
    assert _rows() == first


def test_what_is_out_of_season_is_sold_ahead_when_its_season_comes(whole: SampleCounty) -> None:
    _open(whole)
    assert [one.name_en for one in cycles(HOUSE, county=RONGSHUI)] == ["Dalang honey tangerines"]
    with clock.at(datetime(2027, 2, 20, 2, tzinfo=UTC)):
        assert _open(whole) == 1
        assert _open(whole) == 0
    assert {one.name_en for one in cycles(HOUSE, county=RONGSHUI)} == {
        "Dalang honey tangerines", whole.product("green-tea")["name_en"],
    }  # fmt: skip


def test_the_brand_is_on_the_packs_whose_grades_may_bear_it(whole: SampleCounty) -> None:
    _open(whole)
    kiwi = whole.product("kiwi")
    marked = {row.pack_code for row in offers(HOUSE, county=RONGSHUI) if row.brand}
    assert marked == {pack["code"] for pack in kiwi["packs"] if "brand" in pack}
    product = IDS.of("product", "kiwi")
    grades = {row.grade: row.on_hand for row in lots(HOUSE, county=RONGSHUI, product=product)}
    assert set(grades) == {"special", "first", "off"}
    special, first, plain = (IDS.of("offer", pack["code"]) for pack in kiwi["packs"])
    left = availability([special, first, plain])
    assert left[special] == grades["special"] // 2500
    assert left[first] == (grades["special"] + grades["first"]) // 2500
    assert left[plain] == sum(grades.values()) // 5000


def test_what_its_people_changed_stays_as_they_made_it(whole: SampleCounty) -> None:
    _open(whole)
    product, offer = IDS.of("product", "mushroom"), IDS.of("offer", "mushroom-500")
    seen = product_whole(HOUSE, product=product)
    catalog.change_product(
        HOUSE, product=product,
        facts=catalog.ProductFacts(
            code=seen.code, name_zh="自家香菇", category=seen.category, place=seen.place, unit=Unit(seen.unit)
        ),
    )  # fmt: skip
    catalog.change_offer(HOUSE, offer=offer, version=1, price=Money(7_100))
    catalog.take_down(HOUSE, offer=IDS.of("offer", "kiwi-special-2500"))
    promotions.end_promotion(HOUSE, promotion=IDS.of("coupon", "first-basket"))
    assert _open(whole) == 0
    after = product_whole(HOUSE, product=product)
    assert after.name_zh == "自家香菇"
    assert {row.id: row.price_fen for row in after.offers}[offer] == 7_100
    down = {row.pack_code for row in offers(HOUSE, county=RONGSHUI, state="off")}
    assert down == {"kiwi-special-2500"}
    assert promotion(HOUSE, promotion=IDS.of("coupon", "first-basket")).state == "ended"


def test_what_cannot_be_made_any_more_is_told_and_the_rest_is_made(
    whole: SampleCounty, before: SampleCounty
) -> None:
    _open(before)
    catalog.take_down(HOUSE, offer=IDS.of("offer", "mushroom-500"))
    told: list[Refusal] = []
    with pytest.raises(Refusal):
        _open(whole)
    open_county(whole, step=lambda: None, refused=told.append)
    assert [type(one) for one in told] == [Missing]
    with pytest.raises(Refusal):
        group(group=IDS.of("group", "mushrooms-together"))
    assert cycles(HOUSE, county=RONGSHUI)
