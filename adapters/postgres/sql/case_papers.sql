-- name: owe_paper^
-- A move owes a paper; of a hearing, until when an answer was waited for is that of the newest task that asked for it.
INSERT INTO case_papers (mutation_id, paper, revision, command_id, position_id, filed_at, outcome, ground, answer_by, salt)
SELECT :mutation_id, :paper, :revision, :command_id, :position_id, coalesce(c.decided_at, :at), :outcome, :ground,
       (SELECT due_at FROM tasks WHERE case_id = 'mutation:' || :mutation_id AND kind = 'ANSWER_HEARING'
         ORDER BY opened_at DESC, due_at DESC LIMIT 1), :salt
  FROM (VALUES (1)) AS once LEFT JOIN commands c ON c.command_id = :command_id
RETURNING *;

-- name: papers_to_make
-- The papers of a case that are not made, with what each is of.
SELECT c.*, m.government_id, m.person_id, m.rule_pack, g.zone, g.place, g.level, g.letterhead, g.synthetic,
       i.name AS person_name, i.nip AS person_nip, p.grade AS person_grade,
       m.from_position, f.name AS from_name, m.from_unit, fu.name AS from_unit_name,
       og.government_id AS from_government_id, og.name AS from_government, og.place AS from_place, og.zone AS from_zone,
       t.name AS to_name, t.unit_id AS to_unit, tu.name AS to_unit_name,
       (m.life #>> '{decree,effective_at}')::timestamptz AS effective_at, d.number AS decree_number,
       (k.details ->> 'counter_date')::timestamptz AS counter_date, d.signed_at AS decree_signed_at, g.name AS government
  FROM case_papers c JOIN mutations m USING (mutation_id) JOIN governments g USING (government_id)
  JOIN people p ON p.person_id = m.person_id JOIN person_identities i ON i.person_id = m.person_id
  JOIN positions f ON f.position_id = m.from_position JOIN units fu ON fu.unit_id = m.from_unit
  JOIN governments og ON og.government_id = fu.government_id
  JOIN positions t ON t.position_id = c.position_id JOIN units tu ON tu.unit_id = t.unit_id
  LEFT JOIN decree_members of ON of.mutation_id = m.mutation_id AND of.issued LEFT JOIN decrees d USING (decree_id)
  LEFT JOIN commands k ON k.command_id = c.command_id
 WHERE c.mutation_id = :mutation_id AND c.sha256 IS NULL ORDER BY c.revision, c.paper;

-- name: paper_hand^
-- Who decided something, in which office and by which writ.
SELECT c.actor_id, c.capacity, c.tenure, i.name, i.nip, p.grade, pos.name AS position, w.letter AS mandate_letter,
       office.name AS holder_position, u.name AS unit
  FROM commands c JOIN people p ON p.person_id = c.actor_id JOIN person_identities i ON i.person_id = p.person_id
  LEFT JOIN positions pos ON pos.position_id = p.position_id LEFT JOIN units u ON u.unit_id = p.unit_id
  LEFT JOIN mandates w USING (mandate_id) LEFT JOIN people holder ON holder.person_id = c.on_behalf_of
  LEFT JOIN positions office ON office.position_id = holder.position_id
 WHERE c.command_id = :command_id;

-- name: asked_to_be_heard$
-- The decision that asked all three to be heard, at the last time before an instant.
SELECT command_id FROM commands
 WHERE case_id = 'mutation:' || :mutation_id AND kind = 'PASS_SCREENING' AND state = 'APPLIED' AND decided_at <= :at
 ORDER BY decided_at DESC LIMIT 1;

-- name: handover_of^
-- To whom somebody hands over.
SELECT h.taking_over_id, i.name, i.nip, p.grade, p.position_id, pos.name AS position, u.name AS unit
  FROM handovers h JOIN people p ON p.person_id = h.taking_over_id JOIN person_identities i USING (person_id)
  LEFT JOIN positions pos ON pos.position_id = p.position_id LEFT JOIN units u ON u.unit_id = p.unit_id
 WHERE h.mutation_id = :mutation_id;

-- name: handover_items_of
-- What somebody hands over, in the order of the list.
SELECT kind, what, condition FROM handover_items WHERE mutation_id = :mutation_id ORDER BY place;

-- name: keep_case_paper^
-- Keep a paper, once; no row when it was kept before.
UPDATE case_papers SET number = :number, code = :code, sha256 = :sha256, record = :record, missing = '{}', wanted = 0
 WHERE mutation_id = :mutation_id AND paper = :paper AND revision = :revision AND sha256 IS NULL
RETURNING command_id;

-- name: keep_case_paper_file!
-- Keep the file of a paper.
INSERT INTO case_paper_files (mutation_id, paper, revision, file) VALUES (:mutation_id, :paper, :revision, :file);

-- name: note_missing_parts^
-- Note what a paper lacks; no row when that is known, or the paper is made.
UPDATE case_papers SET missing = :missing::text[]
 WHERE mutation_id = :mutation_id AND paper = :paper AND revision = :revision AND sha256 IS NULL
   AND missing <> :missing::text[]
RETURNING command_id;

-- name: case_papers_of
-- The papers of a case, of each kind the newest, and every erratum: made, or what it lacks. An erratum has its number beforehand.
SELECT DISTINCT ON (paper, each) paper, coalesce(number, given) AS number, sha256, missing, filed_at
  FROM (SELECT p.*, c.details ->> 'number' AS given, CASE WHEN p.paper = 'ERRATUM' THEN p.revision END AS each
          FROM case_papers p LEFT JOIN commands c USING (command_id) WHERE p.mutation_id = :mutation_id) AS of_case
 ORDER BY paper, each, revision DESC;

-- name: case_paper_file$
-- The newest paper of a kind, or the erratum of that number, if it is made.
SELECT file FROM case_papers p LEFT JOIN case_paper_files USING (mutation_id, paper, revision)
  LEFT JOIN commands c USING (command_id)
 WHERE p.mutation_id = :mutation_id AND p.paper = :paper
   AND (:number::text IS NULL OR coalesce(p.number, c.details ->> 'number') = :number::text)
 ORDER BY p.revision DESC LIMIT 1;

-- name: case_paper_record$
-- The record of the newest paper of a kind, or of the erratum of that number, if it is made.
SELECT record FROM case_papers p LEFT JOIN commands c USING (command_id)
 WHERE p.mutation_id = :mutation_id AND p.paper = :paper
   AND (:number::text IS NULL OR coalesce(p.number, c.details ->> 'number') = :number::text)
 ORDER BY p.revision DESC LIMIT 1;

-- name: want_papers!
-- Ask for the papers of a case that are not made.
UPDATE case_papers SET wanted = wanted + 1 WHERE mutation_id = :mutation_id AND sha256 IS NULL;

-- name: are_papers_wanted$
-- Whether papers of a case are asked for, and nobody has seen to it.
SELECT EXISTS (SELECT FROM case_papers WHERE mutation_id = :mutation_id AND sha256 IS NULL AND wanted > 0);

-- name: papers_attended!
-- Papers of a case were seen to; whoever has asked meanwhile is not forgotten.
UPDATE case_papers SET wanted = 0 WHERE mutation_id = :mutation_id AND sha256 IS NULL AND wanted <= :asked;

-- name: papers_waiting
-- The cases with a paper that is asked for, lacks nothing but its seal, or that nobody has tried to make since its move.
SELECT mutation_id, max(wanted) AS wanted FROM case_papers
 WHERE sha256 IS NULL AND (wanted > 0 OR missing = :seal::text[] OR (missing = '{}' AND filed_at < :before))
 GROUP BY mutation_id ORDER BY mutation_id;

-- name: lock_handover^
-- The case whose handover is listed; `made`: its record is, so that the list counts as it is. Locked until the end.
SELECT m.government_id, m.rule_pack, m.person_id, EXISTS (
           SELECT FROM case_papers WHERE mutation_id = m.mutation_id AND paper = 'HANDOVER' AND sha256 IS NOT NULL) AS made
  FROM mutations m WHERE m.mutation_id = :mutation_id FOR UPDATE;

-- name: list_handover!
-- To whom somebody hands over, as it is listed now.
INSERT INTO handovers (mutation_id, taking_over_id, listed_by, listed_at)
VALUES (:mutation_id, :taking_over_id, :listed_by, :at)
ON CONFLICT (mutation_id) DO UPDATE
   SET taking_over_id = excluded.taking_over_id, listed_by = excluded.listed_by, listed_at = excluded.listed_at;

-- name: forget_handover_items!
-- Another list replaces what was listed.
DELETE FROM handover_items WHERE mutation_id = :mutation_id;

-- name: list_handover_items!
-- What somebody hands over.
INSERT INTO handover_items (mutation_id, place, kind, what, condition)
SELECT :mutation_id, one.place, one.kind, one.what, one.condition
  FROM unnest(:kinds::text[], :whats::text[], :conditions::text[]) WITH ORDINALITY AS one (kind, what, condition, place);

-- name: handover_listed^
-- A list of what is handed over as a whole, with the salt of whoever hands over.
SELECT h.*, encode(i.salt, 'hex') AS subject_salt,
       (SELECT jsonb_agg(jsonb_build_array(kind, what, condition) ORDER BY place)
          FROM handover_items one WHERE one.mutation_id = h.mutation_id) AS items
  FROM handovers h JOIN mutations m USING (mutation_id) LEFT JOIN person_identities i ON i.person_id = m.person_id
 WHERE h.mutation_id = :mutation_id;

-- name: keep_erratum_words!
-- Keep what an erratum mends, apart from its decision.
INSERT INTO errata_words (command_id, written, meant) VALUES (:command_id, :written, :meant);

-- name: is_erratum_known$
-- Whether an erratum of that number stands in a case already, however its parts are spaced.
SELECT EXISTS (
    SELECT FROM commands
     WHERE case_id = :case_id AND kind = 'ISSUE_ERRATUM' AND state = 'APPLIED'
       AND upper(regexp_replace(details ->> 'number', '\s', '', 'g')) = upper(regexp_replace(:number, '\s', '', 'g')));

-- name: errata_told
-- The errata of a decree: their numbers and days, and whether the case makes their paper; the first one first.
SELECT details ->> 'number' AS number, details ->> 'dated' AS dated, decided_at AS issued_at, details ? 'worded' AS made_here
  FROM commands WHERE case_id = 'mutation:' || :mutation_id AND kind = 'ISSUE_ERRATUM' AND state = 'APPLIED'
 ORDER BY position;

-- name: erratum_words^
-- What an erratum says, where its words have not been erased.
SELECT c.details ->> 'number' AS number, c.details ->> 'dated' AS dated, w.written, w.meant
  FROM commands c LEFT JOIN errata_words w USING (command_id) WHERE c.command_id = :command_id;
