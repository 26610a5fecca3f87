"""Orders that wait for their group."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0014_replacements'),
        ('promotions', '0002_groups'),
        ('stations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='order',
            name='order_state',
        ),
        migrations.AddField(
            model_name='order',
            name='group',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='promotions.promotion'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('group__isnull', False)), fields=['group'], name='order_group'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['placed', 'gathering', 'paid', 'packed', 'handed_over', 'delivered', 'completed', 'cancelled', 'refunded'])), name='order_state'),
        ),
        InstallSQL("countyfair.trade.orders", "orders.sql"),
    ]
