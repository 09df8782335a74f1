"""What the cases need of the world. Adapters stand behind these; activities are handed them.

A book writes each value it is given in one transaction, and writing the same value again changes
nothing: the key of a move is its command's id, or its case and revision.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo
from typing import Protocol, runtime_checkable

from domain.admission import Brief
from domain.allocation import PlanningProblem
from domain.cases import OpenCase
from domain.commands import Command
from domain.documents import AssignmentOrder, OrderDraft
from domain.lines import LineFacts
from domain.moves import (
    Begun,
    CoverLost,
    KeptPlan,
    OperationMove,
    Refusal,
    Seat,
    SecondmentMove,
    SurgeMove,
    Written,
)
from domain.openings import Opening
from domain.plans import Plan
from domain.secondment import Clock
from domain.secondment import Life as SecondmentLife
from domain.secondment import State as SecondmentState
from domain.signing import Prepared, SignatureAsk, Signed
from domain.surge import Tally
from domain.yearly_cap import Served


class CommandBook(Protocol):
    """The decisions of people."""

    async def take(self, command_id: str, case_id: str) -> tuple[Command, str | None] | None:
        """Return the command, and the code of what forbids its author to decide it now; None where the case has none such."""

    async def pending(self, case_id: str, decided_by: datetime) -> tuple[str, ...]:
        """Return the ids of commands of the case that were decided by then and are not yet answered."""

    async def refuse(self, refusal: Refusal) -> Written:
        """Answer a command with a refusal, and log it."""


class SecondmentBook(Protocol):
    """People's secondments."""

    async def write(self, move: SecondmentMove) -> Written:
        """Write one move; where a guard forbids it, nothing is written and the answer says why."""

    async def standing(self, placement_id: str) -> Begun | None:
        """Return a secondment as the books have it, also one that has ended; None where they have none such."""

    async def last_seen(self, placement_id: str) -> datetime | None:
        """Return when somebody last saw or heard the person at the site."""

    async def opening(self, placement_id: str, line_id: str | None) -> Opening | None:
        """Return a line that somebody might be moved to; without one named, of another site of the surge, with room."""


class SurgeBook(Protocol):
    """Surges, their plans and holds."""

    async def write(self, move: SurgeMove) -> Written:
        """Write one move."""

    async def standing(self, surge_id: str) -> OpenCase | None:
        """Return an open surge as the books have it; None where they hold none such open."""

    async def brief(self, surge_id: str, changed_by: str | None = None, at: datetime | None = None) -> Brief:
        """Return what the request stands on, or would stand on as a command changes it."""

    async def tally(self, surge_id: str, at: datetime) -> Tally:
        """Count the surge from its placements; lines that are over ask for nobody."""

    async def line(
        self, surge_id: str, at: datetime | None, *, command_id: str | None = None, line_id: str | None = None
    ) -> LineFacts | None:
        """Return a line of the surge, or the one that the command asks to add, as of an instant."""

    async def served(self, government_id: str, person_id: str, at: datetime) -> Served | None:
        """Return how much somebody of the government has served within the year; None of nobody there."""

    async def lines_going_on(self, surge_id: str, at: datetime) -> tuple[LineFacts, ...]:
        """Return the lines of the surge that are not over as of an instant, nor closed."""

    async def keeps(self, command_id: str) -> tuple[tuple[str, str], ...]:
        """Return the (person, line) that the plan of a command must keep."""

    async def problem(self, surge_id: str, at: datetime) -> PlanningProblem:
        """Return the planning problem of all open seats of the surge's government as of an instant."""

    async def keep_plan(self, surge_id: str, plan_id: str, plan: Plan, at: datetime) -> KeptPlan:
        """Keep a plan under its id, and with each line what it could not fill; return what is kept there."""

    async def unfit(self, surge_id: str, plan_id: str, at: datetime) -> str | None:
        """Return the code of why a plan cannot be offered as it was seen: its places, or its people, are taken meanwhile."""

    async def hold(
        self, surge_id: str, plan_id: str, *, offset: int, limit: int, at: datetime
    ) -> tuple[tuple[tuple[Seat, SecondmentLife], ...], int, int | None]:
        """Hold and offer a stretch of a plan's picks for this surge: (held, refused by a guard, where the next begins).

        No team is cut: a stretch goes on to the end of the team that it would end in.
        """

    async def open_people(self, surge_id: str) -> tuple[str, ...]:
        """Return the placement ids of the surge that have not ended."""


class OperationBook(Protocol):
    """Emergency operations."""

    async def left_open(self, operation_id: str) -> tuple[int, int]:
        """Count the people who are held or out under the operation, and its surges that have not ended."""

    async def write(self, move: OperationMove) -> Written:
        """Write one move; where the books do not have what it follows from, nothing is written, and it is refused."""

    async def standing(self, operation_id: str) -> OpenCase | None:
        """Return an open operation as the registry has it; None where it holds none such open."""

    async def tell_cover(
        self, operation_id: str, covered_until: datetime, at: datetime, basis: str
    ) -> CoverLost:
        """Flag open placements whose duty reaches past the cover, unflag the others, and record what each is told.

        A stretch of them at a time; whoever has been told about this end of the cover is not told again.
        """


