-- name: expected_on_site
-- Who is expected to answer a roll call: of a surge, or one placement.
SELECT p.placement_id, p.person_id, p.state, p.government_id, p.unit_id, line.site
  FROM placements p JOIN request_lines line USING (line_id)
 WHERE p.state = ANY (:states) AND (p.surge_id = :surge_id OR p.placement_id::text = :placement_id)
 ORDER BY p.placement_id;

-- name: add_sightings!
-- Note who was seen or heard; the same again changes nothing.
INSERT INTO sightings (placement_id, seen_at, recorded_at, recorded_by)
SELECT placement_id, :seen_at, :recorded_at, :recorded_by FROM unnest(:placement_ids::uuid[]) AS placement_id
ON CONFLICT DO NOTHING;

-- name: last_seen$
-- The newest sign of life from the site.
SELECT max(seen_at) FROM sightings WHERE placement_id = :placement_id;
