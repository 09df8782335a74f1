-- Whoever writes: no placement moves, no request is approved, grows or ends, and no order is numbered without what must stand
-- behind it: a recorded decision of the case that is being answered in this very transaction, or what the clock or the surge has.
-- depends: 0042_second_decrees

-- From which state to which, and what may stand behind the step (any of them is enough): a kind of decision, or CLOCK,
-- FALLEN_DUE, ORDERED, TAKEN, DIRECTED, SURGE_OVER; of a surge COUNTED, RUN_OUT, NOBODY_HELD, TURNED_DOWN. A test compares with the domain.
CREATE TABLE placement_steps (
    from_state text,
    to_state   text,
    behind     text,
    PRIMARY KEY (from_state, to_state, behind)
);
INSERT INTO placement_steps VALUES
    ('ACCIDENT_REPORT_OWED', 'DECEASED', 'FILE_ACCIDENT_REPORT'),
    ('ACCIDENT_REPORT_OWED', 'DECEASED', 'WAIVE_ACCIDENT_REPORT'),
    ('CHECKED_IN', 'ENDING_SOON', 'CLOCK'), ('CHECKED_IN', 'ON_DUTY', 'CLOCK'),
    ('CHECKED_IN', 'DEMOBILISING', 'CONFIRM_AFFECTED'),
    ('CHECKED_IN', 'DEMOBILISING', 'FALLEN_DUE'),
    ('CHECKED_IN', 'REASSIGNED', 'ORDERED'),
    ('CHECKED_IN', 'DEMOBILISING', 'RECALL'),
    ('CHECKED_IN', 'DEMOBILISING', 'RELEASE_EARLY'),
    ('CHECKED_IN', 'ACCIDENT_REPORT_OWED', 'REPORT_DEATH'),
    ('CHECKED_IN', 'INJURED', 'REPORT_INJURY'),
    ('CHECKED_IN', 'UNFIT', 'REPORT_UNFIT'),
    ('CHECKED_IN', 'DEMOBILISING', 'SURGE_OVER'),
    ('CLOSED', 'REIMBURSED', 'CHECK_IN'), ('CLOSED', 'REPORTED', 'CHECK_IN'), ('CLOSED', 'RETURNED', 'CHECK_IN'),
    ('CLOSED', 'REIMBURSED', 'REPORT_ARRIVAL'), ('CLOSED', 'REPORTED', 'REPORT_ARRIVAL'),
    ('CLOSED', 'RETURNED', 'REPORT_ARRIVAL'),
    ('CONDITION_PENDING', 'DECLINED', 'CLOCK'),
    ('CONDITION_PENDING', 'WITHDRAWN', 'CONFIRM_AFFECTED'),
    ('CONDITION_PENDING', 'DECLINED', 'DECLINE_OFFER'),
    ('CONDITION_PENDING', 'RELEASE_PENDING', 'DIRECTED'),
    ('CONDITION_PENDING', 'WITHDRAWN', 'FALLEN_DUE'),
    ('CONDITION_PENDING', 'RELEASE_PENDING', 'GRANT_CONDITION'),
    ('CONDITION_PENDING', 'DECLINED', 'REFUSE_CONDITION'),
    ('CONDITION_PENDING', 'RELEASE_PENDING', 'REFUSE_CONDITION'),
    ('CONDITION_PENDING', 'DECEASED', 'REPORT_DEATH'),
    ('CONDITION_PENDING', 'WITHDRAWN', 'SURGE_OVER'),
    ('DEMOBILISING', 'CONVERTED', 'CONVERT'),
    ('DEMOBILISING', 'ACCIDENT_REPORT_OWED', 'REPORT_DEATH'),
    ('DEMOBILISING', 'TRAVELLING_HOME', 'SIGN_DEMOB'),
    ('ENDING_SOON', 'OUT_OF_CONTACT', 'CLOCK'),
    ('ENDING_SOON', 'DEMOBILISING', 'CONFIRM_AFFECTED'),
    ('ENDING_SOON', 'CONVERTED', 'CONVERT'),
    ('ENDING_SOON', 'DEMOBILISING', 'FALLEN_DUE'),
    ('ENDING_SOON', 'ON_DUTY', 'ORDERED'), ('ENDING_SOON', 'REASSIGNED', 'ORDERED'),
    ('ENDING_SOON', 'DEMOBILISING', 'RECALL'),
    ('ENDING_SOON', 'DEMOBILISING', 'RELEASE_EARLY'),
    ('ENDING_SOON', 'ACCIDENT_REPORT_OWED', 'REPORT_DEATH'),
    ('ENDING_SOON', 'INJURED', 'REPORT_INJURY'),
    ('ENDING_SOON', 'RESTING', 'START_REST'),
    ('ENDING_SOON', 'DEMOBILISING', 'SURGE_OVER'),
    ('INJURED', 'DEMOBILISING', 'CONFIRM_AFFECTED'),
    ('INJURED', 'DEMOBILISING', 'FALLEN_DUE'),
    ('INJURED', 'DEMOBILISING', 'RECALL'),
    ('INJURED', 'DEMOBILISING', 'RELEASE_EARLY'),
    ('INJURED', 'ACCIDENT_REPORT_OWED', 'REPORT_DEATH'),
    ('INJURED', 'ENDING_SOON', 'RESUME_DUTY'), ('INJURED', 'MOBILISING', 'RESUME_DUTY'),
    ('INJURED', 'ON_DUTY', 'RESUME_DUTY'),
    ('INJURED', 'DEMOBILISING', 'SURGE_OVER'),
    ('MOBILISING', 'CHECKED_IN', 'CHECK_IN'),
    ('MOBILISING', 'DEMOBILISING', 'CONFIRM_AFFECTED'),
    ('MOBILISING', 'DEMOBILISING', 'FALLEN_DUE'),
    ('MOBILISING', 'DEMOBILISING', 'RECALL'),
    ('MOBILISING', 'DEMOBILISING', 'RELEASE_EARLY'),
    ('MOBILISING', 'CHECKED_IN', 'REPORT_ARRIVAL'),
    ('MOBILISING', 'ACCIDENT_REPORT_OWED', 'REPORT_DEATH'),
    ('MOBILISING', 'INJURED', 'REPORT_INJURY'),
    ('MOBILISING', 'NO_SHOW', 'REPORT_NO_SHOW'),
    ('MOBILISING', 'UNFIT', 'REPORT_UNFIT'),
    ('MOBILISING', 'DEMOBILISING', 'SURGE_OVER'),
    ('NO_SHOW', 'CHECKED_IN', 'CHECK_IN'), ('NO_SHOW', 'DEMOBILISING', 'CHECK_IN'),
    ('NO_SHOW', 'CLOSED', 'CONFIRM_RETURN'), ('NO_SHOW', 'REIMBURSED', 'CONFIRM_RETURN'),
    ('NO_SHOW', 'REPORTED', 'CONFIRM_RETURN'), ('NO_SHOW', 'RETURNED', 'CONFIRM_RETURN'),
    ('NO_SHOW', 'CHECKED_IN', 'REPORT_ARRIVAL'), ('NO_SHOW', 'DEMOBILISING', 'REPORT_ARRIVAL'),
    ('NO_SHOW', 'ACCIDENT_REPORT_OWED', 'REPORT_DEATH'),
    ('OFFERED', 'RELEASE_PENDING', 'ACCEPT_OFFER'),
    ('OFFERED', 'CONDITION_PENDING', 'ACCEPT_ON_CONDITION'),
    ('OFFERED', 'NO_RESPONSE', 'CLOCK'),
    ('OFFERED', 'WITHDRAWN', 'CONFIRM_AFFECTED'),
    ('OFFERED', 'DECLINED', 'DECLINE_OFFER'),
    ('OFFERED', 'RELEASE_PENDING', 'DIRECTED'),
    ('OFFERED', 'WITHDRAWN', 'FALLEN_DUE'),
    ('OFFERED', 'DECEASED', 'REPORT_DEATH'),
    ('OFFERED', 'WITHDRAWN', 'SURGE_OVER'),
    ('ON_DUTY', 'ENDING_SOON', 'APPROVE_EXTENSION'),
    ('ON_DUTY', 'ENDING_SOON', 'APPROVE_REASSIGNMENT'),
    ('ON_DUTY', 'ENDING_SOON', 'CLOCK'), ('ON_DUTY', 'OUT_OF_CONTACT', 'CLOCK'),
    ('ON_DUTY', 'DEMOBILISING', 'CONFIRM_AFFECTED'),
    ('ON_DUTY', 'ENDING_SOON', 'CONSENT_EXTENSION'),
    ('ON_DUTY', 'ENDING_SOON', 'CONSENT_REASSIGNMENT'),
    ('ON_DUTY', 'CONVERTED', 'CONVERT'),
    ('ON_DUTY', 'ENDING_SOON', 'DENY_EXTENSION'),
    ('ON_DUTY', 'ENDING_SOON', 'DENY_REASSIGNMENT'),
    ('ON_DUTY', 'DEMOBILISING', 'FALLEN_DUE'),
    ('ON_DUTY', 'ENDING_SOON', 'FILE_ACCIDENT_REPORT'),
    ('ON_DUTY', 'ENDING_SOON', 'GAIN_ACTING_HEAD'),
    ('ON_DUTY', 'ENDING_SOON', 'HAND_OVER'),
    ('ON_DUTY', 'ENDING_SOON', 'LOSE_ACTING_HEAD'),
    ('ON_DUTY', 'ENDING_SOON', 'LOSE_COVER'),
    ('ON_DUTY', 'ENDING_SOON', 'OBJECT_EXTENSION'),
    ('ON_DUTY', 'ENDING_SOON', 'OBJECT_REASSIGNMENT'),
    ('ON_DUTY', 'ENDING_SOON', 'ORDERED'), ('ON_DUTY', 'REASSIGNED', 'ORDERED'),
    ('ON_DUTY', 'ENDING_SOON', 'PROPOSE_EXTENSION'),
    ('ON_DUTY', 'ENDING_SOON', 'PROPOSE_REASSIGNMENT'),
    ('ON_DUTY', 'DEMOBILISING', 'RECALL'),
    ('ON_DUTY', 'ENDING_SOON', 'REGAIN_COVER'),
    ('ON_DUTY', 'DEMOBILISING', 'RELEASE_EARLY'),
    ('ON_DUTY', 'ACCIDENT_REPORT_OWED', 'REPORT_DEATH'),
    ('ON_DUTY', 'INJURED', 'REPORT_INJURY'),
    ('ON_DUTY', 'ENDING_SOON', 'SIGN_CHECKLIST'),
    ('ON_DUTY', 'RESTING', 'START_REST'),
    ('ON_DUTY', 'DEMOBILISING', 'SURGE_OVER'),
    ('ON_DUTY', 'ENDING_SOON', 'WAIVE_CHECKLIST'),
    ('ON_DUTY', 'ENDING_SOON', 'WAIVE_EXTENSION_LIMIT'),
    ('ORDER_SIGNED', 'ORDER_CANCELLED', 'CANCEL_ORDER'),
    ('ORDER_SIGNED', 'MOBILISING', 'CLOCK'),
    ('ORDER_SIGNED', 'WITHDRAWN', 'CONFIRM_AFFECTED'),
    ('ORDER_SIGNED', 'WITHDRAWN', 'FALLEN_DUE'),
    ('ORDER_SIGNED', 'WITHDRAWN', 'RECALL'),
    ('ORDER_SIGNED', 'DECEASED', 'REPORT_DEATH'),
    ('ORDER_SIGNED', 'WITHDRAWN', 'SURGE_OVER'),
    ('ORDER_SIGNED', 'ORDER_CANCELLED', 'TAKEN'),
    ('OUT_OF_CONTACT', 'DEMOBILISING', 'REGAIN_CONTACT'), ('OUT_OF_CONTACT', 'ENDING_SOON', 'REGAIN_CONTACT'),
    ('OUT_OF_CONTACT', 'ON_DUTY', 'REGAIN_CONTACT'),
    ('OUT_OF_CONTACT', 'ACCIDENT_REPORT_OWED', 'REPORT_DEATH'),
    ('OUT_OF_CONTACT', 'DEMOBILISING', 'REPORT_INJURY'), ('OUT_OF_CONTACT', 'INJURED', 'REPORT_INJURY'),
    ('REIMBURSED', 'CLOSED', 'CHECK_IN'), ('REIMBURSED', 'REPORTED', 'CHECK_IN'),
    ('REIMBURSED', 'RETURNED', 'CHECK_IN'),
    ('REIMBURSED', 'CLOSED', 'RECEIVE_EVALUATION'), ('REIMBURSED', 'REPORTED', 'RECEIVE_EVALUATION'),
    ('REIMBURSED', 'RETURNED', 'RECEIVE_EVALUATION'),
    ('REIMBURSED', 'CLOSED', 'REPORT_ARRIVAL'), ('REIMBURSED', 'REPORTED', 'REPORT_ARRIVAL'),
    ('REIMBURSED', 'RETURNED', 'REPORT_ARRIVAL'),
    ('REIMBURSED', 'CLOSED', 'WAIVE_SETTLEMENT'), ('REIMBURSED', 'REPORTED', 'WAIVE_SETTLEMENT'),
    ('REIMBURSED', 'RETURNED', 'WAIVE_SETTLEMENT'),
    ('RELEASED', 'ORDER_CANCELLED', 'CANCEL_ORDER'),
    ('RELEASED', 'WITHDRAWN', 'CONFIRM_AFFECTED'),
    ('RELEASED', 'WITHDRAWN', 'FALLEN_DUE'),
    ('RELEASED', 'ORDER_SIGNED', 'ORDERED'),
    ('RELEASED', 'WITHDRAWN', 'RECALL'),
    ('RELEASED', 'DECEASED', 'REPORT_DEATH'),
    ('RELEASED', 'WITHDRAWN', 'SURGE_OVER'),
    ('RELEASE_PENDING', 'WITHDRAWN', 'CONFIRM_AFFECTED'),
    ('RELEASE_PENDING', 'WITHDRAWN', 'FALLEN_DUE'),
    ('RELEASE_PENDING', 'REFUSED', 'REFUSE_RELEASE'),
    ('RELEASE_PENDING', 'RELEASED', 'RELEASE'),
    ('RELEASE_PENDING', 'DECEASED', 'REPORT_DEATH'),
    ('RELEASE_PENDING', 'WITHDRAWN', 'SURGE_OVER'),
    ('REPORTED', 'CLOSED', 'CHECK_IN'), ('REPORTED', 'REIMBURSED', 'CHECK_IN'), ('REPORTED', 'RETURNED', 'CHECK_IN'),
    ('REPORTED', 'CLOSED', 'RECEIVE_EVALUATION'), ('REPORTED', 'REIMBURSED', 'RECEIVE_EVALUATION'),
    ('REPORTED', 'RETURNED', 'RECEIVE_EVALUATION'),
    ('REPORTED', 'CLOSED', 'REPORT_ARRIVAL'), ('REPORTED', 'REIMBURSED', 'REPORT_ARRIVAL'),
    ('REPORTED', 'RETURNED', 'REPORT_ARRIVAL'),
    ('REPORTED', 'CLOSED', 'SETTLE_CLAIM'), ('REPORTED', 'REIMBURSED', 'SETTLE_CLAIM'),
    ('REPORTED', 'RETURNED', 'SETTLE_CLAIM'),
    ('REPORTED', 'CLOSED', 'WAIVE_SETTLEMENT'), ('REPORTED', 'REIMBURSED', 'WAIVE_SETTLEMENT'),
    ('REPORTED', 'RETURNED', 'WAIVE_SETTLEMENT'),
    ('RESTING', 'OUT_OF_CONTACT', 'CLOCK'),
    ('RESTING', 'DEMOBILISING', 'CONFIRM_AFFECTED'),
    ('RESTING', 'CONVERTED', 'CONVERT'),
    ('RESTING', 'ENDING_SOON', 'END_REST'), ('RESTING', 'ON_DUTY', 'END_REST'),
    ('RESTING', 'DEMOBILISING', 'FALLEN_DUE'),
    ('RESTING', 'REASSIGNED', 'ORDERED'),
    ('RESTING', 'DEMOBILISING', 'RECALL'),
    ('RESTING', 'DEMOBILISING', 'RELEASE_EARLY'),
    ('RESTING', 'ACCIDENT_REPORT_OWED', 'REPORT_DEATH'),
    ('RESTING', 'INJURED', 'REPORT_INJURY'),
    ('RESTING', 'DEMOBILISING', 'SURGE_OVER'),
    ('RETURNED', 'CLOSED', 'CHECK_IN'), ('RETURNED', 'REIMBURSED', 'CHECK_IN'), ('RETURNED', 'REPORTED', 'CHECK_IN'),
    ('RETURNED', 'CLOSED', 'RECEIVE_EVALUATION'), ('RETURNED', 'REIMBURSED', 'RECEIVE_EVALUATION'),
    ('RETURNED', 'REPORTED', 'RECEIVE_EVALUATION'),
    ('RETURNED', 'CLOSED', 'RECEIVE_REPORT'), ('RETURNED', 'REIMBURSED', 'RECEIVE_REPORT'),
    ('RETURNED', 'REPORTED', 'RECEIVE_REPORT'),
    ('RETURNED', 'CLOSED', 'REPORT_ARRIVAL'), ('RETURNED', 'REIMBURSED', 'REPORT_ARRIVAL'),
    ('RETURNED', 'REPORTED', 'REPORT_ARRIVAL'),
    ('RETURNED', 'CLOSED', 'WAIVE_SETTLEMENT'), ('RETURNED', 'REIMBURSED', 'WAIVE_SETTLEMENT'),
    ('RETURNED', 'REPORTED', 'WAIVE_SETTLEMENT'),
    ('TRAVELLING_HOME', 'CLOSED', 'CONFIRM_RETURN'), ('TRAVELLING_HOME', 'REIMBURSED', 'CONFIRM_RETURN'),
    ('TRAVELLING_HOME', 'REPORTED', 'CONFIRM_RETURN'), ('TRAVELLING_HOME', 'RETURNED', 'CONFIRM_RETURN'),
    ('TRAVELLING_HOME', 'CONVERTED', 'CONVERT'),
    ('TRAVELLING_HOME', 'ACCIDENT_REPORT_OWED', 'REPORT_DEATH'),
    ('UNFIT', 'CLOSED', 'CONFIRM_RETURN'), ('UNFIT', 'REIMBURSED', 'CONFIRM_RETURN'),
    ('UNFIT', 'REPORTED', 'CONFIRM_RETURN'), ('UNFIT', 'RETURNED', 'CONFIRM_RETURN'),
    ('UNFIT', 'ACCIDENT_REPORT_OWED', 'REPORT_DEATH');
