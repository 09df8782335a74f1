"""Record the golden histories anew, from a real server: `python -m tests.record_goldens` (about three minutes).

`python -m tests.record_goldens NAME...` records those alone that have a story of their own (`ALONE`).
To be run when a workflow changes on purpose; the goldens are then committed alone, with the reason. The deadlines are
of seconds, the workflows are the ones of production.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.postgres import migrate
from app import actions
from app.wiring import in_force, rule_packs
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from domain.moves import Seat
from domain.mutation.states import GroupKind
from domain.requests import OralOrder, SurgeRequest
from domain.rules import RulePack
from domain.secondment import State
from domain.terms import Term, Unit
from lab import small_town
from lab.mutation_cases import agreed
from lab.signing import sample_desk
from lab.small_town import Donor
from runtime.clock import SystemClock
from runtime.ports import Ports
from runtime.postgres_server import PostgresServer
from runtime.settings import Settings
from runtime.temporal import connect
from runtime.temporal_server import TemporalPorts, TemporalServer
from tests import golden_kit
from tests.patience import until
from tests.workflows.group_kit import Together, swapped, through_the_rules
from tests.workflows.kit import SECOND, SETTLED, LiveTown, case_of, live_town, rules
from tests.workflows.mutation_kit import FILE, Road, a_road
from tests.workflows.service_kit import Elsewhere, service_at

GOLDENS = Path(__file__).parent / "goldens"
CLINICS = (Donor("PKM-1", 14, 11), Donor("PKM-2", 4, 0))
PAPER_LEFT = 30 * SECOND
PACE = {
    "offer": 25 * SECOND,
    "offer_reminder": 8 * SECOND,
    "release": 12 * SECOND,
    "check_in": 8 * SECOND,
    "homeward": 6 * SECOND,
    "return_escalation": 6 * SECOND,
}


async def main(names: Sequence[str] = ()) -> None:
    """Play every story and keep the histories; or those of these names alone."""
    if names:
        for story in dict.fromkeys(ALONE[name] for name in names):
            await story()
        return
    await continued()
    async with a_house() as live:
        await asyncio.gather(
            operations(live),
            rejected(live),
            stood_down_early(live),
            changed_and_cancelled(live),
            by_word(live),
        )
        await full_road(live)
        await mutations(live)


class Hasty(TemporalServer):
    """A server that soon suggests that a run hand over to a fresh one."""

    def _command(self) -> list[str | Path]:
        return [*super()._command(), "--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=10"]


@asynccontextmanager
async def a_house(server: type[TemporalServer] = TemporalServer) -> AsyncIterator[LiveTown]:
    """A town on servers of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        ports = Ports(home / "ports.json")
        doors = TemporalPorts(*(ports.claim(door) for door in ("grpc", "ui", "http", "metrics")))
        with (
            PostgresServer(
                home / "pg", port=ports.claim("postgres"), log=home / "pg.log", throwaway=True
            ) as postgres,
            server(home / "temporal.db", ports=doors, log=home / "temporal.log") as temporal,
        ):
            migrate(postgres.dsn)
            client = await connect(Settings.load(temporal_address=temporal.address))
            async with (
                live_town(client, postgres.dsn, *CLINICS, packs=rules(**PACE), working=False) as live,
                sample_desk(home / "signing", SystemClock().now) as desk,
            ):
                live.books = replace(live.books, signers=desk)
                live.start_worker()
                live.start_relay()
                yield live


async def keep(live: LiveTown, case_id: str, name: str, run_id: str | None = None) -> None:
    """Write the history of a case as it stands: of its latest run, or of that one."""
    await golden_kit.record(live.client, case_id, GOLDENS / f"{name}.json", run_id)
    print(f"{name}.json", flush=True)


async def keep_ended(live: LiveTown, case_id: str, name: str) -> None:
    await live.handle(case_id).result()
    await keep(live, case_id, name)


# ── the stories ───────────────────────────────────────────────────────────────────────────────────────────────────


