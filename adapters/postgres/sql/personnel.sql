-- name: stage_personnel#
-- Where COPY puts what is kept of people and positions before it is matched.
CREATE TEMP TABLE staged_careers (nip text, pns_since date, education text, inspectorate_cleared_on date) ON COMMIT DROP;
CREATE TEMP TABLE staged_ratings (nip text, year smallint, rating text) ON COMMIT DROP;
CREATE TEMP TABLE staged_processes (nip text, charge text, until date) ON COMMIT DROP;
CREATE TEMP TABLE staged_ties (nip text, tie text, until date) ON COMMIT DROP;
CREATE TEMP TABLE staged_relations (nip text, other text, kinship text) ON COMMIT DROP;
CREATE TEMP TABLE staged_positions (
    unit text, position text, role text, kind text, job_class smallint, heads_unit boolean, need integer,
    education text, competences text[], lowest_grade text, highest_grade text) ON COMMIT DROP;

-- name: measure_personnel#
-- Let the server know how many there are, as of `staged_people`.
ANALYZE staged_careers, staged_ratings, staged_positions;

-- name: drop_elections!
-- The file is the whole truth about elections.
DELETE FROM elections e
 WHERE e.government_id = :government_id
   AND NOT EXISTS (SELECT FROM unnest(:candidates_on::date[], :term_ends::date[]) AS f (candidates_on, term_ends)
                    WHERE (f.candidates_on, f.term_ends) = (e.candidates_on, e.term_ends));

-- name: add_elections!
-- Write the elections that nobody knew.
INSERT INTO elections (government_id, candidates_on, term_ends)
SELECT :government_id::text, f.* FROM unnest(:candidates_on::date[], :term_ends::date[]) AS f ON CONFLICT DO NOTHING;

-- name: drop_careers!
-- The file is the whole truth about careers.
DELETE FROM careers c
 WHERE c.government_id = :government_id
   AND NOT EXISTS (SELECT FROM staged_careers s JOIN staged_people who USING (nip) WHERE who.id = c.person_id);

-- name: put_careers!
-- Write careers; what is written so already is not written again.
INSERT INTO careers AS c (person_id, government_id, pns_since, education, inspectorate_cleared_on)
SELECT who.id, :government_id::text, s.pns_since, s.education, s.inspectorate_cleared_on
  FROM staged_careers s JOIN staged_people who USING (nip)
ON CONFLICT (person_id) DO UPDATE
   SET pns_since = excluded.pns_since, education = excluded.education,
       inspectorate_cleared_on = excluded.inspectorate_cleared_on
 WHERE (c.pns_since, c.education, c.inspectorate_cleared_on)
       IS DISTINCT FROM (excluded.pns_since, excluded.education, excluded.inspectorate_cleared_on);

-- name: drop_ratings!
-- The file is the whole truth about ratings.
DELETE FROM ratings r
 WHERE r.government_id = :government_id
   AND NOT EXISTS (SELECT FROM staged_ratings s JOIN staged_people who USING (nip)
                    WHERE (who.id, s.year, s.rating) = (r.person_id, r.year, r.rating));

-- name: add_ratings!
-- Write who was rated how, where it is not written already.
INSERT INTO ratings (person_id, government_id, year, rating)
SELECT who.id, :government_id::text, s.year, s.rating FROM staged_ratings s JOIN staged_people who USING (nip)
ON CONFLICT DO NOTHING;

-- name: drop_processes!
-- The file is the whole truth about what stands against people.
DELETE FROM processes p
 WHERE p.government_id = :government_id
   AND NOT EXISTS (SELECT FROM staged_processes s JOIN staged_people who USING (nip)
                    WHERE who.id = p.person_id AND s.charge = p.charge AND s.until IS NOT DISTINCT FROM p.until);

-- name: add_processes!
-- Write what stands against whom, where it is not written already.
INSERT INTO processes (person_id, government_id, charge, until)
SELECT who.id, :government_id::text, s.charge, s.until FROM staged_processes s JOIN staged_people who USING (nip)
ON CONFLICT DO NOTHING;

-- name: drop_ties!
-- The file is the whole truth about what study binds people by.
DELETE FROM study_ties t
 WHERE t.government_id = :government_id
   AND NOT EXISTS (SELECT FROM staged_ties s JOIN staged_people who USING (nip)
                    WHERE who.id = t.person_id AND s.tie = t.tie AND s.until IS NOT DISTINCT FROM t.until);

-- name: add_ties!
-- Write whom study binds, where it is not written already.
INSERT INTO study_ties (person_id, government_id, tie, until)
SELECT who.id, :government_id::text, s.tie, s.until FROM staged_ties s JOIN staged_people who USING (nip)
ON CONFLICT DO NOTHING;

-- name: drop_relations!
-- The file is the whole truth about who is related, whichever of the two it names first.
DELETE FROM relations r
 WHERE r.government_id = :government_id
   AND NOT EXISTS (SELECT FROM staged_relations s JOIN staged_people one USING (nip) JOIN staged_people two ON two.nip = s.other
                    WHERE (least(one.id, two.id), greatest(one.id, two.id), s.kinship)
                          = (r.person_id, r.other_id, r.kinship));

-- name: add_relations!
-- Write who is related, where it is not written already.
INSERT INTO relations (person_id, other_id, government_id, kinship)
SELECT least(one.id, two.id), greatest(one.id, two.id), :government_id::text, s.kinship
  FROM staged_relations s JOIN staged_people one USING (nip) JOIN staged_people two ON two.nip = s.other
ON CONFLICT DO NOTHING;

-- name: put_mapped_positions!
-- Write the positions that nobody fills yet.
INSERT INTO positions (position_id, government_id, unit_id, name, role)
SELECT md5(:government_id || s.unit || '/' || s.position || '/' || s.role), :government_id,
       :government_id || '.' || s.unit, s.position, s.role
  FROM staged_positions s
ON CONFLICT DO NOTHING;

-- name: drop_position_map!
-- The file is the whole truth about the position map; a position that fell off it stays one.
DELETE FROM position_map m USING positions p
 WHERE p.position_id = m.position_id AND m.government_id = :government_id
   AND NOT EXISTS (SELECT FROM staged_positions s
                    WHERE (:government_id || '.' || s.unit, s.position, s.role) = (p.unit_id, p.name, p.role));

-- name: put_position_map!
-- Write the position map; what is written so already is not written again.
INSERT INTO position_map AS m (position_id, government_id, kind, job_class, heads_unit, need, education, competences,
                               lowest_grade, highest_grade)
SELECT p.position_id, :government_id, s.kind, s.job_class, s.heads_unit, s.need, s.education, s.competences,
       s.lowest_grade, s.highest_grade
  FROM staged_positions s
  JOIN positions p ON p.unit_id = :government_id || '.' || s.unit AND p.name = s.position AND p.role = s.role
ON CONFLICT (position_id) DO UPDATE
   SET kind = excluded.kind, job_class = excluded.job_class, heads_unit = excluded.heads_unit, need = excluded.need,
       education = excluded.education, competences = excluded.competences, lowest_grade = excluded.lowest_grade,
       highest_grade = excluded.highest_grade
 WHERE (m.kind, m.job_class, m.heads_unit, m.need, m.education, m.competences, m.lowest_grade, m.highest_grade)
       IS DISTINCT FROM
       (excluded.kind, excluded.job_class, excluded.heads_unit, excluded.need, excluded.education, excluded.competences,
        excluded.lowest_grade, excluded.highest_grade);
