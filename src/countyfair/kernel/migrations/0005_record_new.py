"""Record new rows of hot tables by their key alone."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_announce")]

    operations = [InstallSQL("countyfair.kernel", "journals.sql")]
