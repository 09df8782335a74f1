-- A roster that comes while people are away changes what a unit may lend, and not what was right before.
-- depends: 0060_what_an_order_has_numbered

-- What a unit might lend of a role up to an entry of the log: a roster, or a rule pack, has changed it since.
CREATE TABLE lendable_before (
    unit_id  text NOT NULL,
    role     text NOT NULL,
    upto     bigint NOT NULL,
    lendable integer NOT NULL,
    PRIMARY KEY (unit_id, role, upto),
    FOREIGN KEY (unit_id, role) REFERENCES unit_roles
);

CREATE FUNCTION keep_what_was_lendable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever holds somebody of the unit waits for this row, so that their entry comes after the head that is seen here.
    INSERT INTO lendable_before (unit_id, role, upto, lendable)
    SELECT OLD.unit_id, OLD.role, h.seq, least(OLD.lendable, OLD.headcount - OLD.redline)
      FROM log_heads h WHERE h.government_id = OLD.government_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER lendable_kept AFTER UPDATE OF headcount, redline, lendable ON unit_roles
    FOR EACH ROW WHEN (least(OLD.lendable, OLD.headcount - OLD.redline) <> least(NEW.lendable, NEW.headcount - NEW.redline))
    EXECUTE FUNCTION keep_what_was_lendable();

-- As before; but whoever moves on to another post is lent already, and the unit gives nobody more for it, however little it
-- may lend since they left.
CREATE OR REPLACE FUNCTION take_or_give_back_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was   boolean := TG_OP = 'UPDATE' AND OLD.held;
    moves boolean := NEW.moved_from IS NOT NULL AND EXISTS (
        SELECT FROM placements former
         WHERE former.placement_id = NEW.moved_from AND former.unit_id = NEW.unit_id AND former.role = NEW.role
           AND former.override_id IS NULL);
BEGIN
    IF NEW.held AND NOT was THEN
        IF NEW.override_id IS NULL AND moves THEN
            UPDATE unit_roles SET lent = lent + 1 WHERE unit_id = NEW.unit_id AND role = NEW.role;
        ELSIF NEW.override_id IS NULL THEN
            UPDATE unit_roles SET lent = lent + 1
             WHERE unit_id = NEW.unit_id AND role = NEW.role AND lent < lendable;
        ELSE
            UPDATE redline_overrides SET used = used + 1
             WHERE override_id = NEW.override_id AND unit_id = NEW.unit_id AND role = NEW.role
               AND surge_id = NEW.surge_id AND used < extra;
        END IF;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'unit % may lend no more %', NEW.unit_id, NEW.role
                USING ERRCODE = 'SG001', CONSTRAINT = 'redline';
        END IF;
    ELSIF was AND NOT NEW.held THEN
        IF OLD.override_id IS NULL THEN
            UPDATE unit_roles SET lent = lent - 1 WHERE unit_id = OLD.unit_id AND role = OLD.role;
        ELSE
            UPDATE redline_overrides SET used = used - 1 WHERE override_id = OLD.override_id;
        END IF;
    END IF;
    RETURN NEW;
END $$;