async def operations(live: LiveTown) -> None:
    """One that is extended, escalated and handed back, and one whose status lapses; both go to the archive."""
    sekda = Capacity.SEKDA
    short = cases.operation(await small_town.declare(live.stage, live.town, 8 * SECOND))
    long = cases.operation(await small_town.declare(live.stage, live.town, timedelta(days=14)))
    until_then = (live.stage.clock.now() + timedelta(days=21)).isoformat()
    today = live.stage.clock.now().date().isoformat()
    extension = {"decree": "360/2/2026", "decree_date": today, "until": until_then}
    await live.must(sekda, CommandKind.EXTEND_STATUS, long, details=extension)
    again = await live.decide(sekda, CommandKind.EXTEND_STATUS, long, details=extension)
    assert (again.state, again.refusal) == (CommandState.REFUSED, "not_longer")
    up = {
        **extension,
        "decree": "256/XI/2026",
        "status": "RESPONSE",
        "level": "PROVINCE",
        "area": "Provinsi Contoh",
        "statement": "360/9/2026",
    }
    await live.must(sekda, CommandKind.ESCALATE_OPERATION, long, details=up)
    back = {"decree": "257/XI/2026", "decree_date": today, "level": "PROVINCE"}
    await live.must(sekda, CommandKind.HAND_BACK_STATUS, long, details=back)
    await live.must(sekda, CommandKind.END_OPERATION, long)
    await live.archive(long)
    await keep_ended(live, long, "operation-extended")

    async def lapsed() -> bool:
        return bool(await live.value("SELECT count(*) > 0 FROM events WHERE type = 'StatusLapsed'"))

    await until(lapsed)
    await live.must(sekda, CommandKind.END_OPERATION, short)
    await live.archive(short)
    await keep_ended(live, short, "operation-lapsed")


async def rejected(live: LiveTown) -> None:
    """A surge that nobody wants to pay."""
    operation_id = await small_town.declare(live.stage, live.town)
    surge_id = await small_town.ask(live.stage, live.town, operation_id, small_town.nurses(live.stage, 1))
    case_id = cases.surge(surge_id)
    await live.must(Capacity.SEKDA, CommandKind.REJECT_SURGE, case_id, choice="NO_FUNDS")
    await keep_ended(live, case_id, "surge-rejected")


async def stood_down_early(live: LiveTown) -> None:
    """The first is not let go by the home unit; then it is over before anybody answered: who was asked next is withdrawn."""
    line = replace(small_town.nurses(live.stage, 1), report_at=live.stage.clock.now() + timedelta(days=20))
    line = replace(line, due_back=line.report_at + timedelta(days=7))
    surge_id, (kept,) = await small_town.offered(live.stage, live.town, line)
    await live.must(kept.person_id, CommandKind.ACCEPT_OFFER, case_of(kept))
    head = live.town.heads[kept.unit_id]
    await live.must(head, CommandKind.REFUSE_RELEASE, case_of(kept), choice="MINIMUM_SERVICE")
    await keep_ended(live, case_of(kept), "secondment-refused")
    (seat,) = await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
    await live.must(Capacity.COORDINATOR, CommandKind.STAND_DOWN, cases.surge(surge_id))
    await live.until_state(seat, "WITHDRAWN")
    await keep_ended(live, case_of(seat), "secondment-withdrawn")
    await live.must(Capacity.COORDINATOR, CommandKind.CLOSE_SURGE, cases.surge(surge_id))
    await keep_ended(live, cases.surge(surge_id), "surge-stood-down")


async def changed_and_cancelled(live: LiveTown) -> None:
    """Sent back, sent again with fewer people, approved, and cancelled when somebody was asked already."""
    operation_id = await small_town.declare(live.stage, live.town)
    many = small_town.nurses(live.stage, 4, after=timedelta(days=10))
    surge_id = await small_town.ask(live.stage, live.town, operation_id, many)
    case_id = cases.surge(surge_id)
    await live.must(Capacity.SEKDA, CommandKind.RETURN_SURGE, case_id, choice="TOO_MANY")
    who = await live.stage.actor(live.town.officers[Capacity.COORDINATOR], small_town.GOVERNMENT)
    fewer = SurgeRequest(operation_id, "Satu perawat", "BTT", (replace(many, quantity=1),))
    again = await actions.resubmit_surge(live.stage.house, who, surge_id, fewer)
    assert again.state == CommandState.APPLIED
    await small_town.confirm(live.stage, live.town, surge_id)
    await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
    await live.must(Capacity.COORDINATOR, CommandKind.CANCEL_SURGE, case_id, choice="NO_LONGER_NEEDED")
    await keep_ended(live, case_id, "surge-cancelled")


