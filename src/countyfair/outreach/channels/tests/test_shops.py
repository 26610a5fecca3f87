"""Shops on platforms, and what their goods are: suggested, confirmed by a person, remembered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.models import Arrival, Connection, Listing
from countyfair.outreach.channels.platforms.shape import Credentials
from countyfair.outreach.channels.queries.shops import listings, shops_there, suggested
from countyfair.outreach.channels.rules.mapping import Candidate, Goods, suggestions
from countyfair.outreach.channels.tests.factories import Stand, a_stand, their_order
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.stock.queries import availability

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand() -> Stand:
    return a_stand()


def our_shop(stand: Stand) -> UUID:
    return UUID(str(scalar("SELECT shop_id FROM catalog_product WHERE id = %s", [stand.fair.stall.product])))


def connect(
    stand: Stand,
    key: UUID | None = None,
    *,
    name: str = "样例·二店",
    platform: str = "douyin",
    shop: UUID | None = None,
    buffer: int = 0,
) -> Connection:
    return actions.connect(
        SYSTEM, connection=key or uuid7(), county=stand.fair.county, name=name, platform=platform,
        shop=shop or our_shop(stand), buffer=buffer,
    )  # fmt: skip


def test_a_shop_is_connected_once_changed_and_ended(stand: Stand) -> None:
    key = uuid7()
    assert connect(stand, key).id == connect(stand, key).id == key
    with pytest.raises(Conflict):
        connect(stand, key, name="别的店")
    with pytest.raises(Conflict):
        connect(stand)
    actions.change_connection(SYSTEM, connection=key, name="样例·新名", their_shop="778", buffer=5)
    assert actions.end_connection(SYSTEM, connection=key)
    assert not actions.end_connection(SYSTEM, connection=key)
    with pytest.raises(Conflict):
        actions.change_connection(SYSTEM, connection=key, name="x", their_shop="", buffer=0)
    assert [row.buffer for row in shops_there(SYSTEM, county=stand.fair.county)] == [0, 5]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"platform": "shop"}, "platform"), ({"shop": uuid7()}, "shop"), ({"buffer": -1}, "buffer")],
)
def test_what_cannot_be_connected_names_its_field(stand: Stand, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        connect(stand, **wrong)
    assert refused.value.field == field


def test_what_was_granted_is_sealed_and_thrown_away_at_the_end(stand: Stand) -> None:
    secret = Credentials("key", "very-secret", "778", token="token-1")
    actions.grant(SYSTEM, connection=stand.connection, credentials=secret)
    kept = Connection.objects.get(id=stand.connection).credentials
    assert kept
    assert "very-secret" not in kept
    assert "very-secret" not in repr(secret)
    changes = scalar("SELECT string_agg(changes::text, '') FROM kernel_change")
    assert kept not in str(changes)
    actions.end_connection(SYSTEM, connection=stand.connection)
    assert Connection.objects.get(id=stand.connection).credentials == ""


def test_goods_are_suggested_by_code_by_name_and_by_price(stand: Stand) -> None:
    ours = Candidate(uuid7(), "K1-HM500", "融水黑米", "500克装", 2980)
    other = Candidate(uuid7(), "K2-XG", "干香菇", "250克装", 4500)
    by_code = Goods("k1-hm500", "五谷杂粮礼盒", "", 100)
    by_name = Goods("", "【助农】正宗融水 黑米 农家自种", "500克装", 2990)
    double = Goods("", "融水黑米", "500克装*2", 5960)
    nothing = Goods("", "手机壳", "黑色", 999)

    assert suggestions(by_code, [ours, other])[0].offer == ours.offer
    assert [one.offer for one in suggestions(by_name, [ours, other])] == [ours.offer]
    assert suggestions(double, [ours, other])[0].packs == 2
    assert suggestions(nothing, [ours, other]) == []


def test_what_waited_for_a_person_is_taken_in_with_the_answer(stand: Stand) -> None:
    actions.bring(SYSTEM, connection=stand.connection, told=[their_order(f"T{n}") for n in range(3)])
    (row,) = listings(SYSTEM, county=stand.fair.county)
    assert (row.title, row.orders, row.standing) == ("样例黑米", 3, "new")
    assert set(suggested(SYSTEM, county=stand.fair.county, goods=[row])) == {row.id}

    counts = actions.map_listing(SYSTEM, listing=row.id, offer=stand.offer, packs=2)

    assert dict(counts) == {"placed": 3}
    assert availability([stand.offer])[stand.offer] == 40 - 12
    told = Listing.objects.get()
    assert (told.confirmed_by, told.packs) == (SYSTEM.key, 2)
    assert actions.place_mapped() == 0
    later = [their_order("T9", pieces=1, paid_fen=3000)]
    assert dict(actions.bring(SYSTEM, connection=stand.connection, told=later)) == {"placed": 1}


def test_goods_that_are_not_ours_leave_their_orders_aside(stand: Stand) -> None:
    actions.bring(SYSTEM, connection=stand.connection, told=[their_order("T1")])
    (row,) = listings(SYSTEM, county=stand.fair.county)
    assert dict(actions.ignore_listing(SYSTEM, listing=row.id)) == {"ignored": 1}
    assert Arrival.objects.get().standing == "ignored"
    assert availability([stand.offer])[stand.offer] == 40


def test_the_job_takes_in_what_one_answer_left(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.bring(SYSTEM, connection=stand.connection, told=[their_order(f"T{n}") for n in range(5)])
    monkeypatch.setattr("countyfair.outreach.channels.actions.mapping.AT_ONCE", 2)
    (row,) = listings(SYSTEM, county=stand.fair.county)
    assert dict(actions.map_listing(SYSTEM, listing=row.id, offer=stand.offer)) == {"placed": 2}
    assert actions.place_mapped(batch=2) == 2
    assert actions.place_mapped(batch=2) == 1
    assert actions.place_mapped(batch=2) == 0


def test_only_an_offer_of_that_platform_fits_and_only_who_may_says_so(stand: Stand) -> None:
    actions.bring(SYSTEM, connection=stand.connection, told=[their_order("T1")])
    (row,) = listings(SYSTEM, county=stand.fair.county)
    for offer, packs in ((stand.fair.stall.offer, 1), (uuid7(), 1), (stand.offer, 0)):
        with pytest.raises(Invalid):
            actions.map_listing(SYSTEM, listing=row.id, offer=offer, packs=packs)
    with pytest.raises(Missing):
        actions.map_listing(SYSTEM, listing=uuid7(), offer=stand.offer)
    with pytest.raises(Forbidden):
        actions.map_listing(stand.fair.agent, listing=row.id, offer=stand.offer)
    with pytest.raises(Forbidden):
        listings(stand.fair.agent, county=stand.fair.county)
    assert Arrival.objects.get().standing == "unmapped"
