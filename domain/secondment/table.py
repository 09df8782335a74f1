"""The table of a secondment: what moves it, from where to where.

A workflow, a document and a test read the same one. What is not listed is refused.
"""

from __future__ import annotations

from domain.secondment.readiness import SETTLED_IN
from domain.secondment.states import (
    ABSENT,
    DEAD,
    DEPLOYED,
    HOME,
    HOMEWARD,
    NOT_YET_OUT,
    ON_SITE,
    OUT,
    OWES_PAPERS,
    SERVED,
    WITH_ORDER,
    WORKING,
    Leaving,
    State,
    Trigger,
)
from domain.transitions import leads, stays

_S, _T = State, Trigger
Table = dict[tuple[State, Trigger], State]

_ASKED: Table = {
    (_S.OFFERED, _T.ACCEPT): _S.RELEASE_PENDING,
    (_S.OFFERED, _T.ACCEPT_ON_CONDITION): _S.CONDITION_PENDING,
    (_S.OFFERED, _T.DECLINE): _S.DECLINED,
    (_S.OFFERED, _T.REMIND_OFFER): _S.OFFERED,
    (_S.OFFERED, _T.LAPSE_OFFER): _S.NO_RESPONSE,
    (_S.CONDITION_PENDING, _T.GRANT_CONDITION): _S.RELEASE_PENDING,
    (_S.CONDITION_PENDING, _T.REFUSE_CONDITION): _S.DECLINED,
    (_S.CONDITION_PENDING, _T.LAPSE_CONDITION): _S.DECLINED,
    (_S.CONDITION_PENDING, _T.DECLINE): _S.DECLINED,
}
_ORDERED: Table = {
    (_S.RELEASE_PENDING, _T.RELEASE): _S.RELEASED,
    (_S.RELEASE_PENDING, _T.REFUSE_RELEASE): _S.REFUSED,
    (_S.RELEASE_PENDING, _T.ESCALATE_RELEASE): _S.RELEASE_PENDING,
    (_S.RELEASED, _T.ORDER_ISSUED): _S.ORDER_SIGNED,
    (_S.ORDER_SIGNED, _T.MOBILISE): _S.MOBILISING,
    (_S.ORDER_SIGNED, _T.FIND_TAKEN): _S.ORDER_CANCELLED,
}
_AWAY: Table = {
    (_S.MOBILISING, _T.CHECK_IN): _S.CHECKED_IN,
    (_S.MOBILISING, _T.REPORT_ARRIVAL): _S.CHECKED_IN,
    (_S.MOBILISING, _T.ESCALATE_CHECK_IN): _S.MOBILISING,
    (_S.MOBILISING, _T.REPORT_UNFIT): _S.UNFIT,
    (_S.MOBILISING, _T.REPORT_NO_SHOW): _S.NO_SHOW,
    # Whoever arrives after all is there, whatever was reported; reality wins over the roster.
    (_S.NO_SHOW, _T.CHECK_IN): _S.CHECKED_IN,
    (_S.NO_SHOW, _T.REPORT_ARRIVAL): _S.CHECKED_IN,
    # When the duty is over, a paper proves that they were there: they are brought home like everybody else.
    (_S.NO_SHOW, _T.PROVE_ARRIVAL): _S.DEMOBILISING,
    (_S.CHECKED_IN, _T.START_DUTY): _S.ON_DUTY,
    (_S.CHECKED_IN, _T.REPORT_UNFIT): _S.UNFIT,
    (_S.ON_DUTY, _T.START_REST): _S.RESTING,
    (_S.ENDING_SOON, _T.START_REST): _S.RESTING,
    (_S.RESTING, _T.END_REST): _S.ON_DUTY,
    (_S.ON_DUTY, _T.WARN_ENDING): _S.ENDING_SOON,
    (_S.ENDING_SOON, _T.WARN_ENDING): _S.ENDING_SOON,
    (_S.RESTING, _T.WARN_ENDING): _S.RESTING,
    (_S.OUT_OF_CONTACT, _T.REGAIN_CONTACT): _S.ON_DUTY,
    (_S.OUT_OF_CONTACT, _T.ESCALATE_CONTACT): _S.OUT_OF_CONTACT,
    # Whoever was hurt on the way goes on with it: to MOBILISING.
    (_S.INJURED, _T.RESUME_DUTY): _S.ON_DUTY,
}
_HOME: Table = {
    (_S.DEMOBILISING, _T.SIGN_DEMOB): _S.TRAVELLING_HOME,
    (_S.TRAVELLING_HOME, _T.CONFIRM_RETURN): _S.RETURNED,
}
# A state of the paper is left for the first one in which something is still owed (`domain.secondment.settling`).
_PAPERS: Table = {
    (_S.RETURNED, _T.RECEIVE_REPORT): _S.REPORTED,
    (_S.RETURNED, _T.RECEIVE_EVALUATION): _S.RETURNED,
    (_S.RETURNED, _T.WAIVE_SETTLEMENT): _S.REPORTED,
    (_S.REPORTED, _T.RECEIVE_EVALUATION): _S.REPORTED,
    (_S.REPORTED, _T.SETTLE_CLAIM): _S.REIMBURSED,
    (_S.REPORTED, _T.WAIVE_SETTLEMENT): _S.REIMBURSED,
    (_S.REIMBURSED, _T.RECEIVE_EVALUATION): _S.CLOSED,
    (_S.REIMBURSED, _T.WAIVE_SETTLEMENT): _S.CLOSED,
}
_PROVED_AT_HOME: Table = {(state, _T.PROVE_ARRIVAL): _S.RETURNED for state in sorted(HOME)}
"""Who is home owes more of the paper then, also where the case had ended."""
_INJURABLE = DEPLOYED - {_S.INJURED}
CALLS_HOME = frozenset(
    {_T.STAND_DOWN, _T.RECALL, _T.RELEASE_EARLY, _T.CONFIRM_AFFECTED, _T.LAPSE_COVER, _T.FALL_DUE}
)
"""What ends the duty of somebody who has left home."""

