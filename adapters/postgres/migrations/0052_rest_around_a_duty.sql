-- Somebody who is placed or asked already comes home one day, and rests before the next duty, whichever of the two was asked first.
-- depends: 0049_second_decrees_contested

-- The time of a duty with the rest before and after it: the cooling-off, and the days off that it will have earned if they are
-- more (S05). What was served on an earlier post of the stay counts.
CREATE FUNCTION with_rest(p placements, cooling_off interval, rest_days int, rest_per_duty_days int) RETURNS tstzrange
    STABLE LANGUAGE sql AS $$
    SELECT tstzrange(p.report_at - cooling_off, ends + greatest(cooling_off, make_interval(
               days => extract(day FROM ends - coalesce(p.stay_from, p.report_at))::int * rest_days / rest_per_duty_days)))
      FROM (SELECT greatest(p.extend_until, p.due_back) AS ends) AS duty
$$;
