"""The decree of a mutation as its case knows it, the second one that undoes or corrects it, and objections to either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.authority import Capacity
from domain.mutation.states import Does, Objecting, State
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
class Objection:
    """The person's objection to a decree; it suspends nothing unless that is ordered.

    `reversal_owed`: the decree was revoked after it had taken effect, and the case that undoes it has not yet. `anew`: it is
    over, and since then the person was served what makes the decree another one, to which they may object.
    """

    state: Objecting
    since: datetime
    wait: Wait | None = None
    suspended: bool = False
    reversal_owed: bool = False
    anew: bool = False


@dataclass(frozen=True)
class SecondDecree:
    """A decree that undoes or corrects the first one, from the decision that there is to be one: it goes the same road.

    `state` is where it stands on that road, from APPROVED to SERVED, and `since` from when on. `because` is the code of why,
    `decided_by` who decided, `effective_at` the date to which a correction moves the effect of the first one. The person may object
    to it until `objection_until`; `second` is the decree that undoes this one, by which the first one stands again. `unasked`: the
    objection that it was to answer is withdrawn. `before` is the one that was there before about the same decree.
    """

    does: Does
    state: State
    since: datetime
    because: str | None = None
    decided_by: str | None = None
    decree: Decree | None = None
    effective_at: datetime | None = None
    wait: Wait | None = None
    objection_until: datetime | None = None
    objection: Objection | None = None
    second: SecondDecree | None = None
    unasked: bool = False
    before: SecondDecree | None = None

    @property
    def signed(self) -> bool:
        """Whether it is in force, served or not."""
        return self.state in (State.DECREE_SIGNED, State.SERVED)

    @property
    def undoes(self) -> bool:
        """Whether nothing of the first one is left."""
        return self.does != Does.CORRECTS

    @property
    def asked_for(self) -> bool:
        """Whether it answers an objection that the person has not taken back: by it they are given what they asked for."""
        return self.does != Does.CANCELS and not self.unasked

    @property
    def contestable(self) -> bool:
        """Whether the person may object to it by itself: it undoes a decree, and they have not asked for that."""
        return self.undoes and not self.asked_for

    @property
    def corrections(self) -> tuple[Decree, ...]:
        """The decrees in force by which the first one reads otherwise, the oldest first."""
        earlier = self.before.corrections if self.before else ()
        return (*earlier, self.decree) if self.decree and self.signed and not self.undoes else earlier

    @property
    def opens_anew(self) -> bool:
        """Whether the person may object to the decree as this one corrects it; what answers that objection is the last word."""
        return not self.undoes and (self.unasked or not (self.before and self.before.corrections))

    @property
    def over(self) -> bool:
        """Whether nothing more can become of it: it is served, and can be contested no more, or is undone itself."""
        undone = self.second is not None and self.second.state == State.SERVED
        return self.state == State.SERVED and (undone or not self.contestable)

    @property
    def in_force(self) -> SecondDecree | None:
        """What is left where it comes to nothing before its signature: the one that was there before."""
        return self if self.signed else self.before

    @property
    def newest(self) -> SecondDecree:
        """The newest decree that there is about the first one, or about this one."""
        return self.second or self