CREATE TABLE surge_steps (
    from_state text,
    to_state   text,
    behind     text,
    PRIMARY KEY (from_state, to_state, behind)
);
INSERT INTO surge_steps VALUES
    ('ACTIVE', 'CANCELLING', 'CANCEL_SURGE'),
    ('ACTIVE', 'FILLED', 'COUNTED'), ('ACTIVE', 'PARTLY_FILLED', 'COUNTED'), ('ACTIVE', 'SOURCING', 'COUNTED'),
    ('ACTIVE', 'STOOD_DOWN', 'RUN_OUT'),
    ('ACTIVE', 'STOOD_DOWN', 'STAND_DOWN'),
    ('APPROVED', 'CANCELLED', 'CANCEL_SURGE'),
    ('APPROVED', 'SOURCING', 'CONFIRM_PLAN'),
    ('APPROVED', 'STOOD_DOWN', 'RUN_OUT'),
    ('APPROVED', 'STOOD_DOWN', 'STAND_DOWN'),
    ('CANCELLING', 'CANCELLED', 'NOBODY_HELD'), ('CANCELLING', 'STOOD_DOWN', 'NOBODY_HELD'),
    ('DRAFT', 'APPROVED', 'REQUEST_SURGE'), ('DRAFT', 'SUBMITTED', 'REQUEST_SURGE'),
    ('DRAFT', 'REJECTED', 'TURNED_DOWN'),
    ('FILLED', 'CANCELLING', 'CANCEL_SURGE'),
    ('FILLED', 'ACTIVE', 'COUNTED'), ('FILLED', 'PARTLY_FILLED', 'COUNTED'), ('FILLED', 'SOURCING', 'COUNTED'),
    ('FILLED', 'STOOD_DOWN', 'RUN_OUT'),
    ('FILLED', 'STOOD_DOWN', 'STAND_DOWN'),
    ('PARTLY_FILLED', 'CANCELLING', 'CANCEL_SURGE'),
    ('PARTLY_FILLED', 'ACTIVE', 'COUNTED'), ('PARTLY_FILLED', 'FILLED', 'COUNTED'),
    ('PARTLY_FILLED', 'SOURCING', 'COUNTED'),
    ('PARTLY_FILLED', 'STOOD_DOWN', 'RUN_OUT'),
    ('PARTLY_FILLED', 'STOOD_DOWN', 'STAND_DOWN'),
    ('RETURNED', 'CANCELLED', 'CANCEL_SURGE'),
    ('RETURNED', 'SUBMITTED', 'RESUBMIT_SURGE'),
    ('SOURCING', 'CANCELLING', 'CANCEL_SURGE'),
    ('SOURCING', 'ACTIVE', 'COUNTED'), ('SOURCING', 'FILLED', 'COUNTED'), ('SOURCING', 'PARTLY_FILLED', 'COUNTED'),
    ('SOURCING', 'STOOD_DOWN', 'RUN_OUT'),
    ('SOURCING', 'STOOD_DOWN', 'STAND_DOWN'),
    ('STOOD_DOWN', 'CLOSED', 'CLOSE_SURGE'),
    ('SUBMITTED', 'APPROVED', 'APPROVE_SURGE'),
    ('SUBMITTED', 'CANCELLED', 'CANCEL_SURGE'),
    ('SUBMITTED', 'REJECTED', 'REJECT_SURGE'),
    ('SUBMITTED', 'RETURNED', 'RETURN_SURGE');

