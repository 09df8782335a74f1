-- Whoever was dead by mistake lives: what stood before a death is kept, and a decision by name takes the death back.
-- depends: 0060_what_an_order_has_numbered

INSERT INTO separations (kind, subject, proposer, verdict) VALUES ('RETRACT_DEATH', true, false, false);

ALTER TABLE placements
    ADD COLUMN death_was         text,                          -- where the person stood when the death was told
    ADD COLUMN death_by          text[] NOT NULL DEFAULT '{}',  -- who told it, and for whom: they do not take it back
    ADD COLUMN death_accident    boolean,                       -- what was owed of an earlier accident by then
    ADD COLUMN death_accident_by timestamptz;

-- Of deaths told before, as the log tells it; until when an earlier report is owed is counted from the last move there.
UPDATE placements p
   SET death_was = coalesce(was.state, CASE WHEN p.departed_at IS NULL THEN 'OFFERED' ELSE 'MOBILISING' END),
       death_by = array_remove(ARRAY[told.actor, told.on_behalf_of::text], NULL),
       death_accident = hurt.filed
  FROM events told
  LEFT JOIN LATERAL (
      SELECT e.data ->> 'state' AS state FROM events e
       WHERE e.government_id = told.government_id AND e.case_id = told.case_id AND e.seq < told.seq
         AND e.data ? 'state' AND e.type <> 'CommandRefused'
       ORDER BY e.seq DESC LIMIT 1) AS was ON true
  LEFT JOIN LATERAL (
      SELECT e.type = 'AccidentReportFiled' AS filed FROM events e
       WHERE e.government_id = told.government_id AND e.case_id = told.case_id AND e.seq < told.seq
         AND e.type IN ('InjuryReported', 'AccidentReportFiled')
       ORDER BY e.seq DESC LIMIT 1) AS hurt ON true
 WHERE told.type = 'DeathReported' AND told.case_id = 'secondment:' || p.placement_id
   AND p.state IN ('ACCIDENT_REPORT_OWED', 'DECEASED');

INSERT INTO placement_steps VALUES
    ('ACCIDENT_REPORT_OWED', 'OUT_OF_CONTACT', 'RETRACT_DEATH'),
    ('DECEASED', 'OUT_OF_CONTACT', 'RETRACT_DEATH'),
    ('DECEASED', 'WITHDRAWN', 'RETRACT_DEATH');

