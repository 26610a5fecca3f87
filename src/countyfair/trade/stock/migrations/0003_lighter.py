"""Hold stock with fewer looks, and without the index for prefixes of a source that nobody asks for."""

from django.db import migrations, models

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_announce"), ("stock", "0002_sql")]

    operations = [
        migrations.AlterField(model_name="movement", name="source", field=models.TextField()),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.UniqueConstraint(fields=("source",), name="movement_source"),
        ),
        InstallSQL("countyfair.trade.stock", "stock.sql"),
    ]
