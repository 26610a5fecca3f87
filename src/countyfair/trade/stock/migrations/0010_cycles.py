"""Harvests are sold ahead: cycles, lots that are expected, promises that move onto weighed ones."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import countyfair.kernel.ids
from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0010_offer_expected_on'),
        ('people', '0004_saved_filter'),
        ('stations', '0001_initial'),
        ('stock', '0009_harvest_voice'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cycle',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('percent', models.SmallIntegerField()),
                ('expected_on', models.DateField()),
                ('closes_at', models.DateTimeField()),
                ('state', models.CharField(default='open', max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('allotted_at', models.DateTimeField(null=True)),
                ('content', models.CharField(max_length=64)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='movement',
            name='movement_shape',
        ),
        migrations.RemoveConstraint(
            model_name='reservation',
            name='reservation_state',
        ),
        migrations.AddField(
            model_name='harvest',
            name='pool_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=80),
        ),
        migrations.AddField(
            model_name='lot',
            name='expected',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('expected', False), models.Q(('harvest__isnull', False), ('standard__isnull', True)), _connector='OR'), name='lot_expected'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'take_in'), ('on_hand_delta__gt', 0), ('reserved_delta', 0), ('used_delta', 0)), models.Q(('kind', 'correct'), ('reserved_delta', 0), ('used_delta', 0), models.Q(('on_hand_delta', 0), _negated=True)), models.Q(('kind', 'expect'), ('reserved_delta', 0), ('used_delta', 0), models.Q(('on_hand_delta', 0), _negated=True)), models.Q(('kind', 'write_off'), ('on_hand_delta__lt', 0), ('reserved_delta', 0), ('used_delta', 0)), models.Q(('kind', 'reserve'), ('on_hand_delta', 0), ('reserved_delta__gt', 0), ('used_delta', models.F('reserved_delta'))), models.Q(('kind', 'release'), ('on_hand_delta', 0), ('reserved_delta__lt', 0), ('used_delta', models.F('reserved_delta'))), models.Q(('kind', 'dispatch'), ('on_hand_delta__lt', 0), ('reserved_delta', models.F('on_hand_delta')), ('used_delta', 0)), models.Q(('kind', 'take_back'), ('on_hand_delta__gt', 0), ('reserved_delta', 0), ('used_delta', django.db.models.expressions.CombinedExpression(models.Value(-1), '*', models.F('on_hand_delta')))), _connector='OR'), name='movement_shape'),
        ),
        migrations.AddConstraint(
            model_name='reservation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['held', 'dispatched', 'released', 'expired', 'moved'])), name='reservation_state'),
        ),
        migrations.AddField(
            model_name='cycle',
            name='pool',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.pool'),
        ),
        migrations.AddField(
            model_name='cycle',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product'),
        ),
        migrations.AddIndex(
            model_name='cycle',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['closes_at'], name='cycle_closing'),
        ),
        migrations.AddIndex(
            model_name='cycle',
            index=models.Index(fields=['county', '-opened_at'], name='cycle_county'),
        ),
        migrations.AddConstraint(
            model_name='cycle',
            constraint=models.CheckConstraint(condition=models.Q(('percent__range', (1, 100))), name='cycle_percent'),
        ),
        migrations.AddConstraint(
            model_name='cycle',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('allotted_at__isnull', True), ('closed_at__isnull', True), ('state', 'open')), models.Q(('allotted_at__isnull', True), ('closed_at__isnull', False), ('state', 'closed')), models.Q(('allotted_at__isnull', False), ('closed_at__isnull', False), ('state', 'allotted')), _connector='OR'), name='cycle_state'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cycle',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], true); RETURN NULL;", hash='f66b89920e718cd06d85c77bb46128e07ad51b10', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_e965c', table='stock_cycle', when='AFTER')),
        ),
        InstallSQL("countyfair.trade.stock", "stock.sql"),
    ]
