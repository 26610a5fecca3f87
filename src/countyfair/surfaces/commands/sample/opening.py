"""Opening a sample county through the verbs that the pages call, nothing behind their back.

Every thing made has an id that stands for its name, and every verb answers a repeat as the first
time: opening a county again makes what is missing and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import today
from countyfair.kernel.ids import named_uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.refusal import Missing, Stale
from countyfair.registers.people import actions as people
from countyfair.registers.people.rules import ASKED
from countyfair.registers.places import queries as places
from countyfair.registers.stations import actions as stations
from countyfair.surfaces.commands.sample.definition import SampleCounty, Table
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.queries import shop_whole
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.logistics.rules import FreightRule
from countyfair.trade.orders import actions as orders
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries.services import service_days

HOUSE = Actor.system("load sample")

#: The day from which sample ids count: any fixed moment does.
EPOCH = 1_767_225_600_000

#: Shown beside every sample sign-in; `countyfair check --deploy` refuses a deployment that knows it.
SECOND_FACTOR = "COUNTYFAIRSAMPLEONLYNEVERREAL234"

#: A station is paid for what it weighs; households deliver so many lots of a product to begin with.
FIRST_LOTS = 3
#: A service is open for so many days to begin with.
SERVICE_DAYS = 42
#: What follows the place in a station's English name.
STATIONS_EN = {"centre": "E-commerce Centre", "township": "Township Station", "village": "Village Station"}


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids of a sample county's things, by kind and key."""

    county: str

    def of(self, kind: str, key: str) -> UUID:
        return named_uuid7(f"{self.county}:{kind}:{key}", EPOCH)


def open_county(sample: SampleCounty, *, step: Callable[[], object], stocked: bool = True) -> None:
    """Make the county and, when `stocked`, weigh in its first harvests."""
    ids = Ids(sample.code)
    latin = {
        place.code: place.latin for place in places.places({entry["place"] for entry in sample.stations})
    }
    for entry in sample.stations:
        name = sample.name_en if entry["kind"] == "centre" else latin.get(entry["place"], sample.name_en)
        _station(entry, f"{name} {STATIONS_EN[entry['kind']]}", ids)
        step()
    for entry in sample.staff:
        _staff(entry, ids)
        step()
    for entry in sample.households:
        _household(entry, ids)
        step()
    for entry in sample.organisations:
        people.register_organisation(
            HOUSE, place=entry["place"], kind=entry["kind"], name=entry["name_zh"], name_en=entry["name_en"],
            organisation_id=ids.of("organisation", entry["key"]),
        )  # fmt: skip
        step()
    for entry in sample.shops:
        _shop(entry, sample.code, ids)
        step()
    _terms(sample)
    step()
    _freight(sample)
    step()
    for entry in sample.services:
        _service(entry, ids)
        step()
    for entry in sample.products:
        _product(entry, ids)
        if stocked:
            _first_harvests(entry, sample, ids)
        step()


def _station(entry: Table, name_en: str, ids: Ids) -> None:
    stations.open_station(
        HOUSE, station_id=ids.of("station", entry["key"]), place=entry["place"], kind=entry["kind"],
        name=entry["name"], name_en=name_en, lat=_degrees(entry.get("lat")), lng=_degrees(entry.get("lng")),
    )  # fmt: skip


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _staff(entry: Table, ids: Ids) -> None:
    user = people.register_user(
        HOUSE, user_id=ids.of("user", entry["key"]), phone=entry["phone"], name=entry["name"],
        phone_verified=True, is_sample=True,
    )  # fmt: skip
    people.give_sample_second_factor(HOUSE, user_id=user, secret=SECOND_FACTOR)
    if "station" in entry:
        stations.appoint_agent(HOUSE, station=ids.of("station", entry["station"]), user=user)
    else:
        people.grant_role(HOUSE, user_id=user, role=entry["role"], place=entry["place"])


def _household(entry: Table, ids: Ids) -> None:
    people.register_household(
        HOUSE, household_id=ids.of("household", entry["key"]), place=entry["village"],
        head_name=entry["name"], id_number=entry["id_number"], phone=entry["phone"],
        bank_account=_made_up_account(entry["phone"]), bank_name="样例银行", agreed=ASKED, is_sample=True,
    )  # fmt: skip


def _made_up_account(phone: str) -> str:
    return f"99900000{phone}"


