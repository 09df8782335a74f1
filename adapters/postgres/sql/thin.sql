-- name: governments_lending
-- The governments that have people promised or away, or a thin unit.
SELECT government_id FROM placements WHERE held UNION SELECT government_id FROM thin_units WHERE recovered_at IS NULL;

-- name: thin_units_open
-- The thin units of a government.
SELECT * FROM thin_units WHERE government_id = :government_id AND recovered_at IS NULL ORDER BY since, episode_id;

-- name: lock_thin_unit^
-- One thin unit, open or over; nobody else moves it until this transaction ends.
SELECT * FROM thin_units WHERE episode_id = :key::uuid FOR UPDATE;

-- name: begin_thin_unit^
-- Begin an episode, with whom the unit lends to and who let it; no row where one stands open.
INSERT INTO thin_units (episode_id, government_id, unit_id, role, rule_pack, state, since, below, surges, lifted_by)
SELECT :episode_id, :government_id, :unit_id::text, :role::text, :rule_pack, 'THIN', :at, :below,
       ARRAY(SELECT DISTINCT surge_id FROM placements WHERE held AND unit_id = :unit_id AND role = :role ORDER BY surge_id),
       (SELECT o.granted_by FROM redline_overrides o WHERE o.unit_id = :unit_id AND o.role = :role AND o.used > 0
         ORDER BY o.granted_at DESC, o.override_id LIMIT 1)
ON CONFLICT (unit_id, role) WHERE recovered_at IS NULL DO NOTHING RETURNING surges;

-- name: move_thin_unit!
-- Write the next moment of an episode, from the one before.
UPDATE thin_units
   SET state = :state, revision = :revision, escalation = :escalation, notices = :notices,
       below = coalesce(:below, below), reason_code = CASE WHEN :state = 'RECOVERED' THEN reason_code ELSE :reason_code END,
       recovered_at = CASE WHEN :state = 'RECOVERED' THEN :at::timestamptz END
 WHERE episode_id = :episode_id AND revision = :revision - 1;

-- name: thin_facts^
-- What authority over a thin unit depends on: the case is its head's, and who let it lend so has proposed it.
SELECT government_id, NULL::uuid AS subject_id, unit_id AS home_unit_id, lifted_by AS proposer_id, escalation
  FROM thin_units WHERE episode_id = :key::uuid;

-- name: thin_units_seen
-- The thin units that somebody may see, the open ones first, then the newest.
SELECT t.episode_id, t.government_id, t.unit_id, u.name AS unit, u.code, t.role, t.state, t.since, t.below, t.surges, t.escalation,
       t.reason_code, t.recovered_at,
       (SELECT min(k.due_at) FROM tasks k WHERE k.case_id = 'thin:' || t.episode_id AND k.closed_at IS NULL) AS due_at
  FROM thin_units t JOIN units u USING (unit_id)
 WHERE t.government_id = :government_id AND (:everybody OR t.unit_id = ANY (:units::text[]))
   AND (:over OR t.recovered_at IS NULL)
   AND (:episode_id::uuid IS NULL OR t.episode_id = :episode_id)
 ORDER BY t.recovered_at IS NOT NULL, t.since DESC, t.episode_id LIMIT :most;

-- name: rebuild_thin_units
-- Every episode of a government, as it stands.
SELECT episode_id, unit_id, role AS home_role, state, since, surges, escalation, reason_code AS reason, recovered_at
  FROM thin_units WHERE government_id = :government_id;
