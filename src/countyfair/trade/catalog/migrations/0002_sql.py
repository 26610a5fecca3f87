"""Install the functions of the catalogue."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial"), ("catalog", "0001_initial")]

    operations = [InstallSQL("countyfair.trade.catalog", "catalog.sql")]
