"""Where a mutation can stand, and what can move it."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a mutation stands. An objection stands beside it, with states of its own (`Objecting`)."""

    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    SCREENING = "SCREENING"
    RETURNED = "RETURNED"
    CONSULTATION = "CONSULTATION"
    ASSESSMENT = "ASSESSMENT"
    CLEARANCE = "CLEARANCE"
    COUNSEL = "COUNSEL"
    AWAITING_DECISION = "AWAITING_DECISION"
    APPROVED = "APPROVED"
    DECREE_PREPARED = "DECREE_PREPARED"
    DECREE_SIGNED = "DECREE_SIGNED"
    SERVED = "SERVED"
    HANDOVER = "HANDOVER"
    NO_SHOW = "NO_SHOW"
    EFFECTIVE = "EFFECTIVE"
    REPORTED = "REPORTED"
    BLOCKED_BY_BKN = "BLOCKED_BY_BKN"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"
    INELIGIBLE = "INELIGIBLE"
    REJECTED = "REJECTED"
    CLEARANCE_REFUSED = "CLEARANCE_REFUSED"
    CANCELLED_BEFORE_EFFECT = "CANCELLED_BEFORE_EFFECT"
    REVERSED = "REVERSED"


class Trigger(StrEnum):
    """What can move a mutation: somebody's decision, what was learnt elsewhere, its batch or swap, its own clock."""

    PROPOSE = "PROPOSE"
    RECEIVE = "RECEIVE"
    OVERRIDE_RULE = "OVERRIDE_RULE"
    RETURN_FILE = "RETURN_FILE"
    RESUBMIT = "RESUBMIT"
    FIND_INELIGIBLE = "FIND_INELIGIBLE"
    PASS_SCREENING = "PASS_SCREENING"  # noqa: S105 - no password
    WITHDRAW = "WITHDRAW"
    HEAR = "HEAR"
    RECOMMEND = "RECOMMEND"
    ADVISE_AGAINST = "ADVISE_AGAINST"
    GRANT_CLEARANCE = "GRANT_CLEARANCE"
    REFUSE_CLEARANCE = "REFUSE_CLEARANCE"
    HOLD_CLEARANCE = "HOLD_CLEARANCE"
    COMPLETE_FILE = "COMPLETE_FILE"
    COUNSEL_FOR = "COUNSEL_FOR"
    COUNSEL_AGAINST = "COUNSEL_AGAINST"
    APPROVE = "APPROVE"
    REJECT = "REJECT"
    SEND_BACK = "SEND_BACK"
    PREPARE_DECREE = "PREPARE_DECREE"
    INITIAL = "INITIAL"
    RETURN_DECREE = "RETURN_DECREE"
    ASK_SIGNATURE = "ASK_SIGNATURE"
    REFUSE_SIGNATURE = "REFUSE_SIGNATURE"
    SIGN_DECREE = "SIGN_DECREE"
    SERVE = "SERVE"
    BEGIN_HANDOVER = "BEGIN_HANDOVER"
    FILE_PAPER = "FILE_PAPER"
    REPORT_NO_SHOW = "REPORT_NO_SHOW"
    OPEN_DISCIPLINE = "OPEN_DISCIPLINE"
    EXCUSE_ABSENCE = "EXCUSE_ABSENCE"
    REPORT = "REPORT"
    RETRACT_ENTRY = "RETRACT_ENTRY"
    CANCEL = "CANCEL"
    LET_STAND = "LET_STAND"
    ISSUE_ERRATUM = "ISSUE_ERRATUM"
    FILE_OBJECTION = "FILE_OBJECTION"
    WITHDRAW_OBJECTION = "WITHDRAW_OBJECTION"
    REVIEW_OBJECTION = "REVIEW_OBJECTION"
    UPHOLD_DECREE = "UPHOLD_DECREE"
    CORRECT_DECREE = "CORRECT_DECREE"
    REVOKE_DECREE = "REVOKE_DECREE"
    SUSPEND = "SUSPEND"
    LIFT_SUSPENSION = "LIFT_SUSPENSION"
    NOTE_LAWSUIT = "NOTE_LAWSUIT"
    REPORT_DEATH = "REPORT_DEATH"
    RETRACT_DEATH = "RETRACT_DEATH"
    REPORT_RETIREMENT = "REPORT_RETIREMENT"
    REPORT_FINDING = "REPORT_FINDING"
    LOSE_POSITION = "LOSE_POSITION"
    FREEZE = "FREEZE"
    LIFT_FREEZE = "LIFT_FREEZE"
    BLOCK = "BLOCK"
    LIFT_BLOCK = "LIFT_BLOCK"
    REVERSE = "REVERSE"
    JOIN_GROUP = "JOIN_GROUP"
    LEAVE_BATCH = "LEAVE_BATCH"
    LOSE_PARTNER = "LOSE_PARTNER"
    URGE = "URGE"
    LAPSE_FILE = "LAPSE_FILE"
    LAPSE_HEARINGS = "LAPSE_HEARINGS"
    WAIVE_COUNSEL = "WAIVE_COUNSEL"
    URGE_CLEARANCE = "URGE_CLEARANCE"
    URGE_OBJECTION = "URGE_OBJECTION"
    URGE_SECOND = "URGE_SECOND"
    URGE_OWED = "URGE_OWED"
    TAKE_EFFECT = "TAKE_EFFECT"
    HOLD_UP = "HOLD_UP"
    CLOSE = "CLOSE"


