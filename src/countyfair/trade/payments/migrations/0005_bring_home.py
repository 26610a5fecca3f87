"""Install the function that keeps money which outside platforms took."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_channel_fees"),
        ("payments", "0004_record_new"),
    ]

    operations = [InstallSQL("countyfair.trade.payments", "payments.sql")]
