"""Pinduoduo's files say in our words what they say in theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.utils.translation import override

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.outreach.channels.tests.reading import charges_in, file_of, orders_in, read_file

ROW = {
    "商品": "融水黑糯米",
    "订单号": "\t261101-123456789012345",
    "订单状态": "待发货",
    "商品总价(元)": "60.00",
    "邮费(元)": "5.00",
    "店铺优惠折扣(元)": "3.00",
    "平台优惠折扣(元)": "2.00",
    "多多支付立减金额(元)": "1.00",
    "用户实付金额(元)": "59.00",
    "商家实收金额(元)": "62.00",
    "商品数量(件)": "2",
    "订单成交时间": "2026-11-01 08:05:09",
    "发货时间": "",
    "确认收货时间": "",
    "商品id": "8812",
    "商品规格": "5斤装",
    "样式ID": "991",
    "商家编码-规格维度": "HNM-5",
    "商家编码-商品维度": "HNM",
    "售后状态": "无售后或售后取消",
    "快递单号": "-",
    "快递公司": "",
    "省": "广东省",
    "市": "****",
    "区": "****",
}
BILL = {
    "商户订单号": "261101-1",
    "发生时间": "2026-11-09 10:00:00",
    "收入金额（+元）": "62.00",
    "支出金额（-元）": "0.00",
    "账务类型": "交易收入",
    "备注": "",
    "业务描述": "0010002|交易收入|订单收入",
}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COUNTY_ZONE)


def test_an_order_is_owed_what_the_buyer_paid_and_what_the_platform_bears(tmp_path: Path) -> None:
    (order,) = orders_in(file_of(tmp_path / "a.csv", [ROW], encoding="gbk"))
    assert (order.number, order.state, order.row) == ("261101-123456789012345", "paid", 1)
    assert (order.paid_fen, order.platform_fen, order.shop_fen, order.freight_fen) == (5900, 300, 300, 500)
    assert order.due_fen == 6200
    (line,) = order.lines
    assert (line.goods, line.sku, line.code, line.quantity) == ("8812", "991", "HNM-5", 2)
    assert line.amount_fen == order.due_fen - order.freight_fen
    assert order.paid_at == order.ordered_at == at("2026-11-01 08:05:09")
    assert order.waybill == ""
    assert order.receiver is not None
    assert order.receiver.masked
    assert order.receiver.province == "广东省"


def test_the_day_in_the_number_stands_in_where_no_moment_is_told(tmp_path: Path) -> None:
    (order,) = orders_in(file_of(tmp_path / "a.csv", [ROW | {"订单成交时间": ""}]))
    assert (order.ordered_at, order.paid_at) == (at("2026-11-01 00:00:00"), None)


@pytest.mark.parametrize(
    ("word", "aftersale", "state", "refunded", "open_"),
    [
        ("待付款", "", "unpaid", 0, False),
        ("已发货，待收货", "无售后或售后取消", "shipped", 0, False),
        ("已收货", "售后处理中", "received", 0, True),
        ("已收货", "退款成功", "received", 0, True),
        ("未发货，退款成功", "退款成功", "closed", 5900, False),
        ("已取消", "-", "closed", 0, False),
        ("已收货，部分退款成功", "退款成功", "received", 0, True),
    ],
)
def test_states_and_after_sales(
    tmp_path: Path, word: str, aftersale: str, state: str, refunded: int, open_: bool
) -> None:
    row = ROW | {"订单状态": word, "售后状态": aftersale}
    (order,) = orders_in(file_of(tmp_path / "a.csv", [row]))
    assert (order.state, order.refunded_fen, order.aftersale) == (state, refunded, open_)


@pytest.mark.parametrize(
    ("column", "cell", "word"),
    [
        ("订单号", "", "missing"),
        ("订单号", "6.9E+17", "rounded"),
        ("订单号", "=HYPERLINK(1)", "not a number"),
        ("订单状态", "天晓得", "天晓得"),
        ("用户实付金额(元)", "59.005", "not an amount"),
        ("用户实付金额(元)", "五十", "not an amount"),
        ("商品数量(件)", "0", "pieces"),
        ("商品数量(件)", "1.5", "pieces"),
        ("订单成交时间", "2026-02-30 00:00:00", "not a date"),
        ("订单成交时间", "yesterday", "not a date"),
    ],
)
def test_a_cell_that_cannot_be_used_costs_its_row_only(
    tmp_path: Path, column: str, cell: str, word: str
) -> None:
    _what, told, wrong = read_file(file_of(tmp_path / "a.csv", [ROW | {column: cell}, ROW]))
    assert len(told) == 1
    assert [(error.row, error.column, word in error.sentence) for error in wrong] == [(1, column, True)]


def test_a_bill_is_told_by_its_codes(tmp_path: Path) -> None:
    def row(code: str, income: str, expense: str) -> dict[str, str]:
        return BILL | {"业务描述": code, "收入金额（+元）": income, "支出金额（-元）": expense}

    path = file_of(
        tmp_path / "a.csv",
        [
            BILL,
            row("0010005|交易收入|优惠券结算", "2.00", "0"),
            row("0020002|交易退款|订单退款", "", "-10.00"),
            row("0030002|技术服务费|基础技术服务费", "0.00", "-0.36"),
            row("0030002|技术服务费|基础技术服务费", "0.06", ""),
            row("0050002|服务支出|消费者体验提升计划", "", "-0.50"),
            row("0060002|营销费用|跨店满返", "", "-1.20"),
            row("9990001|新名目|没见过", "", "3.00"),
        ],
        title="店铺名称：融水\n起止时间：2026-11\n\n",
        encoding="gbk",
    )
    assert [(charge.kind, charge.amount_fen) for charge in charges_in(path)] == [
        ("sale", 6200),
        ("subsidy", 200),
        ("refund", -1000),
        ("service_fee", -36),
        ("service_fee", 6),
        ("freight_insurance", -50),
        ("promotion", -120),
        ("other", -300),
    ]


def test_two_movements_that_say_the_same_are_two_and_the_same_in_every_bill(tmp_path: Path) -> None:
    first = charges_in(file_of(tmp_path / "a.csv", [BILL, BILL]))
    later = charges_in(file_of(tmp_path / "b.csv", [BILL | {"商户订单号": "261101-2"}, BILL, BILL]))
    assert len({charge.key for charge in first}) == 2
    assert [charge.key for charge in first] == [charge.key for charge in later[1:]]


def test_a_bill_saved_anew_by_a_spreadsheet_makes_the_same_keys(tmp_path: Path) -> None:
    first = charges_in(file_of(tmp_path / "a.csv", [BILL]))
    again = charges_in(
        file_of(tmp_path / "b.csv", [BILL | {"发生时间": "2026/11/9 10:00", "收入金额（+元）": "62"}])
    )
    assert [charge.key for charge in first] == [charge.key for charge in again]


def test_money_drawn_to_the_bank_settles_nothing(tmp_path: Path) -> None:
    drawn = BILL | {"商户订单号": "", "账务类型": "提现", "业务描述": "提现", "支出金额（-元）": "-500"}
    assert charges_in(file_of(tmp_path / "a.csv", [drawn | {"收入金额（+元）": ""}])) == []
