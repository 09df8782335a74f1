"""A person's decision: recorded first, applied later, exactly once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.authority import Capacity, Tenure, as_held


class CommandKind(StrEnum):
    """What can be decided, by a person or by the system; the value is the name on the wire and in the log."""

    OPEN_OPERATION = "OPEN_OPERATION"
    DECLARE_STATUS = "DECLARE_STATUS"
    EXTEND_STATUS = "EXTEND_STATUS"
    END_OPERATION = "END_OPERATION"
    REQUEST_SURGE = "REQUEST_SURGE"
    APPROVE_SURGE = "APPROVE_SURGE"
    REJECT_SURGE = "REJECT_SURGE"
    RETURN_SURGE = "RETURN_SURGE"
    RESUBMIT_SURGE = "RESUBMIT_SURGE"
    RATIFY_ORAL_ORDER = "RATIFY_ORAL_ORDER"
    PROLONG_LETTER = "PROLONG_LETTER"
    PLAN_SURGE = "PLAN_SURGE"
    OVERRIDE_REDLINE = "OVERRIDE_REDLINE"
    WAIVE_YEARLY_CAP = "WAIVE_YEARLY_CAP"
    CONFIRM_PLAN = "CONFIRM_PLAN"
    WITHDRAW_PLAN = "WITHDRAW_PLAN"
    SIGN_ORDER = "SIGN_ORDER"
    STAND_DOWN = "STAND_DOWN"
    ADD_LINE = "ADD_LINE"
    RAISE_LINE = "RAISE_LINE"
    CUT_LINE = "CUT_LINE"
    CLOSE_LINE = "CLOSE_LINE"
    ASK_RELIEF = "ASK_RELIEF"
    NEED_UNTIL = "NEED_UNTIL"
    CANCEL_SURGE = "CANCEL_SURGE"
    CLOSE_SURGE = "CLOSE_SURGE"
    ACCEPT_OFFER = "ACCEPT_OFFER"
    DECLINE_OFFER = "DECLINE_OFFER"
    RELEASE = "RELEASE"
    REFUSE_RELEASE = "REFUSE_RELEASE"
    CHECK_IN = "CHECK_IN"
    SIGN_DEMOB = "SIGN_DEMOB"
    CONFIRM_RETURN = "CONFIRM_RETURN"
    ACCEPT_ON_CONDITION = "ACCEPT_ON_CONDITION"
    GRANT_CONDITION = "GRANT_CONDITION"
    REFUSE_CONDITION = "REFUSE_CONDITION"
    CANCEL_ORDER = "CANCEL_ORDER"
    REPORT_ARRIVAL = "REPORT_ARRIVAL"
    REPORT_UNFIT = "REPORT_UNFIT"
    REPORT_NO_SHOW = "REPORT_NO_SHOW"
    START_REST = "START_REST"
    END_REST = "END_REST"
    REGAIN_CONTACT = "REGAIN_CONTACT"
    REPORT_INJURY = "REPORT_INJURY"
    FILE_ACCIDENT_REPORT = "FILE_ACCIDENT_REPORT"
    WAIVE_ACCIDENT_REPORT = "WAIVE_ACCIDENT_REPORT"
    RESUME_DUTY = "RESUME_DUTY"
    REPORT_DEATH = "REPORT_DEATH"
    RETRACT_DEATH = "RETRACT_DEATH"
    CONFIRM_AFFECTED = "CONFIRM_AFFECTED"
    RECALL = "RECALL"
    RELEASE_EARLY = "RELEASE_EARLY"
    PROPOSE_EXTENSION = "PROPOSE_EXTENSION"
    WAIVE_EXTENSION_LIMIT = "WAIVE_EXTENSION_LIMIT"
    CONSENT_EXTENSION = "CONSENT_EXTENSION"
    OBJECT_EXTENSION = "OBJECT_EXTENSION"
    APPROVE_EXTENSION = "APPROVE_EXTENSION"
    DENY_EXTENSION = "DENY_EXTENSION"
    HAND_OVER = "HAND_OVER"
    PROPOSE_REASSIGNMENT = "PROPOSE_REASSIGNMENT"
    CONSENT_REASSIGNMENT = "CONSENT_REASSIGNMENT"
    OBJECT_REASSIGNMENT = "OBJECT_REASSIGNMENT"
    APPROVE_REASSIGNMENT = "APPROVE_REASSIGNMENT"
    DENY_REASSIGNMENT = "DENY_REASSIGNMENT"
    SIGN_CHECKLIST = "SIGN_CHECKLIST"
    WAIVE_CHECKLIST = "WAIVE_CHECKLIST"
    SETTLE_CLAIM = "SETTLE_CLAIM"
    WAIVE_SETTLEMENT = "WAIVE_SETTLEMENT"
    CONVERT = "CONVERT"
    ESCALATE_OPERATION = "ESCALATE_OPERATION"
    HAND_BACK_STATUS = "HAND_BACK_STATUS"
    WITHDRAW_STATUS = "WITHDRAW_STATUS"
    FILE_AFTER_ACTION = "FILE_AFTER_ACTION"
    ARCHIVE_OPERATION = "ARCHIVE_OPERATION"
    LOSE_COVER = "LOSE_COVER"
    REGAIN_COVER = "REGAIN_COVER"
    GAIN_ACTING_HEAD = "GAIN_ACTING_HEAD"
    LOSE_ACTING_HEAD = "LOSE_ACTING_HEAD"
    DRAFT_BACKFILL = "DRAFT_BACKFILL"
    DECLINE_BACKFILL = "DECLINE_BACKFILL"
    RECEIVE_REPORT = "RECEIVE_REPORT"
    RECEIVE_EVALUATION = "RECEIVE_EVALUATION"
    PROPOSE_MUTATION = "PROPOSE_MUTATION"
    RECEIVE_MUTATION = "RECEIVE_MUTATION"
    RETURN_MUTATION = "RETURN_MUTATION"
    RESUBMIT_MUTATION = "RESUBMIT_MUTATION"
    OVERRIDE_MUTATION_RULE = "OVERRIDE_MUTATION_RULE"
    FIND_INELIGIBLE = "FIND_INELIGIBLE"
    PASS_SCREENING = "PASS_SCREENING"  # noqa: S105 - no password
    WITHDRAW_MUTATION = "WITHDRAW_MUTATION"
    HEAR_PERSON = "HEAR_PERSON"
    HEAR_RELEASING_HEAD = "HEAR_RELEASING_HEAD"
    HEAR_RECEIVING_HEAD = "HEAR_RECEIVING_HEAD"
    RECOMMEND_MUTATION = "RECOMMEND_MUTATION"
    ADVISE_AGAINST_MUTATION = "ADVISE_AGAINST_MUTATION"
    GRANT_CLEARANCE = "GRANT_CLEARANCE"
    REFUSE_CLEARANCE = "REFUSE_CLEARANCE"
    HOLD_CLEARANCE = "HOLD_CLEARANCE"
    COMPLETE_CLEARANCE_FILE = "COMPLETE_CLEARANCE_FILE"
    COUNSEL_FOR_MUTATION = "COUNSEL_FOR_MUTATION"
    COUNSEL_AGAINST_MUTATION = "COUNSEL_AGAINST_MUTATION"
    APPROVE_MUTATION = "APPROVE_MUTATION"
    REJECT_MUTATION = "REJECT_MUTATION"
    SEND_BACK_MUTATION = "SEND_BACK_MUTATION"
    PREPARE_DECREE = "PREPARE_DECREE"
    INITIAL_DECREE = "INITIAL_DECREE"
    RETURN_DECREE = "RETURN_DECREE"
    SIGN_DECREE = "SIGN_DECREE"
    SERVE_DECREE = "SERVE_DECREE"
    BEGIN_HANDOVER = "BEGIN_HANDOVER"
    FILE_INAUGURATION = "FILE_INAUGURATION"
    FILE_HANDOVER_RECORD = "FILE_HANDOVER_RECORD"
    FILE_DUTY_START = "FILE_DUTY_START"
    REPORT_DUTY_NOT_STARTED = "REPORT_DUTY_NOT_STARTED"
    OPEN_DISCIPLINE_CASE = "OPEN_DISCIPLINE_CASE"
    EXCUSE_ABSENCE = "EXCUSE_ABSENCE"
    REPORT_MUTATION = "REPORT_MUTATION"
    RETRACT_ENTRY = "RETRACT_ENTRY"
    CANCEL_MUTATION = "CANCEL_MUTATION"
    LET_DECREE_STAND = "LET_DECREE_STAND"
    ISSUE_ERRATUM = "ISSUE_ERRATUM"
    FILE_OBJECTION = "FILE_OBJECTION"
    WITHDRAW_OBJECTION = "WITHDRAW_OBJECTION"
    REVIEW_OBJECTION = "REVIEW_OBJECTION"
    UPHOLD_DECREE = "UPHOLD_DECREE"
    CORRECT_DECREE = "CORRECT_DECREE"
    REVOKE_DECREE = "REVOKE_DECREE"
    SUSPEND_DECREE = "SUSPEND_DECREE"
    LIFT_SUSPENSION = "LIFT_SUSPENSION"
    NOTE_LAWSUIT = "NOTE_LAWSUIT"
    REPORT_SUBJECT_DEATH = "REPORT_SUBJECT_DEATH"
    RETRACT_SUBJECT_DEATH = "RETRACT_SUBJECT_DEATH"
    REPORT_RETIREMENT = "REPORT_RETIREMENT"
    REPORT_FINDING = "REPORT_FINDING"
    REPORT_POSITION_LOST = "REPORT_POSITION_LOST"
    REPORT_FREEZE = "REPORT_FREEZE"
    REPORT_FREEZE_OVER = "REPORT_FREEZE_OVER"
    REPORT_BLOCK = "REPORT_BLOCK"
    REPORT_BLOCK_LIFTED = "REPORT_BLOCK_LIFTED"
    LEAVE_BATCH = "LEAVE_BATCH"
    FORM_GROUP = "FORM_GROUP"
    DISSOLVE_GROUP = "DISSOLVE_GROUP"


STARTS = frozenset(
    {
        CommandKind.OPEN_OPERATION,
        CommandKind.REQUEST_SURGE,
        CommandKind.PROPOSE_MUTATION,
        CommandKind.FORM_GROUP,
    }
)
"""Commands that begin a case instead of being told to a running one."""


REOPENS = frozenset(
    {
        CommandKind.CHECK_IN,
        CommandKind.REPORT_ARRIVAL,
        CommandKind.RETRACT_DEATH,
        CommandKind.RETRACT_SUBJECT_DEATH,
    }
)
"""Commands that are told to a case also when it has ended: that somebody was on site, or lives, stays so. The case itself says no."""

SYSTEM_ACTOR = "system:operation"
MANDATES_ACTOR = "system:mandates"
CLOSING_ACTOR = "system:closing"
BY_SYSTEM: dict[CommandKind, str] = {
    CommandKind.LOSE_COVER: SYSTEM_ACTOR,
    CommandKind.REGAIN_COVER: SYSTEM_ACTOR,
    CommandKind.GAIN_ACTING_HEAD: MANDATES_ACTOR,
    CommandKind.LOSE_ACTING_HEAD: MANDATES_ACTOR,
    CommandKind.RECEIVE_REPORT: CLOSING_ACTOR,
    CommandKind.RECEIVE_EVALUATION: CLOSING_ACTOR,
}
"""Commands that follow from what was decided elsewhere, and who gives them: nobody holds an office that may."""


class CommandState(StrEnum):
    """RECORDED is durable and not yet applied; the others are final."""

    RECORDED = "RECORDED"
    APPLIED = "APPLIED"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class Command:
    """A decision as it was recorded. `details` holds codes and numbers only, never free text.

    By a mandate (`tenure` says of which kind), it is the decision of `actor_id` on behalf of `on_behalf_of`.
    """

    command_id: str
    government_id: str
    case_id: str
    kind: CommandKind
    actor_id: str
    capacity: Capacity
    decided_at: datetime
    on_behalf_of: str | None = None
    choice: str | None = None
    details: dict[str, str | int | float] = field(default_factory=dict)
    state: CommandState = CommandState.RECORDED
    refusal: str | None = None
    tenure: Tenure = Tenure.DEFINITIVE
    mandate_id: str | None = None

    @property
    def authority(self) -> str:
        """Return how the log names the authority: the office, and how it was held if not by appointment."""
        return as_held(self.capacity, self.tenure)

    @property
    def said(self) -> dict[str, str | int | float]:
        """Return what the log is told of it: the details, and the choice where one was made."""
        return dict(self.details) | ({"choice": self.choice} if self.choice else {})


@dataclass(frozen=True)
class Outcome:
    """What became of a command: applied, or refused with a code; and where the case stands now."""

    command_id: str
    state: CommandState
    refusal: str | None = None
    case_state: str | None = None


def by_system(
    kind: CommandKind,
    case_id: str,
    government_id: str,
    *,
    command_id: str,
    at: datetime,
    details: dict[str, str | int | float],
) -> Command:
    """Return what the system tells a case of what was decided elsewhere: one of `BY_SYSTEM`."""
    return Command(
        command_id=command_id,
        government_id=government_id,
        case_id=case_id,
        kind=kind,
        actor_id=BY_SYSTEM[kind],
        capacity=Capacity.SYSTEM,
        decided_at=at,
        details=details,
    )
