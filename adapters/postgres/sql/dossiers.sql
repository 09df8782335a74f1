-- name: dossier_person^
-- What is known on a day of somebody who serves in a government: the job, the career, and what stands against them.
SELECT p.position_id, p.unit_id, p.role, p.employment, p.grade, p.in_post_since, p.leaves_on,
       c.pns_since, c.education, c.inspectorate_cleared_on,
       ARRAY(SELECT skill FROM person_skills k
              WHERE k.person_id = p.person_id AND (expires_on IS NULL OR expires_on >= :asked_on::date)) AS competences,
       (SELECT max(upper(period) - 1) FROM absences a
         WHERE a.person_id = p.person_id AND kind = 'unpaid' AND period @> :asked_on::date) AS unpaid_leave_until,
       ARRAY(SELECT ROW(year, rating) FROM ratings r WHERE r.person_id = p.person_id) AS ratings,
       ARRAY(SELECT ROW(charge, until) FROM processes o WHERE o.person_id = p.person_id) AS processes,
       ARRAY(SELECT ROW(tie, until) FROM study_ties t WHERE t.person_id = p.person_id
              UNION ALL
             -- Whoever is away to study is on study leave, whatever else the file says.
             SELECT ROW('STUDY_LEAVE', upper(period) - 1) FROM absences a
              WHERE a.person_id = p.person_id AND kind = 'study' AND period @> :asked_on::date) AS ties
  FROM people p LEFT JOIN careers c USING (person_id)
 WHERE p.person_id = :person_id::uuid AND p.government_id = :government_id AND p.active;

-- name: dossier_post^
-- A position, what the position map says of it (nothing where `kind` is missing), and how many fill it.
SELECT p.government_id, p.position_id, p.unit_id, p.role, m.kind, m.job_class, m.heads_unit, m.need, m.education,
       m.competences, m.lowest_grade, m.highest_grade, unit_line(p.unit_id) AS line,
       (SELECT count(*) FROM people filling WHERE filling.position_id = p.position_id AND filling.active) AS incumbents
  FROM positions p LEFT JOIN position_map m USING (position_id)
 WHERE p.position_id = :position_id;

-- name: dossier_work^
-- The work of a role of a unit, task by task, how many are there to do it, and how many must stay whatever it says.
SELECT ARRAY(SELECT ROW(volume_per_year, minutes_each) FROM workload_lines
              WHERE unit_id = :unit_id AND role = :role) AS tasks,
       (SELECT count(*) FROM people WHERE unit_id = :unit_id AND role = :role AND active) AS headcount,
       -- Where the minimum itself was not kept, all that must stay is taken for it.
       coalesce((SELECT coalesce(minimum, redline) FROM unit_roles
                  WHERE unit_id = :unit_id AND role = :role), 0) AS minimum;

-- name: dossier_agency^
-- What a government is to a mutation, and its elections.
SELECT g.level, g.region_code, g.head_since,
       ARRAY(SELECT ROW(candidates_on, term_ends) FROM elections e WHERE e.government_id = g.government_id) AS elections
  FROM governments g WHERE g.government_id = :government_id;

-- name: dossier_relations
-- The relatives of somebody who serve, where, in what position, and the units that they head on a day.
SELECT kin.person_id, r.kinship, unit_line(kin.unit_id) AS line, m.kind,
       ARRAY(SELECT a.unit_id FROM appointments a
              WHERE a.person_id = kin.person_id AND a.capacity = 'UNIT_HEAD' AND a.valid @> :asked_on::date
              UNION
             SELECT kin.unit_id WHERE m.heads_unit) AS heads
  FROM relations r
  JOIN people kin ON kin.person_id = CASE WHEN r.person_id = :person_id::uuid THEN r.other_id ELSE r.person_id END
  LEFT JOIN position_map m ON m.position_id = kin.position_id
 WHERE :person_id::uuid IN (r.person_id, r.other_id) AND kin.active;

-- name: dossier_offices
-- Who holds some offices on a day of the government: by appointment, or at some time of it by a mandate of somebody who
-- holds it.
SELECT a.person_id, a.capacity, 'DEFINITIVE' AS tenure, NULL::uuid AS principal_id, NULL::uuid AS written_by,
       NULL::uuid AS mandate_id, NULL::text[] AS scope
  FROM appointments a
 WHERE a.government_id = :government_id AND a.capacity = ANY (:capacities::text[]) AND a.valid @> :asked_on::date
UNION ALL
SELECT m.substitute_id, m.capacity, m.tenure, m.principal_id, m.written_by, m.mandate_id, m.scope
  FROM mandates m JOIN governments g USING (government_id)
  JOIN people p ON p.person_id = m.substitute_id AND p.government_id = m.government_id
 WHERE m.government_id = :government_id AND m.capacity = ANY (:capacities::text[]) AND m.revoked_at IS NULL
   AND m.valid && tstzrange(:asked_on::date::timestamp AT TIME ZONE g.zone,
                            (:asked_on::date + 1)::timestamp AT TIME ZONE g.zone)
   AND (m.principal_id IS NULL
        OR EXISTS (SELECT FROM appointments a
                    WHERE a.person_id = m.principal_id AND a.capacity = m.capacity AND a.valid @> :asked_on::date));
