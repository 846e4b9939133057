from django.db import migrations

from common.search_columns import search_column


class Migration(migrations.Migration):
    dependencies = [("common", "0002_search"), ("runbooks", "0002_published_is_fixed")]

    operations = search_column("runbooks_plantext", names="title", body=("text",))
