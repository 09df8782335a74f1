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
INSERT INTO request_lines (line_id, surge_id, wave, role, quantity, priority, site, lat, lon, report_at, due_back)
SELECT line.line_id, :surge_id::text, line.wave, line.role, line.quantity, line.priority, line.site, line.lat,
       line.lon, line.report_at, line.due_back
  FROM unnest(:line_ids::text[], :waves::int[], :roles::text[], :quantities::int[], :priorities::int[], :sites::text[],
              :lats::float8[], :lons::float8[], :report_ats::timestamptz[], :due_backs::timestamptz[])
       AS line (line_id, wave, role, quantity, priority, site, lat, lon, report_at, due_back);

-- name: operation_by_id^
-- One operation.
SELECT * FROM operations WHERE operation_id = :operation_id;
