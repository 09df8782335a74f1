-- What the reconciler found: workflows that no open case stands behind, cases that it took up again, and when it looked.
-- depends: 0010_closing

CREATE TABLE orphans (
    run_id        uuid PRIMARY KEY,
    workflow_id   text NOT NULL,
    why           text NOT NULL CHECK (why IN ('NOT_IN_BOOKS', 'ENDED_IN_BOOKS')),
    government_id text REFERENCES governments,  -- whose case has ended; nobody's where the books know none
    found_at      timestamptz NOT NULL,
    seen_at       timestamptz NOT NULL,
    gone_at       timestamptz,
    ordered_at    timestamptz,                  -- when an operator ordered that it be ended
    ordered_by    uuid REFERENCES people,
    reason        text,
    CHECK (num_nulls(ordered_at, ordered_by, reason) IN (0, 3)),
    CHECK ((why = 'NOT_IN_BOOKS') = (government_id IS NULL))
);

CREATE TABLE taken_up (
    case_id       text NOT NULL,
    government_id text NOT NULL REFERENCES governments,
    taken_at      timestamptz NOT NULL,
    PRIMARY KEY (case_id, taken_at)
);

-- One row: the newest look, which is at the cases of all governments.
CREATE TABLE reconciler_looks (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    looked_at timestamptz NOT NULL
);
