"""Billing by weight: what lines came to when they were packed, and the tolerance that buyers accept."""

from decimal import Decimal

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import countyfair.kernel.ids


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0008_grades'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bill',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('refund_fen', models.BigIntegerField()),
                ('asked_fen', models.BigIntegerField()),
                ('state', models.CharField(max_length=10)),
                ('intent', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('pay_before', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='BillLine',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('billed_amount', models.BigIntegerField()),
                ('final_fen', models.BigIntegerField()),
                ('billed_fen', models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='shareterms',
            name='weight_tolerance',
            field=models.DecimalField(decimal_places=4, default=Decimal('0.1'), max_digits=5),
        ),
        migrations.AddConstraint(
            model_name='shareterms',
            constraint=models.CheckConstraint(condition=models.Q(('weight_tolerance__gte', 0), ('weight_tolerance__lte', Decimal('0.5'))), name='share_terms_tolerance'),
        ),
        migrations.AddField(
            model_name='bill',
            name='order',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order'),
        ),
        migrations.AddField(
            model_name='share',
            name='bill',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.bill'),
        ),
        migrations.AddField(
            model_name='billline',
            name='bill',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.bill'),
        ),
        migrations.AddField(
            model_name='billline',
            name='line',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.line'),
        ),
        migrations.AddIndex(
            model_name='bill',
            index=models.Index(condition=models.Q(('state', 'asked')), fields=['pay_before'], name='bill_asked'),
        ),
        migrations.AddIndex(
            model_name='bill',
            index=models.Index(condition=models.Q(('intent__isnull', False)), fields=['intent'], name='bill_intent'),
        ),
        migrations.AddConstraint(
            model_name='bill',
            constraint=models.CheckConstraint(condition=models.Q(('asked_fen__gte', 0), ('refund_fen__gte', 0), models.Q(('refund_fen', 0), ('asked_fen', 0), _connector='OR')), name='bill_one_way'),
        ),
        migrations.AddConstraint(
            model_name='bill',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_fen', 0), ('intent__isnull', True), ('state', 'settled')), models.Q(('asked_fen__gt', 0), ('intent__isnull', False), ('state__in', ['asked', 'paid', 'lapsed'])), _connector='OR'), name='bill_state'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bill',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], true); RETURN NULL;", hash='955d0efb4a0012ba444722ec799db6e1f9f27679', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_44810', table='orders_bill', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='billline',
            constraint=models.CheckConstraint(condition=models.Q(('billed_amount__gt', 0), ('billed_fen__gte', 0), ('billed_fen__lte', models.F('final_fen'))), name='bill_line_amounts'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='billline',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], true); RETURN NULL;", hash='c5e21c5d2f9c2aadf645c69a64a168eee736d0fa', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_84819', table='orders_billline', when='AFTER')),
        ),
    ]
