"""Who may decide what, and who may not because the case is their own.

`MAY` is read by the door (to refuse early), by the activity that takes a command (to refuse for
good, with the facts of that moment) and by the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    SUBJECT = "SUBJECT"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True)
class Appointment:
    """An office held; `unit_id` limits it to one unit."""

    capacity: Capacity
    unit_id: str | None = None


@dataclass(frozen=True)
class Actor:
    """A person as authenticated, with the offices held at that moment."""

    person_id: str
    government_id: str
    appointments: tuple[Appointment, ...] = ()


@dataclass(frozen=True)
class CaseFacts:
    """What authority over a case depends on."""

    government_id: str
    subject_id: str | None = None
    home_unit_id: str | None = None
    proposer_id: str | None = None
    escalation: int = 0


@dataclass(frozen=True)
class Granted:
    """The actor may, in this capacity."""

    capacity: Capacity


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
    "APPROVE_SURGE": (_C.SEKDA,),
    "REJECT_SURGE": (_C.SEKDA,),
    "PLAN_SURGE": (_C.COORDINATOR,),
    "OVERRIDE_REDLINE": (_C.SEKDA,),
    "CONFIRM_PLAN": (_C.COORDINATOR,),
    "SIGN_ORDER": (_C.SIGNATORY,),
    "STAND_DOWN": (_C.COORDINATOR,),
    "CLOSE_SURGE": (_C.COORDINATOR,),
    "ACCEPT_OFFER": (_C.SUBJECT,),
    "DECLINE_OFFER": (_C.SUBJECT,),
    "RELEASE": (_C.UNIT_HEAD, _C.SEKDA),
    "REFUSE_RELEASE": (_C.UNIT_HEAD, _C.SEKDA),
    "CHECK_IN": (_C.COMMAND_POST,),
    "SIGN_DEMOB": (_C.COMMAND_POST, _C.COORDINATOR, _C.SEKDA),
    "CONFIRM_RETURN": (_C.UNIT_HEAD, _C.SEKDA),
}
"""Command kind -> capacities that may decide it, the ordinary one first."""

_NOT_IN_OWN_CASE = frozenset({"RELEASE", "REFUSE_RELEASE", "CHECK_IN", "SIGN_DEMOB", "CONFIRM_RETURN"})
_NOT_OWN_PROPOSAL = frozenset({"APPROVE_SURGE", "REJECT_SURGE"})
_ONLY_WHEN_ESCALATED = frozenset({("RELEASE", _C.SEKDA), ("REFUSE_RELEASE", _C.SEKDA)})


def authority(kind: str, actor: Actor, case: CaseFacts) -> Granted | Denied:
    """Say in which capacity the actor may decide this, or why not.

    No office lifts the separation of duties: not the operator's, not the highest one's.
    """
    if actor.government_id != case.government_id:
        return Denied("no_such_case")
    if kind in _NOT_IN_OWN_CASE and actor.person_id == case.subject_id:
        return Denied("own_case")
    if kind in _NOT_OWN_PROPOSAL and actor.person_id == case.proposer_id:
        return Denied("own_proposal")
    for capacity in MAY[kind]:
        if _holds(actor, capacity, case) and not _too_early(kind, capacity, case):
            return Granted(capacity)
    return Denied("no_authority")


def _holds(actor: Actor, capacity: Capacity, case: CaseFacts) -> bool:
    if capacity == Capacity.SUBJECT:
        return actor.person_id == case.subject_id
    if capacity == Capacity.UNIT_HEAD:
        return any(a.capacity == capacity and a.unit_id == case.home_unit_id for a in actor.appointments)
    return any(a.capacity == capacity for a in actor.appointments)


def _too_early(kind: str, capacity: Capacity, case: CaseFacts) -> bool:
    return (kind, capacity) in _ONLY_WHEN_ESCALATED and case.escalation == 0
