-- Offices are held by the day of the government's own zone.
-- depends: 0014_edges

CREATE FUNCTION local_day(government text, at timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (at AT TIME ZONE zone)::date FROM governments WHERE government_id = government
$$;
