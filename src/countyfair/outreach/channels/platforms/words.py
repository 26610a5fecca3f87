"""Words of states, after-sales and fees, in ours. A word not known is an error, or `other`: never a guess."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext as _

from countyfair.outreach.channels.platforms.cells import BadCell
from countyfair.outreach.channels.platforms.shape import Cells, Charge, State

#: Whether a refund is asked for: none or no longer, open, or the money went back.
Aftersale = Literal["none", "open", "done"]

#: Parts of state words, in the order in which they are looked for: `已发货，退款成功` is closed, not shipped.
_STATES: tuple[tuple[State, tuple[str, ...]], ...] = (
    ("closed", ("退款成功", "关闭", "取消", "交易失败", "已退款", "closed", "cancelled", "canceled")),
    (
        "unpaid",
        ("待付款", "未付款", "等待买家付款", "待支付", "未支付", "待成团", "拼团中", "待付尾款", "unpaid"),
    ),
    ("paid", ("待发货", "等待卖家发货", "备货", "未发货", "部分发货", "已付款", "已支付", "paid")),
    (
        "received",
        (
            "已收货",
            "已签收",
            "交易成功",
            "已完成",
            "已评价",
            "待评价",
            "确认收货成功",
            "received",
            "completed",
            "delivered",
        ),
    ),
    ("shipped", ("已发货", "待收货", "待签收", "等待买家确认", "运输中", "派送中", "shipped")),
)
_NONE_OPEN = ("无售后", "关闭", "取消", "撤销", "拒绝", "失败", "换货成功", "补寄成功", "维修成功", "none")
_DONE = ("退款成功", "已退款", "全额退款", "退款完成", "退货退款成功", "售后完成", "refunded")

#: Parts of fee words, in the order in which they are looked for.
_CHARGES: tuple[tuple[Charge, tuple[str, ...]], ...] = (
    ("freight_insurance", ("运费险", "退货运费", "运险", "保费", "保险", "体验提升计划", "退货宝")),
    (
        "host",
        ("达人", "主播", "团长", "淘宝客", "招商服务费", "快赚客", "多多进宝", "精选联盟", "带货", "host"),
    ),
    (
        "subsidy",
        ("subsidy", "补贴", "优惠券结算", "平台优惠", "满减返还", "红包", "天猫积分", "集分宝", "消费券"),
    ),
    (
        "promotion",
        ("推广", "营销", "广告", "直通车", "引力魔方", "万相台", "千川", "公益宝贝", "积分", "promotion"),
    ),
    ("service_fee", ("技术服务费", "软件服务费", "平台服务费", "服务费", "手续费", "花呗", "service")),
    ("commission", ("佣金", "分成", "commission")),
    ("refund", ("退款", "退货", "refund")),
    (
        "sale",
        ("交易收款", "交易付款", "在线支付", "订单收入", "交易收入", "货款", "订单结算", "结算", "sale"),
    ),
)
#: Movements between the merchant's own pockets: they settle nothing.
_OWN = ("提现", "充值", "余额宝", "转入", "转出", "理财", "账户互转")


def state_of(cells: Cells, *names: str) -> State:
    """Where an order stands.

    Raises:
        BadCell: a word that is not known.
    """
    word = cells.get(*names)
    state = told_state(word)
    if state is None:
        raise BadCell(names[0], _("The state “%(word)s” is not known.") % {"word": word[:40]})
    return state


@lru_cache(maxsize=1024)
def told_state(word: str) -> State | None:
    """A state by the first part that its word holds; None for one not known."""
    lower = word.lower().replace("部分退款成功", "")
    if lower in {"unpaid", "paid", "shipped", "received", "closed"}:
        return next(state for state, _parts in _STATES if state == lower)
    return next((state for state, parts in _STATES if any(part in lower for part in parts)), None)


@lru_cache(maxsize=1024)
def aftersale_of(word: str) -> Aftersale:
    """What a word of after-sales says; one not known is open: a person looks at it."""
    lower = word.lower()
    if not lower or (any(part in lower for part in _NONE_OPEN) and "退款成功" not in lower):
        return "none"
    return "done" if any(part in lower for part in _DONE) else "open"


@lru_cache(maxsize=4096)
def charge_of(word: str) -> Charge:
    """What a fee's word moves money for; `other` for one not known."""
    lower = word.lower()
    return next((kind for kind, parts in _CHARGES if any(part in lower for part in parts)), "other")


@lru_cache(maxsize=4096)
def is_own(word: str) -> bool:
    """Whether it moves the merchant's own money only, to a bank or between accounts."""
    return any(part in word for part in _OWN)
