"""On PostgreSQL the account that works owns no table, and could not have what it landed counted for the planner."""

from django.db import migrations

from yingjin.basics.database import counted_by_who_works


class Migration(migrations.Migration):
    dependencies = [("basics", "0007_audit_words")]
    operations = [counted_by_who_works()]
