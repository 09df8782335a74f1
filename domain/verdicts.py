"""What can be said to each kind of task: the command that a verdict records, and until when it is asked."""

from __future__ import annotations

from enum import StrEnum

from domain.commands import CommandKind
from domain.moves import TaskKind


class Verdict(StrEnum):
    """What can be said to what is asked."""

    APPROVE = "APPROVE"
    RETURN = "RETURN"
    REJECT = "REJECT"


_T, _V, _K = TaskKind, Verdict, CommandKind
DECIDES: dict[tuple[TaskKind, Verdict], CommandKind] = {
    (_T.APPROVE_SURGE, _V.APPROVE): _K.APPROVE_SURGE,
    (_T.APPROVE_SURGE, _V.RETURN): _K.RETURN_SURGE,
    (_T.APPROVE_SURGE, _V.REJECT): _K.REJECT_SURGE,
    (_T.CONFIRM_PLAN, _V.APPROVE): _K.CONFIRM_PLAN,
    (_T.CONFIRM_PLAN, _V.RETURN): _K.PLAN_SURGE,
    (_T.ANSWER_OFFER, _V.APPROVE): _K.ACCEPT_OFFER,
    (_T.ANSWER_OFFER, _V.REJECT): _K.DECLINE_OFFER,
    (_T.DECIDE_RELEASE, _V.APPROVE): _K.RELEASE,
    (_T.DECIDE_RELEASE, _V.REJECT): _K.REFUSE_RELEASE,
    (_T.SIGN_ORDER, _V.APPROVE): _K.SIGN_ORDER,
    (_T.CHECK_IN, _V.APPROVE): _K.CHECK_IN,
    (_T.COMPLETE_CHECK_IN, _V.APPROVE): _K.SIGN_CHECKLIST,
    (_T.SIGN_DEMOB, _V.APPROVE): _K.SIGN_DEMOB,
    (_T.CONFIRM_RETURN, _V.APPROVE): _K.CONFIRM_RETURN,
    (_T.EXTEND_OR_END, _V.APPROVE): _K.EXTEND_STATUS,
    (_T.EXTEND_OR_END, _V.REJECT): _K.END_OPERATION,
    (_T.ANSWER_CONDITION, _V.APPROVE): _K.GRANT_CONDITION,
    (_T.ANSWER_CONDITION, _V.REJECT): _K.REFUSE_CONDITION,
    (_T.FIND_PERSON, _V.APPROVE): _K.REGAIN_CONTACT,
    (_T.FILE_ACCIDENT_REPORT, _V.APPROVE): _K.FILE_ACCIDENT_REPORT,
    (_T.CHASE_ACCIDENT_REPORT, _V.REJECT): _K.WAIVE_ACCIDENT_REPORT,
    (_T.COVER_DUTY, _V.REJECT): _K.RELEASE_EARLY,
    (_T.ANSWER_EXTENSION, _V.APPROVE): _K.APPROVE_EXTENSION,
    (_T.ANSWER_EXTENSION, _V.REJECT): _K.DENY_EXTENSION,
    (_T.ANSWER_REASSIGNMENT, _V.APPROVE): _K.APPROVE_REASSIGNMENT,
    (_T.ANSWER_REASSIGNMENT, _V.REJECT): _K.DENY_REASSIGNMENT,
    (_T.FILE_AFTER_ACTION, _V.APPROVE): _K.FILE_AFTER_ACTION,
    (_T.ARCHIVE_OPERATION, _V.APPROVE): _K.ARCHIVE_OPERATION,
    (_T.RATIFY_ORAL_ORDER, _V.APPROVE): _K.RATIFY_ORAL_ORDER,
    (_T.CLOSE_SURGE, _V.APPROVE): _K.CLOSE_SURGE,
    (_T.GRANT_REST, _V.APPROVE): _K.START_REST,
    (_T.RELIEVE_OR_END, _V.APPROVE): _K.ASK_RELIEF,
    (_T.RELIEVE_OR_END, _V.REJECT): _K.NEED_UNTIL,
    (_T.BACKFILL_OR_DECLINE, _V.APPROVE): _K.DRAFT_BACKFILL,
    (_T.BACKFILL_OR_DECLINE, _V.REJECT): _K.DECLINE_BACKFILL,
    (_T.SETTLE_CLAIM, _V.APPROVE): _K.SETTLE_CLAIM,
    (_T.DECIDE_SETTLEMENT, _V.REJECT): _K.WAIVE_SETTLEMENT,
    (_T.RECEIVE_MUTATION, _V.APPROVE): _K.RECEIVE_MUTATION,
    (_T.SCREEN_MUTATION, _V.APPROVE): _K.PASS_SCREENING,
    (_T.SCREEN_MUTATION, _V.RETURN): _K.RETURN_MUTATION,
    (_T.SCREEN_MUTATION, _V.REJECT): _K.FIND_INELIGIBLE,
    (_T.ASSESS_MUTATION, _V.APPROVE): _K.RECOMMEND_MUTATION,
    (_T.ASSESS_MUTATION, _V.REJECT): _K.ADVISE_AGAINST_MUTATION,
    (_T.OBTAIN_CLEARANCE, _V.APPROVE): _K.GRANT_CLEARANCE,
    (_T.OBTAIN_CLEARANCE, _V.RETURN): _K.HOLD_CLEARANCE,
    (_T.OBTAIN_CLEARANCE, _V.REJECT): _K.REFUSE_CLEARANCE,
    (_T.COMPLETE_FILE, _V.APPROVE): _K.COMPLETE_CLEARANCE_FILE,
    (_T.COUNSEL_MUTATION, _V.APPROVE): _K.COUNSEL_FOR_MUTATION,
    (_T.COUNSEL_MUTATION, _V.REJECT): _K.COUNSEL_AGAINST_MUTATION,
    (_T.DECIDE_MUTATION, _V.APPROVE): _K.APPROVE_MUTATION,
    (_T.DECIDE_MUTATION, _V.RETURN): _K.SEND_BACK_MUTATION,
    (_T.DECIDE_MUTATION, _V.REJECT): _K.REJECT_MUTATION,
    (_T.PREPARE_DECREE, _V.APPROVE): _K.PREPARE_DECREE,
    (_T.INITIAL_DECREE, _V.APPROVE): _K.INITIAL_DECREE,
    (_T.INITIAL_DECREE, _V.RETURN): _K.RETURN_DECREE,
    (_T.SIGN_DECREE, _V.APPROVE): _K.SIGN_DECREE,
    (_T.SERVE_DECREE, _V.APPROVE): _K.SERVE_DECREE,
    (_T.INAUGURATE, _V.APPROVE): _K.FILE_INAUGURATION,
    (_T.BEGIN_HANDOVER, _V.APPROVE): _K.BEGIN_HANDOVER,
    (_T.FILE_HANDOVER_RECORD, _V.APPROVE): _K.FILE_HANDOVER_RECORD,
    (_T.FILE_DUTY_START, _V.APPROVE): _K.FILE_DUTY_START,
    (_T.FILE_DUTY_START, _V.REJECT): _K.REPORT_DUTY_NOT_STARTED,
    (_T.SETTLE_NO_SHOW, _V.REJECT): _K.CANCEL_MUTATION,
    (_T.SETTLE_ABSENCE, _V.APPROVE): _K.OPEN_DISCIPLINE_CASE,
    (_T.SETTLE_ABSENCE, _V.REJECT): _K.EXCUSE_ABSENCE,
    (_T.REPORT_MUTATION, _V.APPROVE): _K.REPORT_MUTATION,
    (_T.RETRACT_ENTRY, _V.APPROVE): _K.RETRACT_ENTRY,
    (_T.ANSWER_BKN, _V.APPROVE): _K.REPORT_BLOCK_LIFTED,
    (_T.SETTLE_IMPEDIMENT, _V.APPROVE): _K.LET_DECREE_STAND,
    (_T.REVIEW_OBJECTION, _V.APPROVE): _K.REVIEW_OBJECTION,
    (_T.ANSWER_OBJECTION, _V.APPROVE): _K.REVOKE_DECREE,
    (_T.ANSWER_OBJECTION, _V.RETURN): _K.CORRECT_DECREE,
    (_T.ANSWER_OBJECTION, _V.REJECT): _K.UPHOLD_DECREE,
}
"""(what is asked, what is said) -> the command that this records.

COVER_DUTY has nothing to approve: cover comes when the status is extended, and closes the task. CHASE_ACCIDENT_REPORT
neither: it closes when the home unit files the report. What has no verdict at all is settled as app/instead.py says:
what is sent again whole, is decided by others, asks for nothing, is closed by a mandate, an evaluation, a new letter, or
in one of several ways, like seats that nobody is found for.
RELIEVE_OR_END closes once each of the surge's places that fall empty is settled, by a verdict on each line or in any
other way; BACKFILL_OR_DECLINE by itself too, once the unit is thin no more. To approve what ANSWER_OBJECTION asks is to
revoke the decree; what SETTLE_ABSENCE asks, to open a discipline case, and to reject that is to excuse.
"""

