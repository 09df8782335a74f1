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
SELECT override_id, unit_id, role, extra, used, granted_by, reason_code, granted_at FROM redline_overrides WHERE government_id = :government_id;

-- name: rebuild_caps
-- Whose yearly cap was raised, and by how many days.
SELECT waiver_id, person_id, days, granted_by, reason_code, granted_at FROM yearly_cap_waivers WHERE government_id = :government_id;

-- name: rebuild_orders
-- The orders, with the numbers that are reserved or void, and how many people stand on each.
SELECT o.order_id, surge_id, number, state, split_part(void_reason, ':', 1) AS void_reason,
       (SELECT count(*)::int FROM placements p WHERE p.order_id = o.order_id) AS people,
       command_id, signatory_id, signed_at, salt, facts_sha256, file_sha256, verification_code AS code, papers.papers,
       (SELECT encode(sha256(file), 'hex') FROM documents d
         WHERE d.order_id = o.order_id AND d.placement_id IS NULL AND o.state = 'ISSUED') AS kept
  FROM orders o LEFT JOIN order_papers papers ON papers.order_id = o.order_id AND o.state = 'ISSUED'
 WHERE government_id = :government_id;

-- name: rebuild_travel_orders
-- What was numbered with each order, person by person.
SELECT order_id, salt, rows FROM travel_orders_numbered WHERE government_id = :government_id;

-- name: rebuild_surges
-- Who asked for each surge and approved it, with the salt of whoever asked.
SELECT s.*, encode(i.salt, 'hex') AS asker_salt FROM surges s LEFT JOIN person_identities i ON i.person_id = s.requested_by
 WHERE s.government_id = :government_id AND s.state <> 'DRAFT';

-- name: rebuild_lines
-- What each line of a request asks for.
SELECT l.* FROM request_lines l JOIN surges s USING (surge_id) WHERE s.government_id = :government_id;

-- name: rebuild_decisions
-- The decisions that are answered, as they were recorded, with the salt of whoever made each.
SELECT c.*, encode(i.salt, 'hex') AS actor_salt FROM commands c LEFT JOIN person_identities i ON i.person_id = c.actor_id
 WHERE c.government_id = :government_id AND c.state <> 'RECORDED';

-- name: rebuild_screenings
-- What the rules were asked and said, with the salt of whom it is about; of the dossier its hash. What a decision
-- asks that is not answered yet is not in the log yet.
SELECT s.mutation_id, s.command_id, s.screened_at, s.rule_pack, s.dossier_sha256, s.outcome,
       encode(sha256(convert_to(s.dossier, 'UTF8')), 'hex') AS dossier, encode(i.salt, 'hex') AS subject_salt
  FROM mutation_screenings s JOIN mutations m USING (mutation_id) LEFT JOIN person_identities i ON i.person_id = m.person_id
  LEFT JOIN commands c ON c.command_id = s.command_id
 WHERE m.government_id = :government_id AND c.state IS DISTINCT FROM 'RECORDED';

-- name: rebuild_mutations
-- The mutations that their case has received, with the whole life of each and the salt of whom it is about.
SELECT m.*, encode(i.salt, 'hex') AS subject_salt FROM mutations m LEFT JOIN person_identities i USING (person_id)
 WHERE m.government_id = :government_id AND m.life IS NOT NULL;

-- name: rebuild_groups
-- The batches and swaps that their case has received, with the whole life of each and whom it put together.
SELECT g.*, array(SELECT mutation_id FROM group_members of WHERE of.case_id = g.case_id ORDER BY 1) AS members
  FROM mutation_groups g WHERE g.government_id = :government_id AND g.life IS NOT NULL;

-- name: rebuild_decrees
-- The decrees with whom they are about, what was issued, and the hash and the record of the file that is kept.
WITH members AS (
    SELECT decree_id, array_agg(mutation_id ORDER BY mutation_id) AS members,
           array_agg(mutation_id ORDER BY mutation_id) FILTER (WHERE issued) AS issued_to
      FROM decree_members GROUP BY decree_id)
