-- name: draft_operation!
-- An operation that was asked for; its case writes everything after this.
INSERT INTO operations (operation_id, government_id, title, hazard, state, rule_pack, opened_at)
VALUES (:operation_id, :government_id, :title, :hazard, 'DRAFT', :rule_pack, :at);

-- name: draft_surge!
-- A surge that was asked for; its case writes everything after this.
INSERT INTO surges (surge_id, government_id, operation_id, title, state, rule_pack, funding, requested_by, requested_at)
VALUES (:surge_id, :government_id, :operation_id, :title, 'DRAFT', :rule_pack, :funding, :requested_by, :at);

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
