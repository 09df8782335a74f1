-- name: write_mandate^
-- Write a mandate once; no row when it is written already.
INSERT INTO mandates (mandate_id, government_id, tenure, substitute_id, principal_id, capacity, unit_id, valid,
                      written_by, letter, scope, written_at)
VALUES (:mandate_id, :government_id, :tenure, :substitute_id, :principal_id, :capacity, :unit_id,
        tstzrange(:starts, :ends), :written_by, :letter, :scope, :at)
ON CONFLICT (mandate_id) DO NOTHING RETURNING mandate_id;

-- name: lets_decide_already$
-- Whether the same person stands in for the same holder, for the same decisions, all through a span.
SELECT EXISTS (SELECT FROM mandates
                WHERE government_id = :government_id AND tenure = :tenure AND substitute_id = :substitute_id
                  AND principal_id IS NOT DISTINCT FROM :principal_id::uuid AND capacity = :capacity
                  AND unit_id IS NOT DISTINCT FROM :unit_id::text AND scope IS NOT DISTINCT FROM :scope::text[]
                  AND mandate_id <> :mandate_id AND revoked_at IS NULL AND valid @> tstzrange(:starts, :ends));

-- name: revoke_mandate^
-- End a mandate before its time; no row when it has ended.
UPDATE mandates SET revoked_at = :at, revoked_by = :revoked_by
 WHERE mandate_id = :mandate_id AND revoked_at IS NULL AND upper(valid) > :at
RETURNING mandate_id;

-- name: mandate_by_id^
-- One mandate.
SELECT mandate_id, government_id, tenure, substitute_id, principal_id, capacity, unit_id, lower(valid) AS starts,
       upper(valid) AS ends, written_by, letter, scope, revoked_at
  FROM mandates WHERE mandate_id = :mandate_id;

-- name: mandates_of
-- The mandates of a government that somebody may see, those in force or to come first.
SELECT m.mandate_id, m.tenure, m.substitute_id, s.name AS substitute, m.principal_id, p.name AS principal, m.capacity,
       m.unit_id, lower(m.valid) AS starts, upper(m.valid) AS ends, m.written_by, m.letter, m.scope, m.revoked_at
  FROM mandates m LEFT JOIN person_identities s ON s.person_id = m.substitute_id
  LEFT JOIN person_identities p ON p.person_id = m.principal_id
 WHERE m.government_id = :government_id
   AND (:everybody OR :person_id::uuid IN (m.substitute_id, m.principal_id, m.written_by))
 ORDER BY m.revoked_at IS NOT NULL, upper(m.valid) DESC, m.mandate_id LIMIT :most;

-- name: holders_of_office
-- Who holds an office by appointment at an instant, by the government's day.
SELECT person_id FROM appointments
 WHERE government_id = :government_id AND capacity = :capacity AND unit_id IS NOT DISTINCT FROM :unit_id
   AND valid @> local_day(government_id, :at) AND serves_in(person_id, government_id, :at) ORDER BY person_id;

-- name: person_of_government^
-- Whether somebody serves in a government.
SELECT person_id FROM people
 WHERE person_id = :person_id AND government_id = :government_id AND active AND died_at IS NULL AND left_at IS NULL;

-- name: note_death!
-- Somebody has died, as a case tells: the first that is told stands.
UPDATE people SET died_at = least(died_at, :at) WHERE person_id = :person_id::uuid;

-- name: note_life!
-- Somebody lives after all, as a case tells: unless another case has told of the death, and not taken it back since.
UPDATE people SET died_at = (
    SELECT min(told.at) FROM events told
     WHERE told.person_id = people.person_id AND told.type IN ('DeathReported', 'MutationSubjectDied')
       AND NOT EXISTS (SELECT FROM events back
                        WHERE back.case_id = told.case_id AND back.government_id = told.government_id AND back.seq > told.seq
                          AND back.type IN ('DeathRetracted', 'MutationSubjectLives')))
 WHERE person_id = :person_id::uuid;

-- name: note_leaving!
-- Somebody serves no more, as a case tells: the first that is told stands.
UPDATE people SET left_at = least(left_at, :at) WHERE person_id = :person_id::uuid;

-- name: end_mandates_of
-- End what somebody holds by a mandate, what others hold for them, and the substitutions that they wrote; by government.
UPDATE mandates SET revoked_at = :at, ended_for = :case_id
 WHERE (:person_id::uuid IN (substitute_id, principal_id) OR tenure = 'SUBSTITUTE' AND written_by = :person_id::uuid)
   AND revoked_at IS NULL AND upper(valid) > :at
RETURNING mandate_id, government_id, tenure, substitute_id, principal_id, capacity, unit_id, lower(valid) AS starts,
          upper(valid) AS ends, written_by, letter, scope;

-- name: end_acting_mandates
-- End what was written, since a head was asked, for somebody to act meanwhile: the head's secondment has ended, and no
-- other one goes on from it.
WITH RECURSIVE road AS (
    SELECT placement_id, moved_from, offered_at FROM placements WHERE placement_id = :placement_id
     UNION ALL
    SELECT p.placement_id, p.moved_from, p.offered_at FROM placements p JOIN road ON p.placement_id = road.moved_from)
UPDATE mandates m SET revoked_at = :at, ended_for = :case_id
  FROM placements p
 WHERE p.placement_id = :placement_id AND m.tenure = 'PLH' AND m.capacity = 'UNIT_HEAD'
   AND m.principal_id = p.person_id AND m.unit_id = p.post_unit_id AND m.written_at >= (SELECT min(offered_at) FROM road)
   AND NOT EXISTS (SELECT FROM placements onward WHERE onward.moved_from = p.placement_id)
   AND m.revoked_at IS NULL AND upper(m.valid) > :at
RETURNING m.mandate_id, m.tenure, m.substitute_id, m.principal_id, m.capacity, m.unit_id, lower(m.valid) AS starts, m.letter;

-- name: posts_otherwise_filled
-- The secondments of somebody who heads a unit where another acts there, or acts until another time, than their cases know.
-- Before the head leaves it is who acts when the duty begins; once out, who acts now or next.
SELECT p.placement_id, p.government_id, acting.mandate_id, acting.until
  FROM placements p
  LEFT JOIN LATERAL (
      SELECT coalesce(now.mandate_id, next.mandate_id) AS mandate_id, upper(coalesce(now.span, next.span)) AS until
        FROM (SELECT coalesce(min(greatest(lower(span), :at::timestamptz)), :at::timestamptz) AS opens
                FROM unnest(acting_spans(p.person_id, p.post_unit_id)) AS ahead (span) WHERE upper(span) > :at::timestamptz) AS first
        LEFT JOIN LATERAL acting_in(p.person_id, p.post_unit_id, greatest(p.report_at, :at::timestamptz)) AS now ON NOT p.out
        LEFT JOIN LATERAL acting_in(p.person_id, p.post_unit_id, first.opens) AS next ON p.out) AS acting ON true
 WHERE p.held AND p.person_id = :principal_id AND p.post_unit_id = :unit_id
   AND (acting.mandate_id, acting.until) IS DISTINCT FROM (p.acting_mandate_id, p.acting_until)
 ORDER BY p.placement_id;

-- name: on_a_surge_then$
-- Whether somebody is placed on a surge in a span.
SELECT EXISTS (SELECT FROM placements
                WHERE person_id = :person_id AND held AND tstzrange(report_at, due_back) && tstzrange(:starts, :ends));
