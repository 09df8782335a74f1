-- name: openings_of
-- A line that somebody might be moved to, with what says whether they may serve it; without one named, the lines of other
-- sites of the same surge with the same role and room, the most urgent one first.
SELECT l.line_id, l.surge_id, l.role, l.site, l.report_at, l.due_back, coalesce((SELECT max(upper(c.period)) FROM cover c WHERE c.operation_id = s.operation_id), s.letter_until,
                'infinity') AS covered_until, free.room,
       l.closed_at IS NULL AND s.state IN ('SOURCING', 'PARTLY_FILLED', 'FILLED', 'ACTIVE')
           AND s.government_id = p.government_id AND l.line_id <> p.line_id AS asking,
       l.role = own.role AS same_role, l.substitutes, s.rule_pack, who.role AS home_role,
       who.exempt_code IS NOT NULL AND (who.exempt_until IS NULL OR who.exempt_until >= local_day(p.government_id, greatest(l.report_at, p.since))) AS exempt,
       (SELECT coalesce(jsonb_object_agg(k.skill, k.level), '{}') FROM person_skills k
         WHERE k.person_id = who.person_id AND (k.expires_on IS NULL OR k.expires_on >= local_day(p.government_id, l.due_back))) AS skills,
       s.letter_until IS NOT NULL AS by_letter, l.max_km, coalesce(who.home_lat, u.lat) AS home_lat, coalesce(who.home_lon, u.lon) AS home_lon,
       l.lat AS site_lat, l.lon AS site_lon
  FROM placements p JOIN request_lines own USING (line_id)
  JOIN request_lines l ON CASE WHEN :line_id::text IS NULL
                          THEN l.surge_id = p.surge_id AND l.role = own.role AND l.site <> own.site ELSE l.line_id = :line_id END
  JOIN surges s ON s.surge_id = l.surge_id
  JOIN people who ON who.person_id = p.person_id JOIN units u ON u.unit_id = who.unit_id
  CROSS JOIN LATERAL (
    SELECT l.quantity - movers_to(l.line_id)
           - count(*) FILTER (WHERE o.fills OR o.state IN ('OFFERED', 'CONDITION_PENDING'))::int
           + (p.extend_line_id IS NOT DISTINCT FROM l.line_id)::int AS room
      FROM placements o WHERE o.line_id = l.line_id) AS free
 WHERE p.placement_id = :placement_id
   AND (:line_id::text IS NOT NULL OR (free.room > 0 AND l.closed_at IS NULL AND l.due_back > greatest(p.report_at, p.since)
        AND covered(l.surge_id, greatest(l.report_at, p.since), l.due_back)))
 ORDER BY l.priority, l.line_id;

-- name: longer_duty^
-- What the roster says of somebody on the days that a longer duty would add: leave and training (S07), the end of the service
-- (S08), and what they can to the last day of it (S06).
SELECT l.role, l.substitutes, s.rule_pack, who.role AS home_role,
       (SELECT coalesce(jsonb_object_agg(k.skill, k.level), '{}') FROM person_skills k
         WHERE k.person_id = who.person_id
           AND (k.expires_on IS NULL OR k.expires_on >= local_day(p.government_id, last.instant))) AS skills,
       EXISTS (SELECT FROM absences a
                WHERE a.person_id = p.person_id
                  AND tstzrange(lower(a.period)::timestamp AT TIME ZONE g.zone, upper(a.period)::timestamp AT TIME ZONE g.zone)
                      && tstzrange(p.due_back, :until::timestamptz)) AS away,
       coalesce(who.leaves_on <= local_day(p.government_id, last.instant), false) AS leaves
  FROM placements p JOIN governments g USING (government_id) JOIN people who ON who.person_id = p.person_id
  JOIN request_lines l ON l.line_id = :line_id JOIN surges s ON s.surge_id = l.surge_id
  -- An end at midnight belongs to the day before.
  CROSS JOIN (SELECT :until::timestamptz - interval '1 microsecond' AS instant) AS last
 WHERE p.placement_id = :placement_id;

-- name: next_too_near$
-- The next duty of somebody that a later end of theirs comes too near to (S05).
SELECT next_too_near(p, :until::timestamptz, :cooling_off::interval, :rest_days::int, :rest_per_duty_days::int)
  FROM placements p WHERE p.placement_id = :placement_id AND :until::timestamptz > p.due_back;

-- name: next_duty^
-- The line of the next duty that somebody has, or was offered, and how long after the ordered end of this one it begins.
SELECT next.line_id, next.report_at - p.due_back AS after
  FROM placements p JOIN placements next USING (person_id)
 WHERE p.placement_id = :placement_id AND next.held AND next.report_at >= p.due_back
 ORDER BY next.report_at LIMIT 1;

-- name: room_on$
-- How many places of a line nobody fills, is offered or is on the way to but this one; the line is locked until the move is in.
SELECT l.quantity - (SELECT count(*) FROM placements o
                      WHERE o.placement_id <> :placement_id AND o.held IS NOT NULL
                        AND (o.extend_line_id = l.line_id AND o.held
                             OR o.line_id = l.line_id AND (o.fills OR o.state IN ('OFFERED', 'CONDITION_PENDING'))))::int
  FROM request_lines l WHERE l.line_id = :line_id FOR UPDATE OF l;

-- name: move_on!
-- Open the placement on another post, from the one that has just ended: on the way, on the order that names both.
INSERT INTO placements (placement_id, government_id, surge_id, line_id, person_id, unit_id, role, plan_id, override_id,
                        order_id, state, revision, since, report_at, due_back, held, out, fills, directed, offered_at,
                        departed_at, extensions, moved_from, stay_from, post_unit_id, acting_mandate_id, acting_until,
                        day_off_at, awake_since, rest_began_at, rest_lacking)
SELECT :placement_id, p.government_id, line.surge_id, line.line_id, p.person_id, p.unit_id, p.role, p.plan_id,
       -- An override is given for one surge.
       CASE WHEN p.surge_id = line.surge_id THEN p.override_id END,
       :order_id, :state, 0, :at, :report_at, :due_back, true, true, true, p.directed, :at, :at, :extensions,
       p.placement_id, :stay_from, p.post_unit_id, p.acting_mandate_id, p.acting_until,
       :day_off_at, :awake_since, :rest_began_at, :rest_lacking
  FROM placements p, request_lines line WHERE p.placement_id = :moved_from AND line.line_id = :line_id;

-- name: hand_extract_on!
-- The extract of the order to another post belongs to the placement there.
UPDATE documents SET placement_id = :placement_id WHERE order_id = :order_id AND placement_id = :moved_from;

-- name: moved_to^
-- The placement that somebody was moved on to.
SELECT p.placement_id, s.rule_pack FROM placements p JOIN surges s USING (surge_id) WHERE p.moved_from = :placement_id;

-- name: line_of$
-- The line that a placement stands on.
SELECT line_id FROM placements WHERE placement_id = :placement_id;

-- name: surge_of_line$
-- The surge that a line belongs to.
SELECT surge_id FROM request_lines WHERE line_id = :line_id;

-- name: override_of$
-- The override that a hold draws on, if any.
SELECT override_id FROM placements WHERE placement_id = :placement_id;

-- name: duty_of_stay$
-- The days on duty of a stay up to a placement that has ended, over all posts.
SELECT duty_of_stay(:placement_id);

-- name: food_of_line$
-- Who feeds the people of a line, where that was said.
SELECT conditions ->> 'food' FROM request_lines WHERE line_id = :line_id;