-- As before (0043), and of a death: what stood before it is kept with its telling, and gone with its taking back.
CREATE OR REPLACE FUNCTION keep_placements_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mine text := 'secondment:' || NEW.placement_id;
BEGIN
    IF (NEW.placement_id, NEW.government_id, NEW.surge_id, NEW.person_id, NEW.unit_id, NEW.role, NEW.plan_id,
        NEW.override_id, NEW.moved_from, NEW.directed)
       IS DISTINCT FROM (OLD.placement_id, OLD.government_id, OLD.surge_id, OLD.person_id, OLD.unit_id, OLD.role, OLD.plan_id,
        OLD.override_id, OLD.moved_from, OLD.directed) THEN
        PERFORM nothing_behind('whom, from where and for what', mine);
    END IF;
    IF NEW.state <> OLD.state THEN
        IF NOT EXISTS (
            SELECT FROM placement_steps s
             WHERE s.from_state = OLD.state AND s.to_state = NEW.state
               AND CASE s.behind
                   WHEN 'CLOCK' THEN true
                   WHEN 'FALLEN_DUE' THEN NEW.since >= least(OLD.due_back, OLD.uncovered_from)
                   WHEN 'ORDERED' THEN CASE OLD.state WHEN 'RELEASED' THEN is_ordered(OLD.surge_id, OLD.order_id)
                                                      ELSE is_issued(OLD.amending_order_id) END
                   WHEN 'DIRECTED' THEN OLD.directed
                   WHEN 'TAKEN' THEN EXISTS (SELECT FROM placements o WHERE o.person_id = OLD.person_id
                                                AND o.departed_at IS NOT NULL AND o.returned_at IS NULL)
                   WHEN 'SURGE_OVER' THEN EXISTS (SELECT FROM surges WHERE surge_id = OLD.surge_id
                                           AND surges.state IN ('STOOD_DOWN', 'CLOSED', 'CANCELLING', 'CANCELLED'))
                   ELSE in_hand(mine, s.behind) END) THEN
            PERFORM nothing_behind(OLD.state || ' to ' || NEW.state, mine);
        END IF;
    ELSIF (NEW.held, NEW.out) <> (OLD.held, OLD.out) THEN
        PERFORM nothing_behind('the hold', mine);
    END IF;
    IF NEW.departed_at IS DISTINCT FROM OLD.departed_at AND (OLD.state, NEW.state) <> ('ORDER_SIGNED', 'MOBILISING') THEN
        PERFORM nothing_behind('the departure', mine);
    END IF;
    IF ((NEW.checked_in_at, NEW.arrived_at) IS DISTINCT FROM (OLD.checked_in_at, OLD.arrived_at)
        OR NEW.served_until IS NOT NULL AND NEW.served_until IS DISTINCT FROM OLD.served_until)
       AND NOT in_hand(mine, 'CHECK_IN', 'REPORT_ARRIVAL') THEN
        PERFORM nothing_behind('the arrival', mine);
    END IF;
    IF NEW.returned_at IS DISTINCT FROM OLD.returned_at AND NOT in_hand(mine, 'CONFIRM_RETURN') THEN
        PERFORM nothing_behind('the return', mine);
    END IF;
    IF (NEW.line_id, NEW.report_at) IS DISTINCT FROM (OLD.line_id, OLD.report_at) AND NOT in_hand(mine, 'GRANT_CONDITION') THEN
        PERFORM nothing_behind('the post', mine);
    END IF;
    IF (NEW.due_back, NEW.extensions) <> (OLD.due_back, OLD.extensions) AND NOT in_hand(mine, 'GRANT_CONDITION')
       AND NOT coalesce(NEW.extensions = OLD.extensions + 1 AND NEW.due_back = OLD.extend_until
                        AND is_issued(OLD.amending_order_id), false) THEN
        PERFORM nothing_behind('the end of the duty', mine);
    END IF;
    IF NEW.extend_until IS NOT NULL
       AND (NEW.extend_until, NEW.extend_agreed, NEW.extend_line_id, NEW.extend_by, NEW.extend_side, NEW.extend_waiver)
           IS DISTINCT FROM
           (OLD.extend_until, OLD.extend_agreed, OLD.extend_line_id, OLD.extend_by, OLD.extend_side, OLD.extend_waiver)
       -- Who is not heard in time to another post has said nothing: that is noted.
       AND NOT coalesce(NEW.hearing = 'NO_RESPONSE' AND NEW.extend_agreed = OLD.extend_agreed || ARRAY['PERSON']
                        AND (NEW.extend_until, NEW.extend_line_id) = (OLD.extend_until, OLD.extend_line_id), false)
       AND NOT in_hand(mine, 'PROPOSE_EXTENSION', 'WAIVE_EXTENSION_LIMIT', 'CONSENT_EXTENSION', 'APPROVE_EXTENSION',
                       'PROPOSE_REASSIGNMENT', 'CONSENT_REASSIGNMENT', 'OBJECT_REASSIGNMENT', 'APPROVE_REASSIGNMENT') THEN
        PERFORM nothing_behind('the amendment', mine);
    END IF;
    IF NEW.accident IS DISTINCT FROM OLD.accident
       AND NOT in_hand(mine, 'REPORT_INJURY', 'REPORT_DEATH', 'RETRACT_DEATH', 'FILE_ACCIDENT_REPORT', 'WAIVE_ACCIDENT_REPORT') THEN
        PERFORM nothing_behind('the accident', mine);
    END IF;
    -- Whoever had left is looked for, and whoever had not is at home: by the books, whatever is said of it.
    IF NEW.state <> OLD.state AND OLD.state IN ('ACCIDENT_REPORT_OWED', 'DECEASED') AND NEW.state <> 'DECEASED'
       AND (NEW.state = 'OUT_OF_CONTACT') <> (OLD.departed_at IS NOT NULL) THEN
        PERFORM nothing_behind('where somebody is who lives', mine);
    END IF;
    IF (NEW.death_was, NEW.death_by, NEW.death_accident, NEW.death_accident_by)
       IS DISTINCT FROM (OLD.death_was, OLD.death_by, OLD.death_accident, OLD.death_accident_by)
       AND NOT (in_hand(mine, 'REPORT_DEATH') AND NEW.death_was = OLD.state
                AND NEW.death_accident IS NOT DISTINCT FROM OLD.accident
                AND NEW.death_accident_by IS NOT DISTINCT FROM OLD.accident_by)
       AND NOT (in_hand(mine, 'RETRACT_DEATH') AND NEW.death_was IS NULL) THEN
        PERFORM nothing_behind('the death', mine);
    END IF;
    IF NEW.checklist <> OLD.checklist AND NOT in_hand(mine, 'CHECK_IN', 'REPORT_ARRIVAL', 'SIGN_CHECKLIST', 'WAIVE_CHECKLIST', 'SIGN_DEMOB') THEN
        PERFORM nothing_behind('the checklist', mine);
    END IF;
    IF (NEW.papers_received, NEW.papers_waived) <> (OLD.papers_received, OLD.papers_waived)
       AND NOT in_hand(mine, 'RECEIVE_REPORT', 'RECEIVE_EVALUATION', 'SETTLE_CLAIM', 'WAIVE_SETTLEMENT') THEN
        PERFORM nothing_behind('the papers', mine);
    END IF;
    IF (NEW.claim_reference, NEW.claim_dated, NEW.claim_amount)
       IS DISTINCT FROM (OLD.claim_reference, OLD.claim_dated, OLD.claim_amount) AND NOT in_hand(mine, 'SETTLE_CLAIM') THEN
        PERFORM nothing_behind('the claim', mine);
    END IF;
    RETURN NEW;
END $$;
