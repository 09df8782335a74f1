-- name: surge_brief^
-- What a request stands on: people asked, its span; the status of its operation, its letter, or an oral order.
-- From an instant on, what is closed counts only where nothing else is left.
SELECT sum(line.quantity)::int AS people, min(line.report_at) AS first_report, max(line.due_back) AS last_due_back,
       max(line.due_back - line.report_at) AS longest_duty,
       coalesce(o.state IN ('ALERT', 'RESPONSE', 'TRANSITION'), false)
           OR EXISTS (SELECT FROM cover c WHERE c.operation_id = o.operation_id AND c.coming) AS status_in_force,
       (SELECT max(upper(period)) FROM cover c WHERE c.operation_id = o.operation_id) AS status_until,
       bool_and(covers(o.operation_id, greatest(line.report_at, :at::timestamptz), line.due_back)) AS covered_all_along,
       max(line.needed_until) AS needed_until,
       coalesce(o.state IN ('ENDED', 'AFTER_ACTION', 'ARCHIVED'), false) AS operation_ended, s.kind, s.letter_until, s.oral_by, s.oral_at,
       s.oral_capacity
  FROM surges s JOIN request_lines line USING (surge_id) LEFT JOIN operations o USING (operation_id)
 WHERE s.surge_id = :surge_id
   AND (:at::timestamptz IS NULL OR line.closed_at IS NULL OR NOT EXISTS (
        SELECT FROM request_lines running WHERE running.surge_id = s.surge_id AND running.closed_at IS NULL))
 GROUP BY s.surge_id, o.operation_id;

-- name: line_facts^
-- A line of a surge, or the one that a command asks to add, and until when an emergency status covers it.
WITH line AS (
    SELECT * FROM facts_of_lines(:surge_id::text, :at::timestamptz) WHERE line_id = :line_id
     UNION ALL
    SELECT line_id, line ->> 'role', (line ->> 'quantity')::int, (line ->> 'report_at')::timestamptz,
           (line ->> 'due_back')::timestamptz, false, 0, 0, false, false, (line ->> 'needed_until')::timestamptz,
           NULL::timestamptz, 0, NULL::timestamptz
      FROM line_drafts WHERE surge_id = :surge_id AND command_id = :command_id::uuid)
SELECT line.*,
       (SELECT coalesce(max(s.letter_until), max(upper(c.period)))
          FROM surges s LEFT JOIN cover c USING (operation_id) WHERE s.surge_id = :surge_id) AS status_until,
       (SELECT operation_id IS NULL OR covers(operation_id, line.report_at, line.due_back)
          FROM surges WHERE surge_id = :surge_id) AS covered_all_along,
       (SELECT :surge_id || '/' || lpad((1 + max(split_part(known.line_id, '/', 2)::int))::text, 2, '0')
          FROM (SELECT surge_id, line_id FROM request_lines UNION ALL SELECT surge_id, line_id FROM line_drafts) AS known
         WHERE known.surge_id = :surge_id) AS next_id
  FROM line;

-- name: lines_going_on
-- The lines of a surge on which somebody serves, or is to, with until when an emergency status covers them.
SELECT line.*, cover.until AS status_until
  FROM facts_of_lines(:surge_id::text, :at::timestamptz) AS line,
       (SELECT coalesce(max(s.letter_until), max(upper(c.period))) AS until
          FROM surges s LEFT JOIN cover c USING (operation_id) WHERE s.surge_id = :surge_id) AS cover
 WHERE NOT line.closed AND coalesce(line.ends_at, line.due_back) > :at ORDER BY line.line_id;

-- name: keeps_of
-- Whom the plan that a command asks for must keep.
SELECT person_id, line_id FROM plan_keeps WHERE command_id = :command_id ORDER BY line_id, person_id;

-- name: clear_news!
-- The surge looks now: what moves after this is news again.
UPDATE surges SET news = false WHERE surge_id = :surge_id AND news;

-- name: surge_tally^
-- Count a surge from its placements; lines that are over ask for nobody, and what no status covers is not offered.
WITH line AS (
    SELECT l.line_id, l.due_back > :at AND l.closed_at IS NULL AS running, l.report_at, l.due_back, l.quantity,
           covered(l.surge_id, greatest(l.report_at, :at), l.due_back) AS covered,
           count(*) FILTER (WHERE p.state IN ('OFFERED', 'CONDITION_PENDING')) + movers_to(l.line_id) AS offered,
           count(*) FILTER (WHERE p.fills) AS filled
      FROM request_lines l LEFT JOIN placements p USING (line_id)
     WHERE l.surge_id = :surge_id GROUP BY l.line_id)
