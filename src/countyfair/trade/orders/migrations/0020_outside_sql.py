"""Install the function that brings home orders from outside platforms."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_sql"),
        ("stock", "0002_sql"),
        ("logistics", "0002_note_sent"),
        ("ledger", "0002_channel_fees"),
        ("payments", "0005_bring_home"),
        ("orders", "0019_outside"),
    ]

    operations = [InstallSQL("countyfair.trade.orders", "outside.sql")]
