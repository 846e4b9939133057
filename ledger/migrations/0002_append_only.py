"""The database itself refuses to change, remove or empty what the ledger holds."""

from django.db import migrations

TABLES = ("ledger_entry", "ledger_seal", "ledger_sealedentry")

FUNCTION = """
CREATE FUNCTION ledger_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is only added to: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
TRIGGER = """
CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_only_added_to();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION ledger_is_only_added_to();"),
        *(
            migrations.RunSQL(TRIGGER.format(table=table), f"DROP TRIGGER only_added_to ON {table};")
            for table in TABLES
        ),
    ]
