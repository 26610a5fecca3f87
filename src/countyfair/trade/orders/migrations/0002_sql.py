"""Install the functions that place and pay orders."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_initial"),
        ("catalog", "0002_sql"),
        ("stock", "0002_sql"),
        ("payments", "0001_initial"),
        ("orders", "0001_initial"),
    ]

    operations = [InstallSQL("countyfair.trade.orders", "orders.sql")]
