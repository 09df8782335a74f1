-- The cases: operations, surges and placements; the commands that move them; the log of what happened.
-- depends: 0001_registry

CREATE TABLE operations (
    operation_id  text PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    title         text NOT NULL,
    hazard        text NOT NULL,
    state         text NOT NULL,
    revision      integer NOT NULL DEFAULT 0,
    rule_pack     text NOT NULL,
    opened_at     timestamptz NOT NULL,
    ended_at      timestamptz
);

CREATE TABLE operation_statuses (
    operation_id text NOT NULL REFERENCES operations,
    number       integer NOT NULL,
    status       text NOT NULL CHECK (status IN ('ALERT', 'RESPONSE', 'TRANSITION')),
    level        text NOT NULL,
    area         text NOT NULL,
    decree       text NOT NULL,
    decree_date  date NOT NULL,
    period       tstzrange NOT NULL CHECK (NOT isempty(period) AND NOT upper_inf(period)),
    PRIMARY KEY (operation_id, number)
);

CREATE TABLE alerts (
    government_id text NOT NULL REFERENCES governments,
    sender        text NOT NULL,
    identifier    text NOT NULL,
    sent          timestamptz NOT NULL,
    status        text NOT NULL,
    msg_type      text NOT NULL,
    event         text NOT NULL,
    severity      text NOT NULL,
    area          text NOT NULL,
    operation_id  text REFERENCES operations,
    superseded_by text,
    received_at   timestamptz NOT NULL,
    document      bytea NOT NULL,
    PRIMARY KEY (government_id, sender, identifier)
);

CREATE TABLE surges (
    surge_id      text PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    operation_id  text NOT NULL REFERENCES operations,
    title         text NOT NULL,
    state         text NOT NULL,
    revision      integer NOT NULL DEFAULT 0,
    rule_pack     text NOT NULL,
    funding       text NOT NULL,
    requested_by  uuid REFERENCES people,
    approved_by   uuid REFERENCES people,
    plan_id       uuid,
    news          boolean NOT NULL DEFAULT false,  -- somebody moved since the surge last looked
    requested_at  timestamptz NOT NULL,
    closed_at     timestamptz
);

CREATE TABLE request_lines (
    line_id   text PRIMARY KEY,
    surge_id  text NOT NULL REFERENCES surges,
    wave      integer NOT NULL DEFAULT 1,
    role      text NOT NULL,
    quantity  integer NOT NULL CHECK (quantity > 0),
    priority  integer NOT NULL CHECK (priority BETWEEN 1 AND 5),
    site      text NOT NULL,
    lat       double precision NOT NULL,
    lon       double precision NOT NULL,
    report_at timestamptz NOT NULL,
    due_back  timestamptz NOT NULL CHECK (due_back > report_at),
    shortfall jsonb
);
CREATE INDEX request_lines_by_surge ON request_lines (surge_id);

CREATE TABLE plans (
    plan_id        uuid PRIMARY KEY,
    surge_id       text NOT NULL REFERENCES surges,
    made_at        timestamptz NOT NULL,
    problem_sha256 text NOT NULL,
    plan           jsonb NOT NULL
);

-- A named person lets a unit go below what it may lend; a placement that uses this says so.
CREATE TABLE redline_overrides (
    override_id   uuid PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    surge_id      text NOT NULL REFERENCES surges,
    unit_id       text NOT NULL,
    role          text NOT NULL,
    extra         integer NOT NULL CHECK (extra > 0),
    used          integer NOT NULL DEFAULT 0 CHECK (used >= 0),
    granted_by    uuid NOT NULL REFERENCES people,
    reason_code   text NOT NULL,
    note_id       uuid,
    granted_at    timestamptz NOT NULL,
    FOREIGN KEY (unit_id, role) REFERENCES unit_roles
);

