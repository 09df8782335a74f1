"""Who may see what. Everybody sees their own case; an office sees what it is there for, and no more."""

from __future__ import annotations

from domain.authority import Actor, Capacity

OVERSEERS = frozenset(
    {
        Capacity.COORDINATOR,
        Capacity.SEKDA,
        Capacity.COMMAND_POST,
        Capacity.SIGNATORY,
        Capacity.AUDITOR,
        Capacity.APPOINTING_AUTHORITY,
    }
)
"""They see every operation, surge, order and secondment of their government."""

PLANNERS = frozenset({Capacity.COORDINATOR, Capacity.SEKDA})
"""They see names in a plan: before anybody is asked, being considered is nobody else's business."""

AUDITORS = frozenset({Capacity.AUDITOR, Capacity.OPERATOR})
"""They may replay a case and read its log."""


def holds(actor: Actor, among: frozenset[Capacity]) -> bool:
    """Say whether the actor holds one of these offices for the whole government."""
    return any(office.capacity in among for office in actor.appointments)


def units_headed(actor: Actor) -> tuple[str, ...]:
    """Return the units whose people the actor may see as their head."""
    return tuple(
        office.unit_id
        for office in actor.appointments
        if office.capacity == Capacity.UNIT_HEAD and office.unit_id is not None
    )


def sees_person(actor: Actor, *, subject_id: str, home_unit_id: str) -> bool:
    """Say whether the actor may see this person's secondment."""
    return actor.person_id == subject_id or home_unit_id in units_headed(actor) or holds(actor, OVERSEERS)
