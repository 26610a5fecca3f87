"""Shops know whether a promotion is told on their pages."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0020_shop_known_as'),
    ]

    operations = [
        migrations.AddField(
            model_name='shop',
            name='announces',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
