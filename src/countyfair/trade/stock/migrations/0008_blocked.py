"""A lot may be kept from being sold: it counts as having nothing free then."""

from django.db import migrations, models

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("stock", "0007_grades")]

    operations = [
        migrations.AddField("lot", "blocked_by", models.TextField(blank=True, default="", db_default="")),
        migrations.RemoveIndex("lot", "lot_free"),
        migrations.RemoveField("lot", "has_free"),
        migrations.AddField(
            "lot",
            "has_free",
            models.GeneratedField(
                expression=models.ExpressionWrapper(
                    models.Q(on_hand__gt=models.F("reserved")) & models.Q(blocked_by=""), models.BooleanField()
                ),
                output_field=models.BooleanField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            "lot",
            models.Index(
                fields=["pool", "harvested_on", "id"], condition=models.Q(has_free=True), name="lot_free"
            ),
        ),
        InstallSQL("countyfair.trade.stock", "stock.sql"),
    ]
