-- name: add_standing!
-- A status that was declared.
INSERT INTO standings (operation_id, number, level, status, area, decree, decree_date, statement, period, declared_end,
                       decided_at, recorded_at, command_id, begun)
VALUES (:operation_id, :number, :level, :status, :area, :decree, :decree_date, :statement,
        tstzrange(:start::timestamptz, :end::timestamptz), :end, :decided_at, :at, :command_id, :begun);

-- name: move_standing_end!
-- The end of a standing moves: the standing itself follows by a trigger.
INSERT INTO standing_ends (operation_id, number, change, kind, ends_before, ends_after, decree, decree_date, decided_at,
                           recorded_at, command_id)
SELECT :operation_id, :number, coalesce(max(change), 0) + 1, :kind, :before, :after, :decree::text,
       -- What begins by the clock is cut short by a decree that is in the books.
       coalesce(:decree_date, (SELECT s.decree_date FROM standings s
                                WHERE s.operation_id = :operation_id AND s.decree = :decree ORDER BY number DESC LIMIT 1)),
       :decided_at, :at, :command_id
  FROM standing_ends WHERE operation_id = :operation_id AND number = :number;

-- name: begin_standings!
-- Put in force what was decreed ahead and has come; what ended in that very moment has run out.
WITH begun AS (
    UPDATE standings SET begun = true
     WHERE operation_id = :operation_id AND number = ANY (:numbers::int[]) AND NOT begun
    RETURNING operation_id, level, number, lower(period) AS start)
UPDATE standings former SET ended = 'RAN_OUT'
  FROM begun
 WHERE former.operation_id = begun.operation_id AND former.level = begun.level AND former.number <> begun.number
   AND former.begun AND former.ended IS NULL AND upper(former.period) <= begun.start;

-- name: mark_standings!
-- Note which standings were warned of, and which are over and why.
UPDATE standings s SET warned = coalesce(noted.warned, s.warned), ended = noted.ended,
       withdrawn_at = CASE WHEN noted.ended = 'WITHDRAWN' THEN coalesce(s.withdrawn_at, :at) END
  FROM unnest(:numbers::int[], :warned::bool[], :endings::text[]) AS noted (number, warned, ended)
 WHERE s.operation_id = :operation_id AND s.number = noted.number
   AND (s.warned, s.ended) IS DISTINCT FROM (coalesce(noted.warned, s.warned), noted.ended);

-- name: newest_standings
-- The newest standings of each level (begun, and decreed ahead), of one operation or of all that are not in the archive.
SELECT DISTINCT ON (s.operation_id, s.level, s.begun) s.operation_id, s.begun, s.number, s.level, s.status, lower(s.period) AS start,
       upper(s.period) AS "end", s.warned, s.ended,
       coalesce((SELECT e.decree FROM standing_ends e
                  WHERE e.operation_id = s.operation_id AND e.number = s.number AND e.decree IS NOT NULL
                  ORDER BY e.change DESC LIMIT 1), s.decree) AS decree
  FROM standings s JOIN operations o USING (operation_id)
 WHERE o.state <> 'ARCHIVED' AND (:key::text IS NULL OR s.operation_id = :key)
 ORDER BY s.operation_id, s.level, s.begun, s.number DESC;

-- name: standings_known
-- Every standing of an operation as it was known at an instant: its end as far as it had been moved by then.
SELECT s.number, s.level, s.status, s.area, s.decree, s.decree_date, s.statement, lower(s.period) AS starts_at,
       coalesce(moved.ends_after, s.declared_end) AS ends_at, s.declared_end, s.decided_at, s.recorded_at,
       lower(s.period) <= :known_at AND :known_at < coalesce(moved.ends_after, s.declared_end)
           AND s.withdrawn_at IS NULL AS in_force,
       lower(s.period) > :known_at AND (s.withdrawn_at IS NULL OR s.withdrawn_at > :known_at)
           AND s.ended IS DISTINCT FROM 'CLOSED' AS coming,
       CASE WHEN s.withdrawn_at <= :known_at THEN s.withdrawn_at END AS withdrawn_at
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
       duty.uncovered
  FROM placements p JOIN surges s USING (surge_id),
       -- A duty behind a gap may be covered by what is to come.
       LATERAL (SELECT p.due_back > :covered_until::timestamptz
                       AND NOT (p.report_at >= :covered_until AND covers(s.operation_id, p.report_at, p.due_back))
                       AS uncovered) AS duty
 WHERE s.operation_id = :operation_id AND p.held AND p.state = ANY (:on_duty::text[])
   AND CASE WHEN duty.uncovered THEN p.cover_told IS DISTINCT FROM :covered_until::timestamptz
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
