"""What each move of a person is called in the log."""

from __future__ import annotations

from domain.secondment import OF_THE_PAPER, Trigger

EVENT_OF: dict[Trigger, str] = {
    Trigger.ACCEPT: "OfferAnswered",
    Trigger.ACCEPT_ON_CONDITION: "OfferAnswered",
    Trigger.DECLINE: "OfferAnswered",
    Trigger.REMIND_OFFER: "OfferReminded",
    Trigger.LAPSE_OFFER: "OfferLapsed",
    Trigger.GRANT_CONDITION: "ConditionDecided",
    Trigger.REFUSE_CONDITION: "ConditionDecided",
    Trigger.LAPSE_CONDITION: "ConditionLapsed",
    Trigger.RELEASE: "ReleaseDecided",
    Trigger.REFUSE_RELEASE: "ReleaseDecided",
    Trigger.ESCALATE_RELEASE: "ReleaseEscalated",
    Trigger.ORDER_ISSUED: "OrderServed",
    Trigger.CANCEL_ORDER: "OrderCancelled",
    Trigger.FIND_TAKEN: "OrderCancelled",
    Trigger.MOBILISE: "Mobilised",
    Trigger.CHECK_IN: "CheckedIn",
    Trigger.REPORT_ARRIVAL: "ArrivalReported",
    Trigger.PROVE_ARRIVAL: "ArrivalProved",
    Trigger.ESCALATE_CHECK_IN: "CheckInEscalated",
    Trigger.REPORT_UNFIT: "FoundUnfit",
    Trigger.REPORT_NO_SHOW: "NoShowReported",
    Trigger.START_DUTY: "DutyStarted",
    Trigger.START_REST: "RestStarted",
    Trigger.END_REST: "RestEnded",
    Trigger.LOSE_CONTACT: "ContactLost",
    Trigger.ESCALATE_CONTACT: "ContactEscalated",
    Trigger.REGAIN_CONTACT: "ContactRegained",
    Trigger.REPORT_INJURY: "InjuryReported",
    Trigger.FILE_ACCIDENT_REPORT: "AccidentReportFiled",
    Trigger.WAIVE_ACCIDENT_REPORT: "AccidentReportWaived",
    Trigger.ESCALATE_ACCIDENT_REPORT: "AccidentReportOverdue",
    Trigger.RESUME_DUTY: "DutyResumed",
    Trigger.REPORT_DEATH: "DeathReported",
    Trigger.RETRACT_DEATH: "DeathRetracted",
    Trigger.CONFIRM_AFFECTED: "AffectedConfirmed",
    Trigger.WARN_ENDING: "EndingSoon",
    Trigger.PROPOSE_EXTENSION: "ExtensionProposed",
    Trigger.AGREE_EXTENSION: "ExtensionAnswered",
    Trigger.DENY_EXTENSION: "ExtensionAnswered",
    Trigger.HAND_OVER: "HandoverNoted",
    Trigger.PROPOSE_REASSIGNMENT: "ReassignmentProposed",
    Trigger.AGREE_REASSIGNMENT: "ReassignmentAnswered",
    Trigger.OBJECT_REASSIGNMENT: "ReassignmentAnswered",
    Trigger.DENY_REASSIGNMENT: "ReassignmentAnswered",
    Trigger.LAPSE_HEARING: "HearingLapsed",
    Trigger.MOVE_ON: "Reassigned",
    Trigger.LAPSE_EXTENSION: "ExtensionLapsed",
    Trigger.FALL_DUE: "FellDue",
    Trigger.STAND_DOWN: "Recalled",
    Trigger.RECALL: "RecalledByUnit",
    Trigger.RELEASE_EARLY: "ReleasedEarly",
    Trigger.LOSE_COVER: "CoverLost",
    Trigger.REGAIN_COVER: "CoverRegained",
    Trigger.LAPSE_COVER: "UncoveredDutyEnded",
    Trigger.GAIN_ACTING_HEAD: "ActingHeadNamed",
    Trigger.LOSE_ACTING_HEAD: "ActingHeadLost",
    Trigger.URGE_ACTING_HEAD: "ActingHeadUrged",
    Trigger.LACK_REST: "DayOffMissed",
    Trigger.SIGN_CHECKLIST: "ChecklistSigned",
    Trigger.WAIVE_CHECKLIST: "ChecklistWaived",
    Trigger.SIGN_DEMOB: "DemobSignedOff",
    Trigger.ESCALATE_RETURN: "ReturnOverdue",
    Trigger.CONFIRM_RETURN: "Returned",
    Trigger.RECEIVE_REPORT: "ReportReceived",
    Trigger.RECEIVE_EVALUATION: "EvaluationReceived",
    Trigger.SETTLE_CLAIM: "ClaimSettled",
    Trigger.WAIVE_SETTLEMENT: "SettlementWaived",
    Trigger.URGE_SETTLEMENT: "SettlementOverdue",
    Trigger.CONVERT: "Converted",
}

PAPERWORK = frozenset(EVENT_OF[trigger] for trigger in OF_THE_PAPER)
"""What is told of a secondment's papers, once the person is home or on the way."""

ARRIVALS = ("CheckedIn", "ArrivalReported", "ArrivalProved")
"""What tells that somebody is at the site, or was."""
MOVED_IN = "MissionChanged"
"""The first entry of a secondment that another one of the same person has turned into."""
EXTENDED = "ExtensionDecided"
"""An order that reaches somebody on site prolongs the duty."""
