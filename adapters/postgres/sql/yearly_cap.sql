-- name: served^
-- What somebody has served within the year, and by how many days the cap was raised in it.
SELECT coalesce(s.duty, 0) AS duty, coalesce(s.raised, 0) AS raised
  FROM people p LEFT JOIN served_in_a_year(:government_id, :at::timestamptz) s USING (person_id)
 WHERE p.government_id = :government_id AND p.person_id = :person_id::uuid;

-- name: caps_raised
-- Whose cap is raised, and what they have served within the year.
SELECT person_id::text, duty, raised FROM served_in_a_year(:government_id, :at::timestamptz)
  JOIN people p USING (person_id) WHERE p.government_id = :government_id AND raised > 0 ORDER BY person_id;
