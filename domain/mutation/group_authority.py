"""Who may decide what of a batch or a swap: whoever may of each of its members, in one office for all of them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.authority import Actor, Appointment, Capacity, Denied, Granted
from domain.mutation import authority as of_one
from domain.mutation.group_life import GroupTrigger

_T, _C = GroupTrigger, Capacity

TRIGGER_OF_KIND: dict[str, GroupTrigger] = {
    "FORM_GROUP": _T.FORM,
    "DISSOLVE_GROUP": _T.DISSOLVE,
    "PREPARE_DECREE": _T.PREPARE_DECREE,
    "INITIAL_DECREE": _T.INITIAL,
    "RETURN_DECREE": _T.RETURN_DECREE,
    "SIGN_DECREE": _T.SIGN_DECREE,
}
"""Kind of decision -> what it moves. The decree's own kinds are those of a mutation, over all members at once."""

MAY: dict[str, tuple[Capacity, ...]] = {
    "FORM_GROUP": (_C.PERSONNEL_AGENCY,),
    "DISSOLVE_GROUP": (_C.PERSONNEL_AGENCY,),
}
"""The kinds that only a group has; clerks' work, though never with the own case among the members."""


@dataclass(frozen=True)
class Facts:
    """What authority over a group depends on: that of each member who goes with it."""

    government_id: str
    members: tuple[of_one.Facts, ...] = ()


def authority(kind: str, actor: Actor, case: Facts) -> Granted | Denied:
    """Say in which capacity the actor may decide this for all members, or why not."""
    if actor.government_id != case.government_id:
        return Denied("no_such_case")
    why = "no_authority"
    for office in _offices(kind, actor):
        alone = Actor(actor.person_id, actor.government_id, (office,))
        verdicts = [_of_member(kind, alone, member) for member in case.members]
        denied = next((one for one in verdicts if isinstance(one, Denied)), None)
        if denied is None:
            return Granted(office.capacity, office.tenure, office.principal_id, office.mandate_id)
        why = denied.code if denied.code != "no_authority" else why
    return Denied(why)


def _offices(kind: str, actor: Actor) -> list[Appointment]:
    may = MAY.get(kind) or of_one.MAY[kind]
    own_first = sorted(actor.appointments, key=lambda office: office.tenure != "DEFINITIVE")
    return [
        office
        for capacity in may
        for office in own_first
        if office.capacity == capacity and (office.scope is None or kind in office.scope)
    ]


def _of_member(kind: str, actor: Actor, member: of_one.Facts) -> Granted | Denied:
    if kind not in MAY:
        return of_one.authority(kind, actor, member)
    (office,) = actor.appointments
    hands = {actor.person_id, office.principal_id, office.written_by}
    if member.subject_id in hands:
        return Denied("own_case")
    return Granted(office.capacity)
