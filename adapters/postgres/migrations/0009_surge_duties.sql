-- A surge by word of mouth, by a letter without a disaster, sent back and changed; and how its tasks are urged.
-- depends: 0006_mandates

-- Without an operation there is a letter: who asks, for which unit, until when.
ALTER TABLE surges ALTER COLUMN operation_id DROP NOT NULL;
ALTER TABLE surges ADD COLUMN kind text NOT NULL DEFAULT 'disaster' CHECK (kind IN ('disaster', 'service_demand'));
ALTER TABLE surges ADD COLUMN letter_number text;
ALTER TABLE surges ADD COLUMN letter_date date;
ALTER TABLE surges ADD COLUMN letter_office text;
ALTER TABLE surges ADD COLUMN letter_until timestamptz;
ALTER TABLE surges ADD COLUMN unit_id text REFERENCES units;
ALTER TABLE surges ADD CONSTRAINT stands_on_something CHECK (
    CASE kind WHEN 'disaster' THEN operation_id IS NOT NULL AND letter_number IS NULL
    ELSE operation_id IS NULL
         AND num_nulls(letter_number, letter_date, letter_office, letter_until, unit_id) = 0 END);

-- Who ordered by word of mouth, in which office, when; `requested_by` heard it. The paper is owed until `paper_by`.
ALTER TABLE surges ADD COLUMN oral_by uuid REFERENCES people;
ALTER TABLE surges ADD COLUMN oral_capacity text;
ALTER TABLE surges ADD COLUMN oral_at timestamptz;
ALTER TABLE surges ADD COLUMN paper_by timestamptz;
ALTER TABLE surges ADD COLUMN oral_notices integer NOT NULL DEFAULT 0;
ALTER TABLE surges ADD COLUMN ratified_by uuid REFERENCES people;
ALTER TABLE surges ADD COLUMN ratified_at timestamptz;
ALTER TABLE surges ADD CONSTRAINT oral_order_is_whole CHECK (
    num_nulls(oral_by, oral_capacity, oral_at) IN (0, 3) AND (oral_by IS NULL OR kind = 'disaster')
    AND (paper_by IS NULL OR oral_by IS NOT NULL) AND (ratified_at IS NULL) = (ratified_by IS NULL)
    AND (ratified_at IS NULL OR oral_by IS NOT NULL));
-- Nobody hears their own order, nor confirms in writing what they say they heard.
ALTER TABLE surges ADD CONSTRAINT heard_by_another CHECK (oral_by <> requested_by AND ratified_by <> requested_by);

-- How far the task in hand has been urged, and since when it is asked: a case that is taken up again goes on from here.
ALTER TABLE surges ADD COLUMN since timestamptz;
ALTER TABLE surges ADD COLUMN signing_since timestamptz;
ALTER TABLE surges ADD COLUMN notices integer NOT NULL DEFAULT 0;

-- A request as it is to be changed; the case puts it in force, or refuses the command and it stays here.
CREATE TABLE surge_revisions (
    command_id uuid PRIMARY KEY REFERENCES commands,
    surge_id   text NOT NULL REFERENCES surges,
    request    jsonb NOT NULL
);

INSERT INTO separations (kind, subject, proposer, verdict) VALUES
    ('RETURN_SURGE', false, true, true),
    ('RESUBMIT_SURGE', false, false, true),
    ('RATIFY_ORAL_ORDER', false, true, true);
