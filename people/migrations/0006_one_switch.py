"""The switch says that it is about mail too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_duty")]

    operations = [
        migrations.AlterField(
            model_name="organisation",
            name="anyone_may_report",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Without an account: by whoever reaches this address, or writes to a mailbox that is read here. "
                    "Known problems are named by their public title."
                ),
                verbose_name="anyone may report problems",
            ),
        ),
    ]
