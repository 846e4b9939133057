from django.db import migrations

FORWARD = """
CREATE FUNCTION actions_keep_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.by_id IS NOT NULL OR
        (NEW.id, NEW.created_at, NEW.action_id, NEW.at, NEW.kind, NEW.by_label, NEW.text, NEW."values") IS DISTINCT FROM
        (OLD.id, OLD.created_at, OLD.action_id, OLD.at, OLD.kind, OLD.by_label, OLD.text, OLD."values") THEN
        RAISE EXCEPTION 'The history of an action is only added to.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER actions_events_are_kept BEFORE UPDATE OR DELETE ON actions_actionevent
    FOR EACH ROW EXECUTE FUNCTION actions_keep_events();
"""
BACK = """
DROP TRIGGER actions_events_are_kept ON actions_actionevent;
DROP FUNCTION actions_keep_events();
"""


class Migration(migrations.Migration):
    """What happened is not written again. Only the link to a person who left may be taken off."""

    dependencies = [("actions", "0002_search")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
