

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insight', '0006_sealed_words'),
    ]

    operations = [
        migrations.AlterField(
            model_name='duetally',
            name='audience',
            field=models.CharField(max_length=24),
        ),
        migrations.AlterField(
            model_name='tally',
            name='audience',
            field=models.CharField(max_length=24),
        ),
    ]
