"""Coupons and the journal of their use."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import countyfair.kernel.audit
import countyfair.kernel.ids
from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel', '0001_initial'),
        ('catalog', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Promotion',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('kind', models.CharField(max_length=10)),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(blank=True, default='', max_length=80)),
                ('code', models.CharField(max_length=20)),
                ('bearer', models.CharField(max_length=10)),
                ('percent', models.SmallIntegerField(default=0)),
                ('off_fen', models.BigIntegerField(default=0)),
                ('least_fen', models.BigIntegerField(default=0)),
                ('most_fen', models.BigIntegerField(null=True)),
                ('limit_total', models.IntegerField(null=True)),
                ('limit_each', models.IntegerField(null=True)),
                ('used', models.IntegerField(default=0)),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('version', models.IntegerField(default=1)),
                ('content', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('shop', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.shop')),
            ],
        ),
        migrations.CreateModel(
            name='Redemption',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('holder', models.TextField()),
                ('buyer', models.CharField(max_length=64)),
                ('uses', models.SmallIntegerField()),
                ('amount_fen', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('actor', models.TextField(db_default=countyfair.kernel.audit.CurrentActor())),
                ('promotion', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='promotions.promotion')),
            ],
        ),
        migrations.AddIndex(
            model_name='promotion',
            index=models.Index(fields=['county', '-made_at'], name='promotion_county'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.UniqueConstraint(fields=('county', 'code'), name='promotion_code'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'coupon')), name='promotion_kind'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(('bearer__in', ['household', 'station', 'centre', 'platform'])), name='promotion_bearer'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('off_fen', 0), ('percent__range', (1, 90))), models.Q(('off_fen__gt', 0), ('percent', 0)), _connector='OR'), name='promotion_off'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(('used__gte', 0), models.Q(('limit_total__isnull', True), ('used__lte', models.F('limit_total')), _connector='OR')), name='promotion_within_limit'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='promotion_window'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promotion',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0)', func="PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], true); RETURN NULL;", hash='16a7059f3dc8c4c958b91ffe330917307ee85107', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_80196', table='promotions_promotion', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='redemption',
            index=models.Index(fields=['promotion', 'buyer'], name='redemption_buyer'),
        ),
        migrations.AddConstraint(
            model_name='redemption',
            constraint=models.UniqueConstraint(fields=('holder', 'promotion', 'uses'), name='redemption_once'),
        ),
        migrations.AddConstraint(
            model_name='redemption',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_fen__gt', 0), ('uses', 1)), models.Q(('amount_fen__lt', 0), ('uses', -1)), _connector='OR'), name='redemption_sign'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redemption',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% keeps what was written: append a counter-entry instead', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';", hash='257cf7ab1308de54b880e4543fe4db06cddaeb67', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0f757', table='promotions_redemption', when='BEFORE')),
        ),
        InstallSQL("countyfair.trade.promotions", "promotions.sql"),
    ]
