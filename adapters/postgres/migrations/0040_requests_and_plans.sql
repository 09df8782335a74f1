-- A plan of a running surge waits to be confirmed, and empty seats wait with it.
-- depends: 0038_between_governments

ALTER TABLE surges ADD COLUMN proposed_until timestamptz;  -- until when the newest plan may be confirmed, and nobody is asked without it
