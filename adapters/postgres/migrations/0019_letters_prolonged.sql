-- A demand for service goes on by a new letter, decided by a named office and never by who asked.
-- depends: 0009_surge_duties 0019_stays

INSERT INTO separations (kind, subject, proposer, verdict) VALUES ('PROLONG_LETTER', false, true, true);
