"""Product standards by version, and their picture guides."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import countyfair.kernel.audit
import countyfair.kernel.ids


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_bulk'),
    ]

    operations = [
        migrations.CreateModel(
            name='Standard',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('name_zh', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, default='', max_length=120)),
                ('category', models.CharField(blank=True, default='', max_length=30)),
                ('version', models.IntegerField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('product', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product')),
            ],
        ),
        migrations.CreateModel(
            name='GradePicture',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('grade', models.CharField(max_length=20)),
                ('digest', models.CharField(max_length=64)),
                ('width', models.IntegerField()),
                ('height', models.IntegerField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('standard', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.standard')),
            ],
        ),
        migrations.CreateModel(
            name='StandardVersion',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('version', models.IntegerField()),
                ('terms', models.JSONField()),
                ('since', models.DateTimeField()),
                ('actor', models.TextField(db_default=countyfair.kernel.audit.CurrentActor())),
                ('standard', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.standard')),
            ],
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('product__isnull', True), models.Q(('category', ''), _negated=True)), models.Q(('category', ''), ('product__isnull', False)), _connector='OR'), name='standard_of_one'),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('product__isnull', False)), fields=('product',), name='standard_of_product'),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('product__isnull', True)), fields=('county', 'category'), name='standard_of_category'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='standard',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], true); RETURN NULL;", hash='b1dd4b29a5947cff44ae541c3d028358c13f78f0', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_f6c09', table='catalog_standard', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='gradepicture',
            index=models.Index(fields=['standard', 'grade'], name='grade_picture'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gradepicture',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], true); RETURN NULL;", hash='8c927daf40ce310dacea835bab7371a9c5c19f5b', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_c1f37', table='catalog_gradepicture', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='standardversion',
            constraint=models.UniqueConstraint(fields=('standard', 'version'), name='standard_version'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='standardversion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% keeps what was written: append a counter-entry instead', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';", hash='b5c1e80373e7ed82eeac9375b9c8318fb002604d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ad54f', table='catalog_standardversion', when='BEFORE')),
        ),
    ]
