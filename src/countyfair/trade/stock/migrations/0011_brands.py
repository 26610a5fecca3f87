"""A supply of an offer that bears a mark takes no grade outside the brand's."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0012_brands'),
        ('stock', '0010_cycles'),
    ]

    operations = [
        migrations.AddField(
            model_name='supply',
            name='brand',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.brand'),
        ),
        migrations.AddField(
            model_name='supply',
            name='brand_grades',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None),
        ),
        migrations.AddConstraint(
            model_name='supply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('brand__isnull', True), ('brand_grades', [])), models.Q(('brand__isnull', False), ('brand_grades__contains', models.F('takes')), ('standard__isnull', False), models.Q(('takes', []), _negated=True), models.Q(('brand_grades__contains', ['off']), _negated=True)), _connector='OR'), name='supply_brand'),
        ),
    ]
