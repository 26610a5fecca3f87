"""Announce by a function whose plan is kept."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_readers")]

    operations = [InstallSQL("countyfair.kernel", "journals.sql")]
