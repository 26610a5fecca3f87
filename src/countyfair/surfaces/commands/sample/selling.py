"""What goes on in a sample county for some weeks: coupons, groups, harvests sold ahead; each opened once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from countyfair.kernel.clock import now, today
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.surfaces.commands.sample.definition import SampleCounty, Table
from countyfair.surfaces.commands.sample.goods import add_pack
from countyfair.surfaces.commands.sample.standing import HOUSE, Ids, if_there
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions.queries import promotion
from countyfair.trade.promotions.rules.grouping import GroupTerms
from countyfair.trade.promotions.rules.making import CouponTerms
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.actions.offering import Outlet
from countyfair.trade.stock.queries.cycles import cycle as cycle_seen
from countyfair.trade.stock.queries.harvests import harvest as harvest_seen


def what_is_going_on(sample: SampleCounty, ids: Ids) -> Iterator[Callable[[], bool]]:
    """What opens each of them where it never was, and tells whether it did."""
    for entry in sample.coupons:
        yield partial(_give_out_coupon, entry, ids)
    for entry in sample.groups:
        yield partial(_open_group, entry, ids)
    for entry in sample.cycles:
        yield partial(_sell_ahead, entry, sample, ids)


def _give_out_coupon(entry: Table, ids: Ids) -> bool:
    coupon = ids.of("coupon", entry["key"])
    if if_there(lambda: promotion(HOUSE, promotion=coupon)) is not None:
        return False
    moment = now()
    terms = CouponTerms(
        code=entry["code"], name_zh=entry["name_zh"], name_en=entry["name_en"], bearer=entry["bearer"],
        opens_at=moment, closes_at=moment + timedelta(days=entry["days"]), percent=entry["percent"],
        shop=ids.of("shop", entry["shop"]) if "shop" in entry else None, least_fen=entry["least_fen"],
        most_fen=entry["most_fen"], public=entry["public"],
    )  # fmt: skip
    promotions.make_coupon(HOUSE, coupon=coupon, county=ids.county, terms=terms)
    return True


def _open_group(entry: Table, ids: Ids) -> bool:
    group = ids.of("group", entry["key"])
    if if_there(lambda: promotion(HOUSE, promotion=group)) is not None:
        return False
    moment = now()
    terms = GroupTerms(
        offer=ids.of("offer", entry["pack"]), name_zh=entry["name_zh"], name_en=entry["name_en"],
        bearer=entry["bearer"], group_fen=entry["group_fen"], needed=entry["needed"], opens_at=moment,
        closes_at=moment + timedelta(days=entry["days"]),
    )  # fmt: skip
    promotions.open_group(HOUSE, group=group, county=ids.county, terms=terms)
    return True


def _sell_ahead(entry: Table, sample: SampleCounty, ids: Ids) -> bool:
    """Announce harvests and sell them ahead, in the season of the goods; out of it, when it comes."""
    product, cycle = sample.product(entry["product"]), ids.of("cycle", entry["key"])
    expected_on = today() + timedelta(days=entry["ready_in_days"])
    if expected_on.month not in product["season"]:
        return False
    if if_there(lambda: cycle_seen(HOUSE, cycle=cycle)) is not None:
        return False
    pack = entry["pack"]
    for told in entry["harvests"]:
        _announce(told, entry, product, ids)
    add_pack(pack, ids.of("product", product["key"]), ids)
    stock.open_cycle(
        HOUSE, cycle=cycle, harvests=[ids.of("harvest", told["key"]) for told in entry["harvests"]],
        pack=ids.of("pack", pack["code"]), price=Money(pack["price_fen"]), percent=entry["percent"],
        outlets=[Outlet(ids.of("offer", pack["code"]), "shop")],
        closes_at=now() + timedelta(days=entry["closes_in_days"]),
    )  # fmt: skip
    return True


def _announce(told: Table, entry: Table, product: Table, ids: Ids) -> None:
    harvest = ids.of("harvest", told["key"])
    seen = if_there(lambda: harvest_seen(HOUSE, harvest=harvest))
    if seen is not None and seen.state != "draft":
        return
    stock.begin_harvest(
        HOUSE, harvest=harvest, household=ids.of("household", told["household"]),
        product=ids.of("product", product["key"]),
    )  # fmt: skip
    stock.say_amount(
        HOUSE, harvest=harvest, quantity=Quantity(told["amount"], Unit(product["unit"])),
        expected_on=today() + timedelta(days=entry["ready_in_days"]),
    )  # fmt: skip
    stock.announce_harvest(HOUSE, harvest=harvest, wished=Money(entry["wished_fen"]))
