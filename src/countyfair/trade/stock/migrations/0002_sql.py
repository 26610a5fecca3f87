"""Install the functions that move stock."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial"), ("stock", "0001_initial")]

    operations = [InstallSQL("countyfair.trade.stock", "stock.sql")]
