-- name: overrides_told
-- Who let a rule's block not count in a case, in which office and on which ground, the first one first.
SELECT o.rule, o.ground, o.capacity, o.tenure, o.person_id, i.name, o.granted_at
  FROM mutation_overrides o LEFT JOIN person_identities i USING (person_id)
 WHERE o.mutation_id = :mutation_id ORDER BY o.granted_at, o.rule;

-- name: assessment_told^
-- How a case was assessed since it passed its last screening: whose word it was, and when.
SELECT * FROM (
    SELECT c.kind, c.choice AS because, c.capacity, c.tenure, c.actor_id AS person_id, i.name, c.decided_at AS assessed_at
      FROM commands c LEFT JOIN person_identities i ON i.person_id = c.actor_id
     WHERE c.case_id = 'mutation:' || :mutation_id AND c.state = 'APPLIED'
       AND c.kind IN ('PASS_SCREENING', 'RECOMMEND_MUTATION', 'ADVISE_AGAINST_MUTATION')
     ORDER BY c.position DESC LIMIT 1) AS last
 WHERE kind <> 'PASS_SCREENING';

-- name: words_of_mutation
-- What people said in their own words with their decisions in a case, where it has not been erased; the first one first.
SELECT c.kind AS decision, c.capacity, c.tenure, c.actor_id AS person_id, i.name, c.decided_at AS said_at, n.body AS words
  FROM commands c JOIN notes n USING (note_id) LEFT JOIN person_identities i ON i.person_id = c.actor_id
 WHERE c.case_id = 'mutation:' || :mutation_id AND c.state = 'APPLIED'
 ORDER BY c.position;
