-- Substitution, and the separation of duties that holds whoever writes.
-- depends: 0002_cases

-- Who decides for whom, by a writ, from one instant to another. Only offices held by appointment are handed on.
CREATE TABLE mandates (
    mandate_id    uuid PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    tenure        text NOT NULL CHECK (tenure IN ('SUBSTITUTE', 'PLH', 'PLT')),
    substitute_id uuid NOT NULL REFERENCES people,
    principal_id  uuid REFERENCES people,
    capacity      text NOT NULL,
    unit_id       text REFERENCES units,
    valid         tstzrange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)),
    written_by    uuid NOT NULL REFERENCES people,
    letter        text NOT NULL,
    scope         text[],
    written_at    timestamptz NOT NULL,
    revoked_at    timestamptz,
    revoked_by    uuid REFERENCES people,
    CHECK ((tenure = 'PLT') = (principal_id IS NULL)),
    CHECK (substitute_id <> principal_id AND substitute_id <> written_by),
    CHECK ((capacity = 'UNIT_HEAD') = (unit_id IS NOT NULL)),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX mandates_of ON mandates (substitute_id);
-- One acting officer at a time for an office.
ALTER TABLE mandates ADD CONSTRAINT one_acting_at_a_time
    EXCLUDE USING gist (government_id WITH =, capacity WITH =, coalesce(unit_id, '') WITH =, valid WITH &&)
    WHERE (tenure <> 'SUBSTITUTE' AND revoked_at IS NULL);

ALTER TABLE commands ADD COLUMN tenure text NOT NULL DEFAULT 'DEFINITIVE';
ALTER TABLE commands ADD COLUMN mandate_id uuid REFERENCES mandates;
ALTER TABLE commands ADD CONSTRAINT by_mandate CHECK ((tenure = 'DEFINITIVE') = (mandate_id IS NULL));

-- What each kind of decision is kept apart from: its subject, its proposer, another office's verdict in the case.
CREATE TABLE separations (
    kind     text PRIMARY KEY,
    subject  boolean NOT NULL,
    proposer boolean NOT NULL,
    verdict  boolean NOT NULL
);
INSERT INTO separations (kind, subject, proposer, verdict) VALUES
    ('APPROVE_SURGE', false, true, true),
    ('REJECT_SURGE', false, true, true),
    ('OVERRIDE_REDLINE', false, false, true),
    ('CONFIRM_PLAN', false, false, true),
    ('SIGN_ORDER', false, false, true),
    ('RELEASE', true, false, true),
    ('REFUSE_RELEASE', true, false, true),
    ('CHECK_IN', true, false, false),
    ('SIGN_DEMOB', true, false, false),
    ('CONFIRM_RETURN', true, false, false);

-- Nobody decides on their own proposal, in their own case, or twice in one case under two hats: neither by their own
-- hand nor for whom they act. A decision that was recorded before it became forbidden is not applied.
CREATE FUNCTION keep_duties_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    apart    separations%ROWTYPE;
    hands    uuid[] := array_remove(ARRAY[NEW.actor_id, NEW.on_behalf_of], NULL);
    involved uuid[];
BEGIN
    SELECT * INTO apart FROM separations WHERE kind = NEW.kind;
    IF NOT FOUND OR NEW.state = 'REFUSED' THEN
        RETURN NEW;
    END IF;
    involved := hands || ARRAY(SELECT written_by FROM mandates WHERE mandate_id = NEW.mandate_id);
    IF apart.subject AND EXISTS (
        SELECT FROM placements
         WHERE NEW.case_id = 'secondment:' || placement_id AND person_id = ANY (involved)) THEN
        RAISE EXCEPTION 'nobody decides in their own case' USING ERRCODE = 'SG002', CONSTRAINT = 'own_case';
    END IF;
    IF apart.proposer AND EXISTS (
        SELECT FROM surges WHERE NEW.case_id = 'surge:' || surge_id AND requested_by = ANY (involved)) THEN
        RAISE EXCEPTION 'nobody decides on their own proposal' USING ERRCODE = 'SG002', CONSTRAINT = 'own_proposal';
    END IF;
    IF apart.verdict AND EXISTS (
        SELECT FROM commands earlier JOIN separations s ON s.kind = earlier.kind AND s.verdict
         WHERE earlier.case_id = NEW.case_id AND earlier.state = 'APPLIED' AND earlier.command_id <> NEW.command_id
           AND earlier.capacity <> NEW.capacity
           AND ARRAY[earlier.actor_id, earlier.on_behalf_of] && hands) THEN
        RAISE EXCEPTION 'nobody decides twice in one case under two hats'
            USING ERRCODE = 'SG002', CONSTRAINT = 'two_hats';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duties_apart BEFORE INSERT OR UPDATE OF state, actor_id, on_behalf_of, capacity, kind, case_id ON commands
    FOR EACH ROW EXECUTE FUNCTION keep_duties_apart();
CREATE INDEX commands_of_case ON commands (case_id) WHERE state = 'APPLIED';

ALTER TABLE surges ADD COLUMN escalation integer NOT NULL DEFAULT 0;
