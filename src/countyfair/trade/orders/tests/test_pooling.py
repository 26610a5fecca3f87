"""Twelve villages sell under one offer: every gram and every fen is somebody's."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest

from countyfair.kernel.clock import today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import allocate
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.refusal import Conflict, Invalid, Refusal, Stale
from countyfair.kernel.rows import rows, scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, TOWNSHIP, a_household
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock import queries as stock_queries

pytestmark = pytest.mark.django_db(transaction=True)

PRICE = 4980
BOX_G = 2500
#: What each village brings, in grams, and its sugar: first grade, second grade, and one that is neither.
BROUGHT = [(70_000 + 1_111 * village, "13.1" if village % 2 else "10.4") for village in range(11)]
OFF = (60_000, "9.1")


@pytest.fixture
def pooled() -> tuple[Fair, UUID, dict[UUID, str]]:
    """A fair, an offer of boxes that bears a brand of second grade and better, and each household's grade."""
    fair = a_fair()
    product = catalog.a_product(said=catalog.facts(name_zh="样例脐橙", category="fruit"))
    standard = catalog.a_standard(product=product)
    offer = catalog.an_offer(pack=catalog.a_pack(product=product, content_amount=BOX_G), price_fen=PRICE)
    stock.feed(SYSTEM, offer=offer)
    grades = {}
    for village, (grams, sugar) in enumerate([*BROUGHT, OFF]):
        household = a_household(place=f"{TOWNSHIP}{200 + village}")
        lot = stock.take_in(
            SYSTEM, lot=uuid7(), household=household, product=product, quantity=Quantity(grams, Unit.GRAM),
            harvested_on=today() - timedelta(days=village % 3), station=fair.station,
            measured={"diameter": Decimal(64), "sugar": Decimal(sugar)},
        )  # fmt: skip
        grades[household] = lot.grade
    brand, _licence = catalog.licensed(product, standard=standard, least="second")
    with pytest.raises(Invalid):
        stock.bear_brand(SYSTEM, offer=offer, brand=brand)
    stock.set_grades(SYSTEM, offer=offer, takes=["first", "second"], blend_grade="first", blend_percent=40)
    stock.bear_brand(SYSTEM, offer=offer, brand=brand)
    return fair, offer, grades


def test_three_hundred_boxes_of_twelve_villages_re_add_to_the_gram_and_the_fen(
    pooled: tuple[Fair, UUID, dict[UUID, str]],
) -> None:
    fair, offer, grades = pooled
    assert sorted(grades.values()) == ["first"] * 5 + ["off"] + ["second"] * 6
    left = stock_queries.availability([offer])[offer]
    assert left >= 300

    for packs in (1, 7, 19, 23, 50, 99, 99, 2):
        place(fair, lines=((offer, packs),), expected_total_fen=PRICE * packs)

    _off_grade_is_refused_the_brand(offer, grades)
    assert stock_queries.availability([offer])[offer] < left
    sold: dict[UUID, int] = defaultdict(int)
    for line, share in _shares(offer):
        assert share.grade == grades[UUID(share.owner)] != "off"
        assert (share.factor_milli, share.standard_version) == (
            {"first": 1000, "second": 800}[share.grade], 1,
        )  # fmt: skip
        sold[line] += share.lot_amount
    assert sum(sold.values()) == 300 * BOX_G
    for line in sold:
        _re_add(line)
    reserved = rows("SELECT sum(reserved)::bigint, min(on_hand - reserved) FROM stock_lot", into=_Left)[0]
    assert reserved.reserved == 300 * BOX_G
    assert reserved.least_free >= 0


def test_more_boxes_than_the_blend_can_carry_are_not_sold(
    pooled: tuple[Fair, UUID, dict[UUID, str]],
) -> None:
    fair, offer, _grades = pooled
    fine = sum(grams for grams, sugar in BROUGHT if sugar == "13.1")
    left = stock_queries.availability([offer])[offer]
    assert left == min(sum(grams for grams, _sugar in BROUGHT), fine * 100 // 40) // BOX_G
    while left:
        packs = min(left, 99)
        place(fair, lines=((offer, packs),), expected_total_fen=PRICE * packs)
        left -= packs
        assert stock_queries.availability([offer])[offer] == left
    with pytest.raises(Refusal) as refused:
        place(fair, lines=((offer, 1),), expected_total_fen=PRICE)
    assert isinstance(refused.value, Conflict)
    assert "'left': 0" in str(refused.value.details["lines"])


def _off_grade_is_refused_the_brand(offer: UUID, grades: dict[UUID, str]) -> None:
    """No line went without the mark, and no verb lets the off-grade lot in."""
    counted = "SELECT count(*) FROM orders_line WHERE offer_id = %s AND brand_id IS NULL"
    assert scalar(counted, [offer]) == 0
    with pytest.raises(Invalid):
        stock.set_grades(SYSTEM, offer=offer, takes=["first", "second", "off"])
    off = next(household for household, grade in grades.items() if grade == "off")
    lot = UUID(str(scalar("SELECT id FROM stock_lot WHERE household_id = %s", [off])))
    supply = UUID(str(scalar("SELECT id FROM stock_supply WHERE offer_id = %s", [offer])))
    hold = stock.Hold(uuid7(), supply, lot, BOX_G, "off-grade")
    with pytest.raises(Stale):
        stock.reserve(SYSTEM, county=COUNTY, holds=[hold], expires=None)


class _Left:
    def __init__(self, reserved: int, least_free: int) -> None:
        self.reserved, self.least_free = reserved, least_free


class _Share:
    def __init__(
        self, line: UUID, owner: str, lot_amount: int, amount_fen: int, grade: str, factor_milli: int,
        standard_version: int,
    ) -> None:  # fmt: skip
        self.line, self.owner, self.lot_amount, self.amount_fen = line, owner, lot_amount, amount_fen
        self.grade, self.factor_milli, self.standard_version = grade, factor_milli, standard_version


def _shares(offer: UUID) -> list[tuple[UUID, _Share]]:
    found = rows(
        "SELECT s.line_id, s.owner, s.lot_amount, s.amount_fen, s.grade, s.factor_milli, s.standard_version"
        " FROM orders_share s JOIN orders_line l ON l.id = s.line_id"
        " WHERE l.offer_id = %s AND s.beneficiary = 'household' ORDER BY s.line_id, s.id",
        [offer],
        into=_Share,
    )
    return [(row.line, row) for row in found]


def _re_add(line: UUID) -> None:
    """A line's shares are its price; the households' part is theirs by weight times factor."""
    amounts = rows(
        "SELECT l.amount_fen::bigint, (SELECT sum(amount_fen)::bigint FROM orders_share WHERE line_id = l.id)"
        " FROM orders_line l WHERE l.id = %s",
        [line],
        into=_Left,
    )[0]
    assert amounts.reserved == amounts.least_free
    shares = rows(
        "SELECT line_id, owner, lot_amount, amount_fen, grade, factor_milli, standard_version"
        " FROM orders_share WHERE line_id = %s AND beneficiary = 'household' ORDER BY id",
        [line],
        into=_Share,
    )
    part = sum(share.amount_fen for share in shares)
    assert (
        part
        == allocate(
            amounts.reserved, [Fraction(80, 100), Fraction(6, 100), Fraction(8, 100), Fraction(6, 100)]
        )[0]
    )
    weights = [share.lot_amount * share.factor_milli for share in shares]
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.amount_fen - Fraction(part * weight, sum(weights))) < 1
