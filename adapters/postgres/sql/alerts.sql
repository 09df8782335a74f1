-- name: alerts_known
-- The warnings that a government has received, as they came.
SELECT sender, identifier, document, operation_id FROM alerts
 WHERE government_id = :government_id ORDER BY received_at, sender, identifier;

-- name: keep_alert^
-- Keep a warning; no row when it is kept already.
INSERT INTO alerts (government_id, sender, identifier, sent, status, msg_type, event, severity, area, operation_id,
                    received_at, document)
VALUES (:government_id, :sender, :identifier, :sent, :status, :msg_type, :event, :severity, :area, :operation_id,
        :received_at, :document)
ON CONFLICT DO NOTHING RETURNING identifier;

-- name: supersede_alerts!
-- Say of earlier warnings which one took their place.
UPDATE alerts SET superseded_by = :by
  FROM unnest(:senders::text[], :identifiers::text[]) AS earlier (sender, identifier)
 WHERE alerts.government_id = :government_id AND alerts.sender = earlier.sender
   AND alerts.identifier = earlier.identifier AND alerts.superseded_by IS NULL;

-- name: tie_alert^
-- Tie a warning to the operation that it opens; no row when another one has been opened for it.
UPDATE alerts SET operation_id = :operation_id
 WHERE government_id = :government_id AND sender = :sender AND identifier = :identifier
   AND (operation_id IS NULL OR operation_id = :operation_id)
RETURNING operation_id;

-- name: alert_operation$
-- The operation that a warning belongs to.
SELECT operation_id FROM alerts
 WHERE government_id = :government_id AND sender = :sender AND identifier = :identifier;

-- name: unit_points
-- Where a government's units lie, and which of them are kelurahan.
SELECT lat, lon, kind FROM units WHERE government_id = :government_id;
