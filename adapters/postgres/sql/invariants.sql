-- name: invariant_overlaps^
-- I1: nobody was held for two placements whose periods overlap, nor left for one while still out for another.
WITH mine AS (
    -- A hold lasts from the offer until it ended; `since` is when the last state was entered.
    SELECT placement_id, person_id, offered_at, CASE WHEN held THEN 'infinity'::timestamptz ELSE since END AS let_go,
           report_at, due_back, departed_at,
           CASE WHEN out THEN 'infinity' ELSE coalesce(returned_at, since) END AS back_at
      FROM placements WHERE government_id = :government_id),
bad AS (
    SELECT a.placement_id || ' / ' || b.placement_id AS id
      FROM mine a JOIN mine b ON b.person_id = a.person_id AND b.placement_id > a.placement_id
     WHERE (a.offered_at < b.let_go AND b.offered_at < a.let_go
            AND a.report_at < b.due_back AND b.report_at < a.due_back)
        OR (a.departed_at < b.back_at AND b.departed_at < a.back_at))
SELECT (SELECT count(*)::int FROM mine) AS rows, (SELECT count(*)::int FROM bad) AS violations,
       array(SELECT id FROM bad ORDER BY id LIMIT :most) AS ids;

-- name: invariant_returns^
-- I2: who left came home exactly once, on an issued order; nobody is out when a surge is closed. Who went by word of
-- mouth has an order by then.
WITH gone AS (
    SELECT p.placement_id, p.state, p.returned_at, s.state AS surge_state, o.state AS order_state,
           s.paper_by IS NOT NULL AND s.state NOT IN ('CLOSED', 'CANCELLED') AS paper_owed,
           count(e.seq) FILTER (WHERE e.type IN ('Mobilised', 'MissionChanged')) AS departures,
           count(e.seq) FILTER (WHERE e.type IN ('Returned', 'Reassigned', 'Converted', 'DeathReported'))
               - count(e.seq) FILTER (WHERE e.type = 'DeathRetracted') AS endings, p.out,
           -- Whoever lives after all may be out when the surge is closed: nobody could wait for them.
           coalesce(max(e.at) FILTER (WHERE e.type = 'DeathRetracted') >= s.since, false) AS back_from_the_dead
      FROM placements p JOIN surges s USING (surge_id) LEFT JOIN orders o USING (order_id)
      LEFT JOIN events e ON e.case_id = 'secondment:' || p.placement_id AND e.government_id = p.government_id
     WHERE p.government_id = :government_id
     GROUP BY p.placement_id, s.surge_id, o.state
    HAVING p.departed_at IS NOT NULL OR count(e.seq) FILTER (WHERE e.type IN ('Mobilised', 'MissionChanged', 'Returned')) > 0),
bad AS (
    SELECT placement_id::text AS id FROM gone
     WHERE departures <> 1 OR (order_state IS DISTINCT FROM 'ISSUED' AND NOT paper_owed)
        OR out <> (state <> ALL (:ends::text[]))
        OR endings <> CASE WHEN out THEN 0 ELSE 1 END
        OR (state = ANY (:home::text[])) IS DISTINCT FROM (returned_at IS NOT NULL)
        OR (out AND surge_state IN ('CLOSED', 'REJECTED', 'CANCELLED') AND NOT back_from_the_dead)
        OR (state = 'REASSIGNED') <> EXISTS (SELECT FROM placements next WHERE next.moved_from = gone.placement_id))
SELECT (SELECT count(*)::int FROM gone) AS rows, (SELECT count(*)::int FROM bad) AS violations,
       array(SELECT id FROM bad ORDER BY id LIMIT :most) AS ids;

-- name: invariant_decisions^
-- I3: a decision that was answered as applied has one effect and one fact; a refused one has its refusal and nothing
-- else; one that still waits has neither; and no fact names a decision that nobody made. What only a decision does names one,
-- of the kind that does it.
WITH told AS (
    SELECT command_id, count(*) AS facts, min(type) AS type, min(case_id) AS case_id
      FROM events WHERE government_id = :government_id AND command_id IS NOT NULL GROUP BY command_id),
