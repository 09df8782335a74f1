-- Emergency statuses of several levels, with what was known when; who loses cover by their end; decisions of no person.
-- depends: 0006_mandates

-- One status of one level, by a decree. `period` is what holds now; how its end came there stands in standing_ends.
CREATE TABLE standings (
    operation_id text NOT NULL REFERENCES operations,
    number       integer NOT NULL,
    level        text NOT NULL CHECK (level IN ('REGENCY_CITY', 'PROVINCE', 'NATIONAL')),
    status       text NOT NULL CHECK (status IN ('ALERT', 'RESPONSE', 'TRANSITION')),
    area         text NOT NULL,
    decree       text NOT NULL CHECK (trim(decree) <> ''),
    decree_date  date NOT NULL,
    statement    text,  -- of inability, where a lower level asked this one to lead
    period       tstzrange NOT NULL
                 CHECK (NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period)),
    declared_end timestamptz NOT NULL,
    decided_at   timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    command_id   uuid REFERENCES commands,
    warned       boolean NOT NULL DEFAULT false,
    ended        text CHECK (ended IN ('RAN_OUT', 'SUPERSEDED', 'HANDED_BACK', 'CLOSED')),
    PRIMARY KEY (operation_id, number)
);
-- The levels stand beside each other; within one, a status follows another.
ALTER TABLE standings ADD CONSTRAINT one_standing_a_level
    EXCLUDE USING gist (operation_id WITH =, level WITH =, period WITH &&);

-- Every move of an end, the oldest first. A later end needs a decree made before the old one came.
CREATE TABLE standing_ends (
    operation_id text NOT NULL,
    number       integer NOT NULL,
    change       integer NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('EXTENDED', 'SUPERSEDED', 'HANDED_BACK', 'CLOSED')),
    ends_before  timestamptz NOT NULL,
    ends_after   timestamptz NOT NULL,
    decree       text,
    decree_date  date,
    decided_at   timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    command_id   uuid REFERENCES commands,
    PRIMARY KEY (operation_id, number, change),
    FOREIGN KEY (operation_id, number) REFERENCES standings,
    CONSTRAINT later_only_by_an_extension CHECK (ends_after < ends_before OR kind = 'EXTENDED'),
    CONSTRAINT extended_in_time CHECK (kind <> 'EXTENDED' OR (ends_after > ends_before AND decided_at < ends_before)),
    CONSTRAINT by_a_decree CHECK (kind = 'CLOSED' OR (coalesce(trim(decree), '') <> '' AND decree_date IS NOT NULL))
);

-- The end of a standing moves by a row of standing_ends and in no other way; nothing else of it is ever changed.
CREATE FUNCTION move_standing_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE standings SET period = tstzrange(lower(period), NEW.ends_after)
     WHERE operation_id = NEW.operation_id AND number = NEW.number AND upper(period) = NEW.ends_before;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'standing % of % does not end at %', NEW.number, NEW.operation_id, NEW.ends_before
            USING ERRCODE = 'SG003', CONSTRAINT = 'end_of_standing';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER standing_end_moved AFTER INSERT ON standing_ends FOR EACH ROW EXECUTE FUNCTION move_standing_end();

CREATE FUNCTION keep_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'standings' THEN
        IF (to_jsonb(NEW) - ARRAY['period', 'warned', 'ended']) = (to_jsonb(OLD) - ARRAY['period', 'warned', 'ended'])
           AND lower(NEW.period) = lower(OLD.period)
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
CREATE TRIGGER standing_kept BEFORE UPDATE OR DELETE ON standings FOR EACH ROW EXECUTE FUNCTION keep_standing();
CREATE TRIGGER standing_end_kept BEFORE UPDATE OR DELETE ON standing_ends
    FOR EACH ROW EXECUTE FUNCTION keep_standing();

-- What was there: a row without a level prolonged the one before it; a status that followed another cut it short.
INSERT INTO standings (operation_id, number, level, status, area, decree, decree_date, period, declared_end, decided_at,
                       recorded_at, ended)
SELECT operation_id, number,
       CASE lower(level) WHEN 'province' THEN 'PROVINCE' WHEN 'national' THEN 'NATIONAL' ELSE 'REGENCY_CITY' END,
       status, area, decree, decree_date,
       tstzrange(lower(period), least(longest, coalesce(follows_at, longest))),
       least(longest, coalesce(follows_at, longest)), lower(period), lower(period),
       CASE WHEN follows_at IS NOT NULL THEN 'SUPERSEDED' END
  FROM (SELECT *, max(upper(period)) OVER (PARTITION BY operation_id, run) AS longest,
               lead(lower(period)) OVER (PARTITION BY operation_id, level <> '' ORDER BY number) AS follows_at
          FROM (SELECT *, count(*) FILTER (WHERE level <> '') OVER (PARTITION BY operation_id ORDER BY number) AS run
                  FROM operation_statuses) AS counted) AS old
 WHERE level <> '';
DROP TABLE operation_statuses;

-- Every decree as the stretch of time that it gave, as far as it still holds; the oldest first.
CREATE VIEW operation_statuses AS
SELECT operation_id, row_number() OVER (PARTITION BY operation_id ORDER BY recorded_at, number, change)::int AS number,
       status, level, area, decree, decree_date, period
  FROM (SELECT operation_id, number, 0 AS change, status, level, area, decree, decree_date, recorded_at,
               tstzrange(lower(period), least(declared_end, upper(period))) AS period
          FROM standings
         UNION ALL
        SELECT s.operation_id, s.number, e.change, s.status, s.level, s.area, e.decree, e.decree_date, e.recorded_at,
               tstzrange(e.ends_before, greatest(e.ends_before, least(e.ends_after, upper(s.period))))
          FROM standing_ends e JOIN standings s USING (operation_id, number)
         WHERE e.kind = 'EXTENDED') AS decreed
 WHERE NOT isempty(period);

-- Until when there is, or was, cover for a surge's people; where nothing was ever declared, nothing limits it.
CREATE FUNCTION cover_of(surge text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(max(upper(period)), 'infinity') FROM standings JOIN surges USING (operation_id) WHERE surge_id = surge
$$;

-- Of which end of the cover somebody was told whose duty reaches past it; NULL where it covers the duty.
ALTER TABLE placements ADD COLUMN cover_told timestamptz;
CREATE INDEX placements_uncovered ON placements (government_id) WHERE held AND cover_told IS NOT NULL;

ALTER TABLE operations ADD COLUMN after_action_report text;
ALTER TABLE operations ADD COLUMN archived_at timestamptz;
CREATE FUNCTION keep_archived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'operation % is in the archive', OLD.operation_id
        USING ERRCODE = 'SG003', CONSTRAINT = 'archived';
END $$;
CREATE TRIGGER archive_kept BEFORE UPDATE OR DELETE ON operations FOR EACH ROW
    WHEN (OLD.state = 'ARCHIVED') EXECUTE FUNCTION keep_archived();

-- A decision that follows from another case's move is nobody's: its capacity is SYSTEM, and its key is told once.
ALTER TABLE commands ALTER COLUMN actor_id DROP NOT NULL;
ALTER TABLE commands ADD CONSTRAINT by_somebody CHECK ((capacity = 'SYSTEM') = (actor_id IS NULL));
ALTER TABLE commands DROP CONSTRAINT commands_government_id_actor_id_idempotency_key_key;
ALTER TABLE commands ADD CONSTRAINT one_command_a_key
    UNIQUE NULLS NOT DISTINCT (government_id, actor_id, idempotency_key);
