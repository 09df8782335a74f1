-- Who came to a unit by a later roster, while another one lends them, is not there to be lent with; whom it drops is not ordered out.
-- depends: 0065_rosters_come_later

CREATE FUNCTION borne_for_others(unit text, home_role text) RETURNS integer STABLE LANGUAGE sql AS $$
    SELECT count(*)::int FROM people who JOIN placements p ON p.person_id = who.person_id AND p.held
     WHERE who.unit_id = unit AND who.role = home_role AND who.active AND (p.unit_id, p.role) <> (unit, home_role)
$$;

-- As before (0002); but whoever lives after all is away, and whoever moves on to another post is lent already, whatever their unit
-- may lend since they left: nobody lends them anew.
CREATE OR REPLACE FUNCTION take_or_give_back_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was   boolean := TG_OP = 'UPDATE' AND OLD.held;
    lives boolean := TG_OP = 'UPDATE' AND OLD.state IN ('ACCIDENT_REPORT_OWED', 'DECEASED');
    moves boolean := NEW.moved_from IS NOT NULL AND EXISTS (
        SELECT FROM placements former
         WHERE former.placement_id = NEW.moved_from AND former.unit_id = NEW.unit_id AND former.role = NEW.role
           AND former.override_id IS NULL);
BEGIN
    IF NEW.held AND NOT was THEN
        IF NEW.override_id IS NULL THEN
            UPDATE unit_roles SET lent = lent + 1
             WHERE unit_id = NEW.unit_id AND role = NEW.role
               AND (lent < lendable - borne_for_others(unit_id, role) OR lives OR moves);
        ELSE
            UPDATE redline_overrides SET used = used + 1
             WHERE override_id = NEW.override_id AND unit_id = NEW.unit_id AND role = NEW.role
               AND surge_id = NEW.surge_id AND (used < extra OR lives);
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

-- Nobody is ordered out whom the roster names no more, or who serves no more as a case told; who has left is owed the paper all
-- the same.
CREATE OR REPLACE VIEW waiting_for_order AS
SELECT p.placement_id, p.surge_id, CASE WHEN p.order_id IS NOT NULL OR p.departed_at IS NULL THEN p.due_back END AS in_time,
       p.order_id IS NOT NULL AS prolongs
  FROM placements p JOIN people who USING (person_id)
 WHERE p.order_id IS NULL
       AND (p.state IN ('RELEASED', 'ORDER_SIGNED') AND p.post_filled
            AND who.active AND who.died_at IS NULL AND who.left_at IS NULL
            OR p.departed_at IS NOT NULL)
    OR cardinality(p.extend_agreed) = 3 AND p.extend_line_id IS NULL AND p.amending_order_id IS NULL AND p.post_filled
UNION
SELECT p.placement_id, l.surge_id, p.due_back, true
  FROM placements p JOIN request_lines l ON l.line_id = p.extend_line_id
 WHERE p.held AND p.order_id IS NOT NULL AND cardinality(p.extend_agreed) = 3 AND p.amending_order_id IS NULL AND p.post_filled;
