"""Regional brands, licences of shops to bear them, and offers that do."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import countyfair.kernel.audit
import countyfair.kernel.ids
from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0011_background'),
    ]

    operations = [
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('name_zh', models.CharField(max_length=40)),
                ('name_en', models.CharField(blank=True, default='', max_length=80)),
                ('holder', models.CharField(max_length=80)),
                ('least', models.CharField(max_length=20)),
                ('digest', models.CharField(blank=True, default='', max_length=64)),
                ('width', models.IntegerField(default=0)),
                ('height', models.IntegerField(default=0)),
                ('version', models.IntegerField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('standard', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.standard')),
            ],
        ),
        migrations.AddField(
            model_name='offer',
            name='brand',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.brand'),
        ),
        migrations.CreateModel(
            name='BrandLicence',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('number', models.CharField(max_length=40)),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('granted_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.CharField(blank=True, default='', max_length=200)),
                ('withdrawn_by', models.TextField(blank=True, default='')),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.brand')),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.shop')),
            ],
        ),
        migrations.CreateModel(
            name='BrandVersion',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('version', models.IntegerField()),
                ('name_zh', models.CharField(max_length=40)),
                ('name_en', models.CharField(blank=True, default='', max_length=80)),
                ('holder', models.CharField(max_length=80)),
                ('digest', models.CharField(blank=True, default='', max_length=64)),
                ('width', models.IntegerField(default=0)),
                ('height', models.IntegerField(default=0)),
                ('since', models.DateTimeField()),
                ('actor', models.TextField(db_default=countyfair.kernel.audit.CurrentActor())),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.brand')),
            ],
        ),
        migrations.AddIndex(
            model_name='brand',
            index=models.Index(fields=['county', 'name_zh'], name='brand_county'),
        ),
        migrations.AddConstraint(
            model_name='brand',
            constraint=models.CheckConstraint(condition=models.Q(('least__in', ['', 'off']), _negated=True), name='brand_least'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brand',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], true); RETURN NULL;", hash='7d08ed787e8b00fdcb03c876f590f86e311627e1', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_c5b91', table='catalog_brand', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='brandlicence',
            index=models.Index(fields=['brand', 'shop', 'until'], name='brand_licence_shop'),
        ),
        migrations.AddIndex(
            model_name='brandlicence',
            index=models.Index(condition=models.Q(('withdrawn_at__isnull', True)), fields=['county', 'until'], name='brand_licence_ends'),
        ),
        migrations.AddConstraint(
            model_name='brandlicence',
            constraint=models.UniqueConstraint(fields=('brand', 'number'), name='brand_licence_number'),
        ),
        migrations.AddConstraint(
            model_name='brandlicence',
            constraint=models.CheckConstraint(condition=models.Q(('until__gte', models.F('since')), models.Q(('number', ''), _negated=True)), name='brand_licence_days'),
        ),
        migrations.AddConstraint(
            model_name='brandlicence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by', ''), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True), models.Q(('withdrawn_by', ''), _negated=True)), _connector='OR'), name='brand_licence_withdrawn'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brandlicence',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], true); RETURN NULL;", hash='b74e237cc398155a32dd360d53af664cc2d7a7cb', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_a2a76', table='catalog_brandlicence', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='brandversion',
            constraint=models.UniqueConstraint(fields=('brand', 'version'), name='brand_version'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brandversion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% keeps what was written: append a counter-entry instead', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';", hash='fe4b0ac7e6a1ebcfaff606afbcb01423e0a1472d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d91fa', table='catalog_brandversion', when='BEFORE')),
        ),
        migrations.RunSQL('DROP FUNCTION IF EXISTS catalog_require(uuid[], int[], timestamptz)', migrations.RunSQL.noop),
        InstallSQL('countyfair.trade.catalog', 'brands.sql'),
        InstallSQL('countyfair.trade.catalog', 'catalog.sql'),
    ]
