"""Install the function that keeps parcels which left before we heard of them."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_initial"),
        ("logistics", "0001_initial"),
    ]

    operations = [InstallSQL("countyfair.trade.logistics", "logistics.sql")]
