-- name: overrides_told
-- Who let a rule's block not count in a case, in which office and on which ground, the first one first.
SELECT o.rule, o.ground, o.capacity, o.tenure, o.person_id, i.name, o.granted_at
  FROM mutation_overrides o LEFT JOIN person_identities i USING (person_id)
 WHERE o.mutation_id = :mutation_id ORDER BY o.granted_at, o.rule;

-- name: assessment_told^
-- How a case was assessed since it passed its last screening: whose word it was, and when.
SELECT * FROM (
    SELECT c.kind, c.choice AS because, c.details ->> 'reference' AS reference, c.details ->> 'dated' AS dated, c.capacity,
           c.tenure, c.actor_id AS person_id, i.name, c.decided_at AS assessed_at
      FROM commands c LEFT JOIN person_identities i ON i.person_id = c.actor_id
     WHERE c.case_id = 'mutation:' || :mutation_id AND c.state = 'APPLIED'
       AND c.kind IN ('PASS_SCREENING', 'RECOMMEND_MUTATION', 'ADVISE_AGAINST_MUTATION')
     ORDER BY c.position DESC LIMIT 1) AS last
 WHERE kind <> 'PASS_SCREENING';

-- name: counsel_told^
-- How the decision was counselled since the case passed its last screening: whose word it was, by which paper, and when.
SELECT * FROM (
    SELECT c.kind, c.choice AS because, c.details ->> 'reference' AS reference, c.details ->> 'dated' AS dated, c.capacity,
           c.tenure, c.actor_id AS person_id, i.name, c.decided_at AS counselled_at
      FROM commands c LEFT JOIN person_identities i ON i.person_id = c.actor_id
     WHERE c.case_id = 'mutation:' || :mutation_id AND c.state = 'APPLIED'
       AND c.kind IN ('PASS_SCREENING', 'COUNSEL_FOR_MUTATION', 'COUNSEL_AGAINST_MUTATION')
     ORDER BY c.position DESC LIMIT 1) AS last
 WHERE kind <> 'PASS_SCREENING';

-- name: lawsuits_of_undone$
-- The lawsuits about the decree that a mutation is to undo, as the first case knows them; none where it undoes nothing.
SELECT undone.life -> 'lawsuits' FROM mutations m JOIN mutations undone ON undone.mutation_id = m.reverses
 WHERE m.mutation_id = :mutation_id;

-- name: decreed_of_mutation^
-- What an entry in SIASN says of an issued decree: each day is that of the government's zone.
SELECT d.number, local_day(m.government_id, d.signed_at) AS signed_on, u.code AS unit_code,
       f.name = p.name AS same_name,
       local_day(m.government_id, coalesce((m.life #>> '{decree,effective_at}')::timestamptz, d.effective_at)) AS effective_on,
       (SELECT local_day(m.government_id, max(c.decided_at)) FROM commands c
         WHERE c.case_id = 'mutation:' || m.mutation_id AND c.kind = 'FILE_INAUGURATION' AND c.state = 'APPLIED') AS inaugurated_on
  FROM mutations m JOIN decree_members of ON of.mutation_id = m.mutation_id AND of.issued JOIN decrees d USING (decree_id)
  JOIN positions p ON p.position_id = m.position_id JOIN units u ON u.unit_id = p.unit_id
  JOIN positions f ON f.position_id = m.from_position
 WHERE m.mutation_id = :mutation_id;

-- name: words_of_mutation
-- What people said in their own words with their decisions in a case, where it has not been erased; the first one first.
SELECT c.kind AS decision, c.capacity, c.tenure, c.actor_id AS person_id, i.name, c.decided_at AS said_at, n.body AS words
  FROM commands c JOIN notes n USING (note_id) LEFT JOIN person_identities i ON i.person_id = c.actor_id
 WHERE c.case_id = 'mutation:' || :mutation_id AND c.state = 'APPLIED'
 ORDER BY c.position;