CREATE TABLE orders (
    order_id          uuid PRIMARY KEY,
    government_id     text NOT NULL REFERENCES governments,
    surge_id          text NOT NULL REFERENCES surges,
    register          text NOT NULL,
    year              integer NOT NULL,
    sequence          integer NOT NULL CHECK (sequence > 0),
    number            text NOT NULL,
    state             text NOT NULL CHECK (state IN ('RESERVED', 'ISSUED', 'VOID')),
    void_reason       text,
    command_id        uuid NOT NULL UNIQUE,
    salt              text NOT NULL,
    signatory_id      uuid NOT NULL REFERENCES people,
    signed_at         timestamptz NOT NULL,
    facts_sha256      text,
    file_sha256       text,
    verification_code text UNIQUE,
    UNIQUE (government_id, register, year, sequence),
    CHECK ((state = 'VOID') = (void_reason IS NOT NULL)),
    CHECK (state <> 'ISSUED' OR (facts_sha256 IS NOT NULL AND file_sha256 IS NOT NULL AND verification_code IS NOT NULL))
);

-- The next number of a register; its row is locked only for the moment of the reservation.
CREATE TABLE registers (
    government_id text NOT NULL REFERENCES governments,
    register      text NOT NULL,
    year          integer NOT NULL,
    last          integer NOT NULL DEFAULT 0,
    PRIMARY KEY (government_id, register, year)
);

-- A placement is one person's secondment and, from nomination on, the hold on that person.
CREATE TABLE placements (
    placement_id  uuid PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    surge_id      text NOT NULL REFERENCES surges,
    line_id       text NOT NULL REFERENCES request_lines,
    person_id     uuid NOT NULL REFERENCES people,
    unit_id       text NOT NULL,
    role          text NOT NULL,
    plan_id       uuid NOT NULL REFERENCES plans,
    override_id   uuid REFERENCES redline_overrides,
    order_id      uuid REFERENCES orders,
    state         text NOT NULL,
    revision      integer NOT NULL,
    since         timestamptz NOT NULL,
    report_at     timestamptz NOT NULL,
    due_back      timestamptz NOT NULL,
    home_by       timestamptz,
    notices       integer NOT NULL DEFAULT 0,
    escalation    integer NOT NULL DEFAULT 0,
    held          boolean NOT NULL,
    offered_at    timestamptz NOT NULL,
    departed_at   timestamptz,
    checked_in_at timestamptz,
    returned_at   timestamptz,
    FOREIGN KEY (unit_id, role) REFERENCES unit_roles,
    CHECK (departed_at IS NULL OR returned_at IS NOT NULL OR held)
);
CREATE INDEX placements_by_surge ON placements (surge_id, state);
CREATE INDEX placements_held ON placements (government_id) WHERE held;

-- No person in two overlapping placements.
ALTER TABLE placements ADD CONSTRAINT one_placement_at_a_time
    EXCLUDE USING gist (person_id WITH =, tstzrange(report_at, due_back) WITH &&) WHERE (held);
-- Nobody departs who has not yet come home, however long the other placement is overdue.
CREATE UNIQUE INDEX one_departure_at_a_time ON placements (person_id)
    WHERE departed_at IS NOT NULL AND returned_at IS NULL;

-- A hold takes one lendable person of the unit and role, or one of an override; never below.
-- The UPDATE locks the row, so a second transaction waits and then sees the first one's count.
CREATE FUNCTION take_or_give_back_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was boolean := TG_OP = 'UPDATE' AND OLD.held;
BEGIN
    IF NEW.held AND NOT was THEN
        IF NEW.override_id IS NULL THEN
            UPDATE unit_roles SET lent = lent + 1
             WHERE unit_id = NEW.unit_id AND role = NEW.role AND lent < lendable;
        ELSE
            UPDATE redline_overrides SET used = used + 1
             WHERE override_id = NEW.override_id AND unit_id = NEW.unit_id AND role = NEW.role
               AND surge_id = NEW.surge_id AND used < extra;
        END IF;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'unit % may lend no more %', NEW.unit_id, NEW.role
                USING ERRCODE = 'SG001', CONSTRAINT = 'redline';
        END IF;
    ELSIF was AND NOT NEW.held THEN
        IF OLD.override_id IS NULL THEN
            UPDATE unit_roles SET lent = lent - 1 WHERE unit_id = OLD.unit_id AND role = OLD.role;
        ELSE
            UPDATE redline_overrides SET used = used - 1 WHERE override_id = OLD.override_id;
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER placement_hold BEFORE INSERT OR UPDATE OF held ON placements
    FOR EACH ROW EXECUTE FUNCTION take_or_give_back_hold();