SELECT d.decree_id, d.case_id AS by_case, coalesce(cardinality(of.members), 0) AS people, coalesce(of.members, '{}') AS members,
       coalesce(of.issued_to, '{}') AS issued_to, d.number, d.state, split_part(d.void_reason, ':', 1) AS void_reason,
       d.rule_pack, d.command_id, d.salt, d.notes, d.signatory_id, d.signed_at, d.effective_at, d.amends, d.ordered_by,
       d.facts_sha256, d.file_sha256, d.verification_code AS code, encode(sha256(p.file), 'hex') AS kept, p.record, p.words,
       encode(sha256(substring(p.file FROM 1 FOR (p.record ->> 'rendered_bytes')::int)), 'hex') = p.record ->> 'rendered_sha256'
           AS begins_as_typeset
  FROM decrees d LEFT JOIN members of USING (decree_id)
  LEFT JOIN decree_papers p ON p.decree_id = d.decree_id AND p.paper = 'DECREE' AND d.state = 'ISSUED'
 WHERE d.government_id = :government_id;

-- name: rebuild_extracts
-- The sealed extracts, with the hash and the record of the file that is kept.
SELECT p.mutation_id, p.sha256, encode(sha256(p.file), 'hex') AS kept, p.record,
       encode(sha256(substring(p.file FROM 1 FOR (p.record ->> 'rendered_bytes')::int)), 'hex') = p.record ->> 'rendered_sha256'
           AS begins_as_typeset
  FROM decree_papers p JOIN decrees d USING (decree_id)
 WHERE p.paper = 'EXTRACT' AND p.record IS NOT NULL AND d.government_id = :government_id;

-- name: rebuild_case_papers
-- The papers that cases owe; of those that are made, with the hash and the record of the file that is kept.
SELECT c.*, encode(sha256(f.file), 'hex') AS kept,
       encode(sha256(substring(f.file FROM 1 FOR (c.record ->> 'rendered_bytes')::int)), 'hex') = c.record ->> 'rendered_sha256'
           AS begins_as_typeset
  FROM case_papers c JOIN mutations m USING (mutation_id)
  LEFT JOIN case_paper_files f ON (f.mutation_id, f.paper, f.revision) = (c.mutation_id, c.paper, c.revision)
 WHERE m.government_id = :government_id;

-- name: rebuild_handovers
-- What is handed over, and to whom, with the salt of whoever hands over.
WITH items AS (
    SELECT mutation_id, jsonb_agg(jsonb_build_array(kind, what, condition) ORDER BY place) AS items
      FROM handover_items GROUP BY mutation_id)
SELECT h.*, encode(i.salt, 'hex') AS subject_salt, items.items
  FROM handovers h JOIN mutations m USING (mutation_id) LEFT JOIN person_identities i ON i.person_id = m.person_id
  LEFT JOIN items ON items.mutation_id = h.mutation_id
 WHERE m.government_id = :government_id;

-- name: rebuild_rule_overrides
-- Which rules were overridden, and in what the row is not as its decision was recorded.
SELECT o.command_id, o.mutation_id, o.rule, o.ground, o.granted_at,
       concat_ws(', ', CASE WHEN o.person_id IS DISTINCT FROM c.actor_id THEN 'person_id' END,
                 CASE WHEN o.capacity IS DISTINCT FROM c.capacity THEN 'capacity' END,
                 CASE WHEN o.tenure IS DISTINCT FROM c.tenure THEN 'tenure' END,
                 CASE WHEN o.principal_id IS DISTINCT FROM c.on_behalf_of THEN 'principal_id' END) AS unlike_its_decision
  FROM mutation_overrides o JOIN mutations m USING (mutation_id) LEFT JOIN commands c ON c.command_id = o.command_id
 WHERE m.government_id = :government_id;

-- name: rebuild_positions
-- Where those hold a position whom a decree has moved, and since when.
SELECT person_id, position_id, in_post_since FROM people p
 WHERE government_id = :government_id
   AND EXISTS (SELECT FROM events e WHERE e.government_id = p.government_id AND e.person_id = p.person_id
                  AND e.type = 'MutationEffective');