-- Whether a decision of the case, of one of these kinds, has its effect in this transaction: it is claimed and not answered
-- yet, which no other transaction ever sees. An answered one moves nothing again.
CREATE FUNCTION in_hand(of_case text, VARIADIC kinds text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM commands c JOIN effects e USING (command_id)
                    WHERE c.case_id = of_case AND c.state = 'RECORDED' AND c.kind = ANY (kinds))
$$;

CREATE FUNCTION nothing_behind(what text, which text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %: no decision stands behind it', what, which USING ERRCODE = 'SG005', CONSTRAINT = 'undecided';
END $$;

CREATE FUNCTION is_issued(paper uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM orders WHERE order_id = paper AND state = 'ISSUED')
$$;
-- The word of mouth on which a surge goes ahead stands in for the order.
CREATE FUNCTION is_ordered(surge text, paper uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT is_issued(paper) OR EXISTS (SELECT FROM surges WHERE surge_id = surge AND oral_at IS NOT NULL)
$$;

CREATE FUNCTION keep_placements_decided() RETURNS trigger LANGUAGE plpgsql AS $$
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
       AND NOT in_hand(mine, 'REPORT_INJURY', 'REPORT_DEATH', 'FILE_ACCIDENT_REPORT', 'WAIVE_ACCIDENT_REPORT') THEN
        PERFORM nothing_behind('the accident', mine);
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
-- What else stands in the row is told by the clock, or follows from where it stands.
CREATE TRIGGER placements_decided BEFORE UPDATE ON placements FOR EACH ROW EXECUTE FUNCTION keep_placements_decided();

-- Somebody is asked by the plan that stands, of a surge that is being staffed; or goes on from another post, on its order.
CREATE FUNCTION keep_offers_planned() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong uuid;
BEGIN
    SELECT p.placement_id INTO wrong FROM asked p JOIN surges s USING (surge_id)
     WHERE NOT CASE WHEN p.moved_from IS NULL
               THEN coalesce(p.state = 'OFFERED' AND p.revision = 0 AND p.plan_id = s.plan_id
                             AND s.state IN ('SOURCING', 'PARTLY_FILLED', 'FILLED', 'ACTIVE')
                             AND num_nonnulls(p.order_id, p.amending_order_id, p.departed_at, p.checked_in_at, p.returned_at) = 0, false)
               ELSE p.state = 'MOBILISING' AND p.revision = 0 AND is_ordered(p.surge_id, p.order_id) END
     LIMIT 1;
    IF FOUND THEN
        PERFORM nothing_behind('the offer', 'secondment:' || wrong);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER offers_planned AFTER INSERT ON placements REFERENCING NEW TABLE AS asked
    FOR EACH STATEMENT EXECUTE FUNCTION keep_offers_planned();

CREATE FUNCTION keep_surges_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mine text := 'surge:' || NEW.surge_id;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'DRAFT' OR num_nonnulls(NEW.approved_by, NEW.ratified_by, NEW.closed_at) > 0 THEN
            PERFORM nothing_behind('the request', mine);
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.surge_id, NEW.government_id, NEW.requested_by, NEW.kind, NEW.rule_pack)
       IS DISTINCT FROM (OLD.surge_id, OLD.government_id, OLD.requested_by, OLD.kind, OLD.rule_pack) THEN
        PERFORM nothing_behind('who asks', mine);
    END IF;
    IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT FROM surge_steps s
         WHERE s.from_state = OLD.state AND s.to_state = NEW.state
           AND CASE s.behind
               WHEN 'COUNTED' THEN true
               WHEN 'RUN_OUT' THEN NEW.since >= OLD.letter_until OR OLD.ratified_at IS NULL AND NEW.since >= OLD.paper_by
               WHEN 'NOBODY_HELD' THEN NOT EXISTS (SELECT FROM placements WHERE surge_id = OLD.surge_id AND held)
               WHEN 'TURNED_DOWN' THEN EXISTS (SELECT FROM commands c WHERE c.case_id = mine AND c.kind = 'REQUEST_SURGE'
                                                                        AND c.state = 'REFUSED')
               ELSE in_hand(mine, s.behind) END) THEN
        PERFORM nothing_behind(OLD.state || ' to ' || NEW.state, mine);
    END IF;
    IF NEW.approved_by IS DISTINCT FROM OLD.approved_by AND NOT in_hand(mine, 'APPROVE_SURGE', 'RATIFY_ORAL_ORDER') THEN
        PERFORM nothing_behind('the approval', mine);
    END IF;
    IF (NEW.ratified_by, NEW.ratified_at) IS DISTINCT FROM (OLD.ratified_by, OLD.ratified_at)
       AND NOT in_hand(mine, 'RATIFY_ORAL_ORDER') THEN
        PERFORM nothing_behind('the ratification', mine);
    END IF;
    IF OLD.state <> 'DRAFT'
       AND (NEW.oral_by, NEW.oral_capacity, NEW.oral_at) IS DISTINCT FROM (OLD.oral_by, OLD.oral_capacity, OLD.oral_at) THEN
        PERFORM nothing_behind('the oral order', mine);
    END IF;
    IF OLD.state <> 'DRAFT'
       AND (NEW.letter_number, NEW.letter_date, NEW.letter_until) IS DISTINCT FROM (OLD.letter_number, OLD.letter_date, OLD.letter_until)
       AND NOT in_hand(mine, 'PROLONG_LETTER', 'RESUBMIT_SURGE') THEN
        PERFORM nothing_behind('the letter', mine);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER surges_decided BEFORE INSERT OR UPDATE ON surges FOR EACH ROW EXECUTE FUNCTION keep_surges_decided();

