-- name: person_of_token^
-- Who carries this token.
SELECT person_id, government_id FROM tokens WHERE token_sha256 = :token_sha256 AND revoked_at IS NULL;

-- name: keep_tokens!
-- Keep the hashes of tokens that were handed out.
INSERT INTO tokens (token_sha256, government_id, person_id)
SELECT token.sha256, :government_id::text, token.person_id
  FROM unnest(:hashes::bytea[], :person_ids::uuid[]) AS token (sha256, person_id)
ON CONFLICT DO NOTHING;

-- name: appointments_of
-- The offices a person holds on a day.
SELECT capacity, unit_id FROM appointments
 WHERE person_id = :person_id AND valid @> :day::date ORDER BY capacity, unit_id;

-- name: secondment_facts^
-- What authority over a secondment depends on.
SELECT government_id, person_id AS subject_id, unit_id AS home_unit_id, NULL::uuid AS proposer_id, escalation
  FROM placements WHERE placement_id = :key::uuid;

-- name: surge_facts^
-- What authority over a surge depends on.
SELECT government_id, NULL::uuid AS subject_id, NULL::text AS home_unit_id, requested_by AS proposer_id, 0 AS escalation
  FROM surges WHERE surge_id = :key;

-- name: operation_facts^
-- What authority over an operation depends on.
SELECT government_id, NULL::uuid AS subject_id, NULL::text AS home_unit_id, NULL::uuid AS proposer_id, 0 AS escalation
  FROM operations WHERE operation_id = :key;

-- name: names_of
-- The names behind opaque ids, for those who may see them.
SELECT p.person_id, i.name, i.nip, u.unit_id, u.name AS unit_name
  FROM people p JOIN person_identities i USING (person_id) JOIN units u ON u.unit_id = p.unit_id
 WHERE p.person_id = ANY (:person_ids::uuid[]);

-- name: government_by_id^
-- One government.
SELECT * FROM governments WHERE government_id = :government_id;
