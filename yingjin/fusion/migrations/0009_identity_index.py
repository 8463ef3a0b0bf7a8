# The blind index of a row's identity number beside the row (D5).

import json

from django.db import migrations

import yingjin.basics.fields
from yingjin.basics.row_security import widened

BATCH = 1_000
LIKE = "fusion_registerperson.identity_index"


def _index(apps, editor):
    """Index the rows that are there: each is opened once; what is sealed stays as it is."""
    from yingjin.basics.keyed_fields import blind_index
    from yingjin.basics.sealing import keyed_index
    from yingjin.fusion.formats import identity_in

    payload = apps.get_model("fusion.Row")._meta.get_field("payload")
    last = 0
    with widened(), editor.connection.cursor() as cursor:
        while True:
            cursor.execute(
                f'SELECT "id", "payload" FROM "fusion_row" WHERE "id" > %s ORDER BY "id" LIMIT {BATCH}', [last]
            )
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            found = [(identity_in(json.loads(payload.opened(stored, str(key)))), key) for key, stored in rows]
            made = [(keyed_index(blind_index(number), column=LIKE), key) for number, key in found if number]
            cursor.executemany('UPDATE "fusion_row" SET "identity_index" = %s WHERE "id" = %s', made)


class Migration(migrations.Migration):
    dependencies = [
        ("fusion", "0008_sealed_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="row",
            name="identity_index",
            field=yingjin.basics.fields.BlindIndexField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.RunPython(_index, migrations.RunPython.noop),
    ]