async def by_word(live: LiveTown) -> None:
    """Somebody goes on an oral order a day old; it lapses, and the paper is signed when everybody is home."""
    operation_id = await small_town.declare(live.stage, live.town)
    given_at = live.stage.clock.now() - in_force(rule_packs()).limits.paper + PAPER_LEFT
    line = small_town.nurses(live.stage, 1, after=5 * SECOND)
    oral = OralOrder(live.town.officers[Capacity.APPOINTING_AUTHORITY], given_at)
    who = await live.stage.actor(live.town.officers[Capacity.COORDINATOR], small_town.GOVERNMENT)
    request = SurgeRequest(operation_id, "Segera", "BTT", (line,), oral=oral)
    case_id = (await actions.request_surge(live.stage.house, who, request)).case_id
    await live.must(Capacity.COORDINATOR, CommandKind.PLAN_SURGE, case_id)
    surge_id = cases.parse(case_id).key
    plan_id = str((await live.stage.boards.surge(surge_id))["plan_id"])
    await live.must(Capacity.COORDINATOR, CommandKind.CONFIRM_PLAN, case_id, choice=plan_id)
    (seat,) = await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
    await small_town.accept(live.stage, seat)
    await small_town.release(live.stage, live.town, seat)
    await live.until_state(seat, "MOBILISING")
    await until(lambda: called_home(live, seat), within=2 * PAPER_LEFT.total_seconds())
    await live.bring_home(seat)
    await live.must(Capacity.SIGNATORY, CommandKind.SIGN_ORDER, case_id)
    await live.must(Capacity.COORDINATOR, CommandKind.CLOSE_SURGE, case_id)
    await keep_ended(live, case_id, "surge-by-word")


async def called_home(live: LiveTown, seat: Seat) -> bool:
    return await live.state(seat) == "DEMOBILISING"


async def full_road(live: LiveTown) -> None:
    """One declines and one stays silent; three go: one falls due and is overdue, two are recalled."""
    surge_id = await asked_for_three(live)
    case_id = cases.surge(surge_id)
    first = await small_town.standing(live.stage, surge_id, State.OFFERED, 3)
    seats = await answered(live, surge_id, first)
    await released(live, seats)
    await live.must(Capacity.SIGNATORY, CommandKind.SIGN_ORDER, case_id)
    for seat in seats:
        await live.until_state(seat, "MOBILISING")
    await asyncio.sleep(PACE["check_in"].total_seconds() + 1)  # nobody has checked in: escalated
    for seat in seats:
        await live.must(Capacity.COMMAND_POST, CommandKind.CHECK_IN, case_of(seat))
    brief = next(seat for seat in seats if seat.line_id.endswith("/01"))
    recalled = [seat for seat in seats if seat != brief]
    await live.until_state(recalled[0], "ON_DUTY")
    await keep(live, case_of(recalled[0]), "secondment-on-duty")
    await overdue(live, brief)
    await live.settle(brief)
    await keep_ended(live, case_of(brief), "secondment-returned-overdue")
    await keep(live, case_id, "surge-active")
    await live.must(Capacity.COORDINATOR, CommandKind.STAND_DOWN, case_id)
    early = await live.decide(Capacity.COORDINATOR, CommandKind.CLOSE_SURGE, case_id)
    assert early.refusal == "secondments_open"
    for seat in recalled:
        await live.until_state(seat, "DEMOBILISING")
        await live.bring_home(seat)
    await live.must(
        Capacity.SEKDA, CommandKind.WAIVE_SETTLEMENT, case_of(recalled[0]), choice="PERSON_UNABLE"
    )
    await keep_ended(live, case_of(recalled[0]), "secondment-recalled")
    await live.must(Capacity.COORDINATOR, CommandKind.CLOSE_SURGE, case_id)
    await keep_ended(live, case_id, "surge-closed")


