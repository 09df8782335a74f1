-- name: add_standing!
-- A status that was declared.
INSERT INTO standings (operation_id, number, level, status, area, decree, decree_date, statement, period, declared_end,
                       decided_at, recorded_at, command_id)
VALUES (:operation_id, :number, :level, :status, :area, :decree, :decree_date, :statement,
        tstzrange(:start::timestamptz, :end::timestamptz), :end, :decided_at, :at, :command_id);

-- name: move_standing_end!
-- The end of a standing moves: the standing itself follows by a trigger.
INSERT INTO standing_ends (operation_id, number, change, kind, ends_before, ends_after, decree, decree_date, decided_at,
                           recorded_at, command_id)
SELECT :operation_id, :number, coalesce(max(change), 0) + 1, :kind, :before, :after, :decree, :decree_date, :decided_at,
       :at, :command_id
  FROM standing_ends WHERE operation_id = :operation_id AND number = :number;

-- name: mark_standings!
-- Note which standings were warned of, and which are over and why.
UPDATE standings s SET warned = coalesce(noted.warned, s.warned), ended = noted.ended
  FROM unnest(:numbers::int[], :warned::bool[], :endings::text[]) AS noted (number, warned, ended)
 WHERE s.operation_id = :operation_id AND s.number = noted.number
   AND (s.warned, s.ended) IS DISTINCT FROM (coalesce(noted.warned, s.warned), noted.ended);

-- name: newest_standings
-- The newest standing of each level, of one operation or of all that are not in the archive.
SELECT DISTINCT ON (s.operation_id, s.level) s.operation_id, s.number, s.level, s.status, lower(s.period) AS start,
       upper(s.period) AS "end", s.warned, s.ended,
       coalesce((SELECT e.decree FROM standing_ends e
                  WHERE e.operation_id = s.operation_id AND e.number = s.number AND e.decree IS NOT NULL
                  ORDER BY e.change DESC LIMIT 1), s.decree) AS decree
  FROM standings s JOIN operations o USING (operation_id)
 WHERE o.state <> 'ARCHIVED' AND (:key::text IS NULL OR s.operation_id = :key)
 ORDER BY s.operation_id, s.level, s.number DESC;

-- name: standings_known
-- Every standing of an operation as it was known at an instant: its end as far as it had been moved by then.
SELECT s.number, s.level, s.status, s.area, s.decree, s.decree_date, s.statement, lower(s.period) AS starts_at,
       coalesce(moved.ends_after, s.declared_end) AS ends_at, s.declared_end, s.decided_at, s.recorded_at,
       lower(s.period) <= :known_at AND :known_at < coalesce(moved.ends_after, s.declared_end) AS in_force
  FROM standings s
  LEFT JOIN LATERAL (SELECT e.ends_after FROM standing_ends e
                      WHERE e.operation_id = s.operation_id AND e.number = s.number AND e.recorded_at <= :known_at
                      ORDER BY e.change DESC LIMIT 1) AS moved ON true
 WHERE s.operation_id = :operation_id AND s.recorded_at <= :known_at::timestamptz ORDER BY s.number;

-- name: ends_known
-- How the ends of an operation's standings had been moved by an instant, the oldest first.
SELECT number, change, kind, ends_before, ends_after, decree, decree_date, decided_at, recorded_at
  FROM standing_ends WHERE operation_id = :operation_id AND recorded_at <= :known_at::timestamptz
 ORDER BY recorded_at, number, change;

-- name: set_task_due!
-- An open task of a case is due at another time than before.
UPDATE tasks SET due_at = due.at
  FROM unnest(:kinds::text[], :capacities::text[], :dues::timestamptz[]) AS due (kind, capacity, at)
 WHERE tasks.case_id = :case_id AND tasks.closed_at IS NULL AND tasks.kind = due.kind AND tasks.capacity = due.capacity
   AND tasks.due_at IS DISTINCT FROM due.at;

-- name: lock_cover_changed
-- Open placements of an operation that must be told about its cover, locked: whose duty reaches past it and who do not
-- know, and who were told so and are covered again.
SELECT p.placement_id, p.government_id, p.person_id, p.surge_id, p.unit_id, p.due_back,
       p.due_back > :covered_until::timestamptz AS uncovered
  FROM placements p JOIN surges s USING (surge_id)
 WHERE s.operation_id = :operation_id AND p.held AND p.state = ANY (:on_duty::text[])
   AND CASE WHEN p.due_back > :covered_until THEN p.cover_told IS DISTINCT FROM :covered_until::timestamptz
            ELSE p.cover_told IS NOT NULL END
 ORDER BY p.placement_id LIMIT :most FOR UPDATE OF p;

-- name: set_cover!
-- Note from when duties are not covered (NULL: they are).
UPDATE placements p SET cover_told = told.since
  FROM unnest(:placement_ids::uuid[], :since::timestamptz[]) AS told (placement_id, since)
 WHERE p.placement_id = told.placement_id;

-- name: open_surges_of_operation
-- The surges of an operation that have not ended.
SELECT surge_id FROM surges
 WHERE operation_id = :operation_id AND state NOT IN ('DRAFT', 'REJECTED', 'CLOSED') ORDER BY surge_id;
