"""Offers may have a cap of packs for one buyer."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0013_like'),
    ]

    operations = [
        migrations.AddField(
            model_name='offer',
            name='most_per_buyer',
            field=models.IntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('most_per_buyer__isnull', True), ('most_per_buyer__gt', 0), _connector='OR'), name='offer_most_per_buyer'),
        ),
    ]
