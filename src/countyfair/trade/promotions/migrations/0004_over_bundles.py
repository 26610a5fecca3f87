"""Find the bundles whose time is over."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0019_bundled'),
        ('promotions', '0003_bundles'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='promotion',
            index=models.Index(condition=models.Q(('ended_at__isnull', True), ('kind', 'bundle')), fields=['closes_at'], name='promotion_bundling'),
        ),
    ]
