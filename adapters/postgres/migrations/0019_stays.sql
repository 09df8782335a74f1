-- Rest is granted for the whole absence, over all posts that followed each other.
-- depends: 0011_relief 0019_heads_who_leave

CREATE FUNCTION duty_of_stay(placement uuid) RETURNS int STABLE LANGUAGE sql AS $$
    WITH RECURSIVE stay AS (
        SELECT placement_id, moved_from FROM placements WHERE placement_id = placement
         UNION ALL
        SELECT p.placement_id, p.moved_from FROM placements p JOIN stay ON p.placement_id = stay.moved_from)
    SELECT coalesce(sum(e.duty), 0)::int FROM stay JOIN experiences e USING (placement_id)
$$;
