"""Cash goes into the till once and out of it once, and the till is counted with a reason."""

from __future__ import annotations

from datetime import timedelta

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.stations.tests.factories import a_station, an_agent
from countyfair.surfaces.station.tests.conftest import OTHER, Counter, signed_in
from countyfair.trade.orders import actions
from countyfair.trade.orders.actions.placing import Placed
from countyfair.trade.orders.tests.factories import Fair, place
from countyfair.trade.payments import actions as payments


def captured() -> object:
    return scalar("SELECT coalesce(sum(amount_fen), 0)::bigint FROM payments_capture")


def refund_of(placed: Placed) -> object:
    return scalar(
        "SELECT r.id FROM payments_refund r JOIN payments_capture c ON c.id = r.capture_id"
        " WHERE c.intent_id = %s",
        [placed.intent],
    )


def second(counter: Counter) -> Counter:
    """The counter of another station of the county."""
    station = a_station(place=OTHER, name="样例二站")
    agent = an_agent(station)
    return Counter(Fair(counter.fair.county, station, agent, (), counter.fair.stall), signed_in(agent))


def test_an_order_is_found_by_its_number_and_paid_once(counter: Counter) -> None:
    placed = place(counter.fair)
    page = (302, counter.link("take_cash", placed.order))
    assert counter.link("take_cash", placed.order) in counter.get("cash")[1]
    answer = counter.client.get(counter.link("cash"), {"number": placed.number.replace("-", " ")})
    assert (answer.status_code, answer.headers["Location"]) == page
    asked = counter.get("take_cash", placed.order)[1]
    assert "¥29.80" in asked
    assert captured() == 0
    assert counter.post("take_cash", placed.order) == counter.post("take_cash", placed.order) == page
    assert captured() == 2980
    assert "Paid in cash" in counter.get("take_cash", placed.order)[1]


def test_a_number_that_is_wrong_stays_in_the_field(counter: Counter) -> None:
    for number in ("261123-00000000-0", "<b>", ""):
        status, shown = counter.get("cash", number=number)
        assert status in (404, 422)
        assert "&lt;b&gt;" in shown if "<" in number else number in shown
    assert "<b>" not in counter.get("cash", number="<b>")[1]
    assert counter.get("refunds", number="261123-00000000-0")[0] == 404


def test_what_is_paid_elsewhere_or_too_late_is_not_taken(counter: Counter) -> None:
    other = second(counter)
    placed, late = place(counter.fair), place(counter.fair)
    assert other.post("take_cash", placed.order)[0] == 302
    status, shown = counter.post("take_cash", placed.order)
    assert (status, "Do not take the money again" in shown) == (409, True)
    assert "another station" in shown
    with at(now() + timedelta(hours=49)):
        actions.expire_unpaid(Actor.system("test"))
        status, shown = counter.post("take_cash", late.order)
        assert (status, "The time to pay is over" in shown) == (409, True)
    assert captured() == 2980
    on_line = place(counter.fair, gateway="sandbox")
    assert counter.post("take_cash", on_line.order)[0] == 404


def test_cash_is_handed_back_once_by_any_station_of_the_county(counter: Counter) -> None:
    placed = counter.paid()
    actions.cancel(Actor.guest("sample"), order_id=placed.order, token=placed.token)
    refund = refund_of(placed)
    assert counter.link("hand_back", refund) in counter.get("refunds")[1]
    other = second(counter)
    assert other.link("hand_back", refund) not in other.get("refunds")[1]
    assert other.link("hand_back", refund) in other.get("refunds", number=placed.number)[1]
    page = (302, counter.link("hand_back", refund))
    assert counter.post("hand_back", refund) == counter.post("hand_back", refund) == page
    assert "Signature" in counter.get("hand_back", refund)[1]
    status, shown = other.post("hand_back", refund)
    assert (status, "Do not pay it again" in shown) == (409, True)
    assert scalar("SELECT station_id FROM payments_refund") == counter.fair.station
    assert "¥0.00" in counter.get("till")[1]


def test_a_refund_on_line_is_none_of_the_counters(counter: Counter) -> None:
    placed = place(counter.fair, gateway="sandbox")
    scalar(
        "SELECT payments_take(%s, %s, 'sandbox', 'P1', %s::bigint, 'CNY', NULL, %s)",
        [uuid7(), placed.intent, placed.total_fen, now()],
    )
    refund = payments.ask_refund(
        Actor.system("test"), source="x", intent=placed.intent, amount_fen=100, reason="x"
    )
    assert counter.get("hand_back", refund)[0] == 404
    assert counter.post("hand_back", refund)[0] == 404
    assert scalar("SELECT state FROM payments_refund") == "asked"


def counts() -> object:
    return scalar("SELECT count(*) FROM stations_tillcount")


def test_a_till_is_counted_once_and_banked(counter: Counter) -> None:
    counter.paid()
    assert "¥29.80" in counter.get("till")[1]
    once = uuid7()
    for _pressed in range(2):
        answer = counter.post("till", counted="２９.８", banked="20", once=once)
        assert answer == (302, counter.link("till"))
    assert counts() == 1
    shown = counter.get("till")[1]
    assert "¥9.80" in shown
    assert "¥20.00" in shown


def test_a_difference_wants_a_reason_and_keeps_the_figures(counter: Counter) -> None:
    counter.paid()
    for form in ({"counted": "25"}, {"counted": ""}, {"counted": "x"}, {"counted": "-1", "reason": "x"},
                 {"counted": "29.80", "banked": "30"}, {"counted": "29.801"},
                 {"counted": "25", "reason": "z" * 201}):  # fmt: skip
        status, shown = counter.post("till", **form)
        assert (status, 'role="alert"' in shown) == (422, True), form
        assert f'value="{form["counted"]}"' in shown or not form["counted"]
    assert counts() == 0
    assert counter.post("till", counted="25", reason="<b>mouse</b>")[0] == 302
    shown = counter.get("till")[1]
    assert "&lt;b&gt;mouse" in shown
    assert "¥25.00" in shown
