-- Emergency statuses that are decreed ahead of their start, and may be withdrawn before it.
-- depends: 0014_local_day

ALTER TABLE standings ADD COLUMN begun boolean NOT NULL DEFAULT true;
ALTER TABLE standings ADD COLUMN withdrawn_at timestamptz CHECK (withdrawn_at IS NULL OR NOT begun);
ALTER TABLE standings DROP CONSTRAINT standings_ended_check;
ALTER TABLE standings ADD CONSTRAINT standings_ended_check
    CHECK (ended IN ('RAN_OUT', 'SUPERSEDED', 'HANDED_BACK', 'CLOSED', 'WITHDRAWN') AND (ended = 'WITHDRAWN') = (withdrawn_at IS NOT NULL)
           OR ended IS NULL AND withdrawn_at IS NULL);
-- What is to come cuts short what stands only when it begins.
ALTER TABLE standings DROP CONSTRAINT one_standing_a_level;
ALTER TABLE standings ADD CONSTRAINT one_standing_a_level
    EXCLUDE USING gist (operation_id WITH =, level WITH =, period WITH &&) WHERE (begun);

CREATE OR REPLACE FUNCTION keep_standing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['period', 'warned', 'ended', 'begun', 'withdrawn_at'];
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'standings' THEN
        IF (to_jsonb(NEW) - free) = (to_jsonb(OLD) - free)
           AND lower(NEW.period) = lower(OLD.period)
           AND (NEW.begun OR NOT OLD.begun)
           AND (upper(NEW.period) = upper(OLD.period)
                OR EXISTS (SELECT FROM standing_ends e
                            WHERE e.operation_id = OLD.operation_id AND e.number = OLD.number
                              AND e.change = (SELECT max(change) FROM standing_ends l
                                               WHERE l.operation_id = OLD.operation_id AND l.number = OLD.number)
                              AND e.ends_before = upper(OLD.period) AND e.ends_after = upper(NEW.period))) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'what was decreed is not rewritten: its end moves by a row of standing_ends'
        USING ERRCODE = 'SG003', CONSTRAINT = 'decreed';
END $$;

CREATE OR REPLACE VIEW operation_statuses AS
SELECT operation_id, row_number() OVER (PARTITION BY operation_id ORDER BY recorded_at, number, change)::int AS number,
       status, level, area, decree, decree_date, period, begun
  FROM (SELECT operation_id, number, 0 AS change, status, level, area, decree, decree_date, recorded_at,
               tstzrange(lower(period), least(declared_end, upper(period))) AS period, begun
          FROM standings WHERE begun OR ended IS NULL
         UNION ALL
        SELECT s.operation_id, s.number, e.change, s.status, s.level, s.area, e.decree, e.decree_date, e.recorded_at,
               tstzrange(e.ends_before, greatest(e.ends_before, least(e.ends_after, upper(s.period)))), begun
          FROM standing_ends e JOIN standings s USING (operation_id, number)
         WHERE e.kind = 'EXTENDED') AS decreed
 WHERE NOT isempty(period);

-- When there is, was or will be cover by a standing: what is to come counts from its start, and cuts its level's short.
CREATE VIEW cover AS
SELECT s.operation_id, NOT s.begun AS coming,
       tstzrange(lower(s.period), least(upper(s.period), (SELECT min(lower(c.period)) FROM standings c
            WHERE c.operation_id = s.operation_id AND c.level = s.level AND c.number <> s.number
              AND NOT c.begun AND c.ended IS NULL))) AS period
  FROM standings s WHERE s.begun OR s.ended IS NULL;

-- Whether the standings of an operation cover a stretch of time without a gap.
CREATE FUNCTION covers(operation text, begins timestamptz, ends timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT range_agg(period) @> tstzrange(least(begins, ends), ends)
                       FROM cover WHERE operation_id = operation), false)
$$;

-- Whether a surge's people are covered then; where nothing ever was in force or withdrawn, nothing limits them.
CREATE FUNCTION covered(surge text, begins timestamptz, ends timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM standings JOIN surges USING (operation_id)
                        WHERE surge_id = surge AND (begun OR withdrawn_at IS NOT NULL))
           OR covers((SELECT operation_id FROM surges WHERE surge_id = surge), begins, ends)
$$;
DROP FUNCTION cover_of(text);
