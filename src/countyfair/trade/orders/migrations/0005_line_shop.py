"""The lines of a shop, in the order of their orders: the one index that a line is written to besides its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_lighter")]

    operations = [
        migrations.AddIndex(
            model_name="line",
            index=models.Index(fields=["shop", "order"], name="line_shop"),
        ),
    ]
