from django.db import migrations

from common.search_columns import search_column


class Migration(migrations.Migration):
    dependencies = [("common", "0002_search"), ("incidents", "0002_timeline_is_only_added_to")]

    operations = search_column(
        "incidents_incident",
        names="title",
        words=("public_title", "error_code", "place"),
        body=("description", "steps_tried"),
    )
