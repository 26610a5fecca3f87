"""Offers know the least grade that they draw on."""

from django.db import migrations

_LEAST = """
UPDATE catalog_offer o SET least_grade = s.takes[cardinality(s.takes)]
  FROM stock_supply s WHERE s.offer_id = o.id AND s.takes <> '{}'
"""
_BEAR = """
SELECT count(*) FROM catalog_bear(
    ARRAY(SELECT DISTINCT product_id FROM catalog_offer WHERE least_grade <> '' ORDER BY 1), now())
"""
_COUNT = """
SELECT catalog_count_borne(county) FROM (
    SELECT DISTINCT county FROM catalog_offer WHERE least_grade <> '') c
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0014_voice_household"), ("catalog", "0022_bears")]

    operations = [migrations.RunSQL(each, migrations.RunSQL.noop) for each in (_LEAST, _BEAR, _COUNT)]
