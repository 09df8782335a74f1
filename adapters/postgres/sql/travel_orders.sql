-- name: draw_numbers$
-- Draw so many numbers of a register in a row, and return the last; the row is locked until this short transaction ends.
INSERT INTO registers (government_id, register, year, last) VALUES (:government_id, :register, :year, :count)
ON CONFLICT (government_id, register, year) DO UPDATE SET last = registers.last + :count
RETURNING last;

-- name: number_travel_orders!
-- Number the travel orders of everybody on an order, in the order of its list, and keep what they say of the journey.
INSERT INTO travel_orders (order_id, placement_id, government_id, register, year, sequence, number, role, line_id, site, leaves_from,
                           report_at, due_back, amends)
SELECT :order_id, t.placement_id, :government_id, :register, :year, t.sequence, t.number, t.role, t.line_id, t.site,
       CASE WHEN t.moves THEN former.site END, t.report_at, t.due_back,
       (SELECT before.number FROM travel_orders before WHERE before.placement_id = t.placement_id
         ORDER BY before.year DESC, before.sequence DESC LIMIT 1)
  FROM unnest(:placement_ids::uuid[], :sequences::int[], :numbers::text[], :roles::text[], :line_ids::text[], :sites::text[],
              :moves::bool[], :reports::timestamptz[], :dues::timestamptz[])
       AS t (placement_id, sequence, number, role, line_id, site, moves, report_at, due_back)
  JOIN placements p USING (placement_id) JOIN request_lines former ON former.line_id = p.line_id;

-- name: travel_orders_numbered^
-- What was numbered with an order, person by person, with the order's salt.
SELECT order_id, salt, rows FROM travel_orders_numbered WHERE order_id = :order_id;

-- name: travel_order^
-- What a travel order says of the journey and the person; its head is the assignment order's.
SELECT t.placement_id, t.number, t.role, t.line_id, t.site, t.leaves_from, t.report_at, t.due_back, t.amends, p.person_id,
       i.name, i.nip, person.grade, coalesce(pos.name, person.role) AS position, p.unit_id, u.name AS unit
  FROM travel_orders t JOIN placements p USING (placement_id) JOIN people person USING (person_id)
  JOIN person_identities i USING (person_id) JOIN units u ON u.unit_id = p.unit_id
  LEFT JOIN positions pos ON pos.position_id = person.position_id
 WHERE t.order_id = :order_id AND t.placement_id = :placement_id;

-- name: travel_order_file^
-- A travel order as PDF.
SELECT file FROM travel_order_files WHERE order_id = :order_id AND placement_id = :placement_id;

-- name: keep_travel_order!
-- Keep a travel order as PDF; the first one stays.
WITH kept AS (
    INSERT INTO travel_order_files (order_id, placement_id, file) VALUES (:order_id, :placement_id, :file)
    ON CONFLICT DO NOTHING RETURNING order_id)
UPDATE travel_orders t SET sha256 = :sha256 FROM kept WHERE t.order_id = kept.order_id AND t.placement_id = :placement_id;

-- name: travel_orders_of
-- Whose travel orders somebody has, in the order of their signing.
SELECT t.order_id, t.number FROM travel_orders t JOIN orders o USING (order_id)
 WHERE t.placement_id = :placement_id ORDER BY o.signed_at, t.sequence;

-- name: hand_travel_order_on!
-- The travel order to another post belongs to the placement there.
UPDATE travel_orders SET placement_id = :placement_id WHERE order_id = :order_id AND placement_id = :moved_from;
