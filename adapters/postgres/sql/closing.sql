-- name: closing_placement^
-- A placement with what closing it needs: whose it is, its surge, the pack it began under, the government's zone.
SELECT p.placement_id, p.government_id, p.person_id, p.unit_id, p.surge_id, s.operation_id, s.rule_pack, g.zone
  FROM placements p JOIN surges s USING (surge_id) JOIN governments g ON g.government_id = p.government_id
 WHERE p.placement_id = :placement_id;

-- name: posts_of_stay
-- A placement and those that somebody was moved from to it, the last one first.
WITH RECURSIVE stay AS (
    SELECT placement_id, moved_from, 0 AS nth FROM placements WHERE placement_id = :placement_id
     UNION ALL
    SELECT p.placement_id, p.moved_from, nth + 1 FROM placements p JOIN stay ON p.placement_id = stay.moved_from)
SELECT placement_id FROM stay ORDER BY nth;

-- name: closing_surge^
-- A surge with what closing it needs.
SELECT surge_id, government_id, operation_id, title, rule_pack, state FROM surges WHERE surge_id = :surge_id;

-- name: closing_entries
-- What happened in one case, oldest first, each entry with its hash and the hash that it is chained to.
SELECT e.seq, e.type, e.at, e.case_id, e.person_id, e.actor, e.on_behalf_of, e.authority, e.basis, e.command_id,
       e.data, e.hash, before.hash AS previous
  FROM events e LEFT JOIN events before ON before.government_id = e.government_id AND before.seq = e.seq - 1
 WHERE e.government_id = :government_id AND e.case_id = :case_id ORDER BY e.seq;

-- name: closing_waivers
-- Where somebody's yearly cap was raised, up to an entry and no longer before an instant than the waiver counts; as above.
SELECT e.seq, e.type, e.at, e.case_id, e.person_id, e.actor, e.on_behalf_of, e.authority, e.basis, e.command_id,
       e.data, e.hash, before.hash AS previous
  FROM yearly_cap_waivers w
  JOIN events e ON e.case_id = 'surge:' || w.surge_id AND e.command_id = w.waiver_id AND e.type = 'YearlyCapWaived'
  LEFT JOIN events before ON before.government_id = e.government_id AND before.seq = e.seq - 1
 WHERE w.government_id = :government_id AND w.person_id = :person_id AND e.seq < :last_seq
   AND e.at > :since::timestamptz - interval '365 days' ORDER BY e.seq;

-- name: lock_placement$
-- Hold a placement, so that two evaluations of one side come one after the other; say whether its case goes on.
SELECT held OR settles FROM placements WHERE placement_id = :placement_id FOR UPDATE;

-- name: evaluations_of
-- What both sides have said of a placement.
SELECT e.side, e.capacity, e.scores, e.evaluated_at, n.body AS note
  FROM evaluations e LEFT JOIN notes n USING (note_id)
 WHERE e.placement_id = :placement_id ORDER BY e.side;

-- name: add_evaluation!
-- Write what one side says, once.
INSERT INTO evaluations (placement_id, side, subject_id, evaluator_id, on_behalf_of, capacity, mandate_id, scores,
                         note_id, evaluated_at)
VALUES (:placement_id, :side, :subject_id, :evaluator_id, :on_behalf_of, :capacity, :mandate_id, :scores, :note_id, :at);

-- name: add_lesson!
-- Note that there is a lesson; what it says is a note.
INSERT INTO lessons (lesson_id, surge_id, author_id, topic, note_id, noted_at)
VALUES (:lesson_id, :surge_id, :author_id, :topic, :note_id, :at);

-- name: lessons_of
-- The lessons of a surge with what they say, where it has not been erased.
SELECT l.lesson_id, l.topic, l.noted_at, n.body FROM lessons l LEFT JOIN notes n USING (note_id)
 WHERE l.surge_id = :surge_id ORDER BY l.noted_at, l.lesson_id;

-- name: add_experience!
-- Write back to the roster what somebody did; once a placement.
INSERT INTO experiences (placement_id, person_id, operation_id, surge_id, role, site, first_day, last_day, away, duty)
VALUES (:placement_id, :person_id, :operation_id, :surge_id, :role, :site, :first_day, :last_day, :away, :duty)
ON CONFLICT DO NOTHING;

-- name: person_of_roster^
-- One person of the roster.
SELECT p.person_id, p.government_id, i.name, p.unit_id, u.name AS unit, p.role, p.employment, p.grade, p.active
  FROM people p JOIN units u USING (unit_id) LEFT JOIN person_identities i USING (person_id)
 WHERE p.person_id = :person_id;

-- name: skills_of_person
-- What somebody can do, as the roster says.
SELECT skill, level, expires_on FROM person_skills WHERE person_id = :person_id ORDER BY skill;

-- name: experience_of_person
-- What somebody has done on surges, the newest first.
SELECT e.placement_id, e.surge_id, e.operation_id, coalesce(o.title, s.title) AS incident, e.role, e.site, e.first_day, e.last_day, e.away,
       e.duty
  FROM experiences e JOIN surges s USING (surge_id) LEFT JOIN operations o ON o.operation_id = e.operation_id
 WHERE e.person_id = :person_id ORDER BY e.last_day DESC, e.placement_id;

-- name: extracts_of_placement
-- The extracts that somebody was served, with the numbers of their orders, in the order of their signing.
SELECT o.order_id, o.number, o.signed_at, d.sha256, d.file
  FROM documents d JOIN orders o USING (order_id)
 WHERE d.placement_id = :placement_id AND o.state = 'ISSUED' ORDER BY o.signed_at, o.order_id;