async def asked_for_three(live: LiveTown) -> str:
    """Two lines, of which one ends soon; an override is granted before the plan."""
    operation_id = await small_town.declare(live.stage, live.town)
    soon = small_town.nurses(live.stage, 1, after=5 * SECOND, duty=timedelta(seconds=150))
    later = small_town.nurses(live.stage, 2, after=5 * SECOND, duty=timedelta(days=7))
    surge_id = await small_town.ask(live.stage, live.town, operation_id, soon, later)
    case_id = cases.surge(surge_id)
    await live.must(Capacity.SEKDA, CommandKind.APPROVE_SURGE, case_id)
    await live.must(
        Capacity.SEKDA,
        CommandKind.OVERRIDE_REDLINE,
        case_id,
        choice="LIFE_SAVING",
        details={"unit_id": f"{small_town.GOVERNMENT}.PKM-2", "role": "nurse", "extra": 1},
    )
    early = await live.decide(Capacity.COORDINATOR, CommandKind.CONFIRM_PLAN, case_id, choice="none")
    assert early.refusal == "no_plan_yet"
    await live.must(Capacity.COORDINATOR, CommandKind.PLAN_SURGE, case_id)
    plan_id = str((await live.stage.boards.surge(surge_id))["plan_id"])
    await live.must(Capacity.COORDINATOR, CommandKind.CONFIRM_PLAN, case_id, choice=plan_id)
    return surge_id


async def answered(live: LiveTown, surge_id: str, first: tuple[Seat, ...]) -> list[Seat]:
    """The first declines, the second is silent, the rest accept; so do those who are asked in their place."""
    declining, silent, *yes = first
    await live.must(declining.person_id, CommandKind.DECLINE_OFFER, case_of(declining), choice="CARER")
    await keep_ended(live, case_of(declining), "secondment-declined")
    for seat in yes:
        await small_town.accept(live.stage, seat)
    while len(yes) < len(first):
        known = {seat.placement_id for seat in (*first, *yes)}
        for seat in await small_town.standing(live.stage, surge_id, State.OFFERED, 0):
            if seat.placement_id not in known:
                await small_town.accept(live.stage, seat)
                yes.append(seat)
        await asyncio.sleep(0.2)
    await keep_ended(live, case_of(silent), "secondment-silent")
    return yes


async def released(live: LiveTown, seats: list[Seat]) -> None:
    """The last who said yes waits until the release is escalated and decided above the unit."""
    *prompt, slow = seats
    for seat in prompt:
        await small_town.release(live.stage, live.town, seat)

    async def escalated() -> bool:
        statement = "SELECT escalation > 0 FROM placements WHERE placement_id = $1"
        return bool(await live.value(statement, slow.placement_id))

    await until(escalated)
    await live.must(Capacity.SEKDA, CommandKind.RELEASE, case_of(slow))


async def overdue(live: LiveTown, seat: Seat) -> None:
    """Falls due, does not come, is fetched back by the coordinator after the second escalation."""

    async def fetched_for() -> bool:
        statement = "SELECT state = 'DEMOBILISING' AND escalation > 1 FROM placements WHERE placement_id = $1"
        return bool(await live.value(statement, seat.placement_id))

    await until(fetched_for, within=200)
    await live.must(Capacity.COORDINATOR, CommandKind.SIGN_DEMOB, case_of(seat), details=SETTLED)
    await live.must(live.town.heads[seat.unit_id], CommandKind.CONFIRM_RETURN, case_of(seat))


async def continued() -> None:
    """A surge and somebody's secondment that hand over to fresh runs: the first run of each, and the last one."""
    async with a_house(Hasty) as live:
        surge_id, (seat,) = await live.on_site(1)
        await live.close(surge_id)
        await live.settle(seat)
        for case_id, name in ((case_of(seat), "secondment"), (cases.surge(surge_id), "surge")):
            await live.handle(case_id).result()
            await keep(live, case_id, f"{name}-continued", await first_run(live, case_id))
            await keep(live, case_id, f"{name}-gone-on")


async def first_run(live: LiveTown, case_id: str) -> str:
    history = await live.handle(case_id).fetch_history()
    return history.events[0].workflow_execution_started_event_attributes.first_execution_run_id


