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
