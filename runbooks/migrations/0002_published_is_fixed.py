from django.db import migrations

FORWARD = """
CREATE FUNCTION runbooks_keep_texts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version_id uuid;
BEGIN
    FOREACH version_id IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.version_id]
        WHEN 'DELETE' THEN ARRAY[OLD.version_id]
        ELSE ARRAY[OLD.version_id, NEW.version_id]
    END LOOP
        PERFORM 1 FROM runbooks_planversion WHERE id = version_id AND state <> 'draft';
        IF FOUND THEN
            RAISE EXCEPTION 'The texts of a published plan version do not change.' USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION runbooks_keep_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.state = 'draft' OR (NEW.plan_id, NEW.number, NEW.sha256, NEW.published_at)
        IS DISTINCT FROM (OLD.plan_id, OLD.number, OLD.sha256, OLD.published_at) THEN
        RAISE EXCEPTION 'A plan version that is not a draft any more stays as it is.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER runbooks_texts_are_kept BEFORE INSERT OR UPDATE OR DELETE ON runbooks_plantext
    FOR EACH ROW EXECUTE FUNCTION runbooks_keep_texts();
CREATE TRIGGER runbooks_versions_are_kept BEFORE UPDATE OR DELETE ON runbooks_planversion
    FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION runbooks_keep_versions();
"""
BACK = """
DROP TRIGGER runbooks_texts_are_kept ON runbooks_plantext;
DROP TRIGGER runbooks_versions_are_kept ON runbooks_planversion;
DROP FUNCTION runbooks_keep_texts();
DROP FUNCTION runbooks_keep_versions();
"""


class Migration(migrations.Migration):
    """What was published is kept by the database too, whoever asks it to change."""

    dependencies = [("runbooks", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
