"""Through whose hands a mutation would go: who would approve it, and who would sign, by how their offices are held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.authority import ACTING, Appointment, Tenure
from domain.mutation.authority import MAY
from domain.mutation.dossier import Approver, Signer


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds an office."""

    person_id: str
    office: Appointment

    @property
    def hands(self) -> frozenset[str]:
        """Whoever decides, for whom, and by whose writ."""
        hands = (self.person_id, self.office.principal_id, self.office.written_by)
        return frozenset(hand for hand in hands if hand)


def approver_of(holders: Iterable[Holder], involved: frozenset[str]) -> Approver | None:
    """Return who would approve; somebody involved (the person, the proposer) only where there is nobody else."""
    one = _first("APPROVE_MUTATION", holders, involved)
    if one is None:
        return None
    office = one.office
    return Approver(
        one.person_id, office.capacity, None, office.tenure, office.principal_id, office.written_by
    )


def signer_of(holders: Iterable[Holder], involved: frozenset[str]) -> Signer | None:
    """Return who would sign; the writ of somebody who holds the office by one is named by its id."""
    one = _first("SIGN_DECREE", holders, involved)
    if one is None:
        return None
    return Signer(one.person_id, one.office.tenure, one.office.mandate_id)


def _first(kind: str, holders: Iterable[Holder], involved: frozenset[str]) -> Holder | None:
    """Who may comes before who may not, an office that is named first before others, an own one before a mandate's."""

    def order(one: Holder) -> tuple[bool, bool, int, int, str]:
        held, tenures = one.office, tuple(Tenure)
        place = MAY[kind].index(held.capacity)
        return (
            bool(one.hands & involved),
            held.tenure in ACTING,
            place,
            tenures.index(held.tenure),
            one.person_id,
        )

    able = [
        one
        for one in holders
        if one.office.capacity in MAY[kind] and (one.office.scope is None or kind in one.office.scope)
    ]
    return min(able, key=order, default=None)
