-- name: subscriber_behind^
-- Hold one subscriber who has not been handed all entries, unless another courier does so already.
SELECT s.subscriber_id, s.government_id, s.cursor, s.types, h.seq AS head
  FROM subscribers s JOIN log_heads h USING (government_id)
 WHERE s.state = 'ACTIVE' AND s.cursor < h.seq ORDER BY s.moved_at LIMIT 1 FOR UPDATE OF s SKIP LOCKED;

-- name: open_lanes!
-- Count what a stretch of the log brings to each lane; an idle one is due now.
INSERT INTO delivery_lanes (subscriber_id, lane, waiting, due_at)
SELECT :subscriber_id::uuid, coalesce(person_id::text, case_id), count(*), :now::timestamptz FROM events
 WHERE government_id = :government_id AND seq > :after AND seq <= :upto
   AND case_id NOT LIKE 'subscriber:%' AND type = ANY(coalesce(:types, ARRAY[type]))
   AND (:types::text[] IS NOT NULL OR type <> ALL(:sensitive::text[]))
 GROUP BY 2 ORDER BY 2
ON CONFLICT (subscriber_id, lane) DO UPDATE
   SET waiting = delivery_lanes.waiting + excluded.waiting,
       due_at = CASE WHEN delivery_lanes.waiting > 0 OR delivery_lanes.stopped
                     THEN delivery_lanes.due_at ELSE excluded.due_at END;

-- name: queue_deliveries!
-- Put a stretch of the log into a subscriber's deliveries.
INSERT INTO deliveries (subscriber_id, seq, government_id, lane)
SELECT :subscriber_id::uuid, seq, government_id, coalesce(person_id::text, case_id) FROM events
 WHERE government_id = :government_id AND seq > :after AND seq <= :upto
   AND case_id NOT LIKE 'subscriber:%' AND type = ANY(coalesce(:types, ARRAY[type]))
   AND (:types::text[] IS NOT NULL OR type <> ALL(:sensitive::text[]));

-- name: keep_place!
-- Remember up to where a subscriber has been handed the log.
UPDATE subscribers SET cursor = :upto, moved_at = :now WHERE subscriber_id = :subscriber_id;

-- name: subscribers_told
-- Everybody who is told now, with what signs.
SELECT subscriber_id, government_id, url, types, secret, old_secret, old_until, since
  FROM subscribers WHERE state = 'ACTIVE' ORDER BY subscriber_id;

-- name: lease_lanes
-- Take lanes that are due and that no courier holds, for each subscriber as many as there is room.
UPDATE delivery_lanes SET leased_until = :leased_until, lease_id = :lease_id
  FROM (SELECT due.subscriber_id, due.lane
          FROM unnest(:subscribers::uuid[], :rooms::int[]) AS told (subscriber_id, room)
         CROSS JOIN LATERAL (
                SELECT l.subscriber_id, l.lane FROM delivery_lanes l
                 WHERE l.subscriber_id = told.subscriber_id AND l.waiting > 0 AND NOT l.stopped
                   AND l.due_at <= :now AND (l.leased_until IS NULL OR l.leased_until < :now)
                 ORDER BY l.due_at, l.lane LIMIT told.room FOR NO KEY UPDATE SKIP LOCKED) AS due) AS taken
 WHERE delivery_lanes.subscriber_id = taken.subscriber_id AND delivery_lanes.lane = taken.lane
RETURNING delivery_lanes.subscriber_id, delivery_lanes.lane;

-- name: heads_of_lanes
-- The next event of each lane. A statement of its own: the one that took the lanes may not see what their last
-- holder has just written.
SELECT d.subscriber_id, d.lane, d.attempts, e.government_id, e.seq, e.type, e.at, e.case_id, e.person_id, e.actor,
       e.on_behalf_of, e.authority, e.basis, e.command_id, e.data, e.hash
  FROM unnest(:subscribers::uuid[], :lanes::text[]) AS held (subscriber_id, lane)
 CROSS JOIN LATERAL (
        SELECT * FROM deliveries d
         WHERE d.subscriber_id = held.subscriber_id AND d.lane = held.lane AND d.state IN ('WAITING', 'DEAD')
         ORDER BY d.seq LIMIT 1) AS d
  JOIN events e ON e.government_id = d.government_id AND e.seq = d.seq;

