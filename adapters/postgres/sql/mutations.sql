-- name: draft_mutation!
-- A mutation that was asked for; its case writes everything after this.
INSERT INTO mutations (mutation_id, government_id, person_id, proposer_id, initiative, from_unit, from_position, position_id,
                       documents, by_secretary, reverses, rule_pack, command_id, state, proposed_at, since)
VALUES (:mutation_id, :government_id, :person_id, :proposer_id, :initiative, :from_unit, :from_position, :position_id,
        :documents, :by_secretary, :reverses, :rule_pack, :command_id, 'DRAFT', :at, :at);

-- name: seat_of_person^
-- Where somebody serves: government, unit and position.
SELECT government_id, unit_id, position_id FROM people WHERE person_id = :person_id::uuid AND active;

-- name: government_of_position$
-- Whose a position is.
SELECT government_id FROM positions WHERE position_id = :position_id;

-- name: unit_of_position$
-- The unit of a position of a government.
SELECT unit_id FROM positions WHERE position_id = :position_id AND government_id = :government_id;

-- name: heads_of_unit
-- Who heads a unit, by an own appointment.
SELECT person_id FROM appointments
 WHERE unit_id = :unit_id AND capacity = 'UNIT_HEAD' AND valid @> local_day(:government_id, :at)
   AND serves_in(person_id, :government_id, :at);

-- name: mutation_by_id^
-- One mutation, with the unit of the position that it is to, the government that lets go, and whether its decree has taken
-- effect and stands.
SELECT m.*, p.unit_id AS to_unit, origin.government_id AS origin_id, m.life ->> 'effective_since' IS NOT NULL AND m.state <> 'REVERSED' AS in_effect
  FROM mutations m JOIN positions p ON p.position_id = m.position_id JOIN units origin ON origin.unit_id = m.from_unit
 WHERE m.mutation_id = :mutation_id;

-- name: former_post^
-- The post that a mutation took from somebody, as its screening knew it; whether it is lost; and whether another case undoes
-- the mutation already, or is about to.
SELECT m.from_position, coalesce(f.need, 0) <= (SELECT count(*) FROM people WHERE position_id = m.from_position AND active)
         + (SELECT count(*) FROM mutations WHERE position_id = m.from_position AND reserves) AS lost,
       (SELECT s.dossier FROM mutation_screenings s WHERE s.mutation_id = m.mutation_id
         ORDER BY s.screened_at DESC LIMIT 1) AS dossier,
       EXISTS (SELECT FROM mutations undoing WHERE undoing.reverses = m.mutation_id AND undoing.state <> 'REVERSED'
                  AND (undoing.open OR undoing.life ->> 'effective_since' IS NOT NULL)) AS undone_already
  FROM mutations m LEFT JOIN position_map f ON f.position_id = m.from_position
 WHERE m.mutation_id = :mutation_id;

-- name: kind_of_post^
-- What a position is worth by the position map.
SELECT kind, job_class FROM position_map WHERE position_id = :position_id;

-- name: mutation_before_move^
-- One mutation, locked, and whether the decree in effect of the other case that is named undoes it.
SELECT m.*, p.unit_id AS to_unit, origin.government_id AS origin_id,
       EXISTS (SELECT FROM mutations undoing WHERE 'mutation:' || undoing.mutation_id = :by_case::text
                  AND undoing.reverses = m.mutation_id AND undoing.life ->> 'effective_since' IS NOT NULL) AS undone
  FROM mutations m JOIN positions p ON p.position_id = m.position_id JOIN units origin ON origin.unit_id = m.from_unit
 WHERE m.mutation_id = :mutation_id FOR UPDATE OF m;

-- name: open_mutations
-- Every mutation that has not ended, or the one, which may have.
SELECT m.*, p.unit_id AS to_unit, origin.government_id AS origin_id
  FROM mutations m JOIN positions p ON p.position_id = m.position_id JOIN units origin ON origin.unit_id = m.from_unit
 WHERE CASE WHEN :key::text IS NULL THEN m.open ELSE m.mutation_id = :key END ORDER BY m.mutation_id;

-- name: mutation_facts
-- What authority over each of these mutations depends on.
SELECT m.mutation_id, m.government_id, m.person_id AS subject_id, m.from_unit AS releasing_unit, p.unit_id AS receiving_unit,
       m.proposer_id, c.capacity AS proposed_as,
       nullif(origin.government_id, m.government_id) AS origin_id, 'RELEASING' = ANY (m.by_secretary) AS secretary_releases
  FROM mutations m JOIN positions p ON p.position_id = m.position_id JOIN units origin ON origin.unit_id = m.from_unit
  LEFT JOIN commands c USING (command_id)
 WHERE m.mutation_id = ANY(:keys::text[]);

