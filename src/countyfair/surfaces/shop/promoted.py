"""What takes something off the prices of a stall, as its page and its goods' pages tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.formats import money, said
from countyfair.trade.promotions.queries import Announced, BundleSeen


@dataclass(frozen=True, slots=True)
class CouponShown:
    """A code for everybody; `off` is a percentage or a sum as it is shown. `of_shop`: of this stall only."""

    name: str
    code: str
    off: str
    least_fen: int
    most_fen: int | None
    closes_at: datetime
    of_shop: bool


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A group that still has `missing` free places; prices of one pack, together and alone."""

    href: str
    name: str
    goods: str
    pack: str
    group_fen: int
    price_fen: int
    missing: int
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class BundleShown:
    """Packs that cost less together: (packs, name, pack, address). `alone_fen` None: some cannot be had.

    `product`: the goods whose page has it.
    """

    id: UUID
    name: str
    parts: tuple[tuple[int, str, str, str], ...]
    bundle_fen: int
    alone_fen: int | None
    product: UUID


@dataclass(frozen=True, slots=True)
class Told:
    """All of it; nothing is shown where there is nothing."""

    coupons: tuple[CouponShown, ...] = ()
    groups: tuple[GroupShown, ...] = ()
    bundles: tuple[BundleShown, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.coupons or self.groups or self.bundles)


NOTHING = Told()


def told(announced: Sequence[Announced], bundles: Sequence[BundleSeen], product: UUID | None = None) -> Told:
    """What is told; `product`: on the page of these goods, else on the stall's."""
    return Told(
        tuple(_coupon(one) for one in announced if one.kind == "coupon"),
        tuple(_group(one) for one in announced if one.kind == "group" and one.group_fen < one.price_fen),
        tuple(_bundle(one, product) for one in bundles if one.saves or one.alone_fen is None),
    )


def _coupon(one: Announced) -> CouponShown:
    off = f"{one.percent} %" if one.percent else money(one.off_fen)
    name = said(one.name_zh, one.name_en)
    return CouponShown(name, one.code, off, one.least_fen, one.most_fen, one.closes_at, one.of_shop)


def _group(one: Announced) -> GroupShown:
    return GroupShown(
        url("shop:group", one.id),
        said(one.name_zh, one.name_en),
        said(one.product_zh, one.product_en),
        said(one.label_zh, one.label_en),
        one.group_fen,
        one.price_fen,
        one.missing,
        one.closes_at,
    )


def _bundle(one: BundleSeen, product: UUID | None) -> BundleShown:
    parts = tuple(
        (
            part.packs,
            said(part.name_zh, part.name_en),
            said(part.label_zh, part.label_en),
            url("shop:product", part.product),
        )
        for part in one.parts
    )
    name = said(one.name_zh, one.name_en)
    return BundleShown(one.id, name, parts, one.bundle_fen, one.alone_fen, product or one.parts[0].product)
