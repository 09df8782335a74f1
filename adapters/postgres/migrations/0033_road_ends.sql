-- Nobody is ordered out for a duty that is over when the order is signed; who went by word of mouth is owed the paper all
-- the same. `in_time`: until when a signature comes in time, `prolongs`: whether it prolongs a duty that is ordered already.
-- depends: 0032_travel_orders

CREATE OR REPLACE VIEW waiting_for_order AS
SELECT placement_id, surge_id, CASE WHEN order_id IS NOT NULL OR departed_at IS NULL THEN due_back END AS in_time,
       order_id IS NOT NULL AS prolongs
  FROM placements
 WHERE order_id IS NULL AND (state IN ('RELEASED', 'ORDER_SIGNED') AND post_filled OR departed_at IS NOT NULL)
    OR cardinality(extend_agreed) = 3 AND extend_line_id IS NULL AND amending_order_id IS NULL AND post_filled
UNION
SELECT p.placement_id, l.surge_id, p.due_back, true
  FROM placements p JOIN request_lines l ON l.line_id = p.extend_line_id
 WHERE p.held AND p.order_id IS NOT NULL AND cardinality(p.extend_agreed) = 3 AND p.amending_order_id IS NULL AND p.post_filled;

-- Who proposed the longer duty or the other post that stands, for whom they acted, and on whose side. They answer it for no
-- other side, whatever office else they hold.
ALTER TABLE placements
    ADD COLUMN extend_by   uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN extend_side text;

CREATE FUNCTION keep_sides_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'REFUSED' AND EXISTS (
        SELECT FROM placements
         WHERE NEW.case_id = 'secondment:' || placement_id
           AND extend_by && array_remove(ARRAY[NEW.actor_id, NEW.on_behalf_of], NULL)
           AND extend_side <> CASE WHEN NEW.capacity IN ('COMMAND_POST', 'COORDINATOR') THEN 'HOST' ELSE 'HOME' END) THEN
        RAISE EXCEPTION 'nobody answers the own proposal for another side'
            USING ERRCODE = 'SG002', CONSTRAINT = 'own_proposal';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sides_apart BEFORE INSERT OR UPDATE OF state, actor_id, on_behalf_of, capacity, kind, case_id ON commands
    FOR EACH ROW WHEN (NEW.kind IN ('APPROVE_EXTENSION', 'DENY_EXTENSION', 'APPROVE_REASSIGNMENT', 'DENY_REASSIGNMENT'))
    EXECUTE FUNCTION keep_sides_apart();
