from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0002_search")]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="losses",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="given up in a row"),
        ),
    ]