BY_NAME: dict[CommandKind, CommandKind] = {
    _K.APPROVE_EXTENSION: _K.CONSENT_EXTENSION,
    _K.DENY_EXTENSION: _K.OBJECT_EXTENSION,
    _K.APPROVE_REASSIGNMENT: _K.CONSENT_REASSIGNMENT,
    _K.DENY_REASSIGNMENT: _K.OBJECT_REASSIGNMENT,
}
"""What an office's command is called where the person themself is asked."""

TERM_OF: dict[TaskKind, str | None] = {
    _T.APPROVE_SURGE: "surge.deadlines.approval",
    _T.CONFIRM_PLAN: "surge.deadlines.confirmation",
    _T.ANSWER_OFFER: "surge.deadlines.offer",
    _T.DECIDE_RELEASE: "surge.deadlines.release",
    _T.SIGN_ORDER: "surge.deadlines.order",
    _T.CHECK_IN: "surge.deadlines.check_in",
    _T.COMPLETE_CHECK_IN: "surge.deadlines.check_in",
    _T.SIGN_DEMOB: "surge.deadlines.homeward",
    _T.CONFIRM_RETURN: "surge.deadlines.homeward",
    _T.EXTEND_OR_END: None,
    _T.ANSWER_CONDITION: "surge.deadlines.condition",
    _T.FIND_PERSON: "surge.deadlines.return_escalation",
    _T.FILE_ACCIDENT_REPORT: "surge.deadlines.accident_report",
    _T.COVER_DUTY: "surge.deadlines.uncovered_grace",
    _T.ANSWER_EXTENSION: None,
    _T.ANSWER_REASSIGNMENT: "surge.deadlines.hearing",
    _T.FILE_AFTER_ACTION: "operation.after_action",
    _T.ARCHIVE_OPERATION: None,
    _T.RESUBMIT_SURGE: "surge.deadlines.resubmission",
    _T.RATIFY_ORAL_ORDER: "surge.oral_order.paper",
    _T.CHASE_PLAN: "surge.deadlines.confirmation",
    _T.CHASE_ORDER: "surge.deadlines.order",
    _T.CLOSE_SURGE: "surge.deadlines.report",
    _T.EXPECT_RETURN: "surge.deadlines.homeward",
    _T.KNOW_NEW_POST: None,
    _T.LETTER_ENDING: "surge.service_demand.letter_warning",
    _T.NAME_ACTING_HEAD: "surge.deadlines.acting_head",
    _T.CHASE_ACTING_HEAD: "surge.deadlines.acting_head",
    _T.CHASE_ACCIDENT_REPORT: "surge.deadlines.return_escalation",
    _T.GRANT_REST: None,
    _T.RELIEVE_OR_END: None,
    _T.FILL_OR_REDUCE: "surge.deadlines.unmet",
    _T.ADD_OR_STAND_DOWN: "surge.deadlines.idle",
    _T.BACKFILL_OR_DECLINE: "surge.deadlines.thin_unit",
    _T.KNOW_THIN_UNIT: None,
    _T.FILE_REPORT: "closing.reporting",
    _T.EVALUATE_PERSON: "closing.reporting",
    _T.SETTLE_CLAIM: "closing.reimbursement",
    _T.CHASE_SETTLEMENT: "closing.urging",
    _T.DECIDE_SETTLEMENT: "closing.urging",
    _T.RECEIVE_MUTATION: "mutation.deadlines.screening",
    _T.SCREEN_MUTATION: "mutation.deadlines.screening",
    _T.MEND_MUTATION: "mutation.deadlines.completion",
    _T.ANSWER_HEARING: "mutation.deadlines.consultation",
    _T.ASSESS_MUTATION: "mutation.deadlines.assessment",
    _T.OBTAIN_CLEARANCE: "mutation.clearances.TECHNICAL_CLEARANCE",
    _T.COMPLETE_FILE: "mutation.deadlines.completion",
    _T.COUNSEL_MUTATION: "mutation.deadlines.counsel",
    _T.DECIDE_MUTATION: "mutation.deadlines.decision",
    _T.PREPARE_DECREE: "mutation.deadlines.preparation",
    _T.INITIAL_DECREE: "mutation.deadlines.preparation",
    _T.SIGN_DECREE: "mutation.deadlines.preparation",
    _T.SERVE_DECREE: "mutation.deadlines.service",
    _T.INAUGURATE: "mutation.deadlines.service",
    _T.BEGIN_HANDOVER: "mutation.deadlines.service",
    _T.FILE_HANDOVER_RECORD: None,
    _T.FILE_DUTY_START: None,
    _T.SETTLE_NO_SHOW: "mutation.deadlines.decision",
    _T.SETTLE_ABSENCE: "mutation.deadlines.absence",
    _T.SETTLE_EFFECT: "mutation.deadlines.service",
    _T.REPORT_MUTATION: "mutation.deadlines.report",
    _T.RETRACT_ENTRY: "mutation.deadlines.report",
    _T.ANSWER_BKN: "mutation.deadlines.decision",
    _T.SETTLE_IMPEDIMENT: None,
    _T.REVIEW_OBJECTION: "mutation.deadlines.objection_answer",
    _T.ANSWER_OBJECTION: "mutation.deadlines.objection_answer",
    _T.PROPOSE_REVERSAL: "mutation.deadlines.screening",
    _T.CHASE_MUTATION: "mutation.urging.escalation",
}
"""The key of the rule pack that says until when it is asked; None where no term does."""


def verdicts(kind: TaskKind, *, by_name: bool) -> dict[Verdict, CommandKind]:
    """Return the verdicts that a kind has, each with the command that it records; `by_name`: of one person."""
    return {
        verdict: BY_NAME.get(command, command) if by_name else command
        for (asked, verdict), command in DECIDES.items()
        if asked == kind
    }


def asking_for(command: str) -> tuple[TaskKind, ...]:
    """Return the kinds of task that such a command of an office decides."""
    return tuple(asked for (asked, _), decides in DECIDES.items() if decides == command)