-- name: lanes_still_held
-- Hold the lanes whose lease is still the one that was taken, in one order.
SELECT l.subscriber_id, l.lane FROM delivery_lanes l
  JOIN unnest(:subscribers::uuid[], :lanes::text[], :leases::uuid[]) AS mine (subscriber_id, lane, lease_id)
    ON l.subscriber_id = mine.subscriber_id AND l.lane = mine.lane AND l.lease_id = mine.lease_id
 ORDER BY l.subscriber_id, l.lane FOR NO KEY UPDATE OF l;

-- name: answer_deliveries!
-- Write what became of deliveries.
UPDATE deliveries d
   SET state = told.state, attempts = d.attempts + 1, tried_at = :now, outcome = told.outcome,
       position = CASE told.state WHEN 'DELIVERED' THEN nextval('delivery_positions') END
  FROM unnest(:subscribers::uuid[], :seqs::bigint[], :states::text[], :outcomes::text[])
       AS told (subscriber_id, seq, state, outcome)
 WHERE d.subscriber_id = told.subscriber_id AND d.seq = told.seq AND d.state = 'WAITING';

-- name: free_lanes!
-- Give lanes back: due again at once, or after a rest; a dead letter stops its lane.
UPDATE delivery_lanes l
   SET waiting = l.waiting - CASE told.state WHEN 'WAITING' THEN 0 ELSE 1 END, stopped = told.state = 'DEAD',
       due_at = told.due_at, leased_until = NULL, lease_id = NULL
  FROM unnest(:subscribers::uuid[], :lanes::text[], :states::text[], :dues::timestamptz[])
       AS told (subscriber_id, lane, state, due_at)
 WHERE l.subscriber_id = told.subscriber_id AND l.lane = told.lane;

-- name: prunable^
-- Hold one subscriber whose oldest deliveries were settled before then, and up to which entry they all are: nothing
-- that waits or is dead lies below, so neither order nor what is still owed depends on them.
SELECT s.subscriber_id, s.government_id, old.upto
  FROM subscribers s CROSS JOIN LATERAL (
        SELECT max(d.seq) AS upto FROM (
            SELECT seq FROM deliveries d
             WHERE d.subscriber_id = s.subscriber_id
               AND d.seq < coalesce((SELECT min(kept.seq) FROM deliveries kept
                                      WHERE kept.subscriber_id = s.subscriber_id
                                        AND (kept.state IN ('WAITING', 'DEAD') OR kept.tried_at >= :before)),
                                    9223372036854775807)
             ORDER BY seq LIMIT :most) AS d) AS old
 WHERE old.upto IS NOT NULL ORDER BY s.subscriber_id LIMIT 1 FOR UPDATE OF s SKIP LOCKED;

-- name: prune_deliveries
-- Drop a subscriber's deliveries up to an entry.
DELETE FROM deliveries WHERE subscriber_id = :subscriber_id AND seq <= :upto
RETURNING seq, state, position, tried_at, outcome;

-- name: keep_pruned!
-- Remember up to where a subscriber's deliveries were dropped, and how many of them had been delivered.
UPDATE subscribers SET pruned = :upto, pruned_delivered = pruned_delivered + :delivered
 WHERE subscriber_id = :subscriber_id;

-- name: deliveries_late^
-- How many lanes have been due for longer than is an alarm, with nobody delivering to their subscriber (who is slow has
-- lanes that wait, and others that are held); and who has not been handed the log for as long.
SELECT (SELECT count(*)::int FROM delivery_lanes l JOIN subscribers s USING (subscriber_id)
         WHERE s.state = 'ACTIVE' AND l.waiting > 0 AND NOT l.stopped
           AND greatest(l.due_at, s.moved_at) < :before
           AND NOT EXISTS (SELECT FROM delivery_lanes held
                            WHERE held.subscriber_id = s.subscriber_id AND held.leased_until >= :before)) AS lanes,
       (SELECT count(*)::int FROM subscribers s JOIN log_heads h USING (government_id)
         JOIN events e ON e.government_id = s.government_id AND e.seq = s.cursor + 1
         WHERE s.state = 'ACTIVE' AND s.cursor < h.seq AND greatest(s.moved_at, e.at) < :before) AS subscribers;