TRANSITIONS: Table = (
    _ASKED
    | _ORDERED
    | _AWAY
    | _HOME
    | _PAPERS
    | _PROVED_AT_HOME
    | leads(WITH_ORDER, _S.ORDER_CANCELLED, _T.CANCEL_ORDER)
    | leads(WITH_ORDER, _S.WITHDRAWN, _T.RECALL)
    | leads(NOT_YET_OUT, _S.WITHDRAWN, _T.STAND_DOWN, _T.CONFIRM_AFFECTED, _T.LAPSE_COVER, _T.FALL_DUE)
    | leads(DEPLOYED - {_S.OUT_OF_CONTACT}, _S.DEMOBILISING, *CALLS_HOME)
    # Nobody is signed off who is not found: that the duty is over is noted (`Life.over_unseen`), and the search goes on.
    | stays({_S.OUT_OF_CONTACT}, *CALLS_HOME)
    | stays(WORKING - {_S.RESTING}, _T.LACK_REST)
    | leads(WORKING, _S.OUT_OF_CONTACT, _T.LOSE_CONTACT)
    | leads(_INJURABLE, _S.INJURED, _T.REPORT_INJURY)
    | stays(HOMEWARD, _T.REPORT_INJURY)
    # The report is owed until it is filed, wherever the person is by then; once they are back it may be waived by name.
    | stays(OUT, _T.FILE_ACCIDENT_REPORT)
    | stays(SERVED, _T.FILE_ACCIDENT_REPORT, _T.WAIVE_ACCIDENT_REPORT, _T.ESCALATE_ACCIDENT_REPORT)
    | stays(ON_SITE, _T.PROPOSE_EXTENSION, _T.AGREE_EXTENSION, _T.DENY_EXTENSION)
    | stays(
        ON_SITE,
        _T.PROPOSE_REASSIGNMENT,
        _T.AGREE_REASSIGNMENT,
        _T.OBJECT_REASSIGNMENT,
        _T.DENY_REASSIGNMENT,
        _T.LAPSE_HEARING,
    )
    # The order to another post: this secondment ends, and the one there begins in the same breath.
    | leads(ON_SITE, _S.REASSIGNED, _T.MOVE_ON)
    | stays((DEPLOYED - {_S.MOBILISING}) | HOMEWARD, _T.HAND_OVER)
    | stays(ON_SITE, _T.LAPSE_EXTENSION)
    # The amended order: whoever was about to end is on duty again.
    | stays(ON_SITE, _T.ORDER_ISSUED)
    | {(_S.ENDING_SOON, _T.ORDER_ISSUED): _S.ON_DUTY}
    | stays(NOT_YET_OUT | DEPLOYED, _T.LOSE_COVER, _T.REGAIN_COVER)
    | stays(NOT_YET_OUT | OUT, _T.GAIN_ACTING_HEAD, _T.LOSE_ACTING_HEAD, _T.URGE_ACTING_HEAD)
    # Before somebody sets to work, what they need for it; whoever came without is asked for it as long as they are there.
    | stays(SETTLED_IN | {_S.DEMOBILISING}, _T.SIGN_CHECKLIST, _T.WAIVE_CHECKLIST)
    | stays(HOMEWARD | ABSENT, _T.ESCALATE_RETURN)
    | leads(ABSENT, _S.RETURNED, _T.CONFIRM_RETURN)
    # That somebody was on site is recorded whenever it is learnt; where they are by now stays as the case knows it.
    | stays(HOMEWARD | {_S.UNFIT, _S.INJURED, _S.OUT_OF_CONTACT, _S.ACCIDENT_REPORT_OWED}, _T.PROVE_ARRIVAL)
    | stays({_S.CONVERTED, _S.DECEASED}, _T.PROVE_ARRIVAL)
    # Both sides may speak as soon as the person has left the site; the case keeps it for when it is owed.
    | stays(HOMEWARD, _T.RECEIVE_REPORT, _T.RECEIVE_EVALUATION)
    | stays(OWES_PAPERS, _T.URGE_SETTLEMENT)
    # What is owed of the duty up to a conversion is settled where the decree has taken the person.
    | stays({_S.CONVERTED}, _T.RECEIVE_REPORT, _T.RECEIVE_EVALUATION, _T.SETTLE_CLAIM, _T.WAIVE_SETTLEMENT)
    | leads(WORKING | HOMEWARD, _S.CONVERTED, _T.CONVERT)
    | leads(NOT_YET_OUT, _S.DECEASED, _T.REPORT_DEATH)
    # Whoever dies once they have left leaves an obligation to the home unit: whether it was the duty, the insurer says.
    | leads(OUT, _S.ACCIDENT_REPORT_OWED, _T.REPORT_DEATH)
    | stays({_S.ACCIDENT_REPORT_OWED}, _T.ESCALATE_ACCIDENT_REPORT)
    | leads({_S.ACCIDENT_REPORT_OWED}, _S.DECEASED, _T.FILE_ACCIDENT_REPORT, _T.WAIVE_ACCIDENT_REPORT)
    # Whoever lives after all is out, and nobody knows where; whoever had not left stays at home (`steps`).
    | leads(DEAD, _S.OUT_OF_CONTACT, _T.RETRACT_DEATH)
)
"""(state, trigger) -> next state."""

