"""The database itself keeps the journal append-only: no row is changed or deleted, the table is not emptied."""

from django.db import migrations

FORBID = """
CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER journal_event_append_only BEFORE UPDATE OR DELETE ON journal_event
    FOR EACH ROW EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER journal_event_not_emptied BEFORE TRUNCATE ON journal_event
    FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER journal_seal_append_only BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_append_only();
"""
ALLOW = """
DROP TRIGGER journal_event_append_only ON journal_event;
DROP TRIGGER journal_event_not_emptied ON journal_event;
DROP TRIGGER journal_seal_append_only ON journal_seal;
DROP FUNCTION journal_append_only();
"""


class Migration(migrations.Migration):
    """Triggers on the journal's tables."""

    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
