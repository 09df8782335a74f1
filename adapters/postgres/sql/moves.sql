-- name: take_effect^
-- Claim the right to write an effect; no row when it has been written before.
INSERT INTO effects (effect_key, command_id, outcome) VALUES (:effect_key, :command_id, :outcome)
ON CONFLICT DO NOTHING RETURNING effect_key;

-- name: answer_command
-- Give a recorded command its final state, and tell whoever waits for it when this transaction commits.
WITH answered AS (
    UPDATE commands SET state = :state, refusal = :refusal, answered_at = :at, leased_until = NULL
     WHERE command_id = :command_id AND state = 'RECORDED' RETURNING command_id)
SELECT pg_notify('siaga_answers', command_id::text) FROM answered;

-- name: move_placement!
-- Write the next moment of a placement, from the one before.
UPDATE placements
   SET state = :state, revision = :revision, since = :since, home_by = :home_by, notices = :notices,
       escalation = :escalation, held = :held, out = :out, fills = :fills, report_at = :report_at,
       due_back = :due_back, leaving = :leaving, seen_at = :seen_at, uncovered_from = :uncovered_from,
       condition_code = :condition_code, condition_report_at = :condition_report_at, extend_until = :extend_until,
       extend_agreed = :extend_agreed, extend_waiver = :extend_waiver, extensions = :extensions,
       extend_by = :extend_by, extend_side = :extend_side,
       lapsed = :lapsed, checklist = :checklist, accident = :accident, accident_by = :accident_by,
       death_was = :death_was, death_by = :death_by, death_accident = :death_accident, death_accident_by = :death_accident_by,
       acting_mandate_id = :acting_mandate_id,
       acting_until = :acting_until, acting_asked_at = :acting_asked_at, acting_urged = :acting_urged,
       day_off_at = :day_off_at, awake_since = :awake_since, rest_began_at = :rest_began_at, rest_lacking = :rest_lacking,
       handed_over = :handed_over, extend_line_id = :extend_line_id,
       extend_since = :extend_since, hearing = :hearing, line_id = :line_id,
       relieves = CASE WHEN line_id = :line_id THEN relieves END,
       left_site_at = coalesce(left_site_at, :left_at::timestamptz, CASE WHEN :leaves AND checked_in_at IS NOT NULL THEN :at::timestamptz END),
       served_until = :served_until,
       -- The amended order is the one in force once it has prolonged the duty.
       order_id = CASE WHEN :extensions > extensions THEN amending_order_id ELSE order_id END,
       amending_order_id = CASE WHEN :extend_until::timestamptz IS NULL THEN NULL ELSE amending_order_id END,
       departed_at   = CASE WHEN :departs THEN :at ELSE departed_at END,
       checked_in_at = CASE WHEN :checks_in THEN :at ELSE checked_in_at END,
       arrived_at    = CASE WHEN :checks_in THEN coalesce(:arrived_at::timestamptz, :at) ELSE arrived_at END,
       returned_at   = CASE WHEN :returns THEN :at ELSE returned_at END,
       settles = :settles, papers_received = :received, papers_waived = :waived, papers_owed = :owed,
       report_by = :report_by, claim_by = :claim_by, urge_at = :urge_at, papers_urged = :papers_urged
 WHERE placement_id = :placement_id AND revision = :revision - 1;

-- name: revision_of_placement$
-- How many moves a placement has made.
SELECT revision FROM placements WHERE placement_id = :placement_id;

-- name: prolong_letter!
-- From here on a demand for service stands on this letter; the one before is in the log.
UPDATE surges SET letter_number = :letter_number, letter_date = :letter_date, letter_until = :letter_until
 WHERE surge_id = :surge_id;

-- name: settle_claim!
-- Keep by which document a claim was settled, of what day, and how much it says was paid.
UPDATE placements SET claim_reference = :reference, claim_dated = :dated, claim_amount = :amount
 WHERE placement_id = :placement_id;

-- name: is_covered$
-- Whether an emergency status, or the letter, covers the surge of a placement until then.
SELECT covered(surge_id, due_back, :until::timestamptz) AND coalesce(:until <= s.letter_until, true)
  FROM placements JOIN surges s USING (surge_id) WHERE placement_id = :placement_id;

