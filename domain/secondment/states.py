"""Where a secondment can stand, and what can move it (domain glossary, state machine of one person)."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a secondment stands."""

    OFFERED = "OFFERED"
    CONDITION_PENDING = "CONDITION_PENDING"
    DECLINED = "DECLINED"
    NO_RESPONSE = "NO_RESPONSE"
    RELEASE_PENDING = "RELEASE_PENDING"
    REFUSED = "REFUSED"
    RELEASED = "RELEASED"
    WITHDRAWN = "WITHDRAWN"
    ORDER_SIGNED = "ORDER_SIGNED"
    ORDER_CANCELLED = "ORDER_CANCELLED"
    MOBILISING = "MOBILISING"
    UNFIT = "UNFIT"
    NO_SHOW = "NO_SHOW"
    CHECKED_IN = "CHECKED_IN"
    ON_DUTY = "ON_DUTY"
    RESTING = "RESTING"
    ENDING_SOON = "ENDING_SOON"
    OUT_OF_CONTACT = "OUT_OF_CONTACT"
    INJURED = "INJURED"
    DEMOBILISING = "DEMOBILISING"
    TRAVELLING_HOME = "TRAVELLING_HOME"
    RETURNED = "RETURNED"
    REPORTED = "REPORTED"
    REIMBURSED = "REIMBURSED"
    CLOSED = "CLOSED"
    REASSIGNED = "REASSIGNED"
    CONVERTED = "CONVERTED"
    ACCIDENT_REPORT_OWED = "ACCIDENT_REPORT_OWED"
    DECEASED = "DECEASED"


class Trigger(StrEnum):
    """What can move a secondment: somebody's decision, a signal of the surge, or its own clock."""

    ACCEPT = "ACCEPT"
    ACCEPT_ON_CONDITION = "ACCEPT_ON_CONDITION"
    DECLINE = "DECLINE"
    GRANT_CONDITION = "GRANT_CONDITION"
    REFUSE_CONDITION = "REFUSE_CONDITION"
    RELEASE = "RELEASE"
    REFUSE_RELEASE = "REFUSE_RELEASE"
    CANCEL_ORDER = "CANCEL_ORDER"
    CHECK_IN = "CHECK_IN"
    REPORT_ARRIVAL = "REPORT_ARRIVAL"
    PROVE_ARRIVAL = "PROVE_ARRIVAL"
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
    AGREE_EXTENSION = "AGREE_EXTENSION"
    DENY_EXTENSION = "DENY_EXTENSION"
    HAND_OVER = "HAND_OVER"
    PROPOSE_REASSIGNMENT = "PROPOSE_REASSIGNMENT"
    AGREE_REASSIGNMENT = "AGREE_REASSIGNMENT"
    OBJECT_REASSIGNMENT = "OBJECT_REASSIGNMENT"
    DENY_REASSIGNMENT = "DENY_REASSIGNMENT"
    SIGN_CHECKLIST = "SIGN_CHECKLIST"
    WAIVE_CHECKLIST = "WAIVE_CHECKLIST"
    SIGN_DEMOB = "SIGN_DEMOB"
    CONFIRM_RETURN = "CONFIRM_RETURN"
    RECEIVE_REPORT = "RECEIVE_REPORT"
    RECEIVE_EVALUATION = "RECEIVE_EVALUATION"
    SETTLE_CLAIM = "SETTLE_CLAIM"
    WAIVE_SETTLEMENT = "WAIVE_SETTLEMENT"
    CONVERT = "CONVERT"
    ORDER_ISSUED = "ORDER_ISSUED"
    MOVE_ON = "MOVE_ON"
    STAND_DOWN = "STAND_DOWN"
    LOSE_COVER = "LOSE_COVER"
    REGAIN_COVER = "REGAIN_COVER"
    GAIN_ACTING_HEAD = "GAIN_ACTING_HEAD"
    LOSE_ACTING_HEAD = "LOSE_ACTING_HEAD"
    REMIND_OFFER = "REMIND_OFFER"
    LAPSE_OFFER = "LAPSE_OFFER"
    LAPSE_CONDITION = "LAPSE_CONDITION"
    ESCALATE_RELEASE = "ESCALATE_RELEASE"
    MOBILISE = "MOBILISE"
    FIND_TAKEN = "FIND_TAKEN"
    ESCALATE_CHECK_IN = "ESCALATE_CHECK_IN"
    START_DUTY = "START_DUTY"
    LOSE_CONTACT = "LOSE_CONTACT"
    ESCALATE_CONTACT = "ESCALATE_CONTACT"
    WARN_ENDING = "WARN_ENDING"
    LAPSE_EXTENSION = "LAPSE_EXTENSION"
    FALL_DUE = "FALL_DUE"
    LAPSE_COVER = "LAPSE_COVER"
    LAPSE_HEARING = "LAPSE_HEARING"
    ESCALATE_RETURN = "ESCALATE_RETURN"
    URGE_ACTING_HEAD = "URGE_ACTING_HEAD"
    ESCALATE_ACCIDENT_REPORT = "ESCALATE_ACCIDENT_REPORT"
    LACK_REST = "LACK_REST"
    URGE_SETTLEMENT = "URGE_SETTLEMENT"


class Leaving(StrEnum):
    """Why somebody leaves the seat; only `DUE` is the end that was ordered."""

    DUE = "DUE"
    STOOD_DOWN = "STOOD_DOWN"
    RECALLED = "RECALLED"
    RELEASED_EARLY = "RELEASED_EARLY"
    AFFECTED = "AFFECTED"
    UNCOVERED = "UNCOVERED"
    INJURED = "INJURED"
    UNFIT = "UNFIT"
    NO_SHOW = "NO_SHOW"
    TAKEN_ELSEWHERE = "TAKEN_ELSEWHERE"
    REASSIGNED = "REASSIGNED"
    REPORTED_DEAD = "REPORTED_DEAD"


