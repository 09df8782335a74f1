-- name: rebuild_placements
-- What the board of people does not show and others count by.
SELECT placement_id, held, fills, override_id FROM placements WHERE government_id = :government_id;

-- name: rebuild_standings
-- Every emergency status of a government, as it stands.
SELECT s.operation_id || '#' || s.number AS key, s.operation_id, s.begun, s.level, s.status, lower(s.period) AS start, upper(s.period) AS "end",
       s.ended
  FROM standings s JOIN operations o USING (operation_id) WHERE o.government_id = :government_id;

-- name: rebuild_lent
-- What the registry counts as lent, of units that ever lent somebody.
SELECT unit_id || ' ' || role AS key, lent FROM unit_roles ur
 WHERE government_id = :government_id
   AND (lent <> 0 OR EXISTS (SELECT FROM placements p WHERE p.unit_id = ur.unit_id AND p.role = ur.role));

-- name: rebuild_overrides
-- What was granted beyond what a unit may lend, and how much of it is used.
SELECT override_id, unit_id, role, extra, used FROM redline_overrides WHERE government_id = :government_id;

-- name: rebuild_caps
-- Whose yearly cap was raised, and by how many days.
SELECT waiver_id, person_id, days FROM yearly_cap_waivers WHERE government_id = :government_id;

-- name: rebuild_orders
-- The orders, with the numbers that are reserved or void, and how many people stand on each.
SELECT order_id, surge_id, number, state,
       (SELECT count(*)::int FROM placements p WHERE p.order_id = o.order_id) AS people
  FROM orders o WHERE government_id = :government_id;

-- name: rebuild_mutations
-- The mutations that their case has received, with the whole life of each.
SELECT mutation_id, person_id, state, position_id, reserves, open, life FROM mutations
 WHERE government_id = :government_id AND life IS NOT NULL;

-- name: rebuild_groups
-- The batches and swaps that their case has received, with the whole life of each.
SELECT case_id, state, open, life FROM mutation_groups WHERE government_id = :government_id AND life IS NOT NULL;

-- name: rebuild_decrees
-- The decrees with what was issued, and the hash of the file that is kept.
SELECT d.decree_id, d.case_id AS by_case, (SELECT count(*)::int FROM decree_members of WHERE of.decree_id = d.decree_id) AS people,
       d.number, d.state, d.facts_sha256, d.file_sha256, d.verification_code AS code,
       encode(sha256(p.file), 'hex') AS kept
  FROM decrees d LEFT JOIN decree_papers p ON p.decree_id = d.decree_id AND p.paper = 'DECREE' AND d.state = 'ISSUED'
 WHERE d.government_id = :government_id;

-- name: rebuild_papers
-- The sealed extracts and the papers of cases, with the hash of the file that is kept.
SELECT p.mutation_id || '/EXTRACT/' || left(p.sha256, 12) AS paper, encode(sha256(p.file), 'hex') AS kept
  FROM decree_papers p JOIN decrees d USING (decree_id)
 WHERE p.paper = 'EXTRACT' AND p.record IS NOT NULL AND d.government_id = :government_id
UNION ALL
SELECT c.mutation_id || '/' || c.paper || '/' || left(c.sha256, 12), encode(sha256(f.file), 'hex')
  FROM case_papers c JOIN mutations m USING (mutation_id)
  LEFT JOIN case_paper_files f ON (f.mutation_id, f.paper, f.revision) = (c.mutation_id, c.paper, c.revision)
 WHERE c.sha256 IS NOT NULL AND m.government_id = :government_id;

-- name: rebuild_positions
-- Where those hold a position whom a decree has moved.
SELECT person_id, position_id FROM people p
 WHERE government_id = :government_id
   AND EXISTS (SELECT FROM events e WHERE e.government_id = p.government_id AND e.person_id = p.person_id
                  AND e.type = 'MutationEffective');
