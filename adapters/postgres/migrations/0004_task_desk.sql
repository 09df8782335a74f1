-- Tasks as a resource: claimed by one, commented, with evidence.
-- depends: 0006_mandates

ALTER TABLE tasks
    ADD COLUMN escalation       integer NOT NULL DEFAULT 0,
    ADD COLUMN claimed_by       uuid REFERENCES people,
    ADD COLUMN claimed_for      uuid REFERENCES people,
    ADD COLUMN claimed_at       timestamptz,
    ADD CONSTRAINT claimed_at_once CHECK ((claimed_by IS NULL) = (claimed_at IS NULL)),
    ADD CONSTRAINT claimed_by_somebody CHECK (claimed_for IS NULL OR claimed_by IS NOT NULL),
    ADD CONSTRAINT only_offices_claim CHECK (claimed_by IS NULL OR assignee_id IS NULL);

-- Pages of open tasks, the most urgent first; what is due at no time comes last.
DROP INDEX tasks_open;
CREATE INDEX tasks_open ON tasks (government_id, (coalesce(due_at, 'infinity')), task_id) WHERE closed_at IS NULL;
CREATE INDEX tasks_assigned ON tasks (assignee_id) WHERE closed_at IS NULL;

-- What people say to a task; free text, so it lies apart from the log.
CREATE TABLE task_comments (
    comment_id uuid PRIMARY KEY,
    task_id    uuid NOT NULL REFERENCES tasks,
    author_id  uuid NOT NULL REFERENCES people,
    capacity   text NOT NULL,
    written_at timestamptz NOT NULL,
    body       text NOT NULL
);
CREATE INDEX task_comments_of ON task_comments (task_id, written_at);

-- Files. The log keeps the salted hash; name, content and salt can be erased, and then the hash tells nothing.
CREATE TABLE task_evidence (
    evidence_id uuid PRIMARY KEY,
    task_id     uuid NOT NULL REFERENCES tasks,
    attached_by uuid NOT NULL REFERENCES people,
    capacity    text NOT NULL,
    attached_at timestamptz NOT NULL,
    media       text NOT NULL,
    bytes       integer NOT NULL CHECK (bytes BETWEEN 1 AND 10000000),
    sha256      text NOT NULL,
    name        text,
    salt        text,
    file        bytea,
    erased_at   timestamptz,
    erased_by   uuid REFERENCES people,
    erased_for  text,
    CHECK (num_nulls(name, salt, file) IN (0, 3)),
    CHECK (num_nulls(erased_at, erased_by, erased_for) IN (0, 3)),
    CHECK ((file IS NULL) = (erased_at IS NOT NULL)),
    CHECK (erased_by <> attached_by)
);
CREATE INDEX task_evidence_of ON task_evidence (task_id, attached_at);
-- PDFs, pictures and packed sheets are compressed already.
ALTER TABLE task_evidence ALTER COLUMN file SET STORAGE EXTERNAL;

-- A task with what it is about, for those who may see it.
CREATE VIEW tasks_told AS
SELECT t.task_id, t.government_id, t.case_id, t.kind, t.assignee_id, t.capacity, t.unit_id, t.opened_at, t.due_at,
       t.closed_at, t.escalation, t.claimed_by, t.claimed_for, t.claimed_at, claimer.name AS claimed_by_name,
       p.unit_id AS home_unit_id, i.name AS person, u.name AS unit, line.role, line.site, p.report_at, p.due_back,
       coalesce(s.title, o.title) AS title,
       (SELECT count(*)::int FROM task_comments c WHERE c.task_id = t.task_id) AS comments,
       (SELECT count(*)::int FROM task_evidence e WHERE e.task_id = t.task_id) AS evidence
  FROM tasks t
  LEFT JOIN placements p
    ON p.placement_id = CASE WHEN t.case_id LIKE 'secondment:%' THEN split_part(t.case_id, ':', 2)::uuid END
  LEFT JOIN request_lines line ON line.line_id = p.line_id
  LEFT JOIN person_identities i ON i.person_id = p.person_id
  LEFT JOIN units u ON u.unit_id = p.unit_id
  LEFT JOIN surges s
    ON s.surge_id = CASE WHEN t.case_id LIKE 'surge:%' THEN split_part(t.case_id, ':', 2) ELSE p.surge_id END
  LEFT JOIN operations o ON o.operation_id = CASE WHEN t.case_id LIKE 'operation:%' THEN split_part(t.case_id, ':', 2) END
  LEFT JOIN person_identities claimer ON claimer.person_id = t.claimed_by;
