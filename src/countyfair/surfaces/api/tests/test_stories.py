"""Each family of what is sold and sent back, from its beginning to its end by programs with their tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from countyfair.kernel import outbox
from countyfair.kernel.clock import at, now, today
from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.api import limits
from countyfair.surfaces.api.tests.calling import Program, guest, program, said
from countyfair.trade.bookings.tests.factories import PRICE_FEN, a_stay, pay
from countyfair.trade.orders.actions import Placed
from countyfair.trade.orders.tests.factories import CONTACT, Fair, a_fair
from countyfair.trade.promotions.actions import close_groups
from tests.databases import empty
from tests.faults.trade import drawn

pytestmark = pytest.mark.django_db(transaction=True)

HERE = f"/counties/{COUNTY}"
WHO = {"name": CONTACT.name, "phone": CONTACT.phone}
PRICE = 2980


@dataclass(frozen=True, slots=True)
class People:
    """Who acts by programs: a buyer, a station's agent, the centre, and who may do all in the county."""

    fair: Fair
    buyer: Program
    agent: Program
    staff: Program
    admin: Program

    @property
    def station(self) -> str:
        return f"/stations/{self.fair.station}"

    def order(self, offer: object = None, packs: int = 1, total: int = PRICE, **more: object) -> str:
        """An order by the buyer's program, not paid yet."""
        sent = {
            "id": str(uuid7()), "county": COUNTY, "contact": WHO, "fulfilment": "pickup",
            "lines": [{"offer": str(offer or self.fair.stall.offer), "quantity": packs}],
            "station": str(self.fair.station), "gateway": "counter", "expected_total": {"amount": total},
        }  # fmt: skip
        return str(said(self.buyer.post("/orders", sent | more), 201)["order"])

    def pay(self, order: str) -> str:
        """The buyer pays in cash."""
        said(self.agent.post(f"{self.station}/orders/{order}/cash"))
        outbox.deliver_everything()
        return order

    def bring(self, order: str) -> str:
        """It is packed, sent, and in the buyer's hands."""
        path = f"{HERE}/orders/{order}"
        said(self.staff.post(f"{path}/pack", {"parcel": str(uuid7()), "weight_g": 1000}))
        said(self.staff.post(f"{path}/hand-over"))
        said(self.staff.post(f"{path}/deliver", {"evidence": "样例签收"}))
        outbox.deliver_everything()
        return order

    def weigh(self, harvest_g: int, **more: object) -> Any:
        """A harvest of the stall's product on the scales."""
        load = {
            "id": str(uuid7()), "household": str(self.fair.households[0]), "unit": "g",
            "product": str(self.fair.stall.product), "amount": harvest_g, "harvested_on": str(today()),
        }  # fmt: skip
        return said(self.agent.post(f"{self.station}/lots", load | more), 201)


@pytest.fixture
def people() -> Iterator[People]:
    empty()
    limits.forget()
    fair = a_fair()
    assert fair.agent.user_id is not None
    agent = program(user=fair.agent.user_id)
    yield People(fair, program(), agent, program("centre_staff"), program("county_admin"))
    empty()


def booked(placed: Any) -> str:
    """A booking whose money came."""
    intent, total = UUID(placed["intent"]), placed["total"]["amount"]
    pay(Placed(UUID(placed["order"]), placed["number"], intent, total, ""))
    outbox.deliver_everything()
    return str(placed["order"])


def every(caller: Program, path: str) -> list[Any]:
    """All rows of a list, asked for one by one."""
    rows: list[Any] = []
    cursor = ""
    while True:
        leaf = said(caller.get(f"{path}?limit=1" + (f"&cursor={cursor}" if cursor else "")))
        rows += leaf["items"]
        if leaf["next"] is None:
            return rows
        cursor = leaf["next"]


