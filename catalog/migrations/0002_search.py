from django.db import migrations

from common.search_columns import search_column


class Migration(migrations.Migration):
    dependencies = [("common", "0002_search"), ("catalog", "0001_initial")]

    operations = [
        *search_column("catalog_service", names="name", body=("description",)),
        *search_column("catalog_system", names="name", words=("release",), body=("description",)),
        *search_column("catalog_site", names="name", words=("address",)),
        *search_column("catalog_provider", names="name", words=("contract",), body=("contact",)),
        *search_column("catalog_document", names="title", words=("number",)),
    ]