-- name: was_elsewhere_then$
-- Whether by the books the person was at another site in this span.
SELECT EXISTS (
    SELECT FROM placements p JOIN placements other USING (person_id)
     WHERE p.placement_id = :placement_id AND other.placement_id <> p.placement_id AND other.checked_in_at IS NOT NULL
       AND tstzrange(other.arrived_at, coalesce(other.left_site_at, other.returned_at))
           && tstzrange(:arrived_at::timestamptz, :served_until::timestamptz));

-- name: handover_owed$
-- Whether somebody comes who needs the handover note that nobody has written, nor waived.
SELECT NOT p.handed_over AND NOT 'DATA_HANDOVER' = ANY (p.checklist)
       AND EXISTS (SELECT FROM placements s WHERE s.relieves = p.placement_id AND s.fills AND s.held)
  FROM placements p WHERE p.placement_id = :placement_id;

-- name: said_by_its_surge$
-- Whether what a surge tells one of its people is so: their order is issued and names them, or the word that stands in for it
-- was given; the surge is over. Of what a signal says nothing else is told.
SELECT CASE
    WHEN :event = 'Recalled' THEN EXISTS (
        SELECT FROM surges WHERE surge_id = :surge_id AND state IN ('STOOD_DOWN', 'CLOSED', 'CANCELLING', 'CANCELLED'))
    WHEN :event NOT IN ('OrderServed', 'ExtensionDecided', 'Reassigned') THEN true
    WHEN starts_with(:choice, 'oral-order:') THEN EXISTS (
        SELECT FROM surges s JOIN commands c ON c.case_id = 'surge:' || s.surge_id
         WHERE s.surge_id = :surge_id AND s.oral_at IS NOT NULL AND 'oral-order:' || c.command_id = :choice)
    ELSE EXISTS (
        SELECT FROM orders o JOIN documents d USING (order_id)
         WHERE o.order_id::text = :choice AND o.state = 'ISSUED' AND d.placement_id = :placement_id) END;

-- name: out_elsewhere$
-- Whether somebody has left for a placement and is not back.
SELECT EXISTS (SELECT FROM placements WHERE person_id = :person_id AND departed_at IS NOT NULL AND returned_at IS NULL);

-- name: being_ordered$
-- Whether an order prolongs somebody's duty that was signed before it ended: the signature has not been heard, or the
-- order is being made, or is issued and the case has not heard of it. The row is locked: a later order finds it changed.
WITH whose AS (SELECT extend_agreed, amending_order_id, extend_line_id FROM placements
                WHERE placement_id = :placement_id FOR UPDATE)
SELECT EXISTS (SELECT FROM whose WHERE amending_order_id IS NOT NULL)
       OR EXISTS (SELECT FROM whose JOIN commands c ON cardinality(whose.extend_agreed) = 3
                   WHERE c.case_id = coalesce((SELECT 'surge:' || l.surge_id FROM request_lines l
                                        WHERE l.line_id = whose.extend_line_id), :surge_case) AND c.kind = 'SIGN_ORDER' AND c.state = 'RECORDED'
                     AND c.decided_at < :due_back);

-- name: mark_affected!
-- A verified victim of the disaster is not asked until the given day (S03), by the government's clock.
UPDATE people SET affected_until = local_day(p.government_id, :until) FROM placements p
 WHERE p.placement_id = :placement_id AND people.person_id = p.person_id;

-- name: raise_news^
-- Note that a surge must look; no row when that was noted before and the surge has been told.
UPDATE surges SET news = true WHERE surge_id = :surge_id AND NOT news RETURNING surge_id;

-- name: raise_news_at^
-- The same for the surge of a line that somebody moves to.
UPDATE surges SET news = true FROM request_lines l
 WHERE l.line_id = :line_id AND surges.surge_id = l.surge_id AND NOT news RETURNING surges.surge_id;

