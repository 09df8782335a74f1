"""What happens by itself to somebody at a site: no sign of life, no cover, a condition nobody answers."""

from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.temporal.messenger import Messenger
from domain.commands import CommandKind
from domain.secondment import Trigger
from lab import small_town
from tests.patience import until
from tests.workflows.kit import case_of
from tests.workflows.test_deadlines import DAY, HOUR, OUT, UNIT, SteppedTown, stepped_town


async def state_is(town: SteppedTown, placement_id: str, state: str) -> None:
    async def stands() -> bool:
        ask = "SELECT state FROM placements WHERE placement_id = $1"
        return bool(await town.live.value(ask, placement_id) == state)

    await until(stands)


async def test_whoever_gives_no_sign_of_life_is_looked_for_higher_and_higher_until_found(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        seat = await town.seat(*OUT)
        began = town.clock.now()
        await town.pass_to(began + DAY)
        await town.sight(seat)
        # Seen a day ago: the alarm that was set at the beginning rings, looks, and waits on.
        await town.pass_to(began + 2 * DAY + HOUR)
        assert await town.live.state(seat) == "ON_DUTY"
        await town.pass_to(began + 3 * DAY + HOUR)
        await state_is(town, seat.placement_id, "OUT_OF_CONTACT")
        assert await town.asked(case_of(seat)) == ["FIND_PERSON COMMAND_POST"]
        await town.pass_to(began + 4 * DAY + 2 * HOUR)

        async def climbed() -> bool:
            both = {"FIND_PERSON COMMAND_POST", "FIND_PERSON COORDINATOR"}
            return set(await town.asked(case_of(seat))) == both

        await until(climbed)
        await town.sight(seat)
        await state_is(town, seat.placement_id, "ON_DUTY")
        told = [what for what, _ in await town.told(case_of(seat))]
        assert told.count("ContactLost") == told.count("ContactRegained") == 1


async def test_whoever_is_missing_at_the_end_is_still_to_be_brought_home(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        seat = await town.seat(*OUT)
        due_back = await town.live.value("SELECT due_back FROM placements")
        await town.pass_to(due_back + HOUR)

        async def noted() -> bool:
            return bool(
                await town.live.value("SELECT leaving = 'DUE' AND home_by > $1 FROM placements", due_back)
            )

        await until(noted)
        assert await town.live.state(seat) == "OUT_OF_CONTACT"
        assert await town.live.value("SELECT out FROM placements")
        everybody = ("COMMAND_POST", "COORDINATOR", "SEKDA")
        assert set(await town.asked(case_of(seat))) == {f"FIND_PERSON {office}" for office in everybody}
        told = [what for what, _ in await town.told(case_of(seat))]
        await town.pass_to(due_back + 2 * DAY)
        assert [what for what, _ in await town.told(case_of(seat))][len(told) :] == ["ContactEscalated"] * 2
        await town.sight(seat)
        await state_is(town, seat.placement_id, "DEMOBILISING")
        assert set(await town.asked(case_of(seat))) == {f"SIGN_DEMOB {office}" for office in everybody}


@pytest.mark.parametrize("walked", [(Trigger.ACCEPT,), (Trigger.ACCEPT, Trigger.RELEASE)])
async def test_whoever_waits_for_a_release_or_an_order_until_the_end_is_let_go(
    time_skipping_env: WorkflowEnvironment, fresh_database: str, walked: tuple[Trigger, ...]
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        seat = await town.seat(*walked)
        due_back = await town.live.value("SELECT due_back FROM placements")
        assert await town.registry.lent(UNIT) == 1
        await town.pass_to(due_back + HOUR)
        await state_is(town, seat.placement_id, "WITHDRAWN")
        assert (await town.told(case_of(seat)))[-1][0] == "FellDue"
        assert await town.asked(case_of(seat)) == []
        assert await town.registry.lent(UNIT) == 0


async def test_a_duty_without_cover_ends_after_its_grace(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        seat = await town.seat(*OUT)
        ends = town.clock.now() + HOUR
        await small_town.tell_cover(town.live.stage, seat, ends)

        async def told_the_coordinator() -> bool:
            return "COVER_DUTY COORDINATOR" in await town.asked(case_of(seat))

        await until(told_the_coordinator)
        await town.pass_to(ends + 24 * HOUR - timedelta(minutes=5))
        assert await town.live.state(seat) == "ON_DUTY"
        await town.pass_to(ends + 24 * HOUR + timedelta(minutes=5))
        await state_is(town, seat.placement_id, "DEMOBILISING")
        assert await town.live.value("SELECT leaving FROM placements") == "UNCOVERED"
        assert await town.asked(case_of(seat)) == ["SIGN_DEMOB COMMAND_POST"]


async def test_a_duty_that_is_covered_again_goes_on(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        seat = await town.seat(*OUT)
        ends = town.clock.now() + HOUR
        await small_town.tell_cover(town.live.stage, seat, ends)
        await small_town.tell_cover(town.live.stage, seat, None)

        async def covered() -> bool:
            return (await town.told(case_of(seat)))[-1][0] == "CoverRegained"

        await until(covered)
        await town.sight(seat)
        await town.pass_to(ends + 25 * HOUR)
        assert await town.live.state(seat) == "ON_DUTY"
        assert await town.asked(case_of(seat)) == ["COMPLETE_CHECK_IN COMMAND_POST"]
        told = [what for what, _ in await town.told(case_of(seat))]
        assert told[-2:] == ["CoverLost", "CoverRegained"]


async def test_a_condition_that_nobody_answers_lapses_and_the_seat_is_free(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        seat = await town.seat()
        await town.live.must(seat.person_id, CommandKind.ACCEPT_ON_CONDITION, case_of(seat), choice="LODGING")
        assert await town.asked(case_of(seat)) == ["ANSWER_CONDITION COORDINATOR"]
        await town.pass_to(town.clock.now() + 2 * HOUR + timedelta(minutes=5))
        await state_is(town, seat.placement_id, "DECLINED")
        assert await town.registry.lent(UNIT) == 0


async def test_whoever_is_still_out_elsewhere_does_not_go_and_the_order_is_cancelled(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        seat = await town.seat(Trigger.ACCEPT, Trigger.RELEASE)
        order_id = await town.registry.reserve(seat.surge_id)
        await town.registry.orders.keep_file(order_id, seat.placement_id, b"extract")
        await town.registry.issue(seat.surge_id, order_id)
        # The same person, still out on another order that ended before this one begins.
        await town.registry.execute(
            """INSERT INTO placements (placement_id, government_id, surge_id, line_id, person_id, unit_id, role, plan_id,
                                       state, revision, since, report_at, due_back, held, out, offered_at, departed_at)
               SELECT gen_random_uuid(), government_id, surge_id, line_id, person_id, unit_id, role, plan_id,
                      'DEMOBILISING', 9, now(), report_at - interval '20 days', report_at - interval '10 days',
                      true, true, offered_at, offered_at
                 FROM placements"""
        )
        messenger = Messenger(town.live.client, town.live.queue)
        await messenger.order_served(seat.placement_id, order_id)
        await town.pass_to(town.clock.now() + DAY + HOUR)
        await state_is(town, seat.placement_id, "ORDER_CANCELLED")
        assert (await town.told(case_of(seat)))[-1][0] == "OrderCancelled"
        assert (
            await town.live.value("SELECT leaving FROM placements WHERE placement_id = $1", seat.placement_id)
            == "TAKEN_ELSEWHERE"
        )
