"""Look words up by their indexes, whatever the planner makes of a long list of spellings."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("catalog", "0012_brands")]

    operations = [InstallSQL("countyfair.trade.catalog", "words.sql")]
