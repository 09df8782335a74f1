"""A demand for service has terms of its own, and ends with its letter: the coordinator is warned, people come home."""

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from domain.authority import Capacity
from domain.commands import CommandKind
from domain.requests import Letter
from lab import small_town
from tests.patience import until
from tests.workflows.kit import SETTLED, case_of
from tests.workflows.test_deadlines import DAY, HOUR
from tests.workflows.test_surge_duties import an_office

MINUTE = timedelta(minutes=1)


async def test_an_offer_without_a_disaster_may_be_answered_for_a_day_and_the_head_has_two(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        now = town.clock.now()
        letter = Letter(
            "440/1", now.date(), "Dinas Kesehatan", f"{small_town.GOVERNMENT}.SETDA", now + 30 * DAY
        )
        case = (await town.request(letter=letter, after=6 * DAY, duty=9 * DAY)).case_id
        await town.live.must(Capacity.SEKDA, CommandKind.APPROVE_SURGE, case)
        silent, willing = await town.planned(case)
        due = "SELECT due_at - opened_at FROM tasks WHERE case_id = $1 AND closed_at IS NULL AND kind = $2"
        assert await town.live.value(due, case_of(silent), "ANSWER_OFFER") == DAY
        offered = town.clock.now()
        await town.pass_to(offered + 20 * HOUR)
        assert await town.live.state(silent) == "OFFERED"
        assert [what for what, _ in await town.told(case_of(silent))] == ["OfferSent", "OfferReminded"]
        await small_town.accept(town.live.stage, willing)
        assert await town.live.value(due, case_of(willing), "DECIDE_RELEASE") == 2 * DAY
        await town.pass_to(offered + DAY + MINUTE)
        await town.live.until_state(silent, "NO_RESPONSE")


async def test_with_its_letter_a_demand_ends_by_itself_and_its_coordinator_was_warned(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        now = town.clock.now()
        ends = now + 10 * DAY
        letter = Letter("440/1", now.date(), "Dinas Kesehatan", f"{small_town.GOVERNMENT}.SETDA", ends)
        case = (await town.request(letter=letter, after=4 * DAY, duty=6 * DAY - HOUR)).case_id
        await town.live.must(Capacity.SEKDA, CommandKind.APPROVE_SURGE, case)
        seats = await town.planned(case)
        for seat in seats:
            await small_town.accept(town.live.stage, seat)
            await small_town.release(town.live.stage, town.live.town, seat)
        await town.live.must(Capacity.SIGNATORY, CommandKind.SIGN_ORDER, case)
        await town.pass_to(now + 4 * DAY)
        for seat in seats:
            await town.live.until_state(seat, "MOBILISING")
            await town.live.must(Capacity.COMMAND_POST, CommandKind.CHECK_IN, case_of(seat))
        await town.seen_until(seats[0], ends - 3 * DAY + MINUTE)

        async def warned() -> bool:
            return "LETTER_ENDING COORDINATOR" in await town.asked(case)

        await until(warned)
        longer = {"until": (ends + DAY).isoformat()}
        refused = await town.live.decide(
            Capacity.COMMAND_POST, CommandKind.PROPOSE_EXTENSION, case_of(seats[0]), details=longer
        )
        assert refused.refusal == "reaches_past_the_letter"
        new = {"letter": "440/2", "dated": town.clock.now().date().isoformat()}
        again = {**new, "until": ends.isoformat()}
        same = await town.live.decide(Capacity.SEKDA, CommandKind.PROLONG_LETTER, case, details=again)
        assert same.refusal == "not_longer"
        ends += 2 * DAY
        await town.live.must(
            Capacity.SEKDA, CommandKind.PROLONG_LETTER, case, details={**new, "until": ends.isoformat()}
        )
        assert "LETTER_ENDING COORDINATOR" not in await town.asked(case)
        stands = "SELECT letter_number || letter_until::text FROM surges"
        assert (await town.live.value(stands)).startswith("440/2")
        agreed = await town.live.decide(
            Capacity.COMMAND_POST, CommandKind.PROPOSE_EXTENSION, case_of(seats[0]), details=longer
        )
        assert agreed.refusal is None, "what the new letter covers may be proposed"
        await town.seen_until(seats[0], ends - DAY)
        assert await town.live.value("SELECT count(*) FROM events WHERE type = 'StoodDown'") == 0
        await town.pass_to(ends + MINUTE)
        await town.told_by(case, "StoodDown")
        assert (
            await town.live.value("SELECT data ->> 'reason' FROM events WHERE type = 'StoodDown'")
            == "letter_ended"
        )
        for seat in seats:
            await town.live.until_state(seat, "DEMOBILISING")
            home = town.live.town.heads[seat.unit_id]
            await town.live.must(
                Capacity.COMMAND_POST, CommandKind.SIGN_DEMOB, case_of(seat), details=SETTLED
            )
            await town.live.must(home, CommandKind.CONFIRM_RETURN, case_of(seat))
        await town.live.must(Capacity.COORDINATOR, CommandKind.CLOSE_SURGE, case)
        await town.sound()
