-- Whoever came to a unit by a later roster, while another one lends them, is not there either: the unit may lend so many fewer.
-- depends: 0065_rosters_come_later

CREATE FUNCTION borne_for_others(unit text, home_role text) RETURNS integer STABLE LANGUAGE sql AS $$
    SELECT count(*)::int FROM people who JOIN placements p ON p.person_id = who.person_id AND p.held
     WHERE who.unit_id = unit AND who.role = home_role AND who.active AND (p.unit_id, p.role) <> (unit, home_role)
$$;

-- As before, and whoever moves on to another post is lent already, and the unit gives nobody more for it, however little it
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
             WHERE unit_id = NEW.unit_id AND role = NEW.role AND lent < lendable - borne_for_others(unit_id, role);
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
