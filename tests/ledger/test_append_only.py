"""The database itself refuses to change, remove or empty anything of the ledger."""

import pytest
from django.db import IntegrityError, connection, transaction

from ledger.models import Entry

TABLES = ["ledger_entry", "ledger_seal", "ledger_sealedentry"]
STATEMENTS = {
    "UPDATE": "UPDATE {table} SET {column} = {column}",
    "DELETE": "DELETE FROM {table}",
    "TRUNCATE": "TRUNCATE {table} CASCADE",
}
COLUMN = {"ledger_entry": "verb", "ledger_seal": "head", "ledger_sealedentry": "digest"}


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("operation", STATEMENTS)
@pytest.mark.parametrize("is_empty", [True, False])
def test_the_database_refuses(write, seal, table, operation, is_empty):
    if not is_empty:
        write(2)
        seal()
    statement = STATEMENTS[operation].format(table=table, column=COLUMN[table])
    with (  # noqa: PT012
        pytest.raises(IntegrityError, match=f"The ledger is only added to: {operation} on {table} is refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        # Checked now, else TRUNCATE is refused for the checks that are still to come, and not by us.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


@pytest.mark.django_db
def test_saving_an_entry_again_is_refused(write):
    [entry] = write()
    entry.verb = "user.loved"
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        entry.save()
    assert Entry.objects.get().verb == "user.renamed"