class OrderBook(Protocol):
    """Assignment orders and their numbers."""

    async def reserve(
        self, surge_id: str, command_id: str, order_id: str, at: datetime
    ) -> tuple[str, str | None, int]:
        """Reserve the next number for all who are released: (order, number, people); asking twice gives the same."""

    async def draft(self, order_id: str) -> OrderDraft:
        """Return everything that the order says."""

    async def keep_file(self, order_id: str, placement_id: str | None, file: bytes) -> str:
        """Keep a rendered file (of one person, or the whole) and return its SHA-256 in hex."""

    async def issue(
        self, order_id: str, facts_sha256: str, file_sha256: str, code: str, move: SurgeMove
    ) -> Written:
        """Mark the order as issued and write the surge's move with it; refused, and void, where somebody on it fell away."""

    async def void(
        self, order_id: str, reason: str, at: datetime | None = None, *, surge_id: str | None = None
    ) -> None:
        """Give the number up and let its people be ordered again; of another surge than the one named, nothing is given up."""

    async def held_up(self, surge_id: str) -> tuple[str, ...]:
        """Return the placements that are released and on no order."""

    async def unserved(self, surge_id: str) -> tuple[tuple[str, str], ...]:
        """Return (order, placement) where the order is issued and the person's case has not heard of it."""


class Planner(Protocol):
    """The optimiser; blocking, so it is called off the event loop."""

    def __call__(self, problem: PlanningProblem, keep: Sequence[tuple[str, str]] = ()) -> Plan:
        """Return the proven best plan that keeps these (person, line); raises CannotPlan."""


class Typesetter(Protocol):
    """Makes documents; blocking. The same order and instant give the same bytes."""

    def assignment_order(self, order: AssignmentOrder, issued_at: datetime) -> bytes:
        """Return the collective order as PDF."""

    def extract(self, order: AssignmentOrder, placement_id: str, issued_at: datetime) -> bytes:
        """Return one person's extract as PDF."""


class Signer(Protocol):
    """Signs papers with a key that is at hand."""

    async def sign(self, pdf: bytes, ask: SignatureAsk) -> Signed:
        """Sign the paper; raises Unsignable, and SigningAway (try again)."""


class Signers(Protocol):
    """Who signs for which office."""

    def signer(self, office: str) -> Signer | RemoteSigner:
        """Return who signs for an office: at once, or elsewhere."""


@runtime_checkable
class RemoteSigner(Protocol):
    """Signs papers with a key elsewhere, whose holder answers in seconds or in days."""

    async def prepare(self, pdf: bytes, ask: SignatureAsk) -> Prepared:
        """Make room for a signature and say which bytes are to be signed; raises Unsignable, and SigningAway."""

    async def ask(self, prepared: Prepared, reason: str) -> None:
        """Ask the holder of the key, who is told for what; again for the same changes nothing.

        Raises Unsignable, and SigningAway (try again).
        """

    async def answer(self, prepared: Prepared) -> bytes | None:
        """Return the raw signature, or None while there is none; raises SignatureRefused, and SigningAway (try again)."""

    async def finish(self, pdf: bytes, prepared: Prepared, signature: bytes) -> Signed:
        """Put the signature that came back into the same paper; raises Unsignable, and SigningAway (try again)."""

    async def cancel(self, prepared: Prepared) -> None:
        """Tell the holder of the key that nobody waits for it any more; again changes nothing. Raises SigningAway."""


class Messenger(Protocol):
    """Begins secondments, and tells running cases what happened elsewhere; a case that is gone is not an error."""

    async def secondment_moved(self, surge_id: str, placement_id: str, state: SecondmentState) -> None:
        """Tell a surge that one of its people moved in a way it must look at."""

    async def begin_secondment(self, seat: Seat, life: SecondmentLife, clock: Clock, basis: str) -> None:
        """Begin one person's case, or take it up at this moment of its life, unless it runs already."""

    async def order_served(self, placement_id: str, order_id: str) -> None:
        """Tell a secondment that its order is issued."""

    async def stand_down(self, placement_id: str, command_id: str) -> None:
        """Tell a secondment that its surge is over."""

    async def surge_cover_changed(self, surge_id: str, operation_id: str) -> None:
        """Tell a surge that the cover of its operation has changed."""

    async def mutation_moved(self, mutation_id: str) -> None:
        """Tell a mutation that its group has moved it in the books."""

    async def member_moved(self, case_id: str) -> None:
        """Tell a batch or a swap that one of its members is not where it was."""

    async def mutation_undone(self, mutation_id: str, case_id: str) -> None:
        """Tell a mutation that the decree of another one has undone it."""


class Calendar(Protocol):
    """Which days are worked at offices, and until when; from dated data, never guessed."""

    def works(self, day: date) -> bool:
        """Say whether offices are open on a day; raises domain.terms.YearUnknown."""

    def closes(self, day: date) -> time:
        """Return when offices close on a working day, in local time."""


class Governments(Protocol):
    """What is known of a government itself."""

    async def zone(self, government_id: str) -> tzinfo:
        """Return the zone that its offices live by; raises LookupError."""