async def number_voided() -> None:
    """Only the mutation whose number is drawn and given up."""
    async with a_house() as live:
        case = await a_road(live)
        await void_at_first(case)
        await keep(live, case.case_id, "mutation-number-void")


async def mutations(live: LiveTown) -> None:
    """A decree in force and undone by another one; a proposal that is sent back, and withdrawn; one that is rejected."""
    case = await a_road(live)
    home = await live.value("SELECT position_id FROM people WHERE person_id = $1", case.person)
    withdrawn = replace(case, person=live.town.staff[case.left][1])
    rejected_ = replace(case, person=live.town.staff[case.left][2])
    await withdrawn.propose(documents=frozenset())
    await withdrawn.must(Capacity.PERSONNEL_AGENCY, CommandKind.RECEIVE_MUTATION)
    await withdrawn.must(Capacity.PERSONNEL_AGENCY, CommandKind.RETURN_MUTATION, choice="INCOMPLETE")
    await withdrawn.must(live.town.heads[case.left], CommandKind.WITHDRAW_MUTATION)
    await keep_ended(live, withdrawn.case_id, "mutation-withdrawn")
    await rejected_.propose()
    await rejected_.screened()
    await rejected_.heard("OBJECTS", ground="CAREER")
    adviser = Capacity.PERFORMANCE_REVIEW_TEAM
    await rejected_.must(adviser, CommandKind.ADVISE_AGAINST_MUTATION, choice="NOT_SUITED")
    await keep_ended(live, rejected_.case_id, "mutation-rejected")
    await case.whole_way()
    await case.must(case.person, CommandKind.FILE_OBJECTION)
    await keep(live, case.case_id, "mutation-in-force")
    back = replace(case, position=home, left=case.joined, joined=case.left)
    await back.propose(reverses=case.mutation_id)
    await back.must(Capacity.PERSONNEL_AGENCY, CommandKind.RECEIVE_MUTATION)
    words = {"choice": "REORGANISATION", "details": {"rule": "M10"}}
    await back.must(Capacity.APPOINTING_AUTHORITY, CommandKind.OVERRIDE_MUTATION_RULE, **words)
    await back.whole_way(screen=False)
    await keep_ended(live, case.case_id, "mutation-reversed")
    async with live.books.database.writing() as connection:
        await connection.execute("UPDATE position_map SET need = need + 18")
    for number, (name, story) in enumerate(OTHER_ENDS.items(), 2):
        another = replace(case, person=live.town.staff[case.left][number])
        await story(another)
        if name in STILL_OPEN:
            await keep(live, another.case_id, name)
        else:
            await keep_ended(live, another.case_id, name)
    await groups(live, case)
    await lapsed_and_signed_elsewhere(live, case)


async def groups(live: LiveTown, case: Road) -> None:
    """A batch of two, of whom one leaves it; a swap that takes effect, and one that one falls out of."""
    staff = live.town.staff
    batch = Together([replace(case, person=staff[case.left][number]) for number in (1, 2)])
    for one in batch.roads:
        await one.propose()
    await batch.form(GroupKind.BATCH)
    await through_the_rules(batch)
    for one in batch.roads:
        await one.approved()
    await batch.prepared()
    await batch.must(Capacity.LEGAL_BUREAU, CommandKind.INITIAL_DECREE)
    await batch.must(Capacity.PERSONNEL_AGENCY, CommandKind.RETURN_DECREE, choice="INCOMPLETE")
    await batch.roads[1].must(Capacity.PERSONNEL_AGENCY, CommandKind.LEAVE_BATCH)
    await batch.signed()
    await batch.roads[0].handed_over()
    await keep_ended(live, batch.case_id, "batch-closed")
    await keep(live, batch.roads[0].case_id, "mutation-of-a-batch")
    for name, number in (("swap-closed", 3), ("swap-dissolved", 4)):
        first = replace(case, person=staff[case.left][number])
        swap = await swapped(first, partner=number - 3)
        await swap.form(GroupKind.SWAP)
        await through_the_rules(swap)
        if name == "swap-dissolved":
            await swap.roads[1].must(live.town.heads[swap.roads[1].left], CommandKind.WITHDRAW_MUTATION)
        else:
            for one in swap.roads:
                await one.approved()
            await swap.signed()
            for one in swap.roads:
                await one.handed_over()
        await keep_ended(live, swap.case_id, name)


