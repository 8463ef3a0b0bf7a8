"""Link the events of the audit into a chain: those there are get numbers in the order they were written."""

from django.db import migrations, models

from yingjin.basics.chain import FIRST, digest
from yingjin.basics.database import append_only, drop_append_only, next_of_chain_only

TABLE = "basics_auditevent"
BATCH = 1_000


def carry_over(apps, editor):
    """Copy every event into the chain. Which role its writer had then was not kept, and is not guessed."""
    old, new = apps.get_model("basics", "UnchainedEvent"), apps.get_model("basics", "AuditEvent")
    before, batch = FIRST, []
    for number, event in enumerate(old.objects.order_by("id").iterator(chunk_size=BATCH), 1):
        facts = {name: getattr(event, name) for name in ("at", "by", "what", "target", "facts")}
        linked = {**facts, "role": "", "number": number, "before": before}
        before = digest(**linked)
        batch.append(new(**linked, hash=before))
        if len(batch) == BATCH:
            new.objects.bulk_create(batch)
            batch = []
    new.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("basics", "0002_audit_append_only")]
    operations = [
        drop_append_only(TABLE),
        migrations.RemoveIndex("AuditEvent", "audit_by_target"),
        migrations.RenameModel("AuditEvent", "UnchainedEvent"),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=64)),
                ("role", models.CharField(blank=True, max_length=32)),
                ("what", models.CharField(max_length=64)),
                ("target", models.CharField(max_length=96)),
                ("facts", models.JSONField(default=dict)),
                ("before", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"indexes": [models.Index(fields=["target", "at"], name="audit_by_target")]},
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel("UnchainedEvent"),
        append_only(TABLE),
        next_of_chain_only(TABLE),
    ]
