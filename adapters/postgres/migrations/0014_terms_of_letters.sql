-- A demand for service ends with its letter, and the coordinator is warned of it before.
-- depends: 0014_standings_to_come

ALTER TABLE surges ADD COLUMN letter_warned boolean NOT NULL DEFAULT false;
