-- The yearly cap on days of duty (S05) may be raised for one person, by name, by somebody whom it does not concern.
-- depends: 0010_closing 0014_local_day 0019_letters_prolonged 0020_spare_reliefs

CREATE TABLE yearly_cap_waivers (
    waiver_id     uuid PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    surge_id      text NOT NULL REFERENCES surges,
    person_id     uuid NOT NULL REFERENCES people,
    days          integer NOT NULL CHECK (days > 0),
    granted_by    uuid NOT NULL REFERENCES people,
    reason_code   text NOT NULL,
    granted_at    timestamptz NOT NULL
);
CREATE INDEX yearly_cap_waivers_of ON yearly_cap_waivers (government_id, person_id);

-- What everybody has served on postings that ended within the year, and by how many days the cap was raised in it. Of
-- two waivers that were granted in the same moment the longer one counts: no two add up.
CREATE FUNCTION served_in_a_year(government text, at timestamptz)
RETURNS TABLE (person_id uuid, duty integer, raised integer) LANGUAGE sql STABLE AS $$
    SELECT person_id, coalesce(sum(duty), 0)::int, coalesce(max(days), 0)::int
      FROM (SELECT e.person_id, e.duty, NULL::int AS days FROM experiences e
             WHERE e.last_day > local_day(government, at) - 365
             UNION ALL
            SELECT w.person_id, NULL, w.days FROM yearly_cap_waivers w
             WHERE w.government_id = government AND w.granted_at <= at
               AND local_day(government, w.granted_at) > local_day(government, at) - 365) AS told
     GROUP BY person_id $$;

INSERT INTO separations (kind, subject, proposer, verdict) VALUES ('WAIVE_YEARLY_CAP', true, true, true);

-- Nobody decides on their own proposal, in their own case, or twice in one case under two hats: neither by their own
-- hand nor for whom they act. A decision that was recorded before it became forbidden is not applied.
CREATE OR REPLACE FUNCTION keep_duties_apart() RETURNS trigger LANGUAGE plpgsql AS $$
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
    -- In the case of many the decision names whom it is about.
    IF apart.subject AND (NEW.case_id LIKE 'surge:%' AND NEW.details ->> 'person_id' = ANY (involved::text[]) OR EXISTS (
        SELECT FROM placements
         WHERE NEW.case_id = 'secondment:' || placement_id AND person_id = ANY (involved))) THEN
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
