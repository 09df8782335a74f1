-- The papers that a case makes of its own moves, what is handed over, and whom a mutation's tasks are about.
-- depends: 0027_decree_records

-- A move that stands owes its paper: the row is written with the move, the paper is made of what the registry knows.
CREATE TABLE case_papers (
    mutation_id text NOT NULL REFERENCES mutations,
    paper       text NOT NULL CHECK (paper IN ('MINUTES_PERSON', 'MINUTES_RELEASING', 'MINUTES_RECEIVING', 'HANDOVER',
                                               'DUTY_START')),
    revision    integer NOT NULL,                      -- of the move; who is heard anew has minutes anew
    command_id  uuid REFERENCES commands,              -- the decision that it is of; silence is nobody's
    position_id text NOT NULL REFERENCES positions,    -- where to, as the file named it then
    filed_at    timestamptz NOT NULL,
    outcome     text,
    ground      text,
    answer_by   timestamptz,
    salt        text NOT NULL,
    missing     text[] NOT NULL DEFAULT '{}',          -- parts that it lacked when it was last tried
    number      text,
    code        text UNIQUE,
    sha256      text,
    PRIMARY KEY (mutation_id, paper, revision),
    CHECK ((sha256 IS NULL) = (code IS NULL) AND (sha256 IS NULL) = (number IS NULL)),
    CHECK (sha256 IS NULL OR missing = '{}')
);

-- Papers name people; they lie apart from what is kept for ever.
CREATE TABLE case_paper_files (
    mutation_id text NOT NULL,
    paper       text NOT NULL,
    revision    integer NOT NULL,
    file        bytea NOT NULL,
    PRIMARY KEY (mutation_id, paper, revision),
    FOREIGN KEY (mutation_id, paper, revision) REFERENCES case_papers
);

-- What somebody hands over, and to whom, as the head of the unit lists it: until the record is made, the newest list counts.
CREATE TABLE handovers (
    mutation_id    text PRIMARY KEY REFERENCES mutations,
    taking_over_id uuid NOT NULL REFERENCES people,
    listed_by      uuid NOT NULL REFERENCES people,
    listed_at      timestamptz NOT NULL
);
CREATE TABLE handover_items (
    mutation_id text NOT NULL REFERENCES handovers,
    place       integer NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('WORK', 'DOCUMENT', 'ASSET', 'ACCOUNT', 'FUNDS')),
    what        text NOT NULL,
    condition   text NOT NULL,
    PRIMARY KEY (mutation_id, place)
);
