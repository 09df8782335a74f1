-- Who counsels before a decision plays a part of their own; what follows a decree is clerks' work.
-- depends: 0040_requests_and_plans

INSERT INTO mutation_parts (kind, part, own_case) VALUES
    ('COUNSEL_FOR_MUTATION', 'COUNSELLOR', false),
    ('COUNSEL_AGAINST_MUTATION', 'COUNSELLOR', false),
    ('OPEN_DISCIPLINE_CASE', '', false),
    ('EXCUSE_ABSENCE', '', false),
    ('RETRACT_ENTRY', '', false),
    ('NOTE_LAWSUIT', '', false);

-- As before; and whoever speaks for a side that has no head of its own may counsel all the same.
CREATE OR REPLACE FUNCTION keep_parts_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ruling   mutation_parts%ROWTYPE;
    matter   mutations%ROWTYPE;
    hands    uuid[] := array_remove(ARRAY[NEW.actor_id, NEW.on_behalf_of], NULL);
    involved uuid[];
BEGIN
    SELECT * INTO ruling FROM mutation_parts WHERE kind = NEW.kind;
    IF NOT FOUND OR NEW.state = 'REFUSED' OR NEW.capacity = 'SYSTEM' THEN
        RETURN NEW;
    END IF;
    involved := hands || ARRAY(SELECT written_by FROM mandates WHERE mandate_id = NEW.mandate_id);
    -- A proposal is recorded before its draft, and a group before its members are.
    FOR matter IN
        SELECT * FROM mutations WHERE NEW.case_id = 'mutation:' || mutation_id
         UNION ALL
        SELECT m.* FROM group_members of JOIN mutations m USING (mutation_id)
         WHERE of.case_id = NEW.case_id AND m.open AND (m.group_case = NEW.case_id OR NEW.kind = 'FORM_GROUP')
    LOOP
        IF matter.person_id = ANY (involved) AND NOT (ruling.own_case AND NEW.capacity = 'SUBJECT') THEN
            RAISE EXCEPTION 'nobody decides in their own case' USING ERRCODE = 'SG002', CONSTRAINT = 'own_case';
        END IF;
        IF (ruling.part NOT IN ('', 'PROPOSER') OR ruling.by_another) AND matter.proposer_id = ANY (involved) THEN
            RAISE EXCEPTION 'nobody decides on their own proposal' USING ERRCODE = 'SG002', CONSTRAINT = 'own_proposal';
        END IF;
        IF ruling.part <> '' AND EXISTS (
            SELECT FROM decisions_of_mutations earlier JOIN mutation_parts played ON played.kind = earlier.kind
             WHERE earlier.mutation_id = matter.mutation_id AND earlier.state = 'APPLIED'
               AND earlier.command_id <> NEW.command_id
               AND played.part NOT IN ('', ruling.part) AND earlier.capacity <> 'SUBJECT'
               AND NOT (played.part IN ('RELEASING', 'RECEIVING') AND ruling.part IN ('RELEASING', 'RECEIVING')
                        AND matter.from_unit = (SELECT unit_id FROM positions WHERE position_id = matter.position_id))
               AND NOT ('COUNSELLOR' IN (played.part, ruling.part)
                        AND (played.part IN ('RELEASING', 'RECEIVING') OR ruling.part IN ('RELEASING', 'RECEIVING')))
               AND ARRAY[earlier.actor_id, earlier.on_behalf_of] && hands) THEN
            RAISE EXCEPTION 'nobody plays two parts in one case' USING ERRCODE = 'SG002', CONSTRAINT = 'two_parts';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
