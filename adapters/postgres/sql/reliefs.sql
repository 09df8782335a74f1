-- name: reliefs_to_name
-- Whom each of those who were asked just now relieves: on the same line somebody who has given the place up; on a line that
-- goes on with another one, somebody who has a place of that. One each; `heir` is who was to relieve them until now.
WITH seat AS (
    SELECT l.line_id, p.placement_id, heir.placement_id AS heir,
           row_number() OVER (PARTITION BY l.line_id ORDER BY p.fills, p.due_back, p.since, p.placement_id) AS nth
      FROM request_lines l
      JOIN placements p ON p.departed_at IS NOT NULL
           AND (p.line_id = l.line_id AND NOT p.fills OR p.line_id = l.continues AND p.fills)
      LEFT JOIN placements heir ON heir.relieves = p.placement_id AND (heir.held OR heir.departed_at IS NOT NULL)
     WHERE l.surge_id = :surge_id AND (heir.placement_id IS NULL OR heir.line_id <> l.line_id AND p.line_id = l.line_id)),
new AS (
    SELECT placement_id, line_id, row_number() OVER (PARTITION BY line_id ORDER BY placement_id) AS nth
      FROM placements WHERE placement_id = ANY (:placement_ids::uuid[]))
SELECT new.placement_id, seat.placement_id AS relieves, seat.heir FROM new JOIN seat USING (line_id, nth);

-- name: name_reliefs!
-- Write whom each relieves. Who was to relieve somebody that leaves early relieves the one who steps in between.
WITH named AS (SELECT * FROM unnest(:placement_ids::uuid[], :relieved::uuid[]) AS n (placement_id, relieves))
UPDATE placements p SET relieves = named.relieves FROM named WHERE p.placement_id = named.placement_id;

-- name: chain_of
-- Everybody who was, is or is to be on one place, the first one first, with the times that tell overlaps and gaps.
WITH RECURSIVE seat AS (
    SELECT placement_id, relieves FROM placements WHERE placement_id = :placement_id
     UNION
    SELECT p.placement_id, p.relieves FROM placements p
      JOIN seat ON p.placement_id = seat.relieves
                OR p.relieves = seat.placement_id AND (p.held OR p.departed_at IS NOT NULL))
SELECT p.placement_id, p.relieves, p.line_id, p.person_id, i.name, u.name AS unit, p.state, p.leaving, p.report_at, p.due_back,
       p.arrived_at, p.left_site_at, p.handed_over, p.fills, p.home_by,
       NOT p.held AND p.departed_at IS NULL AS dropped, line.role, line.site, s.rule_pack
  FROM seat JOIN placements p USING (placement_id) JOIN request_lines line ON line.line_id = p.line_id
  JOIN surges s ON s.surge_id = p.surge_id JOIN units u ON u.unit_id = p.unit_id
  LEFT JOIN person_identities i ON i.person_id = p.person_id;

-- name: handover_notes
-- The handover notes of a placement, oldest first, with what they say where it has not been erased.
SELECT c.command_id, c.decided_at AS written_at, c.capacity, c.actor_id AS author_id, i.name AS author, n.body AS text
  FROM commands c LEFT JOIN notes n USING (note_id) LEFT JOIN person_identities i ON i.person_id = c.actor_id
 WHERE c.case_id = 'secondment:' || :placement_id::text AND c.kind = 'HAND_OVER' AND c.state = 'APPLIED'
 ORDER BY c.position;

-- name: whose_placement^
-- Whose a placement is.
SELECT government_id, person_id, unit_id FROM placements WHERE placement_id = :placement_id;

-- name: surges_staffed
-- The surges of a government that ask for people now, with the rules that they live by.
SELECT surge_id, rule_pack FROM surges
 WHERE government_id = :government_id AND state IN ('SOURCING', 'PARTLY_FILLED', 'FILLED', 'ACTIVE') ORDER BY surge_id;

-- name: places_falling_empty
-- Places whose people leave within the lead of their surge's own rules, where nobody has said yes to take over; the earliest
-- first.
SELECT p.placement_id, p.person_id, i.name, p.surge_id, p.line_id, line.role, line.site, p.due_back,
       heir.placement_id AS relieved_by, heir.state AS relief_state
  FROM placements p JOIN request_lines line USING (line_id) JOIN surges s ON s.surge_id = p.surge_id
  JOIN unnest(:packs::text[], :leads::interval[]) AS rules (pack, lead) ON rules.pack = s.rule_pack
  LEFT JOIN person_identities i ON i.person_id = p.person_id
  LEFT JOIN placements heir ON heir.relieves = p.placement_id AND (heir.held OR heir.departed_at IS NOT NULL)
 WHERE p.government_id = :government_id AND p.fills AND p.out AND p.home_by IS NULL AND p.due_back < :at::timestamptz + rules.lead
   AND s.state IN ('SOURCING', 'PARTLY_FILLED', 'FILLED', 'ACTIVE') AND NOT coalesce(heir.fills, false)
 ORDER BY p.due_back, p.placement_id;
