"""Lines may be sold ahead of a harvest, and keep what they got of it."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import countyfair.kernel.audit
import countyfair.kernel.ids
from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0011_discounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='line',
            name='expected_on',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='line',
            name='label_en',
            field=models.CharField(blank=True, default='', max_length=120),
        ),
        migrations.AlterField(
            model_name='line',
            name='label_zh',
            field=models.CharField(max_length=90),
        ),
        migrations.CreateModel(
            name='Allotment',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('packs', models.IntegerField()),
                ('at', models.DateTimeField()),
                ('actor', models.TextField(db_default=countyfair.kernel.audit.CurrentActor())),
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.line')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('packs__gte', 0)), name='allotment_packs')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='allotment',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% keeps what was written: append a counter-entry instead', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';", hash='d730d6118cc096f9d44107a52a63396b88879f89', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d1e64', table='orders_allotment', when='BEFORE')),
        ),
        # Its arguments changed: another function of the name would stand beside it.
        migrations.RunSQL(
            """
            DO $$
            DECLARE
                former regprocedure;
            BEGIN
                FOR former IN SELECT oid::regprocedure FROM pg_proc WHERE proname = 'orders_place' LOOP
                    EXECUTE 'DROP FUNCTION ' || former;
                END LOOP;
            END
            $$
            """,
            migrations.RunSQL.noop,
        ),
        InstallSQL("countyfair.trade.orders", "orders.sql"),
    ]
