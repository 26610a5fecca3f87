"""What Taobao, Douyin, Kuaishou and the sheet write is read in our words, quirks and all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.utils.translation import override

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.outreach.channels.platforms import rows as rows_of_orders
from countyfair.outreach.channels.platforms.shape import TheirDetail, TheirOrder
from countyfair.outreach.channels.rules.joining import with_details
from countyfair.outreach.channels.tests.reading import charges_in, file_of, orders_in, read_file

DOUYIN = {
    "主订单编号": "\t6931627455895000001",
    "子订单编号": "\t6931627455895000011",
    "选购商品": "\t融水黑糯米",
    "商品规格": "5斤装",
    "商品数量": "2",
    "商家编码": "\tHNM-5",
    "商品ID": "\t3641",
    "订单应付金额": "45.00",
    "运费": "5.00",
    "收件人": "##密文一",
    "收件人手机号": "$$密文二",
    "详细地址": "##密文三",
    "省": "广东省",
    "订单提交时间": "2026-11-01 08:05:09\t",
    "支付完成时间": "2026-11-01 08:06:00",
    "订单完成时间": "-",
    "订单状态": "待发货",
    "售后状态": "-",
    "取消原因": "-",
    "平台实际承担优惠金额": "3.00",
    "商家实际承担优惠金额": "1.00",
    "达人实际承担优惠金额": "2.00",
    "快递信息": "-",
    "达人昵称": "苗乡阿妹",
}
SECOND = DOUYIN | {
    "子订单编号": "\t6931627455895000012",
    "选购商品": "木耳",
    "商品数量": "1",
    "订单应付金额": "20.00",
    "运费": "0",
    "平台实际承担优惠金额": "0",
    "达人实际承担优惠金额": "",
}
SETTLED = {
    "动账时间": "2026-11-20 08:00:00",
    "动帐流水号": "'2026112008000001",
    "动账方向": "入账",
    "动账金额": "44.50",
    "动账账户": "聚合账户",
    "动账场景": "货款结算入账",
    "计费类型": "精选联盟",
    "子订单号": "'6931627455895000011",
    "订单号": "'6931627455895000001",
    "订单实付应结": "40.00",
    "运费实付": "5.00",
    "实际平台补贴": "3.00",
    "实际达人补贴": "2.00",
    "订单退款": "0",
    "平台服务费": "-1.50",
    "佣金": "-4.00",
    "招商服务费": "0",
    "站外推广费": "0",
    "备注": "订单结算",
}
KUAISHOU = {
    "订单号": "2601100000000001",
    "订单创建时间": "2023/1/5 10:00:00",
    "订单支付时间": "2023-01-05T10:01:00",
    "订单状态": "已发货",
    "实付款": "¥1,030.00",
    "快递费": "0",
    "店铺优惠": "5",
    "平台补贴": "2",
    "主播补贴": "1.5",
    "支付优惠": "0.5",
    "成交数量": "3",
    "售后状态": "售后关闭",
    "预售/承诺发货时间": "2023-01-07 10:00:00",
    "商品名称": "苗家香鸭",
    "商品ID": "77",
    "商品规格": "整只",
    "SKU编码": "XY-1",
    "CPS达人昵称": "",
    "CPS达人ID": "991",
    "收货人姓名": "王**",
    "收货人电话": "138****0000",
    "收货地址-省": "广西",
    "收货地址-市": "柳州市",
    "收货地址-区": "融水苗族自治县",
    "收货地址-街道": "安陲乡",
    "收货地址": "****",
    "快递公司": "中通快递",
    "快递单号": "75800001",
}
KS_SETTLED = {
    "商家ID": "1",
    "订单号": "2601100000000001",
    "订单实付(元)": "1030.00",
    "政府补贴": "0",
    "平台补贴": "2.00",
    "商家补贴(元)": "5.00",
    "达人补贴": "1.50",
    "合计收入(元)": "1033.50",
    "订单退款(元)": "0",
    "技术服务费(元)": "20.60",
    "达人佣金(元)": "100.00",
    "团长佣金(元)": "10.00",
    "其他收费": "0.90",
    "合计支出(元)": "131.50",
    "实际结算金额(元)": "902.00",
    "实际结算时间": "2023-01-20 10:00:00",
    "备注": "",
}
TAOBAO = {
    "订单编号": '="4502224875038010343"',
    "买家会员名": "tb_1",
    "买家应付货款": "60.00",
    "买家应付邮费": "6.00",
    "总金额": "66.00",
    "买家实际支付金额": "64.00",
    "订单状态": "买家已付款,等待卖家发货",
    "收货人姓名": "李四",
    "收货地址": "广西壮族自治区 柳州市 融水苗族自治县 融水镇 某路1号",
    "联系手机": "'19900000001",
    "订单创建时间": "2026-11-01 08:05:09",
    "订单付款时间": "2026-11-01 08:06:00",
    "宝贝标题": "融水黑糯米，木耳",
    "宝贝总数量": "3",
    "物流单号": "No:758000",
    "物流公司": "中通",
    "天猫卡券抵扣": "2.00",
    "退款金额": "0.00",
}
DETAIL = {
    "订单编号": '="4502224875038010343"',
    "标题": "融水黑糯米",
    "价格": "25.00",
    "购买数量": "2",
    "外部系统编号": "HNM-5",
    "商品属性": "5斤装",
    "订单状态": "买家已付款,等待卖家发货",
    "商家编码": "null",
}
ALIPAY = {
    "账务流水号": "2026112000001\t",
    "业务流水号": "1\t",
    "商户订单号": "T200P4502224875038010343\t",
    "商品名称": "x",
    "发生时间": "2026-11-20 10:00:00",
    "对方账号": "a***@b.com",
    "收入金额（+元）": " 64.00",
    "支出金额（-元）": " ",
    "账户余额（元）": "64.00",
    "交易渠道": "支付宝",
    "业务类型": "在线支付",
    "备注": "",
}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COUNTY_ZONE)


def test_sub_orders_are_gathered_into_one_order(tmp_path: Path) -> None:
    other = DOUYIN | {"主订单编号": "700", "子订单编号": "701"}
    first, second = orders_in(file_of(tmp_path / "a.csv", [DOUYIN, other, SECOND]))
    assert (first.number, first.state, second.number) == ("6931627455895000001", "paid", "700")
    assert [line.key for line in first.lines] == ["6931627455895000011", "6931627455895000012"]
    assert [line.amount_fen for line in first.lines] == [4500, 2000]
    assert (first.paid_fen, first.platform_fen, first.host_fen, first.shop_fen) == (6500, 300, 200, 200)
    assert sum(line.amount_fen or 0 for line in first.lines) + first.freight_fen == first.due_fen
    assert (first.ordered_at, first.paid_at) == (at("2026-11-01 08:05:09"), at("2026-11-01 08:06:00"))
    assert first.host == "苗乡阿妹"


def test_a_sealed_receiver_is_not_kept(tmp_path: Path) -> None:
    (order,) = orders_in(file_of(tmp_path / "a.csv", [DOUYIN]))
    assert order.receiver is not None
    assert (order.receiver.name, order.receiver.phone, order.receiver.address) == ("", "", "")
    assert (order.receiver.masked, order.receiver.province) == (True, "广东省")
    assert "密文" not in repr(order) + repr(order.receiver)


def test_a_closed_sub_order_is_off_while_the_others_go_on(tmp_path: Path) -> None:
    closed = SECOND | {"订单状态": "已关闭", "售后状态": "退款成功"}
    (order,) = orders_in(file_of(tmp_path / "a.csv", [DOUYIN, closed]))
    assert (order.state, order.refunded_fen, order.aftersale) == ("paid", 2000, False)
    assert [line.off for line in order.lines] == [False, True]


def test_an_order_with_a_bad_row_is_not_taken_by_half(tmp_path: Path) -> None:
    _what, told, wrong = read_file(file_of(tmp_path / "a.csv", [DOUYIN, SECOND | {"商品数量": "0"}]))
    assert told == []
    assert [(error.row, error.column) for error in wrong] == [(2, "商品数量"), (1, "")]


@pytest.mark.parametrize("broken", [",".join("x" * 60), '"x' + "\n" * 9, "a,b"])
def test_an_order_beside_a_broken_row_waits_for_a_whole_file(tmp_path: Path, broken: str) -> None:
    others = [DOUYIN | {"主订单编号": f"70{one}", "子订单编号": f"71{one}"} for one in range(2)]
    path = file_of(tmp_path / "a.csv", [*others, DOUYIN])
    path.write_bytes(path.read_bytes() + broken.encode())
    _what, told, wrong = read_file(path)
    assert [one.number for one in told if isinstance(one, TheirOrder)] == ["700", "701"]
    assert sorted(error.row for error in wrong) == [3, 4]
    _what, told, wrong = read_file(file_of(tmp_path / "b.csv", [*others, DOUYIN]))
    assert (len(told), wrong) == (3, [])


def test_a_row_too_far_from_its_order_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_of_orders.gathered, "__kwdefaults__", {"window": 2})
    others = [DOUYIN | {"主订单编号": f"70{one}"} for one in range(3)]
    _what, told, wrong = read_file(file_of(tmp_path / "a.csv", [DOUYIN, *others, SECOND]))
    assert len(told) == 4
    assert [(error.row, "Sort" in error.sentence) for error in wrong] == [(5, True)]


def test_the_same_sub_order_twice_counts_once_as_told_last(tmp_path: Path) -> None:
    later = DOUYIN | {"订单状态": "已发货", "快递信息": "758001-中通快递"}
    (order,) = orders_in(file_of(tmp_path / "a.csv", [DOUYIN, later]))
    assert (order.state, order.paid_fen, len(order.lines)) == ("shipped", 4500, 1)
    assert (order.waybill, order.carrier) == ("758001", "中通快递")


def test_goods_joined_in_a_cell_are_lines_without_amounts(tmp_path: Path) -> None:
    joined = DOUYIN | {
        "子订单编号": "",
        "选购商品": "黑糯米;木耳",
        "商品数量": "2;1",
        "商家编码": "HNM;ME",
        "商品规格": "5斤",
    }
    (order,) = orders_in(file_of(tmp_path / "a.csv", [joined]))
    assert [(line.key, line.title, line.code, line.spec, line.quantity) for line in order.lines] == [
        ("1", "黑糯米", "HNM", "", 2),
        ("2", "木耳", "ME", "", 1),
    ]
    assert {line.amount_fen for line in order.lines} == {None}


def test_a_settled_row_is_parted_into_charges_that_add_up(tmp_path: Path) -> None:
    charges = charges_in(file_of(tmp_path / "a.csv", [SETTLED]))
    assert {charge.kind: charge.amount_fen for charge in charges} == {
        "sale": 4500,
        "subsidy": 500,
        "service_fee": -150,
        "host": -400,
    }
    assert {charge.key for charge in charges} == {"2026112008000001"}
    assert {(charge.number, charge.line_key) for charge in charges} == {
        ("6931627455895000001", "6931627455895000011")
    }


def test_fees_without_a_sign_are_taken(tmp_path: Path) -> None:
    charges = charges_in(file_of(tmp_path / "a.csv", [SETTLED | {"平台服务费": "1.50", "佣金": "4.00"}]))
    assert {charge.kind: charge.amount_fen for charge in charges}["host"] == -400
    assert sum(charge.amount_fen for charge in charges) == 4450


def test_what_no_column_explains_is_told_as_other(tmp_path: Path) -> None:
    charges = charges_in(file_of(tmp_path / "a.csv", [SETTLED | {"动账金额": "40.00"}]))
    assert sum(charge.amount_fen for charge in charges) == 4000
    assert [charge.amount_fen for charge in charges if charge.kind == "other"] == [-450]


def test_a_row_without_fee_columns_is_told_by_its_scene(tmp_path: Path) -> None:
    empty = dict.fromkeys(("订单实付应结", "运费实付", "实际平台补贴", "实际达人补贴"), "")
    plain = SETTLED | empty | {"平台服务费": "", "佣金": "", "动账方向": "出账"}
    path = file_of(
        tmp_path / "a.csv",
        [
            plain | {"动账场景": "退换货运费险", "动账金额": "0.40", "备注": "保费扣除"},
            plain | {"动账场景": "退款-结算后退款-退用户", "动账金额": "-20.00", "备注": "退款"},
            plain | {"动账场景": "提现", "动账金额": "500", "备注": "", "订单号": ""},
            plain | {"动账场景": "没见过的", "动账金额": "1", "备注": ""},
        ],
    )
    assert [(charge.kind, charge.amount_fen) for charge in charges_in(path)] == [
        ("freight_insurance", -40),
        ("refund", -2000),
        ("other", -100),
    ]


def test_a_kuaishou_order_in_three_formats_of_dates(tmp_path: Path) -> None:
    (order,) = orders_in(file_of(tmp_path / "a.csv", [KUAISHOU]))
    assert (order.ordered_at, order.paid_at) == (at("2023-01-05 10:00:00"), at("2023-01-05 10:01:00"))
    assert order.ship_before == at("2023-01-07 10:00:00")
    assert (order.state, order.paid_fen, order.platform_fen, order.host_fen) == ("shipped", 103000, 250, 150)
    assert (order.lines[0].key, order.lines[0].quantity, order.lines[0].code) == ("1", 3, "XY-1")
    assert (order.aftersale, order.host, order.waybill) == (False, "991", "75800001")
    assert order.receiver is not None
    assert (order.receiver.name, order.receiver.town, order.receiver.masked) == ("王**", "安陲乡", True)


def test_kuaishous_older_names_are_read(tmp_path: Path) -> None:
    older = {"订单号": "订单编号", "实付款": "订单应付金额", "快递单号": "运单号"}
    (order,) = orders_in(
        file_of(tmp_path / "a.csv", [{older.get(name, name): cell for name, cell in KUAISHOU.items()}])
    )
    assert (order.number, order.paid_fen, order.waybill) == ("2601100000000001", 103000, "75800001")


def test_a_kuaishou_settlement_takes_unsigned_fees_and_adds_up(tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.csv", [KS_SETTLED])
    charges = charges_in(path)
    assert {charge.kind: charge.amount_fen for charge in charges} == {
        "sale": 103000,
        "subsidy": 350,
        "service_fee": -2060,
        "host": -11000,
        "other": -90,
    }
    assert [charge.key for charge in charges_in(path)] == [charge.key for charge in charges]


def test_the_shops_own_subsidy_counts_where_the_row_counts_it(tmp_path: Path) -> None:
    row = KS_SETTLED | {"合计收入(元)": "1038.50", "实际结算金额(元)": "907.00"}
    charges = charges_in(file_of(tmp_path / "a.csv", [row]))
    assert {charge.kind: charge.amount_fen for charge in charges}["subsidy"] == 850
    assert sum(charge.amount_fen for charge in charges) == 90700


def test_lists_of_freight_insurance_are_charges(tmp_path: Path) -> None:
    kuaishou = {
        "订单编号": "2601100000000001",
        "服务费用（元）": "0.60",
        "商家承担服务费用（元）": "0.50",
        "平台补贴费用（元）": "0.10",
        "生效时间": "2026-11-02 10:00:00",
        "收费编号": "F1",
    }
    (charge,) = charges_in(file_of(tmp_path / "a.csv", [kuaishou]))
    assert (charge.key, charge.number, charge.kind, charge.amount_fen) == (
        "F1",
        "2601100000000001",
        "freight_insurance",
        -50,
    )
    douyin = {"投保单号": "B1", "订单编号": "69", "承保时间": "2026-11-02", "支付保费": "0.40"}
    path = file_of(
        tmp_path / "b.csv",
        [douyin | {"保费状态": "已支付"}, douyin | {"投保单号": "B2", "保费状态": "已退保"}],
    )
    assert [(one.key, one.kind, one.amount_fen) for one in charges_in(path)] == [
        ("B1", "freight_insurance", -40)
    ]


def test_a_taobao_list_alone_is_one_line_and_with_its_details_it_is_all_of_them(tmp_path: Path) -> None:
    (order,) = orders_in(file_of(tmp_path / "a.csv", [TAOBAO], encoding="gbk"))
    assert (order.number, order.state, order.paid_fen, order.platform_fen) == (
        "4502224875038010343",
        "paid",
        6400,
        200,
    )
    assert [(line.title, line.quantity, line.amount_fen) for line in order.lines] == [
        ("融水黑糯米，木耳", 3, 6000)
    ]
    assert order.receiver is not None
    assert (order.receiver.county, order.receiver.town, order.receiver.address) == (
        "融水苗族自治县",
        "融水镇",
        "某路1号",
    )
    assert (order.receiver.phone, order.receiver.masked, order.waybill) == ("19900000001", False, "758000")
    second = DETAIL | {"标题": "木耳", "价格": "12.50", "购买数量": "1", "外部系统编号": "ME"}
    what, details, wrong = read_file(file_of(tmp_path / "b.csv", [DETAIL, second], encoding="gbk"))
    assert (what.platform, what.kind, wrong) == ("taobao", "details", [])
    assert isinstance(details[0], TheirDetail)
    joined = with_details(order, details[0])
    assert [(line.key, line.code, line.quantity, line.amount_fen) for line in joined.lines] == [
        ("1", "HNM-5", 2, 4800),
        ("2", "ME", 1, 1200),
    ]


def test_details_of_another_order_do_not_join(tmp_path: Path) -> None:
    (order,) = orders_in(file_of(tmp_path / "a.csv", [TAOBAO]))
    with pytest.raises(ValueError, match="is not"):
        with_details(order, TheirDetail("1", order.lines))


def test_an_alipay_bill_finds_its_orders_and_passes_over_withdrawals(tmp_path: Path) -> None:
    fee = ALIPAY | {"账务流水号": "2", "商户订单号": "x", "收入金额（+元）": "", "支出金额（-元）": "-0.38"}
    path = file_of(
        tmp_path / "a.csv",
        [
            ALIPAY,
            fee | {"备注": "基础软件服务费(4502224875038010343)扣款", "业务类型": "其它"},
            fee | {"账务流水号": "3", "备注": "淘宝客佣金代扣款[4502224875038010343]", "业务类型": "其它"},
            fee | {"账务流水号": "4", "商户订单号": "T200P4502224875038010343", "业务类型": "交易退款"},
            fee | {"账务流水号": "5", "业务类型": "提现"},
        ],
        title="#支付宝账务明细查询\n#账号：[a]\n",
        encoding="gbk",
    )
    assert [(charge.kind, charge.amount_fen, charge.number) for charge in charges_in(path)] == [
        ("sale", 6400, "4502224875038010343"),
        ("service_fee", -38, "4502224875038010343"),
        ("host", -38, "4502224875038010343"),
        ("refund", -38, "4502224875038010343"),
    ]


@pytest.mark.parametrize("tongue", [0, 1])
def test_the_sheet_is_read_in_chinese_and_english(tmp_path: Path, tongue: int) -> None:
    zh = ("订单号", "状态", "商品", "商家编码", "件数", "金额", "运费", "币种", "付款时间", "县", "乡镇")
    en = (
        *("order_no", "state", "product", "code", "pieces", "amount", "freight", "currency", "paid_at"),
        *("county", "town"),
    )
    cells = [
        "P-1",
        ("待发货", "paid")[tongue],
        "香菇",
        "XG",
        "2",
        "30",
        "6",
        "",
        "2026-11-01",
        "融水",
        "安陲",
    ]
    first = dict(zip((zh, en)[tongue], cells, strict=True))
    second = first | {(zh, en)[tongue][2]: "木耳", (zh, en)[tongue][5]: "12.5", (zh, en)[tongue][6]: ""}
    (order,) = orders_in(file_of(tmp_path / "a.csv", [first, second]))
    assert (order.number, order.state, order.paid_fen, order.freight_fen) == ("P-1", "paid", 4850, 600)
    assert [(line.key, line.title, line.amount_fen) for line in order.lines] == [
        ("1", "香菇", 3000),
        ("2", "木耳", 1250),
    ]


def test_a_sheet_in_another_currency_counts_in_its_smallest_unit(tmp_path: Path) -> None:
    row = {"订单号": "1", "状态": "paid", "件数": "1", "金额": "150000", "币种": "VND"}
    (order,) = orders_in(file_of(tmp_path / "a.csv", [row]))
    assert (order.paid_fen, order.currency) == (150000, "VND")
    for wrong_row, word in ((row | {"币种": "XXX"}, "not known"), (row | {"金额": "1.5"}, "smaller")):
        _what, told, wrong = read_file(file_of(tmp_path / "b.csv", [wrong_row]))
        assert (told, word in wrong[0].sentence) == ([], True)


def test_a_settlement_of_the_sheet(tmp_path: Path) -> None:
    row = {"流水号": "1", "订单号": "P-1", "费用": "sale", "金额": "30.00", "时间": "2026-11-03", "备注": ""}
    path = file_of(
        tmp_path / "a.csv",
        [row, row | {"费用": "达人佣金", "金额": "-3.00"}, row | {"费用": "怪费", "金额": "-1"}],
    )
    assert [(charge.kind, charge.amount_fen, charge.said) for charge in charges_in(path)] == [
        ("sale", 3000, "sale"),
        ("host", -300, "达人佣金"),
        ("other", -100, "怪费"),
    ]
