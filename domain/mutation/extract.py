"""One person's extract (petikan) of a decree, and who may certify it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.mutation.decree import Decree
from domain.mutation.decree_parts import Fault, Found, Move, Refused
from domain.order_parts import Signatory


@dataclass(frozen=True, kw_only=True)
class Extract:
    """The decree as it concerns one person, certified by the head of the legal office.

    Nobody else's line is in it.
    """

    decree: Decree
    move: Move
    certifier: Signatory
    certified_at: datetime


def make_extract(
    decree: Decree, case_id: str, certifier: Signatory | None, certified_at: datetime
) -> Extract | Refused:
    """Make the extract, or say what keeps it from being made."""
    place = decree.place_of(case_id)
    if place is None:
        return Refused((Found(Fault.NOT_ON_DECREE, f"moves[{case_id}]"),))
    move = decree.moves[place - 1]
    if certifier is None:
        return Refused((Found(Fault.MISSING, "certifier"),))
    found = []
    if not certifier.has_authority() or not certifier.name.strip():
        found.append(Found(Fault.DELEGATION_MISSING, "certifier"))
    if certifier.person_id == move.person.person_id:
        found.append(Found(Fault.OWN_CASE, "certifier"))
    if certified_at.tzinfo is None:
        found.append(Found(Fault.NAIVE_TIME, "certified_at"))
    elif certified_at < decree.signed_at:
        found.append(Found(Fault.BEFORE_DECREE, "certified_at"))
    if found:
        return Refused(tuple(found))
    return Extract(decree=decree, move=move, certifier=certifier, certified_at=certified_at)
