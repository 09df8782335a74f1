-- name: burden_staff
-- The people of each role of each unit: how many there are, are promised or away, are on leave today, and must be there;
-- `lending`: only of roles that have somebody promised or away.
SELECT ur.unit_id, ur.role, ur.headcount, ur.redline, ur.lendable > 0 AS lends,
       (SELECT count(*)::int FROM placements p WHERE p.held AND p.unit_id = ur.unit_id AND p.role = ur.role) AS held,
       (SELECT count(*)::int FROM absences a JOIN people who USING (person_id)
         WHERE who.unit_id = ur.unit_id AND who.role = ur.role AND who.active
           AND a.period @> local_day(ur.government_id, :at::timestamptz)
           AND NOT EXISTS (SELECT FROM placements p WHERE p.person_id = who.person_id AND p.held)) AS absent
  FROM unit_roles ur
 WHERE ur.government_id = :government_id AND (:everybody OR ur.unit_id = ANY (:units::text[]))
   AND (NOT :lending OR EXISTS (SELECT FROM placements p WHERE p.held AND p.unit_id = ur.unit_id AND p.role = ur.role))
 ORDER BY ur.unit_id, ur.role;

-- name: burden_postings
-- Who left home for a surge and was away at some time since then.
SELECT person_id, unit_id, departed_at AS since,
       CASE WHEN out THEN NULL ELSE coalesce(returned_at, since) END AS until
  FROM placements
 WHERE government_id = :government_id AND departed_at IS NOT NULL
   AND (out OR coalesce(returned_at, since) > :window_opens::timestamptz)
   AND (:everybody OR unit_id = ANY (:units::text[]) OR person_id = :person_id::uuid)
 ORDER BY departed_at, placement_id;

-- name: roles_by_skill
-- How many of a unit's people hold which skill, by their role at home.
SELECT p.role, s.skill, count(*)::int AS people
  FROM people p JOIN person_skills s USING (person_id)
 WHERE p.unit_id = :unit_id AND p.active GROUP BY p.role, s.skill ORDER BY p.role, count(*) DESC, s.skill;
