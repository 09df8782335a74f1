-- Whoever asked for people lets neither the request grow nor a unit lend below its redline for it.
-- depends: 0032_travel_orders

INSERT INTO separations (kind, subject, proposer, verdict) VALUES
    ('ADD_LINE', false, true, true),
    ('RAISE_LINE', false, true, true);

UPDATE separations SET proposer = true WHERE kind = 'OVERRIDE_REDLINE';
