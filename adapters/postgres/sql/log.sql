-- name: lock_log_head^
-- Hold the head of a government's log until commit, so that numbers follow the order of commits.
SELECT seq, hash FROM log_heads WHERE government_id = :government_id FOR UPDATE;

-- name: append_events!
-- Append facts with consecutive numbers.
INSERT INTO events (government_id, seq, type, at, case_id, person_id, actor, on_behalf_of, authority, basis,
                    command_id, data, hash)
SELECT :government_id::text, fact.* FROM unnest(
    :seqs::bigint[], :types::text[], :ats::timestamptz[], :case_ids::text[], :person_ids::uuid[], :actors::text[],
    :behalves::text[], :authorities::text[], :bases::text[], :command_ids::uuid[], :datas::jsonb[], :hashes::bytea[]
) AS fact;

-- name: move_log_head!
-- Remember the newest entry.
UPDATE log_heads SET seq = :seq, hash = :hash WHERE government_id = :government_id;

-- name: queue_notices!
-- Put facts that concern a person into the outbox.
INSERT INTO outbox (government_id, seq, person_id)
SELECT :government_id::text, notice.* FROM unnest(:seqs::bigint[], :person_ids::uuid[]) AS notice;

-- name: read_log
-- Read a stretch of a government's log, oldest first.
SELECT seq, type, at, case_id, person_id, actor, on_behalf_of, authority, basis, command_id, data, hash
  FROM events WHERE government_id = :government_id AND seq > :after ORDER BY seq LIMIT :most;

-- name: log_of_case
-- Read what happened in one case, oldest first, each with the kind of the decision that it follows from.
SELECT e.seq, e.type, e.at, e.case_id, e.person_id, e.actor, e.on_behalf_of, e.authority, e.basis, e.command_id,
       c.kind AS command, e.data
  FROM events e LEFT JOIN commands c USING (command_id)
 WHERE e.government_id = :government_id AND e.case_id = :case_id ORDER BY e.seq;