SELECT coalesce(sum(quantity) FILTER (WHERE running), 0)::int AS asked,
       coalesce(sum(offered) FILTER (WHERE running), 0)::int AS offered,
       coalesce(sum(filled) FILTER (WHERE running), 0)::int AS filled,
       coalesce(sum(greatest(0, quantity - offered - filled)) FILTER (WHERE running AND covered), 0)::int AS empty,
       coalesce(sum(greatest(0, quantity - offered - filled)) FILTER (WHERE running AND report_at > :at), 0)::int AS unmet,
       least(min(report_at) FILTER (WHERE running AND report_at > :at AND quantity > offered + filled),
             min(due_back) FILTER (WHERE running)) AS changes_at,
       people.*
  FROM line, LATERAL (
    SELECT (SELECT count(*)::int FROM waiting_for_order w
             WHERE w.surge_id = :surge_id AND (w.in_time IS NULL OR w.in_time > :at)) AS awaiting_order,
           (SELECT min(w.in_time) FROM waiting_for_order w WHERE w.surge_id = :surge_id AND w.prolongs AND w.in_time > :at) AS sign_by,
           count(*) FILTER (WHERE p.state = 'RELEASED' AND p.order_id IS NULL AND p.post_filled)::int AS held_up,
           count(*) FILTER (WHERE p.out)::int AS out,
           count(*) FILTER (WHERE p.state = 'RELEASED' AND o.state = 'ISSUED'
                               OR amending.state = 'ISSUED' AND p.extend_line_id IS NULL)::int
               -- Whoever moves here from another post, perhaps of another surge, goes by an order of this one.
               + (SELECT count(*)::int FROM placements m JOIN orders mo ON mo.order_id = m.amending_order_id
                   WHERE m.extend_line_id IS NOT NULL AND mo.surge_id = :surge_id AND mo.state = 'ISSUED') AS unserved,
           count(*) FILTER (WHERE p.state = ANY (:on_site_states))::int AS on_site,
           count(*) FILTER (WHERE p.held)::int AS open,
           count(*) FILTER (WHERE NOT p.held AND p.accident IS FALSE)::int AS reports_owed
      FROM placements p LEFT JOIN orders o USING (order_id)
      LEFT JOIN orders amending ON amending.order_id = p.amending_order_id
     WHERE p.surge_id = :surge_id) AS people
 GROUP BY people.awaiting_order, people.sign_by, people.held_up, people.out, people.unserved, people.on_site, people.open,
          people.reports_owed;

-- name: keep_plan^
-- Keep a plan; the one that is kept already stands.
INSERT INTO plans (plan_id, surge_id, made_at, problem_sha256, plan)
VALUES (:plan_id, :surge_id, :made_at, :problem_sha256, :plan)
ON CONFLICT (plan_id) DO NOTHING RETURNING plan_id;

-- name: offers_plan$
-- Whether a surge offers a plan: it is being staffed, and this plan is the one that stands.
SELECT plan_id = :plan_id AND state IN ('SOURCING', 'PARTLY_FILLED', 'FILLED', 'ACTIVE') FROM surges
 WHERE surge_id = :surge_id;

-- name: plan_by_id^
-- Read a plan.
SELECT plan_id, surge_id, made_at, problem_sha256, plan FROM plans WHERE plan_id = :plan_id;

-- name: set_shortfalls
-- Remember of each line of a surge what the newest plan could not fill; the lines of which that is something else than before.
UPDATE request_lines line SET shortfall = short.why
  FROM (SELECT l.line_id, s.why FROM request_lines l
          LEFT JOIN unnest(:line_ids::text[], :whys::jsonb[]) AS s (line_id, why) USING (line_id)
         WHERE l.surge_id = :surge_id) AS short
 WHERE line.line_id = short.line_id AND line.shortfall IS DISTINCT FROM short.why RETURNING line.line_id;

