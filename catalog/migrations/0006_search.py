from django.db import migrations

from common.search_columns import search_column


class Migration(migrations.Migration):
    dependencies = [("common", "0003_search"), ("catalog", "0005_providers_documents_and_impact")]

    operations = [
        *search_column("catalog_service", names="name", body=("description",)),
        *search_column("catalog_system", names="name", words=("release",), body=("description",)),
        *search_column("catalog_site", names="name", words=("address",)),
    ]
