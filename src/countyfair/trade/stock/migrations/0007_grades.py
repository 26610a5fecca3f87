"""Lots keep what a standard graded them; supplies say which grades they take and how they blend them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_standards'),
        ('people', '0003_role_county'),
        ('stations', '0001_initial'),
        ('stock', '0006_harvests'),
    ]

    operations = [
        migrations.AddField(
            model_name='lot',
            name='factor_milli',
            field=models.IntegerField(db_default=1000, default=1000),
        ),
        migrations.AddField(
            model_name='lot',
            name='graded_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='lot',
            name='measured',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='lot',
            name='standard',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.standard'),
        ),
        migrations.AddField(
            model_name='lot',
            name='standard_version',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='supply',
            name='blend_of',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='supply',
            name='blend_percent',
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='supply',
            name='standard',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.standard'),
        ),
        migrations.AddField(
            model_name='supply',
            name='takes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('factor_milli', 1000), ('graded_by', ''), ('standard__isnull', True), ('standard_version', 0)), models.Q(('factor_milli__gt', 0), ('standard__isnull', False), ('standard_version__gt', 0), ('graded_by__in', ['measured', 'picture']), models.Q(('grade', ''), _negated=True)), _connector='OR'), name='lot_graded'),
        ),
        migrations.AddConstraint(
            model_name='supply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('blend_percent', 0), ('standard__isnull', True), ('takes', [])), models.Q(('blend_percent__range', (0, 100)), ('standard__isnull', False), models.Q(('takes', []), _negated=True)), _connector='OR'), name='supply_takes'),
        ),
        migrations.AddConstraint(
            model_name='supply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('blend_of', []), ('blend_percent', 0)), models.Q(('blend_percent__gt', 0), ('takes__contains', models.F('blend_of')), models.Q(('blend_of', []), _negated=True)), _connector='OR'), name='supply_blend'),
        ),
        InstallSQL('countyfair.trade.stock', 'stock.sql'),
    ]
