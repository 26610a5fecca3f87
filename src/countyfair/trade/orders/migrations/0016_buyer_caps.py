"""Placing keeps to what one buyer may have of an offer."""

from django.db import migrations

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0015_groups'),
        ('catalog', '0014_buyer_caps'),
    ]

    operations = [
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
