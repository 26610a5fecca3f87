"""Products by the thousand: a county whose shelf, stock and search index are as full as we like.

Three in ten bear a certificate, one in ten two; two in ten bear the mark of one of three brands, and
three in ten are of a grade: far more than a county has.

They are written by COPY and INSERT … SELECT with triggers off, which no verb could do in the
time; the tables, indexes and constraints are those of any deployment.
"""

from __future__ import annotations

from itertools import product as combined
from random import Random
from uuid import UUID

import psycopg

from countyfair.kernel.actor import Actor
from countyfair.trade.catalog.actions import words
from countyfair.trade.catalog.rules import search_terms

COUNTY = "450225"
#: Two hundred thousand names: field, quality, kind. Each kind has its row.
FIELDS = tuple(
    f"{first}{second}"
    for first, second in combined("苗侗瑶壮红白青高老新东西南北云雾龙凤金银", "山岭坡寨江溪田坪塘湾冲洞")
)
QUALITIES = (
    "", "有机", "生态", "手工", "野生", "头茬", "晒干", "鲜", "老树", "农家", "石磨", "冷榨", "深山", "稻田",
)  # fmt: skip
KINDS = {
    "黑糯米": "grain", "香米": "grain", "茶油": "grain", "红薯粉": "grain", "玉米碴": "grain",
    "香菇": "mushroom", "木耳": "mushroom", "竹荪": "mushroom", "灵芝": "herb", "罗汉果": "herb",
    "红茶": "tea", "绿茶": "tea", "六堡茶": "tea", "腊肉": "meat", "牛肉干": "meat", "香猪": "meat",
    "土鸡": "poultry", "鸭蛋": "poultry", "禾花鲤": "fish", "沙田柚": "fruit", "蜜橘": "fruit",
    "百香果": "fruit", "笋干": "nut", "核桃": "nut", "板栗": "nut", "野蜂蜜": "honey",
    "百花蜜": "honey", "辣椒酱": "preserve",
    "酸笋": "preserve", "米酒": "drink", "竹编篮": "craft", "芥菜": "vegetable", "莴笋": "vegetable",
}  # fmt: skip


def fill(admin: psycopg.Connection, count: int) -> None:
    """Put `count` products on the county's shelf, each with two packs, two lots and a pool."""
    chance = Random(count)
    names = list(combined(FIELDS, QUALITIES, KINDS))
    places = [row[0] for row in admin.execute(_VILLAGES, [COUNTY])]
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            "CREATE TEMP TABLE made (n int, name text, category text, place text, terms text) ON COMMIT DROP"
        )
        with admin.cursor().copy("COPY made FROM STDIN") as rows:
            for number, (field, quality, kind) in enumerate(chance.sample(names, count)):
                place = places[number * 7919 % len(places)]
                name = field + quality + kind
                terms = search_terms(name_zh=name, name_en="", code=f"B{number}", others=())
                rows.write_row((number, name, KINDS[kind], place, terms))
        for statement in _FILL:
            admin.execute(statement, {"county": COUNTY})


def gather_words(url: str) -> None:
    """Let the words of the shelf become known, as the worker does when it hears of offers."""
    with psycopg.connect(url) as reader:
        keys = [row[0] for row in reader.execute(_PRODUCTS, [COUNTY])]
    for start in range(0, len(keys), 5_000):
        words.gather_words(Actor.system("bench"), products=keys[start : start + 5_000])


