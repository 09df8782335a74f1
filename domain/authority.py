"""Who may decide what, and who may not because the case is their own.

`MAY` is read by the door (to refuse early), by the activity that takes a command (to refuse for good, with the facts of that
moment) and by the documentation. What no office lifts stands in the database too: a trigger on `commands` refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.separation import SEPARATED, Apart


class Capacity(StrEnum):
    """The office in which somebody acts."""

    COORDINATOR = "COORDINATOR"
    SEKDA = "SEKDA"
    UNIT_HEAD = "UNIT_HEAD"
    COMMAND_POST = "COMMAND_POST"
    SIGNATORY = "SIGNATORY"
    AUDITOR = "AUDITOR"
    OPERATOR = "OPERATOR"
    APPOINTING_AUTHORITY = "APPOINTING_AUTHORITY"
    FINANCE_OFFICER = "FINANCE_OFFICER"
    PERSONNEL_AGENCY = "PERSONNEL_AGENCY"
    PERFORMANCE_REVIEW_TEAM = "PERFORMANCE_REVIEW_TEAM"
    LEGAL_BUREAU = "LEGAL_BUREAU"
    SUBJECT = "SUBJECT"
    SYSTEM = "SYSTEM"


class Tenure(StrEnum):
    """How an office is held: by appointment, for its holder by a written mandate, or acting in it.

    PLH (pelaksana harian) acts while the holder is away, PLT (pelaksana tugas) while the post is vacant.
    """

    DEFINITIVE = "DEFINITIVE"
    SUBSTITUTE = "SUBSTITUTE"
    PLH = "PLH"
    PLT = "PLT"


ACTING = frozenset({Tenure.PLH, Tenure.PLT})
"""How an office is held by whoever may not appoint, move or dismiss (SE BKN 2/2019, then 1/2021)."""


def as_held(capacity: Capacity, tenure: Tenure) -> str:
    """Return how the log names an office, and how it was held if not by appointment."""
    return capacity.value if tenure == Tenure.DEFINITIVE else f"{capacity}/{tenure}"


@dataclass(frozen=True)
class Appointment:
    """An office held; `unit_id` limits it to one unit.

    Who holds it by a mandate holds it for `principal_id` (nobody where the post is vacant), as `written_by` wrote it,
    for the decisions in `scope` (None: for all of the office).
    """

    capacity: Capacity
    unit_id: str | None = None
    tenure: Tenure = Tenure.DEFINITIVE
    principal_id: str | None = None
    written_by: str | None = None
    mandate_id: str | None = None
    scope: frozenset[str] | None = None


@dataclass(frozen=True)
class Actor:
    """A person as authenticated, with the offices held at that moment; of whoever has `died` by then, another has the token."""

    person_id: str
    government_id: str
    appointments: tuple[Appointment, ...] = ()
    died: bool = False


@dataclass(frozen=True)
class Hat:
    """Somebody has given a verdict in the case, in this office: by their own hand, or by a substitute's."""

    person_id: str
    capacity: Capacity


@dataclass(frozen=True)
class CaseFacts:
    """What authority over a case depends on; `of_a_head`: its subject heads a unit, so that the Sekda is their head."""

    government_id: str
    subject_id: str | None = None
    home_unit_id: str | None = None
    proposer_id: str | None = None
    escalation: int = 0
    of_a_head: bool = False
    hats: tuple[Hat, ...] = ()


@dataclass(frozen=True)
class Granted:
    """The actor may, in this capacity; for whom and by which mandate, where it is not the actor's own."""

    capacity: Capacity
    tenure: Tenure = Tenure.DEFINITIVE
    on_behalf_of: str | None = None
    mandate_id: str | None = None

    @property
    def authority(self) -> str:
        """Return how the log names the authority."""
        return as_held(self.capacity, self.tenure)


@dataclass(frozen=True)
class Denied:
    """The actor may not; the code says why."""

    code: str


