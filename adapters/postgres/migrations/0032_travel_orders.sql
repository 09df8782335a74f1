-- Travel orders (SPD): one a person, numbered with the assignment order that sends them, typeset when first asked for.
-- depends: 0031_signature_asks

CREATE TABLE travel_orders (
    order_id      uuid NOT NULL REFERENCES orders,
    placement_id  uuid NOT NULL REFERENCES placements,
    government_id text NOT NULL REFERENCES governments,
    register      text NOT NULL,
    year          integer NOT NULL,
    sequence      integer NOT NULL CHECK (sequence > 0),
    number        text NOT NULL,
    role          text NOT NULL,           -- what the order sent them as, where, and when, whatever is amended later
    line_id       text NOT NULL REFERENCES request_lines,
    site          text NOT NULL,
    leaves_from   text,                    -- the former site of whoever is moved on; else the home unit
    report_at     timestamptz NOT NULL,
    due_back      timestamptz NOT NULL,
    amends        text,                    -- the number of the one that this takes the place of
    sha256        text,
    PRIMARY KEY (order_id, placement_id),
    UNIQUE (government_id, register, year, sequence)
);
CREATE INDEX travel_orders_of_placement ON travel_orders (placement_id);

-- Papers name people; they lie apart from what is kept for ever.
CREATE TABLE travel_order_files (
    order_id     uuid NOT NULL,
    placement_id uuid NOT NULL,
    file         bytea NOT NULL,
    PRIMARY KEY (order_id, placement_id),
    FOREIGN KEY (order_id, placement_id) REFERENCES travel_orders ON UPDATE CASCADE
);
