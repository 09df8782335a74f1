-- name: record_command^
-- Record a decision before anything else happens; no row when this key was used before.
INSERT INTO commands (command_id, government_id, case_id, kind, actor_id, on_behalf_of, capacity, tenure, mandate_id,
                      decided_at, choice, details, note_id, idempotency_key, request_sha256)
VALUES (:command_id, :government_id, :case_id, :kind, :actor_id, :on_behalf_of, :capacity, :tenure, :mandate_id,
        :decided_at, :choice, :details, :note_id, :idempotency_key, :request_sha256)
ON CONFLICT (government_id, actor_id, idempotency_key) DO NOTHING
RETURNING command_id;

-- name: command_by_key^
-- Find the decision that was recorded under a key.
SELECT * FROM commands
 WHERE government_id = :government_id AND actor_id IS NOT DISTINCT FROM :actor_id::uuid
   AND idempotency_key = :idempotency_key;

-- name: command_by_id^
-- Read a decision.
SELECT * FROM commands WHERE command_id = :command_id;

-- name: command_of_case^
-- Read a decision of a case, and where its author serves, which may be another government than the case's; no row where it is
-- of another case.
SELECT c.*, p.government_id AS serves FROM commands c LEFT JOIN people p ON p.person_id = c.actor_id
 WHERE c.command_id = :command_id AND c.case_id = :case_id;

-- name: decision_in_office^
-- Read a decision of an operation, a surge or a secondment, where whoever made it then held the office in which it was made: by
-- appointment, or by a mandate of somebody who held it; no row where they did not. The person decides of themself as nobody else.
SELECT c.* FROM commands c
  LEFT JOIN placements p ON p.placement_id = CASE WHEN c.case_id LIKE 'secondment:%' THEN substr(c.case_id, 12)::uuid END
 WHERE c.command_id = :command_id
   AND CASE WHEN c.capacity = 'SYSTEM' THEN true
            WHEN c.capacity = 'SUBJECT' THEN c.actor_id = p.person_id AND lived_at(c.actor_id, c.decided_at)
            WHEN c.mandate_id IS NOT NULL THEN EXISTS (
                SELECT FROM mandates m
                 WHERE m.mandate_id = c.mandate_id AND m.substitute_id = c.actor_id AND m.government_id = c.government_id
                   AND (m.capacity, m.tenure) = (c.capacity, c.tenure) AND m.principal_id IS NOT DISTINCT FROM c.on_behalf_of
                   AND m.valid @> c.decided_at AND (m.revoked_at IS NULL OR m.revoked_at > c.decided_at)
                   AND (m.unit_id IS NULL OR m.unit_id = p.unit_id) AND serves_in(c.actor_id, c.government_id, c.decided_at)
                   AND (m.principal_id IS NULL OR EXISTS (
                        SELECT FROM appointments a
                         WHERE a.person_id = m.principal_id AND a.capacity = m.capacity AND a.unit_id IS NOT DISTINCT FROM m.unit_id
                           AND a.valid @> local_day(a.government_id, c.decided_at)
                           AND serves_in(a.person_id, a.government_id, c.decided_at))))
            ELSE EXISTS (
                SELECT FROM appointments a
                 WHERE a.person_id = c.actor_id AND a.government_id = c.government_id AND a.capacity = c.capacity
                   AND (a.capacity <> 'UNIT_HEAD' OR a.unit_id = p.unit_id)
                   AND a.valid @> local_day(a.government_id, c.decided_at)
                   AND serves_in(a.person_id, a.government_id, c.decided_at)) END;

-- name: add_note!
-- Keep free text apart.
INSERT INTO notes (note_id, author_id, body) VALUES (:note_id, :author_id, :body);

-- name: announce_command$
-- Wake the relay when this transaction commits.
SELECT pg_notify('siaga_commands', :case_id);

