-- What the log of rests comes to, person by person.
-- depends: 0012_service_demand

ALTER TABLE placements
    ADD COLUMN day_off_at    timestamptz,  -- when the last day off ended, or the duty began
    ADD COLUMN awake_since   timestamptz,  -- when the last rest ended that was long enough
    ADD COLUMN rest_began_at timestamptz,  -- of the rest that goes on
    ADD COLUMN rest_lacking  text CHECK (rest_lacking IN ('DAY_OFF', 'REST'));
