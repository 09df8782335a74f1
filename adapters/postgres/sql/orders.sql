-- name: order_of_command^
-- The order that a decision made, or makes.
SELECT order_id, number FROM orders WHERE command_id = :command_id AND state <> 'VOID';

-- name: next_number^
-- Draw the next number of a register; the row is locked until this short transaction ends.
INSERT INTO registers (government_id, register, year, last) VALUES (:government_id, :register, :year, 1)
ON CONFLICT (government_id, register, year) DO UPDATE SET last = registers.last + 1
RETURNING last;

-- name: reserve_order^
-- Bind a drawn number to an order; its row.
INSERT INTO orders (order_id, government_id, surge_id, register, year, sequence, number, state, command_id, salt,
                    signatory_id, signed_at)
VALUES (:order_id, :government_id, :surge_id, :register, :year, :sequence, :number, 'RESERVED', :command_id, :salt,
        :signatory_id, :signed_at)
RETURNING *;

-- name: put_on_order
-- Put everyone on the order who is released and is not on another, who has agreed to a longer duty, or is to move to a line
-- of this surge, where the duty had not ended when it was signed; and everyone who has gone by word of mouth.
-- Nobody leaves a post, or stays away from it longer, in which nobody acts (S09); nobody stays so long that they have no rest
-- before the next duty (S05).
UPDATE placements p SET order_id = coalesce(order_id, :order_id),
       amending_order_id = CASE WHEN order_id IS NULL THEN amending_order_id ELSE :order_id END
 WHERE placement_id IN (SELECT placement_id FROM waiting_for_order WHERE surge_id = :surge_id AND (in_time IS NULL OR in_time > :signed_at))
   AND NOT grows_too_near(p, :cooling_off::interval, :rest_days::int, :rest_per_duty_days::int)
RETURNING placement_id;

-- name: count_waiting_for_order$
-- How many wait for an order of a surge, and may stand on it.
SELECT count(*)::int FROM waiting_for_order w JOIN placements p USING (placement_id)
 WHERE w.surge_id = :surge_id AND (in_time IS NULL OR in_time > :signed_at)
   AND NOT grows_too_near(p, :cooling_off::interval, :rest_days::int, :rest_per_duty_days::int);

-- name: held_up
-- Who is released and cannot leave for want of an order.
SELECT placement_id FROM placements
 WHERE surge_id = :surge_id AND state = 'RELEASED' AND order_id IS NULL AND post_filled ORDER BY placement_id;

-- name: order_head^
-- What stands on an order but its people.
SELECT o.order_id, o.government_id, o.number, o.signed_at, o.salt, o.signatory_id, s.title, s.funding, s.rule_pack,
       g.zone, g.letterhead, g.place, g.name AS government, g.level AS government_level, g.synthetic, i.name AS signatory, i.nip AS signatory_nip,
       p.grade AS signatory_grade, pos.name AS signatory_position, c.tenure, m.letter AS mandate_letter,
       office.name AS holder_position,
       status.decree, status.decree_date, status.status, status.level AS decree_level, status.until, coalesce(op.title, s.title) AS operation,
       s.letter_number, s.letter_date, s.letter_office, s.letter_until, unit.name AS unit,
       s.oral_capacity, s.oral_at, s.paper_by,
       (SELECT max(due_back) FROM request_lines line WHERE line.surge_id = s.surge_id) AS last_due_back
  FROM orders o JOIN surges s USING (surge_id) LEFT JOIN operations op USING (operation_id)
  LEFT JOIN units unit ON unit.unit_id = s.unit_id
  JOIN governments g ON g.government_id = o.government_id
  JOIN commands c ON c.command_id = o.command_id LEFT JOIN mandates m USING (mandate_id)
  LEFT JOIN people holder ON holder.person_id = c.on_behalf_of
  LEFT JOIN positions office ON office.position_id = holder.position_id
  JOIN people p ON p.person_id = o.signatory_id JOIN person_identities i ON i.person_id = p.person_id
  LEFT JOIN positions pos ON pos.position_id = p.position_id
  LEFT JOIN LATERAL (SELECT decree, decree_date, status, level, upper(period) AS until FROM operation_statuses st
                      WHERE st.operation_id = s.operation_id ORDER BY upper(period) DESC, number DESC LIMIT 1) AS status ON true
 WHERE o.order_id = :order_id;

