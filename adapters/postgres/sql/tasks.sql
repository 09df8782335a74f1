-- name: tasks_page
-- A page of the open tasks that somebody may see, the most urgent first; `mine`: only what is asked of them.
SELECT * FROM tasks_told t
 WHERE t.government_id = :government_id AND t.closed_at IS NULL
   AND (coalesce(t.due_at, 'infinity'), t.task_id) > (:after_due::text::timestamptz, :after_id::uuid)
   AND (:kind::text IS NULL OR t.kind = :kind)
   AND (NOT :overdue OR t.due_at < :at::timestamptz)
   AND (starts_with(t.task_id::text, :id_part) OR right(t.task_id::text, length(:id_part)) = :id_part)
   AND (t.assignee_id = :person_id::uuid
        OR EXISTS (SELECT FROM unnest(:capacities::text[], :units::text[]) AS office (capacity, unit_id)
                    WHERE office.capacity = t.capacity AND (t.unit_id IS NULL OR office.unit_id = t.unit_id))
        -- What another government asks here is only theirs to see who are asked.
        OR (NOT :mine AND (:sees_all AND NOT EXISTS (SELECT FROM tasks o WHERE o.task_id = t.task_id AND o.of_government IS NOT NULL)
                           OR t.home_unit_id = ANY (:headed::text[]))))
 ORDER BY coalesce(t.due_at, 'infinity'), t.task_id LIMIT :most;

-- name: tasks_by_name
-- As `tasks_page` for somebody who holds no office: what is asked of them by name, found without looking at the rest.
SELECT * FROM tasks_told t
 WHERE t.assignee_id = :person_id AND t.government_id = :government_id AND t.closed_at IS NULL
   AND (coalesce(t.due_at, 'infinity'), t.task_id) > (:after_due::text::timestamptz, :after_id::uuid)
   AND (:kind::text IS NULL OR t.kind = :kind)
   AND (NOT :overdue OR t.due_at < :at::timestamptz)
   AND (starts_with(t.task_id::text, :id_part) OR right(t.task_id::text, length(:id_part)) = :id_part)
 ORDER BY coalesce(t.due_at, 'infinity'), t.task_id LIMIT :most;

-- name: task_by_id^
-- One task, open or closed, with what it is about.
SELECT told.*, of_government FROM tasks_told told JOIN tasks USING (task_id) WHERE task_id = :task_id;

-- name: tasks_closed
-- The closed tasks that somebody may see whose id begins or ends so, as `tasks_page` shows the open ones.
SELECT * FROM tasks_told t
 WHERE t.government_id = :government_id AND t.closed_at IS NOT NULL
   AND (starts_with(t.task_id::text, :id_part) OR right(t.task_id::text, length(:id_part)) = :id_part)
   AND (t.assignee_id = :person_id::uuid
        OR EXISTS (SELECT FROM unnest(:capacities::text[], :units::text[]) AS office (capacity, unit_id)
                    WHERE office.capacity = t.capacity AND (t.unit_id IS NULL OR office.unit_id = t.unit_id))
        OR :sees_all AND NOT EXISTS (SELECT FROM tasks o WHERE o.task_id = t.task_id AND o.of_government IS NOT NULL)
        OR t.home_unit_id = ANY (:headed::text[]))
 ORDER BY t.closed_at DESC, t.task_id LIMIT :most;

-- name: how_closed^
-- When a task was closed, and by the newest decision of its kinds that the case took while it was open, if by one.
SELECT t.closed_at, g.zone, c.kind, c.capacity
  FROM tasks t JOIN governments g ON g.government_id = coalesce(t.of_government, t.government_id)
  LEFT JOIN LATERAL (SELECT kind, capacity FROM commands
                      WHERE case_id = t.case_id AND kind = ANY (:kinds::text[]) AND state = 'APPLIED'
                        AND decided_at BETWEEN t.opened_at AND t.closed_at
                      ORDER BY position DESC LIMIT 1) AS c ON true
 WHERE t.task_id = :task_id;

-- name: tasks_open_in
-- The open tasks of a case.
SELECT task_id FROM tasks WHERE case_id = :case_id AND closed_at IS NULL ORDER BY task_id;

-- name: cases_of_group
-- The cases of a batch or a swap.
SELECT 'mutation:' || mutation_id AS case_id FROM group_members WHERE case_id = :case_id ORDER BY mutation_id;

