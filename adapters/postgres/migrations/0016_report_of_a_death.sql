-- A death on duty is over for the person and not for the home unit: the accident-cover report is owed, or waived by name.
-- depends: 0014_terms_of_letters

INSERT INTO separations (kind, subject, proposer, verdict) VALUES
    ('WAIVE_ACCIDENT_REPORT', true, false, false);

CREATE INDEX placements_owing ON placements (surge_id) WHERE state = 'ACCIDENT_REPORT_OWED';
