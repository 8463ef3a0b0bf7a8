"""Wipe from the database's file what stood there in clear before it was sealed: its freed pages still hold it."""

from django.db import migrations


def wipe(apps, editor):
    """Write the whole file anew, where there was anything to seal."""
    if not apps.get_model("fusion", "Row").objects.exists():
        return
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            for label, name in HIDING:
                cursor.execute(f'VACUUM FULL "{apps.get_model(label, name)._meta.db_table}"')
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


HIDING = (
    ("registry", "Person"), ("registry", "CategoryHeld"), ("registry", "PersonChange"),
    ("fusion", "RegisterPerson"), ("fusion", "Row"), ("care", "Condition"), ("care", "Treatment"), ("care", "Contract"),
    ("settlement", "Bill"), ("settlement", "Explanation"), ("gaps", "Due"), ("gaps", "Gap"), ("gaps", "GapEvent"),
    ("insight", "Tally"), ("insight", "Summary"),
)  # fmt: skip


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("insight", "0002_hidden"),
        ("registry", "0004_hidden"),
        ("fusion", "0007_hidden"),
        ("care", "0003_hidden"),
        ("settlement", "0005_hidden"),
        ("gaps", "0003_hidden"),
    ]
    operations = [migrations.RunPython(wipe, migrations.RunPython.noop)]
