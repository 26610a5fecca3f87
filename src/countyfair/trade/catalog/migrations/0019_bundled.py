"""Offers know whether a bundle names them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0018_voice_household'),
    ]

    operations = [
        migrations.AddField(
            model_name='offer',
            name='bundled',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
