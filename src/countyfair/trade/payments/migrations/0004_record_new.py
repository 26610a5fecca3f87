"""Record new rows of hot tables by their key alone."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('kernel', '0005_record_new'), ('payments', '0003_looks_are_no_changes')]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='intent',
            name='audit',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='notice',
            name='audit',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='intent',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF TG_OP = 'INSERT' THEN PERFORM kernel_record_new(TG_TABLE_NAME::text, NEW.id::text, NEW.county::text); RETURN NULL; END IF; PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - 'looked_at' END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - 'looked_at' END, ARRAY[]::text[], false); RETURN NULL;", hash='a727ad81db4e0bbfc9837bc00bdaca8515a21ce7', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_edf81', table='payments_intent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF TG_OP = 'INSERT' THEN PERFORM kernel_record_new(TG_TABLE_NAME::text, NEW.id::text, NEW.county::text); RETURN NULL; END IF; PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], false); RETURN NULL;", hash='b8b544384bd13a7a55aed4762653c077e1b8b64d', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_0e99b', table='payments_notice', when='AFTER')),
        ),
    ]