async def lapsed_and_signed_elsewhere(live: LiveTown, case: Road) -> None:
    """With no time to be heard or to mend a file, and keys that a service holds: it refuses once, and signs then."""
    staff = live.town.staff[case.left]
    hurried = {name: _hurried(pack) for name, pack in live.books.rules.items()}
    with tempfile.TemporaryDirectory() as home:
        async with service_at(Path(home)) as elsewhere:
            await live.stop_worker()
            live.books = replace(live.books, rules=hurried, signers=elsewhere.signers)
            live.start_worker()
            lapsed = replace(case, person=staff[5])
            await unheard(lapsed)
            await lapsed.must(
                Capacity.APPOINTING_AUTHORITY, CommandKind.SEND_BACK_MUTATION, choice="NEEDS_ANOTHER_LOOK"
            )
            await keep_ended(live, lapsed.case_id, "mutation-lapsed")

            far = replace(case, person=staff[5])
            await unheard(far)
            await far.must(Capacity.APPOINTING_AUTHORITY, CommandKind.APPROVE_MUTATION)
            await far.signed(after=timedelta(days=2))
            await until(lambda: waits(elsewhere))
            elsewhere.service.refuse(elsewhere.waiting[0])
            await until(lambda: asks_to_sign(live, far.case_id))
            await far.must(Capacity.SIGNATORY, CommandKind.SIGN_DECREE)
            await until(lambda: waits(elsewhere))
            elsewhere.service.sign(elsewhere.waiting[0])
            await until(lambda: stands(far, "DECREE_SIGNED"))
            await keep(live, far.case_id, "mutation-signed-elsewhere")

            batch = Together([replace(case, person=staff[number]) for number in (12, 13)])
            for one in batch.roads:
                await unheard(one)
            await batch.form(GroupKind.BATCH)
            for one in batch.roads:
                await one.must(Capacity.APPOINTING_AUTHORITY, CommandKind.APPROVE_MUTATION)
            await batch.prepared(timedelta(days=2))
            await batch.initialled()
            await batch.must(Capacity.SIGNATORY, CommandKind.SIGN_DECREE)
            await batch.roads[1].must(
                Capacity.APPOINTING_AUTHORITY, CommandKind.CANCEL_MUTATION, choice="MISTAKE"
            )
            await until(lambda: asks_to_sign(live, batch.case_id))
            given_up = list(elsewhere.waiting)
            await batch.must(Capacity.SIGNATORY, CommandKind.SIGN_DECREE)
            await until(lambda: waits(elsewhere, *given_up))
            elsewhere.service.sign(elsewhere.waiting[-1])
            await batch.until("SIGNED")
            await keep(live, batch.case_id, "batch-signed-elsewhere")


def _hurried(pack: RulePack) -> RulePack:
    none = Term(0, Unit.HOURS)
    terms = replace(pack.mutation.terms, consultation=none, completion=none)
    return replace(pack, mutation=replace(pack.mutation, terms=terms))


async def unheard(case: Road) -> None:
    """Nobody says anything in the hearing; it is assessed and cleared all the same."""
    await case.propose()
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.RECEIVE_MUTATION)
    await passed(case)
    await until(lambda: stands(case, "ASSESSMENT"))
    await cleared(case)


async def stands(case: Road, state: str) -> bool:
    return await case.state() == state


async def waits(elsewhere: Elsewhere, *given_up: str) -> bool:
    return bool(set(elsewhere.waiting) - set(given_up))


async def asks_to_sign(live: LiveTown, case_id: str) -> bool:
    asked = "SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'SIGN_DECREE' AND closed_at IS NULL"
    return bool(await live.value(asked, case_id))


async def through_screening(case: Road) -> None:
    """Proposed, received and screened; where the second clinic is short of nobody any more, that is overridden."""
    await case.propose()
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.RECEIVE_MUTATION)
    await passed(case)
    await case.heard()


