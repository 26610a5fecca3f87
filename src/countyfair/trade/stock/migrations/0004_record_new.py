"""Record new rows of hot tables by their key alone."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('kernel', '0005_record_new'), ('stock', '0003_lighter')]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='reservation',
            name='audit',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reservation',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF TG_OP = 'INSERT' THEN PERFORM kernel_record_new(TG_TABLE_NAME::text, NEW.id::text, NEW.county::text); RETURN NULL; END IF; PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], false); RETURN NULL;", hash='776a40c270832b9b67effef7326a31e848d37602', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_0107c', table='stock_reservation', when='AFTER')),
        ),
    ]
