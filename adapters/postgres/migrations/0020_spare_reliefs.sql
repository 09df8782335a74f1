-- Whoever of a next turn was asked before those who serve had left home relieves nobody by name, and takes over all the same.
-- depends: 0018_next_turns

CREATE OR REPLACE FUNCTION facts_of_lines(surge text, at timestamptz)
RETURNS TABLE (line_id text, role text, quantity integer, report_at timestamptz, due_back timestamptz, closed boolean,
               taken integer, serving integer, continued boolean, relief_lacking boolean, needed_until timestamptz,
               ends_at timestamptz, staying integer, unrelieved_at timestamptz)
LANGUAGE sql STABLE AS $$
    WITH place AS (
        SELECT p.*, p.fills OR p.state IN ('OFFERED', 'CONDITION_PENDING') AS takes,
               greatest(p.due_back, p.extend_until) AS stays_until,
               p.fills AND p.out AND p.home_by IS NULL AND greatest(p.due_back, p.extend_until) > at AS there
          FROM placements p WHERE p.surge_id = surge),
    counted AS (
        SELECT l.line_id, count(*) FILTER (WHERE p.takes)::int + movers_to(l.line_id) AS taken,
               count(*) FILTER (WHERE p.fills AND p.out)::int AS serving,
               min(p.stays_until) FILTER (WHERE p.there) AS ends_at,
               min(p.due_back) FILTER (WHERE p.there AND p.extend_until IS NULL AND NOT EXISTS (
                   SELECT FROM placements heir
                    WHERE heir.relieves = p.placement_id AND (heir.held OR heir.departed_at IS NOT NULL))) AS unrelieved_at
          FROM request_lines l LEFT JOIN place p USING (line_id) WHERE l.surge_id = surge GROUP BY l.line_id)
    SELECT l.line_id, l.role, l.quantity, l.report_at, l.due_back, l.closed_at IS NOT NULL, c.taken, c.serving,
           n.line_id IS NOT NULL,
           coalesce(n.closed_at IS NOT NULL OR n.shortfall IS NOT NULL OR n.quantity <= ahead.taken AND NOT EXISTS (
               SELECT FROM placements spare WHERE spare.line_id = n.line_id AND spare.held AND spare.relieves IS NULL), false),
           l.needed_until, c.ends_at,
           (SELECT count(*)::int FROM place p WHERE p.line_id = l.line_id AND p.there
               AND p.stays_until >= c.ends_at + interval '1 day'),
           c.unrelieved_at
      FROM request_lines l JOIN counted c USING (line_id)
      LEFT JOIN request_lines n ON n.continues = l.line_id
      LEFT JOIN counted ahead ON ahead.line_id = n.line_id
$$;
