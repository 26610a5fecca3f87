"""An order may be a gift: it goes to somebody else, without prices."""

from django.db import migrations, models

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0016_buyer_caps'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='gift',
            field=models.BooleanField(db_default=False, default=False),
        ),
        InstallSQL("countyfair.trade.orders", "orders.sql"),
    ]
