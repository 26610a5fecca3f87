"""Number the goods that were weighed in before there were numbers; the rest are numbered as they come."""

from django.db import migrations

NUMBER = """
INSERT INTO trace_tradeitem (id, county, product_id, number)
SELECT kernel_uuid7(), d.county, d.id, row_number() OVER (PARTITION BY d.county ORDER BY d.created_at, d.id)
  FROM catalog_product d
 WHERE EXISTS (SELECT 1 FROM stock_pool p JOIN stock_lot l ON l.pool_id = p.id WHERE p.product_id = d.id)
"""


class Migration(migrations.Migration):
    dependencies = [("trace", "0001_initial")]

    operations = [migrations.RunSQL(NUMBER, migrations.RunSQL.noop)]
