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
-- The offices a person holds at an instant in the government where they serve then: by appointment, and by a mandate of
-- somebody who holds it still.
SELECT a.capacity, a.unit_id, 'DEFINITIVE' AS tenure, NULL::uuid AS principal_id, NULL::uuid AS written_by,
       NULL::uuid AS mandate_id, NULL::text[] AS scope
  FROM appointments a JOIN people p USING (person_id, government_id)
 WHERE person_id = :person_id AND a.valid @> local_day(government_id, :at) AND serves_in(person_id, government_id, :at)
UNION ALL
SELECT m.capacity, m.unit_id, m.tenure, m.principal_id, m.written_by, m.mandate_id, m.scope
  FROM mandates m
 WHERE m.substitute_id = :person_id AND m.valid @> :at::timestamptz AND (m.revoked_at IS NULL OR m.revoked_at > :at)
   AND serves_in(m.substitute_id, m.government_id, :at)
   AND (m.principal_id IS NULL
        OR EXISTS (SELECT FROM appointments a
                    WHERE a.person_id = m.principal_id AND a.capacity = m.capacity
                      AND a.unit_id IS NOT DISTINCT FROM m.unit_id AND a.valid @> local_day(a.government_id, :at)
                      AND serves_in(a.person_id, a.government_id, :at)))
 ORDER BY capacity, unit_id, tenure, mandate_id;

-- name: has_died$
-- Whether somebody has died by an instant, as far as a case has told.
SELECT NOT lived_at(:person_id::uuid, :at);

-- name: hats_of
-- Who has given a verdict in a case, in which office: by their own hand or by a substitute's. Who proposed the longer duty
-- or the other post that stands has spoken for the host, or for the home unit: they answer it in no office of the other side.
SELECT DISTINCT hat.person_id, c.capacity
  FROM commands c JOIN separations s ON s.kind = c.kind AND s.verdict
  CROSS JOIN LATERAL unnest(ARRAY[c.actor_id, c.on_behalf_of]) AS hat (person_id)
 WHERE c.case_id = :case_id AND c.state = 'APPLIED' AND hat.person_id IS NOT NULL
 UNION
SELECT unnest(extend_by), CASE extend_side WHEN 'HOST' THEN 'COMMAND_POST' ELSE 'SEKDA' END
  FROM placements WHERE placement_id = CASE WHEN :case_id::text LIKE 'secondment:%' THEN substr(:case_id, 12)::uuid END
 ORDER BY person_id, capacity;

-- name: secondment_facts^
-- What authority over a secondment depends on.
SELECT government_id, person_id AS subject_id, unit_id AS home_unit_id, NULL::uuid AS proposer_id, escalation,
       post_unit_id IS NOT NULL AS of_a_head
  FROM placements WHERE placement_id = :key::uuid;

-- name: surge_facts^
-- What authority over a surge depends on.
SELECT government_id, NULL::uuid AS subject_id, NULL::text AS home_unit_id, requested_by AS proposer_id, escalation
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

-- name: zone_of_government$
-- The zone that a government's offices live by.
SELECT zone FROM governments WHERE government_id = :government_id;
