"""The table of a mutation: what moves it, from where to where. What is not listed is refused."""

from __future__ import annotations

from domain.mutation.states import (
    BLOCKABLE,
    DECIDED,
    ENDS,
    IN_EFFECT,
    SERVED_ALREADY,
    SIGNED,
    UNDECIDED,
    State,
    Trigger,
)
from domain.transitions import leads, stays

_S, _T = State, Trigger
Table = dict[tuple[State, Trigger], State]

_PREPARING: Table = {
    (_S.DRAFT, _T.PROPOSE): _S.PROPOSED,
    (_S.PROPOSED, _T.RECEIVE): _S.SCREENING,
    (_S.SCREENING, _T.OVERRIDE_RULE): _S.SCREENING,
    (_S.SCREENING, _T.RETURN_FILE): _S.RETURNED,
    (_S.SCREENING, _T.FIND_INELIGIBLE): _S.INELIGIBLE,
    (_S.SCREENING, _T.PASS_SCREENING): _S.CONSULTATION,
    (_S.RETURNED, _T.RESUBMIT): _S.SCREENING,
    (_S.RETURNED, _T.LAPSE_FILE): _S.LAPSED,
    # The last of the three who is heard, or the end of the term, leads on to ASSESSMENT.
    (_S.CONSULTATION, _T.HEAR): _S.CONSULTATION,
    (_S.CONSULTATION, _T.LAPSE_HEARINGS): _S.ASSESSMENT,
    # Where nothing needs clearing, or nothing more, CLEARANCE leads on at once: to COUNSEL where it is asked for.
    (_S.ASSESSMENT, _T.RECOMMEND): _S.CLEARANCE,
    (_S.ASSESSMENT, _T.ADVISE_AGAINST): _S.REJECTED,
    (_S.CLEARANCE, _T.GRANT_CLEARANCE): _S.CLEARANCE,
    (_S.CLEARANCE, _T.HOLD_CLEARANCE): _S.CLEARANCE,
    (_S.CLEARANCE, _T.COMPLETE_FILE): _S.CLEARANCE,
    (_S.CLEARANCE, _T.URGE_CLEARANCE): _S.CLEARANCE,
    (_S.CLEARANCE, _T.REFUSE_CLEARANCE): _S.CLEARANCE_REFUSED,
    (_S.COUNSEL, _T.COUNSEL_FOR): _S.AWAITING_DECISION,
    (_S.COUNSEL, _T.COUNSEL_AGAINST): _S.AWAITING_DECISION,
    (_S.COUNSEL, _T.WAIVE_COUNSEL): _S.AWAITING_DECISION,
    (_S.AWAITING_DECISION, _T.APPROVE): _S.APPROVED,
    (_S.AWAITING_DECISION, _T.REJECT): _S.REJECTED,
    (_S.AWAITING_DECISION, _T.SEND_BACK): _S.RETURNED,
}
_DECREE: Table = {
    (_S.APPROVED, _T.PREPARE_DECREE): _S.DECREE_PREPARED,
    (_S.DECREE_PREPARED, _T.INITIAL): _S.DECREE_PREPARED,
    (_S.DECREE_PREPARED, _T.RETURN_DECREE): _S.APPROVED,
    # Where the key is a service's, whose answer takes its time: meanwhile everything else may come up.
    (_S.DECREE_PREPARED, _T.ASK_SIGNATURE): _S.DECREE_PREPARED,
    (_S.DECREE_PREPARED, _T.REFUSE_SIGNATURE): _S.DECREE_PREPARED,
    (_S.DECREE_PREPARED, _T.SIGN_DECREE): _S.DECREE_SIGNED,
    (_S.DECREE_SIGNED, _T.SERVE): _S.SERVED,
    (_S.SERVED, _T.FILE_PAPER): _S.SERVED,
    (_S.SERVED, _T.BEGIN_HANDOVER): _S.HANDOVER,
    (_S.HANDOVER, _T.FILE_PAPER): _S.HANDOVER,
    (_S.HANDOVER, _T.REPORT_NO_SHOW): _S.NO_SHOW,
    (_S.HANDOVER, _T.TAKE_EFFECT): _S.EFFECTIVE,
    # The books refuse the effect: it is tried again, and somebody is told.
    (_S.HANDOVER, _T.HOLD_UP): _S.HANDOVER,
    # Whoever begins after all has begun, whatever was reported.
    (_S.NO_SHOW, _T.FILE_PAPER): _S.HANDOVER,
    (_S.EFFECTIVE, _T.REPORT): _S.REPORTED,
    (_S.REPORTED, _T.CLOSE): _S.CLOSED,
}
_GUARDS: Table = (
    leads(UNDECIDED | DECIDED, _S.LAPSED, _T.REPORT_DEATH, _T.REPORT_RETIREMENT)
    | leads(SIGNED, _S.CANCELLED_BEFORE_EFFECT, _T.REPORT_DEATH, _T.REPORT_RETIREMENT)
    | leads(UNDECIDED | DECIDED, _S.INELIGIBLE, _T.REPORT_FINDING)
    # A signed decree is undone by nobody but by name: what comes up keeps it from taking effect.
    | stays(SIGNED, _T.REPORT_FINDING, _T.LOSE_POSITION, _T.LOSE_PARTNER, _T.LET_STAND)
    # After the effect a correction that is not signed may still be given up.
    | stays(IN_EFFECT, _T.LET_STAND)
    | leads(UNDECIDED - {_S.DRAFT} | DECIDED, _S.RETURNED, _T.LOSE_POSITION, _T.LOSE_PARTNER)
    | stays({_S.DRAFT}, _T.LOSE_PARTNER)
    | stays(UNDECIDED, _T.FREEZE)
    | stays(UNDECIDED | DECIDED, _T.LIFT_FREEZE)
    | leads({_S.COUNSEL, _S.AWAITING_DECISION} | DECIDED, _S.CLEARANCE, _T.FREEZE)
    | stays(UNDECIDED - {_S.DRAFT} | {_S.APPROVED}, _T.JOIN_GROUP)
    | stays(UNDECIDED | DECIDED, _T.LEAVE_BATCH)
    # The decree that was prepared is the batch's.
    | {(_S.DECREE_PREPARED, _T.LEAVE_BATCH): _S.APPROVED}
    | leads(BLOCKABLE, _S.BLOCKED_BY_BKN, _T.BLOCK)
    | leads(IN_EFFECT, _S.REVERSED, _T.REVERSE)
)
_OBJECTING: Table = stays(
    SERVED_ALREADY | IN_EFFECT,
    _T.FILE_OBJECTION,
    _T.WITHDRAW_OBJECTION,
    _T.REVIEW_OBJECTION,
    _T.UPHOLD_DECREE,
    _T.CORRECT_DECREE,
    # What has taken effect is undone by a decree with its own date: another case, which is owed from here on.
    _T.REVOKE_DECREE,
    _T.URGE_OBJECTION,
) | (
    stays(SERVED_ALREADY, _T.SUSPEND, _T.LIFT_SUSPENSION) | stays(SERVED_ALREADY | IN_EFFECT, _T.NOTE_LAWSUIT)
)
_OWED: Table = stays(
    {_S.NO_SHOW, _S.HANDOVER} | IN_EFFECT, _T.OPEN_DISCIPLINE, _T.EXCUSE_ABSENCE, _T.URGE_OWED
) | stays(IN_EFFECT, _T.RETRACT_ENTRY)
URGED = frozenset(State) - ENDS - {_S.DRAFT, _S.CONSULTATION, _S.CLEARANCE, _S.REPORTED}
"""States in which one step is asked of offices; CONSULTATION ends by itself (COUNSEL may), each clearance is urged by itself."""

TRANSITIONS: Table = (
    _PREPARING
    | _DECREE
    | _GUARDS
    | _OBJECTING
    | _OWED
    | leads(UNDECIDED, _S.WITHDRAWN, _T.WITHDRAW)
    | leads(DECIDED, _S.CANCELLED_BEFORE_EFFECT, _T.CANCEL)
    # What is signed is undone by a second decree, which goes the road of the first beside it: see second_decree.py.
    | stays(SIGNED, _T.CANCEL)
    | stays(SIGNED | IN_EFFECT, _T.ISSUE_ERRATUM)
    | stays(URGED | {_S.CONSULTATION}, _T.URGE)
)
"""(state, trigger) -> next state. LIFT_BLOCK leads back to where the case was blocked; RETRACT_DEATH leads nowhere from an end."""

WHILE_BLOCKED = frozenset(trigger for (_, trigger) in _GUARDS | _OBJECTING if trigger != _T.BLOCK) | {
    _T.CANCEL,
    _T.WITHDRAW,
    _T.REFUSE_SIGNATURE,
}
"""What a block does not stop: what was learnt, the person's rights, and undoing what BKN will not have."""
