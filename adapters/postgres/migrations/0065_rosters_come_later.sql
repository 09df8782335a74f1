-- A roster that comes while people are away changes what a unit may lend, and not what was right before.
-- depends: 0062_the_dead_of_mutations_who_live

-- What a unit might lend of a role up to an entry of the log: a roster, or a rule pack, has changed it since.
CREATE TABLE lendable_before (
    unit_id  text NOT NULL,
    role     text NOT NULL,
    upto     bigint NOT NULL,
    lendable integer NOT NULL,
    PRIMARY KEY (unit_id, role, upto),
    FOREIGN KEY (unit_id, role) REFERENCES unit_roles
);

CREATE FUNCTION keep_what_was_lendable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever holds somebody of the unit waits for this row, so that their entry comes after the head that is seen here.
    INSERT INTO lendable_before (unit_id, role, upto, lendable)
    SELECT OLD.unit_id, OLD.role, h.seq, least(OLD.lendable, OLD.headcount - OLD.redline)
      FROM log_heads h WHERE h.government_id = OLD.government_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER lendable_kept AFTER UPDATE OF headcount, redline, lendable ON unit_roles
    FOR EACH ROW WHEN (least(OLD.lendable, OLD.headcount - OLD.redline) <> least(NEW.lendable, NEW.headcount - NEW.redline))
    EXECUTE FUNCTION keep_what_was_lendable();
