"""Keep what a kilogram costs, and count a shelf by what lists can be narrowed to."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import countyfair.kernel.ids
from countyfair.kernel.functions import InstallSQL

#: Functions that take other arguments now.
_OLDER = """
DROP FUNCTION IF EXISTS catalog_hits(text[], tsquery, tsquery, bigint, uuid[], int);
DROP FUNCTION IF EXISTS catalog_newest(text, tsquery, bigint, int, uuid[], int, int, uuid[]);
DROP FUNCTION IF EXISTS catalog_search(text, text, text, tsquery, tsquery, int);
"""
_LIST = """
SELECT catalog_list(ARRAY(SELECT id FROM catalog_product WHERE listed_at IS NOT NULL ORDER BY id))
"""
_COUNT = """
SELECT catalog_count(county) FROM (
    SELECT DISTINCT county FROM catalog_product WHERE listed_at IS NOT NULL) c
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0008_voices")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("category", models.CharField(max_length=30)),
                ("township", models.CharField(blank=True, max_length=9)),
                (
                    "months",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), size=None
                    ),
                ),
                ("band", models.SmallIntegerField()),
                ("products", models.BigIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["county", "category"], name="tally_county")]},
        ),
        migrations.AddField("product", "kilo_fen", models.BigIntegerField(editable=False, null=True)),
        migrations.RunSQL(_OLDER, migrations.RunSQL.noop),
        InstallSQL("countyfair.trade.catalog", "shelf.sql"),
        migrations.RemoveIndex("product", "product_found"),
        migrations.RunSQL(_LIST, migrations.RunSQL.noop),
        migrations.AddIndex(
            "product",
            django.contrib.postgres.indexes.GinIndex(
                models.F("search_terms"),
                models.Func("county", "category", "shelf_no", function="catalog_stretches"),
                models.Func(
                    "county",
                    "place",
                    "season_months",
                    models.Func("kilo_fen", function="catalog_band"),
                    function="catalog_tags",
                ),
                name="product_found",
            ),
        ),
        migrations.RunSQL(_COUNT, migrations.RunSQL.noop),
    ]