-- name: pending_commands
-- Decisions of a case that were made in time and are not answered, in the order in which they were recorded.
SELECT command_id FROM commands
 WHERE case_id = :case_id AND state = 'RECORDED' AND decided_at <= :decided_by ORDER BY position;

-- name: lease_commands
-- Take the oldest unanswered decision of each case that nobody is delivering.
UPDATE commands SET leased_until = :leased_until, attempts = attempts + 1
 WHERE command_id IN (
        SELECT command_id FROM commands c
         WHERE c.state = 'RECORDED' AND (c.leased_until IS NULL OR c.leased_until < :now)
           AND NOT EXISTS (SELECT FROM commands older
                            WHERE older.case_id = c.case_id AND older.state = 'RECORDED'
                              AND older.position < c.position)
         ORDER BY c.position LIMIT :most FOR UPDATE SKIP LOCKED)
RETURNING command_id, case_id, kind, government_id, attempts, decided_at, position;

-- name: release_lease!
-- Let a decision be delivered again: not before the given instant.
UPDATE commands SET leased_until = :leased_until WHERE command_id = :command_id AND state = 'RECORDED';

-- name: oldest_unanswered^
-- How long the oldest decision has been waiting, per government or in all.
SELECT count(*) AS waiting, min(decided_at) AS oldest FROM commands WHERE state = 'RECORDED';

-- name: case_is_open$
-- Whether a case has begun and not ended, by its kind.
SELECT CASE split_part(:case_id::text, ':', 1)
       WHEN 'secondment' THEN EXISTS (SELECT FROM placements WHERE (held OR settles) AND placement_id::text = :key)
       WHEN 'surge' THEN EXISTS (SELECT FROM surges WHERE surge_id = :key AND state NOT IN ('REJECTED', 'CLOSED', 'CANCELLED'))
       WHEN 'mutation' THEN EXISTS (SELECT FROM mutations WHERE mutation_id = :key AND open)
       WHEN 'batch' THEN EXISTS (SELECT FROM mutation_groups WHERE case_id = :case_id AND open)
       WHEN 'swap' THEN EXISTS (SELECT FROM mutation_groups WHERE case_id = :case_id AND open)
       WHEN 'thin' THEN EXISTS (SELECT FROM thin_units WHERE episode_id::text = :key AND recovered_at IS NULL)
       ELSE EXISTS (SELECT FROM operations WHERE operation_id = :key AND state <> 'ARCHIVED') END;

-- name: case_state$
-- Where a case stands, by its kind.
SELECT CASE split_part(:case_id::text, ':', 1)
       WHEN 'secondment' THEN (SELECT state FROM placements WHERE placement_id::text = :key)
       WHEN 'surge' THEN (SELECT state FROM surges WHERE surge_id = :key)
       WHEN 'mutation' THEN (SELECT state FROM mutations WHERE mutation_id = :key)
       WHEN 'operation' THEN (SELECT state FROM operations WHERE operation_id = :key)
       ELSE (SELECT state FROM mutation_groups WHERE case_id = :case_id) END;

-- name: lines_of_decision
-- How long the lines last that a decision about a surge asks for: the one that it adds, those that replace the others, or all.
WITH added AS (
    SELECT split_part(line_id, '/', 2) AS number, line FROM line_drafts WHERE command_id = :command_id
     UNION ALL
    SELECT lpad(each.number::text, 2, '0'), each.line FROM surge_revisions,
           jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS each (line, number)
     WHERE command_id = :command_id)
SELECT number, (line ->> 'due_back')::timestamptz - (line ->> 'report_at')::timestamptz AS lasts FROM added
 UNION ALL
SELECT split_part(line_id, '/', 2), due_back - report_at FROM request_lines
 WHERE surge_id = :surge_id AND NOT EXISTS (SELECT FROM added)
 ORDER BY number;

-- name: pack_of_placement$
-- The rule pack that somebody's surge was decided under.
SELECT rule_pack FROM surges JOIN placements USING (surge_id) WHERE placement_id = :placement_id;