-- What a surge asks for changes by a decision; the next turn of a line asks for the same post again.
CREATE FUNCTION keep_lines_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mine text := 'surge:' || CASE TG_OP WHEN 'DELETE' THEN OLD.surge_id ELSE NEW.surge_id END;
BEGIN
    IF EXISTS (SELECT FROM surges WHERE surge_id = substr(mine, 7) AND state = 'DRAFT') OR in_hand(mine, 'RESUBMIT_SURGE') THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NOT (CASE WHEN NEW.continues IS NULL THEN in_hand(mine, 'ADD_LINE')
               ELSE EXISTS (SELECT FROM request_lines l WHERE l.line_id = NEW.continues
                               AND (l.surge_id, l.role, l.site) = (NEW.surge_id, NEW.role, NEW.site)) END) THEN
            PERFORM nothing_behind('line ' || NEW.line_id, mine);
        END IF;
    ELSIF TG_OP = 'DELETE' OR (NEW.surge_id, NEW.role, NEW.site, NEW.report_at, NEW.due_back)
                              IS DISTINCT FROM (OLD.surge_id, OLD.role, OLD.site, OLD.report_at, OLD.due_back) THEN
        PERFORM nothing_behind('line ' || OLD.line_id, mine);
    ELSIF (NEW.quantity, NEW.closed_at, NEW.needed_until) IS DISTINCT FROM (OLD.quantity, OLD.closed_at, OLD.needed_until)
          AND NOT in_hand(mine, 'RAISE_LINE', 'CUT_LINE', 'CLOSE_LINE', 'NEED_UNTIL', 'ASK_RELIEF') THEN
        PERFORM nothing_behind('line ' || OLD.line_id, mine);
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER lines_decided BEFORE INSERT OR UPDATE OR DELETE ON request_lines
    FOR EACH ROW EXECUTE FUNCTION keep_lines_decided();

