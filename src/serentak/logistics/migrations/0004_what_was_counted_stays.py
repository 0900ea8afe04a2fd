"""What a record says was shipped and counted is not changed afterwards; a seal keeps its number."""

from django.db import migrations

FORBID = """
CREATE FUNCTION logistics_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.accepted IS NULL
     AND (NEW.consignment_id, NEW.stock_id, NEW.shipped)
       = (OLD.consignment_id, OLD.stock_id, OLD.shipped) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a record stays as it was made' USING
    ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_record_stays_as_it_was_made';
END $$;
CREATE TRIGGER lines_stay_as_counted BEFORE UPDATE OR DELETE ON logistics_consignment_line
  FOR EACH ROW EXECUTE FUNCTION logistics_line_stays();

CREATE FUNCTION logistics_seal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.is_read IS NULL
     AND (NEW.consignment_id, NEW.number) = (OLD.consignment_id, OLD.number) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a seal is set once' USING
    ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_seal_is_set_once';
END $$;
CREATE TRIGGER seals_stay_as_set BEFORE UPDATE OR DELETE ON logistics_seal
  FOR EACH ROW EXECUTE FUNCTION logistics_seal_stays();
"""
ALLOW = """
DROP TRIGGER seals_stay_as_set ON logistics_seal;
DROP TRIGGER lines_stay_as_counted ON logistics_consignment_line;
DROP FUNCTION logistics_seal_stays();
DROP FUNCTION logistics_line_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("logistics", "0003_loads_between_keepers")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