-- A decision of a person, as authenticated by us: written before anything else happens.
CREATE TABLE commands (
    command_id      uuid PRIMARY KEY,
    position        bigint GENERATED ALWAYS AS IDENTITY,
    government_id   text NOT NULL REFERENCES governments,
    case_id         text NOT NULL,
    kind            text NOT NULL,
    actor_id        uuid NOT NULL REFERENCES people,
    on_behalf_of    uuid REFERENCES people,
    capacity        text NOT NULL,
    decided_at      timestamptz NOT NULL,
    choice          text,
    details         jsonb NOT NULL DEFAULT '{}',
    note_id         uuid,
    idempotency_key text NOT NULL,
    request_sha256  text NOT NULL,
    state           text NOT NULL DEFAULT 'RECORDED' CHECK (state IN ('RECORDED', 'APPLIED', 'REFUSED')),
    refusal         text,
    answered_at     timestamptz,
    leased_until    timestamptz,
    attempts        integer NOT NULL DEFAULT 0,
    UNIQUE (government_id, actor_id, idempotency_key),
    CHECK ((state = 'REFUSED') = (refusal IS NOT NULL))
);
CREATE INDEX commands_open ON commands (case_id, position) WHERE state = 'RECORDED';

-- Free text of people, apart, so that it can be erased.
CREATE TABLE notes (
    note_id   uuid PRIMARY KEY,
    author_id uuid NOT NULL REFERENCES people,
    body      text NOT NULL
);

-- What has been written once is not written twice: the key is a command's id or case#revision.
CREATE TABLE effects (
    effect_key text PRIMARY KEY,
    command_id uuid UNIQUE REFERENCES commands,
    outcome    jsonb NOT NULL
);

CREATE TABLE tasks (
    task_id       uuid PRIMARY KEY DEFAULT uuidv7(),
    government_id text NOT NULL REFERENCES governments,
    case_id       text NOT NULL,
    kind          text NOT NULL,
    assignee_id   uuid REFERENCES people,
    capacity      text,
    unit_id       text REFERENCES units,
    opened_at     timestamptz NOT NULL,
    due_at        timestamptz,
    closed_at     timestamptz,
    command_id    uuid REFERENCES commands,
    CHECK (assignee_id IS NOT NULL OR capacity IS NOT NULL)
);
CREATE INDEX tasks_open ON tasks (government_id, due_at) WHERE closed_at IS NULL;
CREATE INDEX tasks_by_case ON tasks (case_id) WHERE closed_at IS NULL;

-- The log. One row a fact, numbered without gaps per government in order of commit (the head row is
-- locked while a transaction appends), each chained to the one before. Every board is a projection of it.
CREATE TABLE log_heads (
    government_id text PRIMARY KEY REFERENCES governments,
    seq           bigint NOT NULL DEFAULT 0,
    hash          bytea NOT NULL
);
CREATE TABLE events (
    government_id text NOT NULL REFERENCES governments,
    seq           bigint NOT NULL,
    type          text NOT NULL,
    at            timestamptz NOT NULL,
    case_id       text NOT NULL,
    person_id     uuid,
    actor         text NOT NULL,
    on_behalf_of  text,
    authority     text NOT NULL,
    basis         text NOT NULL,
    command_id    uuid,
    data          jsonb NOT NULL,
    hash          bytea NOT NULL,
    PRIMARY KEY (government_id, seq)
);
CREATE INDEX events_by_case ON events (case_id, seq);

-- What must still be told to somebody: a notice leaves the outbox when it was delivered.
CREATE TABLE outbox (
    notice_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    government_id text NOT NULL,
    seq           bigint NOT NULL,
    person_id     uuid,
    delivered_at  timestamptz,
    FOREIGN KEY (government_id, seq) REFERENCES events
);
CREATE INDEX outbox_waiting ON outbox (notice_id) WHERE delivered_at IS NULL;

-- Documents name people; they lie apart from what is kept for ever.
CREATE TABLE documents (
    order_id     uuid NOT NULL REFERENCES orders,
    placement_id uuid REFERENCES placements,
    sha256       text NOT NULL,
    file         bytea NOT NULL,
    UNIQUE NULLS NOT DISTINCT (order_id, placement_id)
);