-- name: parts_of
-- Who has played which part in each of these cases: by their own hand or by a substitute's.
SELECT DISTINCT c.mutation_id, hand.person_id, played.part
  FROM decisions_of_mutations c JOIN mutation_parts played ON played.kind = c.kind AND played.part <> ''
  CROSS JOIN LATERAL unnest(ARRAY[c.actor_id, c.on_behalf_of]) AS hand (person_id)
 WHERE c.mutation_id = ANY(:keys::text[]) AND c.state = 'APPLIED' AND c.capacity <> 'SUBJECT' AND hand.person_id IS NOT NULL
 ORDER BY c.mutation_id, hand.person_id, played.part;

-- name: move_mutation^
-- Write the next moment of a mutation, from the one before; its row, with the salt of whom it is about.
UPDATE mutations
   SET state = :state, revision = :revision, life = :life, since = :since, position_id = :position_id, group_case = :group_case,
       open = :open, reserves = :reserves, undone = :undone,
       ended_at = CASE WHEN :open THEN NULL ELSE coalesce(ended_at, :at::timestamptz) END
 WHERE mutation_id = :mutation_id AND revision = :revision - 1
RETURNING *, (SELECT encode(i.salt, 'hex') FROM person_identities i WHERE i.person_id = mutations.person_id) AS subject_salt;

-- name: told_the_death$
-- Whether whoever decides this, or for whom it is decided, has told of the death of the case's person.
SELECT EXISTS (SELECT FROM commands back JOIN commands told USING (case_id)
                WHERE back.command_id = :command_id AND told.case_id = :case_id AND told.kind = 'REPORT_SUBJECT_DEATH'
                  AND told.state = 'APPLIED'
                  AND array_remove(ARRAY[told.actor_id, told.on_behalf_of], NULL)
                      && array_remove(ARRAY[back.actor_id, back.on_behalf_of], NULL));

-- name: add_rule_override!
-- Keep who let a rule's block not count, in which office and on which ground.
INSERT INTO mutation_overrides (mutation_id, rule, ground, command_id, person_id, capacity, tenure, principal_id, granted_at)
SELECT :mutation_id, :rule, :ground, command_id, actor_id, capacity, tenure, on_behalf_of, :at FROM commands
 WHERE command_id = :command_id;

-- name: rule_overrides
-- The overrides of a case, in the order in which they were granted.
SELECT o.rule, o.ground, o.person_id, o.capacity, o.tenure, o.principal_id, m.written_by
  FROM mutation_overrides o JOIN commands c USING (command_id) LEFT JOIN mandates m ON m.mandate_id = c.mandate_id
 WHERE o.mutation_id = :mutation_id ORDER BY o.granted_at, o.rule;

-- name: keep_screening!
-- Keep what a screening was asked about and what it said; the same decision screens once.
INSERT INTO mutation_screenings (mutation_id, screened_at, rule_pack, dossier_sha256, dossier, outcome, command_id)
VALUES (:mutation_id, :at, :rule_pack, :dossier_sha256, :dossier, :outcome, :command_id) ON CONFLICT DO NOTHING;

-- name: last_screening^
-- The newest screening of a case.
SELECT screened_at, rule_pack, dossier, dossier_sha256, outcome FROM mutation_screenings
 WHERE mutation_id = :mutation_id ORDER BY screened_at DESC LIMIT 1;

-- name: reservations_of
-- The cases that have reserved a place of a position, but for this one.
SELECT mutation_id FROM mutations
 WHERE position_id = :position_id AND reserves AND mutation_id <> :mutation_id ORDER BY mutation_id;

-- name: waiting_for_full_posts
-- The open mutations of the government of one, but those of a swap, whose new post is full: by who holds it, and for whom it is kept.
SELECT m.mutation_id, m.from_position, m.position_id AS to_position
  FROM mutations m JOIN position_map f USING (position_id)
 WHERE m.government_id = (SELECT government_id FROM mutations WHERE mutation_id = :mutation_id) AND m.open
   AND m.state = ANY(:states::text[])
   AND (m.group_case IS NULL OR starts_with(m.group_case, 'batch:'))
   AND f.need <= (SELECT count(*) FROM people WHERE people.position_id = m.position_id AND active)
               + (SELECT count(*) FROM mutations o
                   WHERE o.position_id = m.position_id AND o.reserves AND o.mutation_id <> m.mutation_id)
 ORDER BY m.mutation_id;

