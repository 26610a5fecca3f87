"""Whether an order is a gift, and of which group, is written with the order, not by an update after it."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0017_gifts'),
    ]

    operations = [
        InstallSQL("countyfair.trade.orders", "orders.sql"),
    ]
