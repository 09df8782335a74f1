-- Mutations: one case a person, from the proposal to the decree in force; the decrees, and what was asked before them.
-- depends: 0022_yearly_cap 0025_dossiers

CREATE TABLE mutations (
    mutation_id   text PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    person_id     uuid NOT NULL REFERENCES people,
    proposer_id   uuid NOT NULL REFERENCES people,
    initiative    text NOT NULL CHECK (initiative IN ('ORGANISATION', 'OWN_REQUEST')),
    from_unit     text NOT NULL REFERENCES units,
    from_position text NOT NULL REFERENCES positions,
    position_id   text NOT NULL REFERENCES positions,  -- where to; a file that is mended may name another one
    documents     text[] NOT NULL DEFAULT '{}',
    by_secretary  text[] NOT NULL DEFAULT '{}',        -- the sides for which the Sekda speaks
    reverses      text REFERENCES mutations,
    rule_pack     text NOT NULL,
    command_id    uuid NOT NULL,
    state         text NOT NULL,
    revision      integer NOT NULL DEFAULT 0,
    life          jsonb,
    open          boolean NOT NULL DEFAULT true,
    reserves      boolean NOT NULL DEFAULT false,
    proposed_at   timestamptz NOT NULL,
    since         timestamptz NOT NULL,
    ended_at      timestamptz,
    CHECK (open OR NOT reserves),
    CHECK (position_id <> from_position)
);
CREATE INDEX mutations_of ON mutations (government_id, state);
CREATE INDEX mutations_by_position ON mutations (position_id) WHERE reserves;
-- Nobody is proposed twice at a time; a case that only waits for the end of its objections holds up no other one.
CREATE UNIQUE INDEX one_mutation_at_a_time ON mutations (person_id)
    WHERE open AND state NOT IN ('EFFECTIVE', 'REPORTED');

-- A decision reserves a place of the position map; never one that somebody fills or that another case has reserved.
-- The row of the map is locked, so a second case waits and then sees the first one's reservation.
CREATE FUNCTION reserve_position() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE places integer;
BEGIN
    IF NOT NEW.reserves OR (TG_OP = 'UPDATE' AND OLD.reserves AND OLD.position_id = NEW.position_id) THEN
        RETURN NEW;
    END IF;
    SELECT need INTO places FROM position_map WHERE position_id = NEW.position_id FOR UPDATE;
    IF coalesce(places, 0) <= (SELECT count(*) FROM people WHERE position_id = NEW.position_id AND active)
         + (SELECT count(*) FROM mutations WHERE position_id = NEW.position_id AND reserves
              AND mutation_id <> NEW.mutation_id) THEN
        RAISE EXCEPTION 'no free place of position %', NEW.position_id
            USING ERRCODE = 'SG003', CONSTRAINT = 'position_taken';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reservation BEFORE INSERT OR UPDATE OF reserves, position_id ON mutations
    FOR EACH ROW EXECUTE FUNCTION reserve_position();

-- What the rules said of a case, with the dossier that they were asked about: the same question has the same answer later.
CREATE TABLE mutation_screenings (
    mutation_id    text NOT NULL REFERENCES mutations,
    screened_at    timestamptz NOT NULL,
    rule_pack      text NOT NULL,
    dossier_sha256 text NOT NULL,
    dossier        text NOT NULL,
    outcome        text NOT NULL,
    command_id     uuid NOT NULL,
    PRIMARY KEY (mutation_id, command_id)
);

CREATE TABLE mutation_overrides (
    mutation_id text NOT NULL REFERENCES mutations,
    rule        text NOT NULL,
    ground      text NOT NULL,
    command_id  uuid PRIMARY KEY REFERENCES commands,
    person_id   uuid NOT NULL REFERENCES people,
    capacity    text NOT NULL,
    tenure      text NOT NULL,
    principal_id uuid REFERENCES people,
    granted_at  timestamptz NOT NULL
);

CREATE TABLE decrees (
    decree_id         uuid PRIMARY KEY,
    government_id     text NOT NULL REFERENCES governments,
    mutation_id       text NOT NULL REFERENCES mutations,
    register          text NOT NULL,
    year              integer NOT NULL,
    sequence          integer NOT NULL CHECK (sequence > 0),
    number            text NOT NULL,
    state             text NOT NULL CHECK (state IN ('RESERVED', 'ISSUED', 'VOID')),
    void_reason       text,
    command_id        uuid NOT NULL,
    salt              text NOT NULL,
    signatory_id      uuid NOT NULL REFERENCES people,
    signed_at         timestamptz NOT NULL,
    effective_at      timestamptz NOT NULL,
    facts_sha256      text,
    file_sha256       text,
    verification_code text UNIQUE,
    UNIQUE (government_id, register, year, sequence),
    CHECK ((state = 'VOID') = (void_reason IS NOT NULL)),
    CHECK (state <> 'ISSUED' OR (facts_sha256 IS NOT NULL AND file_sha256 IS NOT NULL AND verification_code IS NOT NULL))
);
CREATE UNIQUE INDEX decree_of_a_decision ON decrees (command_id) WHERE state <> 'VOID';
CREATE UNIQUE INDEX decree_in_force_of ON decrees (mutation_id) WHERE state = 'ISSUED';

-- Papers name people; they lie apart from what is kept for ever. The whole decree, and the extract that is served.
CREATE TABLE decree_papers (
    decree_id uuid NOT NULL REFERENCES decrees,
    paper     text NOT NULL CHECK (paper IN ('DECREE', 'EXTRACT')),
    sha256    text NOT NULL,
    file      bytea NOT NULL,
    PRIMARY KEY (decree_id, paper)
);

