-- name: standing_of_cases
-- Whose these cases are, and whether the books hold them open; a case that the books do not know has no row.
SELECT 'operation:' || operation_id AS case_id, government_id, state <> 'ARCHIVED' AS open
  FROM operations WHERE operation_id = ANY (:operations::text[])
 UNION ALL
SELECT 'surge:' || surge_id, government_id, state NOT IN ('REJECTED', 'CLOSED', 'CANCELLED')
  FROM surges WHERE surge_id = ANY (:surges::text[])
 UNION ALL
SELECT 'secondment:' || placement_id, government_id, held OR settles
  FROM placements WHERE placement_id::text = ANY (:secondments::text[])
 UNION ALL
SELECT 'mutation:' || mutation_id, government_id, open FROM mutations WHERE mutation_id = ANY (:mutations::text[])
 UNION ALL
SELECT case_id, government_id, open FROM mutation_groups WHERE case_id = ANY (:groups::text[]);

-- name: note_orphans!
-- Note who was found running with no open case behind.
INSERT INTO orphans (run_id, workflow_id, why, government_id, found_at, seen_at)
SELECT found.*, :at::timestamptz, :at::timestamptz
  FROM unnest(:run_ids::uuid[], :workflow_ids::text[], :whys::text[], :governments::text[]) AS found
ON CONFLICT (run_id) DO UPDATE SET seen_at = excluded.seen_at, why = excluded.why,
       government_id = excluded.government_id, gone_at = NULL;

-- name: note_gone!
-- What a whole look did not see any more is gone.
UPDATE orphans SET gone_at = :at::timestamptz WHERE gone_at IS NULL AND seen_at < :at;

-- name: note_orphan_gone!
-- An orphan was ended.
UPDATE orphans SET gone_at = :at WHERE run_id = :run_id AND gone_at IS NULL;

-- name: note_taken_up!
-- Note which cases were taken up again.
INSERT INTO taken_up (case_id, government_id, taken_at)
SELECT taken.*, :at::timestamptz FROM unnest(:case_ids::text[], :governments::text[]) AS taken
ON CONFLICT DO NOTHING;

-- name: note_look!
-- Note that the reconciler has looked.
INSERT INTO reconciler_looks (looked_at) VALUES (:at)
ON CONFLICT (one) DO UPDATE SET looked_at = greatest(reconciler_looks.looked_at, excluded.looked_at);

-- name: last_look^
-- When the reconciler looked last, and how many orphans there are.
SELECT (SELECT looked_at FROM reconciler_looks) AS looked_at,
       (SELECT count(*)::int FROM orphans WHERE gone_at IS NULL) AS orphans;

-- name: orphans_seen
-- The orphans of a government and those that are nobody's: those that run, then those that are gone; the newest first.
SELECT run_id, workflow_id, why, found_at, seen_at, gone_at, ordered_at, reason FROM orphans
 WHERE government_id IS NULL OR government_id = :government_id
 ORDER BY gone_at IS NOT NULL, found_at DESC, run_id LIMIT :most;

-- name: taken_up_seen
-- The cases of a government that were taken up again, the newest first.
SELECT case_id, taken_at FROM taken_up WHERE government_id = :government_id
 ORDER BY taken_at DESC, case_id LIMIT :most;

-- name: orphan_of_run$
-- The workflow of an orphan that runs, where it is a government's or nobody's.
SELECT workflow_id FROM orphans
 WHERE run_id = :run_id AND gone_at IS NULL AND (government_id IS NULL OR government_id = :government_id);

-- name: order_orphan_ended!
-- Note who orders an orphan to be ended, and why.
UPDATE orphans SET ordered_at = :at, ordered_by = :ordered_by, reason = :reason WHERE run_id = :run_id;
