-- name: open_tasks_of
-- The open tasks of a government, most urgent first.
SELECT task_id, case_id, kind, assignee_id, capacity, unit_id, opened_at, due_at
  FROM tasks WHERE government_id = :government_id AND closed_at IS NULL ORDER BY due_at NULLS LAST, task_id;

-- name: officers
-- Who holds which office on a day.
SELECT person_id, capacity, unit_id FROM appointments
 WHERE government_id = :government_id AND valid @> :day::date ORDER BY capacity, unit_id, person_id;

-- name: surges_of_operation
-- The surges of an operation.
SELECT surge_id, title, state, plan_id FROM surges WHERE operation_id = :operation_id ORDER BY requested_at;
