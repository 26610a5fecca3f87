"""Places of a service, by day, are lots too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0011_brands")]

    operations = [
        migrations.AddField("lot", "service_on", models.DateField(null=True)),
        migrations.AddConstraint(
            "lot",
            models.UniqueConstraint(
                fields=["pool", "service_on"],
                condition=models.Q(service_on__isnull=False),
                name="lot_day_of_service",
            ),
        ),
        migrations.AddConstraint(
            "lot",
            models.CheckConstraint(
                name="lot_service",
                condition=models.Q(service_on__isnull=True)
                | models.Q(service_on=models.F("harvested_on"), unit="piece", standard__isnull=True),
            ),
        ),
    ]
