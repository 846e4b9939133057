from django.db import migrations

FORWARD = """
CREATE FUNCTION incidents_keep_timeline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.by_id IS NOT NULL OR
        (NEW.id, NEW.created_at, NEW.incident_id, NEW.at, NEW.kind, NEW.by_label, NEW.text, NEW."values", NEW.url,
         NEW.is_public) IS DISTINCT FROM
        (OLD.id, OLD.created_at, OLD.incident_id, OLD.at, OLD.kind, OLD.by_label, OLD.text, OLD."values", OLD.url,
         OLD.is_public) THEN
        RAISE EXCEPTION 'The timeline of an incident is only added to.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER incidents_timeline_is_kept BEFORE UPDATE OR DELETE ON incidents_timelineevent
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_timeline();
"""
BACK = """
DROP TRIGGER incidents_timeline_is_kept ON incidents_timelineevent;
DROP FUNCTION incidents_keep_timeline();
"""


class Migration(migrations.Migration):
    """What happened is not written again. Only the link to a person who left may be taken off."""

    dependencies = [("incidents", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
