"""What a mutation is about and whom it concerns, by opaque ids: what stays the same while its life goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.authority import Capacity
from domain.moves import Duty, TaskKind
from domain.mutation.states import Party


@dataclass(frozen=True)
class Concerned:
    """Whom a case concerns. `by_secretary`: for these sides the Sekda speaks, whose head is the subject or proposes.

    `origin_id` is the government that lets go, where it is another one than the case's: its people are asked in its inbox.
    """

    person_id: str
    proposer_id: str
    releasing_unit: str
    receiving_unit: str
    by_secretary: frozenset[Party] = frozenset()
    origin_id: str | None = None

    def person(self, kind: TaskKind, due: datetime | None) -> Duty:
        """Ask whom it is about, who serves where they come from until the decree takes effect."""
        return Duty(kind, due, assignee_id=self.person_id, government_id=self.origin_id)

    def proposer(self, kind: TaskKind, due: datetime | None) -> Duty:
        """Ask whoever has proposed."""
        if self.proposer_id == self.person_id:
            return self.person(kind, due)
        return Duty(kind, due, assignee_id=self.proposer_id)

    def head(self, side: Party, kind: TaskKind, due: datetime | None) -> Duty:
        """Ask the head of one side."""
        releasing = side == Party.RELEASING
        of = self.origin_id if releasing else None
        if side in self.by_secretary:
            return Duty(kind, due, capacity=Capacity.SEKDA, government_id=of)
        unit = self.releasing_unit if releasing else self.receiving_unit
        return Duty(kind, due, capacity=Capacity.UNIT_HEAD, unit_id=unit, government_id=of)


@dataclass(frozen=True)
class Matter:
    """What a mutation is about, by opaque ids: constant for the whole case, but for the position and its unit.

    `from_position` is what the person leaves. `basis` is the rule pack under which the case began.
    """

    mutation_id: str
    government_id: str
    from_position: str
    concerned: Concerned
    basis: str

    @property
    def pack(self) -> str:
        """Return the id of the rule pack."""
        return self.basis.partition("#")[0]
