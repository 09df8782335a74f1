"""Messages of a surge."""

from datetime import datetime
from typing import Self

from domain import cases
from domain.admission import Brief
from domain.cases import OpenCase
from domain.lines import LineFacts
from domain.moves import KeptPlan, SurgeMove
from domain.relief_rules import ReliefRules
from domain.rules import RulePack, SurgeRules
from domain.surge import Life, Tally
from schemas.base import Message


class SurgeStart(Message):
    """Begin a surge by its request, or go on with it: `life` is None only at the very start."""

    surge_id: str
    government_id: str
    command_id: str
    rules: SurgeRules
    life: Life | None = None

    @classmethod
    def of(cls, case: OpenCase, pack: RulePack) -> Self:
        """Return how an open case begins or goes on, as the registry has it."""
        return cls(
            surge_id=cases.parse(case.case_id).key,
            government_id=case.government_id,
            command_id=case.command_id,
            rules=pack.surge,
            life=case.life if isinstance(case.life, Life) else None,
        )


class SurgeRef(Message):
    """One surge."""

    surge_id: str
    government_id: str


class WriteSurge(Message):
    """Write one move of a surge."""

    move: SurgeMove


class SurgeWritten(Message):
    """Told only where the books did not take the move; `refused` says why."""

    refused: str


class SurgeStanding(Message):
    """Where the surge that asks stands by the books; None where they hold no such case open."""

    start: SurgeStart | None = None


class BriefAsk(Message):
    """What a request stands on, from `at` on; with `changed_by`, as the command of that id would change it."""

    surge_id: str
    changed_by: str | None = None
    at: datetime | None = None


class SurgeBrief(Message):
    """What the request stands on."""

    brief: Brief


class TallyAsk(Message):
    """Count a surge as of an instant: lines that are over ask for nobody. With `relief`, tell which lines are near their end."""

    surge_id: str
    at: datetime
    relief: ReliefRules | None = None


class SurgeTally(Message):
    """The surge counted from its placements; with `ending` lines, whose next turn is due, and when to look at others."""

    tally: Tally
    ending: tuple[LineFacts, ...] = ()
    look_at: datetime | None = None


class CapAsk(Message):
    """Whether somebody's yearly cap can be raised by so many days, as of an instant."""

    government_id: str
    person_id: str
    days: int
    pack: str
    at: datetime


class CapFound(Message):
    """The code of what stands against it, if anything."""

    fault: str | None = None


class LineAsk(Message):
    """Look a line up, or the one that the command asks to add, as of an instant; or all that go on."""

    surge_id: str
    command_id: str | None
    line_id: str | None = None
    at: datetime | None = None
    every: bool = False


class LineFound(Message):
    """The line as the books know it, if they do; or all that go on."""

    line: LineFacts | None
    lines: tuple[LineFacts, ...] = ()


class MakePlan(Message):
    """Plan the empty seats of a surge as of an instant, and keep the plan under the given id.

    A command that asked for the plan may have named people to keep.
    """

    surge_id: str
    plan_id: str
    at: datetime
    command_id: str | None = None


class PlanMade(Message):
    """What the plan offers: people picked for this surge, and seats that stay empty; or why there is none."""

    plan_id: str
    kept: KeptPlan
    refusal: str | None = None


class FitAsk(Message):
    """Whether the plan of a surge can still be offered as it was seen, as of an instant."""

    surge_id: str
    plan_id: str
    at: datetime


class FitFound(Message):
    """The code of what has become of its places or its people meanwhile, if anything."""

    fault: str | None = None


class OfferShard(Message):
    """Hold and offer `limit` picks of a plan from `offset` on (more, where a team would be cut), and begin their cases."""

    surge_id: str
    plan_id: str
    pack: str
    offset: int
    limit: int
    at: datetime


class ShardOffered(Message):
    """How many were offered; `refused` picks met a guard; the plan goes on at `following`, or is offered whole."""

    offered: int
    refused: int
    following: int | None = None


class ReserveOrder(Message):
    """Reserve the next number for an order over everyone released and not yet ordered."""

    surge_id: str
    command_id: str
    order_id: str
    at: datetime


class OrderReserved(Message):
    """The number, and how many people the order is about; none when there was nobody to order."""

    order_id: str
    number: str | None
    people: int


class OrderRef(Message):
    """One order, to be rendered."""

    order_id: str


class OrderRendered(Message):
    """The order is typeset and kept; or it cannot be made and `missing` names the parts."""

    facts_sha256: str = ""
    file_sha256: str = ""
    code: str = ""
    missing: tuple[str, ...] = ()


class VoidOrder(Message):
    """Give a reserved number up, with the reason that the register keeps."""

    order_id: str
    reason: str
    at: datetime | None = None


class IssueOrder(Message):
    """Issue a rendered order and write the surge's move with it."""

    order_id: str
    rendered: OrderRendered
    move: SurgeMove


class OrderIssued(Message):
    """The order is issued; or it was given up, and `refused` says why."""

    refused: str | None = None


class ServeByWord(Message):
    """Let everyone go who is released and on no order, on the oral order that a command recorded."""

    surge_id: str
    command_id: str


class SignalPeople(Message):
    """Tell every open secondment of a surge that it is over."""

    surge_id: str
    command_id: str


class CoverNews(Message):
    """The cover of the operation has changed: a surge asks nobody for a duty that reaches past it."""

    operation_id: str


class PeopleSignalled(Message):
    """How many were told."""

    people: int


class SurgeView(Message):
    """Query: where the surge stands."""

    surge_id: str
    life: Life | None
