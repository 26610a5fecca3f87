"""Shares keep the grade that they were split by, its factor and the version it comes from."""

from django.db import migrations, models

from countyfair.kernel.functions import InstallSQL


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0007_household_ticks'),
        ('stock', '0007_grades'),
    ]

    operations = [
        migrations.AddField(
            model_name='share',
            name='factor_milli',
            field=models.IntegerField(db_default=1000, default=1000),
        ),
        migrations.AddField(
            model_name='share',
            name='grade',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='share',
            name='standard_version',
            field=models.IntegerField(db_default=0, default=0),
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
