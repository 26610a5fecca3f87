"""Record new rows of hot tables by their key alone."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('kernel', '0005_record_new'), ('settlement', '0003_payout_returned')]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='earning',
            name='audit',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='earning',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF TG_OP = 'INSERT' THEN PERFORM kernel_record_new(TG_TABLE_NAME::text, NEW.id::text, NEW.county::text); RETURN NULL; END IF; PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], false); RETURN NULL;", hash='0a975f0436a6216a44fab574175a4aba0d27519f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_e300f', table='settlement_earning', when='AFTER')),
        ),
    ]
