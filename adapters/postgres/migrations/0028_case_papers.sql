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

-- As before; a task of a mutation tells whom it is about, from which unit to which position, and what the registry has
-- against its effect. Who may not see the mutation is not told: the columns after `evidence` say who may.
CREATE OR REPLACE VIEW tasks_told AS
SELECT t.task_id, t.government_id, t.case_id, t.kind, t.assignee_id, t.capacity, t.unit_id, t.opened_at, t.due_at,
       t.closed_at, t.escalation, t.claimed_by, t.claimed_for, t.claimed_at, claimer.name AS claimed_by_name,
       coalesce(p.unit_id, thin.unit_id) AS home_unit_id, i.name AS person, u.name AS unit,
       coalesce(line.role, thin.role) AS role, line.site, p.report_at, p.due_back,
       coalesce(s.title, o.title, post.name || ', ' || joined.name) AS title,
       (SELECT count(*)::int FROM task_comments c WHERE c.task_id = t.task_id) AS comments,
       (SELECT count(*)::int FROM task_evidence e WHERE e.task_id = t.task_id) AS evidence,
       m.person_id AS moved_id, m.proposer_id, m.from_unit, post.unit_id AS to_unit,
       CASE WHEN t.kind = 'SETTLE_EFFECT' THEN m.life ->> 'held_up' END AS reason
  FROM tasks t
  LEFT JOIN placements p
    ON p.placement_id = CASE WHEN t.case_id LIKE 'secondment:%' THEN split_part(t.case_id, ':', 2)::uuid END
  LEFT JOIN thin_units thin
    ON thin.episode_id = CASE WHEN t.case_id LIKE 'thin:%' THEN split_part(t.case_id, ':', 2)::uuid END
  LEFT JOIN mutations m ON m.mutation_id = CASE WHEN t.case_id LIKE 'mutation:%' THEN split_part(t.case_id, ':', 2) END
  LEFT JOIN positions post ON post.position_id = m.position_id
  LEFT JOIN units joined ON joined.unit_id = post.unit_id
  LEFT JOIN request_lines line ON line.line_id = p.line_id
  LEFT JOIN person_identities i ON i.person_id = coalesce(p.person_id, m.person_id)
  LEFT JOIN units u ON u.unit_id = coalesce(p.unit_id, thin.unit_id, m.from_unit)
  LEFT JOIN surges s
    ON s.surge_id = CASE WHEN t.case_id LIKE 'surge:%' THEN split_part(t.case_id, ':', 2) ELSE p.surge_id END
  LEFT JOIN operations o ON o.operation_id = CASE WHEN t.case_id LIKE 'operation:%' THEN split_part(t.case_id, ':', 2) END
  LEFT JOIN person_identities claimer ON claimer.person_id = t.claimed_by;
