-- A signed decree is undone or corrected by a second one of the same register.
-- depends: 0041_counsel

-- `amends` is the first one, `ordered_by` the decision that there is to be a second; of one decision there is one at a time.
ALTER TABLE decrees ADD COLUMN amends uuid REFERENCES decrees,
    ADD COLUMN ordered_by uuid REFERENCES commands,
    ADD CHECK ((amends IS NULL) = (ordered_by IS NULL)),
    ADD CHECK (amends <> decree_id);
CREATE UNIQUE INDEX second_decree_of_an_order ON decrees (ordered_by) WHERE state <> 'VOID';
CREATE INDEX second_decrees_of ON decrees (amends) WHERE amends IS NOT NULL;
