-- Batches and swaps: mutations that go together, and decrees that are several people's.
-- depends: 0028_case_papers 0029_finding_cases

CREATE TABLE mutation_groups (
    case_id       text PRIMARY KEY,                 -- batch:… or swap:…
    government_id text NOT NULL REFERENCES governments,
    kind          text NOT NULL CHECK (kind IN ('BATCH', 'SWAP')),
    rule_pack     text NOT NULL,
    command_id    uuid NOT NULL,
    state         text NOT NULL,
    revision      integer NOT NULL DEFAULT 0,
    life          jsonb,
    open          boolean NOT NULL DEFAULT true,
    formed_at     timestamptz NOT NULL,
    ended_at      timestamptz
);
CREATE INDEX mutation_groups_of ON mutation_groups (government_id, formed_at);

-- Who was put together; who still goes with the group says the mutation itself.
CREATE TABLE group_members (
    case_id     text NOT NULL REFERENCES mutation_groups,
    mutation_id text NOT NULL REFERENCES mutations,
    PRIMARY KEY (case_id, mutation_id)
);
CREATE INDEX groups_of_member ON group_members (mutation_id);

ALTER TABLE mutations ADD COLUMN group_case text REFERENCES mutation_groups;
CREATE INDEX mutations_by_group ON mutations (group_case) WHERE group_case IS NOT NULL;

-- Whose decree it is: one mutation's, or all of those that a group signs on one paper. A person has one in force.
CREATE TABLE decree_members (
    decree_id   uuid NOT NULL REFERENCES decrees,
    mutation_id text NOT NULL REFERENCES mutations,
    issued      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (decree_id, mutation_id)
);
INSERT INTO decree_members (decree_id, mutation_id, issued) SELECT decree_id, mutation_id, state = 'ISSUED' FROM decrees;
CREATE UNIQUE INDEX decree_issued_to ON decree_members (mutation_id) WHERE issued;

ALTER TABLE decrees ADD COLUMN case_id text, ADD COLUMN rule_pack text;
UPDATE decrees SET case_id = 'mutation:' || mutation_id,
       rule_pack = (SELECT m.rule_pack FROM mutations m WHERE m.mutation_id = decrees.mutation_id);
ALTER TABLE decrees ALTER COLUMN case_id SET NOT NULL, ALTER COLUMN rule_pack SET NOT NULL, DROP COLUMN mutation_id;

-- An extract is one person's.
ALTER TABLE decree_papers ADD COLUMN mutation_id text REFERENCES mutations;
UPDATE decree_papers p SET mutation_id = m.mutation_id FROM decree_members m
 WHERE m.decree_id = p.decree_id AND p.paper = 'EXTRACT';
ALTER TABLE decree_papers DROP CONSTRAINT decree_papers_pkey,
    ADD CHECK ((paper = 'EXTRACT') = (mutation_id IS NOT NULL));
CREATE UNIQUE INDEX decree_paper_once ON decree_papers (decree_id, paper, coalesce(mutation_id, ''));

-- A place that somebody of the same group leaves is free for another one of it.
CREATE OR REPLACE FUNCTION reserve_position() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE places integer;
BEGIN
    IF NOT NEW.reserves OR (TG_OP = 'UPDATE' AND OLD.reserves AND OLD.position_id = NEW.position_id) THEN
        RETURN NEW;
    END IF;
    SELECT need INTO places FROM position_map WHERE position_id = NEW.position_id FOR UPDATE;
    IF coalesce(places, 0) <= (SELECT count(*) FROM people p WHERE p.position_id = NEW.position_id AND p.active
              AND NOT EXISTS (SELECT FROM mutations o WHERE o.group_case = NEW.group_case AND o.open
                                 AND o.person_id = p.person_id AND o.from_position = NEW.position_id))
         + (SELECT count(*) FROM mutations WHERE position_id = NEW.position_id AND reserves
              AND mutation_id <> NEW.mutation_id) THEN
        RAISE EXCEPTION 'no free place of position %', NEW.position_id
            USING ERRCODE = 'SG003', CONSTRAINT = 'position_taken';
    END IF;
    RETURN NEW;
END $$;

INSERT INTO mutation_parts (kind, part, own_case) VALUES
    ('FORM_GROUP', '', false),
    ('DISSOLVE_GROUP', '', false);

-- Each decision with each mutation that it is about: of a group's, the signature is about those on the decree.
CREATE VIEW decisions_of_mutations AS
SELECT c.command_id, c.kind, c.state, c.capacity, c.actor_id, c.on_behalf_of, m.mutation_id
  FROM mutations m JOIN commands c ON c.case_id = 'mutation:' || m.mutation_id
 UNION ALL
SELECT c.command_id, c.kind, c.state, c.capacity, c.actor_id, c.on_behalf_of, of.mutation_id
  FROM decree_members of JOIN decrees d USING (decree_id) JOIN commands c ON c.command_id = d.command_id
 WHERE d.state <> 'VOID' AND d.case_id <> 'mutation:' || of.mutation_id;

-- As before for one mutation; what is decided for a group is decided for each member who still goes with it.
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
        IF ruling.part NOT IN ('', 'PROPOSER') AND matter.proposer_id = ANY (involved) THEN
            RAISE EXCEPTION 'nobody decides on their own proposal' USING ERRCODE = 'SG002', CONSTRAINT = 'own_proposal';
        END IF;
        IF ruling.part <> '' AND EXISTS (
            SELECT FROM decisions_of_mutations earlier JOIN mutation_parts played ON played.kind = earlier.kind
             WHERE earlier.mutation_id = matter.mutation_id AND earlier.state = 'APPLIED'
               AND earlier.command_id <> NEW.command_id
               AND played.part NOT IN ('', ruling.part) AND earlier.capacity <> 'SUBJECT'
               AND NOT (played.part IN ('RELEASING', 'RECEIVING') AND ruling.part IN ('RELEASING', 'RECEIVING')
                        AND matter.from_unit = (SELECT unit_id FROM positions WHERE position_id = matter.position_id))
               AND ARRAY[earlier.actor_id, earlier.on_behalf_of] && hands) THEN
            RAISE EXCEPTION 'nobody plays two parts in one case' USING ERRCODE = 'SG002', CONSTRAINT = 'two_parts';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
