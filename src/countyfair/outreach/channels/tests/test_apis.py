"""The clients of platforms' open APIs against doubles that sign, page, throttle, expire and fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.platforms.shape import (
    Client,
    Expired,
    OrderPage,
    Refused,
    Revoked,
    Sent,
    StockPush,
    TheirOrder,
    Throttled,
    Unreachable,
)
from countyfair.outreach.channels.tests.apis import DOUBLES, Double, at_work, client_of
from countyfair.outreach.channels.tests.doubles.douyin import Douyin
from countyfair.outreach.channels.tests.doubles.taobao import Taobao
from countyfair.outreach.channels.tests.doubles.web import PASSING, Fault

START = datetime(2026, 11, 20, 8, tzinfo=UTC)
SINCE = int(START.timestamp())
CARRIER = "圆通快递"


@pytest.fixture(params=sorted(DOUBLES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def double(name: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    with at_work(name, settings, monkeypatch) as working:
        yield working


@pytest.fixture
def client(name: str, double: Double) -> Client:
    return client_of(name, double)


def whole_window(client: Client) -> list[TheirOrder]:
    found: list[TheirOrder] = []
    cursor = ""
    while True:
        page = asked(client, cursor)
        assert not page.flaws
        found += page.orders
        if not (cursor := page.cursor):
            return found


def asked(client: Client, cursor: str = "") -> OrderPage:
    return client.orders(since=START, until=START + timedelta(minutes=30), cursor=cursor)


def test_an_order_comes_in_our_words(name: str, client: Client, double: Double) -> None:
    double.order("T1", SINCE + 5)
    (order,) = asked(client).orders
    (line,) = order.lines
    assert (order.number, order.state, order.aftersale, order.refunded_fen) == ("T1", "paid", False, 0)
    assert (order.paid_fen, order.freight_fen) == (5800, 300)
    assert order.platform_fen == (0 if name == "taobao" else 200)
    assert (line.goods, line.sku, line.code, line.title, line.quantity) == (
        "7001",
        "9001",
        "HM-500",
        "样例黑米",
        2,
    )
    assert line.amount_fen == order.due_fen - order.freight_fen
    assert order.paid_at is not None
    if name != "taobao":
        assert order.ship_before is not None
        assert order.ship_before > order.paid_at
    assert order.receiver is not None
    assert order.receiver.masked
    shown = repr(order.receiver)
    assert not {part for part in ("~", "$", "1387677", "cipher") if part in shown}
    assert order.receiver.province == "湖北省"
    assert order.receiver.county == "洪山区"


def test_states_of_pinduoduo(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = {
        "T1": ({"confirm_status": 0}, "unpaid", 0, False), "T2": ({"confirm_status": 2}, "closed", 0, False),
        "T3": ({"order_status": 2}, "shipped", 0, False), "T4": ({"order_status": 3}, "received", 0, False),
        "T5": ({"refund_status": 4}, "closed", 5800, False), "T6": ({"refund_status": 2}, "paid", 0, True),
        "T7": ({"risk_control_status": 1}, "unpaid", 0, False),
    }  # fmt: skip
    with at_work("pinduoduo", settings, monkeypatch) as double:
        for number, (other, *_expected) in cases.items():
            double.order(number, SINCE, **other)
        double.order("T8", SINCE, order_status=2, logistics_id=85, tracking_number="YT1")
        found = {order.number: order for order in whole_window(client_of("pinduoduo", double))}
    for number, (_other, *expected) in cases.items():
        order = found[number]
        assert [order.state, order.refunded_fen, order.aftersale] == expected, number
    assert (found["T8"].carrier, found["T8"].waybill) == (CARRIER, "YT1")


def test_orders_of_douyin_with_several_sub_orders(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_work("douyin", settings, monkeypatch) as double:
        sub = Douyin.sub
        half = {"pay_amount": 2900, "post_amount": 0, "only_platform_cost_amount": 0, "author_cost_amount": 0}
        gone = {"order_status": 4, "after_sale_info": {"refund_status": 3}}
        double.order("P1", SINCE, pay_amount=5800, post_amount=0,
                     sku_order_list=[sub("P1", **half), sub("P2", **half, **gone)])  # fmt: skip
        double.order("Q1", SINCE, pay_amount=9900, post_amount=100)
        double.order("R1", SINCE, main_status=21)
        found = {order.number: order for order in whole_window(client_of("douyin", double))}
    part, other, back = found["P1"], found["Q1"], found["R1"]
    assert [(line.key, line.off) for line in part.lines] == [("P1", False), ("P2", True)]
    assert (part.state, part.paid_fen, part.refunded_fen) == ("paid", 5800, 2900)
    assert (other.paid_fen, other.freight_fen, other.lines[0].amount_fen) == (9900, 100, None)
    assert (back.state, back.refunded_fen) == ("closed", 5800)


def test_orders_of_taobao_with_several_sub_orders(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_work("taobao", settings, monkeypatch) as double:
        sub = Taobao.sub
        half = {"payment": "29.00", "divide_order_fee": "29.00"}
        gone = {"status": "TRADE_CLOSED", "refund_status": "SUCCESS"}
        open_ = {"refund_status": "WAIT_SELLER_AGREE"}
        double.order(
            "P1", SINCE, post_fee="0.00", orders={"order": [sub("P1", **half), sub("P2", **half, **gone)]}
        )
        double.order("Q1", SINCE, status="TRADE_CLOSED")
        double.order("R1", SINCE, status="TRADE_CLOSED_BY_TAOBAO")
        double.order("S1", SINCE, orders={"order": [sub("S1", **open_)]})
        double.order("U1", SINCE, status="PAID_FORBID_CONSIGN")
        found = {order.number: order for order in whole_window(client_of("taobao", double))}
    part = found["P1"]
    assert [(line.key, line.off, line.amount_fen) for line in part.lines] == [
        ("P1", False, 2900), ("P2", True, 2900),
    ]  # fmt: skip
    assert (part.state, part.paid_fen, part.refunded_fen, part.aftersale) == ("paid", 5800, 2900, False)
    assert (found["Q1"].state, found["Q1"].refunded_fen) == ("closed", 5800)
    assert (found["R1"].state, found["R1"].refunded_fen) == ("closed", 0)
    assert (found["S1"].state, found["S1"].aftersale, found["S1"].refunded_fen) == ("paid", True, 0)
    assert (found["U1"].state, found["U1"].paid_at) == ("unpaid", None)


def test_every_page_of_a_window(client: Client, double: Double) -> None:
    for at in range(250):
        double.order(f"T{at}", SINCE + at)
    double.order("TOO-LATE", SINCE + 1801)
    double.doubled = True
    found = [order.number for order in whole_window(client)]
    assert set(found) == {f"T{at}" for at in range(250)}


def test_what_changes_between_two_pages_hides_nothing_else(client: Client, double: Double) -> None:
    for at in range(301):
        double.order(f"T{at}", SINCE + at)
    moved = iter(range(301))

    def after_page(_page: int) -> None:
        for _turn in range(20):
            one = double.orders[f"T{next(moved)}"]
            one["update_time" if "update_time" in one else "_at"] = SINCE + 7200

    double.after_page = after_page
    found = {order.number for order in whole_window(client)}
    still = {
        number
        for number, one in double.orders.items()
        if one["update_time" if "update_time" in one else "_at"] < SINCE + 1800
    }
    assert still <= found
    assert len(still) < 260


@pytest.mark.parametrize("fault", PASSING)
def test_a_read_survives_what_passes(client: Client, double: Double, fault: Fault) -> None:
    double.order("T1", SINCE)
    double.faults = [fault, fault]
    assert [order.number for order in asked(client).orders] == ["T1"]
    double.faults = [fault] * 3
    with pytest.raises(Throttled if fault in ("throttled", "status_429") else Unreachable):
        asked(client)


@pytest.mark.parametrize("fault", ["slow", "moved", "huge", "drips"])
def test_what_does_not_pass_is_said(client: Client, double: Double, fault: Fault) -> None:
    double.order("T1", SINCE)
    double.faults = [fault] * 3
    with pytest.raises(Unreachable):
        asked(client)
    assert "GET" not in double.calls


@pytest.mark.parametrize("fault", PASSING)
def test_a_write_is_asked_once(client: Client, double: Double, fault: Fault) -> None:
    double.faults = [fault]
    with pytest.raises(Unreachable):
        client.push_stock(StockPush("7001", "9001", 5))
    assert not double.faults
    assert len(double.calls) <= 1


def test_nothing_listens(name: str, settings: Settings, double: Double, client: Client) -> None:
    setattr(settings, f"COUNTYFAIR_{name.upper()}_URL", "http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        asked(client)


def test_a_token_that_ended_is_renewed_and_the_old_is_dead(name: str, client: Client, double: Double) -> None:
    double.order("T1", SINCE)
    double.expired = True
    with pytest.raises(Expired):
        asked(client)
    fresh = client.renewed()
    assert (fresh.token, fresh.refresh) == (double.token, double.refresh)
    assert fresh.token_until is not None
    assert fresh.token_until > datetime.now(UTC)
    made = PLATFORMS[name].client
    assert made is not None
    assert asked(made(fresh)).orders
    with pytest.raises(Revoked):
        client.renewed()
    with pytest.raises(Expired):
        asked(client)


def test_consent_that_was_withdrawn_needs_the_owner(name: str, client: Client, double: Double) -> None:
    double.revoked = True
    with pytest.raises(Expired if name == "taobao" else Revoked):
        asked(client)
    with pytest.raises(Revoked):
        client.renewed()


def test_a_wrong_secret_is_told_as_such(name: str, double: Double) -> None:
    with pytest.raises(Revoked):
        asked(client_of(name, double, app_secret="another"))


def test_what_a_platform_says_of_it_holds_no_token(name: str, client: Client, double: Double) -> None:
    with pytest.raises(Expired) as told:
        asked(client_of(name, double, token="token-that-leaks"))
    assert "token-that-leaks" not in str(told.value)
    assert double.app_secret not in repr(client_of(name, double))


def test_stock_is_set_and_not_added(client: Client, double: Double) -> None:
    client.push_stock(StockPush("7001", "9001", 5))
    client.push_stock(StockPush("7001", "9001", 3))
    assert double.stock == {("7001", "9001"): 3}
    with pytest.raises(Refused, match="商品不存在"):
        client.push_stock(StockPush("7001", "404", 3))


def test_a_parcel_is_told_once_however_often(name: str, client: Client, double: Double) -> None:
    double.order("T1", SINCE)
    client.send(Sent("T1", "YT9", CARRIER))
    client.send(Sent("T1", "YT9", CARRIER))
    assert [waybill for _carrier, waybill in double.sent.values()] == ["YT9"]
    with pytest.raises(Refused):
        client.send(Sent("T1", "YT10", CARRIER))
    if name != "taobao":
        assert double.orders["T1"]["order_status"] in (2, 3)


def test_a_parcel_whose_answer_was_lost_is_told_again(client: Client, double: Double) -> None:
    double.order("T1", SINCE)
    client.send(Sent("T1", "YT9", CARRIER))
    double.order("T2", SINCE)
    double.lost = 1
    with pytest.raises(Unreachable):
        client.send(Sent("T2", "YT8", CARRIER))
    assert double.sent["T2"][1] == "YT8"
    client.send(Sent("T2", "YT8", CARRIER))


def test_a_carrier_that_they_do_not_know(client: Client, double: Double) -> None:
    double.order("T1", SINCE)
    with pytest.raises(Refused, match="county"):
        client.send(Sent("T1", "YT9", "county"))
    assert not double.sent


def test_an_order_that_cannot_be_used_hides_no_other(client: Client, double: Double) -> None:
    double.order("T1", SINCE)
    double.order("T2", SINCE + 1, pay_amount="many", payment="many")
    double.order("T3", SINCE + 2, item_list="?", sku_order_list="?", orders="?")
    page = asked(client)
    assert [order.number for order in page.orders] == ["T1"]
    assert {flaw.column for flaw in page.flaws} <= {
        "pay_amount",
        "item_list",
        "sku_order_list",
        "payment",
        "orders",
    }
    assert len(page.flaws) == 2


def test_a_longer_window_than_they_answer_is_our_mistake(name: str, client: Client) -> None:
    with pytest.raises(ValueError, match="window"):
        client.orders(since=START, until=START + PLATFORMS[name].window + timedelta(seconds=1))
