"""Seal what jobs were asked with and what came of them (docs/adr/0005)."""

from django.db import migrations

from yingjin.basics.hiding import hide


class Migration(migrations.Migration):
    dependencies = [("basics", "0004_work")]
    operations = [hide("basics.Job", sealed=("facts", "result"))]