def some_offers(admin: psycopg.Connection, count: int) -> list[UUID]:
    """Offers of so many products, spread over the whole shelf, one of each product."""
    found = [row[0] for row in admin.execute(_OFFERS, [COUNTY])]
    step = max(1, len(found) // count)
    return found[::step][:count]


def some_products(admin: psycopg.Connection, count: int) -> list[UUID]:
    """Products spread over the whole shelf."""
    found = [row[0] for row in admin.execute(_PRODUCTS, [COUNTY])]
    step = max(1, len(found) // count)
    return found[::step][:count]


def some_names(admin: psycopg.Connection, count: int) -> list[str]:
    """Names of products spread over the whole shelf; each is that of one product alone."""
    found = [row[0] for row in admin.execute(_NAMES, [COUNTY])]
    step = max(1, len(found) // count)
    return found[::step][:count]


_VILLAGES = "SELECT code FROM places_division WHERE code LIKE %s || '%%' AND length(code) = 12 ORDER BY code"
_OFFERS = """
SELECT o.id FROM catalog_offer o JOIN catalog_pack k ON k.id = o.pack_id
 WHERE o.county = %s AND k.code LIKE 'B%%-0' ORDER BY k.code
"""
_PRODUCTS = "SELECT id FROM catalog_product WHERE county = %s AND code LIKE 'B%%' ORDER BY code"
_NAMES = "SELECT name_zh FROM catalog_product WHERE county = %s AND code LIKE 'B%%' ORDER BY code"

_FILL = (
    """
    CREATE TEMP TABLE made_product ON COMMIT DROP AS
    SELECT m.*, kernel_uuid7() AS id, kernel_uuid7() AS pool, now() - make_interval(secs => m.n) AS at,
           (SELECT id FROM catalog_shop WHERE county = %(county)s ORDER BY slug LIMIT 1) AS shop
      FROM made m
    """,
    """
    INSERT INTO catalog_product (id, shop_id, county, code, name_zh, name_en, kind, category, place,
                                 season_months, story_zh, story_en, unit, icon, search_terms, listed_at,
                                 shelf_no, kilo_fen, created_at)
    SELECT id, shop, %(county)s, 'B' || n, name, '', 'goods', category, place,
           CASE WHEN n %% 3 = 0 THEN '{}'::smallint[]
                ELSE ARRAY[n %% 12 + 1, (n + 1) %% 12 + 1, (n + 2) %% 12 + 1]::smallint[] END,
           '长在云雾里，按老法子收下来。' || chr(10) || '由村里的农户自己装袋，不加一样东西。', '', 'g', '',
           terms::tsvector, at, nextval('catalog_shelf_no'), 2 * (1400 + n %% 4000), at
      FROM made_product ORDER BY at
    """,
    """
    INSERT INTO catalog_pack (id, product_id, county, code, label_zh, label_en, content_amount, sold_by,
                              tare_g)
    SELECT kernel_uuid7(), m.id, %(county)s, 'B' || m.n || '-' || p.i, p.label, '', p.content, 'piece', 20
      FROM made_product m
     CROSS JOIN (VALUES (0, '五百克装', 500), (1, '一公斤装', 1000)) AS p (i, label, content)
    """,
    """
    INSERT INTO catalog_offer (id, pack_id, product_id, county, outlet, price_fen, currency, state, version,
                               most_per_order, put_up_at)
    SELECT kernel_uuid7(), k.id, k.product_id, %(county)s, 'shop', 900 + m.n %% 4000 + k.content_amount,
           'CNY', 'on', 1, 99, m.at
      FROM made_product m JOIN catalog_pack k ON k.product_id = m.id
    """,
    """
    INSERT INTO stock_pool (id, county, product_id, name) SELECT pool, %(county)s, id, '' FROM made_product
    """,
    """
    INSERT INTO stock_supply (id, county, offer_id, pool_id, cap_amount, used)
    SELECT kernel_uuid7(), %(county)s, o.id, m.pool, NULL, 0
      FROM made_product m JOIN catalog_offer o ON o.product_id = m.id
    """,
    """
    INSERT INTO stock_lot (id, county, pool_id, household_id, station_id, number, place, field, harvested_on,
                           weighed_at, unit, grade, on_hand, reserved, content)
    SELECT kernel_uuid7(), %(county)s, m.pool, h.id, s.id, 'B' || m.n || '-' || l.i, m.place, '',
           m.at::date - l.i, m.at, 'g', '', 100000000, 0, ''
      FROM made_product m CROSS JOIN generate_series(0, 1) AS l (i)
      JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS r, count(*) OVER () AS c
              FROM people_household WHERE place LIKE %(county)s || '%%') h ON h.r = (m.n + l.i) %% h.c
      JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS r, count(*) OVER () AS c
              FROM stations_station WHERE county = %(county)s) s ON s.r = m.n %% s.c
    """,
    """
    INSERT INTO stock_movement (id, county, lot_id, kind, on_hand_delta, reserved_delta, used_delta, source,
                                reason, at)
    SELECT kernel_uuid7(), l.county, l.id, 'take_in', l.on_hand, 0, 0, 'take_in:' || l.id, '', l.weighed_at
      FROM stock_lot l WHERE l.number LIKE 'B%%'
    """,
    """
    INSERT INTO catalog_certificate (id, product_id, county, kind, number, issuer, since, until, digest,
                                     width, height, entered_at)
    SELECT kernel_uuid7(), m.id, %(county)s::text, c.kind, 'B' || m.n, '样例认证机构',
           now()::date - m.n %% 300, now()::date + 1 + m.n %% 600, '', 0, 0, m.at
      FROM made_product m
      JOIN (VALUES (0, 'organic'), (3, 'green'), (7, 'origin'), (7, 'production')) AS c (rest, kind)
        ON c.rest = m.n %% 10
    """,
    """
    INSERT INTO catalog_brand (id, county, name_zh, name_en, holder, standard_id, least, digest, width,
                               height, version)
    SELECT kernel_uuid7(), %(county)s::text, '样例品牌' || b.n, '', '样例协会',
           (SELECT id FROM catalog_standard WHERE county = %(county)s::text ORDER BY id LIMIT 1),
           'second', '', 0, 0, 1
      FROM generate_series(0, 2) AS b (n)
    """,
    """
    INSERT INTO catalog_brandlicence (id, brand_id, shop_id, county, number, since, until, granted_at,
                                      withdrawn_reason, withdrawn_by)
    SELECT kernel_uuid7(), b.id, s.shop, %(county)s::text, 'B', now()::date - 30,
           now()::date + 300, now(), '', ''
      FROM catalog_brand b, (SELECT DISTINCT shop FROM made_product) s WHERE b.holder = '样例协会'
    """,
    """
    UPDATE catalog_offer o SET brand_id = b.id
      FROM made_product m
      JOIN (SELECT id, row_number() OVER (ORDER BY name_zh) - 1 AS r FROM catalog_brand
             WHERE holder = '样例协会') b ON b.r = m.n %% 3
     WHERE o.product_id = m.id AND m.n %% 5 = 1
    """,
    """
    UPDATE catalog_offer o SET least_grade = (ARRAY['special', 'first', 'second'])[1 + m.n %% 3]
      FROM made_product m WHERE o.product_id = m.id AND m.n %% 10 IN (1, 4, 6)
    """,
    "SELECT count(*) FROM catalog_bear(ARRAY(SELECT id FROM made_product ORDER BY id), now())",
    "SELECT catalog_count(%(county)s::text), catalog_count_borne(%(county)s::text)",
)
