-- Whoever is asked for a duty that has begun reports when they can be there, and not at the moment of the offer.
-- depends: 0052_rest_around_a_duty

-- Of what is left of a very short duty they are to serve the half at least.
CREATE FUNCTION reports_at(line request_lines, asked_at timestamptz, travel interval) RETURNS timestamptz
    IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN line.report_at >= asked_at THEN line.report_at
                ELSE asked_at + least(travel, (line.due_back - asked_at) / 2) END
$$;