class Party(StrEnum):
    """Who is heard, all three at once."""

    PERSON = "PERSON"
    RELEASING = "RELEASING"
    RECEIVING = "RECEIVING"


class Outcome(StrEnum):
    """What a hearing came to; it is weighed, and is no veto (PP 94/2021 Art. 3h)."""

    CONSENT = "CONSENT"
    OBJECTS = "OBJECTS"
    NO_RESPONSE = "NO_RESPONSE"


class Spoken(StrEnum):
    """What somebody may say at a hearing: nobody says that they say nothing."""

    CONSENT = Outcome.CONSENT
    OBJECTS = Outcome.OBJECTS


class Verdict(StrEnum):
    """What another authority says to a mutation that needs its agreement."""

    PENDING = "PENDING"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"


class Paper(StrEnum):
    """What must be on file before the decree takes effect (serah terima, SPMT; pelantikan where it is due)."""

    INAUGURATION = "INAUGURATION"
    HANDOVER_RECORD = "HANDOVER_RECORD"
    DUTY_START_STATEMENT = "DUTY_START_STATEMENT"


class Impediment(StrEnum):
    """What came up after the signature: the decree has no effect until somebody says by name what becomes of it."""

    FINDING = "FINDING"
    POSITION_ABOLISHED = "POSITION_ABOLISHED"
    PARTNER_LOST = "PARTNER_LOST"


class Objecting(StrEnum):
    """Where an objection stands, beside the case."""

    FILED = "FILED"
    IN_REVIEW = "IN_REVIEW"
    WITHDRAWN = "WITHDRAWN"
    UPHELD = "UPHELD"
    CORRECTED = "CORRECTED"
    REVOKED = "REVOKED"


class Does(StrEnum):
    """What a second decree does to the first one: takes it back before its effect, or answers an objection to it."""

    CANCELS = "CANCELS"
    REVOKES = "REVOKES"
    CORRECTS = "CORRECTS"


class GroupKind(StrEnum):
    """How cases hang together: one decree for all who are ready, or all or none up to the signature."""

    BATCH = "BATCH"
    SWAP = "SWAP"


_S = State

ENDS = frozenset(
    {
        _S.CLOSED,
        _S.WITHDRAWN,
        _S.LAPSED,
        _S.INELIGIBLE,
        _S.REJECTED,
        _S.CLEARANCE_REFUSED,
        _S.CANCELLED_BEFORE_EFFECT,
        _S.REVERSED,
    }
)
"""States that nothing leaves, also where its person lives after all (`retracting.py`)."""

FELL_OUT = ENDS - {_S.CLOSED, _S.REVERSED}
"""Ends without ever having been in effect."""

UNDECIDED = frozenset(
    {
        _S.DRAFT,
        _S.PROPOSED,
        _S.SCREENING,
        _S.RETURNED,
        _S.CONSULTATION,
        _S.ASSESSMENT,
        _S.CLEARANCE,
        _S.COUNSEL,
        _S.AWAITING_DECISION,
    }
)
"""Nobody has decided yet, and the proposer may take it back."""

DECIDED = frozenset({_S.APPROVED, _S.DECREE_PREPARED})
"""Decided by name, and not signed: the position is reserved from here on. Here the paper of a group goes round for all."""

SIGNED = frozenset({_S.DECREE_SIGNED, _S.SERVED, _S.HANDOVER, _S.NO_SHOW})
"""There is a decree, and it has no effect yet."""

SERVED_ALREADY = SIGNED - {_S.DECREE_SIGNED}
IN_EFFECT = frozenset({_S.EFFECTIVE, _S.REPORTED})
"""The person holds the new position; only another decree, of another case, undoes that."""

BLOCKABLE = frozenset({_S.CLEARANCE, _S.COUNSEL, _S.AWAITING_DECISION}) | DECIDED | SIGNED | IN_EFFECT
"""BKN may close its services to a case from where it has to do with them."""

OBJECTION_OPEN = frozenset({Objecting.FILED, Objecting.IN_REVIEW})

BY_CLOCK = frozenset(
    {
        Trigger.URGE,
        Trigger.LAPSE_FILE,
        Trigger.LAPSE_HEARINGS,
        Trigger.WAIVE_COUNSEL,
        Trigger.URGE_CLEARANCE,
        Trigger.URGE_OBJECTION,
        Trigger.URGE_SECOND,
        Trigger.URGE_OWED,
        Trigger.TAKE_EFFECT,
        Trigger.HOLD_UP,
        Trigger.CLOSE,
    }
)
"""What a case does by itself; a swap also sends TAKE_EFFECT to its members, all at once."""

IMPEDES = {
    Trigger.REPORT_FINDING: Impediment.FINDING,
    Trigger.LOSE_POSITION: Impediment.POSITION_ABOLISHED,
    Trigger.LOSE_PARTNER: Impediment.PARTNER_LOST,
}
"""What comes up, and how it stands in the way of a decree that is signed."""
