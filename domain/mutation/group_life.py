"""A batch or a swap at one moment: who was put together, and the one paper that goes round for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.authority import Capacity
from domain.mutation.decrees import SignatureAsked
from domain.mutation.life import Group
from domain.mutation.states import GroupKind
from domain.mutation.waiting import Wait


class GroupState(StrEnum):
    """Where a group stands, which is where its paper stands; each member has a state of its own beside it."""

    DRAFT = "DRAFT"
    FORMED = "FORMED"
    PREPARED = "PREPARED"
    SIGNED = "SIGNED"
    CLOSED = "CLOSED"
    DISSOLVED = "DISSOLVED"


class GroupTrigger(StrEnum):
    """What can move a group: a decision, news of a member, its own clock."""

    FORM = "FORM"
    PREPARE_DECREE = "PREPARE_DECREE"
    INITIAL = "INITIAL"
    RETURN_DECREE = "RETURN_DECREE"
    ASK_SIGNATURE = "ASK_SIGNATURE"
    REFUSE_SIGNATURE = "REFUSE_SIGNATURE"
    SIGN_DECREE = "SIGN_DECREE"
    DISSOLVE = "DISSOLVE"
    LOOK = "LOOK"
    TAKE_EFFECT = "TAKE_EFFECT"
    HOLD_UP = "HOLD_UP"
    URGE = "URGE"


ENDS = frozenset({GroupState.CLOSED, GroupState.DISSOLVED})
"""Nobody goes with the group any more: all are in effect or have ended, or all have left."""


@dataclass(frozen=True)
class JointDecree:
    """The paper that goes round: whose it is, the offices that initial it, in order, and how many of them have.

    `asked` while whoever signs has decided, and the service that holds the key has not answered.
    """

    decree_id: str
    effective_at: datetime
    initials: tuple[Capacity, ...]
    members: tuple[str, ...]
    initialled: int = 0
    asked: SignatureAsked | None = None

    @property
    def next_initial(self) -> Capacity | None:
        """Return which office initials next; None once all have."""
        return self.initials[self.initialled] if self.initialled < len(self.initials) else None


@dataclass(frozen=True)
class GroupLife:
    """A group at one moment. `members` are the mutations that were put together, by id; some may have left since.

    `ready` says that somebody's decree can be prepared now; `effect_at` is when a swap takes effect for all at once;
    `signed` are the decrees that were signed for it, `because` the code of why its paper came back,
    and `held_up` of why the books refuse the effect of a swap.
    """

    group: Group
    state: GroupState
    revision: int
    since: datetime
    members: tuple[str, ...]
    paper: JointDecree | None = None
    ready: bool = False
    effect_at: datetime | None = None
    wait: Wait | None = None
    signed: tuple[str, ...] = ()
    because: str | None = None
    held_up: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state in ENDS

    @property
    def asked(self) -> SignatureAsked | None:
        """The signature that is waited for."""
        return self.paper.asked if self.paper else None

    @property
    def is_swap(self) -> bool:
        """Whether it is all or none."""
        return self.group.kind == GroupKind.SWAP

    @property
    def asks(self) -> bool:
        """Whether an office is asked for the next step of a paper."""
        return self.state == GroupState.PREPARED or (self.state == GroupState.FORMED and self.ready)