async def passed(case: Road) -> None:
    tried = await case.decide(Capacity.PERSONNEL_AGENCY, CommandKind.PASS_SCREENING)
    if tried.refusal == "override_missing":
        said: dict[str, Any] = {"choice": "ORGANISATIONAL_NEED", "details": {"rule": "M10"}}
        await case.must(Capacity.APPOINTING_AUTHORITY, CommandKind.OVERRIDE_MUTATION_RULE, **said)
        await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.PASS_SCREENING)


async def cleared(case: Road) -> None:
    await case.must(Capacity.PERFORMANCE_REVIEW_TEAM, CommandKind.RECOMMEND_MUTATION)
    await case.must(
        Capacity.PERSONNEL_AGENCY, CommandKind.GRANT_CLEARANCE, details=agreed(case.live.stage.clock.now())
    )
    await case.must(Capacity.SEKDA, CommandKind.COUNSEL_FOR_MUTATION)


async def sent_back(case: Road) -> None:
    await through_screening(case)
    await cleared(case)
    await case.must(
        Capacity.APPOINTING_AUTHORITY, CommandKind.SEND_BACK_MUTATION, choice="NEEDS_ANOTHER_LOOK"
    )
    handed_in = {"documents": " ".join(FILE)}
    await case.must(case.live.town.heads[case.left], CommandKind.RESUBMIT_MUTATION, details=handed_in)
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.PASS_SCREENING)
    await case.heard()
    await cleared(case)
    await case.must(Capacity.APPOINTING_AUTHORITY, CommandKind.REJECT_MUTATION, choice="NOT_NEEDED")


async def not_cleared(case: Road) -> None:
    await through_screening(case)
    await case.must(Capacity.PERFORMANCE_REVIEW_TEAM, CommandKind.RECOMMEND_MUTATION)
    refusal = {"clearance": "I_MUT"}
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.REFUSE_CLEARANCE, details=refusal)


async def blocked(case: Road) -> None:
    await through_screening(case)
    await case.approved()
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.REPORT_BLOCK, choice="NOT_BY_THE_RULES")
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.REPORT_BLOCK_LIFTED)
    await case.must(Capacity.APPOINTING_AUTHORITY, CommandKind.CANCEL_MUTATION, choice="RULES_BROKEN")


async def cancelled(case: Road) -> None:
    await through_screening(case)
    await case.approved()
    await case.signed(after=timedelta(days=30))
    await case.must(
        Capacity.APPOINTING_AUTHORITY, CommandKind.CANCEL_MUTATION, choice="MISTAKE", details=RULING
    )
    await case.second_signed()
    await case.second_final()


async def objected(case: Road) -> None:
    """Signed and served; the person objects."""
    await through_screening(case)
    await case.approved()
    await case.signed(after=timedelta(days=30))
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.SERVE_DECREE)
    await case.must(case.person, CommandKind.FILE_OBJECTION)
    await case.must(Capacity.LEGAL_BUREAU, CommandKind.REVIEW_OBJECTION)


async def revoked(case: Road) -> None:
    await objected(case)
    await case.must(Capacity.APPOINTING_AUTHORITY, CommandKind.REVOKE_DECREE)
    await case.second_signed()
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.SERVE_DECREE)


async def corrected(case: Road) -> None:
    """To be cancelled, which is dropped; then another date on the objection, by a second decree that goes back once."""
    await objected(case)
    await case.must(Capacity.APPOINTING_AUTHORITY, CommandKind.CANCEL_MUTATION, choice="MISTAKE")
    await case.must(Capacity.LEGAL_BUREAU, CommandKind.PREPARE_DECREE)
    await case.must(Capacity.APPOINTING_AUTHORITY, CommandKind.LET_DECREE_STAND)
    later = case.live.stage.clock.now() + timedelta(days=40)
    await case.must(
        Capacity.APPOINTING_AUTHORITY,
        CommandKind.CORRECT_DECREE,
        details={"effective_at": later.isoformat()},
    )
    await case.must(Capacity.LEGAL_BUREAU, CommandKind.PREPARE_DECREE)
    await case.must(Capacity.LEGAL_BUREAU, CommandKind.RETURN_DECREE, choice="CONTRADICTORY")
    await case.second_signed()
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.SERVE_DECREE)


