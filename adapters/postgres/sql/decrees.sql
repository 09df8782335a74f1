-- name: decree_of_command^
-- The decree that a decision made, or makes.
SELECT decree_id, number FROM decrees WHERE command_id = :command_id AND state <> 'VOID';

-- name: reserve_decree^
-- Bind a drawn number to a decree; its row.
WITH decree AS (
    INSERT INTO decrees (decree_id, government_id, case_id, rule_pack, register, year, sequence, number, state, command_id,
                         salt, signatory_id, signed_at, effective_at, notes, amends, ordered_by)
    VALUES (:decree_id, :government_id, :case_id, :rule_pack, :register, :year, :sequence, :number, 'RESERVED', :command_id,
            :salt, :signatory_id, :signed_at, :effective_at, :notes, :amends, :ordered_by) RETURNING *),
     members AS (
    INSERT INTO decree_members (decree_id, mutation_id) SELECT decree_id, unnest(:mutation_ids::text[]) FROM decree)
SELECT * FROM decree;

-- name: decree_head^
-- What stands on a decree but its people.
SELECT d.*, g.zone, g.letterhead, g.place, g.level, g.name AS government, g.synthetic, i.name AS signatory,
       i.nip AS signatory_nip, p.grade AS signatory_grade, pos.name AS signatory_position, c.capacity, c.tenure,
       w.letter AS mandate_letter, office.name AS holder_position
  FROM decrees d JOIN governments g USING (government_id)
  JOIN commands c ON c.command_id = d.command_id LEFT JOIN mandates w USING (mandate_id)
  LEFT JOIN people holder ON holder.person_id = c.on_behalf_of
  LEFT JOIN positions office ON office.position_id = holder.position_id
  JOIN people p ON p.person_id = d.signatory_id JOIN person_identities i ON i.person_id = p.person_id
  LEFT JOIN positions pos ON pos.position_id = p.position_id
 WHERE d.decree_id = :decree_id;

-- name: decree_people
-- Who stands on a decree, from where and to where; and the dossier by which the rules let it pass, which was approved.
SELECT m.mutation_id, m.person_id, i.name, i.nip, p.grade,
       f.position_id AS from_position, f.name AS from_name, fm.job_class AS from_class,
       fu.name || coalesce(', ' || elsewhere.name, '') AS from_unit, elsewhere.name IS NOT NULL AS between_governments,
       t.position_id AS to_position, t.name AS to_name, tu.name AS to_unit, tm.job_class AS to_class, m.initiative,
       undone.number AS undone_number, undone.signed_at AS undone_at,
       issuer.level AS undone_level, issuer.name AS undone_government, issuer.place AS undone_place,
       (SELECT s.dossier_sha256 FROM mutation_screenings s WHERE s.mutation_id = m.mutation_id
         ORDER BY s.screened_at DESC LIMIT 1) AS dossier_sha256
  FROM decree_members d JOIN mutations m USING (mutation_id)
  JOIN people p ON p.person_id = m.person_id JOIN person_identities i ON i.person_id = m.person_id
  JOIN positions f ON f.position_id = m.from_position JOIN units fu ON fu.unit_id = f.unit_id
  LEFT JOIN governments elsewhere ON elsewhere.government_id = fu.government_id AND fu.government_id <> m.government_id
  JOIN positions t ON t.position_id = m.position_id JOIN units tu ON tu.unit_id = t.unit_id
  LEFT JOIN position_map fm ON fm.position_id = f.position_id LEFT JOIN position_map tm ON tm.position_id = t.position_id
  LEFT JOIN decree_members former ON former.mutation_id = m.reverses AND former.issued
  LEFT JOIN decrees undone ON undone.decree_id = former.decree_id
  LEFT JOIN governments issuer ON issuer.government_id = undone.government_id AND undone.government_id <> m.government_id
 WHERE d.decree_id = :decree_id ORDER BY m.mutation_id;

