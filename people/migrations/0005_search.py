from django.db import migrations

from common.search_columns import search_column


class Migration(migrations.Migration):
    dependencies = [("common", "0003_search"), ("people", "0004_teams_absences_and_contacts")]

    operations = search_column("people_user", names="name", words=("username",))
