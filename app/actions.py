"""One function a user action: authority, record, answer. API, pages and drills call these and nothing deeper.

The answer is usually what became of the decision. When the engine is away it is the recorded
decision itself: it will be applied later, once, and its lateness is judged by now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.recording import Desk
from domain import cases
from domain.allocation import MOST_TEAMS
from domain.authority import Actor, Capacity, CaseFacts, Denied, Granted
from domain.closing.claims import amount_fault
from domain.commands import Command, CommandKind
from domain.reported import CLOCKS_APART, time_faults, within_the_case
from domain.requests import LineRequest, OperationRequest, OralOrder, SurgeRequest
from domain.rules import RulePack
from domain.who_may import Facts, about, authority
from runtime.clock import Clock

ANSWER_WITHIN = 15.0  # seconds a person waits before being told "recorded"


class NotAllowed(Exception):
    """The actor may not decide this; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoSuchCase(LookupError):
    """There is no such case, or it is not the actor's to see: outsiders cannot tell the two apart."""


class NoSuchPaper(LookupError):
    """The actor sees the case, and it has no such paper for them, or not yet."""


class NoSuchUnit(LookupError):
    """There is no unit of that code, or it is not the actor's to look into."""


class Faulty(ValueError):
    """The request cannot be recorded; each fault is `where: what`."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class House:
    """What actions work with. `new_id` gives a fresh UUID; `rules` is the pack in force."""

    desk: Desk
    clock: Clock
    rules: RulePack
    new_id: Callable[[], str]


@dataclass(frozen=True)
class Decision:
    """What a person decides about a case: `details` are codes and numbers, `note` and what an erratum `mends` words kept apart."""

    kind: CommandKind
    case_id: str
    choice: str | None = None
    details: dict[str, str | int | float] | None = None
    note: str | None = None
    mends: tuple[str, str] | None = None


async def decide(house: House, who: Actor, decision: Decision, *, key: str | None = None) -> Command:
    """Record a decision and return it as answered, or as recorded when the engine is away.

    Raises NoSuchCase and NotAllowed before anything is recorded; with the same key again it
    returns the decision that stands.
    """
    command = await _decided(house, who, decision)
    recorded = await house.desk.record(command, key or command.command_id, decision.note, decision.mends)
    return await house.desk.answer(recorded.command_id, ANSWER_WITHIN)


async def open_operation(
    house: House, who: Actor, request: OperationRequest, *, key: str | None = None
) -> Command:
    """Open an operation in MONITORING; the answer's case id names it."""
    granted = granted_to(CommandKind.OPEN_OPERATION, who, CaseFacts(who.government_id))
    command = command_of(house, who, CommandKind.OPEN_OPERATION, granted)
    recorded = await house.desk.open_operation(command, key or command.command_id, request, house.rules.id)
    return await house.desk.answer(recorded.command_id, ANSWER_WITHIN)


async def request_surge(
    house: House, who: Actor, request: SurgeRequest, *, key: str | None = None
) -> Command:
    """Ask for people; the answer's case id names the surge. Raises Faulty with every fault."""
    if faults := _request_faults(house, request):
        raise Faulty(faults)
    await _room_for_teams(house, who, {line.team for line in request.lines} - {""})
    facts: Facts = CaseFacts(who.government_id)
    if request.operation_id is not None:
        try:
            facts = await house.desk.facts(cases.operation(request.operation_id))
        except LookupError as error:
            raise NoSuchCase(cases.operation(request.operation_id)) from error
    granted = granted_to(CommandKind.REQUEST_SURGE, who, facts)
    if request.oral:
        request = replace(request, oral=await _heard(house, who, request.oral))
    command = command_of(house, who, CommandKind.REQUEST_SURGE, granted)
    recorded = await house.desk.request_surge(command, key or command.command_id, request, house.rules.id)
    return await house.desk.answer(recorded.command_id, ANSWER_WITHIN)


def _request_faults(house: House, request: SurgeRequest) -> tuple[str, ...]:
    letter = {"dated": request.letter.dated} if request.letter else {}
    dated = (f"letter.{fault}" for fault in time_faults(letter, house.clock.now()))
    return (*request.faults(house.rules), *dated)


async def _room_for_teams(house: House, who: Actor, more: set[str]) -> None:
    """All teams of a government are planned at once; raises Faulty where these would be too many."""
    asking = len(await house.desk.open_teams(who.government_id, house.clock.now())) if more else 0
    if asking + len(more) > MOST_TEAMS:
        raise Faulty(
            (
                f"lines: {len(more)} teams beside {asking} that ask already, expected {MOST_TEAMS} at most in all",
            )
        )


async def make_plan(
    house: House, who: Actor, surge_id: str, keep: Sequence[tuple[str, str]], *, key: str | None = None
) -> Command:
    """Plan a surge anew, keeping these (person, line); whether they may be kept is asked before, and again then."""
    decision = Decision(CommandKind.PLAN_SURGE, cases.surge(surge_id))
    command = await _decided(house, who, decision)
    recorded = await house.desk.plan_surge(command, key or command.command_id, keep)
    return await house.desk.answer(recorded.command_id, ANSWER_WITHIN)