DIRECTED: dict[tuple[State, Trigger], State | None] = {
    (_S.OFFERED, _T.DECLINE): None,
    (_S.OFFERED, _T.LAPSE_OFFER): _S.RELEASE_PENDING,
    (_S.CONDITION_PENDING, _T.DECLINE): None,
    (_S.CONDITION_PENDING, _T.REFUSE_CONDITION): _S.RELEASE_PENDING,
    (_S.CONDITION_PENDING, _T.LAPSE_CONDITION): _S.RELEASE_PENDING,
}
"""Where somebody who may not decline goes instead; None is refused."""

LEAVING: dict[Trigger, Leaving] = {
    _T.FALL_DUE: Leaving.DUE,
    _T.STAND_DOWN: Leaving.STOOD_DOWN,
    _T.RECALL: Leaving.RECALLED,
    _T.RELEASE_EARLY: Leaving.RELEASED_EARLY,
    _T.CONFIRM_AFFECTED: Leaving.AFFECTED,
    _T.LAPSE_COVER: Leaving.UNCOVERED,
    _T.REPORT_UNFIT: Leaving.UNFIT,
    _T.REPORT_NO_SHOW: Leaving.NO_SHOW,
    _T.FIND_TAKEN: Leaving.TAKEN_ELSEWHERE,
    _T.MOVE_ON: Leaving.REASSIGNED,
}
"""What makes somebody leave, and how the books name the reason."""


def target_of(state: State, trigger: Trigger, *, directed: bool) -> State | None:
    """Return where a trigger leads, or None where it does not stand."""
    if directed and (state, trigger) in DIRECTED:
        return DIRECTED[state, trigger]
    return TRANSITIONS.get((state, trigger))