def test_a_claim_is_begun_shown_sent_answered_and_its_goods_come_back(people: People) -> None:
    order = people.bring(people.pay(people.order(packs=2, total=2 * PRICE)))
    line = said(people.buyer.get(f"/orders/{order}"))["lines"][0]["id"]
    claim, photo = str(uuid7()), str(uuid7())
    mine = f"/orders/{order}/claims/{claim}"
    wanted = {
        "id": claim, "line": line, "kind": "spoiled", "amount": 500, "on_receipt": True, "words": "样例",
    }  # fmt: skip
    assert said(people.buyer.post(f"/orders/{order}/claims", wanted), 201)["state"] == "begun"
    said(people.buyer.send(f"{mine}/photos/{photo}", drawn()))
    assert people.buyer.get(f"{mine}/photos/{photo}")["Content-Type"] == "image/webp"
    assert said(people.buyer.post(f"{mine}/send", {}))["state"] == "asked"
    said(program().get(mine), 404)
    (waiting,) = said(people.staff.get(f"{HERE}/claims"))["items"]
    assert waiting["id"] == claim
    desk = f"{HERE}/claims/{claim}"
    assert people.staff.get(f"{desk}/photos/{photo}")["Content-Type"] == "image/webp"
    proposed = said(people.staff.get(desk))["judged"]
    assert proposed
    answer = {"id": str(uuid7()), "amount": {"amount": PRICE}, "goods_back": True}
    said(people.buyer.post(f"{desk}/answer", answer), 403)
    answered = said(people.staff.post(f"{desk}/answer", answer))
    assert answered["claim"]["answers"][0]["amount"]["amount"] == PRICE
    assert answered["claim"]["answers"][0]["bearer"]
    outbox.deliver_everything()
    seen = said(people.buyer.get(mine))
    assert (seen["answers"][0]["amount"]["amount"], "bearer" in seen["answers"][0]) == (PRICE, False)
    assert claim in [one["id"] for one in said(people.agent.get(f"{people.station}/claims"))["items"]]
    spoiled = {"good_packs": 0, "bad_packs": 1}
    said(people.agent.post(f"{people.station}/claims/{claim}/receive", spoiled), 403)
    said(people.staff.post(f"{desk}/receive", spoiled))
    said(people.agent.post(f"{people.station}/claims/{claim}/receive", spoiled), 404)


def test_the_table_of_bearers_is_read_and_replaced_by_version(people: People) -> None:
    path = f"{HERE}/claim-bearers"
    seen = people.admin.get(path)
    rows = [{"kind": "spoiled", "days": 2, "bearer": "household"}, {"bearer": "platform"}]
    said(people.staff.put(path, {"rows": rows}, if_match=seen["ETag"]), 403)
    told = said(people.admin.put(path, {"rows": rows}, if_match=seen["ETag"]))
    assert [row["bearer"] for row in told["rows"]] == ["household", "platform"]
    assert said(people.admin.put(path, {"rows": rows}, if_match=seen["ETag"]), 409)["code"] == "stale"


