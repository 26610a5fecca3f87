"""Coupons that everybody is told of."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0021_announces'),
        ('promotions', '0004_over_bundles'),
    ]

    operations = [
        migrations.AddField(
            model_name='promotion',
            name='public',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name='promotion',
            index=models.Index(condition=models.Q(('ended_at__isnull', True), models.Q(('public', True), ('gathered', 'gathering'), _connector='OR')), fields=['county'], name='promotion_announced'),
        ),
    ]
