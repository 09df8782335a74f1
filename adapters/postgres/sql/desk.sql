-- name: case_began$
-- When a case began; people may have gone by word of mouth before it was recorded.
SELECT CASE :kind::text
       WHEN 'secondment' THEN (SELECT least(s.oral_at, p.offered_at) FROM placements p JOIN surges s USING (surge_id)
                                WHERE p.placement_id::text = :key)
       WHEN 'surge' THEN (SELECT least(oral_at, requested_at) FROM surges WHERE surge_id = :key)
       WHEN 'mutation' THEN (SELECT proposed_at FROM mutations WHERE mutation_id = :key)
       WHEN 'batch' THEN (SELECT formed_at FROM mutation_groups WHERE case_id = 'batch:' || :key)
       WHEN 'swap' THEN (SELECT formed_at FROM mutation_groups WHERE case_id = 'swap:' || :key)
       ELSE (SELECT opened_at FROM operations WHERE operation_id = :key) END;

-- name: draft_operation!
-- An operation that was asked for; its case writes everything after this.
INSERT INTO operations (operation_id, government_id, title, hazard, state, rule_pack, opened_at)
VALUES (:operation_id, :government_id, :title, :hazard, 'DRAFT', :rule_pack, :at);

-- name: draft_surge!
-- A surge that was asked for; its case writes everything after this.
INSERT INTO surges (surge_id, government_id, operation_id, title, state, rule_pack, funding, requested_by, requested_at)
VALUES (:surge_id, :government_id, :operation_id, :title, 'DRAFT', :rule_pack, :funding, :requested_by, :at);

-- name: draft_service_surge!
-- A surge without a disaster that was asked for by a letter; its case writes everything after this.
INSERT INTO surges (surge_id, government_id, title, state, rule_pack, funding, requested_by, requested_at, kind,
                    letter_number, letter_date, letter_office, letter_until, unit_id)
VALUES (:surge_id, :government_id, :title, 'DRAFT', :rule_pack, :funding, :requested_by, :at, 'service_demand',
        :letter_number, :letter_date, :letter_office, :letter_until, :unit_id);

-- name: note_oral_order!
-- Who ordered by word of mouth, as whoever asks for people heard it.
UPDATE surges SET oral_by = :oral_by, oral_capacity = :oral_capacity, oral_at = :oral_at WHERE surge_id = :surge_id;

-- name: keep_revision!
-- Keep a request as it is to be changed.
INSERT INTO surge_revisions (command_id, surge_id, request) VALUES (:command_id, :surge_id, :request);

-- name: revision_of^
-- A request as a command would change it.
SELECT surge_id, request FROM surge_revisions WHERE command_id = :command_id;

-- name: drop_lines!
-- Take back the lines of a request that is replaced: nobody has been asked for any of them.
DELETE FROM request_lines WHERE surge_id = :surge_id;

-- name: change_surge!
-- Put a changed request in force.
UPDATE surges SET title = :title, funding = :funding, letter_number = :letter_number, letter_date = :letter_date,
       letter_office = :letter_office, letter_until = :letter_until, unit_id = :unit_id
 WHERE surge_id = :surge_id;

-- name: draft_lines!
-- The lines of a surge that was asked for.
INSERT INTO request_lines (line_id, surge_id, wave, role, quantity, priority, site, lat, lon, report_at, due_back,
                           substitutes, max_km, shift_on, shift_off, mode, team, needed_until, conditions)
SELECT line.line_id, :surge_id::text, line.wave, line.role, line.quantity, line.priority, line.site, line.lat,
       line.lon, line.report_at, line.due_back, line.substitutes, line.max_km, (line.shift ->> 'on')::smallint,
       (line.shift ->> 'off')::smallint, line.mode, line.team, line.needed_until, coalesce(line.conditions, '{}')
  FROM jsonb_to_recordset(:lines::jsonb)
       AS line (line_id text, wave int, role text, quantity int, priority int, site text, lat float8, lon float8,
                report_at timestamptz, due_back timestamptz, substitutes jsonb, max_km int, shift jsonb, mode text,
                team text, needed_until timestamptz, conditions jsonb);

-- name: open_teams
-- The teams of a government that still ask, or may ask again, for people.
SELECT DISTINCT surge_id, team FROM request_lines JOIN surges USING (surge_id)
 WHERE government_id = :government_id AND team <> '' AND due_back > :at::timestamptz
   AND request_lines.closed_at IS NULL AND state NOT IN ('REJECTED', 'STOOD_DOWN', 'CLOSED');

-- name: operation_by_id^
-- One operation.
SELECT * FROM operations WHERE operation_id = :operation_id;

-- name: next_line_number$
-- The number of the next line of a surge; its row is locked until the line is drafted.
WITH surge AS (SELECT surge_id FROM surges WHERE surge_id = :surge_id FOR UPDATE)
SELECT 1 + max(split_part(line_id, '/', 2)::int) FROM surge
  JOIN (SELECT surge_id, line_id FROM request_lines UNION ALL SELECT surge_id, line_id FROM line_drafts) AS known
 USING (surge_id);

-- name: draft_line!
-- A line that was asked for while its surge runs.
INSERT INTO line_drafts (line_id, surge_id, command_id, line) VALUES (:line_id, :surge_id, :command_id, :line);

-- name: keep_people!
-- Whom the plan that a command asks for must keep.
INSERT INTO plan_keeps (command_id, person_id, line_id)
SELECT :command_id::uuid, * FROM unnest(:person_ids::uuid[], :line_ids::text[]);
