"""Who may decide what, in whichever case: the one question of the door, of the desk, and of the cases themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain import authority as of_surge
from domain.authority import Actor, Capacity, CaseFacts, Denied, Granted
from domain.mutation import authority as of_mutation
from domain.mutation import group_authority as of_group
from domain.mutation.authority import Facts as MutationFacts
from domain.mutation.group_authority import Facts as GroupFacts
from domain.separation import named_in

Facts = CaseFacts | MutationFacts | GroupFacts
"""What authority over a case depends on, by the kind of case."""

MAY: dict[str, tuple[Capacity, ...]] = of_surge.MAY | of_mutation.MAY | of_group.MAY
"""Kind of decision -> capacities that may decide it, the ordinary one first."""

NOT_BY_ACTING = of_surge.NOT_BY_ACTING | of_mutation.NOT_BY_ACTING
"""Decisions that those who act in an office may not take."""


def about(kind: str, details: Mapping[str, object], case: Facts) -> Facts:
    """Return the facts of the case as this decision sees them: of many, it may be about one, whom it names."""
    named = named_in(kind, details)
    return replace(case, subject_id=named) if named and isinstance(case, CaseFacts) else case


def authority(kind: str, actor: Actor, case: Facts) -> Granted | Denied:
    """Say in which capacity the actor may decide this, or why not; raises KeyError for what nobody decides."""
    if actor.died:
        return Denied("has_died")
    if isinstance(case, MutationFacts):
        return (
            of_mutation.authority(kind, actor, case)
            if kind in of_mutation.MAY
            else Denied("not_for_this_case")
        )
    if isinstance(case, GroupFacts):
        known = kind in of_group.TRIGGER_OF_KIND
        return of_group.authority(kind, actor, case) if known else Denied("not_for_this_case")
    if kind in of_mutation.MAY or kind in of_group.MAY:
        return Denied("not_for_this_case")
    return of_surge.authority(kind, actor, case)