def test_a_harvest_is_sold_ahead_closed_weighed_short_and_allotted(people: People) -> None:
    fair = people.fair
    harvests = []
    for household in fair.households:
        mine, key = f"/households/{household}/harvests", str(uuid7())
        said(people.agent.post(mine, {"id": key, "product": str(fair.stall.product)}), 201)
        amount = {"amount": 2500, "unit": "g", "expected_on": str(today() + timedelta(days=3))}
        said(people.agent.put(f"{mine}/{key}/amount", amount))
        said(people.agent.post(f"{mine}/{key}/announce", {"price": {"amount": 900}}))
        harvests.append(key)
    waiting = every(people.staff, f"{HERE}/announced-harvests")
    assert sorted(one["id"] for one in waiting) == sorted(harvests)
    said(people.staff.post(f"{HERE}/offers/{fair.stall.offer}/take-down"))
    cycles, keys, offer = f"{HERE}/cycles", [], str(uuid7())
    for outlet, harvest, put_up in zip(("shop", "station"), harvests, (offer, str(uuid7())), strict=True):
        keys.append(str(uuid7()))
        wanted = {
            "id": keys[-1], "harvests": [harvest], "pack": str(fair.stall.pack), "price": {"amount": 3000},
            "outlets": [{"offer": put_up, "outlet": outlet}],
            "closes_at": (now() + timedelta(days=1)).isoformat(), "percent": 80,
        }  # fmt: skip
        said(people.staff.post(cycles, wanted), 201)
    assert [one["id"] for one in every(people.staff, cycles)] == keys[::-1]
    said(people.staff.get(f"{cycles}?cursor=nonsense"), 422)
    cycle = f"{cycles}/{keys[0]}"
    orders = [people.pay(people.order(offer, packs, 3000 * packs)) for packs in (3, 1)]
    assert said(people.staff.get(cycle))["cycle"]["ordered"] == 2000
    assert said(people.staff.post(f"{cycle}/close"))["cycle"]["state"] == "closed"
    outbox.deliver_everything()
    load = {"id": str(uuid7()), "amount": 1000, "unit": "g", "harvested_on": str(today())}
    said(people.agent.post(f"{people.station}/harvests/{harvests[0]}/lots", load), 201)
    said(people.agent.post(f"{cycle}/allot"), 403)
    done = said(people.staff.post(f"{cycle}/allot"))
    assert done["whole"] + done["cut"] + done["off"] == 2
    assert said(people.staff.post(f"{cycle}/allot")) is not None, "pressed again nothing happens"
    outbox.deliver_everything()
    lines = every(people.staff, f"{cycle}/lines")
    assert [one["order"] for one in lines] == orders, "who came first stands first"
    assert sum(one["got"] or 0 for one in lines) == 2, "two packs were brought"
    paid_back = [said(people.buyer.get(f"/orders/{order}")) for order in orders]
    assert sum(one["total"]["amount"] for one in paid_back) == 4 * 3000


def test_a_night_is_booked_called_off_booked_again_and_redeemed(people: People) -> None:
    stay = a_stay(fair=people.fair, in_days=10)
    hosted = f"/households/{stay.household}"
    assert [one["id"] for one in said(people.agent.get(f"{hosted}/services"))["items"]] == [str(stay.product)]
    days = f"{hosted}/services/{stay.product}/days"
    opened = said(people.agent.put(days, {"days": [str(stay.first)], "places": 3}))["items"]
    assert opened[0]["places"] == 3
    rule = {"tiers": [{"days": 5, "percent": 50}], "no_show_percent": 0}
    said(people.agent.put(f"{hosted}/services/{stay.product}/calling-off", rule))
    assert said(guest().get(f"/goods/{stay.product}/calling-off"))["items"] == rule["tiers"]
    wanted = {
        "offer": str(stay.offer), "first_on": str(stay.first), "contact": WHO, "gateway": "sandbox",
        "expected_total": {"amount": PRICE_FEN},
    }  # fmt: skip
    first, second = (
        booked(said(people.buyer.post("/bookings", wanted | {"id": str(uuid7())}), 201)) for _ in range(2)
    )
    free = said(guest().get(f"/goods/{stay.product}/days"))["items"]
    assert free[0]["free"] == 1
    off = said(people.buyer.post(f"/orders/{first}/call-off", {}))
    assert off["ended"]
    assert said(guest().get(f"/goods/{stay.product}/days"))["items"][0]["free"] == 2
    code = said(people.buyer.get(f"/orders/{second}/booking"))["code"]
    coming = said(people.agent.get(f"{hosted}/guests"))["items"]
    assert {one["order"]: bool(one["ended"]) for one in coming} == {first: True, second: False}
    shown = {"id": str(uuid7()), "code": code}
    assert said(people.agent.post(f"{hosted}/redemptions", shown), 409)["code"] == "too_early"
    with at(now() + timedelta(days=stay.days_ahead)):
        caller = program(user=people.agent.user)
        key = str(uuid7())
        told = said(caller.post(f"{hosted}/redemptions", shown, key=key))
        assert said(caller.post(f"{hosted}/redemptions", shown, key=key)) == told
        assert told["again"] is False
        assert said(caller.post(f"{hosted}/redemptions", shown | {"id": str(uuid7())}))["again"] is True