_C = Capacity
MAY: dict[str, tuple[Capacity, ...]] = {
    "OPEN_OPERATION": (_C.COORDINATOR,),
    "DECLARE_STATUS": (_C.SEKDA, _C.APPOINTING_AUTHORITY),
    "EXTEND_STATUS": (_C.SEKDA, _C.APPOINTING_AUTHORITY),
    "END_OPERATION": (_C.SEKDA, _C.APPOINTING_AUTHORITY),
    "REQUEST_SURGE": (_C.COORDINATOR,),
    "APPROVE_SURGE": (_C.SEKDA, _C.APPOINTING_AUTHORITY),
    "REJECT_SURGE": (_C.SEKDA, _C.APPOINTING_AUTHORITY),
    "RETURN_SURGE": (_C.SEKDA, _C.APPOINTING_AUTHORITY),
    "RESUBMIT_SURGE": (_C.COORDINATOR,),
    "RATIFY_ORAL_ORDER": (_C.APPOINTING_AUTHORITY, _C.SEKDA),
    "PROLONG_LETTER": (_C.SEKDA, _C.APPOINTING_AUTHORITY),
    "PLAN_SURGE": (_C.COORDINATOR,),
    "OVERRIDE_REDLINE": (_C.SEKDA,),
    "WAIVE_YEARLY_CAP": (_C.SEKDA,),
    "CONFIRM_PLAN": (_C.COORDINATOR,),
    "WITHDRAW_PLAN": (_C.COORDINATOR,),
    "SIGN_ORDER": (_C.SIGNATORY,),
    "STAND_DOWN": (_C.COORDINATOR,),
    "ADD_LINE": (_C.SEKDA,),
    "RAISE_LINE": (_C.SEKDA,),
    "CUT_LINE": (_C.COORDINATOR,),
    "CLOSE_LINE": (_C.COORDINATOR,),
    "ASK_RELIEF": (_C.COORDINATOR,),
    "NEED_UNTIL": (_C.COORDINATOR,),
    "CANCEL_SURGE": (_C.COORDINATOR,),
    "CLOSE_SURGE": (_C.COORDINATOR,),
    "ACCEPT_OFFER": (_C.SUBJECT,),
    "DECLINE_OFFER": (_C.SUBJECT,),
    "RELEASE": (_C.UNIT_HEAD, _C.SEKDA),
    "REFUSE_RELEASE": (_C.UNIT_HEAD, _C.SEKDA),
    "CHECK_IN": (_C.COMMAND_POST,),
    "SIGN_DEMOB": (_C.COMMAND_POST, _C.COORDINATOR, _C.SEKDA),
    "CONFIRM_RETURN": (_C.UNIT_HEAD, _C.SEKDA),
    "ACCEPT_ON_CONDITION": (_C.SUBJECT,),
    "GRANT_CONDITION": (_C.COORDINATOR,),
    "REFUSE_CONDITION": (_C.COORDINATOR,),
    "CANCEL_ORDER": (_C.COORDINATOR, _C.SIGNATORY),
    "REPORT_ARRIVAL": (_C.SUBJECT,),
    "REPORT_UNFIT": (_C.COMMAND_POST,),
    "REPORT_NO_SHOW": (_C.COMMAND_POST,),
    "START_REST": (_C.SUBJECT, _C.COMMAND_POST),
    "END_REST": (_C.SUBJECT, _C.COMMAND_POST),
    "REGAIN_CONTACT": (_C.SUBJECT, _C.COMMAND_POST, _C.COORDINATOR, _C.SEKDA),
    "REPORT_INJURY": (_C.COMMAND_POST, _C.COORDINATOR, _C.SUBJECT),
    "FILE_ACCIDENT_REPORT": (_C.UNIT_HEAD, _C.COMMAND_POST),
    "WAIVE_ACCIDENT_REPORT": (_C.SEKDA,),
    "RESUME_DUTY": (_C.COMMAND_POST,),
    "REPORT_DEATH": (_C.COMMAND_POST, _C.COORDINATOR, _C.UNIT_HEAD),
    "RETRACT_DEATH": (_C.COMMAND_POST, _C.COORDINATOR, _C.SEKDA),
    "CONFIRM_AFFECTED": (_C.UNIT_HEAD, _C.SEKDA),
    "RECALL": (_C.UNIT_HEAD, _C.SEKDA),
    "RELEASE_EARLY": (_C.COMMAND_POST, _C.COORDINATOR),
    "PROPOSE_EXTENSION": (_C.COMMAND_POST, _C.COORDINATOR),
    "WAIVE_EXTENSION_LIMIT": (_C.SEKDA,),
    "CONSENT_EXTENSION": (_C.SUBJECT,),
    "OBJECT_EXTENSION": (_C.SUBJECT,),
    "APPROVE_EXTENSION": (_C.UNIT_HEAD, _C.COMMAND_POST, _C.SEKDA),
    "DENY_EXTENSION": (_C.UNIT_HEAD, _C.COMMAND_POST, _C.SEKDA),
    "HAND_OVER": (_C.SUBJECT, _C.COMMAND_POST),
    "PROPOSE_REASSIGNMENT": (_C.COMMAND_POST, _C.COORDINATOR, _C.SEKDA),
    "CONSENT_REASSIGNMENT": (_C.SUBJECT,),
    "OBJECT_REASSIGNMENT": (_C.SUBJECT,),
    "APPROVE_REASSIGNMENT": (_C.UNIT_HEAD, _C.COMMAND_POST, _C.SEKDA),
    "DENY_REASSIGNMENT": (_C.UNIT_HEAD, _C.COMMAND_POST, _C.SEKDA),
    "SIGN_CHECKLIST": (_C.COMMAND_POST, _C.COORDINATOR),
    "WAIVE_CHECKLIST": (_C.COORDINATOR, _C.SEKDA),
    "SETTLE_CLAIM": (_C.FINANCE_OFFICER,),
    "WAIVE_SETTLEMENT": (_C.SEKDA,),
    "CONVERT": (_C.APPOINTING_AUTHORITY,),
    "ESCALATE_OPERATION": (_C.SEKDA, _C.APPOINTING_AUTHORITY),
    "HAND_BACK_STATUS": (_C.SEKDA, _C.APPOINTING_AUTHORITY),
    "WITHDRAW_STATUS": (_C.SEKDA, _C.APPOINTING_AUTHORITY),
    "FILE_AFTER_ACTION": (_C.COORDINATOR, _C.SEKDA),
    "ARCHIVE_OPERATION": (_C.SEKDA, _C.APPOINTING_AUTHORITY),
    "DRAFT_BACKFILL": (_C.UNIT_HEAD, _C.SEKDA, _C.APPOINTING_AUTHORITY),
    "DECLINE_BACKFILL": (_C.UNIT_HEAD, _C.SEKDA, _C.APPOINTING_AUTHORITY),
    "LOSE_COVER": (_C.SYSTEM,),
    "REGAIN_COVER": (_C.SYSTEM,),
    "GAIN_ACTING_HEAD": (_C.SYSTEM,),
    "LOSE_ACTING_HEAD": (_C.SYSTEM,),
    "TAKE_MUSTER": (_C.COMMAND_POST, _C.COORDINATOR),
    "SIGN_OF_LIFE": (_C.SUBJECT,),
    "RECEIVE_REPORT": (_C.SYSTEM,),
    "RECEIVE_EVALUATION": (_C.SYSTEM,),
}
"""Kind of decision -> capacities that may decide it, the ordinary one first."""

