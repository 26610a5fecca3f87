"""Shops of a sample county with what they sell: goods, graded ones and branded ones, and services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from random import Random
from uuid import UUID

from countyfair.kernel.clock import today
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.surfaces.commands.sample.definition import SampleCounty, Table
from countyfair.surfaces.commands.sample.standing import HOUSE, Ids, Standing, if_there
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.queries.brands import brand as brand_seen
from countyfair.trade.catalog.queries.brands import licences
from countyfair.trade.catalog.queries.standards import standard_for
from countyfair.trade.catalog.rules.grading import Grade, Limit, StandardTerms
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import lot as lot_seen

#: Households deliver so many lots of a product to begin with.
FIRST_LOTS = 3
#: A service is open for so many days to begin with.
SERVICE_DAYS = 42


def make_shop(entry: Table, ids: Ids, there: Standing) -> bool:
    """Open a shop, or give one that was opened before licences were asked its number."""
    shop, licence = ids.of("shop", entry["key"]), entry.get("licence", "")
    stands = there.shops.get(shop)
    if stands is None:
        catalog.open_shop(
            HOUSE, shop=shop, county=ids.county, slug=entry["key"], licence_number=licence,
            name_zh=entry["name_zh"], name_en=entry["name_en"], known_as=entry.get("known_as", ""),
            organisation=ids.of("organisation", entry["organisation"]) if "organisation" in entry else None,
            household=ids.of("household", entry["household"]) if "household" in entry else None,
        )  # fmt: skip
        return True
    if licence and not stands.licence_number and stands.closed_on is None:
        catalog.change_shop(
            HOUSE, shop=shop, name_zh=stands.name_zh, name_en=stands.name_en, opened_on=stands.opened_on,
            known_as=stands.known_as, licence_number=licence,
        )  # fmt: skip
        return True
    return False


def make_service(entry: Table, ids: Ids, there: Standing) -> bool:
    """A service of a household's own shop, open for some weeks to begin with; later days are its host's."""
    said = {**entry, "shop": entry["key"], "unit": "piece", "category": "service"}
    if _is_whole(said, ids, there):
        return False
    make_shop(entry, ids, there)
    product = ids.of("product", entry["key"])
    _add_product(said, product, ids, there, kind="service")
    days = [today() + timedelta(days=ahead) for ahead in range(1, SERVICE_DAYS + 1)]
    stock.open_days(
        HOUSE, household=ids.of("household", entry["household"]), product=product,
        days=[day for day in days if day.isoweekday() in entry["weekdays"]], places=entry["places"],
    )  # fmt: skip
    for pack in entry["packs"]:
        make_pack(pack, product, ids, there)
    return True


def make_product(entry: Table, sample: SampleCounty, ids: Ids, there: Standing, *, stocked: bool) -> bool:
    """Goods: what they are, how they are graded and branded, their first harvests, and what is on offer."""
    if _is_whole(entry, ids, there):
        return False
    product = ids.of("product", entry["key"])
    _add_product(entry, product, ids, there)
    if "standard" in entry:
        _set_standard(entry, product, ids)
    for brand in sample.brands:
        if brand["product"] == entry["key"]:
            _make_brand(brand, ids)
    if stocked:
        _first_harvests(entry, sample, ids)
    for pack in entry["packs"]:
        make_pack(pack, product, ids, there)
    return True


def make_pack(pack: Table, product: UUID, ids: Ids, there: Standing) -> None:
    """A pack on offer: of the grades that it takes, with the mark that it bears."""
    offer, key = ids.of("offer", pack["code"]), ids.of("pack", pack["code"])
    if key in there.packs:
        return
    add_pack(pack, product, ids)
    catalog.put_up(HOUSE, offer=offer, pack=key, price=Money(pack["price_fen"]))
    stock.feed(HOUSE, offer=offer)
    if "takes" in pack:
        stock.set_grades(HOUSE, offer=offer, takes=pack["takes"])
    if "brand" in pack:
        stock.bear_brand(HOUSE, offer=offer, brand=ids.of("brand", pack["brand"]))


def add_pack(pack: Table, product: UUID, ids: Ids) -> None:
    """A way to sell a product."""
    catalog.add_pack(
        HOUSE, pack=ids.of("pack", pack["code"]), product=product, code=pack["code"],
        label_zh=pack["label_zh"], label_en=pack["label_en"], content_amount=pack["content"],
        sold_by=pack["sold_by"], tare_g=pack.get("tare_g", 0),
    )  # fmt: skip


def _is_whole(entry: Table, ids: Ids, there: Standing) -> bool:
    """Whether a product stands with all of its packs, or its people gave it or its shop up."""
    product, shop = ids.of("product", entry["key"]), there.shops.get(ids.of("shop", entry["shop"]))
    packed = all(ids.of("pack", pack["code"]) in there.packs for pack in entry["packs"])
    given_up = product in there.withdrawn or (shop is not None and shop.closed_on is not None)
    return given_up or (product in there.products and packed)


def _add_product(entry: Table, product: UUID, ids: Ids, there: Standing, kind: str = "goods") -> None:
    if product in there.products:
        return
    facts = catalog.ProductFacts(
        code=entry["key"], name_zh=entry["name_zh"], name_en=entry["name_en"], category=entry["category"],
        place=entry["place"], unit=Unit(entry["unit"]), season_months=tuple(sorted(entry["season"])),
        story_zh=entry["story_zh"], story_en=entry["story_en"], icon=entry["icon"],
        kind=kind,
    )  # fmt: skip
    catalog.add_product(HOUSE, product=product, shop=ids.of("shop", entry["shop"]), facts=facts)


def _set_standard(entry: Table, product: UUID, ids: Ids) -> None:
    told = entry["standard"]
    if standard_for(product) is not None:
        return
    catalog.set_standard(
        HOUSE, standard=ids.of("standard", entry["key"]), county=ids.county, product=product,
        name_zh=told["name_zh"], name_en=told["name_en"],
        terms=StandardTerms(
            tuple(
                Grade(grade["key"], grade["factor_milli"],
                      {key: _limit(limit) for key, limit in grade["limits"].items()})
                for grade in told["grades"]
            ),
            told["off_milli"],
        ),
    )  # fmt: skip


def _limit(told: Table) -> Limit:
    least, most = (None if told.get(end) is None else Decimal(str(told[end])) for end in ("least", "most"))
    return Limit(least, most)


def _make_brand(entry: Table, ids: Ids) -> None:
    brand = ids.of("brand", entry["key"])
    if if_there(lambda: brand_seen(HOUSE, brand=brand)) is None:
        catalog.set_brand(
            HOUSE, brand=brand, county=ids.county, name_zh=entry["name_zh"], name_en=entry["name_en"],
            holder=entry["holder"], standard=ids.of("standard", entry["product"]), least=entry["least"],
        )  # fmt: skip
    for told in entry["licences"]:
        licence = ids.of("licence", told["number"])
        if not licences(HOUSE, county=ids.county, licence=licence):
            catalog.grant_licence(
                HOUSE, licence=licence, brand=brand, shop=ids.of("shop", told["shop"]),
                number=told["number"], since=today(), until=today() + timedelta(days=told["days"]),
            )  # fmt: skip


def _first_harvests(entry: Table, sample: SampleCounty, ids: Ids) -> None:
    chance = Random(f"{sample.code}:{entry['key']}")  # noqa: S311 a sample, not a secret
    largest = max(pack["content"] for pack in entry["packs"])
    for number, household in enumerate(chance.sample(sample.households, FIRST_LOTS)):
        lot = ids.of("lot", f"{entry['key']}:{number}")
        quantity = Quantity(largest * chance.randint(8, 30), Unit(entry["unit"]))
        harvested_on = today() - timedelta(days=chance.randint(1, 12))
        if if_there(partial(lot_seen, HOUSE, lot=lot)) is None:
            stock.take_in(
                HOUSE, lot=lot, household=ids.of("household", household["key"]),
                product=ids.of("product", entry["key"]), quantity=quantity, harvested_on=harvested_on,
                station=ids.of("station", household["station"]), measured=measured(entry, number),
            )  # fmt: skip


def measured(entry: Table, number: int) -> dict[str, Decimal] | None:
    """What is measured of the so-manieth lot of goods with a standard; None where nothing is asked."""
    if "standard" not in entry:
        return None
    seen = entry["standard"]["measured"]
    return {key: Decimal(str(value)) for key, value in seen[number % len(seen)].items()}
