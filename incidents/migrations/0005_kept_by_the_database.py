from django.db import migrations

from common.search_columns import search_column

#: Every column counts but the links to people, which may be taken off; columns that are added later count too.
TIMELINE = """
CREATE OR REPLACE FUNCTION incidents_keep_timeline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'The timeline of an incident is only added to.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.by_id IS NOT NULL OR to_jsonb(NEW) - 'by_id' IS DISTINCT FROM to_jsonb(OLD) - 'by_id' THEN
        RAISE EXCEPTION 'The timeline of an incident is only added to.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER incidents_timeline_is_not_emptied BEFORE TRUNCATE ON incidents_timelineevent
    FOR EACH STATEMENT EXECUTE FUNCTION incidents_keep_timeline();
"""
TIMELINE_BACK = """
DROP TRIGGER incidents_timeline_is_not_emptied ON incidents_timelineevent;
"""
FILES = """
CREATE FUNCTION incidents_keep_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- Who added it may leave; which item of the evidence it answers may be found out later.
    free text[] := ARRAY['added_by_id', 'evidence_item'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'Files of an incident are only added.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free
        OR (NEW.added_by_id IS NOT NULL AND NEW.added_by_id IS DISTINCT FROM OLD.added_by_id) THEN
        RAISE EXCEPTION 'Files of an incident are only added.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER incidents_attachments_are_kept BEFORE UPDATE OR DELETE ON incidents_attachment
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_attachment();
CREATE TRIGGER incidents_attachments_are_not_emptied BEFORE TRUNCATE ON incidents_attachment
    FOR EACH STATEMENT EXECUTE FUNCTION incidents_keep_attachment();
"""
FILES_BACK = """
DROP TRIGGER incidents_attachments_are_not_emptied ON incidents_attachment;
DROP TRIGGER incidents_attachments_are_kept ON incidents_attachment;
DROP FUNCTION incidents_keep_attachment();
"""
CASES = """
CREATE FUNCTION incidents_keep_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    people text[] := ARRAY['author_id', 'written_by_id', 'submitted_by_id', 'approved_by_id'];
    name text;
BEGIN
    IF OLD.state <> 'approved' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - people - 'search' IS DISTINCT FROM to_jsonb(OLD) - people - 'search' THEN
        RAISE EXCEPTION 'An approved review is not changed any more.' USING ERRCODE = 'restrict_violation';
    END IF;
    FOREACH name IN ARRAY people LOOP
        IF to_jsonb(NEW) ->> name IS NOT NULL AND to_jsonb(NEW) ->> name IS DISTINCT FROM to_jsonb(OLD) ->> name THEN
            RAISE EXCEPTION 'An approved review is not changed any more.' USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE TRIGGER incidents_cases_are_kept BEFORE UPDATE OR DELETE ON incidents_review
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_case();
"""
CASES_BACK = """
DROP TRIGGER incidents_cases_are_kept ON incidents_review;
DROP FUNCTION incidents_keep_case();
"""
#: As it always was, for administrators to change.
USUAL = """
INSERT INTO incidents_severitymatrix (id, version, high_high, high_medium, high_low, medium_high, medium_medium,
    medium_low, low_high, low_medium, low_low) VALUES (1, 1, 1, 2, 3, 2, 3, 4, 3, 4, 4)
"""
#: Who commands is not who resolves, from whichever side it is tried.
COMMAND = """
CREATE FUNCTION incidents_keep_command_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'incidents_incidentrole' THEN
        IF NEW.role = 'commander' AND NEW.until IS NULL AND EXISTS (
            SELECT 1 FROM incidents_incident WHERE id = NEW.incident_id AND owner_id = NEW.person_id
        ) THEN
            RAISE EXCEPTION 'incident_commander_is_not_the_owner' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF EXISTS (
        SELECT 1 FROM incidents_incidentrole
        WHERE incident_id = NEW.id AND role = 'commander' AND until IS NULL AND person_id = NEW.owner_id
    ) THEN
        RAISE EXCEPTION 'incident_commander_is_not_the_owner' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER incidents_command_is_apart BEFORE INSERT OR UPDATE ON incidents_incidentrole
    FOR EACH ROW EXECUTE FUNCTION incidents_keep_command_apart();
CREATE TRIGGER incidents_owner_is_apart BEFORE UPDATE OF owner_id ON incidents_incident
    FOR EACH ROW WHEN (NEW.owner_id IS DISTINCT FROM OLD.owner_id)
    EXECUTE FUNCTION incidents_keep_command_apart();
"""
TOGETHER = """
DROP TRIGGER incidents_owner_is_apart ON incidents_incident;
DROP TRIGGER incidents_command_is_apart ON incidents_incidentrole;
DROP FUNCTION incidents_keep_command_apart();
"""


class Migration(migrations.Migration):
    """What the database itself sees to: evidence that stays as it is, a commander who is not the owner, search."""

    dependencies = [("common", "0002_search"), ("incidents", "0004_whole")]

    operations = [
        migrations.RunSQL(TIMELINE, TIMELINE_BACK),
        migrations.RunSQL(FILES, FILES_BACK),
        migrations.RunSQL(CASES, CASES_BACK),
        migrations.RunSQL(USUAL, migrations.RunSQL.noop),
        migrations.RunSQL(COMMAND, TOGETHER),
        *search_column(
            "incidents_review",
            names="title",
            words=("root_cause",),
            body=("lessons", "summary", "result", "handling", "first_check", "went_well", "went_badly", "impact"),
        ),
    ]
