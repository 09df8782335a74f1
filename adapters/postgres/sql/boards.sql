-- name: open_tasks_of
-- The open tasks of a government's cases, most urgent first; `inbox`: the other government that is asked, if it is one.
SELECT task_id, case_id, kind, assignee_id, capacity, unit_id, opened_at, due_at,
       CASE WHEN of_government IS NOT NULL THEN government_id END AS inbox
  FROM tasks
 WHERE (government_id = :government_id AND of_government IS NULL OR of_government = :government_id) AND closed_at IS NULL
 ORDER BY due_at NULLS LAST, task_id;

-- name: officers
-- Who holds which office at an instant, by the government's day; of those who hold the same one, whoever heads a unit first.
SELECT a.person_id, a.capacity, a.unit_id FROM appointments a
 WHERE a.government_id = :government_id AND a.valid @> local_day(a.government_id, :at)
   AND serves_in(a.person_id, a.government_id, :at)
 ORDER BY a.capacity, a.unit_id,
          NOT EXISTS (SELECT FROM appointments h WHERE h.person_id = a.person_id AND h.capacity = 'UNIT_HEAD'
                         AND h.valid @> local_day(a.government_id, :at)), a.person_id;

-- name: surges_of_operation
-- The surges of an operation.
SELECT surge_id, title, state, plan_id FROM surges WHERE operation_id = :operation_id ORDER BY requested_at;

-- name: operations_of
-- The operations of a government, the newest first, each with the status in force.
SELECT o.operation_id, o.title, o.hazard, o.state, o.opened_at, o.ended_at, st.level, st.area, st.decree,
       st.decree_date, lower(st.period) AS status_from, upper(st.period) AS status_until, o.archived_at,
       o.after_action_report,
       (SELECT count(*)::int FROM placements p JOIN surges s USING (surge_id)
         WHERE s.operation_id = o.operation_id AND p.held AND p.home_by IS NULL AND p.due_back > p.cover_told) AS uncovered
  FROM operations o
  LEFT JOIN LATERAL (SELECT * FROM operation_statuses s WHERE s.operation_id = o.operation_id
                      ORDER BY begun DESC, upper(period) DESC, number DESC LIMIT 1) AS st ON true
 WHERE o.government_id = :government_id AND o.operation_id LIKE :id_prefix || '%'
 ORDER BY o.opened_at DESC, o.operation_id;

-- name: surges_of
-- The surges of a government, the newest first, counted in people.
SELECT s.surge_id, s.kind, s.operation_id, s.title, s.state, s.funding, s.requested_at, s.closed_at, s.plan_id, s.proposed_until,
       s.escalation, s.letter_number, s.letter_office, s.letter_until, s.unit_id, s.oral_by,
       s.oral_capacity AS oral_office, s.oral_at, CASE WHEN s.oral_by IS NOT NULL THEN s.requested_by END AS heard_by,
       s.paper_by, s.ratified_at,
       (SELECT coalesce(sum(quantity), 0)::int FROM request_lines l WHERE l.surge_id = s.surge_id) AS asked,
       count(p.placement_id) FILTER (WHERE p.fills AND p.held)::int AS filled,
       count(p.placement_id) FILTER (WHERE p.out)::int AS out,
       count(p.placement_id) FILTER (WHERE p.rest_lacking IS NOT NULL)::int AS unrested,
       count(p.placement_id) FILTER (WHERE p.returned_at IS NOT NULL)::int AS returned,
       count(p.placement_id) FILTER (WHERE (p.returned_at IS NOT NULL OR p.state = 'CONVERTED')
                                      AND 'REPORT' = ANY (p.papers_received))::int AS reported,
       count(p.placement_id) FILTER (WHERE 'CLAIM' = ANY (p.papers_received))::int AS reimbursed,
       count(p.placement_id) FILTER (WHERE p.papers_owed <> '{}')::int AS outstanding,
       count(p.placement_id) FILTER (WHERE p.papers_waived <> '{}')::int AS waived,
       coalesce(sum(p.claim_amount), 0)::bigint AS claimed
  FROM surges s LEFT JOIN placements p USING (surge_id)
 WHERE s.government_id = :government_id AND s.surge_id LIKE :id_prefix || '%'
   AND (:operation_id::text IS NULL OR s.operation_id = :operation_id)
 GROUP BY s.surge_id ORDER BY s.requested_at DESC, s.surge_id;

