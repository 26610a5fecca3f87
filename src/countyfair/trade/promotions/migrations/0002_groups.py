"""So many buyers together for less: a group, and how it stands."""

import django.db.models.deletion
from django.db import migrations, models

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0009_facets'),
        ('promotions', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='promotion',
            name='promotion_kind',
        ),
        migrations.RemoveConstraint(
            model_name='promotion',
            name='promotion_off',
        ),
        migrations.AddField(
            model_name='promotion',
            name='gathered',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='promotion',
            name='group_fen',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='promotion',
            name='offer',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.offer'),
        ),
        migrations.AlterField(
            model_name='promotion',
            name='code',
            field=models.CharField(max_length=20, null=True),
        ),
        migrations.AddIndex(
            model_name='promotion',
            index=models.Index(condition=models.Q(('gathered', 'gathering')), fields=['closes_at'], name='promotion_gathering'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code__isnull', False), ('gathered', ''), ('kind', 'coupon'), ('offer__isnull', True)), models.Q(('code__isnull', True), ('gathered__in', ['gathering', 'full', 'failed']), ('group_fen__gt', 0), ('kind', 'group'), ('limit_each', 1), ('limit_total__gte', 2), ('offer__isnull', False)), _connector='OR'), name='promotion_kind'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('group_fen__isnull', True), ('off_fen', 0), ('percent__range', (1, 90))), models.Q(('group_fen__isnull', True), ('off_fen__gt', 0), ('percent', 0)), models.Q(('group_fen__isnull', False), ('off_fen', 0), ('percent', 0)), _connector='OR'), name='promotion_off'),
        ),
        InstallSQL("countyfair.trade.promotions", "promotions.sql"),
    ]
