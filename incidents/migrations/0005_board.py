from django.db import migrations, models

KEPT = """
CREATE OR REPLACE FUNCTION incidents_keep_timeline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.by_id IS NOT NULL OR
        (NEW.id, NEW.created_at, NEW.incident_id, NEW.at, NEW.kind, NEW.by_label, NEW.text, NEW."values", NEW.url,
         NEW.is_public{more_new}) IS DISTINCT FROM
        (OLD.id, OLD.created_at, OLD.incident_id, OLD.at, OLD.kind, OLD.by_label, OLD.text, OLD."values", OLD.url,
         OLD.is_public{more_old}) THEN
        RAISE EXCEPTION 'The timeline of an incident is only added to.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
FORWARD = KEPT.replace("{more_new}", ", NEW.version, NEW.changes").replace("{more_old}", ", OLD.version, OLD.changes")
BACK = KEPT.replace("{more_new}", "").replace("{more_old}", "")


class Migration(migrations.Migration):
    """The timeline keeps what each entry changed, from and to, and is not written again in this either."""

    dependencies = [("incidents", "0004_grown")]

    operations = [
        migrations.AddField("timelineevent", "version", models.PositiveIntegerField(editable=False, null=True)),
        migrations.AddField("timelineevent", "changes", models.JSONField(default=dict, editable=False)),
        migrations.RunSQL(FORWARD, BACK),
    ]
