"""Note on products what they bear, and count a shelf by certificates, brands and grades too."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import countyfair.kernel.ids
from countyfair.kernel.functions import InstallSQL

#: It takes what goods bear, too, now.
_OLDER = "DROP FUNCTION IF EXISTS catalog_tags(text, text, smallint[], int)"
_BEAR = """
SELECT count(*) FROM catalog_bear(ARRAY(
    SELECT product_id FROM catalog_certificate UNION
    SELECT product_id FROM catalog_offer WHERE brand_id IS NOT NULL ORDER BY 1), now())
"""
_COUNT = """
SELECT catalog_count_borne(county) FROM (
    SELECT DISTINCT county FROM catalog_product WHERE bears <> '{}') c
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0021_announces")]

    operations = [
        migrations.AddField(
            "product",
            "bears",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), blank=True, db_default=[], default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            "offer", "least_grade", models.CharField(blank=True, db_default="", default="", max_length=20)
        ),
        migrations.CreateModel(
            name="Bearing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("whole", models.BooleanField()),
                ("bears", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
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
            options={"indexes": [models.Index(fields=["county", "whole", "category"], name="bearing_county")]},
        ),
        migrations.RemoveIndex("product", "product_found"),
        migrations.RunSQL(_OLDER, migrations.RunSQL.noop),
        InstallSQL("countyfair.trade.catalog", "shelf.sql"),
        InstallSQL("countyfair.trade.catalog", "bears.sql"),
        migrations.RunSQL(_BEAR, migrations.RunSQL.noop),
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
                    "bears",
                    function="catalog_tags",
                ),
                name="product_found",
            ),
        ),
        migrations.RunSQL(_COUNT, migrations.RunSQL.noop),
    ]
