from django.db import migrations, models


def number_acts(apps, editor):
    """Number the acts there are in their order, and keep how many they are."""
    acts = apps.get_model("gaps", "GapAct").objects.order_by("at", "key")
    for number, act in enumerate(acts, 1):
        act.number = number
        act.save(update_fields=["number"])
    apps.get_model("gaps", "GapActCount").objects.create(pk=1, acts=acts.count())


class Migration(migrations.Migration):

    dependencies = [("gaps", "0004_when_gaps_turned")]

    operations = [
        migrations.CreateModel(
            name="GapActCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("acts", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.AddField("GapAct", "number", models.PositiveBigIntegerField(null=True)),
        migrations.RunPython(number_acts, migrations.RunPython.noop),
        migrations.AlterField("GapAct", "number", models.PositiveBigIntegerField(unique=True)),
    ]
