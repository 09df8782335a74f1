-- Extracts of decrees and the papers of a case are sealed, each with a record of its own.
-- depends: 0043_nothing_undecided

-- What a service is asked to seal, until the paper is kept: by the hash of the paper; no personal data.
CREATE TABLE seal_asks (
    paper_sha256  text PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    prepared      jsonb NOT NULL
);

-- An extract has a record too. `words` is what the decree says, as it was typeset to be signed: what is made of it later says
-- nothing else, whatever somebody or some unit is called by then. It names people, as the file does.
ALTER TABLE decree_papers DROP CONSTRAINT decree_papers_check,
    ADD COLUMN words jsonb,
    ADD CONSTRAINT decree_papers_words CHECK (words IS NULL OR paper = 'DECREE');

-- `record`: of the sealed file. `wanted`: so often it was asked for by who cannot make it, for keys are with the workers alone.
ALTER TABLE case_papers ADD COLUMN record jsonb, ADD COLUMN wanted integer NOT NULL DEFAULT 0;
CREATE INDEX case_papers_waiting ON case_papers (mutation_id) WHERE sha256 IS NULL;
