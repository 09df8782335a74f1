-- name: add_subscriber^
-- Add somebody who is told of events, from the end of the log on or from its beginning; no row when it is there already.
INSERT INTO subscribers (subscriber_id, government_id, url, types, secret, state, since, cursor, added_by, added_at,
                         moved_at)
SELECT :subscriber_id::uuid, h.government_id, :url, :types::text[], :secret::bytea, 'ACTIVE', at.seq, at.seq,
       :added_by::uuid, :now::timestamptz, :now
  FROM log_heads h CROSS JOIN LATERAL (SELECT CASE WHEN :from_start THEN 0 ELSE h.seq END AS seq) AS at
 WHERE h.government_id = :government_id
ON CONFLICT (subscriber_id) DO NOTHING RETURNING since;

-- name: subscriber_rows
-- The subscribers of a government (or one of them), with the counts of their deliveries; the oldest first.
SELECT s.subscriber_id, s.url, s.types, s.state, s.since, s.cursor, s.old_until, s.added_by, s.added_at,
       -- Whom nothing is told any more waits for nothing.
       CASE WHEN s.state = 'REMOVED' THEN 0 ELSE greatest(h.seq - s.cursor, 0) END AS behind,
       (count(*) FILTER (WHERE d.state = 'WAITING' AND s.state <> 'REMOVED'))::int AS waiting,
       (count(*) FILTER (WHERE d.state = 'DELIVERED') + s.pruned_delivered)::int AS delivered,
       (count(*) FILTER (WHERE d.state = 'DEAD' AND s.state <> 'REMOVED'))::int AS dead,
       count(*) FILTER (WHERE d.state = 'SKIPPED')::int AS skipped
  FROM subscribers s JOIN log_heads h USING (government_id) LEFT JOIN deliveries d USING (subscriber_id)
 WHERE s.government_id = :government_id AND (:subscriber_id::uuid IS NULL OR s.subscriber_id = :subscriber_id)
 GROUP BY s.subscriber_id, h.seq ORDER BY s.state = 'REMOVED', s.added_at, s.subscriber_id;

-- name: subscriber_history
-- What was done to a subscriber and to its dead letters, oldest first.
SELECT seq, type, at, actor, authority, data FROM events
 WHERE government_id = :government_id AND case_id = :case_id ORDER BY seq LIMIT :most;

-- name: turn_subscriber^
-- Pause or resume; no row when it does not stand so.
UPDATE subscribers SET state = :to, moved_at = :now
 WHERE subscriber_id = :subscriber_id AND government_id = :government_id AND state = :was RETURNING url;

-- name: wake_lanes!
-- Let whatever rests after a failure be tried now; what is under way, or waits behind a dead letter, goes its way.
UPDATE delivery_lanes SET due_at = :now::timestamptz
 WHERE subscriber_id = :subscriber_id AND NOT stopped AND due_at > :now AND coalesce(leased_until <= :now, true);

-- name: remove_subscriber^
-- End it: address and secrets are erased, its deliveries stay; no row when it has ended.
UPDATE subscribers SET state = 'REMOVED', url = NULL, secret = NULL, old_secret = NULL, old_until = NULL,
                       moved_at = :now
 WHERE subscriber_id = :subscriber_id AND government_id = :government_id AND state <> 'REMOVED'
RETURNING subscriber_id;

-- name: rotate_secret^
-- A new secret signs; the one before signs too, until then. No row when it has ended.
UPDATE subscribers SET old_secret = CASE WHEN :old_until > :now::timestamptz THEN secret END,
                       old_until = CASE WHEN :old_until > :now THEN :old_until::timestamptz END, secret = :secret
 WHERE subscriber_id = :subscriber_id AND government_id = :government_id AND state <> 'REMOVED'
RETURNING old_until;

-- name: deliveries_of
-- Deliveries of a government, the newest first: of one subscriber, of one state.
SELECT d.subscriber_id, d.seq, e.type, e.case_id, d.lane, d.state, d.attempts, d.tried_at, d.outcome,
       CASE WHEN d.state = 'WAITING' AND d.attempts > 0 THEN l.due_at END AS next_at,
       CASE WHEN d.state = 'DEAD' THEN l.waiting END AS held_back
  FROM deliveries d JOIN events e USING (government_id, seq) JOIN delivery_lanes l USING (subscriber_id, lane)
  JOIN subscribers s USING (subscriber_id)
 WHERE d.government_id = :government_id AND s.state <> 'REMOVED'
   AND (:subscriber_id::uuid IS NULL OR d.subscriber_id = :subscriber_id)
   AND (:state::text IS NULL OR d.state = :state)
 ORDER BY d.seq DESC, d.subscriber_id LIMIT :most;

-- name: dead_letters
-- Hold the lanes of dead letters of a subscriber (or of one): what is sent again, or given up.
SELECT l.lane, d.seq FROM delivery_lanes l JOIN deliveries d USING (subscriber_id, lane)
  JOIN subscribers s USING (subscriber_id)
 WHERE s.subscriber_id = :subscriber_id AND s.government_id = :government_id AND s.state <> 'REMOVED'
   AND d.state = 'DEAD' AND (:seq::bigint IS NULL OR d.seq = :seq)
 ORDER BY l.lane FOR NO KEY UPDATE OF l;

-- name: revive_deliveries!
-- Let dead letters be tried anew, or give them up; a position in the order they get by being delivered.
UPDATE deliveries SET state = :to, attempts = CASE :to WHEN 'WAITING' THEN 0 ELSE attempts END
 WHERE subscriber_id = :subscriber_id AND seq = ANY(:seqs::bigint[]) AND state = 'DEAD';

-- name: unstop_lanes!
-- Let lanes go on where they stopped: with the letter itself, or with what stood behind it.
UPDATE delivery_lanes SET stopped = false, due_at = :now, waiting = waiting + CASE :to WHEN 'WAITING' THEN 1 ELSE 0 END
 WHERE subscriber_id = :subscriber_id AND lane = ANY(:lanes::text[]) AND stopped;
