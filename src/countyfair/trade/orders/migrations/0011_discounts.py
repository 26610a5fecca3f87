"""What promotions take off the lines of an order, and who bears it."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import countyfair.kernel.audit
import countyfair.kernel.ids
from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0010_claims'),
        ('promotions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LineDiscount',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('promotion_version', models.IntegerField()),
                ('stacking_version', models.IntegerField()),
                ('kind', models.CharField(max_length=10)),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(blank=True, default='', max_length=80)),
                ('bearer', models.CharField(max_length=10)),
                ('amount_fen', models.BigIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='line',
            name='line_amount',
        ),
        migrations.AddField(
            model_name='line',
            name='discount_fen',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='order',
            name='discount_fen',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('price_fen'), '*', models.F('quantity')), '-', models.F('discount_fen')))), name='line_amount'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', models.F('quantity')), ('discount_fen__gte', 0)), name='line_discount'),
        ),
        migrations.AddField(
            model_name='linediscount',
            name='line',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.line'),
        ),
        migrations.AddField(
            model_name='linediscount',
            name='order',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order'),
        ),
        migrations.AddField(
            model_name='linediscount',
            name='promotion',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='promotions.promotion'),
        ),
        migrations.AddField(
            model_name='share',
            name='discount',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.linediscount'),
        ),
        migrations.AddIndex(
            model_name='linediscount',
            index=models.Index(fields=['order'], name='line_discount_order'),
        ),
        migrations.AddConstraint(
            model_name='linediscount',
            constraint=models.UniqueConstraint(fields=('line', 'promotion'), name='line_discount_once'),
        ),
        migrations.AddConstraint(
            model_name='linediscount',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='line_discount_amount'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='linediscount',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% keeps what was written: append a counter-entry instead', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';", hash='6281559e92bafe5144c2e9083c001ed2f41c11ce', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ef707', table='orders_linediscount', when='BEFORE')),
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