-- name: certifier_of^
-- Who certifies extracts: the head of the legal office by an own appointment.
SELECT a.person_id, i.name, i.nip, p.grade, pos.name AS position
  FROM appointments a JOIN people p USING (person_id) JOIN person_identities i USING (person_id)
  LEFT JOIN positions pos ON pos.position_id = p.position_id
 WHERE a.government_id = :government_id AND a.capacity = 'LEGAL_BUREAU' AND a.valid @> local_day(:government_id, :at)
   AND serves_in(a.person_id, :government_id, :at)
 ORDER BY a.person_id LIMIT 1;

-- name: keep_decree_paper$
-- Keep a signed decree, once: made again, the first one stands, for its signature has a time of its own. Its hash.
WITH kept AS (
    INSERT INTO decree_papers (decree_id, paper, sha256, file, record, words)
    VALUES (:decree_id, 'DECREE', :sha256, :file, :record, :words)
    ON CONFLICT (decree_id, paper, coalesce(mutation_id, '')) DO NOTHING RETURNING sha256)
SELECT sha256 FROM kept UNION ALL
SELECT sha256 FROM decree_papers WHERE decree_id = :decree_id AND paper = 'DECREE' LIMIT 1;

-- name: words_of_decree$
-- What a decree said when it was signed.
SELECT words FROM decree_papers WHERE decree_id = :decree_id AND paper = 'DECREE';

-- name: has_extract$
-- Whether somebody's extract of a decree is kept.
SELECT EXISTS (SELECT FROM decree_papers WHERE decree_id = :decree_id AND mutation_id = :mutation_id);

-- name: keep_extract$
-- Keep a sealed extract, once; no row when it was kept before.
INSERT INTO decree_papers (decree_id, paper, mutation_id, sha256, file, record)
VALUES (:decree_id, 'EXTRACT', :mutation_id, :sha256, :file, :record)
ON CONFLICT (decree_id, paper, coalesce(mutation_id, '')) DO NOTHING RETURNING sha256;

-- name: issue_decree^
-- Mark a decree as issued, to everybody on it: this case's, about just these, with the file that is kept; or a second one,
-- which is about the decree that it amends, and leaves it the one that was issued to them. Its words, with the salt.
WITH issued AS (
    UPDATE decrees SET state = 'ISSUED', facts_sha256 = :facts_sha256, file_sha256 = :file_sha256, verification_code = :code
     WHERE decree_id = :decree_id AND case_id = :case_id AND state = 'RESERVED' AND amends IS NOT DISTINCT FROM :amends::uuid
       AND EXISTS (SELECT FROM decree_papers p
                    WHERE p.decree_id = :decree_id AND p.paper = 'DECREE' AND p.sha256 = :file_sha256)
       AND (SELECT array_agg(mutation_id ORDER BY mutation_id) FROM decree_members WHERE decree_id = :decree_id)
           = (SELECT array_agg(one ORDER BY one) FROM unnest(:mutation_ids::text[]) AS one)
 RETURNING decree_id, amends, salt),
     members AS (UPDATE decree_members SET issued = true WHERE decree_id IN (SELECT decree_id FROM issued WHERE amends IS NULL))
SELECT issued.salt, p.words FROM issued JOIN decree_papers p ON p.decree_id = issued.decree_id AND p.paper = 'DECREE';

-- name: void_decree^
-- Give a reserved number up, with the reason.
UPDATE decrees SET state = 'VOID', void_reason = :reason
 WHERE decree_id = :decree_id AND case_id = :case_id AND state = 'RESERVED'
RETURNING government_id, case_id, number, rule_pack;

-- name: issued_decree^
-- The decree of a mutation that is issued.
SELECT decree_id, number, signed_at, effective_at, facts_sha256, file_sha256, verification_code
  FROM decrees JOIN decree_members USING (decree_id) WHERE mutation_id = :mutation_id AND issued;