-- name: move_surge!
-- Write the next moment of a surge.
UPDATE surges
   SET state = :state, revision = :revision, plan_id = :plan_id, since = :since, signing_since = :signing_since,
       sign_by = :sign_by, sign_warned = :sign_warned, letter_warned = :letter_warned,
       relief_by = :relief_by, relief_warned = :relief_warned, proposed_until = :proposed_until,
       unmet_since = :unmet_since, idle = :idle, unmet_escalation = :unmet_escalation, unmet_notices = :unmet_notices,
       escalation = :escalation, notices = :notices, paper_by = :paper_by, oral_notices = :oral_notices,
       approved_by = CASE WHEN :approved THEN :actor::uuid ELSE approved_by END,
       ratified_by = CASE WHEN :ratified THEN :actor::uuid ELSE ratified_by END,
       ratified_at = CASE WHEN :ratified THEN :at::timestamptz ELSE ratified_at END,
       closed_at = CASE WHEN :closed THEN :at::timestamptz ELSE closed_at END
 WHERE surge_id = :surge_id;

-- name: move_operation!
-- Write the next moment of an operation.
UPDATE operations
   SET state = :state, revision = :revision, after_action_report = :report,
       ended_at = CASE WHEN :ended THEN :at::timestamptz ELSE ended_at END,
       archived_at = CASE WHEN :archived THEN :at::timestamptz ELSE archived_at END
 WHERE operation_id = :operation_id;

-- name: waive_yearly_cap!
-- Keep by how many days a named person raised somebody's yearly cap.
INSERT INTO yearly_cap_waivers (waiver_id, government_id, surge_id, person_id, days, granted_by, reason_code, granted_at)
VALUES (:command_id, :government_id, :surge_id, :person_id, :days, :granted_by, :reason_code, :at);

-- name: add_override!
-- Let a unit lend more than its workload allows, by name and with a reason.
INSERT INTO redline_overrides (override_id, government_id, surge_id, unit_id, role, extra, granted_by, reason_code,
                               note_id, granted_at)
SELECT :command_id, :government_id, :surge_id, :unit_id, :role, :extra, :granted_by, :reason_code, note_id, :at
  FROM commands WHERE command_id = :command_id;

-- name: close_other_tasks!
-- Close what the case asked for before and does not ask for any more.
UPDATE tasks SET closed_at = :at, command_id = :command_id
 WHERE case_id = :case_id AND closed_at IS NULL
   AND NOT EXISTS (
        SELECT FROM unnest(:kinds::text[], :assignees::uuid[], :capacities::text[], :units::text[], :governments::text[])
               AS duty (kind, assignee_id, capacity, unit_id, government_id)
         WHERE (duty.kind, duty.assignee_id, duty.capacity, duty.unit_id, coalesce(duty.government_id, tasks.of_government, tasks.government_id))
               IS NOT DISTINCT FROM (tasks.kind, tasks.assignee_id, tasks.capacity, tasks.unit_id, tasks.government_id));

-- name: open_tasks!
-- Open what cases ask for now; what is open already keeps its claim, and is due and escalated as its case is now.
WITH duty AS (
    SELECT asked.*, coalesce(CASE split_part(asked.case_id, ':', 1)
               WHEN 'secondment' THEN (SELECT p.escalation FROM placements p
                                        WHERE p.placement_id = split_part(asked.case_id, ':', 2)::uuid)
               WHEN 'surge' THEN (SELECT CASE WHEN asked.kind IN ('FILL_OR_REDUCE', 'ADD_OR_STAND_DOWN')
                                              THEN s.unmet_escalation ELSE s.escalation END FROM surges s
                                   WHERE s.surge_id = split_part(asked.case_id, ':', 2))
               WHEN 'thin' THEN (SELECT t.escalation FROM thin_units t
                                  WHERE t.episode_id = split_part(asked.case_id, ':', 2)::uuid) END, 0) AS escalation
      FROM (SELECT case_id, kind, assignee_id, capacity, unit_id, due_at, coalesce(inbox, :government_id::text) AS inbox
              FROM unnest(:case_ids::text[], :kinds::text[], :assignees::uuid[], :capacities::text[], :units::text[],
                          :dues::timestamptz[], :governments::text[])
                   AS told (case_id, kind, assignee_id, capacity, unit_id, due_at, inbox)) AS asked),