class Item(StrEnum):
    """What must be settled before somebody is signed off (after ICS 221)."""

    ASSETS = "ASSETS"
    DATA_HANDOVER = "DATA_HANDOVER"
    ACCOUNTS = "ACCOUNTS"
    HEALTH = "HEALTH"
    TRAVEL = "TRAVEL"


class Ready(StrEnum):
    """What must be so before somebody sets to work: found fit, equipped, briefed, and covered by the accident insurer (JKK)."""

    FITNESS = "FITNESS"
    KIT = "KIT"
    BRIEFING = "BRIEFING"
    ACCIDENT_COVER = "ACCIDENT_COVER"


Point = Item | Ready
"""A point of the checklist: on arriving, or on leaving."""


class AnyPoint(StrEnum):
    """All points, as one types them in: those on arriving first."""

    FITNESS = Ready.FITNESS.value
    KIT = Ready.KIT.value
    BRIEFING = Ready.BRIEFING.value
    ACCIDENT_COVER = Ready.ACCIDENT_COVER.value
    ASSETS = Item.ASSETS.value
    DATA_HANDOVER = Item.DATA_HANDOVER.value
    ACCOUNTS = Item.ACCOUNTS.value
    HEALTH = Item.HEALTH.value
    TRAVEL = Item.TRAVEL.value


class Paper(StrEnum):
    """What is owed once somebody is home: the person's report, the host's evaluation, the travel claim."""

    REPORT = "REPORT"
    EVALUATION = "EVALUATION"
    CLAIM = "CLAIM"


class Party(StrEnum):
    """Who must agree to an extension, and who is asked about a move to another post."""

    PERSON = "PERSON"
    HOME = "HOME"
    HOST = "HOST"


class Hearing(StrEnum):
    """What somebody said to a move to another post; it is weighed, and is no veto (PP 94/2021 Art. 3h)."""

    CONSENT = "CONSENT"
    OBJECTS = "OBJECTS"
    NO_RESPONSE = "NO_RESPONSE"


_S = State

ENDS = frozenset(
    {
        _S.DECLINED,
        _S.NO_RESPONSE,
        _S.REFUSED,
        _S.WITHDRAWN,
        _S.ORDER_CANCELLED,
        _S.CLOSED,
        _S.REASSIGNED,
        _S.CONVERTED,
        _S.DECEASED,
    }
)
"""States that nothing leaves; what is owed keeps the case open in one, a report of an accident or papers (`Life.ended`)."""

WAITS_FOR = {_S.RETURNED: Paper.REPORT, _S.REPORTED: Paper.CLAIM, _S.REIMBURSED: Paper.EVALUATION}
"""In their order, the states in which a paper is owed, and the one that each is left by."""

AT_PAPER = frozenset(WAITS_FOR)
"""Home, and a report, an evaluation or a claim is owed."""

OWES_PAPERS = AT_PAPER | {_S.CONVERTED}
"""Home, or taken over by a decree: what is owed of the duty up to then is settled."""

SETTLING = AT_PAPER | {_S.ACCIDENT_REPORT_OWED}
"""Over for the person and not for the offices: nobody is held or away any more, and a paper is owed."""

HOME = AT_PAPER | {_S.CLOSED}
"""Home again: the promise is kept, whatever papers are still owed."""

LET_GO = ENDS | SETTLING
"""The hold on the person is let go on entering one."""

NOT_YET_OUT = frozenset({_S.OFFERED, _S.CONDITION_PENDING, _S.RELEASE_PENDING, _S.RELEASED, _S.ORDER_SIGNED})
"""Asked, and still at home."""

WITH_ORDER = frozenset({_S.RELEASED, _S.ORDER_SIGNED})
"""The home unit has let the person go; the order is being made or is signed."""

ON_SITE = frozenset({_S.CHECKED_IN, _S.ON_DUTY, _S.RESTING, _S.ENDING_SOON})
"""At the site, and known to be."""

WORKING = ON_SITE - {_S.CHECKED_IN}
"""On the duty itself, at rest between shifts included."""

DEPLOYED = ON_SITE | {_S.MOBILISING, _S.OUT_OF_CONTACT, _S.INJURED}
"""Left home, and not yet told to go back."""

ABSENT = frozenset({_S.UNFIT, _S.NO_SHOW})
"""Left the roster without serving: the home head must say that the person is there."""

HOMEWARD = frozenset({_S.DEMOBILISING, _S.TRAVELLING_HOME})

OUT = DEPLOYED | ABSENT | HOMEWARD
"""The person has left the home unit and is not back: somebody must bring them home."""

DEAD = frozenset({_S.ACCIDENT_REPORT_OWED, _S.DECEASED})
"""Somebody has told that the person has died."""

FILLED = (DEPLOYED | WITH_ORDER | {_S.RELEASE_PENDING}) - {_S.INJURED}
"""The person said yes and still fills the seat."""

SERVED = HOME | {_S.REASSIGNED, _S.CONVERTED}
"""States of somebody who had left and lives: the report of an injury may still be owed there."""

VACATED = ENDS - SERVED - {_S.DECEASED}
"""Ends that leave the seat empty before anyone sat on it: the request line opens again."""

NEWS = LET_GO | ABSENT | {_S.RELEASED, _S.CHECKED_IN, _S.INJURED, _S.DEMOBILISING}
"""States that the surge must look at: a seat to fill, an order to sign, somebody on site, somebody home."""
