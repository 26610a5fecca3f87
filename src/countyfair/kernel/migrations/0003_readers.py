"""Install the function that says what a handler has still to hear."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_event_of_name")]

    operations = [InstallSQL("countyfair.kernel", "readers.sql")]
