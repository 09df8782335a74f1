"""What the house tells others: entries of the log as CloudEvents 1.0, naming nobody but by opaque id.

The tables here are all that leaves: a type without a row goes out without content, and a key without a row does not
go out at all. docs/events.md is made from them, and a test compares.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from domain.event_details import DETAILS
from domain.log import Fact, canonical
from domain.mutation.facts import LOGGED as MUTATION_EVENTS
from domain.mutation.facts import SENSITIVE as MUTATION_SENSITIVE
from domain.mutation.group_facts import EVENTS as GROUP_EVENTS

MEDIA = "application/cloudevents+json; charset=utf-8"
"""The structured content mode: the whole event, envelope and data, is the body."""
OWN = "subscriber:"
"""Cases that begin so are deliveries themselves; they stay in the log, or telling would never end."""

EVENTS: dict[str, str] = (
    MUTATION_EVENTS
    | GROUP_EVENTS
    | {
        "OperationOpened": "an operation is opened, in MONITORING",
        "StatusDeclared": "an emergency status is in force, by a decree and until an end",
        "StatusExtended": "the status in force lasts longer, by a new decree",
        "StatusEscalated": "the status is taken to a higher level; `from` says from which",
        "StatusDecreed": "a status is decreed that begins later; `start` says when",
        "StatusWithdrawn": "a status that was to come is taken back before it began",
        "StatusBegan": "a status that was decreed ahead is in force now",
        "StatusHandedBack": "the status is handed back to a lower level",
        "StatusEndingSoon": "a status ends soon",
        "StatusEnded": "a status has ended by itself, and another one still stands",
        "StatusLapsed": "the last status in force has ended by itself",
        "OperationEnded": "the operation is over",
        "AfterActionDue": "the report after the operation is due",
        "AfterActionOverdue": "the report after the operation is late",
        "AfterActionFiled": "the report after the operation is filed",
        "OperationArchived": "the operation is archived",
        "OralOrderGiven": "people are asked for by word of mouth, to be put on paper",
        "OralOrderRatified": "what was ordered by word of mouth is on paper",
        "NumberReserved": "the register has drawn a number for an order",
        "TravelOrdersNumbered": "the register has numbered a travel order for each person on an order, from `first` to `last`",
        "NumberVoided": "the number of an order is given up; why is a code that stays here",
        "PlacesUnfilled": "what the newest plan of a surge leaves empty has changed",
        "LetterProlonged": "a demand for service goes on by a new letter, until `until`",
        "RequestSubmitted": "people are asked for",
        "RequestApproved": "the request is approved",
        "RequestRejected": "the request is rejected",
        "RequestReturned": "the request is sent back, to be mended",
        "RequestResubmitted": "the request is handed in again",
        "RequestCancelled": "the request is withdrawn",
        "SurgeReminded": "an office is reminded of what a surge asks of it",
        "SurgeEscalated": "what a surge asks is asked of another office now",
        "SurgeCancelled": "the surge has ended before anybody left",
        "PlanMade": "a plan is made, or made anew for seats that fell empty",
        "PlanConfirmed": "the plan is confirmed, and its people are asked",
        "PlanWithdrawn": "the coordinator takes a new plan of a running surge back; the next best people are asked again",
        "PlanLapsed": "nobody has confirmed a new plan of a running surge in time; the next best people are asked again",
        "YearlyCapWaived": "a named person lets somebody serve more days in a year than the cap allows",
        "RedlineOverridden": "a named person lets a unit lend below its redline",
        "UnitThinned": "people of a unit are promised or away, and fewer of their role are there than must be",
        "ThinUnitReminded": "an office is reminded that a unit is below its redline and nobody has said what is done",
        "ThinUnitEscalated": "another office is asked what is done for a unit that is below its redline",
        "BackfillDrafted": "a unit that is below its redline has a request for help drafted",
        "BackfillDeclined": "a unit that is below its redline asks for no help; the reason is a code",
        "UnitRecovered": "a unit is below its redline by lending no more",
        "LineAdded": "a line is added to the request",
        "LineRaised": "a line asks for more people",
        "LineCut": "a line asks for fewer people",
        "LineNeeded": "until when a line is needed is said",
        "LineClosed": "a line asks for nobody any more",
        "StaffingChanged": "the counts of a surge have changed",
        "OrderSigned": "an assignment order is issued",
        "StoodDown": "the surge is over, and its people are called home",
        "SurgeClosed": "everybody is home, and the surge is closed",
        "OfferSent": "somebody is asked",
        "OfferReminded": "somebody is reminded of the offer",
        "OfferAnswered": "somebody accepts or declines; `state` says which",
        "OfferLapsed": "somebody has not answered in time",
        "ConditionDecided": "the condition of an acceptance is granted, or not; `state` says which",
        "ConditionLapsed": "nobody has decided on the condition in time",
        "ReleaseDecided": "the unit head lets somebody go, or not; `state` says which",
        "ReleaseEscalated": "the deadline of a release has passed, and the Sekda may decide",
        "OrderServed": "somebody stands on an issued order",
        "OrderCancelled": "somebody stands on the order no more, before leaving",
        "Mobilised": "somebody is on the way",
        "CheckedIn": "somebody has arrived",
        "ArrivalReported": "somebody says that they have arrived",
        "ArrivalProved": "a paper says that somebody had arrived whose duty was over when that was learnt",
        "CheckInEscalated": "somebody has not arrived in time",
        "NoShowReported": "somebody has not come",
        "FoundUnfit": "somebody is not fit for the duty",
        "DutyStarted": "somebody is on duty",
        "RestStarted": "somebody rests",
        "RestEnded": "somebody is on duty again after a rest",
        "ContactLost": "nothing is heard of somebody",
        "ContactEscalated": "nothing is heard of somebody still",
        "ContactRegained": "somebody was heard of again",
        "SignOfLife": "somebody has reported from the site",
        "MusterTaken": "a roll was called at a site",
        "InjuryReported": "somebody is hurt",
        "AccidentReportFiled": "the report of an accident is filed",
        "AccidentReportOverdue": "the report of a death, or of somebody who is back, is not filed in time; `escalation` says how often that was noticed",
        "AccidentReportWaived": "the report of an accident is not asked for any more; the reason is a code that stays here",
        "DutyResumed": "somebody is on duty again after an injury",
        "DeathReported": "somebody has died",
        "DeathRetracted": "somebody lives whose death was told by mistake; `state` says whether they are looked for; why is a code that stays here",
        "AffectedConfirmed": "somebody's own home is struck",
        "EndingSoon": "somebody's duty ends soon",
        "HandoverNoted": "a handover note is written; what it says stays here",
        "ReassignmentProposed": "another post is proposed to somebody on site",
        "ReassignmentAnswered": "a move to another post is agreed to, or not",
        "HearingLapsed": "somebody has said nothing in time to a move to another post",
        "Reassigned": "somebody is moved to another post, and this secondment ends",
        "MissionChanged": "somebody goes on on another post; `moved_from` says from which placement",
        "ExtensionProposed": "a longer duty is proposed",
        "ExtensionAnswered": "a longer duty is agreed to, or not",
        "ExtensionDecided": "a duty is prolonged by an order",
        "ExtensionLapsed": "no order came for a longer duty in time; it ends as it was ordered",
        "UncoveredDuty": "a duty reaches beyond the emergency status",
        "DutyCovered": "a duty is covered by the emergency status again",
        "CoverLost": "the emergency status ends before somebody's duty does",
        "CoverRegained": "the emergency status covers somebody's duty again",
        "UncoveredDutyEnded": "a duty has ended with the emergency status",
        "ActingHeadNamed": "somebody who heads a unit goes or is away, and another acts there until `until`",
        "ActingHeadLost": "nobody acts any more for somebody who heads a unit and goes or is away",
        "ActingHeadUrged": "nobody was named in time to act for somebody who heads a unit",
        "DayOffMissed": "no day off was logged for somebody for too long",
        "FellDue": "the end of somebody's duty has come; `state` says whether they hand over, are still looked for, or never left",
        "Recalled": "somebody is called home, or let go, because the surge is stood down or cancelled",
        "RecalledByUnit": "somebody is called home by the own unit",
        "ReleasedEarly": "somebody is let go before the end",
        "ChecklistSigned": "points of the checklist on arriving, or on leaving, are signed",
        "ChecklistWaived": "points of the checklist on arriving, or on leaving, are waived",
        "DemobSignedOff": "somebody is signed off, and on the way home",
        "ReturnOverdue": "somebody is late; `escalation` says how often that was noticed",
        "Returned": "somebody is home",
        "ReportReceived": "the case has the person's report on the posting; `owed` says what it still owes",
        "EvaluationReceived": "the case has the host's evaluation of the person; `owed` says what it still owes",
        "ClaimSettled": "the travel claim is settled; by which document, and how much, stays here",
        "SettlementWaived": "a report, an evaluation or a claim is not asked for any more; why is a code that stays here",
        "SettlementOverdue": "what is owed after the return is late; `urged` says how often that was noticed",
        "Evaluated": "one side has evaluated a posting; what it said stays here",
        "LessonNoted": "a lesson of a surge is noted; what it says stays here",
        "Converted": "a secondment has become a lasting move, by a decree",
        "CommandRefused": "a decision was refused by its case",
        "TaskClaimed": "somebody of an office has taken a task on",
        "TaskUnclaimed": "a task is given back to its office",
        "TaskCommented": "a task is commented on; the words stay here",
        "EvidenceAttached": "evidence is attached to a task; the file stays here",
        "EvidenceErased": "evidence is erased",
        "OrphanEndOrdered": "an operator ends a workflow that no open case stands behind",
        "MandateWritten": "somebody decides for somebody else from now on",
        "MandateRevoked": "a mandate is ended before its time",
        "RosterImported": "a roster has come: who serves where, who holds which office, and what each unit may lend",
    }
)
"""Type of an entry -> what it says."""

SENSITIVE = MUTATION_SENSITIVE | frozenset(
    {
        "FoundUnfit",
        "InjuryReported",
        "AccidentReportFiled",
        "AccidentReportOverdue",
        "AccidentReportWaived",
        "DutyResumed",
        "DeathReported",
        "DeathRetracted",
        "AffectedConfirmed",
    }
)
"""They tell of somebody's health or home: only whoever asks for them by name is told, never who asks for all."""
PRIVATE_STATES = frozenset({"UNFIT", "INJURED", "ACCIDENT_REPORT_OWED", "DECEASED"})
"""The same, where another event would mention them."""


