-- Somebody whose decree is undone may object to that, and be proposed anew meanwhile.
-- depends: 0048_asks_given_up

-- `undone`: a second decree is in force by which nothing of the first is left.
ALTER TABLE mutations ADD COLUMN undone boolean NOT NULL DEFAULT false, ADD CHECK (NOT (undone AND reserves));
DROP INDEX one_mutation_at_a_time;
CREATE UNIQUE INDEX one_mutation_at_a_time ON mutations (person_id)
    WHERE open AND NOT undone AND state NOT IN ('EFFECTIVE', 'REPORTED');
