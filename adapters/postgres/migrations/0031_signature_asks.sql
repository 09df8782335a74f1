-- Signatures that a service elsewhere is asked for: what must be kept until it answers, and what became of it.
-- depends: 0030_groups

CREATE TABLE signature_asks (
    decree_id uuid PRIMARY KEY REFERENCES decrees,
    prepared  jsonb,                -- what is to be signed, and its room in the paper; no personal data
    asked_at  timestamptz NOT NULL,
    until     timestamptz NOT NULL, -- from then on it would be signed too late
    refusal   text                  -- the code of why it did not come; a signed one is in decree_papers
);
