-- name: lock_log_head^
-- Hold the head of a government's log until commit, so that numbers follow the order of commits.
SELECT seq, hash FROM log_heads WHERE government_id = :government_id FOR UPDATE;

-- name: decisions_told
-- Decisions as they were recorded, and what the rules were asked for them; of the dossier its hash. With the salts of whoever
-- decided, and of whom the rules were asked about.
SELECT c.*, s.mutation_id, s.screened_at, s.rule_pack, s.dossier_sha256, s.outcome,
       encode(sha256(convert_to(s.dossier, 'UTF8')), 'hex') AS dossier,
       encode(actor.salt, 'hex') AS actor_salt, encode(subject.salt, 'hex') AS subject_salt
  FROM commands c LEFT JOIN person_identities actor ON actor.person_id = c.actor_id
  LEFT JOIN mutation_screenings s ON s.command_id = c.command_id AND 'mutation:' || s.mutation_id = c.case_id
  LEFT JOIN mutations m ON m.mutation_id = s.mutation_id LEFT JOIN person_identities subject ON subject.person_id = m.person_id
 WHERE c.command_id = ANY (:command_ids::uuid[]);

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
