"""A county with things to be seen and changed, and all kinds of people at its doors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client, override_settings

from countyfair.kernel import outbox
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.outreach.channels import actions as channels
from countyfair.outreach.channels.models import Intake
from countyfair.outreach.channels.platforms.shape import TheirLine
from countyfair.outreach.channels.tests.factories import their_order
from countyfair.outreach.webhooks.tests.factories import a_webhook
from countyfair.registers.people import actions as consenting
from countyfair.registers.people import queries as people
from countyfair.registers.people.queries import actor_of
from countyfair.registers.people.rules import ROLES
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    SYSTEM,
    VILLAGE,
    a_role,
    a_user,
    an_organisation,
)
from countyfair.registers.stations.tests.factories import a_station
from countyfair.registers.tasks.actions import ask
from countyfair.surfaces.ui.tests.clients import client_of
from countyfair.trade.bookings.tests.factories import a_stay
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.rules.bulk import Edit
from countyfair.trade.catalog.tests.factories import (
    a_brand,
    a_certificate,
    a_licence,
    a_pack,
    a_product,
    a_standard,
    a_voice,
)
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.tests.factories import Fair, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.gateways.shape import Refusing
from countyfair.trade.promotions.tests.factories import a_bundle, a_coupon, a_group
from countyfair.trade.settlement import actions as settlement
from countyfair.trade.settlement.tests.factories import MAKER
from countyfair.trade.stock.tests.factories import a_cycle, a_harvest
from countyfair.trade.trace.rules.numbers import Item, gtin
from tests.databases import empty
from tests.faults.trade import delivered, drawn, packed, some_trade

NEXT_VILLAGE = "450225100201"
#: Where no place lies: a role at an organisation reaches none.
NOWHERE = "-"
#: What a page must not show to whoever has no business with it: names, phones, addresses, accounts.
SECRETS = ("样例·买家", "19900008888", "1990 0008 888", "样例路", "样例·农", "样例发霉", "6200000000000000")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the door: their browser, the roles they hold, and the place from which these reach down."""

    name: str
    client: Client
    role: str = ""
    place: str = ""
    is_member: bool = True
    is_buyer: bool = False
    showed_factor: bool = True

    def holds(self, powers: tuple[str, ...], place: str) -> bool:
        """Whether one of these powers is theirs at `place`; "staff" is any power there."""
        if not self.role or not self.showed_factor or not place.startswith(self.place):
            return False
        held = ROLES[self.role].powers
        return any(held.issuperset(power.split("+")) or power == "staff" for power in powers)


@dataclass(frozen=True, slots=True)
class World:
    """What addresses name, by attribute, and who comes."""

    station: UUID
    far_station: UUID
    things: dict[str, str]
    visitors: tuple[Visitor, ...]


@contextmanager
def a_world(database: Any, photos: Path) -> Iterator[World]:
    """One world for all tests of a file, each of which takes back what it did.

    Args:
        database: what keeps tests from the database that did not ask for it.
        photos: where its photos lie.
    """
    with override_settings(MEDIA_ROOT=photos):
        with database.unblock():
            empty()
            made = the_world()
        yield made
        with database.unblock():
            empty()