-- name: lock_task^
-- A task as it stands; nobody claims it, and nobody decides what it asks, until this transaction ends.
SELECT closed_at, claimed_by FROM tasks WHERE task_id = :task_id FOR UPDATE;

-- name: claim_task!
-- Let somebody work on a task, or nobody.
UPDATE tasks SET claimed_by = :claimed_by, claimed_for = :claimed_for, claimed_at = :claimed_at
 WHERE task_id = :task_id;

-- name: claims_in_the_way
-- Who claimed what a decision would decide; these tasks stay as they are until this transaction ends. Where both sides of a
-- case are asked alike, what the head of the other unit, or an office of the other government, has claimed is theirs.
WITH mine AS (
    SELECT unit_id FROM appointments WHERE person_id = ANY (:hands::uuid[]) AND capacity = :capacity
     UNION ALL
    SELECT unit_id FROM mandates WHERE substitute_id = ANY (:hands::uuid[]) AND capacity = :capacity AND revoked_at IS NULL),
asked AS (
    SELECT task_id,
           coalesce(unit_id IN (SELECT unit_id FROM mine), true)
               AND government_id IN (SELECT government_id FROM people WHERE person_id = ANY (:hands::uuid[])) AS of_mine
      FROM tasks WHERE case_id = :case_id AND kind = ANY (:kinds::text[]) AND capacity = :capacity AND closed_at IS NULL)
SELECT claimed_by FROM tasks
 WHERE task_id IN (SELECT task_id FROM asked WHERE of_mine OR NOT EXISTS (SELECT FROM asked WHERE of_mine))
   AND closed_at IS NULL
   FOR SHARE;

-- name: being_decided$
-- Whether somebody else of an office has decided what a task asks, and the case has not answered yet.
SELECT EXISTS (SELECT FROM commands
                WHERE case_id = :case_id AND kind = ANY (:kinds::text[]) AND capacity = :capacity
                  AND state = 'RECORDED' AND actor_id <> :person_id);

-- name: write_comment^
-- Keep what somebody says to a task, once; no row when it is kept, or when there are too many.
INSERT INTO task_comments (comment_id, task_id, author_id, capacity, written_at, body)
SELECT :comment_id, :task_id, :author_id, :capacity, :at, :body
 WHERE (SELECT count(*) FROM task_comments WHERE task_id = :task_id) < :most
ON CONFLICT (comment_id) DO NOTHING RETURNING comment_id;

-- name: comments_of
-- What was said to a task, oldest first.
SELECT c.comment_id, c.author_id, i.name AS author, c.capacity, c.written_at, c.body AS text
  FROM task_comments c LEFT JOIN person_identities i ON i.person_id = c.author_id
 WHERE c.task_id = :task_id ORDER BY c.written_at, c.comment_id;

-- name: keep_evidence^
-- Keep a file with a task, once; no row when it is kept, or when there are too many.
INSERT INTO task_evidence (evidence_id, task_id, attached_by, capacity, attached_at, media, bytes, sha256, name, salt,
                           file)
SELECT :evidence_id, :task_id, :attached_by, :capacity, :at, :media, :bytes, :sha256, :name, :salt, :file
 WHERE (SELECT count(*) FROM task_evidence WHERE task_id = :task_id) < :most
ON CONFLICT (evidence_id) DO NOTHING RETURNING evidence_id;

-- name: evidence_of
-- What is attached to a task, oldest first; without the content.
SELECT e.evidence_id, e.attached_by, i.name AS attached_by_name, e.capacity, e.attached_at, e.media, e.bytes, e.sha256,
       e.name, e.salt, e.erased_at, e.erased_by, e.erased_for
  FROM task_evidence e LEFT JOIN person_identities i ON i.person_id = e.attached_by
 WHERE e.task_id = :task_id ORDER BY e.attached_at, e.evidence_id;

-- name: evidence_file^
-- The content of one file; empty when it has been erased.
SELECT name, media, file FROM task_evidence WHERE evidence_id = :evidence_id AND task_id = :task_id;

-- name: erase_evidence^
-- Erase the name, content and salt of a file; no row when they are gone.
UPDATE task_evidence
   SET name = NULL, salt = NULL, file = NULL, erased_at = :at, erased_by = :erased_by, erased_for = :erased_for
 WHERE evidence_id = :evidence_id AND file IS NOT NULL
RETURNING evidence_id;