NOTED = frozenset({"TAKE_MUSTER", "SIGN_OF_LIFE"})
"""What is noted in the log at once: it moves no case by itself, so there is no command of it; all others are commands."""

NOT_BY_ACTING = frozenset({"CONVERT"})
"""Decisions that those who act in an office may not take."""

_OF_A_UNIT = ("RELEASE", "REFUSE_RELEASE", "DRAFT_BACKFILL", "DECLINE_BACKFILL")
_OF_THE_SEKDA = ("APPROVE_SURGE", "REJECT_SURGE", "RETURN_SURGE", "DRAFT_BACKFILL", "DECLINE_BACKFILL")
_ONLY_WHEN_ESCALATED = frozenset(
    [(kind, _C.SEKDA) for kind in _OF_A_UNIT] + [(kind, _C.APPOINTING_AUTHORITY) for kind in _OF_THE_SEKDA]
)
_BY_THE_HEAD = ("APPROVE_EXTENSION", "DENY_EXTENSION", "APPROVE_REASSIGNMENT", "DENY_REASSIGNMENT")
_ONLY_FOR_HEADS = frozenset((kind, _C.SEKDA) for kind in _BY_THE_HEAD)
"""Decisions of the home head that the Sekda takes in the case of somebody who heads a unit."""
_TELLING = ("own_case", "own_proposal", "two_hats", "not_by_acting")
"""Why an office that would do is of no use, the weightiest first."""