async def expected_in_vain(case: Road) -> None:
    """The decree is served, and the person does not begin at the new unit."""
    await through_screening(case)
    await case.approved()
    await case.signed()
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.SERVE_DECREE)
    head = case.live.town.heads
    await case.must(head[case.left], CommandKind.BEGIN_HANDOVER)
    await case.must(head[case.joined], CommandKind.REPORT_DUTY_NOT_STARTED)


async def late_and_upheld(case: Road) -> None:
    """Did not begin, and began after all; objects, and the decree stands."""
    await expected_in_vain(case)
    head = case.live.town.heads
    await case.must(head[case.joined], CommandKind.FILE_DUTY_START)
    await case.must(head[case.left], CommandKind.FILE_HANDOVER_RECORD)
    await case.in_effect()
    await case.must(head[case.left], CommandKind.EXCUSE_ABSENCE, choice="NOT_TOLD")
    await case.must(case.person, CommandKind.FILE_OBJECTION)
    await case.must(Capacity.LEGAL_BUREAU, CommandKind.REVIEW_OBJECTION)
    sued = {"reference": "12/G/2026/PTUN.KPG", "dated": case.live.stage.clock.now().date().isoformat()}
    await case.must(Capacity.LEGAL_BUREAU, CommandKind.NOTE_LAWSUIT, details=sued)
    await case.must(Capacity.APPOINTING_AUTHORITY, CommandKind.UPHOLD_DECREE)


async def did_not_begin(case: Road) -> None:
    await expected_in_vain(case)
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.OPEN_DISCIPLINE_CASE)
    await case.must(Capacity.APPOINTING_AUTHORITY, CommandKind.CANCEL_MUTATION, choice="DID_NOT_BEGIN")
    await case.second_signed()
    await case.second_final()


async def impeded(case: Road) -> None:
    """Something is found after the signature; the decree stands by name, and takes effect."""
    await through_screening(case)
    await case.approved()
    await case.signed()
    await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.REPORT_FINDING)
    await case.must(Capacity.APPOINTING_AUTHORITY, CommandKind.LET_DECREE_STAND)
    await case.handed_over()
    await case.in_effect()


async def void_at_first(case: Road) -> None:
    """The decree lacks a part, so the number that was drawn is void; with the part there it gets the next one."""
    await through_screening(case)
    await case.approved()
    await case.initialled(after=timedelta(days=30))
    async with case.live.books.database.writing() as connection:
        place = await connection.fetchval("SELECT place FROM governments")
        await connection.execute("UPDATE governments SET place = ''")
    lacking = await case.decide(Capacity.SIGNATORY, CommandKind.SIGN_DECREE)
    assert lacking.refusal == "decree_incomplete"
    async with case.live.books.database.writing() as connection:
        await connection.execute("UPDATE governments SET place = $1", place)
    await case.must(Capacity.SIGNATORY, CommandKind.SIGN_DECREE)


RULING: dict[str, str | int | float] = {"number": "17/G/2026/PTUN.KPG"}
"""The paper of another authority that forces a decree to be undone."""
STILL_OPEN = {"mutation-upheld", "mutation-impeded", "mutation-corrected", "mutation-number-void"}
OTHER_ENDS: dict[str, Callable[[Road], Awaitable[None]]] = {
    "mutation-sent-back": sent_back,
    "mutation-not-cleared": not_cleared,
    "mutation-blocked": blocked,
    "mutation-cancelled": cancelled,
    "mutation-revoked": revoked,
    "mutation-corrected": corrected,
    "mutation-upheld": late_and_upheld,
    "mutation-not-begun": did_not_begin,
    "mutation-impeded": impeded,
    "mutation-number-void": void_at_first,
}
"""Golden -> what happens to another nurse of the first clinic."""

ALONE: dict[str, Callable[[], Awaitable[None]]] = {
    "mutation-number-void": number_voided,
    **dict.fromkeys(
        ("secondment-continued", "secondment-gone-on", "surge-continued", "surge-gone-on"), continued
    ),
}
"""Golden -> the story that records it (and what comes with it), in a town of its own."""


if __name__ == "__main__":
    if unknown := [name for name in sys.argv[1:] if name not in ALONE]:
        sys.exit(f"{unknown[0]}: no golden that is recorded alone; these are: {', '.join(ALONE)}")
    asyncio.run(main(sys.argv[1:]))