def the_world() -> World:
    """Trade in every state, and a browser for everybody: near, far away, or with no role."""
    fair = some_trade()
    with at(now() + timedelta(days=9)):
        prepared = settlement.prepare(MAKER, batch_id=uuid7(), county=COUNTY, whom="centre")
    refund = UUID(_one("SELECT id::text FROM payments_refund WHERE state = 'asked' LIMIT 1"))
    payments.record_answer(MAKER, refund=refund, answer=Refusing("no"))
    far = a_station(place=OTHER_VILLAGE)
    standard = str(a_standard(category="tea"))
    buyer = a_user()
    brand = a_brand(standard=UUID(standard))
    shop = _one("SELECT shop_id::text FROM catalog_product LIMIT 1")
    things = _claims(fair, buyer) | {
        "county": COUNTY,
        "station": str(fair.station),
        "household": str(fair.households[0]),
        "product": str(fair.stall.product),
        "service": str(a_stay(fair=fair).product),
        "pack": str(fair.stall.pack),
        "offer": str(fair.stall.offer),
        "harvest": str(a_harvest(fair.households[0], fair.stall.product)),
        "group": str(a_group(fair.stall.offer)),
        "bundle": str(a_bundle(((fair.stall.offer, 2),), 5000)),
        "promotion": str(a_coupon(code="WORLD1")),
        "cycle": str(_cycle(fair)),
        "bulk": _bulk(fair.stall.offer),
        "lot": str(fair.stall.lots[0]),
        "prepared": str(prepared),
        "recall": _one("SELECT id::text FROM trace_recall LIMIT 1"),
        "telling": _one("SELECT id::text FROM trace_telling ORDER BY state DESC LIMIT 1"),
        "note": _one("SELECT id::text FROM trace_note LIMIT 1"),
        "waybill": _one("SELECT waybill FROM logistics_parcel WHERE state = 'delivered' LIMIT 1"),
        "lot_number": _one(f"SELECT number FROM stock_lot WHERE id = '{fair.stall.lots[0]}'"),
        "gtin": gtin(Item(COUNTY, _item(fair.stall.product))),
        "sscc": "012345678901234560",
        "failed_refund": str(refund),
        "standard": standard,
        "guide_picture": str(_guide_picture(standard)),
        "brand": str(brand),
        "licence": str(a_licence(brand=brand, shop=UUID(shop))),
        "part": "buttons",
        "shop": shop,
        "organisation": _one("SELECT organisation_id::text FROM catalog_shop LIMIT 1"),
        "slug": _one("SELECT slug FROM catalog_shop LIMIT 1"),
        "batch": _one("SELECT id::text FROM settlement_batch WHERE state <> 'prepared' LIMIT 1"),
        "role": str(a_role(a_user(), "county_admin")),
        "photo": str(_photo(fair.stall.product)),
        "certificate": str(a_certificate(fair.stall.product)),
        "consent": _shown_consent(fair.households[0]),
        "voice": str(a_voice(fair.stall.product)),
        "cash_refund": _cash_refund(fair),
        "failed": str(_failed(_out(fair, pickup=False))),
        "out": str(_out(fair, pickup=False)),
        "to_station": str(_out(fair, pickup=True)),
        "digest": "a" * 64,
        "category": "grain",
        "zero": "0",
        "photo_name": f"aa/{'a' * 64}-320.webp",
        "voice_name": f"aa/{'a' * 64}.m4a",
        "gateway": "sandbox",
        "kind": "csv",
        "notice_kind": "order.paid",
        "notice_language": "en",
        "wrong_token": "guessed-by-somebody-else",
    }
    things |= _webhook()
    things |= _task()
    things |= _platform()
    for state in ("placed", "paid", "packed", "delivered", "completed"):
        things[state] = _one(
            f"SELECT id::text FROM orders_order WHERE state = '{state}' AND buyer_id IS NULL"
            f" AND origin_id = '{fair.station}' LIMIT 1"
        )
    things["village"] = VILLAGE
    batch = things["batch"]
    things["payout"] = _one(f"SELECT number FROM settlement_payout WHERE batch_id = '{batch}' LIMIT 1")
    things["run_by"] = str(fair.households[1])
    catalog.open_household_shop(SYSTEM, shop=uuid7(), household=fair.households[1], name_zh="样例小铺")
    things["box"] = _one(
        "SELECT s.line_id::text FROM orders_share s JOIN orders_order o ON o.id = s.order_id"
        f" WHERE o.state = 'paid' AND s.owner = '{fair.households[0]}' AND s.lot_id IS NOT NULL"
        " AND s.refund_id IS NULL ORDER BY o.placed_at, s.line_id LIMIT 1"
    )
    return World(fair.station, far, things, (*_visitors(), _buyer(buyer)))


def _task() -> dict[str, str]:
    """A file that somebody asked for, which is nobody else's."""
    task = uuid7()
    ask(actor_of(a_user()), task=task, county=COUNTY, kind="labels", particulars={"asked": ""}, language="en")
    return {"task": str(task)}


def _platform() -> dict[str, str]:
    """A shop on an outside platform, an order of it that waits, and a file that nobody confirmed."""
    shop = _one("SELECT id::text FROM channels_connection ORDER BY begun_at LIMIT 1")
    short = replace(their_order("WORLD-1"), lines=(TheirLine("1", "G-9", "SKU-9", "", "样例黑米", "", 2),))
    channels.bring(MAKER, connection=UUID(shop), told=[short])
    file = Intake.objects.create(
        connection_id=shop, county=COUNTY, kind="orders", name="orders.csv", digest="b" * 64, at=now(),
        moved_at=now(),
    )  # fmt: skip
    order = _one("SELECT id::text FROM channels_arrival WHERE number = 'WORLD-1'")
    return {"channel": shop, "channel_order": order, "channel_file": str(file.id)}


def _webhook() -> dict[str, str]:
    """An address that hears of orders, and what was sent to it in vain."""
    webhook, delivery = a_webhook()
    return {"webhook": str(webhook), "hooked": str(delivery)}


def _buyer(user: UUID) -> Visitor:
    return Visitor("who claimed", client_of(user), is_buyer=True)


def _claims(fair: Fair, user: UUID) -> dict[str, str]:
    """Three packs that a member bought: one claimed with a photo, one to be brought back, one left."""
    actor = people.actor_of(user)
    placed = place(fair, packs=3, actor=actor)
    payments.take_cash(fair.agent, intent=placed.intent, station=fair.station)
    outbox.deliver_everything()
    delivered(packed(placed.order))
    line = UUID(_one(f"SELECT id::text FROM orders_line WHERE order_id = '{placed.order}'"))
    asked, awaited, photo = uuid7(), uuid7(), uuid7()
    for claim in (asked, awaited):
        orders.begin_claim(
            actor, claim_id=claim, order_id=placed.order, line_id=line, kind="spoiled", amount=500,
            on_receipt=False, words="样例发霉",
        )  # fmt: skip
        shown = photo if claim == asked else uuid7()
        orders.add_claim_photo(actor, photo_id=shown, claim_id=claim, data=drawn())
        orders.send_claim(actor, claim_id=claim)
    orders.answer_claim(SYSTEM, claim_id=awaited, answer=orders.Answer(uuid7(), 100, goods_back=True))
    return {
        "claimed": str(placed.order),
        "claim": str(asked),
        "claim_photo": str(photo),
        "awaited_claim": str(awaited),
    }


