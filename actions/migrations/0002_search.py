from django.db import migrations

from common.search_columns import search_column


class Migration(migrations.Migration):
    dependencies = [("common", "0002_search"), ("actions", "0001_initial")]

    operations = [
        *search_column("actions_action", names="title", words=("about_label", "source_label"), body=("description",)),
        *search_column("actions_improvementplan", names="title", body=("goal",)),
    ]