-- An override and a waiver are the decision itself, by who made it.
CREATE FUNCTION keep_grants_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    grant_id uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'used' = to_jsonb(OLD) - 'used' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' OR NOT EXISTS (
        SELECT FROM commands c JOIN effects e USING (command_id)
         WHERE c.command_id = grant_id AND c.kind = TG_ARGV[1] AND c.state = 'RECORDED'
           AND c.case_id = 'surge:' || NEW.surge_id AND c.actor_id = NEW.granted_by) THEN
        PERFORM nothing_behind(TG_ARGV[1], 'surge:' || NEW.surge_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER override_decided BEFORE INSERT OR UPDATE ON redline_overrides
    FOR EACH ROW EXECUTE FUNCTION keep_grants_decided('override_id', 'OVERRIDE_REDLINE');
CREATE TRIGGER waiver_decided BEFORE INSERT OR UPDATE ON yearly_cap_waivers
    FOR EACH ROW EXECUTE FUNCTION keep_grants_decided('waiver_id', 'WAIVE_YEARLY_CAP');

-- A number is drawn for a signature that is recorded, and bears the name of who gave it; what is issued or void stays so.
CREATE FUNCTION keep_orders_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.state <> 'RESERVED'
           OR (NEW.order_id, NEW.surge_id, NEW.command_id, NEW.number, NEW.signatory_id, NEW.signed_at)
              <> (OLD.order_id, OLD.surge_id, OLD.command_id, OLD.number, OLD.signatory_id, OLD.signed_at))
       OR TG_OP = 'INSERT' AND NEW.state <> 'RESERVED'
       OR NEW.state IN ('RESERVED', 'ISSUED') AND NOT EXISTS (
              SELECT FROM commands c WHERE c.command_id = NEW.command_id AND c.kind = 'SIGN_ORDER' AND c.state = 'RECORDED'
                 AND c.case_id = 'surge:' || NEW.surge_id AND c.actor_id = NEW.signatory_id) THEN
        PERFORM nothing_behind('order ' || NEW.number, 'surge:' || NEW.surge_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_decided BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION keep_orders_decided();

-- A decision stands as it was made. It is answered once, with its effect, and neither taken back nor made up as answered.
CREATE FUNCTION keep_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM nothing_behind('the decision', OLD.case_id);
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'RECORDED' THEN
            PERFORM nothing_behind('the answer', NEW.case_id);
        END IF;
    ELSIF (NEW.command_id, NEW.government_id, NEW.case_id, NEW.kind, NEW.actor_id, NEW.on_behalf_of, NEW.capacity, NEW.tenure,
           NEW.mandate_id, NEW.decided_at, NEW.choice, NEW.details)
          IS DISTINCT FROM
          (OLD.command_id, OLD.government_id, OLD.case_id, OLD.kind, OLD.actor_id, OLD.on_behalf_of, OLD.capacity, OLD.tenure,
           OLD.mandate_id, OLD.decided_at, OLD.choice, OLD.details) THEN
        PERFORM nothing_behind('the decision', OLD.case_id);
    ELSIF NEW.state <> OLD.state
          AND (OLD.state <> 'RECORDED' OR NOT EXISTS (SELECT FROM effects WHERE command_id = NEW.command_id)) THEN
        PERFORM nothing_behind('the answer', OLD.case_id);
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER kept_as_decided BEFORE INSERT OR UPDATE OR DELETE ON commands FOR EACH ROW EXECUTE FUNCTION keep_decisions();