-- name: surge_lines
-- The lines of a surge.
SELECT line_id, wave, role, quantity, priority, site, lat, lon, report_at, due_back, team, shortfall, needed_until, conditions
  FROM request_lines WHERE surge_id = :surge_id ORDER BY priority, line_id;

-- name: lines_told
-- The lines of a surge with all that they ask for.
SELECT * FROM request_lines WHERE surge_id = :surge_id ORDER BY priority, line_id;

-- name: surge_told^
-- A surge as it was asked for, with the salt of whoever asked.
SELECT s.*, encode(i.salt, 'hex') AS asker_salt FROM surges s LEFT JOIN person_identities i ON i.person_id = s.requested_by
 WHERE s.surge_id = :surge_id;

-- name: lock_unit_roles
-- Lock what donors may lend, in one order for all, until the holds are written.
SELECT unit_id, role, lendable - borne_for_others(unit_id, role) AS lendable, lent FROM unit_roles
 WHERE (unit_id, role) IN (SELECT * FROM unnest(:units::text[], :roles::text[]))
 ORDER BY unit_id, role FOR UPDATE;

-- name: lock_overrides
-- Lock the overrides of a surge that are not used up.
SELECT override_id, unit_id, role, extra - used AS left_over FROM redline_overrides
 WHERE surge_id = :surge_id AND used < extra ORDER BY unit_id, role, override_id FOR UPDATE;

-- name: hold_people
-- Hold people for their lines, with the post that each leaves and who acts there, whoever is asked late to report once they can be there; unless somebody is still out beyond the due date or serves no more, or no status covers the line (S01).
INSERT INTO placements (placement_id, government_id, surge_id, line_id, person_id, unit_id, role, plan_id, override_id,
                        state, revision, since, report_at, due_back, held, offered_at, directed, post_unit_id,
                        acting_mandate_id, acting_until)
SELECT hold.placement_id, :government_id::text, :surge_id::text, hold.line_id, hold.person_id, hold.unit_id, hold.role,
       :plan_id::uuid, hold.override_id, 'OFFERED', 0, :at::timestamptz,
       reports_at(line, :at::timestamptz, :travel::interval), line.due_back, true, :at::timestamptz, line.mode = 'DIRECTED', post.unit_id,
       acting.mandate_id, upper(acting.span)
  FROM unnest(:placement_ids::uuid[], :line_ids::text[], :person_ids::uuid[], :units::text[], :roles::text[],
              :overrides::uuid[]) AS hold (placement_id, line_id, person_id, unit_id, role, override_id)
  JOIN request_lines line USING (line_id)
  LEFT JOIN LATERAL post_of(hold.person_id, greatest(line.report_at, :at::timestamptz), line.due_back) AS post ON true
  LEFT JOIN LATERAL acting_in(hold.person_id, post.unit_id, greatest(line.report_at, :at::timestamptz)) AS acting ON true
 WHERE NOT EXISTS (SELECT FROM placements p
                    WHERE p.person_id = hold.person_id AND p.out
                      AND p.due_back <= :at::timestamptz)
   -- Whatever is known of them by now: what `at` says may be a moment older.
   AND serves_in(hold.person_id, :government_id, 'infinity')
   AND covered(line.surge_id, greatest(line.report_at, :at), line.due_back)
   -- Held already: left out here, because the trigger counts a row also when ON CONFLICT then drops it.
   AND NOT EXISTS (SELECT FROM placements p WHERE p.placement_id = hold.placement_id)
 ORDER BY hold.unit_id, hold.role, hold.person_id
ON CONFLICT (placement_id) DO NOTHING
RETURNING placement_id;

-- name: placements_by_id
-- Read placements with what makes up their seats and lives.
SELECT p.*, line.role AS surge_role, line.site, s.kind AS surge_kind, s.rule_pack,
       (SELECT max(g.seen_at) FROM sightings g WHERE g.placement_id = p.placement_id) AS sighted_at
  FROM placements p JOIN request_lines line USING (line_id) JOIN surges s ON s.surge_id = p.surge_id
 WHERE p.placement_id = ANY (:placement_ids::uuid[]) ORDER BY p.placement_id;