kinds AS (SELECT * FROM unnest(:kinds::text[], :makes::text[]) AS made (kind, type)),
done AS (
    SELECT f.command_id, count(*) AS effects, min(f.outcome ->> 'type') AS type
      FROM effects f JOIN commands c USING (command_id) WHERE c.government_id = :government_id GROUP BY f.command_id),
bad AS (
    SELECT coalesce(c.command_id, told.command_id)::text AS id
      FROM (SELECT * FROM commands WHERE government_id = :government_id) AS c
      FULL JOIN told USING (command_id) LEFT JOIN done ON done.command_id = c.command_id
     WHERE c.command_id IS NULL
        OR coalesce(told.facts, 0) <> CASE c.state WHEN 'RECORDED' THEN 0 ELSE 1 END
        OR coalesce(done.effects, 0) <> CASE c.state WHEN 'RECORDED' THEN 0 ELSE 1 END
        OR told.case_id <> c.case_id OR told.type <> done.type
        OR (c.state = 'REFUSED') <> (told.type = 'CommandRefused')
        OR c.state = 'APPLIED' AND c.kind IN (SELECT kind FROM kinds)
           AND NOT EXISTS (SELECT FROM kinds WHERE kinds.kind = c.kind AND kinds.type = told.type)
     UNION ALL
    SELECT case_id || ' (entry ' || seq || ')' FROM events
     WHERE government_id = :government_id AND command_id IS NULL AND type = ANY (:decided::text[]))
SELECT (SELECT count(*)::int FROM commands WHERE government_id = :government_id) AS rows,
       (SELECT count(*)::int FROM bad) AS violations, array(SELECT id FROM bad ORDER BY id LIMIT :most) AS ids;

-- name: invariant_numbers^
-- I4: reserved, issued and void numbers together cover 1..last of each register and year; a void says why.
WITH mine AS (
    SELECT order_id AS paper_id, register, year, sequence, number, state, void_reason FROM orders
     WHERE government_id = :government_id
     UNION ALL
    SELECT decree_id, register, year, sequence, number, state, void_reason FROM decrees WHERE government_id = :government_id
     UNION ALL
    SELECT placement_id, register, year, sequence, number, 'ISSUED', NULL FROM travel_orders WHERE government_id = :government_id),
place AS (
    SELECT register, year, generate_series(1, last) AS sequence FROM registers WHERE government_id = :government_id),
bad AS (
    SELECT concat_ws('/', register, year, sequence) AS id
      FROM place FULL JOIN mine USING (register, year, sequence)
     GROUP BY register, year, sequence
    HAVING count(mine.paper_id) <> 1 OR count(place.sequence) <> 1
     UNION ALL
    SELECT number FROM mine GROUP BY register, number HAVING count(*) > 1
     UNION ALL
    SELECT number FROM mine WHERE state = 'VOID' AND coalesce(trim(void_reason), '') = '')
SELECT (SELECT count(*)::int FROM mine) AS rows, (SELECT count(*)::int FROM bad) AS violations,
       array(SELECT id FROM bad ORDER BY id LIMIT :most) AS ids;

-- name: invariant_entries
-- I6: a stretch of the log, and with each entry what the decision behind it says of actor and authority.
SELECT e.seq, e.type, e.at, e.case_id, e.person_id, e.actor, e.on_behalf_of, e.authority, e.basis, e.command_id,
       e.data, e.hash,
       c.command_id IS NULL
           -- A decision that came when its case had ended is answered by the relay, for nobody else is there.
           OR (e.type = 'CommandRefused' AND e.actor = 'system:relay' AND e.authority = 'SYSTEM')
           OR (e.actor = coalesce(c.actor_id::text, CASE WHEN c.kind LIKE '%_ACTING_HEAD' THEN 'system:mandates'
                                                           WHEN c.kind LIKE 'RECEIVE_%' THEN 'system:closing' ELSE 'system:operation' END)
                                AND e.authority = c.capacity || CASE c.tenure WHEN 'DEFINITIVE' THEN '' ELSE '/' || c.tenure END
                                AND e.on_behalf_of IS NOT DISTINCT FROM c.on_behalf_of::text) AS as_decided
  FROM events e LEFT JOIN commands c USING (command_id)
 WHERE e.government_id = :government_id AND e.seq > :after ORDER BY e.seq LIMIT :most;

