-- name: lock_people
-- Lock people until what takes their time is written. Whoever locks lines or donors as well locks the people first.
SELECT person_id FROM people WHERE person_id = ANY (:people::uuid[]) ORDER BY person_id FOR NO KEY UPDATE;

-- name: lock_lines
-- Lock lines until places of them are written.
SELECT line_id FROM request_lines WHERE line_id = ANY (:line_ids::text[]) ORDER BY line_id FOR UPDATE;

-- name: room_of_lines
-- How many places of each line nobody fills, is offered or is on the way to.
SELECT l.line_id,
       (l.quantity - movers_to(l.line_id)
        - count(p.placement_id) FILTER (WHERE p.fills OR p.state IN ('OFFERED', 'CONDITION_PENDING')))::int AS room
  FROM request_lines l LEFT JOIN placements p USING (line_id)
 WHERE l.line_id = ANY (:line_ids::text[]) GROUP BY l.line_id;

-- name: known_of
-- Those of the placements that the books know already.
SELECT placement_id FROM placements WHERE placement_id = ANY (:placement_ids::uuid[]);

-- name: fit_of_picks^
-- How many picks of a plan for a surge have lost their place since it was made, and how many people are free for it no more.
WITH pick AS (
    SELECT picked.*, line.report_at, line.due_back
      FROM unnest(:people::uuid[], :lines::text[]) AS picked (person_id, line_id)
      JOIN request_lines line USING (line_id) WHERE line.surge_id = :surge_id),
wanted AS (SELECT line_id, count(*) AS people FROM pick GROUP BY line_id)
SELECT (SELECT coalesce(sum(greatest(0, w.people - CASE WHEN l.closed_at IS NOT NULL OR l.due_back <= :at THEN 0 ELSE
                   l.quantity - movers_to(l.line_id) - (
                       SELECT count(*) FROM placements p
                        WHERE p.line_id = l.line_id AND (p.fills OR p.state IN ('OFFERED', 'CONDITION_PENDING'))) END)), 0)::int
          FROM wanted w JOIN request_lines l USING (line_id)) AS places_filled,
       (SELECT count(*)::int FROM pick
         WHERE EXISTS (SELECT FROM placements p
                        WHERE p.person_id = pick.person_id
                          AND (p.held AND with_rest(p, :cooling_off::interval, :rest_days::int, :rest_per_duty_days::int)
                                   && tstzrange(greatest(pick.report_at, :at::timestamptz), pick.due_back)
                            OR p.out AND p.due_back <= :at::timestamptz
                            OR p.surge_id = :surge_id AND p.leaving IS DISTINCT FROM 'REPORTED_DEAD' AND p.state IN ('DECLINED', 'NO_RESPONSE', 'REFUSED', 'WITHDRAWN', 'ORDER_CANCELLED')))
            OR NOT serves_in(pick.person_id, :government_id, 'infinity')) AS people_gone;

-- name: unrested
-- Who of these people has too little time to rest between the line and another duty (S05). Duties that overlap are for the
-- guard of the books.
SELECT pick.person_id::text FROM unnest(:people::uuid[], :lines::text[]) AS pick (person_id, line_id)
  JOIN request_lines line USING (line_id)
 CROSS JOIN LATERAL tstzrange(greatest(line.report_at, :at::timestamptz), line.due_back) AS duty
 WHERE line.due_back > :at::timestamptz AND EXISTS (
       SELECT FROM placements p
        WHERE p.person_id = pick.person_id AND p.held AND NOT tstzrange(p.report_at, greatest(p.extend_until, p.due_back)) && duty
          AND with_rest(p, :cooling_off::interval, :rest_days::int, :rest_per_duty_days::int) && duty);