def authority(kind: str, actor: Actor, case: CaseFacts) -> Granted | Denied:
    """Say in which capacity the actor may decide this, or why not; an own office before one held for others.

    No office lifts the separation of duties: not the operator's, not the highest one's, not a
    substitute's. It binds whoever decides, the holder for whom, and the author of the mandate.
    """
    if actor.government_id != case.government_id:
        return Denied("no_such_case")
    apart = SEPARATED.get(kind, Apart())
    if apart.subject and actor.person_id == case.subject_id:
        return Denied("own_case")
    if apart.proposer and actor.person_id == case.proposer_id:
        return Denied("own_proposal")
    faults = set()
    for office in _offices(kind, actor, case):
        fault = _fault(kind, actor, office, case)
        if fault is None:
            return Granted(office.capacity, office.tenure, office.principal_id, office.mandate_id)
        faults.add(fault)
    return Denied(next((code for code in _TELLING if code in faults), "no_authority"))


def _offices(kind: str, actor: Actor, case: CaseFacts) -> Iterator[Appointment]:
    """The offices of the actor that may decide this: in the order of the table, own ones first."""
    own_first = sorted(actor.appointments, key=lambda office: office.tenure != Tenure.DEFINITIVE)
    for capacity in MAY[kind]:
        if capacity == Capacity.SUBJECT:
            if actor.person_id == case.subject_id:
                yield Appointment(Capacity.SUBJECT)
        elif _is_asked(kind, capacity, case):
            yield from (
                office for office in own_first if office.capacity == capacity and _reaches(office, kind, case)
            )


def _is_asked(kind: str, capacity: Capacity, case: CaseFacts) -> bool:
    """Whether the office may decide this in this case at all; whoever heads a unit has the Sekda for a head."""
    if (kind, capacity) in _ONLY_FOR_HEADS:
        return case.of_a_head
    ordinary = (kind, capacity) not in _ONLY_WHEN_ESCALATED or case.escalation > 0
    return ordinary or (case.of_a_head and kind in {"RELEASE", "REFUSE_RELEASE"})


def _reaches(office: Appointment, kind: str, case: CaseFacts) -> bool:
    here = office.capacity != Capacity.UNIT_HEAD or office.unit_id == case.home_unit_id
    return here and (office.scope is None or kind in office.scope)


def parted(apart: Apart, person_id: str, office: Appointment, case: CaseFacts) -> str | None:
    """Say what keeps somebody from deciding a case in this office, or None.

    It binds whoever decides, the holder for whom, and the author of the mandate.
    """
    hands = {person_id, office.principal_id}
    involved = {*hands, office.written_by} - {None}
    if apart.subject and case.subject_id in involved:
        return "own_case"
    if apart.proposer and case.proposer_id in involved:
        return "own_proposal"
    if apart.verdict and any(hat.person_id in hands and hat.capacity != office.capacity for hat in case.hats):
        return "two_hats"
    return None


def _fault(kind: str, actor: Actor, office: Appointment, case: CaseFacts) -> str | None:
    if fault := parted(SEPARATED.get(kind, Apart()), actor.person_id, office, case):
        return fault
    return "not_by_acting" if kind in NOT_BY_ACTING and office.tenure in ACTING else None
