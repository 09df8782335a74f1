"""Whoever heads a unit goes once somebody acts there (S09), on the real engine: the whole road, and what fails on it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from app import actions, mandates
from app.actions import Faulty, NotAllowed
from app.mandates import Writ
from domain import cases
from domain.authority import Capacity, Tenure
from domain.commands import Command, CommandKind, CommandState
from domain.mandates import Mandate
from domain.moves import Seat
from domain.secondment import Ready, State
from lab import small_town
from lab.small_town import Donor
from tests.patience import until
from tests.workflows.kit import SECOND, SETTLED, LiveTown, case_of, live_town, rules
from tests.workflows.test_reassignment import elsewhere, lives_at, propose, successor

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("brisk")]
DAY = timedelta(days=1)
UNIT = "kota-kecil.PKM-1"
_K = CommandKind


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    clinics = (Donor("PKM-1", 8, 6), Donor("PKM-2", 8, 6))
    packs = rules(acting_head=3 * SECOND)
    async with live_town(temporal_env.client, fresh_database, *clinics, packs=packs) as town:
        yield town
        found = await invariants(town.books.database, town.town.government_id)
        found = [
            *found,
            await boards_hold(town.books.database, town.town.government_id, town.stage.clock.now()),
        ]
        assert [one for one in found if one.violations] == []


@pytest.fixture
async def head(live: LiveTown) -> str:
    """A nurse of the first clinic, who heads it."""
    nurse = live.town.staff[UNIT][0]
    async with live.books.database.writing() as connection:
        await connection.execute(
            "UPDATE appointments SET person_id = $1 WHERE unit_id = $2 AND capacity = 'UNIT_HEAD'",
            nurse,
            UNIT,
        )
    return nurse


async def asked(live: LiveTown, head: str, *, duty: timedelta = 7 * DAY) -> tuple[str, Seat]:
    """A surge for which the coordinator has named the head, who said yes."""
    operation_id = await small_town.declare(live.stage, live.town)
    line = small_town.nurses(live.stage, 1, after=5 * SECOND, duty=duty)
    surge_id = await small_town.ask(live.stage, live.town, operation_id, line)
    await live.must(Capacity.SEKDA, _K.APPROVE_SURGE, cases.surge(surge_id))
    coordinator = await live.stage.actor(live.town.officers[Capacity.COORDINATOR], live.town.government_id)
    planned = await actions.make_plan(live.stage.house, coordinator, surge_id, [(head, f"{surge_id}/01")])
    assert planned.state == CommandState.APPLIED, planned.refusal
    plan_id = str((await live.stage.boards.surge(surge_id))["plan_id"])
    await live.must(Capacity.COORDINATOR, _K.CONFIRM_PLAN, cases.surge(surge_id), choice=plan_id)
    (seat,) = await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
    assert seat.person_id == head
    await small_town.accept(live.stage, seat)
    return surge_id, seat


async def name(
    live: LiveTown, head: str, *, until: datetime, starts: datetime | None = None, acting: int = 1
) -> Mandate:
    """The Sekda lets another nurse of the clinic act for its head."""
    sekda = await live.stage.actor(live.town.officers[Capacity.SEKDA], live.town.government_id)
    substitute = live.town.staff[UNIT][acting]
    now = live.stage.clock.now()
    writ = Writ(
        Tenure.PLH, substitute, head, Capacity.UNIT_HEAD, UNIT, starts or now, until, "821/14/XI/2026"
    )
    return await mandates.write_mandate(live.stage.house, live.books.mandates, sekda, writ)


async def column(live: LiveTown, seat: Seat, expression: str) -> Any:
    return await live.value(f"SELECT {expression} FROM placements WHERE placement_id = $1", seat.placement_id)


async def open_tasks(live: LiveTown, seat: Seat) -> set[tuple[str, str | None]]:
    async with live.books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT kind, capacity FROM tasks WHERE case_id = $1 AND closed_at IS NULL", case_of(seat)
        )
    return {(row["kind"], row["capacity"]) for row in rows}


async def facts(live: LiveTown, seat: Seat) -> list[str]:
    async with live.books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT type FROM events WHERE case_id = $1 ORDER BY seq", case_of(seat)
        )
    return [row["type"] for row in rows]


async def sign(live: LiveTown, surge_id: str) -> Command:
    return await live.decide(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(surge_id))


async def knows_the_acting_head(live: LiveTown, seat: Seat, mandate: Mandate) -> None:
    async def told() -> bool:
        return bool(await column(live, seat, "acting_mandate_id") == mandate.mandate_id)

    await until(told)


async def test_a_head_goes_once_somebody_acts_and_the_acting_ends_with_the_return(
    live: LiveTown, head: str
) -> None:
    surge_id, seat = await asked(live, head)
    # The releasing office of a head is the Sekda, at once, and the Sekda is asked who is to act.
    assert await open_tasks(live, seat) == {("DECIDE_RELEASE", "SEKDA"), ("NAME_ACTING_HEAD", "SEKDA")}
    await live.must(Capacity.SEKDA, _K.RELEASE, case_of(seat))
    refused = await sign(live, surge_id)
    assert (refused.state, refused.refusal) == (CommandState.REFUSED, "nobody_to_order")
    mandate = await name(live, head, until=await column(live, seat, "due_back") + DAY)
    await knows_the_acting_head(live, seat, mandate)
    assert await open_tasks(live, seat) == set()
    signed = await sign(live, surge_id)
    assert signed.state == CommandState.APPLIED, signed.refusal
    await live.until_state(seat, "MOBILISING")
    await live.must(Capacity.COMMAND_POST, _K.CHECK_IN, case_of(seat))

    # Meanwhile the acting head decides about the unit's people as a head does; about the own head, nobody who acts for them.
    acting = live.town.staff[UNIT][1]
    who = await live.stage.actor(acting, live.town.government_id)
    assert [(one.capacity, one.tenure, one.principal_id) for one in who.appointments] == [
        (Capacity.UNIT_HEAD, Tenure.PLH, head)
    ]
    with pytest.raises(NotAllowed, match="own_case"):
        await live.decide(acting, _K.RECALL, case_of(seat), choice="MINIMUM_SERVICE")

    await live.must(Capacity.SEKDA, _K.RECALL, case_of(seat), choice="MINIMUM_SERVICE")
    await live.must(Capacity.COMMAND_POST, _K.SIGN_DEMOB, case_of(seat), details=SETTLED)
    assert await open_tasks(live, seat) == {("CONFIRM_RETURN", "SEKDA")}
    await live.must(Capacity.SEKDA, _K.CONFIRM_RETURN, case_of(seat))
    ended = "SELECT ended_for FROM mandates WHERE mandate_id = $1 AND revoked_at IS NOT NULL"
    assert await live.value(ended, mandate.mandate_id) == case_of(seat)
    revoked = "SELECT count(*) FROM events WHERE type = 'MandateRevoked' AND case_id = $1"
    assert await live.value(revoked, f"mandate:{mandate.mandate_id}") == 1
    assert (await live.stage.actor(acting, live.town.government_id)).appointments == ()


async def test_who_is_late_to_name_an_acting_head_is_urged_and_the_coordinator_asked_to_see_to_it(
    live: LiveTown, head: str
) -> None:
    _surge, seat = await asked(live, head)
    chased = ("CHASE_ACTING_HEAD", "COORDINATOR")

    async def urged() -> bool:
        return chased in await open_tasks(live, seat)

    await until(urged)
    mandate = await name(live, head, until=await column(live, seat, "due_back") + DAY)
    await knows_the_acting_head(live, seat, mandate)
    assert await open_tasks(live, seat) == {("DECIDE_RELEASE", "SEKDA")}
    assert "ActingHeadUrged" in await facts(live, seat)


async def test_an_acting_head_who_gives_up_or_acts_too_short_holds_the_order_back(
    live: LiveTown, head: str
) -> None:
    surge_id, seat = await asked(live, head)
    await live.must(Capacity.SEKDA, _K.RELEASE, case_of(seat))
    due_back = await column(live, seat, "due_back")
    short = await name(live, head, until=due_back - DAY)
    await knows_the_acting_head(live, seat, short)
    assert (await sign(live, surge_id)).refusal == "nobody_to_order"
    longer = await name(live, head, starts=due_back - DAY, until=due_back + DAY, acting=2)

    async def filled() -> bool:
        return bool(await column(live, seat, "post_filled"))

    await until(filled)
    acting = await live.stage.actor(live.town.staff[UNIT][2], live.town.government_id)
    await mandates.revoke_mandate(live.stage.house, live.books.mandates, acting, longer.mandate_id)

    async def empty() -> bool:
        return not await filled()

    await until(empty)
    assert ("NAME_ACTING_HEAD", "SEKDA") in await open_tasks(live, seat)
    assert (await sign(live, surge_id)).refusal == "nobody_to_order"


async def test_a_mandate_that_runs_out_under_a_late_head_is_flagged_and_asked_for_again(
    live: LiveTown, head: str
) -> None:
    surge_id, seat = await asked(live, head, duty=15 * SECOND)
    await live.must(Capacity.SEKDA, _K.RELEASE, case_of(seat))
    due_back = await column(live, seat, "due_back")
    await knows_the_acting_head(live, seat, await name(live, head, until=due_back + 2 * SECOND))
    assert (await sign(live, surge_id)).state == CommandState.APPLIED
    await live.until_state(seat, "MOBILISING")
    await live.must(Capacity.COMMAND_POST, _K.CHECK_IN, case_of(seat))

    async def lost() -> bool:
        return "ActingHeadLost" in await facts(live, seat)

    await until(lost)
    assert ("NAME_ACTING_HEAD", "SEKDA") in await open_tasks(live, seat)
    assert await column(live, seat, "acting_mandate_id IS NULL AND out")
    again = await name(live, head, until=due_back + 3 * DAY, acting=2)
    await knows_the_acting_head(live, seat, again)
    assert ("NAME_ACTING_HEAD", "SEKDA") not in await open_tasks(live, seat)


async def test_a_longer_duty_of_a_head_is_ordered_once_somebody_acts_longer(
    live: LiveTown, head: str
) -> None:
    surge_id, seat = await asked(live, head)
    await live.must(Capacity.SEKDA, _K.RELEASE, case_of(seat))
    due_back = await column(live, seat, "due_back")
    first = await name(live, head, until=due_back + DAY)
    await knows_the_acting_head(live, seat, first)
    await sign(live, surge_id)
    await live.until_state(seat, "MOBILISING")
    ready = {"items": " ".join(Ready)}
    await live.must(Capacity.COMMAND_POST, _K.CHECK_IN, case_of(seat), details=ready)
    longer = {"until": (due_back + 4 * DAY).isoformat()}
    await live.must(Capacity.COORDINATOR, _K.PROPOSE_EXTENSION, case_of(seat), details=longer)
    # A head's own head is the Sekda.
    await live.must(Capacity.SEKDA, _K.APPROVE_EXTENSION, case_of(seat))
    await live.must(Capacity.COMMAND_POST, _K.APPROVE_EXTENSION, case_of(seat))
    await live.must(head, _K.CONSENT_EXTENSION, case_of(seat))
    assert await open_tasks(live, seat) == {("NAME_ACTING_HEAD", "SEKDA")}
    assert (await sign(live, surge_id)).refusal == "nobody_to_order"
    second = await name(live, head, starts=due_back + DAY, until=due_back + 5 * DAY, acting=2)

    async def filled() -> bool:
        return bool(await column(live, seat, "post_filled"))

    await until(filled)
    assert (await sign(live, surge_id)).state == CommandState.APPLIED

    async def extended() -> bool:
        return bool(await column(live, seat, "extensions"))

    await until(extended)
    assert await column(live, seat, "due_back") == due_back + 4 * DAY
    assert second.starts == first.ends


async def test_who_is_on_a_surge_cannot_act_for_anybody(live: LiveTown, head: str) -> None:
    _surge, (seat, *_) = await live.offered(6)
    sekda = await live.stage.actor(live.town.officers[Capacity.SEKDA], live.town.government_id)
    now = live.stage.clock.now()
    writ = Writ(Tenure.PLH, seat.person_id, head, Capacity.UNIT_HEAD, UNIT, now, now + DAY, "821/15/XI/2026")
    with pytest.raises(Faulty, match="on a surge"):
        await mandates.write_mandate(live.stage.house, live.books.mandates, sekda, writ)


async def test_a_head_is_moved_to_another_post_once_somebody_acts_to_its_end_and_the_acting_goes_along(
    live: LiveTown, head: str
) -> None:
    surge_id, seat = await asked(live, head, duty=4 * DAY)
    await live.must(Capacity.SEKDA, _K.RELEASE, case_of(seat))
    due_back = await column(live, seat, "due_back")
    await knows_the_acting_head(live, seat, mandate := await name(live, head, until=due_back + DAY))
    assert (await sign(live, surge_id)).state == CommandState.APPLIED
    await live.until_state(seat, "MOBILISING")
    await live.must(Capacity.COMMAND_POST, _K.CHECK_IN, case_of(seat))
    await lives_at(live, seat, *small_town.SITE)
    other, _ = await elsewhere(live)
    longer = due_back + 2 * DAY
    assert (await propose(live, seat, other, until=longer.isoformat())).state == CommandState.APPLIED
    await live.must(head, _K.CONSENT_REASSIGNMENT, case_of(seat))
    # The stay gets longer: for a head the Sekda agrees, and nobody moves whose post would be left empty by then.
    assert ("ANSWER_REASSIGNMENT", "SEKDA") in await open_tasks(live, seat)
    await live.must(Capacity.SEKDA, _K.APPROVE_REASSIGNMENT, case_of(seat))
    target = other.partition("/")[0]
    assert (await sign(live, target)).refusal == "nobody_to_order"
    later = await name(live, head, starts=due_back + DAY, until=longer + DAY, acting=2)

    async def covered() -> bool:
        return bool(await column(live, seat, "acting_until") == longer + DAY)

    await until(covered)
    assert (await sign(live, target)).state == CommandState.APPLIED
    there = await successor(live, seat)
    assert await column(live, there, "post_unit_id") == UNIT
    standing = "SELECT count(*) FROM mandates WHERE mandate_id = ANY($1::uuid[]) AND revoked_at IS NULL"
    both = [mandate.mandate_id, later.mandate_id]
    assert await live.value(standing, both) == 2
    await live.must(Capacity.COMMAND_POST, _K.CHECK_IN, case_of(there))
    await live.must(Capacity.COMMAND_POST, _K.RELEASE_EARLY, case_of(there), choice="NO_LONGER_NEEDED")
    await live.must(Capacity.COMMAND_POST, _K.SIGN_DEMOB, case_of(there), details=SETTLED)
    await live.must(Capacity.SEKDA, _K.CONFIRM_RETURN, case_of(there))
    assert await live.value(standing, both) == 0, "the acting ends with the return, from whichever post"
