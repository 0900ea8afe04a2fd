"""When and in which transaction an event came is the database's word; details are erased by mark."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION platform_stamp_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id IS DISTINCT FROM pg_catalog.currval(pg_catalog.pg_get_serial_sequence(
    pg_catalog.format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME), 'id'
  )) THEN
    RAISE EXCEPTION 'the number of an audit event is given by the database'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_numbers_are_given';
  END IF;
  NEW.recorded_at := pg_catalog.statement_timestamp();
  NEW.transaction_id := pg_catalog.pg_current_xact_id();
  RETURN NEW;
END $$;
CREATE TRIGGER audit_is_stamped BEFORE INSERT ON platform_audit_event
  FOR EACH ROW EXECUTE FUNCTION platform_stamp_audit_event();

CREATE FUNCTION platform_guard_audit_detail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NOT EXISTS (
    SELECT FROM public.platform_audit_event event WHERE event.id = NEW.event_id
      AND event.commitment IS NOT NULL AND event.transaction_id = pg_catalog.pg_current_xact_id()
  ) THEN
    RAISE EXCEPTION 'a detail is written with its event and never again'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_is_append_only';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_detail_is_written_once BEFORE INSERT OR UPDATE ON platform_audit_detail
  FOR EACH ROW EXECUTE FUNCTION platform_guard_audit_detail();

CREATE FUNCTION platform_erase_audit_detail(erased bigint, eraser bigint, since timestamptz, ground text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mark bigint;
BEGIN
  DELETE FROM platform_audit_detail WHERE event_id = erased;
  IF FOUND THEN
    INSERT INTO platform_audit_event
      (name, at, actor_id, institution_id, place, subjects, facts)
    SELECT 'platform.DetailErased', since, eraser, institution_id, place, subjects,
      jsonb_build_object('event', erased, 'ground', ground)
    FROM platform_audit_event WHERE id = erased
    RETURNING id INTO mark;
  END IF;
  RETURN mark;
END $$;
REVOKE ALL ON FUNCTION platform_erase_audit_detail FROM PUBLIC;
"""
BACKWARD = """
DROP FUNCTION platform_erase_audit_detail;
DROP TRIGGER audit_detail_is_written_once ON platform_audit_detail;
DROP FUNCTION platform_guard_audit_detail();
DROP TRIGGER audit_is_stamped ON platform_audit_event;
DROP FUNCTION platform_stamp_audit_event();
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0005_changes_are_found_by_their_transaction")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
