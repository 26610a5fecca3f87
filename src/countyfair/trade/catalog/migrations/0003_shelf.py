"""Number the shelf, and index what a search looks for together with where on the shelf it stands."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Left

from countyfair.kernel.functions import InstallSQL

#: Terms as `rules.searching` makes them now: what was of weight B is marked `~`, the beginnings of
#: Latin lexemes are lexemes, and names are cut in threes too. What stood both in a name and beside it was kept as of
#: the name alone, and stays so until the product is next changed. Numbers in the order of the shelf.
_REWRITE = """
WITH numbered AS MATERIALIZED (
    SELECT id, nextval('catalog_shelf_no') AS number
      FROM (SELECT id FROM catalog_product WHERE listed_at IS NOT NULL ORDER BY listed_at, id) o)
UPDATE catalog_product d SET shelf_no = n.number, search_terms = (
    SELECT array_to_tsvector(coalesce(array_agg(DISTINCT t.term), '{}'))
      FROM (SELECT t.term
              FROM unnest(d.search_terms) AS l,
                   LATERAL (SELECT CASE WHEN 'A' = ANY (l.weights) THEN '' ELSE '~' END AS mark) m,
                   LATERAL (SELECT m.mark || l.lexeme AS term
                            UNION ALL
                            SELECT m.mark || '^' || left(l.lexeme, length)
                              FROM generate_series(1, least(CASE m.mark WHEN '' THEN 8 ELSE 3 END,
                                                            length(l.lexeme))) AS g (length)
                             WHERE l.lexeme ~ '^[a-z0-9]') t
            UNION ALL
            SELECT substr(n.name, i, 3)
              FROM (SELECT normalize(d.name_zh, NFKC) AS name) n, generate_series(1, length(n.name) - 2) AS g (i)
             WHERE substr(n.name, i, 3) ~ '^[\u3400-\u9fff\U00020000-\U0003ffff]{3}$') t)
  FROM catalog_product w LEFT JOIN numbered n ON n.id = w.id
 WHERE d.id = w.id
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial"), ("catalog", "0002_sql")]

    operations = [
        migrations.AddField("product", "shelf_no", models.BigIntegerField(editable=False, null=True)),
        InstallSQL("countyfair.trade.catalog", "shelf.sql"),
        migrations.RemoveIndex("product", "product_search"),
        migrations.RunSQL(_REWRITE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "product",
            models.CheckConstraint(
                condition=models.Q(listed_at__isnull=True, shelf_no__isnull=True)
                | models.Q(listed_at__isnull=False, shelf_no__isnull=False),
                name="product_shelf_no",
            ),
        ),
        migrations.AddIndex(
            "product",
            models.Index(
                fields=["county", "-shelf_no"],
                condition=models.Q(shelf_no__isnull=False),
                name="product_shelf",
            ),
        ),
        migrations.AddIndex(
            "product",
            models.Index(
                fields=["county", "name_zh", "-shelf_no"],
                condition=models.Q(shelf_no__isnull=False),
                name="product_called",
            ),
        ),
        migrations.AddIndex(
            "product",
            models.Index(
                fields=["county", "category", "name_zh", "-shelf_no"],
                condition=models.Q(shelf_no__isnull=False),
                name="product_called_in_row",
            ),
        ),
        migrations.AddIndex(
            "product",
            django.contrib.postgres.indexes.GinIndex(
                models.F("search_terms"),
                models.Func("county", "category", "shelf_no", function="catalog_stretches"),
                name="product_found",
            ),
        ),
        migrations.AddIndex(
            "product",
            models.Index(
                models.F("county"),
                Left("place", 9),
                models.F("listed_at").desc(),
                models.F("id").desc(),
                condition=models.Q(listed_at__isnull=False),
                name="product_township",
            ),
        ),
        migrations.AddIndex(
            "product",
            models.Index(
                fields=["shop", "-listed_at", "-id"],
                condition=models.Q(listed_at__isnull=False),
                name="product_stall",
            ),
        ),
        migrations.RemoveIndex("offer", "offer_state"),
        migrations.AddIndex(
            "offer",
            models.Index(
                models.F("county"),
                models.F("state"),
                models.F("put_up_at").desc(nulls_last=True),
                models.F("id").desc(),
                name="offer_in_state",
            ),
        ),
        migrations.AddIndex(
            "offer",
            models.Index(
                models.F("county"),
                models.F("put_up_at").desc(nulls_last=True),
                models.F("id").desc(),
                name="offer_put_up",
            ),
        ),
    ]
