"""An offer may be sold ahead of a harvest."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0009_facets'),
    ]

    operations = [
        migrations.AddField(
            model_name='offer',
            name='expected_on',
            field=models.DateField(null=True),
        ),
    ]
