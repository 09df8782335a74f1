-- Deliveries that were settled long ago are dropped, from the oldest on; the log says what they were.
-- depends: 0013_reconciler

-- Of entries up to `pruned` no row of deliveries is kept: each was delivered (so many were) or given up by name.
ALTER TABLE subscribers
    ADD COLUMN pruned           bigint NOT NULL DEFAULT 0 CHECK (pruned <= cursor),
    ADD COLUMN pruned_delivered bigint NOT NULL DEFAULT 0;