def test_goods_are_graded_branded_and_a_licence_is_withdrawn(people: People) -> None:
    stall = people.fair.stall
    standard, brand, other = str(uuid7()), str(uuid7()), str(uuid7())
    said_of_it = {
        "name_zh": "样例标准", "off_milli": 500,
        "grades": [{"key": "first", "factor_milli": 1000, "limits": {"diameter": {"least": "60"}}}],
    }  # fmt: skip
    path = f"{HERE}/standards"
    made = people.staff.post(path, said_of_it | {"id": standard, "product": str(stall.product)})
    assert said(made, 201)["terms"]["grades"][0]["key"] == "first"
    said(people.staff.post(path, said_of_it | {"id": other, "category": "tea", "name_zh": "样例茶标准"}), 201)
    changed = people.staff.put(f"{path}/{standard}", said_of_it | {"off_milli": 400}, if_match=made["ETag"])
    assert said(changed)["version"] == 2
    assert len(said(people.staff.get(f"{path}/{standard}/versions"))["items"]) == 2
    picture = f"{path}/{standard}/pictures/{uuid7()}"
    assert len(said(people.staff.send(f"{picture}?grade=first", drawn()))["guide"]) == 1
    assert said(people.staff.post(f"{picture}/withdraw"))["guide"] == []
    assert said(people.staff.post(f"{path}/{other}/end"))["ended_at"]
    assert [one["id"] for one in every(people.staff, path)] == [standard, other], "what ended stands last"
    good = people.weigh(5000, measured={"diameter": "65"})
    bad = people.weigh(5000, measured={"diameter": "40"})
    assert (good["grade"], bad["grade"]) == ("first", "off")
    wanted = {
        "id": brand,
        "name_zh": "样例脐橙",
        "holder": "样例协会",
        "standard": standard,
        "least": "first",
    }
    brands = f"{HERE}/brands"
    held = people.admin.post(brands, wanted)
    said(held, 201)
    assert said(people.admin.send(f"{brands}/{brand}/mark", drawn(), if_match=held["ETag"]))["width"]
    said(people.admin.post(brands, wanted | {"id": str(uuid7()), "name_zh": "样例橙"}), 201)
    assert len(every(people.staff, brands)) == 2
    offer = f"{HERE}/offers/{stall.offer}"
    said(people.staff.put(f"{offer}/brand", {"brand": brand}), 422)
    shop = said(people.staff.get(f"{HERE}/products/{stall.product}"))["shop"]
    licence = str(uuid7())
    days = {"since": str(today()), "until": str(today() + timedelta(days=90))}
    granted = people.admin.post(
        f"{brands}/{brand}/licences", {"id": licence, "shop": shop, "number": "样例-1", **days}
    )
    assert said(granted, 201)["withdrawn_at"] is None
    said(people.staff.put(f"{offer}/grades", {"takes": ["off"]}))
    said(people.staff.put(f"{offer}/brand", {"brand": brand}), 422)
    said(people.staff.put(f"{offer}/grades", {"takes": ["first"]}))
    assert said(people.staff.put(f"{offer}/brand", {"brand": brand}))
    gone = said(people.admin.post(f"{HERE}/brand-licences/{licence}/withdraw", {"reason": "样例"}))
    assert gone["withdrawn_at"]
    assert said(people.staff.get(f"{brands}/{brand}"))["offers"] == 0
    after = str(uuid7())
    anew = {"id": after, "shop": shop, "number": "样例-2", **days}
    said(people.admin.post(f"{brands}/{brand}/licences", anew), 201)
    listed = every(people.staff, f"{HERE}/brand-licences")
    assert [one["id"] for one in listed] == [after, licence], "what is over stands last"
    said(people.staff.get(f"{HERE}/brand-licences?cursor=nonsense"), 422)