-- name: invariant_head^
-- I6: where the log says that it ends.
SELECT seq, hash FROM log_heads WHERE government_id = :government_id;

-- name: invariant_duties^
-- I7: nobody approved what they asked for or let it grow, decided in their own case, or approved twice in one case under
-- two hats. A line that only relieves others is asked for by the coordinator, and is no verdict.
WITH decided AS (
    SELECT e.seq, CASE WHEN c.kind = 'ASK_RELIEF' THEN 'ReliefAsked' ELSE e.type END AS type, e.case_id, e.person_id::text AS subject, e.authority, hat.who, hat.hand
      FROM events e LEFT JOIN commands c USING (command_id) LEFT JOIN mandates m USING (mandate_id)
      -- Who wrote the mandate of a substitute may not be involved, either; but gives no verdict by it.
      CROSS JOIN LATERAL (VALUES (e.actor, true), (e.on_behalf_of, true), (m.written_by::text, false)) AS hat (who, hand)
     WHERE e.government_id = :government_id AND e.authority <> 'SYSTEM' AND hat.who IS NOT NULL
       AND e.type IN ('RequestSubmitted', 'OralOrderGiven', 'RequestResubmitted', 'RequestApproved', 'RequestRejected',
                      'RequestReturned', 'OralOrderRatified', 'LetterProlonged', 'PlanConfirmed', 'RedlineOverridden',
                      'YearlyCapWaived', 'LineAdded', 'LineRaised', 'OrderSigned', 'ReleaseDecided', 'ConditionDecided', 'OrderCancelled', 'CheckedIn', 'ArrivalProved', 'FoundUnfit',
                      'NoShowReported', 'AccidentReportFiled', 'AccidentReportWaived', 'DutyResumed', 'DeathRetracted', 'AffectedConfirmed', 'RecalledByUnit',
                      'ReleasedEarly', 'ExtensionProposed', 'ReassignmentProposed', 'ChecklistSigned', 'ChecklistWaived', 'DemobSignedOff',
                      'Returned', 'ClaimSettled', 'SettlementWaived', 'Converted')),
sided AS (
    -- Who proposed a longer duty or another post, and who answered it, for which side; the person answers in the own case.
    SELECT e.seq, e.case_id, e.type LIKE '%Proposed' AS proposes, hat.who,
           split_part(e.authority, '/', 1) IN ('COMMAND_POST', 'COORDINATOR') AS host
      FROM events e CROSS JOIN LATERAL (VALUES (e.actor), (e.on_behalf_of)) AS hat (who)
     WHERE e.government_id = :government_id AND hat.who IS NOT NULL AND e.authority NOT IN ('SYSTEM', 'SUBJECT')
       AND e.type IN ('ExtensionProposed', 'ExtensionAnswered', 'ReassignmentProposed', 'ReassignmentAnswered')),
bad AS (
    SELECT DISTINCT answer.case_id || ' (entry ' || answer.seq || ')' AS id
      FROM sided answer JOIN sided asked USING (case_id, who)
     WHERE NOT answer.proposes AND asked.proposes AND asked.host <> answer.host
       AND asked.seq = (SELECT max(seq) FROM sided WHERE case_id = answer.case_id AND proposes AND seq < answer.seq)
     UNION ALL
    SELECT DISTINCT verdict.case_id || ' (entry ' || verdict.seq || ')' AS id
      FROM decided verdict
     WHERE verdict.type IN ('RequestApproved', 'RequestRejected', 'RequestReturned', 'OralOrderRatified', 'LetterProlonged',
                            'RedlineOverridden', 'YearlyCapWaived', 'LineAdded', 'LineRaised')
       AND EXISTS (SELECT FROM decided asked
                    WHERE asked.type IN ('RequestSubmitted', 'OralOrderGiven', 'RequestResubmitted')
                      AND asked.case_id = verdict.case_id AND asked.who = verdict.who)
     UNION ALL
    SELECT DISTINCT case_id || ' (entry ' || seq || ')' FROM decided WHERE who = subject
     UNION ALL
    SELECT case_id || ' (entry ' || max(seq) || ')' FROM decided
     WHERE type IN ('RequestApproved', 'RequestRejected', 'RequestReturned', 'RequestResubmitted',
                    'OralOrderRatified', 'LetterProlonged', 'PlanConfirmed', 'RedlineOverridden', 'YearlyCapWaived', 'LineAdded', 'LineRaised',
                    'OrderSigned', 'ReleaseDecided')
       AND hand
     GROUP BY case_id, who HAVING count(DISTINCT split_part(authority, '/', 1)) > 1)
