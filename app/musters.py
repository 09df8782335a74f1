"""Roll calls at the site, and one's own sign of life: noted without waking anybody's case, unless it was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app import actions
from app.actions import Decision, Faulty, House
from app.closing import NotNow
from domain import cases
from domain.authority import Actor
from domain.commands import CommandKind
from domain.log import Fact
from domain.muster import (
    EVERYBODY,
    Among,
    Muster,
    NotExpected,
    OnSite,
    call_the_roll,
    muster_fact,
    sign_of_life,
)


class Book(Protocol):
    """Where signs of life are kept."""

    async def expected(
        self, *, surge_id: str | None = None, placement_id: str | None = None
    ) -> tuple[OnSite, ...]: ...
    async def goes_on(self, surge_id: str) -> bool: ...
    async def note(
        self, government_id: str, placements: Sequence[str], seen_at: datetime, fact: Fact
    ) -> None: ...


@dataclass(frozen=True)
class Roll:
    """A roll call as it was taken: `present` None means everybody but the absent ones; `seen_at` None means now."""

    present: tuple[str, ...] | None = None
    absent: tuple[str, ...] = ()
    seen_at: datetime | None = None
    among: Among = EVERYBODY


async def take_muster(house: House, book: Book, who: Actor, surge_id: str, roll: Roll) -> Muster:
    """Note who answered; who had been out of contact is found.

    Raises NoSuchCase, NotAllowed, NotNow once the surge has ended, and Faulty naming who is not expected among those that are called, a site or unit of
    which nobody is, or a time that cannot be.
    """
    case_id = cases.surge(surge_id)
    granted = actions.granted_to("TAKE_MUSTER", who, await actions.facts_of(house, case_id))
    if not await book.goes_on(surge_id):
        raise NotNow("already_ended")
    if roll.seen_at:
        await actions.in_its_time(house, case_id, {"seen_at": roll.seen_at.isoformat()})
    now = house.clock.now()
    expected = await book.expected(surge_id=surge_id)
    if faults := roll.among.faults(expected):
        raise Faulty(faults)
    muster = call_the_roll(
        surge_id,
        who.government_id,
        expected,
        present=roll.present,
        absent=roll.absent,
        seen_at=min(roll.seen_at or now, now),
        among=roll.among,
    )
    if isinstance(muster, NotExpected):
        raise Faulty(
            tuple(f"{one}: nobody who is expected among those that are called" for one in muster.placements)
        )
    fact = muster_fact(muster, who, granted, house.rules.basis("surge.deadlines.contact"), now)
    await book.note(who.government_id, muster.present, muster.seen_at, fact)
    for placement_id in muster.found:
        await _found(house, who, placement_id)
    return muster


async def report_in(house: House, book: Book, who: Actor, placement_id: str) -> datetime:
    """Note one's own sign of life and return its instant; raises NoSuchCase, NotAllowed and Faulty."""
    case_id = cases.secondment(placement_id)
    actions.granted_to("SIGN_OF_LIFE", who, await actions.facts_of(house, case_id))
    expected = await book.expected(placement_id=placement_id)
    mine = next((one for one in expected if one.person_id == who.person_id), None)
    if mine is None:
        raise Faulty(("placement_id: nobody is expected to report from the site here now",))
    now = house.clock.now()
    fact = sign_of_life(mine, now, house.rules.basis("surge.deadlines.contact"), now)
    await book.note(who.government_id, (placement_id,), now, fact)
    if mine.state == "OUT_OF_CONTACT":
        await _found(house, who, placement_id)
    return now


async def _found(house: House, who: Actor, placement_id: str) -> None:
    await actions.decide(house, who, Decision(CommandKind.REGAIN_CONTACT, cases.secondment(placement_id)))
