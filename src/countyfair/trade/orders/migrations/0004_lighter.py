"""Shares without the indexes that no statement uses: an order writes ten of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_contact_reads")]

    operations = [
        migrations.RemoveIndex(model_name="share", name="share_owner"),
        migrations.AlterField(
            model_name="share",
            name="lot",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="stock.lot",
            ),
        ),
    ]
