# The county of everybody beside their region, filled for who is there; indexes and the constraint come in the next step:
# PostgreSQL alters no table in the transaction that has just changed its rows.

from django.db import migrations
from django.db.models.functions import Left

import yingjin.basics.code_fields


def fill(apps, editor):
    """Write the county of who is there."""
    apps.get_model("registry", "Person").objects.update(county_code=Left("region_code", 6))


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0007_sessions'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='county_code',
            field=yingjin.basics.code_fields.BeginningField(default='', editable=False, max_length=6),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
