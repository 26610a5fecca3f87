"""What is sold, and when: categories and seasons, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A row of the table. `icon` is a name in the icon set; `also` are words that sheets use for it."""

    key: str
    zh: str
    en: str
    icon: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Season:
    """Three months, by the farming year."""

    key: str
    zh: str
    en: str
    months: tuple[int, int, int]


CATEGORIES: dict[str, Category] = {
    one.key: one
    for one in (
        Category(
            "grain", "粮油", "Grain and oil", "sheaf-of-rice", ("粮食", "大米", "米", "杂粮", "油", "面")
        ),
        Category("mushroom", "菌菇", "Mushrooms", "mushroom", ("食用菌", "香菇", "木耳", "菌类", "菇")),
        Category("tea", "茶叶", "Tea", "teacup-without-handle", ("茶", "红茶", "绿茶", "黑茶")),
        Category("meat", "肉类", "Meat", "cut-of-meat", ("牛肉", "猪肉", "羊肉", "腊肉", "畜牧", "肉")),
        Category("poultry", "禽蛋", "Poultry and eggs", "egg", ("鸡", "鸭", "鹅", "蛋", "家禽", "土鸡蛋")),
        Category("fruit", "水果", "Fruit", "tangerine", ("鲜果", "果品", "柑橘")),
        Category("vegetable", "蔬菜", "Vegetables", "leafy-green", ("菜", "时蔬", "鲜菜")),
        Category(
            "nut", "坚果干货", "Nuts and dried goods", "chestnut", ("干货", "坚果", "核桃", "干果", "山货")
        ),
        Category("honey", "蜂蜜", "Honey", "honey-pot", ("蜂产品", "土蜂蜜")),
        Category("herb", "药材", "Medicinal herbs", "herb", ("中药材", "中草药", "药")),
        Category("fish", "水产", "Fish", "fish", ("鱼", "水产品", "稻花鱼")),
        Category(
            "preserve",
            "加工特产",
            "Preserves and local food",
            "jar",
            ("特产", "加工品", "腌菜", "酱", "零食"),
        ),
        Category("drink", "酒水饮料", "Drinks", "sake", ("酒", "米酒", "饮料")),
        Category("craft", "手工艺品", "Handicraft", "yarn", ("手工", "工艺品", "刺绣", "竹编")),
        Category("service", "乡村服务", "Country services", "house-with-garden", ("服务", "农家乐", "民宿")),
    )
}

SEASONS: dict[str, Season] = {
    one.key: one
    for one in (
        Season("spring", "春", "Spring", (3, 4, 5)),
        Season("summer", "夏", "Summer", (6, 7, 8)),
        Season("autumn", "秋", "Autumn", (9, 10, 11)),
        Season("winter", "冬", "Winter", (12, 1, 2)),
    )
}


def season_of(month: int) -> Season:
    """The season a month lies in."""
    return next(season for season in SEASONS.values() if month in season.months)


def in_season(months: Sequence[int], month: int) -> bool:
    """Whether a product is in season; one without months always is."""
    return not months or month in months


def category_called(word: str) -> Category | None:
    """The category that a person means: by key, by either name, or by a word sheets use."""
    plain = word.strip().lower()
    return next(
        (one for one in CATEGORIES.values() if plain in (one.key, one.zh, one.en.lower(), *one.also)), None
    )
