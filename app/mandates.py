"""Substitution: writing down who decides for whom, and ending it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.actions import Faulty, House, NoSuchCase, NotAllowed
from domain.authority import Actor, Capacity, Denied, Tenure
from domain.log import Attribution, Fact
from domain.mandates import SUPERIOR, ActingAlready, Mandate, WrittenAlready, may_revoke, may_write


class Book(Protocol):
    """Where mandates are kept."""

    async def holders(self, mandate: Mandate, at: datetime) -> frozenset[str]: ...
    async def serves(self, person_id: str, government_id: str) -> bool: ...
    async def is_placed(self, person_id: str, starts: datetime, ends: datetime) -> bool: ...
    async def find(self, mandate_id: str) -> Mandate: ...
    async def write(self, mandate: Mandate, fact: Fact) -> None: ...
    async def revoke(self, mandate: Mandate, by: str, fact: Fact) -> bool: ...


@dataclass(frozen=True)
class Writ:
    """What a mandate is asked to say. `principal_id` None: the post is vacant (PLT)."""

    tenure: Tenure
    substitute_id: str
    principal_id: str | None
    capacity: Capacity
    unit_id: str | None
    starts: datetime
    ends: datetime
    letter: str
    scope: frozenset[str] | None = None


async def write_mandate(house: House, book: Book, who: Actor, writ: Writ) -> Mandate:
    """Write a mandate; raises NotAllowed, and Faulty where what it says cannot be."""
    now = house.clock.now()
    mandate = Mandate(
        house.new_id(), who.government_id, written_by=who.person_id, **{k: getattr(writ, k) for k in _SAID}
    )
    if not await book.serves(writ.substitute_id, who.government_id):
        raise Faulty(("substitute_id: nobody of this government has this id",))
    if writ.tenure != Tenure.SUBSTITUTE and await book.is_placed(writ.substitute_id, writ.starts, writ.ends):
        raise Faulty(("substitute_id: is on a surge at that time, and cannot act for anybody",))
    holders = await book.holders(mandate, now)
    if denied := may_write(who, mandate, holders, house.rules.mandates, now=now):
        raise _told(denied)
    try:
        await book.write(mandate, _fact(house, who, mandate, "MandateWritten", now))
    except ActingAlready:
        raise Faulty(("capacity: somebody acts in this office at that time",)) from None
    except WrittenAlready:
        raise Faulty(
            ("substitute_id: stands in so at that time already; revoke that mandate first",)
        ) from None
    return mandate


async def revoke_mandate(house: House, book: Book, who: Actor, mandate_id: str) -> None:
    """End a mandate before its time; raises NoSuchCase and NotAllowed."""
    try:
        mandate = await book.find(mandate_id)
    except LookupError:
        raise NoSuchCase(mandate_id) from None
    if mandate.government_id != who.government_id:
        raise NoSuchCase(mandate_id)
    if not may_revoke(who, mandate):
        raise NotAllowed("no_authority")
    now = house.clock.now()
    if not await book.revoke(mandate, who.person_id, _fact(house, who, mandate, "MandateRevoked", now)):
        raise Faulty(("mandate_id: this mandate has ended",))


_SAID = (
    "tenure",
    "substitute_id",
    "principal_id",
    "capacity",
    "unit_id",
    "starts",
    "ends",
    "letter",
    "scope",
)
_FAULTS = {
    "post_not_vacant": "tenure: PLT is for a vacant post, and somebody holds this one",
    "office_not_held": "principal_id: does not hold this office by appointment",
    "holds_it_already": "substitute_id: holds this office already",
    "not_a_mandate": "tenure: expected SUBSTITUTE, PLH or PLT",
    "ends_in_the_past": "ends: expected an end after the start, and in the future",
    "lasts_too_long": "ends: later than the rule pack lets such a mandate last",
    "not_of_this_office": "scope: a decision that is not this office's",
}


def _told(denied: Denied) -> Exception:
    fault = _FAULTS.get(denied.code)
    return Faulty((fault,)) if fault else NotAllowed(denied.code)


def _fact(house: House, who: Actor, mandate: Mandate, event: str, at: datetime) -> Fact:
    own = who.person_id in (mandate.principal_id, mandate.substitute_id)
    office = mandate.capacity if own else SUPERIOR.get(mandate.capacity, mandate.capacity)
    by = Attribution(who.person_id, office.value, house.rules.basis("authority"))
    data = {
        "tenure": mandate.tenure.value,
        "substitute_id": mandate.substitute_id,
        "principal_id": mandate.principal_id,
        "capacity": mandate.capacity.value,
        "unit_id": mandate.unit_id,
        "starts": mandate.starts.isoformat(),
        "ends": mandate.ends.isoformat(),
        "letter": mandate.letter,
        "scope": sorted(mandate.scope) if mandate.scope is not None else None,
    }
    return Fact(event, f"mandate:{mandate.mandate_id}", at, by, None, data)
