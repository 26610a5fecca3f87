"""A paid order becomes a parcel with a label, and the parcel leaves with the round."""

from __future__ import annotations

from dataclasses import replace

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.station.tests.conftest import Counter, state
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.orders import actions
from countyfair.trade.orders.rules.contact import Gift
from countyfair.trade.orders.tests.factories import CONTACT, a_stall, marked, place
from countyfair.trade.orders.tests.test_life import pay


def parcels() -> object:
    return scalar("SELECT count(*) FROM logistics_parcel")


def test_packed_weighed_and_labelled_without_the_code(counter: Counter) -> None:
    placed = counter.paid(packs=2)
    assert counter.link("pack", placed.order) in counter.get("pack_list")[1]
    assert "× 2" in counter.get("pack", placed.order)[1]
    address = (302, counter.link("order", placed.order))
    assert counter.post("pack", placed.order, weight="1100") == address
    code = str(scalar("SELECT pickup_code FROM logistics_parcel"))
    waybill = str(scalar("SELECT waybill FROM logistics_parcel"))
    pages = [counter.get(name, placed.order)[1] for name in ("order", "give")]
    pages.insert(1, counter.post("label", placed.order)[1])
    pages.append(counter.get("parcels")[1])
    for shown in pages:
        assert waybill in shown
        assert code not in shown.replace(waybill, "").replace(placed.number, "")
    assert "<svg" in pages[1]
    assert CONTACT.name in pages[1]
    assert CONTACT.phone not in pages[1]  # who picks it up is not called by the carrier
    assert "Nothing to pack" in counter.get("pack_list")[1]


def test_a_gift_says_so_to_who_packs_it_and_its_slip_bears_a_greeting_and_no_price(counter: Counter) -> None:
    gift = replace(CONTACT, gift=Gift("样例·奶奶", "", "生日快乐"))
    placed = counter.paid(packs=2, contact=gift)
    for name, of in (("pack_list", ()), ("pack", (placed.order,)), ("order", (placed.order,))):
        assert "Gift: no prices" in counter.get(name, *of)[1]
    slip = counter.post("parcel_slip", placed.order)[1]
    for said in ("样例·奶奶", "生日快乐", "× 2"):
        assert said in slip
    for hidden in ("¥", "29.80", "59.60", CONTACT.name):
        assert hidden not in slip
    assert scalar("SELECT string_agg(purpose, ' ') FROM orders_contactread") == "gift_slip"
    ordinary = counter.paid()
    plain = counter.post("parcel_slip", ordinary.order)[1]
    assert "In this parcel" in plain
    assert "¥" not in plain
    assert scalar("SELECT count(*) FROM orders_contactread") == 1
    assert counter.get("parcel_slip", placed.order)[0] == 302


def test_a_label_for_the_door_tells_the_carrier_where(counter: Counter) -> None:
    placed, _code = counter.packed(pickup=False, expected_total_fen=3580)
    shown = counter.post("label", placed.order)[1]
    assert CONTACT.phone in shown
    assert CONTACT.address in shown
    actions.hand_over(counter.fair.agent, order_id=placed.order)
    actions.deliver(counter.fair.agent, order_id=placed.order, evidence="signed")
    assert counter.post("label", placed.order)[0] == 404


def test_a_label_names_the_mark_that_its_goods_were_sold_under_and_no_other(counter: Counter) -> None:
    plain, _code = counter.packed()
    _brand, licence = marked(counter.fair, counter.fair.stall)
    borne, _code = counter.packed()
    catalog.withdraw_licence(SYSTEM, licence=licence, reason="样例")
    assert "Sample navel orange" in counter.post("label", borne.order)[1]
    assert "Sold under the mark" not in counter.post("label", plain.order)[1]


def test_a_label_is_opened_by_a_press_and_each_is_on_record(counter: Counter) -> None:
    placed, _code = counter.packed(pickup=False, expected_total_fen=3580)
    address = counter.link("label", placed.order)
    page = counter.get("order", placed.order)[1]
    assert f'action="{address}"' in page
    assert f'href="{address}"' not in page
    assert counter.client.get(address).headers["Location"] == counter.link("order", placed.order)
    assert counter.client.head(address).status_code == 302
    assert scalar("SELECT count(*) FROM orders_contactread") == 0
    for pressed in (1, 2):
        status, shown = counter.post("label", placed.order)
        assert (status, CONTACT.address in shown) == (200, True)
        assert scalar("SELECT count(*) FROM orders_contactread WHERE purpose = 'label'") == pressed


def test_pressed_twice_and_in_two_tabs_it_is_one_parcel(counter: Counter) -> None:
    placed, once = counter.paid(), uuid7()
    first = counter.post("pack", placed.order, weight="600", once=once)
    assert counter.post("pack", placed.order, weight="600", once=once) == first
    assert counter.post("pack", placed.order, weight="700") == first
    assert counter.get("pack", placed.order)[0] == 302
    assert parcels() == 1


def test_a_missing_weight_keeps_the_others_and_packs_nothing(counter: Counter) -> None:
    fair = counter.fair
    loose = a_stall(fair.households, fair.station, content=1000, sold_by="weight")
    placed = place(fair, lines=((loose.offer, 1),))
    pay(fair, placed)
    line = scalar("SELECT id FROM orders_line WHERE order_id = %s", [placed.order])
    for weights in ({}, {f"weight-{line}": ""}, {f"weight-{line}": "-2"}, {f"weight-{line}": "3个"}):
        status, shown = counter.post("pack", placed.order, weight="1234", **weights)
        assert status == 422
        assert 'value="1234"' in shown
        assert f'href="#f-weight-{line}"' in shown
    status, shown = counter.post("pack", placed.order, weight="", **{f"weight-{line}": "1020"})
    assert (status, 'value="1020"' in shown) == (422, True)
    assert (state(placed), parcels()) == ("paid", 0)
    counter.post("pack", placed.order, weight="1.1kg", **{f"weight-{line}": "1020"})
    assert scalar("SELECT amount FROM orders_packedweight") == 1020
    assert scalar("SELECT weight_g FROM logistics_parcel") == 1100
    assert "1.02 kg" in counter.get("order", placed.order)[1]


def test_an_unpaid_order_is_not_packed(counter: Counter) -> None:
    placed = place(counter.fair)
    assert counter.post("pack", placed.order, weight="600") == (302, counter.link("order", placed.order))
    assert (state(placed), parcels()) == ("placed", 0)


def test_the_round_takes_what_is_ticked_once(counter: Counter) -> None:
    rides = [counter.packed(pickup=False, expected_total_fen=3580)[0] for _ in range(3)]
    stays, _code = counter.packed()
    shown = counter.get("round")[1]
    assert [str(one.order) in shown for one in (*rides, stays)] == [True, True, True, False]
    status, shown = counter.post("round")
    assert (status, "Tick the parcels" in shown) == (422, True)
    ticked = [str(one.order) for one in rides[:2]]
    assert counter.post("round", order=ticked) == (302, counter.link("round"))
    assert counter.post("round", order=[*ticked, str(stays.order), str(uuid7()), "x"])[0] == 302
    assert [state(one) for one in (*rides, stays)] == ["handed_over", "handed_over", "packed", "packed"]