-- name: surge_lines_counted
-- The lines of a surge, each counted from its placements.
SELECT l.line_id, l.wave, l.role, l.quantity, l.priority, l.site, l.lat, l.lon, l.report_at, l.due_back,
       l.substitutes, l.max_km, l.shift_on, l.shift_off, l.mode, l.team, l.closed_at, l.needed_until, l.conditions,
       EXISTS (SELECT FROM request_lines n WHERE n.continues = l.line_id) AS continued,
       l.shortfall ->> 'reason' AS short_reason, coalesce((l.shortfall ->> 'missing')::int, 0) AS short_by,
       count(p.placement_id) FILTER (WHERE p.state IN ('OFFERED', 'CONDITION_PENDING'))::int AS offered,
       count(p.placement_id) FILTER (WHERE p.fills AND p.held)::int AS filled,
       movers_to(l.line_id) AS moving,
       count(p.placement_id) FILTER (WHERE p.state = ANY (:on_site_states))::int AS on_site,
       count(p.placement_id) FILTER (WHERE p.returned_at IS NOT NULL)::int AS returned
  FROM request_lines l LEFT JOIN placements p USING (line_id)
 WHERE l.surge_id = :surge_id GROUP BY l.line_id ORDER BY l.wave, l.priority, l.line_id;

-- name: donors_of_plan
-- What the workload lets these units lend now, how many are away or held, and by how much who has lifted the redline for a surge.
SELECT ur.unit_id, ur.role, ur.headcount, ur.lendable, ur.lent + coalesce(o.used, 0)::int AS away,
       coalesce(o.lifted, 0)::int AS lifted, coalesce(o.by, '{}') AS lifted_by
  FROM unnest(:units::text[], :roles::text[]) AS donor (unit_id, role) JOIN unit_roles ur USING (unit_id, role)
  LEFT JOIN LATERAL (
       SELECT sum(used) AS used, sum(extra) FILTER (WHERE surge_id = :surge_id) AS lifted,
              array_agg(DISTINCT granted_by::text) FILTER (WHERE surge_id = :surge_id) AS by
         FROM redline_overrides WHERE unit_id = ur.unit_id AND role = ur.role) AS o ON true;

-- name: asked_by_plan
-- Whom a plan has asked already.
SELECT person_id::text FROM placements WHERE plan_id = :plan_id;

-- name: secondments_seen
-- The secondments that somebody may see: all, those of units (also of whoever serves there by now), or one's own.
SELECT p.placement_id, p.surge_id, p.line_id, p.person_id, i.name, p.unit_id, u.name AS unit, p.role AS home_role,
       line.role, line.site, p.state, p.since, p.report_at, p.due_back, p.home_by, p.escalation, p.offered_at,
       p.departed_at, p.checked_in_at, p.returned_at, p.order_id, o.number AS order_number,
       p.override_id IS NOT NULL AS overridden,
       p.out, p.out AND coalesce(p.home_by, p.due_back) < :at::timestamptz AS overdue, p.directed, p.leaving,
       p.arrived_at, p.condition_code, p.condition_report_at, p.extend_until, p.extend_agreed,
       p.extensions, p.checklist, p.accident, p.post_unit_id, p.acting_mandate_id, p.acting_until,
       p.held AND p.acting_asked_at IS NOT NULL AS acting_wanted, p.rest_lacking,
       p.papers_received AS received, p.papers_waived AS waived, p.papers_owed AS owed, p.report_by, p.claim_by,
       p.claim_reference, p.claim_dated, p.claim_amount, p.relieves, p.handed_over, p.moved_from, p.extend_line_id, p.hearing,
       (SELECT n.placement_id FROM placements n WHERE n.moved_from = p.placement_id) AS moved_to,
       (SELECT h.placement_id FROM placements h
         WHERE h.relieves = p.placement_id AND (h.held OR h.departed_at IS NOT NULL)) AS relieved_by,
       greatest(p.seen_at, (SELECT max(g.seen_at) FROM sightings g WHERE g.placement_id = p.placement_id)) AS seen_at,
       CASE WHEN p.held AND p.home_by IS NULL AND p.due_back > p.cover_told THEN p.cover_told END AS uncovered_from
  FROM placements p JOIN request_lines line USING (line_id) JOIN units u ON u.unit_id = p.unit_id
  JOIN surges s ON s.surge_id = p.surge_id
  LEFT JOIN person_identities i ON i.person_id = p.person_id
  LEFT JOIN orders o ON o.order_id = p.order_id AND o.state = 'ISSUED'
 WHERE p.government_id = :government_id
   AND (:everybody OR p.person_id = :person_id::uuid OR p.unit_id = ANY (:units::text[])
        -- Whoever is moved while they are away is their new head's to know of, too.
        OR (p.held AND EXISTS (SELECT FROM people who WHERE who.person_id = p.person_id AND who.unit_id = ANY (:units::text[]))))
   AND (:surge_id::text IS NULL OR p.surge_id = :surge_id)
   AND (:operation_id::text IS NULL OR s.operation_id = :operation_id)
   AND (:state::text IS NULL OR p.state = :state)
   AND (:due_before::timestamptz IS NULL OR coalesce(p.home_by, p.due_back) < :due_before)
   AND (NOT :only_uncovered OR (p.held AND p.home_by IS NULL AND p.due_back > p.cover_told))
   AND (NOT :only_settling OR p.papers_owed <> '{}')
   AND p.placement_id::text LIKE :id_prefix || '%'
   AND (NOT :only_out OR p.out)
   AND (NOT :only_overdue OR (p.out AND coalesce(p.home_by, p.due_back) < :at::timestamptz))
 ORDER BY overdue DESC, coalesce(p.home_by, p.due_back), u.name, p.placement_id LIMIT :most;