SELECT (SELECT count(DISTINCT seq)::int FROM decided) AS rows, (SELECT count(*)::int FROM bad) AS violations,
       array(SELECT id FROM bad ORDER BY id LIMIT :most) AS ids;

-- name: invariant_redlines^
-- I8: folding the log, no unit ever lent more of a role than it may without an override by a named person; and what
-- the registry counts as lent, by its own right and by overrides, are the holds that are open. Whoever lives after all was
-- lent once, when they were asked: that they are still away is nobody's new decision.
WITH held AS (
    SELECT DISTINCT ON (e.case_id, e.type IN ('OfferSent', 'MissionChanged'))
           e.seq, p.unit_id, p.role, p.override_id,
           CASE WHEN e.type IN ('OfferSent', 'MissionChanged') THEN 1 ELSE -1 END AS step,
           -- Whoever moves on was lent already.
           EXISTS (SELECT FROM placements f WHERE f.placement_id = p.moved_from AND f.override_id IS NULL) AS moves
      FROM events e JOIN placements p ON e.case_id = 'secondment:' || p.placement_id
     WHERE e.government_id = :government_id
       AND (e.type IN ('OfferSent', 'MissionChanged') OR e.data ->> 'state' = ANY (:ends::text[]))
     ORDER BY e.case_id, e.type IN ('OfferSent', 'MissionChanged'), e.seq),
fold AS (
    SELECT *, sum(step) OVER (PARTITION BY unit_id, role, override_id ORDER BY seq) AS lent FROM held),
open AS (
    SELECT unit_id, role, override_id, count(*) AS holds FROM placements
     WHERE government_id = :government_id AND held GROUP BY unit_id, role, override_id),
bad AS (
    SELECT DISTINCT fold.unit_id || ' ' || fold.role AS id
      FROM fold LEFT JOIN unit_roles ur USING (unit_id, role) LEFT JOIN redline_overrides o USING (override_id)
      -- What it might lend when somebody was lent: a roster may have changed it since, and takes nobody back.
      LEFT JOIN LATERAL (SELECT b.lendable FROM lendable_before b
                          WHERE b.unit_id = fold.unit_id AND b.role = fold.role AND b.upto >= fold.seq
                          ORDER BY b.upto LIMIT 1) AS once ON true
     WHERE fold.step = 1 AND NOT fold.moves
       AND fold.lent > coalesce(CASE WHEN fold.override_id IS NULL
                                     THEN coalesce(once.lendable, least(ur.lendable, ur.headcount - ur.redline)) ELSE o.extra END, 0)
     UNION
    SELECT ur.unit_id || ' ' || ur.role FROM unit_roles ur
      LEFT JOIN open ON open.unit_id = ur.unit_id AND open.role = ur.role AND open.override_id IS NULL
     WHERE ur.government_id = :government_id AND ur.lent <> coalesce(open.holds, 0)
     UNION
    SELECT o.unit_id || ' ' || o.role FROM redline_overrides o LEFT JOIN open USING (override_id)
     WHERE o.government_id = :government_id AND o.used <> coalesce(open.holds, 0))
SELECT (SELECT count(*)::int FROM held) AS rows, (SELECT count(*)::int FROM bad) AS violations,
       array(SELECT id FROM bad ORDER BY id LIMIT :most) AS ids;