def test_a_recalled_lot_reaches_its_buyers(people: People) -> None:
    order = people.bring(people.pay(people.order()))
    lot = next(
        one["id"] for one in said(people.staff.get(f"{HERE}/lots"))["items"] if one["on_hand"] < 10_000
    )
    note = {"id": str(uuid7()), "kind": "tested", "on": str(today()), "laboratory": "样例室", "passed": True}
    said(people.agent.post(f"{people.station}/lots/{lot}/notes", note), 204)
    recall = str(uuid7())
    made = said(
        people.staff.post(
            f"{HERE}/lots/{lot}/recall", {"id": recall, "severity": "serious", "reason": "样例"}
        ),
        201,
    )
    assert made["found"] == 1
    outbox.deliver_everything()
    (telling,) = every(people.staff, f"{HERE}/recalls/{recall}/tellings")
    assert telling["order"] == order
    assert [one["id"] for one in every(people.staff, f"{HERE}/recalls")] == [recall]
    said(people.buyer.get(f"{HERE}/recalls"), 403)


def test_one_group_is_full_and_another_pays_everybody_back(people: People) -> None:
    groups, group = f"{HERE}/groups", str(uuid7())
    said_of_it = {
        "name_zh": "样例团", "bearer": "household", "offer": str(people.fair.stall.offer),
        "price": {"amount": 1980}, "needed": 2, "closes_at": (now() + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    assert said(people.staff.post(groups, said_of_it | {"id": group}), 201)["state"] == "gathering"
    assert said(guest().get(f"/groups/{group}"))["is_open"]
    first = people.pay(people.order(total=1980, group=group))
    other = People(people.fair, program(), people.agent, people.staff, people.admin)
    other.pay(other.order(total=1980, group=group))
    outbox.deliver_everything()
    assert said(people.staff.get(f"{HERE}/promotions/{group}"))["state"] == "full"
    assert len(every(people.staff, f"{HERE}/promotions/{group}/uses")) == 2
    failing = str(uuid7())
    said(people.staff.post(groups, said_of_it | {"id": failing}), 201)
    alone = people.pay(people.order(total=1980, group=failing))
    with at(now() + timedelta(days=2)):
        close_groups(SYSTEM)
        outbox.deliver_everything()
    assert said(people.staff.get(f"{HERE}/promotions/{failing}"))["state"] == "failed"
    assert said(people.buyer.get(f"/orders/{alone}"))["state"] == "cancelled"
    assert said(people.buyer.get(f"/orders/{first}"))["state"] == "paid"


def test_a_coupon_is_given_out_used_and_ended(people: People) -> None:
    coupon = str(uuid7())
    wanted = {
        "id": coupon, "name_zh": "样例券", "bearer": "household", "code": "SAMPLE10", "percent": 10,
        "limit_each": 1, "closes_at": (now() + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    said(people.agent.post(f"{HERE}/coupons", wanted), 403)
    assert said(people.staff.post(f"{HERE}/coupons", wanted), 201)["state"] == "open"
    asked = {
        "county": COUNTY, "lines": [{"offer": str(people.fair.stall.offer), "quantity": 1}],
        "fulfilment": "pickup", "station": str(people.fair.station), "coupon": "sample10",
    }  # fmt: skip
    quoted = said(people.buyer.post("/quotes", asked))
    assert quoted["discount"]["amount"] == 298
    order = people.pay(people.order(total=PRICE - 298, coupon="SAMPLE10"))
    (use,) = every(people.staff, f"{HERE}/promotions/{coupon}/uses")
    assert use["holder"] == order
    assert said(people.staff.post(f"{HERE}/promotions/{coupon}/end"))["state"] == "ended"
    assert people.buyer.post("/quotes", asked).status_code in (200, 409, 422)
