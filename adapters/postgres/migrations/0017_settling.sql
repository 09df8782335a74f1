-- After the return a secondment lives on until its paper is settled: the person's report, the host's evaluation, the claim.
-- depends: 0016_report_of_a_death

INSERT INTO separations (kind, subject, proposer, verdict) VALUES
    ('SETTLE_CLAIM', true, false, false),
    ('WAIVE_SETTLEMENT', true, false, false);

-- Over for the person and not for the offices: nobody is held, and somebody owes a paper. Who was home before owes none.
ALTER TABLE placements
    ADD COLUMN settles         boolean NOT NULL DEFAULT false,
    ADD COLUMN papers_received text[] NOT NULL DEFAULT '{}',
    ADD COLUMN papers_waived   text[] NOT NULL DEFAULT '{}',
    ADD COLUMN papers_owed     text[] NOT NULL DEFAULT '{}',
    ADD COLUMN report_by       timestamptz,
    ADD COLUMN claim_by        timestamptz,
    ADD COLUMN urge_at         timestamptz,
    ADD COLUMN papers_urged    integer NOT NULL DEFAULT 0,
    ADD COLUMN claim_reference text,
    ADD COLUMN claim_dated     date,
    ADD COLUMN claim_amount    bigint CHECK (claim_amount >= 0),  -- whole rupiah, as the document says
    ADD CONSTRAINT settling_is_not_held CHECK (NOT (settles AND held)),
    ADD CONSTRAINT claim_whole CHECK (num_nulls(claim_reference, claim_dated, claim_amount) IN (0, 3));
UPDATE placements SET settles = true WHERE NOT held AND accident IS FALSE;

CREATE INDEX placements_settling ON placements (surge_id) WHERE settles;
