"""A person's decision: recorded first, applied later, exactly once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.authority import Capacity, Tenure


class CommandKind(StrEnum):
    """What a person can decide; the value is the name on the wire and in the log."""

    OPEN_OPERATION = "OPEN_OPERATION"
    DECLARE_STATUS = "DECLARE_STATUS"
    EXTEND_STATUS = "EXTEND_STATUS"
    END_OPERATION = "END_OPERATION"
    REQUEST_SURGE = "REQUEST_SURGE"
    APPROVE_SURGE = "APPROVE_SURGE"
    REJECT_SURGE = "REJECT_SURGE"
    PLAN_SURGE = "PLAN_SURGE"
    OVERRIDE_REDLINE = "OVERRIDE_REDLINE"
    CONFIRM_PLAN = "CONFIRM_PLAN"
    SIGN_ORDER = "SIGN_ORDER"
    STAND_DOWN = "STAND_DOWN"
    CLOSE_SURGE = "CLOSE_SURGE"
    ACCEPT_OFFER = "ACCEPT_OFFER"
    DECLINE_OFFER = "DECLINE_OFFER"
    RELEASE = "RELEASE"
    REFUSE_RELEASE = "REFUSE_RELEASE"
    CHECK_IN = "CHECK_IN"
    SIGN_DEMOB = "SIGN_DEMOB"
    CONFIRM_RETURN = "CONFIRM_RETURN"


STARTS = frozenset({CommandKind.OPEN_OPERATION, CommandKind.REQUEST_SURGE})
"""Commands that begin a case instead of being told to a running one."""


class CommandState(StrEnum):
    """RECORDED is durable and not yet applied; the others are final."""

    RECORDED = "RECORDED"
    APPLIED = "APPLIED"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class Command:
    """A decision as it was recorded. `details` holds codes and numbers only, never free text.

    By a mandate (`tenure` says of which kind), it is the decision of `actor_id` on behalf of `on_behalf_of`.
    """

    command_id: str
    government_id: str
    case_id: str
    kind: CommandKind
    actor_id: str
    capacity: Capacity
    decided_at: datetime
    on_behalf_of: str | None = None
    choice: str | None = None
    details: dict[str, str | int | float] = field(default_factory=dict)
    state: CommandState = CommandState.RECORDED
    refusal: str | None = None
    tenure: Tenure = Tenure.DEFINITIVE
    mandate_id: str | None = None

    @property
    def authority(self) -> str:
        """Return how the log names the authority: the office, and how it was held if not by appointment."""
        own = self.tenure == Tenure.DEFINITIVE
        return self.capacity.value if own else f"{self.capacity}/{self.tenure}"


@dataclass(frozen=True)
class Outcome:
    """What became of a command: applied, or refused with a code; and where the case stands now."""

    command_id: str
    state: CommandState
    refusal: str | None = None
    case_state: str | None = None
