"""Packs of one shop that cost less together: bundles and their parts."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import countyfair.kernel.audit
import countyfair.kernel.ids


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0019_bundled'),
        ('promotions', '0002_groups'),
    ]

    operations = [
        migrations.CreateModel(
            name='BundlePart',
            fields=[
                ('id', models.UUIDField(default=countyfair.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('packs', models.IntegerField()),
                ('actor', models.TextField(db_default=countyfair.kernel.audit.CurrentActor())),
            ],
        ),
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
            name='bundle_fen',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code__isnull', False), ('gathered', ''), ('kind', 'coupon'), ('offer__isnull', True)), models.Q(('code__isnull', True), ('gathered__in', ['gathering', 'full', 'failed']), ('group_fen__gt', 0), ('kind', 'group'), ('limit_each', 1), ('limit_total__gte', 2), ('offer__isnull', False)), models.Q(('bundle_fen__gt', 0), ('code__isnull', True), ('gathered', ''), ('kind', 'bundle'), ('limit_each__isnull', True), ('limit_total__isnull', True), ('offer__isnull', True), ('shop__isnull', False)), _connector='OR'), name='promotion_kind'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bundle_fen__isnull', True), ('group_fen__isnull', True), ('off_fen', 0), ('percent__range', (1, 90))), models.Q(('bundle_fen__isnull', True), ('group_fen__isnull', True), ('off_fen__gt', 0), ('percent', 0)), models.Q(('bundle_fen__isnull', True), ('group_fen__isnull', False), ('off_fen', 0), ('percent', 0)), models.Q(('bundle_fen__isnull', False), ('group_fen__isnull', True), ('off_fen', 0), ('percent', 0)), _connector='OR'), name='promotion_off'),
        ),
        migrations.AddField(
            model_name='bundlepart',
            name='offer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.offer'),
        ),
        migrations.AddField(
            model_name='bundlepart',
            name='promotion',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='promotions.promotion'),
        ),
        migrations.AddIndex(
            model_name='bundlepart',
            index=models.Index(fields=['offer'], name='bundle_part_offer'),
        ),
        migrations.AddConstraint(
            model_name='bundlepart',
            constraint=models.UniqueConstraint(fields=('promotion', 'offer'), name='bundle_part_once'),
        ),
        migrations.AddConstraint(
            model_name='bundlepart',
            constraint=models.CheckConstraint(condition=models.Q(('packs__gt', 0)), name='bundle_part_packs'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bundlepart',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% keeps what was written: append a counter-entry instead', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';", hash='133935c0f7fae23773d281a4cda50e4c3bb3e0f7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_63a1b', table='promotions_bundlepart', when='BEFORE')),
        ),
    ]
