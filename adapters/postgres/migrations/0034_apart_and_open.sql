-- Whoever asked for people lets neither the request grow nor a unit lend below its redline for it; and a need that nobody
-- meets is asked about.
-- depends: 0032_travel_orders

INSERT INTO separations (kind, subject, proposer, verdict) VALUES
    ('ADD_LINE', false, true, true),
    ('RAISE_LINE', false, true, true);

UPDATE separations SET proposer = true WHERE kind = 'OVERRIDE_REDLINE';

ALTER TABLE surges
    ADD COLUMN unmet_since      timestamptz,                -- nobody is found for a seat since then, or nobody is asked for
    ADD COLUMN idle             boolean NOT NULL DEFAULT false,  -- nobody is asked for
    ADD COLUMN unmet_escalation integer NOT NULL DEFAULT 0,
    ADD COLUMN unmet_notices    integer NOT NULL DEFAULT 0;

-- A task about seats that nobody is found for says which, how many, and why: 01 3 DONORS_AT_REDLINE.
CREATE OR REPLACE VIEW tasks_told AS
SELECT t.task_id, t.government_id, t.case_id, t.kind, t.assignee_id, t.capacity, t.unit_id, t.opened_at, t.due_at,
       t.closed_at, t.escalation, t.claimed_by, t.claimed_for, t.claimed_at, claimer.name AS claimed_by_name,
       coalesce(p.unit_id, thin.unit_id) AS home_unit_id, i.name AS person, u.name AS unit,
       coalesce(line.role, thin.role) AS role, line.site, p.report_at, p.due_back,
       coalesce(s.title, o.title, post.name || ', ' || joined.name) AS title,
       (SELECT count(*)::int FROM task_comments c WHERE c.task_id = t.task_id) AS comments,
       (SELECT count(*)::int FROM task_evidence e WHERE e.task_id = t.task_id) AS evidence,
       m.person_id AS moved_id, m.proposer_id, m.from_unit, post.unit_id AS to_unit,
       CASE t.kind
           WHEN 'SETTLE_EFFECT' THEN m.life ->> 'held_up'
           WHEN 'FILL_OR_REDUCE' THEN (
               SELECT string_agg(concat_ws(' ', split_part(short.line_id, '/', 2), short.shortfall ->> 'missing',
                                           short.shortfall ->> 'reason'), ', ' ORDER BY short.line_id)
                 FROM request_lines short
                WHERE short.surge_id = s.surge_id AND short.closed_at IS NULL AND short.shortfall IS NOT NULL)
       END AS reason
  FROM tasks t
  LEFT JOIN placements p
    ON p.placement_id = CASE WHEN t.case_id LIKE 'secondment:%' THEN split_part(t.case_id, ':', 2)::uuid END
  LEFT JOIN thin_units thin
    ON thin.episode_id = CASE WHEN t.case_id LIKE 'thin:%' THEN split_part(t.case_id, ':', 2)::uuid END
  LEFT JOIN mutations m ON m.mutation_id = CASE WHEN t.case_id LIKE 'mutation:%' THEN split_part(t.case_id, ':', 2) END
  LEFT JOIN positions post ON post.position_id = m.position_id
  LEFT JOIN units joined ON joined.unit_id = post.unit_id
  LEFT JOIN request_lines line ON line.line_id = p.line_id
  LEFT JOIN person_identities i ON i.person_id = coalesce(p.person_id, m.person_id)
  LEFT JOIN units u ON u.unit_id = coalesce(p.unit_id, thin.unit_id, m.from_unit)
  LEFT JOIN surges s
    ON s.surge_id = CASE WHEN t.case_id LIKE 'surge:%' THEN split_part(t.case_id, ':', 2) ELSE p.surge_id END
  LEFT JOIN operations o ON o.operation_id = CASE WHEN t.case_id LIKE 'operation:%' THEN split_part(t.case_id, ':', 2) END
  LEFT JOIN person_identities claimer ON claimer.person_id = t.claimed_by;
