"""Look up the counters that follow a movement by their keys."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("stock", "0004_record_new")]

    operations = [InstallSQL("countyfair.trade.stock", "stock.sql")]