-- name: gone_with^
-- What the other moves of the same group do to a move: who leaves the position that is joined, and how many heads they
-- bring (or, below 0, take) to the role and unit that is left, and to the one that is joined. By what is in effect already
-- the registry is changed.
WITH mine AS (
    SELECT m.mutation_id, m.group_case, m.position_id, p.unit_id AS left_unit, p.role AS left_role,
           t.unit_id AS joined_unit, t.role AS joined_role
      FROM mutations m JOIN people p USING (person_id) JOIN positions t ON t.position_id = m.position_id
     WHERE m.mutation_id = :mutation_id),
others AS (
    SELECT o.mutation_id, o.from_position, p.unit_id AS left_unit, p.role AS left_role, t.unit_id AS joined_unit,
           t.role AS joined_role
      FROM mine JOIN mutations o ON o.group_case = mine.group_case AND o.mutation_id <> mine.mutation_id
      JOIN people p USING (person_id) JOIN positions t ON t.position_id = o.position_id
     WHERE o.open AND o.state NOT IN ('EFFECTIVE', 'REPORTED', 'BLOCKED_BY_BKN'))
SELECT array(SELECT o.mutation_id FROM others o WHERE o.from_position = mine.position_id ORDER BY 1) AS vacated_by,
       (SELECT coalesce(sum(((o.joined_unit, o.joined_role) = (mine.left_unit, mine.left_role))::int
                          - ((o.left_unit, o.left_role) = (mine.left_unit, mine.left_role))::int), 0)::int FROM others o) AS left_heads,
       (SELECT coalesce(sum(((o.joined_unit, o.joined_role) = (mine.joined_unit, mine.joined_role))::int
                          - ((o.left_unit, o.left_role) = (mine.joined_unit, mine.joined_role))::int), 0)::int FROM others o) AS joined_heads
  FROM mine;

-- name: overfilled$
-- Whether more people hold a position than it needs.
SELECT m.need < (SELECT count(*) FROM people WHERE position_id = m.position_id AND active)
  FROM position_map m WHERE m.position_id = :position_id;