def _bulk(offer: UUID) -> str:
    """A change of many offers; this one changes nothing."""
    made = catalog.edit_offers(SYSTEM, change=uuid7(), county=COUNTY, seen={offer: 1}, edit=Edit())
    return str(made.id)


def _cycle(fair: Fair) -> UUID:
    """A harvest of new goods that is sold ahead."""
    product = a_product()
    harvest = a_harvest(fair.households[0], product)
    return a_cycle([harvest], a_pack(product=product, content_amount=500))


def _item(product: UUID) -> int:
    return int(_one(f"SELECT number::text FROM trace_tradeitem WHERE product_id = '{product}'"))


def _photo(product: UUID) -> UUID:
    return catalog.add_photo(SYSTEM, photo=uuid7(), product=product, data=drawn(), alt_zh="样例").id


def _guide_picture(standard: str) -> UUID:
    return catalog.add_grade_picture(
        SYSTEM, picture=uuid7(), standard=UUID(standard), grade="first", data=drawn()
    ).id


def _shown_consent(household: UUID) -> str:
    """A consent of which the signed sheet is kept."""
    sheet = consenting.Evidence("picture", b"sheet")
    return str(
        consenting.record_consent(
            SYSTEM, household_id=household, purpose="trade", how="paper", evidence=sheet
        )
    )


def _cash_refund(fair: Fair) -> str:
    """Cash that was paid for an order since cancelled, and lies in the till still."""
    placed = place(fair)
    payments.take_cash(fair.agent, intent=placed.intent, station=fair.station)
    outbox.deliver_everything()
    orders.cancel(SYSTEM, order_id=placed.order, reason="样例")
    return _one(
        f"SELECT r.id::text FROM payments_refund r JOIN payments_capture c ON c.id = r.capture_id"
        f" WHERE c.intent_id = '{placed.intent}'"
    )


def _out(fair: Fair, *, pickup: bool) -> UUID:
    """A parcel on its way to a door, or to the station."""
    total = 2980 if pickup else 3580
    placed = place(fair, pickup=pickup, destination=VILLAGE, expected_total_fen=total)
    payments.take_cash(fair.agent, intent=placed.intent, station=fair.station)
    outbox.deliver_everything()
    orders.pack(SYSTEM, order_id=placed.order, parcel=uuid7(), weight_g=900)
    orders.hand_over(SYSTEM, order_id=placed.order)
    return placed.order


def _failed(order: UUID) -> UUID:
    """It was tried in vain."""
    orders.fail_delivery(SYSTEM, order_id=order, reason="other", note="样例")
    return order


def _visitors() -> list[Visitor]:
    found = [Visitor("a guest", Client(), is_member=False), Visitor("a buyer", client_of(a_user()))]
    places = {"station_agent": (VILLAGE, OTHER_VILLAGE)}
    for role in (name for name, row in ROLES.items() if not row.at_organisation):
        near, far = places.get(role, (COUNTY, OTHER_COUNTY))
        found.append(_staff(f"{role} here", role, near))
        found.append(_staff(f"{role} of another county", role, far))
    found.append(_staff("an agent of the next village", "station_agent", NEXT_VILLAGE))
    keeper = a_user()
    a_role(keeper, "shop_keeper", organisation=an_organisation(name="样例邻社"))
    found.append(Visitor("who keeps another shop", client_of(keeper), "shop_keeper", NOWHERE))
    found.append(_staff("an administrator without second factor", "county_admin", COUNTY, factor=False))
    return found


def _staff(name: str, role: str, place: str, *, factor: bool = True) -> Visitor:
    user = a_user()
    a_role(user, role, place=place)
    return Visitor(name, client_of(user, second_factor=factor), role, place, showed_factor=factor)


def _one(sql: str) -> str:
    found = scalar(sql)
    assert found is not None, sql
    return str(found)


#: Kept for a visit, not for the county: sessions, counted tries, baskets, first answers.
PASSING = ("people_session", "kernel_cache", "orders_basket", "orders_basketline", "django_", "access_")


def digest() -> dict[str, tuple[int, str]]:
    """How many rows every table has, and a sum over what they say."""
    with connection.cursor() as cursor:
        tables = [
            name for name in connection.introspection.table_names(cursor) if not name.startswith(PASSING)
        ]
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text"
                f" FROM {name} t"
                for name in sorted(tables)
            )
        )
        return {name: (count, total) for name, count, total in cursor.fetchall()}
