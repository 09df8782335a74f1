-- What a decree takes note of, as it is when its number is drawn: made again, the paper says the same.
-- depends: 0032_travel_orders
ALTER TABLE decrees ADD COLUMN notes text[] NOT NULL DEFAULT '{}';

-- An erratum has a paper too. What it mends is free text of its author: it lies apart, and can be erased.
ALTER TABLE case_papers DROP CONSTRAINT case_papers_paper_check;
ALTER TABLE case_papers ADD CONSTRAINT case_papers_paper_check
    CHECK (paper IN ('MINUTES_PERSON', 'MINUTES_RELEASING', 'MINUTES_RECEIVING', 'HANDOVER', 'DUTY_START', 'ERRATUM'));
CREATE TABLE errata_words (
    command_id uuid PRIMARY KEY REFERENCES commands,
    written    text NOT NULL,
    meant      text NOT NULL
);
