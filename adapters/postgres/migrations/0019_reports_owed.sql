-- The report of an injury is owed also once somebody is back: a surge looks for whoever is held no more and owes one.
-- depends: 0016_report_of_a_death

DROP INDEX placements_owing;
CREATE INDEX placements_owing ON placements (surge_id) WHERE accident IS FALSE AND NOT held;
