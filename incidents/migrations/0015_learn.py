from django.db import migrations, models
from django.db.models import Q

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


class Migration(migrations.Migration):
    """What is evidence stays as it is: timeline, files, approved reviews. Known problems are found at once."""

    dependencies = [("incidents", "0014_telling")]

    operations = [
        migrations.RunSQL(TIMELINE, TIMELINE_BACK),
        migrations.RunSQL(FILES, FILES_BACK),
        migrations.RunSQL(CASES, CASES_BACK),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=["-reported_at"],
                name="incident_known",
                condition=Q(state__in=("triage", "active", "on_hold", "mitigated"), is_restricted=False)
                & ~Q(public_title=""),
            ),
        ),
    ]
