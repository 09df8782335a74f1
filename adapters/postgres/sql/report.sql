-- name: report_operation^
-- The operation that a report is about, and its government.
SELECT o.operation_id, o.title, g.name AS government, g.zone, g.synthetic
  FROM operations o JOIN governments g USING (government_id)
 WHERE o.operation_id = :operation_id AND o.government_id = :government_id;

-- name: report_log_head^
-- The newest entry of the log at an instant.
SELECT seq, hash FROM events
 WHERE government_id = :government_id AND at <= :at::timestamptz ORDER BY seq DESC LIMIT 1;

-- name: report_newest$
-- When the newest entry about the operation was made.
SELECT max(at) FROM events
 WHERE government_id = :government_id
   AND (case_id = 'operation:' || :operation_id::text
        OR case_id IN (SELECT 'surge:' || surge_id FROM surges WHERE operation_id = :operation_id)
        OR case_id IN (SELECT 'secondment:' || p.placement_id FROM placements p JOIN surges s USING (surge_id)
                        WHERE s.operation_id = :operation_id));

-- name: report_lines
-- Every line of every surge of the operation.
SELECT l.line_id, l.surge_id, l.wave, l.role, l.quantity, l.site, l.lat, l.lon, l.report_at, l.due_back, l.needed_until,
       l.conditions ->> 'food' AS food, coalesce(l.conditions -> 'hazards', '[]') AS hazards,
       EXISTS (SELECT FROM request_lines n WHERE n.continues = l.line_id) AS continued
  FROM request_lines l JOIN surges s USING (surge_id)
 WHERE s.operation_id = :operation_id ORDER BY l.line_id;

-- name: report_placements
-- Everybody who had been offered a seat by then; where each stood is folded from the log.
SELECT p.placement_id, p.line_id, p.unit_id, p.role AS home_role, p.override_id IS NOT NULL AS overridden, p.due_back, p.home_by
  FROM placements p JOIN surges s USING (surge_id)
 WHERE s.operation_id = :operation_id AND p.offered_at <= :at::timestamptz ORDER BY p.placement_id;

-- name: report_entries
-- What the log says of the operation, its surges, their people and the units that were thin for them up to an instant,
-- oldest first; of whose yearly cap was raised, the home unit and role, since the report names no person.
WITH of_it AS (
    SELECT 'operation:' || :operation_id::text AS case_id
     UNION ALL SELECT 'surge:' || surge_id FROM surges WHERE operation_id = :operation_id
     UNION ALL SELECT 'secondment:' || p.placement_id FROM placements p JOIN surges s USING (surge_id)
                WHERE s.operation_id = :operation_id
     UNION ALL SELECT 'thin:' || t.episode_id FROM thin_units t
                WHERE t.surges && ARRAY(SELECT surge_id FROM surges WHERE operation_id = :operation_id))
SELECT e.seq, e.type, e.at, e.case_id, e.authority,
       CASE WHEN e.type = 'YearlyCapWaived' THEN jsonb_build_object('unit_id', p.unit_id, 'home_role', p.role) || e.data
            ELSE e.data END AS data
  FROM of_it JOIN events e USING (case_id) LEFT JOIN people p ON p.person_id = e.person_id
 WHERE e.government_id = :government_id AND e.at <= :at::timestamptz ORDER BY e.seq;

-- name: report_units
-- The units that lend to the operation, and the districts and villages that the map is drawn on.
SELECT unit_id, name, kind, parent_id, lat, lon FROM units
 WHERE government_id = :government_id
   AND (kind IN ('kecamatan', 'kelurahan')
        OR unit_id IN (SELECT p.unit_id FROM placements p JOIN surges s USING (surge_id)
                        WHERE s.operation_id = :operation_id))
 ORDER BY unit_id;

-- name: report_floors
-- What each lending unit has of the roles it lends, and how many of them other operations held at the instant.
SELECT ur.unit_id, ur.role, ur.headcount, ur.redline,
       (SELECT count(*)::int FROM placements p JOIN surges s USING (surge_id)
         WHERE p.unit_id = ur.unit_id AND p.role = ur.role AND s.operation_id <> :operation_id
           AND p.offered_at <= :at::timestamptz AND (p.held OR p.since > :at::timestamptz)) AS lent_elsewhere
  FROM unit_roles ur
 WHERE (ur.unit_id, ur.role) IN (SELECT p.unit_id, p.role FROM placements p JOIN surges s USING (surge_id)
                                  WHERE s.operation_id = :operation_id)
 ORDER BY ur.unit_id, ur.role;

-- name: report_tasks
-- What was asked of somebody at the instant and not yet done.
WITH of_it AS (
    SELECT 'operation:' || :operation_id::text AS case_id
     UNION ALL SELECT 'surge:' || surge_id FROM surges WHERE operation_id = :operation_id
     UNION ALL SELECT 'secondment:' || p.placement_id FROM placements p JOIN surges s USING (surge_id)
                WHERE s.operation_id = :operation_id)
SELECT t.kind, t.case_id, t.due_at, t.capacity, t.unit_id
  FROM of_it JOIN tasks t USING (case_id)
 WHERE t.opened_at <= :at::timestamptz AND (t.closed_at IS NULL OR t.closed_at > :at::timestamptz)
 ORDER BY t.due_at NULLS LAST, t.task_id;

-- name: report_warnings
-- The public warnings that had reached the operation.
SELECT event, received_at FROM alerts
 WHERE operation_id = :operation_id AND received_at <= :at::timestamptz AND status = 'Actual'
   AND msg_type IN ('Alert', 'Update')
 ORDER BY received_at;

-- name: report_blocked
-- The donors that plans found at their redline while a line stayed short.
SELECT p.plan_id, short ->> 'line_id' AS line_id,
       array(SELECT DISTINCT donor ->> 'unit_id' FROM jsonb_array_elements(short -> 'blocking_donors') AS donor
              ORDER BY 1) AS unit_ids
  FROM plans p JOIN surges s USING (surge_id), jsonb_array_elements(p.plan -> 'shortfalls') AS short
 WHERE s.operation_id = :operation_id AND p.made_at <= :at::timestamptz;
