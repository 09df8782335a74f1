-- A person's road in full: every early exit, the longer duty, the checklist, the signs of life.
-- depends: 0006_mandates

ALTER TABLE placements
    ADD COLUMN out                 boolean NOT NULL DEFAULT false,  -- has left home and is not back
    ADD COLUMN fills               boolean NOT NULL DEFAULT false,  -- takes the seat, or served it to its end
    ADD COLUMN directed            boolean NOT NULL DEFAULT false,  -- may not decline
    ADD COLUMN leaving             text,                            -- why the seat is given up
    ADD COLUMN seen_at             timestamptz,
    ADD COLUMN uncovered_from      timestamptz,                     -- no emergency status covers the duty from here on
    ADD COLUMN condition_code      text,
    ADD COLUMN condition_report_at timestamptz,
    ADD COLUMN extend_until        timestamptz,
    ADD COLUMN extend_agreed       text[] NOT NULL DEFAULT '{}',
    ADD COLUMN extend_waiver       boolean NOT NULL DEFAULT false,
    ADD COLUMN extensions          integer NOT NULL DEFAULT 0,
    ADD COLUMN amending_order_id   uuid REFERENCES orders,          -- the order that will prolong the duty
    ADD COLUMN checklist           text[] NOT NULL DEFAULT '{}',
    ADD COLUMN accident            boolean,                         -- whether the accident-cover report is filed
    ADD COLUMN arrived_at          timestamptz;                     -- as reported; checked_in_at is when we learnt it

UPDATE placements SET out = departed_at IS NOT NULL AND returned_at IS NULL,
                      fills = departed_at IS NOT NULL OR state IN ('RELEASE_PENDING', 'RELEASED', 'ORDER_SIGNED');

ALTER TABLE placements DROP CONSTRAINT placements_check;
ALTER TABLE placements ADD CONSTRAINT out_is_held CHECK (held OR NOT out);

-- A longer duty that is proposed takes its time at once, so that nobody is promised elsewhere meanwhile.
ALTER TABLE placements DROP CONSTRAINT one_placement_at_a_time;
ALTER TABLE placements ADD CONSTRAINT one_placement_at_a_time
    EXCLUDE USING gist (person_id WITH =, tstzrange(report_at, coalesce(extend_until, due_back)) WITH &&) WHERE (held);
-- Nobody departs who has not yet come home, however long the other placement is overdue.
DROP INDEX one_departure_at_a_time;
CREATE UNIQUE INDEX one_departure_at_a_time ON placements (person_id) WHERE out;

-- Signs of life from the site: written by whoever saw or heard the person, without waking the case.
CREATE TABLE sightings (
    placement_id uuid NOT NULL REFERENCES placements,
    seen_at      timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    recorded_by  uuid NOT NULL REFERENCES people,
    PRIMARY KEY (placement_id, seen_at)
);

INSERT INTO separations (kind, subject, proposer, verdict) VALUES
    ('GRANT_CONDITION', true, false, false),
    ('REFUSE_CONDITION', true, false, false),
    ('CANCEL_ORDER', true, false, false),
    ('REPORT_UNFIT', true, false, false),
    ('REPORT_NO_SHOW', true, false, false),
    ('FILE_ACCIDENT_REPORT', true, false, false),
    ('RESUME_DUTY', true, false, false),
    ('CONFIRM_AFFECTED', true, false, false),
    ('RECALL', true, false, false),
    ('RELEASE_EARLY', true, false, false),
    ('PROPOSE_EXTENSION', true, false, false),
    ('WAIVE_EXTENSION_LIMIT', true, false, true),
    ('APPROVE_EXTENSION', true, false, true),
    ('DENY_EXTENSION', true, false, true),
    ('SIGN_CHECKLIST', true, false, false),
    ('WAIVE_CHECKLIST', true, false, false),
    ('CONVERT', true, false, true);
