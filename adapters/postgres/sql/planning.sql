-- name: planning_people^
-- Everybody on the roster as columns: where from, what they can, and what keeps them at home.
WITH able AS (
    -- One bit for each need; whoever has level 2 has the bit of level 1 too. A certificate lasts to the last day of the line.
    SELECT s.person_id, bit_or(1::bigint << (need.nth - 1)::int) AS bits
      FROM person_skills s
      JOIN unnest(:skills::text[], :levels::int[], :last_days::date[]) WITH ORDINALITY AS need (skill, level, last_day, nth)
        ON need.skill = s.skill AND s.level >= need.level
     WHERE s.expires_on IS NULL OR s.expires_on >= need.last_day GROUP BY s.person_id),
last AS (
    -- The days off that were granted on return, for the whole stay, are the calendar days that follow it. Whom a decree took
    -- over does not return: their duty ended with the decree.
    SELECT p.person_id, max(ended.at) AS ended_at,
           max((local_day(p.government_id, ended.at) + 1 + CASE WHEN p.moved_from IS NULL THEN e.duty ELSE duty_of_stay(p.placement_id) END
                   * :rest_days::int / :rest_per_duty_days::int)::timestamp AT TIME ZONE g.zone) AS rested_at
      FROM placements p JOIN governments g USING (government_id) LEFT JOIN experiences e USING (placement_id)
     CROSS JOIN LATERAL (SELECT CASE WHEN p.state = 'CONVERTED' THEN p.since ELSE p.returned_at END AS at) AS ended
     WHERE ended.at IS NOT NULL AND p.government_id = :government_id GROUP BY p.person_id),
year AS (SELECT * FROM served_in_a_year(:government_id, :at::timestamptz)),
late AS (
    SELECT DISTINCT person_id FROM placements
     WHERE out AND due_back <= :at::timestamptz),
office AS (
    -- Who heads one unit and holds no other office may be sent by name, once somebody acts for them.
    SELECT person_id, count(*) = 1 AND bool_and(capacity = 'UNIT_HEAD' AND appointed) AS heads
      FROM (SELECT person_id, capacity, true AS appointed FROM appointments
             WHERE government_id = :government_id AND valid @> local_day(government_id, :at::timestamptz)
             UNION ALL
            SELECT substitute_id, capacity, false FROM mandates
             WHERE government_id = :government_id AND tenure <> 'SUBSTITUTE' AND revoked_at IS NULL AND upper(valid) > :at::timestamptz) AS held
     GROUP BY person_id)
SELECT coalesce(array_agg(p.person_id::text), '{}') AS ids,
       coalesce(array_agg(p.unit_id), '{}') AS units,
       coalesce(array_agg(p.role), '{}') AS roles,
       coalesce(array_agg(coalesce(able.bits, 0)), '{}') AS skills,
       coalesce(array_agg(coalesce(p.home_lat, u.lat)), '{}') AS lats,
       coalesce(array_agg(coalesce(p.home_lon, u.lon)), '{}') AS lons,
       coalesce(array_agg(CASE
           WHEN p.exempt_code IS NOT NULL AND (p.exempt_until IS NULL OR p.exempt_until >= :at::timestamptz::date)
               THEN 'S02'
           WHEN p.affected_until >= :at::timestamptz::date THEN 'S03'
           WHEN late.person_id IS NOT NULL THEN 'STILL_OUT'
           WHEN greatest(last.ended_at + :cooling_off::interval, last.rested_at) > :at::timestamptz
               OR year.duty >= :yearly_duty::int + year.raised THEN 'S05'
           WHEN office.heads THEN 'HEAD'
           WHEN office.person_id IS NOT NULL THEN 'S09'
           ELSE '' END), '{}') AS blocked,
       coalesce(array_agg(p.volunteer), '{}') AS volunteers,
       coalesce(array_agg(CASE WHEN last.ended_at IS NULL THEN -1
           ELSE greatest(0, extract(day FROM :at::timestamptz - last.ended_at))::int END), '{}') AS days_since
  FROM people p JOIN units u USING (unit_id)
  LEFT JOIN able USING (person_id) LEFT JOIN last USING (person_id) LEFT JOIN late USING (person_id)
  LEFT JOIN office USING (person_id) LEFT JOIN year USING (person_id)
 WHERE p.government_id = :government_id AND p.active
   -- The roster may learn late of a death, or that somebody retires; the cases know it.
   AND p.died_at IS NULL AND p.left_at IS NULL;

-- name: planning_busy^
-- When people cannot go: leave and training, the placements that hold them with the rest around each (S05), and after their
-- service has ended (S08).
SELECT coalesce(array_agg(person_id::text), '{}') AS ids,
       coalesce(array_agg(starts), '{}') AS starts, coalesce(array_agg(ends), '{}') AS ends
  FROM (SELECT a.person_id, extract(epoch FROM lower(a.period)::timestamp AT TIME ZONE g.zone)::bigint AS starts,
               extract(epoch FROM upper(a.period)::timestamp AT TIME ZONE g.zone)::bigint AS ends
          FROM absences a JOIN people p USING (person_id) JOIN governments g USING (government_id)
         WHERE p.government_id = :government_id AND upper(a.period) > :at::timestamptz::date
         UNION ALL
        SELECT person_id, extract(epoch FROM lower(rested))::bigint, extract(epoch FROM upper(rested))::bigint
          FROM placements p, with_rest(p, :cooling_off::interval, :rest_days::int, :rest_per_duty_days::int) AS rested
         WHERE government_id = :government_id AND held
         UNION ALL
        SELECT p.person_id, extract(epoch FROM p.leaves_on::timestamp AT TIME ZONE g.zone)::bigint,
               extract(epoch FROM timestamptz '2200-01-01')::bigint
          FROM people p JOIN governments g USING (government_id)
         WHERE p.government_id = :government_id AND p.leaves_on <= :last_day::date) AS busy;

