from django.db import migrations

from common.search_columns import search_column


class Migration(migrations.Migration):
    dependencies = [("common", "0003_search"), ("backups", "0006_measurements_name_their_policy")]

    operations = search_column("backups_backuppolicy", names="name", words=("slug",))
