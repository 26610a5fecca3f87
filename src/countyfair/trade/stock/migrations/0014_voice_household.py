"""Recordings of a harvest are its household's."""

from django.db import migrations

_WHOSE = """
UPDATE catalog_voice c SET household_id = v.household_id
  FROM stock_harvest v WHERE v.voice_id = c.id AND c.household_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0013_bound"), ("catalog", "0018_voice_household")]

    operations = [migrations.RunSQL(_WHOSE, migrations.RunSQL.noop)]
