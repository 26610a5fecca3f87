"""Opening a sample county through the verbs that the pages call, nothing behind their back.

Every thing made has an id that stands for its name. What stands already is its people's and is left as it
is, whatever they made of it: opening a county again makes what is missing and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from countyfair.kernel.refusal import Refusal, Stale
from countyfair.registers.people import actions as people
from countyfair.registers.people.rules import ASKED
from countyfair.registers.places import queries as places
from countyfair.registers.stations import actions as stations
from countyfair.surfaces.commands.sample.definition import SampleCounty, Table
from countyfair.surfaces.commands.sample.goods import make_product, make_service, make_shop
from countyfair.surfaces.commands.sample.selling import what_is_going_on
from countyfair.surfaces.commands.sample.standing import HOUSE, Ids, Standing, standing
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.logistics.rules import FreightRule
from countyfair.trade.orders import actions as orders

#: Shown beside every sample sign-in; `countyfair check --deploy` refuses a deployment that knows it.
SECOND_FACTOR = "COUNTYFAIRSAMPLEONLYNEVERREAL234"

#: What follows the place in a station's English name.
STATIONS_EN = {"centre": "E-commerce Centre", "township": "Township Station", "village": "Village Station"}


def open_county(
    sample: SampleCounty,
    *,
    step: Callable[[], object],
    stocked: bool = True,
    refused: Callable[[Refusal], object] | None = None,
) -> int:
    """Make what is missing of the county; when `stocked`, with its first harvests and what is going on.

    Args:
        step: called after each entry.
        refused: told of each entry that cannot be made any more, since its county's people arranged things
            otherwise; the others are made. Without it a refusal ends the opening.

    Returns how many entries of the sample were made.
    """
    ids, there = Ids(sample.code), standing(sample)
    made = 0
    for make in _makers(sample, ids, there, stocked):
        try:
            made += make()
        except Refusal as refusal:
            if refused is None:
                raise
            refused(refusal)
        step()
    return made


def _makers(sample: SampleCounty, ids: Ids, there: Standing, stocked: bool) -> Iterator[Callable[[], bool]]:
    """What makes an entry each where it is missing, and tells whether it was; in the order of needs."""
    yield from _stations(sample, ids, there)
    for entry in sample.staff:
        yield partial(_staff, entry, ids, there)
    for entry in sample.households:
        yield partial(_household, entry, ids, there)
    for entry in sample.organisations:
        yield partial(_organisation, entry, ids, there)
    for entry in sample.shops:
        yield partial(make_shop, entry, ids, there)
    yield partial(_terms, sample)
    yield partial(_freight, sample)
    for entry in sample.services:
        yield partial(make_service, entry, ids, there)
    for entry in sample.products:
        yield partial(make_product, entry, sample, ids, there, stocked=stocked)
    if stocked:
        yield from what_is_going_on(sample, ids)


def _stations(sample: SampleCounty, ids: Ids, there: Standing) -> Iterator[Callable[[], bool]]:
    latin = {
        place.code: place.latin for place in places.places({entry["place"] for entry in sample.stations})
    }
    for entry in sample.stations:
        name = sample.name_en if entry["kind"] == "centre" else latin.get(entry["place"], sample.name_en)
        yield partial(_station, entry, f"{name} {STATIONS_EN[entry['kind']]}", ids, there)


def _station(entry: Table, name_en: str, ids: Ids, there: Standing) -> bool:
    station = ids.of("station", entry["key"])
    if station in there.stations:
        return False
    stations.open_station(
        HOUSE, station_id=station, place=entry["place"], kind=entry["kind"],
        name=entry["name"], name_en=name_en, lat=_degrees(entry.get("lat")), lng=_degrees(entry.get("lng")),
    )  # fmt: skip
    return True


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _staff(entry: Table, ids: Ids, there: Standing) -> bool:
    user = ids.of("user", entry["key"])
    if user in there.users:
        return False
    people.register_user(
        HOUSE, user_id=user, phone=entry["phone"], name=entry["name"],
        phone_verified=True, is_sample=True,
    )  # fmt: skip
    people.give_sample_second_factor(HOUSE, user_id=user, secret=SECOND_FACTOR)
    if "station" in entry:
        stations.appoint_agent(HOUSE, station=ids.of("station", entry["station"]), user=user)
    else:
        people.grant_role(HOUSE, user_id=user, role=entry["role"], place=entry["place"])
    return True


def _household(entry: Table, ids: Ids, there: Standing) -> bool:
    household = ids.of("household", entry["key"])
    if household in there.households:
        return False
    people.register_household(
        HOUSE, household_id=household, place=entry["village"],
        head_name=entry["name"], id_number=entry["id_number"], phone=entry["phone"],
        bank_account=_made_up_account(entry["phone"]), bank_name="样例银行", agreed=ASKED, is_sample=True,
    )  # fmt: skip
    return True


def _made_up_account(phone: str) -> str:
    return f"99900000{phone}"


def _organisation(entry: Table, ids: Ids, there: Standing) -> bool:
    organisation = ids.of("organisation", entry["key"])
    if organisation in there.organisations:
        return False
    people.register_organisation(
        HOUSE, place=entry["place"], kind=entry["kind"], name=entry["name_zh"], name_en=entry["name_en"],
        organisation_id=organisation,
    )  # fmt: skip
    return True


def _terms(sample: SampleCounty) -> bool:
    try:
        orders.set_terms(
            HOUSE, county=sample.code, household=_rate(sample, "household"), station=_rate(sample, "station"),
            centre=_rate(sample, "centre"), platform=_rate(sample, "platform"),
            return_window_days=sample.shares["return_window_days"],
        )  # fmt: skip
    except Stale:
        return False  # set already: a county's terms are nobody's to reset
    return True


def _rate(sample: SampleCounty, name: str) -> Decimal:
    """A rate of the file, written in basis points."""
    return Decimal(sample.shares[name]) / 10_000


def _freight(sample: SampleCounty) -> bool:
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
        return False  # as with the terms
    return True
