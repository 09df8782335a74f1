"""Substitution: B decides for A for a time, because A or A's superior wrote so.

A mandate hands on one office, held by appointment: what is held by a mandate cannot be handed on, so
there are no chains. Who decides by a mandate is recorded as B on behalf of A.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.authority import Actor, Capacity, Denied, Tenure
from domain.who_may import MAY

_C = Capacity
SUPERIOR: dict[Capacity, Capacity] = {
    _C.UNIT_HEAD: _C.SEKDA,
    _C.COORDINATOR: _C.SEKDA,
    _C.SIGNATORY: _C.SEKDA,
    _C.OPERATOR: _C.SEKDA,
    _C.FINANCE_OFFICER: _C.SEKDA,
    _C.PERSONNEL_AGENCY: _C.SEKDA,
    _C.LEGAL_BUREAU: _C.SEKDA,
    _C.COMMAND_POST: _C.COORDINATOR,
    _C.PERFORMANCE_REVIEW_TEAM: _C.APPOINTING_AUTHORITY,
    _C.AUDITOR: _C.APPOINTING_AUTHORITY,
    _C.SEKDA: _C.APPOINTING_AUTHORITY,
}
"""Who may name a substitute for an office beside its holder. The appointing authority has no superior here."""

ROLL_CALL = frozenset({"TAKE_MUSTER", "REGAIN_CONTACT"})
"""A roll call, with what it records of whoever it finds: handed on together, or nobody who was lost would be found by it."""

MANDATABLE = tuple(c for c in Capacity if c not in (Capacity.SUBJECT, Capacity.SYSTEM))


@dataclass(frozen=True)
class Mandate:
    """Who decides in which office for whom, from when until when. `letter` is the number of the writ.

    `scope` limits it to some kinds of decision; None hands on the whole office.
    """

    mandate_id: str
    government_id: str
    tenure: Tenure
    substitute_id: str
    principal_id: str | None
    capacity: Capacity
    unit_id: str | None
    starts: datetime
    ends: datetime
    written_by: str
    letter: str
    scope: frozenset[str] | None = None


class ActingAlready(ValueError):
    """Somebody acts in that office at that time; an office has one acting officer."""


class WrittenAlready(ValueError):
    """The same person stands in for the same holder all through that time, for the same decisions."""


@dataclass(frozen=True)
class MandateRules:
    """How long a mandate may last, by how the office is held; from the rule pack."""

    longest_substitution: timedelta
    longest_plh: timedelta
    longest_plt: timedelta

    def longest(self, tenure: Tenure) -> timedelta:
        """Return the longest span of such a mandate."""
        return {Tenure.PLH: self.longest_plh, Tenure.PLT: self.longest_plt}.get(
            tenure, self.longest_substitution
        )


def may_write(
    author: Actor, mandate: Mandate, holders: frozenset[str], rules: MandateRules, *, now: datetime
) -> Denied | None:
    """Say why this mandate cannot be written, or None. `holders` hold the office by appointment now."""
    return _wrong_hands(author, mandate, holders) or _wrong_shape(mandate, rules, now)


def _wrong_hands(author: Actor, mandate: Mandate, holders: frozenset[str]) -> Denied | None:
    if mandate.tenure == Tenure.PLT:
        if holders:
            return Denied("post_not_vacant")
    elif mandate.principal_id not in holders:
        return Denied("office_not_held")
    if mandate.substitute_id in holders:
        return Denied("holds_it_already")
    if author.person_id == mandate.substitute_id:
        return Denied("own_mandate")
    if author.person_id != mandate.principal_id and not _is_superior(author, mandate.capacity):
        return Denied("no_authority")
    return None


def _is_superior(author: Actor, capacity: Capacity) -> bool:
    above = SUPERIOR.get(capacity)
    return any(
        office.capacity == above and office.tenure == Tenure.DEFINITIVE for office in author.appointments
    )


def _wrong_shape(mandate: Mandate, rules: MandateRules, now: datetime) -> Denied | None:
    if mandate.tenure == Tenure.DEFINITIVE:
        return Denied("not_a_mandate")
    if not mandate.starts < mandate.ends or mandate.ends <= now:
        return Denied("ends_in_the_past")
    if mandate.ends - mandate.starts > rules.longest(mandate.tenure):
        return Denied("lasts_too_long")
    if mandate.scope is not None and not mandate.scope <= decisions_of(mandate.capacity):
        return Denied("not_of_this_office")
    return None


def decisions_of(capacity: Capacity) -> frozenset[str]:
    """Return the kinds of decision that an office may take."""
    return frozenset(kind for kind, capacities in MAY.items() if capacity in capacities)


def may_revoke(author: Actor, mandate: Mandate) -> bool:
    """Say whether somebody may end a mandate: who wrote it, for whom it is, who holds it, or the office above."""
    own = (mandate.written_by, mandate.principal_id, mandate.substitute_id)
    return author.person_id in own or _is_superior(author, mandate.capacity)
