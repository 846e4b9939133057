from django.db import migrations

from common.search_columns import search_column


class Migration(migrations.Migration):
    dependencies = [("common", "0003_search"), ("catalog", "0008_lists_have_an_index")]

    operations = [
        *search_column("catalog_provider", names="name", words=("contract",), body=("contact",)),
        *search_column("catalog_document", names="title", words=("number",)),
    ]
