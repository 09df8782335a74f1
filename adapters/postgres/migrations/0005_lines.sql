-- Request lines in full, changes to them while a surge runs, and picks that a plan must keep.
-- depends: 0006_mandates

ALTER TABLE request_lines
    ADD COLUMN substitutes jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(substitutes) = 'array'),
    ADD COLUMN max_km      integer CHECK (max_km >= 0),
    ADD COLUMN shift_on    smallint CHECK (shift_on BETWEEN 1 AND 24),
    ADD COLUMN shift_off   smallint CHECK (shift_off BETWEEN 0 AND 72),
    ADD COLUMN mode        text NOT NULL DEFAULT 'VOLUNTARY' CHECK (mode IN ('VOLUNTARY', 'DIRECTED')),
    ADD COLUMN team        text NOT NULL DEFAULT '',
    ADD COLUMN closed_at   timestamptz,
    ADD CHECK ((shift_on IS NULL) = (shift_off IS NULL)),
    -- A line that is closed asks for those who have its places, be it nobody.
    DROP CONSTRAINT request_lines_quantity_check,
    ADD CHECK (quantity > 0 OR (quantity = 0 AND closed_at IS NOT NULL));

-- A line that was asked for while the surge runs; its case lets it in, or refuses it.
CREATE TABLE line_drafts (
    line_id    text PRIMARY KEY,
    surge_id   text NOT NULL REFERENCES surges,
    command_id uuid NOT NULL UNIQUE REFERENCES commands,
    line       jsonb NOT NULL
);

-- Whom the plan that a command asks for must keep where they stand.
CREATE TABLE plan_keeps (
    command_id uuid NOT NULL REFERENCES commands,
    person_id  uuid NOT NULL REFERENCES people,
    line_id    text NOT NULL REFERENCES request_lines,
    PRIMARY KEY (command_id, person_id)
);