-- name: decree_paper^
-- A paper of the decree of a mutation, and its record; without `:whole`, no paper on which others stand.
SELECT file, record FROM decree_papers p JOIN decree_members of USING (decree_id)
 WHERE of.mutation_id = :mutation_id AND of.issued AND p.paper = :paper
   AND coalesce(p.mutation_id, of.mutation_id) = of.mutation_id
   AND (:whole OR p.paper = 'EXTRACT'
        OR (SELECT count(*) FROM decree_members others WHERE others.decree_id = of.decree_id) = 1);

-- name: pack_of_decree$
-- By which rule pack a decree is made.
SELECT rule_pack FROM decrees WHERE decree_id = :decree_id;

-- name: ask_signature!
-- Keep that a service is to be asked for the signature of a decree, and until when it would not come too late: a second one,
-- which is in force from its own day on, is dated no further back than `second_within`.
INSERT INTO signature_asks (decree_id, asked_at, until)
SELECT decree_id, signed_at, CASE WHEN amends IS NULL THEN effective_at + interval '1 day' ELSE signed_at + :second_within::interval END
  FROM decrees WHERE decree_id = :decree_id
ON CONFLICT (decree_id) DO NOTHING;

-- name: keep_prepared$
-- Keep what the service is asked to sign, once: prepared again, the first one stands, for it may be asked already.
UPDATE signature_asks SET prepared = coalesce(prepared, :prepared) WHERE decree_id = :decree_id RETURNING prepared;

-- name: signature_ask^
-- What a service was asked to sign, until when it may answer, and whether it has refused, or is asked no more.
SELECT prepared, until, coalesce(refusal, CASE WHEN state = 'VOID' THEN 'GIVEN_UP' END) AS refusal
  FROM signature_asks JOIN decrees USING (decree_id) WHERE decree_id = :decree_id;

-- name: refuse_signature!
-- Keep why the signature did not come.
UPDATE signature_asks SET refusal = coalesce(refusal, :code) WHERE decree_id = :decree_id;

-- name: answer_of_signature^
-- What became of the signature that a service was asked for; nothing while it has not answered.
SELECT decree_id, p.sha256 FROM signature_asks a
  LEFT JOIN decree_papers p USING (decree_id)
 WHERE decree_id = :decree_id AND (a.refusal IS NOT NULL OR p.paper = 'DECREE');

-- name: clearances_to_note
-- Which other authorities have agreed in these cases, each by its newest word, with the number and day of its paper.
SELECT DISTINCT ON (case_id, details ->> 'clearance') case_id, details ->> 'clearance' AS clearance,
       details ->> 'reference' AS reference, details ->> 'dated' AS dated
  FROM commands WHERE case_id = ANY(:case_ids::text[]) AND kind = 'GRANT_CLEARANCE' AND state = 'APPLIED'
 ORDER BY case_id, details ->> 'clearance', position DESC;

-- name: counsels_to_note
-- Which papers stand behind the newest assessment and the newest counsel of these cases, with their number and day.
SELECT DISTINCT ON (case_id, kind = 'RECOMMEND_MUTATION') kind = 'RECOMMEND_MUTATION' AS panel,
       details ->> 'reference' AS reference, details ->> 'dated' AS dated
  FROM commands WHERE case_id = ANY(:case_ids::text[]) AND state = 'APPLIED'
   AND kind IN ('RECOMMEND_MUTATION', 'COUNSEL_FOR_MUTATION', 'COUNSEL_AGAINST_MUTATION')
 ORDER BY case_id, kind = 'RECOMMEND_MUTATION', position DESC;

-- name: minutes_to_note
-- The newest minutes of each hearing of a case, with their number where they are made.
SELECT DISTINCT ON (paper) number, filed_at FROM case_papers
 WHERE mutation_id = :mutation_id AND starts_with(paper, 'MINUTES_') ORDER BY paper, revision DESC;
