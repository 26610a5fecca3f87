"""What has a pool is kept what it is."""

from django.db import migrations

_BIND = """
UPDATE catalog_product d SET bound_at = transaction_timestamp()
 WHERE d.bound_at IS NULL AND EXISTS (SELECT 1 FROM stock_pool p WHERE p.product_id = d.id)
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0012_services"), ("catalog", "0017_bound")]

    operations = [migrations.RunSQL(_BIND, migrations.RunSQL.noop)]