-- Which part of a mutation somebody plays by which kind of decision; '' is clerks' work, which is still never one's own case.
CREATE TABLE mutation_parts (
    kind     text PRIMARY KEY,
    part     text NOT NULL,
    own_case boolean NOT NULL  -- whether the person themself may
);
INSERT INTO mutation_parts (kind, part, own_case) VALUES
    ('PROPOSE_MUTATION', 'PROPOSER', true),
    ('RECEIVE_MUTATION', '', false),
    ('RETURN_MUTATION', 'SCREENER', false),
    ('RESUBMIT_MUTATION', 'PROPOSER', true),
    ('OVERRIDE_MUTATION_RULE', 'APPROVER', false),
    ('FIND_INELIGIBLE', 'SCREENER', false),
    ('PASS_SCREENING', 'SCREENER', false),
    ('WITHDRAW_MUTATION', '', true),
    ('HEAR_PERSON', '', true),
    ('HEAR_RELEASING_HEAD', 'RELEASING', false),
    ('HEAR_RECEIVING_HEAD', 'RECEIVING', false),
    ('RECOMMEND_MUTATION', 'ASSESSOR', false),
    ('ADVISE_AGAINST_MUTATION', 'ASSESSOR', false),
    ('GRANT_CLEARANCE', '', false),
    ('REFUSE_CLEARANCE', '', false),
    ('HOLD_CLEARANCE', '', false),
    ('COMPLETE_CLEARANCE_FILE', '', false),
    ('APPROVE_MUTATION', 'APPROVER', false),
    ('REJECT_MUTATION', 'APPROVER', false),
    ('SEND_BACK_MUTATION', 'APPROVER', false),
    ('PREPARE_DECREE', '', false),
    ('INITIAL_DECREE', '', false),
    ('RETURN_DECREE', '', false),
    ('SIGN_DECREE', 'SIGNER', false),
    ('SERVE_DECREE', '', false),
    ('BEGIN_HANDOVER', '', false),
    ('FILE_INAUGURATION', '', false),
    ('FILE_HANDOVER_RECORD', '', false),
    ('FILE_DUTY_START', '', false),
    ('REPORT_DUTY_NOT_STARTED', '', false),
    ('REPORT_MUTATION', '', false),
    ('CANCEL_MUTATION', 'APPROVER', false),
    ('LET_DECREE_STAND', 'APPROVER', false),
    ('ISSUE_ERRATUM', 'SIGNER', false),
    ('FILE_OBJECTION', '', true),
    ('WITHDRAW_OBJECTION', '', true),
    ('REVIEW_OBJECTION', '', false),
    ('UPHOLD_DECREE', 'APPROVER', false),
    ('CORRECT_DECREE', 'APPROVER', false),
    ('REVOKE_DECREE', 'APPROVER', false),
    ('SUSPEND_DECREE', 'APPROVER', false),
    ('LIFT_SUSPENSION', 'APPROVER', false),
    ('REPORT_SUBJECT_DEATH', '', false),
    ('REPORT_RETIREMENT', '', false),
    ('REPORT_FINDING', '', false),
    ('REPORT_POSITION_LOST', '', false),
    ('REPORT_FREEZE', '', false),
    ('REPORT_FREEZE_OVER', '', false),
    ('REPORT_BLOCK', '', false),
    ('REPORT_BLOCK_LIFTED', '', false),
    ('LEAVE_BATCH', '', false);

-- Nobody decides in their own case but what is theirs, on their own proposal, or in two parts of one case: neither by
-- their own hand nor for whom they act. A decision that was recorded before it became forbidden is not applied.
CREATE FUNCTION keep_parts_apart() RETURNS trigger LANGUAGE plpgsql AS $$
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
    SELECT * INTO matter FROM mutations WHERE NEW.case_id = 'mutation:' || mutation_id;
    IF NOT FOUND THEN  -- the proposal is recorded before its draft
        RETURN NEW;
    END IF;
    involved := hands || ARRAY(SELECT written_by FROM mandates WHERE mandate_id = NEW.mandate_id);
    IF matter.person_id = ANY (involved) AND NOT (ruling.own_case AND NEW.capacity = 'SUBJECT') THEN
        RAISE EXCEPTION 'nobody decides in their own case' USING ERRCODE = 'SG002', CONSTRAINT = 'own_case';
    END IF;
    IF ruling.part NOT IN ('', 'PROPOSER') AND matter.proposer_id = ANY (involved) THEN
        RAISE EXCEPTION 'nobody decides on their own proposal' USING ERRCODE = 'SG002', CONSTRAINT = 'own_proposal';
    END IF;
    IF ruling.part <> '' AND EXISTS (
        SELECT FROM commands earlier JOIN mutation_parts played ON played.kind = earlier.kind
         WHERE earlier.case_id = NEW.case_id AND earlier.state = 'APPLIED' AND earlier.command_id <> NEW.command_id
           AND played.part NOT IN ('', ruling.part) AND earlier.capacity <> 'SUBJECT'
           AND NOT (played.part IN ('RELEASING', 'RECEIVING') AND ruling.part IN ('RELEASING', 'RECEIVING')
                    AND matter.from_unit = (SELECT unit_id FROM positions WHERE position_id = matter.position_id))
           AND ARRAY[earlier.actor_id, earlier.on_behalf_of] && hands) THEN
        RAISE EXCEPTION 'nobody plays two parts in one case' USING ERRCODE = 'SG002', CONSTRAINT = 'two_parts';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parts_apart BEFORE INSERT OR UPDATE OF state, actor_id, on_behalf_of, capacity, kind, case_id ON commands
    FOR EACH ROW EXECUTE FUNCTION keep_parts_apart();