-- name: planning_unit_roles
-- What each donor has, lends and may still lend; overrides of this surge are added. A roster may have come since somebody
-- left: then they are of the headcount where they are now, and not where they were.
WITH away AS (
    SELECT p.unit_id, p.role, who.unit_id AS now_unit, who.role AS now_role, who.active, count(*)::int AS people
      FROM placements p JOIN people who USING (person_id)
     WHERE p.held AND p.government_id = :government_id
       AND (NOT who.active OR (who.unit_id, who.role) <> (p.unit_id, p.role))
     GROUP BY p.unit_id, p.role, who.unit_id, who.role, who.active),
gone AS (SELECT unit_id, role, sum(people)::int AS people FROM away GROUP BY unit_id, role),
borne AS (SELECT now_unit AS unit_id, now_role AS role, sum(people)::int AS people FROM away WHERE active GROUP BY now_unit, now_role),
counted AS (
    SELECT ur.unit_id, ur.role, ur.headcount, ur.critical,
           least(ur.headcount, ur.lent + coalesce(o.used, 0)::int - coalesce(gone.people, 0) + coalesce(borne.people, 0)) AS lent,
           greatest(0, ur.lendable - ur.lent - coalesce(borne.people, 0))::int + coalesce(o.left_over, 0)::int AS lendable
      FROM unit_roles ur
      LEFT JOIN (SELECT unit_id, role, sum(used) FILTER (WHERE true) AS used,
                        sum(extra - used) FILTER (WHERE surge_id = :surge_id) AS left_over
                   FROM redline_overrides GROUP BY unit_id, role) AS o USING (unit_id, role)
      LEFT JOIN gone USING (unit_id, role) LEFT JOIN borne USING (unit_id, role)
     WHERE ur.government_id = :government_id)
SELECT unit_id, role, headcount, lent, least(lendable, headcount - lent) AS lendable, critical FROM counted ORDER BY unit_id, role;

-- name: planning_given
-- The person-days that each unit's people were away within the year; begun ones count whole.
SELECT unit_id, sum(ceil(extract(epoch FROM until - greatest(departed_at, :at::timestamptz - interval '365 days')) / 86400))::int AS days
  FROM (SELECT unit_id, departed_at, least(:at, CASE WHEN out THEN :at ELSE coalesce(returned_at, since) END) AS until
          FROM placements WHERE government_id = :government_id AND departed_at IS NOT NULL AND departed_at < :at) AS away
 WHERE until > greatest(departed_at, :at - interval '365 days') GROUP BY unit_id;

-- name: planning_lines
-- The empty seats of all open surges of a government; of one surge, every line that is not over, as if the tried lines
-- asked for so many. A seat that fell empty and ends soon is left.
SELECT * FROM (
    SELECT line.line_id, line.surge_id, line.role, line.priority, line.lat, line.lon, line.substitutes, line.max_km,
           line.team,
           greatest(line.report_at, :at::timestamptz) AS report_at, line.due_back,
           CASE WHEN line.report_at < :at::timestamptz AND line.due_back < :at::timestamptz + :shortest_duty::interval THEN 0
           ELSE greatest(0, coalesce((SELECT tried.asks FROM unnest(:tried::text[], :asks::int[]) AS tried (line_id, asks)
                                       WHERE tried.line_id = line.line_id), line.quantity) - count(p.placement_id) FILTER
               (WHERE p.fills OR p.state IN ('OFFERED', 'CONDITION_PENDING')) - movers_to(line.line_id))::int END AS quantity
      FROM request_lines line JOIN surges s USING (surge_id) LEFT JOIN placements p USING (line_id)
     WHERE s.government_id = :government_id AND line.due_back > :at::timestamptz AND line.closed_at IS NULL
       AND s.state IN ('APPROVED', 'SOURCING', 'PARTLY_FILLED', 'FILLED', 'ACTIVE')
     GROUP BY line.line_id) AS seat
 WHERE quantity > 0 OR surge_id = :whole::text ORDER BY line_id;

-- name: planning_excluded
-- Who was asked for a surge and does not come, or has left it early; and who serves in the unit that asks for help.
SELECT person_id::text, surge_id FROM placements
 WHERE government_id = :government_id
   -- Whoever was dead by mistake before they left has said no to nothing.
   AND NOT (state = 'WITHDRAWN' AND leaving IS NOT DISTINCT FROM 'REPORTED_DEAD') AND (leaving <> 'DUE' OR state IN ('DECLINED', 'NO_RESPONSE', 'REFUSED', 'WITHDRAWN', 'ORDER_CANCELLED'))
 UNION
SELECT p.person_id::text, s.surge_id FROM surges s JOIN people p ON p.unit_id = s.unit_id AND p.active
 WHERE s.government_id = :government_id AND s.state IN ('APPROVED', 'SOURCING', 'PARTLY_FILLED', 'FILLED', 'ACTIVE')
 ORDER BY 1, 2;

-- name: seats_left
-- The empty seats of a surge that are not filled again, because so little is left of them.
SELECT line.line_id, line.quantity, (line.quantity - count(p.placement_id))::int AS missing
  FROM request_lines line LEFT JOIN placements p
    ON p.line_id = line.line_id AND (p.fills OR p.state IN ('OFFERED', 'CONDITION_PENDING'))
 WHERE line.surge_id = :surge_id AND line.closed_at IS NULL AND line.report_at < :at::timestamptz
   AND line.due_back > :at::timestamptz AND line.due_back < :at::timestamptz + :shortest_duty::interval
 GROUP BY line.line_id HAVING count(p.placement_id) < line.quantity ORDER BY line.line_id;
