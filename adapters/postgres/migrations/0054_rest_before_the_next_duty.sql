-- A longer duty leaves the rest before the next one, too.
-- depends: 0053_time_to_get_there

-- When the rest after a duty is over: the cooling-off, or the days off that the stay will have earned if they are more (S05).
CREATE FUNCTION rested_at(away_since timestamptz, ends timestamptz, cooling_off interval, rest_days int, rest_per_duty_days int)
    RETURNS timestamptz STABLE LANGUAGE sql AS $$
    SELECT ends + greatest(cooling_off, make_interval(
               days => extract(day FROM ends - away_since)::int * rest_days / rest_per_duty_days))
$$;

CREATE OR REPLACE FUNCTION with_rest(p placements, cooling_off interval, rest_days int, rest_per_duty_days int) RETURNS tstzrange
    STABLE LANGUAGE sql AS $$
    SELECT tstzrange(p.report_at - cooling_off, rested_at(coalesce(p.stay_from, p.report_at), greatest(p.extend_until, p.due_back),
                                                          cooling_off, rest_days, rest_per_duty_days))
$$;

-- The next duty that somebody has, or was offered, where one that ends then would leave too little rest before it. One that
-- has begun by then overlaps, which the exclusion of the table forbids.
CREATE FUNCTION next_too_near(p placements, ends timestamptz, cooling_off interval, rest_days int, rest_per_duty_days int)
    RETURNS uuid STABLE LANGUAGE sql AS $$
    SELECT next.placement_id FROM placements next
     WHERE next.person_id = p.person_id AND next.placement_id <> p.placement_id AND next.held AND next.report_at >= ends
       AND next.report_at < rested_at(coalesce(p.stay_from, p.report_at), ends, cooling_off, rest_days, rest_per_duty_days)
     ORDER BY next.report_at LIMIT 1
$$;

-- Whether the longer duty that is proposed for somebody comes too near to the next one, so that no order prolongs it.
CREATE FUNCTION grows_too_near(p placements, cooling_off interval, rest_days int, rest_per_duty_days int) RETURNS boolean
    STABLE LANGUAGE sql AS $$
    SELECT coalesce(p.extend_until > p.due_back
                    AND next_too_near(p, p.extend_until, cooling_off, rest_days, rest_per_duty_days) IS NOT NULL, false)
$$;
