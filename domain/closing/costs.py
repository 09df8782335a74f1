"""What a surge cost: days, per diem and claims paid, added up by person, donor unit and surge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain import cases
from domain.closing.days import Days
from domain.closing.road import Road
from domain.secondment import Paper


class ClaimState(StrEnum):
    """What became of a travel claim: paid, let off by name, or owed still."""

    PAID = "PAID"
    WAIVED = "WAIVED"
    OWED = "OWED"


@dataclass(frozen=True)
class PersonCost:
    """One person's days, under the opaque id of the placement, and what became of the claim, if one is due.

    `claimed` is what the document says that settled it, `reckoned` what the days of the whole stay came to then.
    """

    placement_id: str
    unit_id: str
    role: str
    site: str
    days: Days
    claim: ClaimState | None = None
    claimed: int | None = None
    reckoned: int | None = None

    @property
    def difference(self) -> int | None:
        """By how much the document says more (or less) than the days."""
        return None if self.claimed is None or self.reckoned is None else self.claimed - self.reckoned


@dataclass(frozen=True)
class DonorCost:
    """What a donor unit's people come to. Days are person-days, money is rupiah; `claimed` as the payment documents say.

    `reckoned` is what the days came to of those claims, `paid`, `waived` and `owed` count them.
    """

    unit_id: str
    people: int
    away: int
    duty: int
    late: int
    rest: int
    per_diem: int
    claimed: int
    reckoned: int
    paid: int
    waived: int
    owed: int

    @property
    def difference(self) -> int:
        """By how much the documents say more (or less) than the days."""
        return self.claimed - self.reckoned


@dataclass(frozen=True)
class Costs:
    """A surge's days and money; the totals are those of the people, and of the donors."""

    people: tuple[PersonCost, ...]
    donors: tuple[DonorCost, ...]
    total: DonorCost

    @property
    def open(self) -> int:
        """How many are not home yet: their days are counted up to the moment of reading."""
        return sum(one.days.open for one in self.people)


def cost_of(road: Road, days: Days) -> PersonCost:
    """Return what somebody's days come to, and what became of the claim."""
    key = cases.parse(road.case_id).key
    due = days.per_diem if road.reckoned is None else road.reckoned
    due_then = None if road.claimed is None else due
    return PersonCost(key, road.unit_id, road.role, road.site, days, _claim(road), road.claimed, due_then)


def _claim(road: Road) -> ClaimState | None:
    if Paper.CLAIM in road.received:
        return ClaimState.PAID
    if Paper.CLAIM in road.waived:
        return ClaimState.WAIVED
    return ClaimState.OWED if Paper.CLAIM in (road.owed or ()) else None


def add_up(people: Iterable[PersonCost]) -> Costs:
    """Return the totals of people who left home, the dearest donor first; whoever has a claim for it had left.

    Somebody may have no day here and a claim all the same: moved from another post, on whose days the move was.
    """
    travelled = tuple(one for one in people if one.days.away or one.claim is not None)
    units = dict.fromkeys(one.unit_id for one in travelled)
    donors = [_sum(unit, [one for one in travelled if one.unit_id == unit]) for unit in units]
    donors.sort(key=lambda donor: (-donor.per_diem, donor.unit_id))
    return Costs(travelled, tuple(donors), _sum("", travelled))


def _sum(unit_id: str, people: Sequence[PersonCost]) -> DonorCost:
    days = [one.days for one in people]
    claims = [one.claim for one in people]
    return DonorCost(
        unit_id,
        people=len(days),
        away=sum(one.away for one in days),
        duty=sum(one.duty for one in days),
        late=sum(one.late for one in days),
        rest=sum(one.rest for one in days),
        per_diem=sum(one.per_diem for one in days),
        claimed=sum(one.claimed or 0 for one in people),
        reckoned=sum(one.reckoned or 0 for one in people),
        paid=claims.count(ClaimState.PAID),
        waived=claims.count(ClaimState.WAIVED),
        owed=claims.count(ClaimState.OWED),
    )
