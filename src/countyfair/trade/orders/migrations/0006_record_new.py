"""Record new rows of hot tables by their key alone."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('kernel', '0005_record_new'), ('orders', '0005_line_shop')]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='contact',
            name='audit',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='order',
            name='audit',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF TG_OP = 'INSERT' THEN PERFORM kernel_record_new(TG_TABLE_NAME::text, NEW.order_id::text, NEW.county::text); RETURN NULL; END IF; PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY['sealed', 'phone_blind']::text[], false); RETURN NULL;", hash='b1983586e42c36b5bb0f91628b25226d937abd42', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_b7fc8', table='orders_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='order',
            trigger=pgtrigger.compiler.Trigger(name='audit', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF TG_OP = 'INSERT' THEN PERFORM kernel_record_new(TG_TABLE_NAME::text, NEW.id::text, NEW.county::text); RETURN NULL; END IF; PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END, ARRAY[]::text[], false); RETURN NULL;", hash='a0b12ea11cb2285079e2375dba5c09bb3d5af68d', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_ad50f', table='orders_order', when='AFTER')),
        ),
    ]
