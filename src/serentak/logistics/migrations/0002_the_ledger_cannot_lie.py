"""Stock is what moved and nothing else; pieces stay what they are; nothing that moved is unmoved."""

from django.db import migrations

FORBID = """
CREATE FUNCTION logistics_stock_begins_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.quantity <> 0 THEN
    RAISE EXCEPTION 'stock begins empty' USING ERRCODE = 'integrity_constraint_violation',
      CONSTRAINT = 'stock_is_what_moved';
  END IF;
  SELECT site IN ('SUPPLIER', 'COUNTED') INTO NEW.is_outside
    FROM logistics_location WHERE id = NEW.location_id;
  RETURN NEW;
END $$;
CREATE TRIGGER stock_begins_empty BEFORE INSERT ON logistics_stock
  FOR EACH ROW EXECUTE FUNCTION logistics_stock_begins_empty();

CREATE FUNCTION logistics_stock_is_what_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1
     AND to_jsonb(NEW) - 'quantity' = to_jsonb(OLD) - 'quantity' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'only a movement changes stock' USING ERRCODE = 'integrity_constraint_violation',
    CONSTRAINT = 'stock_is_what_moved';
END $$;
CREATE TRIGGER stock_is_what_moved BEFORE UPDATE OR DELETE ON logistics_stock
  FOR EACH ROW EXECUTE FUNCTION logistics_stock_is_what_moved();

CREATE FUNCTION logistics_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  alike boolean;
BEGIN
  SELECT (a.item, a.contest_id, a.lot) IS NOT DISTINCT FROM (b.item, b.contest_id, b.lot)
    INTO alike FROM logistics_stock a, logistics_stock b
    WHERE a.id = NEW.origin_id AND b.id = NEW.destination_id;
  IF NOT alike THEN
    RAISE EXCEPTION 'pieces stay what they are' USING ERRCODE = 'integrity_constraint_violation',
      CONSTRAINT = 'pieces_stay_what_they_are';
  END IF;
  -- In the order of the ids, so that two movements wait for each other and never for ever.
  IF NEW.origin_id < NEW.destination_id THEN
    UPDATE logistics_stock SET quantity = quantity - NEW.quantity WHERE id = NEW.origin_id;
    UPDATE logistics_stock SET quantity = quantity + NEW.quantity WHERE id = NEW.destination_id;
  ELSE
    UPDATE logistics_stock SET quantity = quantity + NEW.quantity WHERE id = NEW.destination_id;
    UPDATE logistics_stock SET quantity = quantity - NEW.quantity WHERE id = NEW.origin_id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER a_movement_moves AFTER INSERT ON logistics_movement
  FOR EACH ROW EXECUTE FUNCTION logistics_move();

CREATE FUNCTION logistics_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['reason', 'witnesses']
     = to_jsonb(OLD) - ARRAY['reason', 'witnesses'] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'integrity_constraint_violation',
    CONSTRAINT = 'what_moved_is_not_unmoved';
END $$;
CREATE TRIGGER entries_stay_as_written BEFORE UPDATE OR DELETE ON logistics_entry
  FOR EACH ROW EXECUTE FUNCTION logistics_refuse_change();
CREATE TRIGGER movements_stay_as_written BEFORE UPDATE OR DELETE ON logistics_movement
  FOR EACH ROW EXECUTE FUNCTION logistics_refuse_change();
CREATE TRIGGER needs_stay_as_taken_over BEFORE UPDATE OR DELETE ON logistics_need_version
  FOR EACH ROW EXECUTE FUNCTION logistics_refuse_change();
CREATE TRIGGER the_basis_stays_as_taken_over BEFORE UPDATE OR DELETE ON logistics_station_basis
  FOR EACH ROW EXECUTE FUNCTION logistics_refuse_change();
"""
ALLOW = """
DROP TRIGGER the_basis_stays_as_taken_over ON logistics_station_basis;
DROP TRIGGER needs_stay_as_taken_over ON logistics_need_version;
DROP TRIGGER movements_stay_as_written ON logistics_movement;
DROP TRIGGER entries_stay_as_written ON logistics_entry;
DROP TRIGGER a_movement_moves ON logistics_movement;
DROP TRIGGER stock_is_what_moved ON logistics_stock;
DROP TRIGGER stock_begins_empty ON logistics_stock;
DROP FUNCTION logistics_refuse_change();
DROP FUNCTION logistics_move();
DROP FUNCTION logistics_stock_is_what_moved();
DROP FUNCTION logistics_stock_begins_empty();
"""


class Migration(migrations.Migration):
    dependencies = [("logistics", "0001_needs_and_ledger")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
