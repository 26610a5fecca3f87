"""Orders of a platform as they are, each made of the seed and its place alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.outreach.channels.platforms.shape import Receiver, State, TheirLine, TheirOrder

BEGUN = datetime(2026, 11, 1, tzinfo=COUNTY_ZONE)


class Goods(NamedTuple):
    """What is sold: the platform's ids, the merchant's code, words, and fen a piece."""

    goods: str
    sku: str
    code: str
    title: str
    spec: str
    price_fen: int


GOODS = tuple(
    Goods(f"88{at:04}", f"99{at:04}", f"RS-{at:03}", title, spec, 990 + at * 730)
    for at, (title, spec) in enumerate(
        [
            ("融水黑糯米", "5斤装"),
            ("干香菇, 剪脚", "250g"),
            ('木耳 "秋耳"', "100g"),
            ("苗家香鸭", "整只"),
            ("高山红茶", "50g×4袋"),
            ("土鸡蛋", "30个/盒"),
            ("竹笋干", "500g"),
            ("酸汤调料", "200g"),
        ]
    )
)
#: From the first export to the second.
_PATHS: tuple[tuple[State, State], ...] = (
    ("paid", "shipped"),
    ("paid", "paid"),
    ("paid", "received"),
    ("paid", "closed"),
    ("shipped", "received"),
    ("shipped", "shipped"),
    ("received", "received"),
    ("unpaid", "closed"),
    ("unpaid", "paid"),
)
_WEIGHTS = (20, 10, 5, 4, 25, 8, 25, 2, 1)
#: Platforms whose orders may have several lines, and those on which hosts bear discounts.
_SEVERAL = frozenset({"douyin", "taobao", "sheet"})
_HOSTS = frozenset({"douyin", "kuaishou", "sheet"})


def orders_of(
    platform: str, count: int, *, seed: int = 1, stage: int = 0, first: int = 0
) -> Iterator[TheirOrder]:
    """Orders `first` to `first + count` as the export of a stage tells them: 0 the first, 1 a week later."""
    return (made_order(platform, seed, first + at, stage) for at in range(count))


def made_order(platform: str, seed: int, at: int, stage: int = 0) -> TheirOrder:
    """One order. Its row is 0: where it stands is for whoever writes it."""
    chance = random.Random(f"{platform} {seed} {at}")
    path = chance.choices(_PATHS, _WEIGHTS)[0]
    ordered = BEGUN + timedelta(seconds=at * 13)
    number = _number(platform, seed, at, ordered)
    lines = _lines(chance, number, 1 + (chance.random() < 0.2 if platform in _SEVERAL else 0))
    freight = chance.choice((0, 0, 500))
    platform_bears = chance.choice((0, 0, 200, 315))
    host = chance.choice((0, 0, 100)) if platform in _HOSTS else 0
    goods_fen = sum(line.amount_fen or 0 for line in lines)
    whole = TheirOrder(
        number=number,
        state=path[stage],
        lines=lines,
        paid_fen=goods_fen + freight - platform_bears - host,
        freight_fen=freight,
        platform_fen=platform_bears,
        host_fen=host,
        ordered_at=ordered,
        host="苗乡阿妹" if host else "",
        receiver=_receiver(platform, chance, at),
    )
    return _moments(whole, path, stage, at)


def _moments(order: TheirOrder, path: tuple[State, State], stage: int, at: int) -> TheirOrder:
    ordered = order.ordered_at or BEGUN
    state = path[stage]
    closed_paid = state == "closed" and path[0] != "unpaid"
    paid = ordered + timedelta(minutes=1) if state in {"paid", "shipped", "received"} or closed_paid else None
    sent = ordered + timedelta(hours=20) if state in {"shipped", "received"} else None
    return replace(
        order,
        paid_at=paid,
        shipped_at=sent,
        received_at=ordered + timedelta(days=3) if state == "received" else None,
        waybill=f"7580{at:09}" if sent else "",
        carrier="中通快递" if sent else "",
        refunded_fen=order.paid_fen if closed_paid else 0,
    )


def _lines(chance: random.Random, number: str, count: int) -> tuple[TheirLine, ...]:
    picked = chance.sample(GOODS, count)
    pieces = [chance.choice((1, 1, 1, 2, 3)) for _line in picked]
    return tuple(
        TheirLine(
            f"{number}{place}",
            one.goods,
            one.sku,
            one.code,
            one.title,
            one.spec,
            many,
            one.price_fen * many,
        )
        for place, (one, many) in enumerate(zip(picked, pieces, strict=True), start=1)
    )


def _number(platform: str, seed: int, at: int, ordered: datetime) -> str:
    if platform == "pinduoduo":
        return f"{ordered:%y%m%d}-{seed:05}{at:010}"
    return {"taobao": "45", "douyin": "69", "kuaishou": "26"}.get(platform, "9") + f"{seed:05}{at:011}"


def _receiver(platform: str, chance: random.Random, at: int) -> Receiver | None:
    county, town = chance.choice((("天河区", "石牌街道"), ("融水苗族自治县", "安陲乡")))
    if platform == "pinduoduo":
        return Receiver("", "", "广东省", "****", "****", "", "", masked=True)
    if platform == "douyin":
        return Receiver("", "", "广东省", "广州市", county, town, "", masked=True)
    if platform == "kuaishou":
        return Receiver("王**", "199****0000", "广东省", "广州市", county, town, "****", masked=True)
    return Receiver("王小样", f"1990000{at % 10_000:04}", "广东省", "广州市", county, town, "样板路1号")