def event_type(name: str) -> str:
    """Return the CloudEvents type of an entry's type; a change that is not an addition would be a `v2`."""
    return f"siaga.{name}.v1"


def short_type(name: str) -> str:
    """Return an entry's type, however it was written: as its CloudEvents type, or by itself."""
    return name.removeprefix("siaga.").removesuffix(".v1") if name.startswith("siaga.") else name


def lane_of(fact: Fact) -> str:
    """Return within what events keep their order: a person, or the case where it concerns nobody."""
    return fact.person_id or fact.case_id


def envelope(government_id: str, seq: int, fact: Fact, entry_hash: bytes) -> dict[str, Any]:
    """Return an entry as a CloudEvent: the same entry gives the same event, however often it is sent."""
    details = {key: value for key, value in fact.data.items() if _goes_out(fact, key, value)}
    return {
        "specversion": "1.0",
        "id": event_id(government_id, seq),
        "source": f"urn:siaga:government:{government_id}",
        "type": event_type(fact.type),
        "subject": fact.case_id,
        "time": fact.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "partitionkey": lane_of(fact),
        "sequence": f"{seq:020}",
        "data": {
            "case_id": fact.case_id,
            "person_id": fact.person_id,
            "actor": fact.by.actor,
            "on_behalf_of": fact.by.on_behalf_of,
            "authority": fact.by.authority,
            "basis": fact.by.basis,
            "command_id": fact.by.command_id,
            "entry_sha256": entry_hash.hex(),
            "details": details,
        },
    }


def _goes_out(fact: Fact, key: str, value: object) -> bool:
    if fact.type not in EVENTS or key not in DETAILS:
        return False
    if key == "state" and value in PRIVATE_STATES:
        return fact.type in SENSITIVE
    return key != "choice" or fact.person_id is None


def event_id(government_id: str, seq: int) -> str:
    """Return the id of an entry's event: `kota-kupang-00000000000000000042`."""
    return f"{government_id}-{seq:020}"


def body_of(government_id: str, seq: int, fact: Fact, entry_hash: bytes) -> bytes:
    """Return the bytes that are signed and sent."""
    return canonical(envelope(government_id, seq, fact, entry_hash))