-- name: open_placements
-- Every placement that has not ended, of one surge or of all; who is held no more may still be owed an accident report, and
-- with `settling` also those count who are home and whose papers are not settled.
SELECT p.*, line.role AS surge_role, line.site, s.rule_pack, s.kind AS surge_kind,
       (SELECT max(g.seen_at) FROM sightings g WHERE g.placement_id = p.placement_id) AS sighted_at
  FROM placements p JOIN request_lines line USING (line_id) JOIN surges s ON s.surge_id = p.surge_id
 WHERE (p.held OR p.settles AND (:settling OR p.accident IS FALSE)) AND (:surge_id::text IS NULL OR p.surge_id = :surge_id) ORDER BY p.placement_id;

-- name: placement_standing^
-- One placement, whether it has ended or not.
SELECT p.*, line.role AS surge_role, line.site, s.rule_pack, s.kind AS surge_kind,
       (SELECT max(g.seen_at) FROM sightings g WHERE g.placement_id = p.placement_id) AS sighted_at
  FROM placements p JOIN request_lines line USING (line_id) JOIN surges s ON s.surge_id = p.surge_id
 WHERE p.placement_id = :placement_id;

-- name: open_surges
-- Every surge that was asked for and has not ended, or one of them.
SELECT s.*, c.command_id,
       coalesce(s.since, (SELECT max(at) FROM events e WHERE e.government_id = s.government_id
                    AND e.case_id = 'surge:' || s.surge_id), s.requested_at) AS stands_since
  FROM surges s JOIN commands c ON c.case_id = 'surge:' || s.surge_id AND c.kind = 'REQUEST_SURGE'
 WHERE s.state NOT IN ('REJECTED', 'CLOSED', 'CANCELLED') AND (:key::text IS NULL OR s.surge_id = :key) ORDER BY s.surge_id;

-- name: surge_before_move^
-- A surge that has not ended as it stands, locked, the request that asked for it, and how many it holds.
SELECT s.*, c.command_id,
       coalesce(s.since, (SELECT max(at) FROM events e WHERE e.government_id = s.government_id
                    AND e.case_id = 'surge:' || s.surge_id), s.requested_at) AS stands_since,
       CASE WHEN s.state = 'CANCELLING'
            THEN (SELECT count(*)::int FROM placements p WHERE p.surge_id = s.surge_id AND p.held) ELSE 0 END AS people_held
  FROM surges s JOIN commands c ON c.case_id = 'surge:' || s.surge_id AND c.kind = 'REQUEST_SURGE'
 WHERE s.surge_id = :surge_id AND s.state NOT IN ('REJECTED', 'CLOSED', 'CANCELLED') FOR NO KEY UPDATE OF s;

-- name: open_operations
-- Every operation that has not ended, or one of them.
SELECT o.*, c.command_id,
       coalesce((SELECT max(at) FROM events e WHERE e.government_id = o.government_id
                    AND e.case_id = 'operation:' || o.operation_id
                    AND e.type IN ('AfterActionDue', 'OperationEnded')), o.opened_at) AS since,
       EXISTS (SELECT FROM events e WHERE e.government_id = o.government_id
                  AND e.case_id = 'operation:' || o.operation_id AND e.type = 'AfterActionOverdue') AS overdue
  FROM operations o JOIN commands c ON c.case_id = 'operation:' || o.operation_id AND c.kind = 'OPEN_OPERATION'
 WHERE o.state <> 'ARCHIVED' AND (:key::text IS NULL OR o.operation_id = :key) ORDER BY o.operation_id;

-- name: operation_before_move^
-- An operation that has not ended as it stands, locked, and when the newest decision about it was made that waits.
SELECT o.*,
       coalesce((SELECT max(at) FROM events e WHERE e.government_id = o.government_id
                    AND e.case_id = 'operation:' || o.operation_id
                    AND e.type IN ('AfterActionDue', 'OperationEnded')), o.opened_at) AS since,
       EXISTS (SELECT FROM events e WHERE e.government_id = o.government_id
                  AND e.case_id = 'operation:' || o.operation_id AND e.type = 'AfterActionOverdue') AS overdue,
       (SELECT max(decided_at) FROM commands c
         WHERE c.case_id = 'operation:' || o.operation_id AND c.state = 'RECORDED') AS decided_until
  FROM operations o WHERE o.operation_id = :operation_id AND o.state <> 'ARCHIVED' FOR NO KEY UPDATE OF o;

-- name: surge_by_id^
-- One surge.
SELECT * FROM surges WHERE surge_id = :surge_id;
