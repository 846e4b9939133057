from django.db import migrations

from common.search_columns import search_column


class Migration(migrations.Migration):
    dependencies = [("common", "0002_search"), ("notify", "0001_initial")]

    operations = search_column("notify_message", names="subject", body=("body",))
