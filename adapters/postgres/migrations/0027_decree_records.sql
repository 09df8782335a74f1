-- What the registry keeps of a signed decree, beside the file: whoever holds the file checks it against this.
-- depends: 0026_mutations

ALTER TABLE decree_papers ADD COLUMN record jsonb CHECK (record IS NULL OR paper = 'DECREE');
