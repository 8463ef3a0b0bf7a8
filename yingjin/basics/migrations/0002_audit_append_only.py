from django.db import migrations

from yingjin.basics.database import append_only


class Migration(migrations.Migration):
    dependencies = [("basics", "0001_initial")]
    operations = [append_only("basics_auditevent")]