-- name: invariant_headcount^
-- I9: what each unit has of a role are the people who serve there; lending somebody changes neither.
WITH counted AS (
    SELECT unit_id, role, count(*) AS people FROM people
     WHERE government_id = :government_id AND active GROUP BY unit_id, role),
kept AS (SELECT unit_id, role, headcount FROM unit_roles WHERE government_id = :government_id),
both_sides AS (SELECT unit_id, role, headcount, people FROM kept FULL JOIN counted USING (unit_id, role)),
bad AS (
    SELECT unit_id || ' ' || role AS id FROM both_sides WHERE coalesce(headcount, 0) <> coalesce(people, 0))
SELECT (SELECT count(*)::int FROM both_sides) AS rows, (SELECT count(*)::int FROM bad) AS violations,
       array(SELECT id FROM bad ORDER BY id LIMIT :most) AS ids;

-- name: invariant_events^
-- I5: every entry that a subscriber wants is delivered, waits, or was given up with an entry that says so; nothing else
-- is sent; within a person (or a case of nobody) deliveries succeeded in the order of the log.
WITH told AS (SELECT * FROM subscribers WHERE government_id = :government_id AND state <> 'REMOVED'),
wanted AS (
    SELECT t.subscriber_id, e.seq, t.cursor, coalesce(e.person_id::text, e.case_id) AS lane
      FROM told t JOIN events e ON e.government_id = t.government_id AND e.seq > greatest(t.since, t.pruned)
     WHERE split_part(e.case_id, ':', 1) <> 'subscriber' 
       AND CASE WHEN t.types IS NULL THEN e.type <> ALL (:sensitive::text[]) ELSE e.type = ANY (t.types) END),
sent AS (
    SELECT d.*, lag(d.position) OVER (PARTITION BY d.subscriber_id, d.lane ORDER BY d.seq) AS earlier,
           bool_or(d.state IN ('WAITING', 'DEAD')) OVER (
               PARTITION BY d.subscriber_id, d.lane ORDER BY d.seq
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS overtook
      FROM deliveries d JOIN told USING (subscriber_id)),
given_up AS (
    SELECT case_id, type, (data ->> 'seq')::bigint AS seq, authority FROM events
     WHERE government_id = :government_id AND type IN ('DeliveryDied', 'DeliverySkipped')),
bad AS (
    SELECT concat_ws(' ', coalesce(w.subscriber_id, s.subscriber_id), 'entry', coalesce(w.seq, s.seq)) AS id
      FROM wanted w FULL JOIN sent s ON s.subscriber_id = w.subscriber_id AND s.seq = w.seq
     WHERE (s.seq IS NULL AND w.seq <= w.cursor) OR w.seq IS NULL OR s.lane <> w.lane
        OR (s.state = 'DELIVERED' AND (s.overtook OR s.position < s.earlier OR s.outcome NOT LIKE 'http_2%'))
        OR (s.state = 'DEAD' AND NOT EXISTS (
                SELECT FROM given_up g WHERE g.case_id = 'subscriber:' || s.subscriber_id AND g.seq = s.seq
                   AND g.type = 'DeliveryDied'))
        OR (s.state = 'SKIPPED' AND NOT EXISTS (
                SELECT FROM given_up g WHERE g.case_id = 'subscriber:' || s.subscriber_id AND g.seq = s.seq
                   AND g.type = 'DeliverySkipped' AND g.authority <> 'SYSTEM'))
     UNION ALL
    -- A lane that counts wrongly, or stops without a dead letter, would wait for ever.
    SELECT concat_ws(' ', l.subscriber_id, 'lane', l.lane)
      FROM delivery_lanes l JOIN told USING (subscriber_id) LEFT JOIN sent s USING (subscriber_id, lane)
     GROUP BY l.subscriber_id, l.lane
    HAVING l.waiting <> count(*) FILTER (WHERE s.state = 'WAITING')
        OR l.stopped <> coalesce(bool_or(s.state = 'DEAD'), false))
SELECT (SELECT count(*)::int FROM wanted) AS rows, (SELECT count(*)::int FROM bad) AS violations,
       array(SELECT id FROM bad ORDER BY id LIMIT :most) AS ids;
