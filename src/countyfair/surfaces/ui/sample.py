"""What /design shows on its stalls: plainly made up, and the same on every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from countyfair.registers.places.queries import Choice
from countyfair.surfaces.ui.places import LEVELS, PlaceChoice, Step


@dataclass(frozen=True, slots=True)
class Goods:
    """A stall of the catalogue; `cloth` names the colour of its roof, `food` its picture."""

    name: str
    origin: str
    fen: int
    pack_g: int
    food: str
    cloth: str
    gone: bool = False


GOODS = (
    Goods("样例·高山香菇", "融水·香粉乡", 3850, 500, "brown-mushroom", "mushroom"),
    Goods("样例·九万山红茶", "融水·汪洞乡", 12800, 250, "teapot", "tea"),
    Goods("样例·黑糯米", "融水·红水乡", 2680, 1000, "sheaf-of-rice", "grain"),
    Goods("样例·黄牛肉", "融水·安太乡", 9900, 1000, "cut-of-meat", "meat"),
    Goods("样例·火晶柿子", "徽县·伏家镇", 1990, 2500, "tangerine", "fruit"),
    Goods("样例·土蜂蜜", "融水·杆洞乡", 6800, 500, "honey-pot", "honey", gone=True),
    Goods("样例·亮布绣片", "融水·安陲乡", 26000, 300, "thread", "craft"),
    Goods("样例·农家半日", "融水·四荣乡", 8000, 0, "house-with-garden", "service"),
)

PICKER = PlaceChoice(
    "place",
    "45",
    (
        Step(1, LEVELS[0], (Choice("45", "广西壮族自治区", 1, True), Choice("62", "甘肃省", 1, True)), "45"),
        Step(2, LEVELS[1], (Choice("4501", "南宁市", 2, True), Choice("4502", "柳州市", 2, True)), ""),
    ),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything the catalogue needs."""

    goods: tuple[Goods, ...]
    picker: PlaceChoice
    moment: datetime


def sample() -> Sample:
    return Sample(GOODS, PICKER, datetime(2026, 11, 23, 1, 5, tzinfo=UTC))
