"""A death that was told by mistake is taken back on the real engine: the person is looked for, found, brought home and settled."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from app.wiring import PeopleWanted
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.moves import Seat
from lab import small_town
from lab.small_town import Donor
from tests.patience import until
from tests.workflows.kit import LiveTown, case_of, live_town
from tests.workflows.mutation_kit import road
from tests.workflows.test_exits import column, filed, head_of, next_best, open_tasks

pytestmark = [pytest.mark.long(60), pytest.mark.usefixtures("brisk")]
_K = CommandKind
PAPER: dict[str, str | int | float] = {"reference": "300/POSKO/7/II/2027"}


async def check(live: LiveTown) -> None:
    """Every promise holds, and every board shows what the log gives."""
    found = await invariants(live.books.database, live.town.government_id)
    found += (await boards_hold(live.books.database, live.town.government_id, live.stage.clock.now()),)
    assert [one for one in found if one.violations] == []


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    async with live_town(temporal_env.client, fresh_database, Donor("PKM-1", 8, 6)) as town:
        yield town
        await check(town)


async def retract(live: LiveTown, who: Capacity, seat: Seat) -> Command:
    """Say that somebody lives; how it was answered."""
    said = await live.decide(who, _K.RETRACT_DEATH, case_of(seat), choice="WRONG_LIST", details=PAPER)
    return await small_town.answered(live.stage, said)


async def died(live: LiveTown, seat: Seat) -> bool:
    """Whether the person's token opens nothing."""
    return (await live.stage.actor(seat.person_id, live.town.government_id)).died


async def out(live: LiveTown) -> list[str]:
    """Who is on the board of those who are out."""
    who = await live.stage.actor(live.town.officers[Capacity.SEKDA], live.town.government_id)
    rows = await live.books.boards.secondments(who, PeopleWanted(only_out=True), live.stage.clock.now())
    return [row["placement_id"] for row in rows]


async def test_whoever_is_dead_by_mistake_is_looked_for_and_comes_home(live: LiveTown) -> None:
    surge_id, (seat,) = await live.on_site(1)
    due_back = await column(live, seat, "due_back")
    await live.must(Capacity.COMMAND_POST, _K.REPORT_DEATH, case_of(seat))
    instead = await next_best(live, surge_id, seat)
    assert (await died(live, seat), await out(live)) == (True, [])

    own = await retract(live, Capacity.COMMAND_POST, seat)
    assert (own.state, own.refusal, await live.state(seat)) == (
        CommandState.REFUSED,
        "own_report",
        "ACCIDENT_REPORT_OWED",
    )
    assert (await retract(live, Capacity.COORDINATOR, seat)).state == CommandState.APPLIED
    names = ("state", "held", "out", "fills", "leaving", "due_back", "accident", "death_was")
    assert [await column(live, seat, name) for name in names] == [
        *("OUT_OF_CONTACT", True, True, False, "REPORTED_DEAD", due_back, None, None)
    ]
    assert await open_tasks(live, case_of(seat)) == [("FIND_PERSON", "COMMAND_POST", None)]
    assert (await died(live, seat), await out(live)) == (False, [seat.placement_id])
    assert await live.state(instead) == "OFFERED", "the seat is another's by now"
    await check(live)
    again = await retract(live, Capacity.SEKDA, seat)
    assert (again.state, again.refusal) == (CommandState.REFUSED, "no_death_reported")

    await live.must(Capacity.COORDINATOR, _K.STAND_DOWN, cases.surge(surge_id))
    early = await live.decide(Capacity.COORDINATOR, _K.CLOSE_SURGE, cases.surge(surge_id))
    refused = await small_town.answered(live.stage, early)
    assert (refused.state, refused.refusal) == (CommandState.REFUSED, "secondments_open")
    await live.must(seat.person_id, _K.REGAIN_CONTACT, case_of(seat))
    assert await live.state(seat) == "DEMOBILISING"
    await live.bring_home(seat)
    await live.settle(seat)
    assert await live.handle(case_of(seat)).result() == "CLOSED"
    await live.must(Capacity.COORDINATOR, _K.CLOSE_SURGE, cases.surge(surge_id))


