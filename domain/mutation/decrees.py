"""The decree of a mutation as its case knows it, and the second one that undoes or corrects it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.authority import Capacity
from domain.mutation.states import (
    Does,
    State,
)
from domain.mutation.waiting import Wait


@dataclass(frozen=True)
class SignatureAsked:
    """A service elsewhere was asked to sign: which paper, of which number, since when."""

    decree_id: str
    number: str
    since: datetime


@dataclass(frozen=True)
class Decree:
    """The paper that is prepared: the offices that initial it, in order, and how many of them have.

    `asked` while whoever signs has decided, and the service that holds the key has not answered.
    """

    decree_id: str
    effective_at: datetime
    initials: tuple[Capacity, ...]
    initialled: int = 0
    number: str | None = None
    sha256: str | None = None
    errata: int = 0
    asked: SignatureAsked | None = None
    signed_at: datetime | None = None

    @property
    def next_initial(self) -> Capacity | None:
        """Return which office initials next; None once all have."""
        return self.initials[self.initialled] if self.initialled < len(self.initials) else None


@dataclass(frozen=True)
class SecondDecree:
    """A decree that undoes or corrects the first one, from the decision that there is to be one: it goes the same road.

    `state` is where it stands on that road, from APPROVED to SERVED, and `since` from when on. `because` is the code of why,
    `decided_by` who decided, `effective_at` the date to which a correction moves the effect of the first one.
    """

    does: Does
    state: State
    since: datetime
    because: str | None = None
    decided_by: str | None = None
    decree: Decree | None = None
    effective_at: datetime | None = None
    wait: Wait | None = None

    @property
    def signed(self) -> bool:
        """Whether it is in force, served or not."""
        return self.state in (State.DECREE_SIGNED, State.SERVED)

    @property
    def undoes(self) -> bool:
        """Whether nothing of the first one is left."""
        return self.does != Does.CORRECTS
