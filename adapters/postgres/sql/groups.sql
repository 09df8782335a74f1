-- name: draft_group!
-- Mutations that are to go together; their case writes everything after this.
WITH drafted AS (
    INSERT INTO mutation_groups (case_id, government_id, kind, rule_pack, command_id, state, formed_at)
    VALUES (:case_id, :government_id, :kind, :rule_pack, :command_id, 'DRAFT', :at) RETURNING case_id)
INSERT INTO group_members (case_id, mutation_id) SELECT case_id, unnest(:mutation_ids::text[]) FROM drafted;

-- name: mutations_to_group
-- Open mutations of a government, and from where to where each goes; those that are in no group.
SELECT m.mutation_id, m.from_position, m.position_id, m.rule_pack, m.state, m.group_case,
       origin.government_id <> m.government_id AS between_governments
  FROM mutations m JOIN units origin ON origin.unit_id = m.from_unit
 WHERE m.government_id = :government_id AND m.mutation_id = ANY (:mutation_ids::text[]) AND m.open;

-- name: lock_group^
-- A group, held until commit.
SELECT * FROM mutation_groups WHERE case_id = :case_id FOR UPDATE;

-- name: lock_members
-- Everybody who was put together, held until commit, in an order in which nobody waits for somebody who waits.
SELECT m.*, p.unit_id AS to_unit, origin.government_id AS origin_id FROM group_members of JOIN mutations m USING (mutation_id)
  JOIN positions p ON p.position_id = m.position_id JOIN units origin ON origin.unit_id = m.from_unit
 WHERE of.case_id = :case_id ORDER BY m.mutation_id FOR UPDATE OF m;

-- name: move_group^
-- Write the next moment of a group, from the one before; its row.
UPDATE mutation_groups
   SET state = :state, revision = :revision, life = :life, open = :open,
       ended_at = CASE WHEN :open THEN NULL ELSE :at::timestamptz END
 WHERE case_id = :case_id AND revision = :revision - 1
RETURNING *;

-- name: open_groups
-- Every batch and swap that has not ended, or the one, with its members.
SELECT g.*, array(SELECT mutation_id FROM group_members of WHERE of.case_id = g.case_id ORDER BY 1) AS members
  FROM mutation_groups g WHERE g.open AND (:case_id::text IS NULL OR g.case_id = :case_id) ORDER BY g.case_id;

-- name: group_facts^
-- Whose a group is, and its members who still go with it; of one that is being formed, all of them.
SELECT g.government_id, array(SELECT m.mutation_id FROM group_members of JOIN mutations m USING (mutation_id)
                               WHERE of.case_id = g.case_id AND m.open AND (m.group_case = g.case_id OR g.state = 'DRAFT')
                               ORDER BY 1) AS members
  FROM mutation_groups g WHERE g.case_id = :case_id;

-- name: group_board
-- The batches and swaps of a government, the newest first.
SELECT g.case_id, g.kind, g.state, g.rule_pack, g.life, g.formed_at, g.ended_at,
       (SELECT min(due_at) FROM tasks WHERE tasks.case_id = g.case_id AND closed_at IS NULL) AS due_at
  FROM mutation_groups g
 WHERE g.government_id = :government_id AND starts_with(split_part(g.case_id, ':', 2), :id_prefix)
 ORDER BY g.formed_at DESC, g.case_id;

-- name: group_members_board
-- Everybody who was put together: who, from where to where, where the case stands, and by which decree.
SELECT m.mutation_id, m.person_id, i.name, m.proposer_id, m.state, m.from_unit, t.unit_id AS to_unit,
       left_unit.name AS from_unit_name, joined_unit.name AS to_unit_name,
       f.name AS from_position_name, t.name AS to_position_name, coalesce(m.group_case = of.case_id, false) AS goes_along, d.number
  FROM group_members of JOIN mutations m USING (mutation_id) JOIN person_identities i USING (person_id)
  JOIN positions f ON f.position_id = m.from_position JOIN positions t ON t.position_id = m.position_id
  JOIN units left_unit ON left_unit.unit_id = m.from_unit JOIN units joined_unit ON joined_unit.unit_id = t.unit_id
  LEFT JOIN decree_members on_paper ON on_paper.mutation_id = m.mutation_id AND on_paper.issued
  LEFT JOIN decrees d ON d.decree_id = on_paper.decree_id
 WHERE of.case_id = :case_id ORDER BY m.mutation_id;

-- name: group_decrees
-- The decrees that were signed for a group, in the order of their numbers.
SELECT decree_id, number, signed_at, effective_at FROM decrees
 WHERE case_id = :case_id AND state = 'ISSUED' ORDER BY year, sequence;

-- name: group_paper^
-- A signed decree of a group, with its record.
SELECT file, record FROM decree_papers JOIN decrees USING (decree_id)
 WHERE case_id = :case_id AND decree_id = :decree_id AND state = 'ISSUED' AND paper = 'DECREE';

-- name: stands_of_mutation^
-- Where a mutation stands.
SELECT life FROM mutations WHERE mutation_id = :mutation_id;
