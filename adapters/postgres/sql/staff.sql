-- name: staff_of_unit
-- Who serves in a unit, with what a proposal starts from; names lie apart, and may be gone.
SELECT p.person_id, i.name, p.role, p.position_id, post.name AS position, m.kind, m.job_class, p.employment, p.grade,
       p.in_post_since, p.leaves_on,
       EXISTS (SELECT FROM placements s WHERE s.person_id = p.person_id AND s.held) AS on_surge
  FROM people p LEFT JOIN person_identities i USING (person_id)
  LEFT JOIN positions post USING (position_id) LEFT JOIN position_map m USING (position_id)
 WHERE p.unit_id = :unit_id AND p.government_id = :government_id AND p.active
 ORDER BY m.heads_unit DESC NULLS LAST, m.job_class DESC NULLS LAST, i.name, p.person_id;

-- name: mapped_positions
-- The position map of a government, or of one of its units: how many each needs, who fills it, whom it is kept for.
SELECT p.position_id, p.name, p.role, u.code AS unit, u.name AS unit_name, m.kind, m.job_class, m.heads_unit, m.need,
       m.education, m.competences, m.lowest_grade, m.highest_grade, taken.filled, kept.reserved,
       greatest(m.need - taken.filled - kept.reserved, 0)::int AS free
  FROM position_map m JOIN positions p USING (position_id) JOIN units u USING (unit_id)
  CROSS JOIN LATERAL (SELECT count(*)::int AS filled FROM people
                       WHERE people.position_id = p.position_id AND active) AS taken
  CROSS JOIN LATERAL (SELECT count(*)::int AS reserved FROM mutations
                       WHERE mutations.position_id = p.position_id AND reserves) AS kept
 WHERE m.government_id = :government_id AND (:unit_id::text IS NULL OR p.unit_id = :unit_id)
   AND (NOT :free OR m.need > taken.filled + kept.reserved)
 ORDER BY u.code, m.heads_unit DESC, m.job_class DESC, p.name, p.position_id;
