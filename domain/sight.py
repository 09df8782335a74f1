"""Who may see what. Everybody sees their own case; an office sees what it is there for, and no more."""

from __future__ import annotations

from dataclasses import replace

from domain.authority import Actor, Appointment, Capacity

OVERSEERS = frozenset(
    {
        Capacity.COORDINATOR,
        Capacity.SEKDA,
        Capacity.COMMAND_POST,
        Capacity.SIGNATORY,
        Capacity.AUDITOR,
        Capacity.APPOINTING_AUTHORITY,
        Capacity.FINANCE_OFFICER,
    }
)
"""They see every operation, surge, order and secondment of their government."""

MUTATION_OFFICES = frozenset(
    {
        Capacity.APPOINTING_AUTHORITY,
        Capacity.SIGNATORY,
        Capacity.SEKDA,
        Capacity.PERSONNEL_AGENCY,
        Capacity.PERFORMANCE_REVIEW_TEAM,
        Capacity.LEGAL_BUREAU,
        Capacity.AUDITOR,
    }
)
"""They see every mutation of their government, with all that the rules say of the person."""

PLANNERS = frozenset({Capacity.COORDINATOR, Capacity.SEKDA})
"""They see names in a plan: before anybody is asked, being considered is nobody else's business."""

AUDITORS = frozenset({Capacity.AUDITOR, Capacity.OPERATOR})
"""They may replay a case and read its log."""

DESK_ADMINS = frozenset({Capacity.OPERATOR})
"""They see every task and hand it on, and never decide it."""


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


def sees_staff(actor: Actor, unit_id: str) -> bool:
    """Say whether the actor may see who serves in a unit: its head, the overseers, and the offices that handle mutations."""
    return unit_id in units_headed(actor) or holds(actor, OVERSEERS | MUTATION_OFFICES)


def sees_mutation(actor: Actor, *, subject_id: str, proposer_id: str, units: frozenset[str]) -> bool:
    """Say whether the actor may see a mutation: the own one, the own proposal, or one from or to a unit that they head."""
    near = actor.person_id in (subject_id, proposer_id) or units & set(units_headed(actor))
    return bool(near) or holds(actor, MUTATION_OFFICES)


def abroad(actor: Actor, *, releasing_unit: str, secretary_releases: bool) -> Actor:
    """Return the actor as another government's case of their government's person knows them.

    No office of theirs counts in it but the head's of the unit that lets go, or the Sekda's who speaks for that one.
    """
    speaks: set[tuple[Capacity, str | None]] = {(Capacity.UNIT_HEAD, releasing_unit)}
    if secretary_releases:
        speaks.add((Capacity.SEKDA, None))
    heads = any((office.capacity, office.unit_id) in speaks for office in actor.appointments)
    counted = (Appointment(Capacity.UNIT_HEAD, releasing_unit),) if heads else ()
    return replace(actor, appointments=counted)


def sees_task(
    actor: Actor,
    *,
    assignee_id: str | None,
    capacity: str | None,
    unit_id: str | None,
    home_unit_id: str | None,
) -> bool:
    """Say whether the actor may see a task: what is asked of them by name or by an office, or of their unit's people.

    A person without an office sees no task but their own, also in their own case.
    """
    asked = any(
        office.capacity == capacity and unit_id in (None, office.unit_id) for office in actor.appointments
    )
    return (
        actor.person_id == assignee_id
        or asked
        or home_unit_id in units_headed(actor)
        or holds(actor, OVERSEERS | DESK_ADMINS)
    )