def _shop(entry: Table, county: str, ids: Ids) -> None:
    """Open a shop, or give one that was opened before licences were asked its number."""
    shop, licence = ids.of("shop", entry["key"]), entry.get("licence", "")
    try:
        stands = shop_whole(HOUSE, shop=shop)
    except Missing:
        catalog.open_shop(
            HOUSE, shop=shop, county=county, slug=entry["key"], licence_number=licence,
            name_zh=entry["name_zh"], name_en=entry["name_en"],
            organisation=ids.of("organisation", entry["organisation"]) if "organisation" in entry else None,
            household=ids.of("household", entry["household"]) if "household" in entry else None,
        )  # fmt: skip
        return
    if licence and not stands.licence_number and stands.closed_on is None:
        catalog.change_shop(
            HOUSE, shop=shop, name_zh=stands.name_zh, name_en=stands.name_en, opened_on=stands.opened_on,
            licence_number=licence,
        )  # fmt: skip


def _terms(sample: SampleCounty) -> None:
    try:
        orders.set_terms(
            HOUSE, county=sample.code, household=_rate(sample, "household"), station=_rate(sample, "station"),
            centre=_rate(sample, "centre"), platform=_rate(sample, "platform"),
            return_window_days=sample.shares["return_window_days"],
        )  # fmt: skip
    except Stale:
        return  # set already: a county's terms are nobody's to reset


def _rate(sample: SampleCounty, name: str) -> Decimal:
    """A rate of the file, written in basis points."""
    return Decimal(sample.shares[name]) / 10_000


def _freight(sample: SampleCounty) -> None:
    table = [
        FreightRule(
            destination=destination,
            fulfilment="delivery",
            first_g=zone["first_g"],
            first_fen=zone["first_fen"],
            further_g=zone["further_g"],
            further_fen=zone["further_fen"],
            free_from_fen=None,
            refused=False,
            version=0,
        )
        for zone in sample.freight
        for destination in zone["destinations"]
    ]
    try:
        logistics.set_freight(HOUSE, county=sample.code, table=table)
    except Stale:
        return  # as with the terms


def _service(entry: Table, ids: Ids) -> None:
    """A service of a household's own shop, open for some weeks from tomorrow on."""
    _shop(entry, ids.county, ids)
    _product({**entry, "shop": entry["key"], "unit": "piece", "category": "service"}, ids, kind="service")
    days = [today() + timedelta(days=ahead) for ahead in range(1, SERVICE_DAYS + 1)]
    if service_days(product=ids.of("product", entry["key"]), since=today(), until=days[-1]):
        return  # its days are its host's from now on
    stock.open_days(
        HOUSE, household=ids.of("household", entry["household"]), product=ids.of("product", entry["key"]),
        days=[day for day in days if day.isoweekday() in entry["weekdays"]], places=entry["places"],
    )  # fmt: skip


def _product(entry: Table, ids: Ids, kind: str = "goods") -> None:
    product = ids.of("product", entry["key"])
    facts = catalog.ProductFacts(
        code=entry["key"], name_zh=entry["name_zh"], name_en=entry["name_en"], category=entry["category"],
        place=entry["place"], unit=Unit(entry["unit"]), season_months=tuple(sorted(entry["season"])),
        story_zh=entry["story_zh"], story_en=entry["story_en"], icon=entry["icon"],
        kind=kind,
    )  # fmt: skip
    catalog.add_product(HOUSE, product=product, shop=ids.of("shop", entry["shop"]), facts=facts)
    for pack in entry["packs"]:
        _pack(pack, product, ids)


def _pack(pack: Table, product: UUID, ids: Ids) -> None:
    key = ids.of("pack", pack["code"])
    offer = ids.of("offer", pack["code"])
    catalog.add_pack(
        HOUSE, pack=key, product=product, code=pack["code"], label_zh=pack["label_zh"],
        label_en=pack["label_en"], content_amount=pack["content"], sold_by=pack["sold_by"],
        tare_g=pack.get("tare_g", 0),
    )  # fmt: skip
    catalog.put_up(HOUSE, offer=offer, pack=key, price=Money(pack["price_fen"]))
    stock.feed(HOUSE, offer=offer)


def _first_harvests(entry: Table, sample: SampleCounty, ids: Ids) -> None:
    chance = Random(f"{sample.code}:{entry['key']}")  # noqa: S311 a sample, not a secret
    largest = max(pack["content"] for pack in entry["packs"])
    for number, household in enumerate(chance.sample(sample.households, FIRST_LOTS)):
        stock.take_in(
            HOUSE, lot=ids.of("lot", f"{entry['key']}:{number}"),
            household=ids.of("household", household["key"]), product=ids.of("product", entry["key"]),
            quantity=Quantity(largest * chance.randint(8, 30), Unit(entry["unit"])),
            harvested_on=today() - timedelta(days=chance.randint(1, 12)),
            station=ids.of("station", household["station"]),
        )  # fmt: skip