async def test_a_case_that_had_ended_begins_anew_though_its_surge_is_closed(live: LiveTown) -> None:
    surge_id, (seat,) = await live.on_site(1)
    await live.must(Capacity.COMMAND_POST, _K.REPORT_DEATH, case_of(seat))
    await live.must(head_of(live, seat), _K.FILE_ACCIDENT_REPORT, case_of(seat), details=filed())
    assert await live.handle(case_of(seat)).result() == "DECEASED"
    await live.must(Capacity.COORDINATOR, _K.STAND_DOWN, cases.surge(surge_id))

    async def nobody_is_held() -> bool:
        return await live.value("SELECT count(*) FROM placements WHERE held") == 0

    await until(nobody_is_held)
    await live.must(Capacity.COORDINATOR, _K.CLOSE_SURGE, cases.surge(surge_id))

    assert (await retract(live, Capacity.SEKDA, seat)).state == CommandState.APPLIED
    assert await live.state(seat) == "OUT_OF_CONTACT"
    assert await live.runs(case_of(seat))
    assert await out(live) == [seat.placement_id]
    assert await open_tasks(live, case_of(seat)) == [("FIND_PERSON", "COMMAND_POST", None)]
    await check(live)
    # Whatever becomes of the engine, the reconciler finds them: they are held by the books.
    found = [one.placement_id for one, _, _ in await live.books.registry.open_secondments()]
    assert found == [seat.placement_id]

    await live.must(Capacity.COMMAND_POST, _K.REGAIN_CONTACT, case_of(seat))
    await live.bring_home(seat)
    await live.settle(seat)
    assert await live.handle(case_of(seat)).result() == "CLOSED"
    assert await live.value("SELECT state FROM surges WHERE surge_id = $1", surge_id) == "CLOSED"


async def test_whoever_had_not_left_stays_at_home_and_may_be_asked_again(live: LiveTown) -> None:
    surge_id, (seat,) = await live.released(1)
    await live.must(Capacity.COORDINATOR, _K.REPORT_DEATH, case_of(seat))
    assert await live.handle(case_of(seat)).result() == "DECEASED"
    await next_best(live, surge_id, seat)
    assert (await retract(live, Capacity.COMMAND_POST, seat)).state == CommandState.APPLIED
    assert await live.handle(case_of(seat)).result() == "WITHDRAWN"
    assert [await column(live, seat, name) for name in ("held", "out", "leaving")] == [
        *(False, False, "REPORTED_DEAD")
    ]
    assert not await died(live, seat)
    people = await live.value(
        "SELECT count(*) FROM placements WHERE person_id = $1 AND state IN ('ACCIDENT_REPORT_OWED', 'DECEASED')",
        seat.person_id,
    )
    assert people == 0, "plans reckon with them again"


async def test_a_mutation_that_a_death_has_ended_stays_so_and_the_person_may_be_proposed_anew(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await case.propose()
        await case.screened()
        await case.must(Capacity.PERSONNEL_AGENCY, _K.REPORT_SUBJECT_DEATH)
        first = case.live.handle(case.case_id)
        assert await first.result() == "LAPSED"
        died = "SELECT died_at IS NOT NULL FROM people WHERE person_id = $1"
        assert await case.live.value(died, case.person)

        said = {"choice": "TAKEN_FOR_ANOTHER", "details": PAPER}
        own = await case.decide(Capacity.PERSONNEL_AGENCY, _K.RETRACT_SUBJECT_DEATH, **said)
        assert (own.state, own.refusal) == (CommandState.REFUSED, "own_report")
        assert await case.live.value(died, case.person)
        await case.must(Capacity.SEKDA, _K.RETRACT_SUBJECT_DEATH, **said)
        assert not await case.live.value(died, case.person)
        assert await case.live.handle(case.case_id).result() == "LAPSED"
        because = "SELECT life ->> 'because' FROM mutations WHERE mutation_id = $1"
        assert await case.live.value(because, case.mutation_id) == "DEATH_RETRACTED"
        again = await case.decide(Capacity.SEKDA, _K.RETRACT_SUBJECT_DEATH, **said)
        assert (again.state, again.refusal) == (CommandState.REFUSED, "no_death_reported")

        ended = case.case_id
        anew = await small_town.answered(case.live.stage, await case.propose())
        assert (anew.state, case.case_id != ended) == (CommandState.APPLIED, True)
        alive = await case.decide(Capacity.SEKDA, _K.RETRACT_SUBJECT_DEATH, **said)
        assert alive.refusal == "no_death_reported"
        await case.screened()
        await check(case.live)