standing AS (
    SELECT tasks.task_id, duty.*
      FROM duty JOIN tasks ON tasks.case_id = duty.case_id AND tasks.closed_at IS NULL
       AND (tasks.kind, tasks.assignee_id, tasks.capacity, tasks.unit_id, tasks.government_id)
           IS NOT DISTINCT FROM (duty.kind, duty.assignee_id, duty.capacity, duty.unit_id, duty.inbox)),
renewed AS (
    UPDATE tasks SET due_at = standing.due_at, escalation = standing.escalation
      FROM standing
     WHERE tasks.task_id = standing.task_id
       AND (tasks.due_at, tasks.escalation) IS DISTINCT FROM (standing.due_at, standing.escalation))
INSERT INTO tasks (government_id, of_government, case_id, kind, assignee_id, capacity, unit_id, opened_at, due_at, escalation)
SELECT duty.inbox, nullif(:government_id::text, duty.inbox), duty.case_id, duty.kind, duty.assignee_id, duty.capacity,
       duty.unit_id, :at::timestamptz, duty.due_at, duty.escalation
  FROM duty
 WHERE NOT EXISTS (
        SELECT FROM standing
         WHERE (standing.case_id, standing.kind, standing.assignee_id, standing.capacity, standing.unit_id, standing.inbox)
               IS NOT DISTINCT FROM (duty.case_id, duty.kind, duty.assignee_id, duty.capacity, duty.unit_id, duty.inbox));

-- name: left_open^
-- How many are held or out under an operation, and how many of its surges have not ended.
SELECT (SELECT count(*)::int FROM placements JOIN surges USING (surge_id)
         WHERE operation_id = :operation_id AND held) AS people,
       (SELECT count(*)::int FROM surges
         WHERE operation_id = :operation_id AND state NOT IN ('REJECTED', 'CLOSED', 'CANCELLED')) AS surges;

-- name: add_line!
-- Let in the line that a command asked for.
INSERT INTO request_lines (line_id, surge_id, wave, role, quantity, priority, site, lat, lon, report_at, due_back,
                           substitutes, max_km, shift_on, shift_off, mode, team, needed_until, conditions)
SELECT draft.line_id, draft.surge_id, line.wave, line.role, line.quantity, line.priority, line.site, line.lat,
       line.lon, line.report_at, line.due_back, line.substitutes, line.max_km, (line.shift ->> 'on')::smallint,
       (line.shift ->> 'off')::smallint, line.mode, line.team, line.needed_until, coalesce(line.conditions, '{}')
  FROM line_drafts AS draft,
       jsonb_to_record(draft.line)
       AS line (wave int, role text, quantity int, priority int, site text, lat float8, lon float8,
                report_at timestamptz, due_back timestamptz, substitutes jsonb, max_km int, shift jsonb, mode text,
                team text, needed_until timestamptz, conditions jsonb)
 WHERE draft.command_id = :command_id;

-- name: set_line_quantity!
-- Let a line ask for more or for fewer.
UPDATE request_lines SET quantity = :quantity WHERE line_id = :line_id;

-- name: need_line_until!
-- Say until when a line is needed.
UPDATE request_lines SET needed_until = :needed_until WHERE line_id = :line_id;

-- name: close_line!
-- Ask for nobody more on a line than those who have its places.
UPDATE request_lines SET closed_at = :at, quantity = :quantity, shortfall = NULL WHERE line_id = :line_id;

-- name: add_turn!
-- Let the next turn of a line in: the same post, filled one by one.
INSERT INTO request_lines (line_id, surge_id, wave, role, quantity, priority, site, lat, lon, report_at, due_back,
                           substitutes, max_km, shift_on, shift_off, mode, continues, needed_until, conditions)
SELECT :line_id, surge_id, wave, role, :quantity, priority, site, lat, lon, :report_at, :due_back, substitutes, max_km,
       shift_on, shift_off, mode, line_id, :needed_until::timestamptz, conditions
  FROM request_lines WHERE line_id = :continues;