async def add_line(
    house: House, who: Actor, surge_id: str, line: LineRequest, *, key: str | None = None
) -> Command:
    """Add a line to a surge that runs. Raises Faulty with every fault."""
    if faults := tuple(line.faults("line", house.rules)):
        raise Faulty(faults)
    command = await _decided(house, who, Decision(CommandKind.ADD_LINE, cases.surge(surge_id)))
    if line.team and (surge_id, line.team) not in await house.desk.open_teams(
        who.government_id, house.clock.now()
    ):
        await _room_for_teams(house, who, {line.team})
    recorded = await house.desk.add_line(command, key or command.command_id, line)
    return await house.desk.answer(recorded.command_id, ANSWER_WITHIN)


async def facts_of(house: House, case_id: str) -> Facts:
    """Return what authority over a case depends on; raises NoSuchCase."""
    try:
        return await house.desk.facts(case_id)
    except (LookupError, ValueError) as error:
        raise NoSuchCase(case_id) from error


async def _decided(house: House, who: Actor, decision: Decision) -> Command:
    """Return the decision, ready to be recorded; raises NoSuchCase, NotAllowed, and Faulty for a time that cannot be."""
    facts = await facts_of(house, decision.case_id)
    said = decision.details or {}
    granted = granted_to(decision.kind, who, about(decision.kind, said, facts))
    await in_its_time(house, decision.case_id, said)
    if decision.kind == CommandKind.SETTLE_CLAIM:
        decision = await _measured(house, decision)
    command = command_of(house, who, decision.kind, granted, decision)
    return replace(command, government_id=facts.government_id)


async def in_its_time(house: House, case_id: str, said: Mapping[str, object]) -> None:
    """Raise Faulty where something is said to have happened in the future, or before its case began."""
    began = await house.desk.began(case_id) if within_the_case(said) else None
    if faults := time_faults(said, house.clock.now(), began):
        raise Faulty(faults)


async def _measured(house: House, claim: Decision) -> Decision:
    """Return a claim with what the days come to of whoever is home; raises Faulty where more, or nothing, is paid without a reason."""
    due, said = await house.desk.reckoned(claim.case_id), claim.details or {}
    if due is None or "amount" not in said:
        return claim  # The case says what is wrong with it.
    if fault := amount_fault(int(said["amount"]), due, code=claim.choice, words=claim.note):
        raise Faulty((fault,))
    return replace(claim, details=dict(said) | {"reckoned": due})


async def resubmit_surge(
    house: House, who: Actor, surge_id: str, request: SurgeRequest, *, key: str | None = None
) -> Command:
    """Send a request again that was sent back, changed. Raises Faulty with every fault."""
    if faults := _request_faults(house, request):
        raise Faulty(faults)
    decision = Decision(CommandKind.RESUBMIT_SURGE, cases.surge(surge_id))
    granted = granted_to(decision.kind, who, await facts_of(house, decision.case_id))
    command = command_of(house, who, decision.kind, granted, decision)
    recorded = await house.desk.resubmit_surge(command, key or command.command_id, request)
    return await house.desk.answer(recorded.command_id, ANSWER_WITHIN)


async def _heard(house: House, who: Actor, oral: OralOrder) -> OralOrder:
    """Return an oral order with the office in which it was given; raises Faulty where nobody could give it."""
    if oral.by == who.person_id:
        raise Faulty(("oral_order.by: nobody hears their own order",))
    if oral.given_at > house.clock.now() + CLOCKS_APART:
        raise Faulty(("oral_order.given_at: lies in the future",))
    may = house.rules.oral_order_by
    offices: set[Capacity] = set()
    if await house.desk.serves(oral.by, who.government_id):
        giver = await house.desk.actor(oral.by, who.government_id, oral.given_at)
        offices = {office.capacity for office in giver.appointments}
    for office in may:
        if office in offices:
            return replace(oral, capacity=office)
    raise Faulty((f"oral_order.by: expected somebody who was {' or '.join(may)} then",))


def granted_to(kind: str, who: Actor, facts: Facts) -> Granted:
    """Return in which capacity, and for whom, the actor may decide this; raises NoSuchCase and NotAllowed."""
    verdict = authority(kind, who, facts)
    if isinstance(verdict, Denied):
        if verdict.code == "no_such_case":
            raise NoSuchCase
        raise NotAllowed(verdict.code)
    return verdict


def command_of(
    house: House,
    who: Actor,
    kind: CommandKind,
    granted: Granted,
    said: Decision | None = None,
    *,
    begins: Callable[[str], str] | None = None,
) -> Command:
    """Return what somebody decides, ready to be recorded; without a case named, it begins one, which `begins` may name."""
    command_id = house.new_id()
    return Command(
        command_id=command_id,
        government_id=who.government_id,
        case_id=said.case_id
        if said
        else (begins or _NEW_CASE[kind])(command_id.replace("-", "")[:10].upper()),
        kind=kind,
        actor_id=who.person_id,
        capacity=granted.capacity,
        tenure=granted.tenure,
        on_behalf_of=granted.on_behalf_of,
        mandate_id=granted.mandate_id,
        decided_at=house.clock.now(),
        choice=said.choice if said else None,
        details=dict(said.details or {}) if said else {},
    )


_NEW_CASE: dict[CommandKind, Callable[[str], str]] = {
    CommandKind.OPEN_OPERATION: lambda key: cases.operation(f"OP-{key}"),
    CommandKind.REQUEST_SURGE: lambda key: cases.surge(f"SU-{key}"),
    CommandKind.PROPOSE_MUTATION: lambda key: cases.mutation(f"MU-{key}"),
}
