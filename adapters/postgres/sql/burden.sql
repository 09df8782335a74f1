-- name: burden_staff
-- The people of each role of each unit: how many there are, are promised or away, are on leave today, and must be there;
-- `lending`: only of roles that have somebody promised or away. A roster may have come since they left: of those whom the
-- unit lends, `gone` are on its roster no more; and whom another unit lends, and who came since, is absent here.
SELECT ur.unit_id, ur.role, ur.headcount, ur.redline, ur.lendable > 0 AS lends, lent.people AS held, lent.gone,
       (SELECT count(*)::int FROM absences a JOIN people who USING (person_id)
         WHERE who.unit_id = ur.unit_id AND who.role = ur.role AND who.active
           AND a.period @> local_day(ur.government_id, :at::timestamptz)
           AND NOT EXISTS (SELECT FROM placements p WHERE p.person_id = who.person_id AND p.held))
       + (SELECT count(DISTINCT p.person_id)::int FROM placements p JOIN people who USING (person_id)
           WHERE p.held AND who.unit_id = ur.unit_id AND who.role = ur.role AND who.active
             AND (p.unit_id, p.role) <> (ur.unit_id, ur.role)) AS absent
  FROM unit_roles ur
 CROSS JOIN LATERAL (
       SELECT count(*)::int AS people,
              (count(*) FILTER (WHERE NOT who.active OR (who.unit_id, who.role) <> (ur.unit_id, ur.role)))::int AS gone
         FROM placements p JOIN people who USING (person_id)
        WHERE p.held AND p.unit_id = ur.unit_id AND p.role = ur.role) AS lent
 WHERE ur.government_id = :government_id AND (:everybody OR ur.unit_id = ANY (:units::text[]))
   AND (NOT :lending OR lent.people > 0)
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