-- name: keeps_partner$
-- Whether a case of a swap that lost its partner is for a post that stays full: whoever goes by a signed decree leaves it.
SELECT m.life -> 'impediments' ? 'PARTNER_LOST' AND map.need <= (
           SELECT count(*) FROM people p WHERE p.position_id = m.position_id AND p.active
              AND NOT EXISTS (SELECT FROM mutations away WHERE away.person_id = p.person_id AND away.reserves
                                 AND away.from_position = m.position_id AND away.life #>> '{decree,number}' IS NOT NULL))
  FROM mutations m JOIN position_map map USING (position_id) WHERE m.mutation_id = :mutation_id;

-- name: take_position^
-- The person holds the new position, by law from the date of the decree on; no row where they have left the former one otherwise.
UPDATE people SET government_id = p.government_id, position_id = p.position_id, unit_id = p.unit_id, role = p.role,
       in_post_since = local_day(p.government_id, :effective_at)
  FROM positions p
 WHERE people.person_id = :person_id::uuid AND people.position_id = :from_position AND people.active
   AND p.position_id = :position_id
RETURNING people.in_post_since;

-- name: count_heads!
-- A unit has one person of the role more, or fewer: what it may lend follows. Where the work was never measured, and of what is critical (S04), all stay.
INSERT INTO unit_roles AS r (unit_id, role, government_id, headcount, need, redline, lendable, rule_pack)
SELECT p.unit_id, p.role, p.government_id, greatest(:change::int, 0), 0, greatest(:change::int, 0), 0, :rule_pack
  FROM positions p WHERE p.position_id = :position_id
ON CONFLICT (unit_id, role) DO UPDATE
   SET headcount = greatest(0, r.headcount + :change::int),
       redline = CASE WHEN NOT r.critical AND EXISTS (SELECT FROM workload_lines w WHERE w.unit_id = r.unit_id AND w.role = r.role)
                      THEN r.redline ELSE greatest(r.redline, r.headcount + :change::int) END,
       lendable = CASE WHEN NOT r.critical AND EXISTS (SELECT FROM workload_lines w WHERE w.unit_id = r.unit_id AND w.role = r.role)
                       THEN greatest(0, r.headcount + :change::int - r.redline) ELSE 0 END;

-- name: on_secondment$
-- Whether somebody is held for a secondment, or has papers of one to settle.
SELECT EXISTS (SELECT FROM placements WHERE person_id = :person_id::uuid AND (held OR settles));

-- name: known_there$
-- Whether a government knows somebody's number already, as another person's.
SELECT EXISTS (SELECT FROM person_identities mine JOIN person_identities theirs USING (nip)
                WHERE mine.person_id = :person_id::uuid AND theirs.government_id = :government_id
                  AND theirs.person_id <> mine.person_id);

-- name: bring_identity!
-- Whoever has joined another government is known there by name and number.
UPDATE person_identities SET government_id = :government_id WHERE person_id = :person_id::uuid;

-- name: bring_tokens!
-- Their tokens let them in there.
UPDATE tokens SET government_id = :government_id WHERE person_id = :person_id::uuid;

-- name: drop_later_offices!
-- Offices of the former government that were to begin are not begun.
DELETE FROM appointments
 WHERE person_id = :person_id::uuid AND government_id = :government_id AND lower(valid) >= local_day(:government_id, :at);

-- name: end_offices!
-- Whoever has left a government holds no office of it any more.
UPDATE appointments SET valid = daterange(lower(valid), local_day(:government_id, :at))
 WHERE person_id = :person_id::uuid AND government_id = :government_id AND valid @> local_day(:government_id, :at);

-- name: end_headship!
-- Whoever headed the former unit heads it no more.
UPDATE appointments SET valid = daterange(lower(valid), local_day(:government_id, :at))
 WHERE person_id = :person_id::uuid AND unit_id = :unit_id AND capacity = 'UNIT_HEAD'
   AND valid @> local_day(:government_id, :at) AND lower(valid) IS DISTINCT FROM local_day(:government_id, :at);

-- name: begin_headship!
-- Whoever joins a position that heads its unit heads it from here on.
INSERT INTO appointments (government_id, person_id, capacity, unit_id, valid)
SELECT p.government_id, :person_id::uuid, 'UNIT_HEAD', p.unit_id, daterange(local_day(p.government_id, :at), NULL)
  FROM positions p JOIN position_map m USING (position_id)
 WHERE p.position_id = :position_id AND m.heads_unit
ON CONFLICT DO NOTHING;

-- name: hand_in!
-- More documents of a file that is sent again.
UPDATE mutations SET documents = ARRAY(SELECT DISTINCT one FROM unnest(documents || :documents::text[]) AS one ORDER BY one)
 WHERE mutation_id = :mutation_id;

-- name: mutation_board
-- The mutations of a government, and those by which others take people of it, the newest first: who goes where, where the
-- case stands, and by which decree.
SELECT m.mutation_id, m.government_id, nullif(fu.government_id, m.government_id) AS origin_id, m.by_secretary, m.person_id, i.name, m.initiative, m.state, m.from_unit, fu.name AS from_unit_name,
       f.name AS from_position_name, t.unit_id AS to_unit, tu.name AS to_unit_name, t.name AS to_position_name,
       m.position_id, m.proposer_id, m.proposed_at, m.since, m.reverses, m.rule_pack, m.life, m.group_case, d.number,
       CASE WHEN d.decree_id IS NOT NULL
            THEN coalesce((m.life #>> '{decree,effective_at}')::timestamptz, d.effective_at) END AS effective_at,
       (SELECT min(due_at) FROM tasks WHERE case_id = 'mutation:' || m.mutation_id AND closed_at IS NULL) AS due_at,
       (SELECT mutation_id FROM mutations back WHERE back.reverses = m.mutation_id
           AND back.life ->> 'effective_since' IS NOT NULL ORDER BY back.since DESC LIMIT 1) AS undone_by
  FROM mutations m JOIN person_identities i USING (person_id)
  JOIN positions f ON f.position_id = m.from_position JOIN units fu ON fu.unit_id = m.from_unit
  JOIN positions t ON t.position_id = m.position_id JOIN units tu ON tu.unit_id = t.unit_id
  LEFT JOIN decree_members of ON of.mutation_id = m.mutation_id AND of.issued LEFT JOIN decrees d USING (decree_id)
 WHERE :government_id IN (m.government_id, fu.government_id) AND (:state::text IS NULL OR m.state = :state)
   AND starts_with(m.mutation_id, :id_prefix)
 ORDER BY m.proposed_at DESC, m.mutation_id;
