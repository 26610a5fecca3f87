"""Lines of orders keep whose mark they bore."""

import django.db.models.deletion
from django.db import migrations, models

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0012_brands'),
        ('orders', '0012_sold_ahead'),
    ]

    operations = [
        migrations.AddField(
            model_name='line',
            name='brand',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.brand'),
        ),
        migrations.AddField(
            model_name='line',
            name='brand_version',
            field=models.IntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('brand__isnull', True), ('brand_version__isnull', True)), models.Q(('brand__isnull', False), ('brand_version__isnull', False)), _connector='OR'), name='line_brand'),
        ),
        InstallSQL('countyfair.trade.orders', 'orders.sql'),
    ]