-- name: offer_terms^
-- What somebody is asked to do: as what, where, from when until when, in which shifts, and whether they may decline.
SELECT line.role, line.site, line.lat, line.lon, p.report_at, p.due_back, p.directed, line.shift_on, line.shift_off, s.title, s.funding,
       s.rule_pack, line.conditions
  FROM placements p JOIN request_lines line USING (line_id) JOIN surges s ON s.surge_id = p.surge_id
 WHERE p.placement_id = :placement_id;

-- name: people_by_state
-- How many people of a surge stand where.
SELECT state, count(*)::int AS people FROM placements WHERE surge_id = :surge_id GROUP BY state ORDER BY state;

-- name: order_view^
-- An order and whose surge it belongs to.
SELECT order_id, government_id, surge_id, number, state FROM orders WHERE order_id = :order_id;

-- name: placement_of_order^
-- Somebody whom an order names, by placement or by person; also where a later order has prolonged the duty.
SELECT placement_id, person_id, unit_id FROM placements JOIN documents d USING (placement_id)
 WHERE d.order_id = :order_id AND (placement_id = :placement_id OR person_id = :person_id);

-- name: unit_names
-- The names of units.
SELECT unit_id, name FROM units WHERE unit_id = ANY (:unit_ids::text[]);

-- name: unit_by_code^
-- A unit by the code that its government knows it by, or by its id.
SELECT unit_id, code, name, lat, lon FROM units
 WHERE government_id = :government_id AND (code = :code OR unit_id = :code) ORDER BY code = :code DESC LIMIT 1;

-- name: has_unit_role$
-- Whether a unit has people of a role.
SELECT EXISTS (SELECT FROM unit_roles WHERE unit_id = :unit_id AND role = :role);

-- name: log_position$
-- The newest entry of a government's log: what a board was read at.
SELECT seq FROM log_heads WHERE government_id = :government_id;

-- name: log_head^
-- The newest entry of a government's log, when it was written, and the zone of whoever reads it.
SELECT coalesce(h.seq, 0) AS seq, e.at, g.zone
  FROM governments g LEFT JOIN log_heads h USING (government_id) LEFT JOIN events e USING (government_id, seq)
 WHERE government_id = :government_id;

-- name: active_people
-- Everybody of a government who serves, with the code of the unit.
SELECT p.person_id, i.name, u.code AS unit_code FROM people p JOIN person_identities i USING (person_id)
  JOIN units u ON u.unit_id = p.unit_id
 WHERE p.government_id = :government_id AND p.active ORDER BY p.person_id;

-- name: tokens_held
-- Which people of a government hold a token.
SELECT DISTINCT person_id FROM tokens WHERE government_id = :government_id AND revoked_at IS NULL;