-- name: order_people
-- Who stands on an order.
SELECT pl.placement_id, pl.person_id, i.name, i.nip, p.grade, coalesce(pos.name, p.role) AS position,
       pl.unit_id, u.name AS unit, line.role, line.site, line.line_id, line.needed_until, line.shift_on, line.shift_off,
       pl.override_id,
       -- Whoever moves to another post stands on its order with that post, from the signing on.
       CASE WHEN line.line_id <> pl.line_id THEN amending.signed_at ELSE pl.report_at END AS report_at,
       -- On an order that prolongs a duty stands the amended end, and the number that it amends.
       CASE WHEN pl.amending_order_id = :order_id THEN pl.extend_until ELSE pl.due_back END AS due_back,
       CASE WHEN pl.amending_order_id = :order_id THEN former.number END AS amends, line.line_id <> pl.line_id AS moves,
       pl.acting_mandate_id, post.name AS post, acting.name AS acting_name, m.letter AS acting_letter
  FROM placements pl
  LEFT JOIN orders amending ON amending.order_id = :order_id
  JOIN request_lines line ON line.line_id = CASE WHEN pl.amending_order_id = :order_id THEN coalesce(pl.extend_line_id, pl.line_id)
                                            ELSE pl.line_id END
  JOIN people p ON p.person_id = pl.person_id JOIN person_identities i ON i.person_id = pl.person_id
  JOIN units u ON u.unit_id = pl.unit_id LEFT JOIN positions pos ON pos.position_id = p.position_id
  LEFT JOIN units post ON post.unit_id = pl.post_unit_id LEFT JOIN mandates m ON m.mandate_id = pl.acting_mandate_id
  LEFT JOIN person_identities acting ON acting.person_id = m.substitute_id
  LEFT JOIN orders former ON former.order_id = pl.order_id
 WHERE pl.order_id = :order_id OR pl.amending_order_id = :order_id ORDER BY u.name, i.name, pl.placement_id;

-- name: keep_document!
-- Keep a rendered file; the same file again changes nothing.
INSERT INTO documents (order_id, placement_id, sha256, file) VALUES (:order_id, :placement_id, :sha256, :file)
ON CONFLICT (order_id, placement_id) DO UPDATE SET sha256 = excluded.sha256, file = excluded.file;

-- name: papers_of_order$
-- One hash over the files of everybody on an order.
SELECT papers FROM order_papers WHERE order_id = :order_id;

-- name: order_state^
-- Where an order stands, by whose decision, and whether this is its file; locked until it is issued or given up.
SELECT orders.state, command_id, surge_id, s.rule_pack,
       EXISTS (SELECT FROM documents d WHERE d.order_id = orders.order_id AND d.placement_id IS NULL AND d.sha256 = :file_sha256) AS kept
  FROM orders JOIN surges s USING (surge_id) WHERE order_id = :order_id FOR UPDATE OF orders;

-- name: fallen_from_order
-- Whom a typeset order names who does not go, or does not stay longer, any more. All whom it names are locked.
WITH named AS (
    SELECT p.placement_id, p.order_id, p.amending_order_id, p.state, p.departed_at, p.extend_agreed,
           p.post_filled, p AS self
      FROM documents d JOIN placements p USING (placement_id)
     WHERE d.order_id = :order_id ORDER BY p.placement_id FOR UPDATE OF p)
SELECT placement_id FROM named
 WHERE NOT coalesce(order_id = :order_id AND (state IN ('RELEASED', 'ORDER_SIGNED') AND post_filled OR departed_at IS NOT NULL)
                    OR amending_order_id = :order_id AND cardinality(extend_agreed) = 3 AND post_filled
                       AND NOT grows_too_near(self, :cooling_off::interval, :rest_days::int, :rest_per_duty_days::int), false)
 ORDER BY placement_id;

-- name: issue_order!
-- From here on the number is used.
UPDATE orders SET state = 'ISSUED', facts_sha256 = :facts_sha256, file_sha256 = :file_sha256,
       verification_code = :code
 WHERE order_id = :order_id AND state = 'RESERVED';

-- name: void_order^
-- Give a reserved number up, with the reason; no row when it is reserved no more.
UPDATE orders o SET state = 'VOID', void_reason = :reason FROM surges s
 WHERE order_id = :order_id AND o.state = 'RESERVED' AND s.surge_id = o.surge_id
   AND (:of_surge::text IS NULL OR o.surge_id = :of_surge)
RETURNING o.government_id, o.surge_id, o.number, o.signed_at, s.rule_pack;

-- name: take_off_order!
-- Let the people of a voided order be ordered again.
UPDATE placements SET order_id = nullif(order_id, :order_id), amending_order_id = nullif(amending_order_id, :order_id)
 WHERE :order_id IN (order_id, amending_order_id) AND EXISTS (SELECT FROM orders o WHERE o.order_id = :order_id AND o.state = 'VOID');

-- name: unserved_people
-- Whose order is issued and whose case has not heard of it; the order to another post is one of the surge there.
SELECT o.order_id, p.placement_id
  FROM placements p JOIN orders o ON o.order_id = CASE p.state WHEN 'RELEASED' THEN p.order_id ELSE p.amending_order_id END
 WHERE o.surge_id = :surge_id AND o.state = 'ISSUED' ORDER BY p.placement_id;

-- name: document^
-- A rendered file of an issued order.
SELECT d.file, d.sha256, o.number, o.government_id FROM documents d JOIN orders o USING (order_id)
 WHERE d.order_id = :order_id AND d.placement_id IS NOT DISTINCT FROM :placement_id AND o.state = 'ISSUED';

-- name: orders_of_surge
-- The orders of a surge, in the order of their numbers.
SELECT order_id, number, state, void_reason, signed_at, file_sha256, facts_sha256, verification_code,
       -- Whom the paper names, also where it prolongs a duty or leads to another post; before it is set, who is to stand on it.
       coalesce(nullif((SELECT count(*) FROM documents d WHERE d.order_id = o.order_id AND d.placement_id IS NOT NULL), 0),
                (SELECT count(*) FROM placements p WHERE o.order_id IN (p.order_id, p.amending_order_id)))::int AS people
  FROM orders o WHERE surge_id = :surge_id ORDER BY year, sequence;
