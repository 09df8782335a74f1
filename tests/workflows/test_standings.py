"""Statuses of several levels on an engine whose clock is stepped: warned of, ended, extended late or in time, archived."""

from datetime import datetime, timedelta, timezone
from typing import Any

from temporalio.testing import WorkflowEnvironment

from adapters.postgres.operations import OperationBook
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.secondment import Trigger
from lab import small_town
from tests.patience import until
from tests.workflows.kit import case_of
from tests.workflows.test_deadlines import DAY, HOUR, SteppedTown, close, stepped_town
from workflows.policies import SETTLE

MINUTE = timedelta(minutes=1)
WITA = timezone(timedelta(hours=8))  # as somebody in Kupang says an instant
K = CommandKind


async def opened(town: SteppedTown, days: float = 6) -> str:
    """An operation with the city's RESPONSE for so many days: its case."""
    operation_id = await small_town.declare(town.live.stage, town.live.town, days * DAY)
    return cases.operation(operation_id)


async def decide(town: SteppedTown, kind: CommandKind, case_id: str, **details: Any) -> Command:
    """Let the secretary decide about an operation."""
    return await town.live.decide(Capacity.SEKDA, kind, case_id, details=details)


def decreed(town: SteppedTown, number: int, ends: datetime | None = None, **more: Any) -> dict[str, Any]:
    day = town.clock.now().date().isoformat()
    until_then = {"until": ends.astimezone(WITA).isoformat()} if ends else {}
    return {"decree": f"360/{number}", "decree_date": day, **until_then, **more}


async def told(town: SteppedTown, case_id: str) -> list[str]:
    return [what for what, _ in await town.told(case_id)]


async def until_told(town: SteppedTown, case_id: str, what: str) -> None:
    async def is_told() -> bool:
        return what in await told(town, case_id)

    await until(is_told)


async def state(town: SteppedTown, case_id: str) -> str:
    statement = "SELECT state FROM operations WHERE 'operation:' || operation_id = $1"
    return str(await town.live.value(statement, case_id))


async def somebody(town: SteppedTown, case_id: str, *walked: Trigger) -> Any:
    """Somebody of a surge of this operation, whose duty ends eight days from now."""
    seat = await town.seat(*walked)
    await town.registry.execute(
        "UPDATE surges SET operation_id = $1 WHERE surge_id = $2", cases.parse(case_id).key, seat.surge_id
    )
    return seat


async def commands_to(town: SteppedTown, case_id: str) -> list[tuple[str, str]]:
    """(kind, until when there is cover) of what the system told a case."""
    async with town.live.books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT kind, details FROM commands WHERE case_id = $1 AND capacity = 'SYSTEM' ORDER BY position",
            case_id,
        )
    return [(row["kind"], row["details"]["covered_until"]) for row in rows]


async def test_the_citys_status_ends_first_the_provinces_goes_on_and_its_end_is_the_lapse(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        start = town.clock.now()
        case_id = await opened(town, 6)
        province = decreed(town, 2, start + 10 * DAY, status="ALERT", level="PROVINCE", area="NTT")
        assert (await decide(town, K.DECLARE_STATUS, case_id, **province)).state == CommandState.APPLIED
        assert await state(town, case_id) == "RESPONSE"
        assert await town.asked(case_id) == []
        await town.pass_to(start + 4 * DAY)
        assert await town.asked(case_id) == ["EXTEND_OR_END SEKDA"]
        await town.pass_to(start + 6 * DAY + HOUR)
        await until_told(town, case_id, "StatusEnded")
        assert await state(town, case_id) == "ALERT"
        await town.pass_to(start + 10 * DAY + HOUR)
        await until_told(town, case_id, "StatusLapsed")
        assert await state(town, case_id) == "LAPSED"
        ended = "SELECT at FROM events WHERE type = 'StatusEnded'"
        city_ends = "SELECT upper(period) FROM standings WHERE level = 'REGENCY_CITY'"
        assert close(await town.live.value(ended) - await town.live.value(city_ends), timedelta(0))
        assert await told(town, case_id) == [
            *("OperationOpened", "StatusDeclared", "StatusDeclared"),
            *("StatusEndingSoon", "StatusEnded", "StatusEndingSoon", "StatusLapsed"),
        ]
        assert await town.asked(case_id) == ["EXTEND_OR_END SEKDA"]  # declare anew, or end it


async def test_each_status_is_warned_of_three_days_before_its_end_and_its_task_is_due_then(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        case_id = await opened(town, 7)
        start = await town.live.value("SELECT lower(period) FROM standings")
        await town.pass_to(start + 4 * DAY - 2 * MINUTE)
        assert await town.asked(case_id) == []
        await town.pass_to(start + 4 * DAY + MINUTE)
        await until_told(town, case_id, "StatusEndingSoon")
        due = "SELECT due_at FROM tasks WHERE case_id = $1 AND closed_at IS NULL"
        ends = await town.live.value("SELECT upper(period) FROM standings")
        assert await town.live.value(due, case_id) == ends
        longer = decreed(town, 2, ends + 7 * DAY)
        assert (await decide(town, K.EXTEND_STATUS, case_id, **longer)).state == CommandState.APPLIED
        assert await town.asked(case_id) == []
        await town.pass_to(ends + 4 * DAY + MINUTE)

        async def warned_again() -> bool:
            return (await told(town, case_id)).count("StatusEndingSoon") == 2

        await until(warned_again)
        assert await town.live.value(due, case_id) == ends + 7 * DAY


async def test_an_extension_at_the_last_minute_stands(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        case_id = await opened(town, 6)
        ends = await town.live.value("SELECT upper(period) FROM standings")
        await town.pass_to(ends - MINUTE)
        said = await decide(town, K.EXTEND_STATUS, case_id, **decreed(town, 2, ends + 7 * DAY))
        assert (said.state, said.refusal) == (CommandState.APPLIED, None)
        await town.pass_to(ends + HOUR)
        assert await state(town, case_id) == "RESPONSE"
        assert "StatusLapsed" not in await told(town, case_id)


async def test_an_extension_one_minute_late_is_refused_and_takes_a_new_declaration(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        case_id = await opened(town, 6)
        ends = await town.live.value("SELECT upper(period) FROM standings")
        await town.pass_to(ends + MINUTE)
        said = await decide(town, K.EXTEND_STATUS, case_id, **decreed(town, 2, ends + 7 * DAY))
        assert (said.state, said.refusal) == (CommandState.REFUSED, "extension_too_late")
        anew = decreed(town, 3, ends + 7 * DAY, status="RESPONSE", level="REGENCY_CITY", area="Kota Kecil")
        assert (await decide(town, K.DECLARE_STATUS, case_id, **anew)).state == CommandState.APPLIED
        assert await state(town, case_id) == "RESPONSE"
        assert (await told(town, case_id))[-3:] == ["StatusLapsed", "CommandRefused", "StatusDeclared"]


async def test_a_late_extension_is_late_also_while_the_clock_has_not_yet_noted_the_end(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    """Between the end and the moment at which silence counts, a decision is judged by what stood when it was made."""
    async with stepped_town(time_skipping_env, fresh_database) as town:
        case_id = await opened(town, 6)
        ends = await town.live.value("SELECT upper(period) FROM standings")
        await town.pass_to(ends - MINUTE)
        town.clock.set(ends + SETTLE / 5)  # the door's clock is ahead of the engine's
        said = await decide(town, K.EXTEND_STATUS, case_id, **decreed(town, 2, ends + 7 * DAY))
        assert (said.state, said.refusal) == (CommandState.REFUSED, "extension_too_late")
        assert await state(town, case_id) == "LAPSED"


async def test_when_cover_lapses_whoever_has_a_duty_beyond_it_is_flagged_and_told_once_and_told_when_it_is_back(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        case_id = await opened(town, 6)
        seat = await somebody(town, case_id, Trigger.ACCEPT, Trigger.RELEASE)
        ends = await town.live.value("SELECT upper(period) FROM standings")
        await town.pass_to(ends + HOUR)
        await until_told(town, case_of(seat), "UncoveredDuty")
        lost = [("LOSE_COVER", ends.isoformat())]
        assert await commands_to(town, case_of(seat)) == lost
        assert await town.live.value("SELECT cover_told FROM placements") == ends
        # Its own case has heard it: the coordinator is asked, and after its grace the duty would end.
        await until_told(town, case_of(seat), "CoverLost")
        assert await town.live.value("SELECT uncovered_from FROM placements") == ends
        assert "COVER_DUTY COORDINATOR" in await town.asked(case_of(seat))
        book = OperationBook(town.live.books.database, town.live.books.rules)
        again = await book.tell_cover(cases.parse(case_id).key, ends, town.clock.now(), "test")
        assert (again.lost, again.regained, again.more) == (0, 0, False)
        assert again.surges == (seat.surge_id,)
        assert await commands_to(town, case_of(seat)) == lost
        ends_anew = ends + 9 * DAY
        anew = decreed(town, 3, ends_anew, status="RESPONSE", level="REGENCY_CITY", area="Kota Kecil")
        assert (await decide(town, K.DECLARE_STATUS, case_id, **anew)).state == CommandState.APPLIED
        await until_told(town, case_of(seat), "DutyCovered")
        assert await commands_to(town, case_of(seat)) == [*lost, ("REGAIN_COVER", ends_anew.isoformat())]
        assert await town.live.value("SELECT cover_told FROM placements") is None
        await until_told(town, case_of(seat), "CoverRegained")
        answered = "SELECT array_agg(DISTINCT state) FROM commands WHERE capacity = 'SYSTEM'"
        assert await town.live.value(answered) == ["APPLIED"]


async def test_whose_duty_ends_with_the_cover_is_told_nothing(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        case_id = await opened(town, 30)
        seat = await somebody(town, case_id, Trigger.ACCEPT, Trigger.RELEASE)
        due_back = await town.live.value("SELECT due_back FROM placements")
        await town.pass_to(town.clock.now() + HOUR)
        shorter = decreed(town, 2, due_back, status="TRANSITION", level="REGENCY_CITY", area="Kota Kecil")
        assert (await decide(town, K.DECLARE_STATUS, case_id, **shorter)).state == CommandState.APPLIED
        await town.pass_to(due_back + HOUR)
        await until_told(town, case_id, "StatusLapsed")
        assert await commands_to(town, case_of(seat)) == []
        assert "UncoveredDuty" not in await told(town, case_of(seat))


async def test_escalated_to_the_province_and_handed_back_the_cover_shrinks_and_those_beyond_it_are_told(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        start = town.clock.now()
        case_id = await opened(town, 6)
        up = decreed(
            town, 2, start + 20 * DAY, status="RESPONSE", level="PROVINCE", area="NTT", statement="360/9"
        )
        assert (await decide(town, K.ESCALATE_OPERATION, case_id, **up)).state == CommandState.APPLIED
        (data,) = await rows(town, "SELECT data FROM events WHERE type = 'StatusEscalated'")
        assert (data["data"]["from"], data["data"]["level"]) == ("REGENCY_CITY", "PROVINCE")
        seat = await somebody(town, case_id, Trigger.ACCEPT)
        await town.pass_to(start + 2 * DAY)
        back = await decide(town, K.HAND_BACK_STATUS, case_id, **decreed(town, 3))
        assert back.state == CommandState.APPLIED
        city_ends = await town.live.value("SELECT upper(period) FROM standings WHERE level = 'REGENCY_CITY'")
        await until_told(town, case_of(seat), "UncoveredDuty")
        assert await commands_to(town, case_of(seat)) == [("LOSE_COVER", city_ends.isoformat())]
        again = await decide(town, K.HAND_BACK_STATUS, case_id, **decreed(town, 4))
        assert again.refusal == "nothing_below"


async def test_after_its_end_an_operation_asks_for_its_report_and_then_nothing_acts_on_it(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        case_id = await opened(town, 6)
        assert (await decide(town, K.ARCHIVE_OPERATION, case_id)).refusal == "not_ended_yet"
        await decide(town, K.END_OPERATION, case_id)
        await until_told(town, case_id, "AfterActionDue")
        assert await state(town, case_id) == "AFTER_ACTION"
        assert await town.asked(case_id) == ["FILE_AFTER_ACTION COORDINATOR"]
        assert (await decide(town, K.ARCHIVE_OPERATION, case_id)).refusal == "report_missing"
        await town.pass_to(town.clock.now() + 14 * DAY + HOUR)
        await until_told(town, case_id, "AfterActionOverdue")
        assert sorted(await town.asked(case_id)) == [
            "FILE_AFTER_ACTION COORDINATOR",
            "FILE_AFTER_ACTION SEKDA",
        ]
        report = {"report": "360/LAP/1"}
        await town.live.must(Capacity.COORDINATOR, K.FILE_AFTER_ACTION, case_id, details=report)
        assert await town.asked(case_id) == ["ARCHIVE_OPERATION SEKDA"]
        await town.live.must(Capacity.SEKDA, K.ARCHIVE_OPERATION, case_id)
        assert await town.live.handle(case_id).result() == "ARCHIVED"
        assert await town.asked(case_id) == []
        late = decreed(town, 9, town.clock.now() + DAY, status="ALERT", level="PROVINCE", area="NTT")
        said = await decide(town, K.DECLARE_STATUS, case_id, **late)
        assert (said.state, said.refusal) == (CommandState.REFUSED, "already_ended")
        assert (await told(town, case_id))[-1] == "CommandRefused"
        row = "SELECT archived_at IS NOT NULL AND after_action_report = '360/LAP/1' FROM operations WHERE state = 'ARCHIVED'"
        assert await town.live.value(row)


async def test_an_operation_is_not_ended_over_a_request_and_a_lapse_lets_none_go_ahead(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        start, coordinator = town.clock.now(), Capacity.COORDINATOR
        case_id = await opened(town, 9)
        line = small_town.nurses(town.live.stage, 1)
        asked, approved = [
            cases.surge(await small_town.ask(town.live.stage, town.live.town, cases.parse(case_id).key, line))
            for _ in range(2)
        ]
        await town.live.must(Capacity.SEKDA, K.APPROVE_SURGE, approved)
        await town.live.must(coordinator, K.PLAN_SURGE, approved)
        plan = str((await town.live.stage.boards.surge(cases.parse(approved).key))["plan_id"])
        assert (await decide(town, K.END_OPERATION, case_id)).refusal == "surges_open"
        await town.pass_to(start + 9 * DAY + HOUR)
        await until_told(town, case_id, "StatusLapsed")
        assert (await decide(town, K.APPROVE_SURGE, asked)).refusal == "no_status_in_force"
        confirmed = await town.live.decide(coordinator, K.CONFIRM_PLAN, approved, choice=plan)
        assert confirmed.refusal == "no_status_in_force"
        assert (await decide(town, K.END_OPERATION, case_id)).refusal == "surges_open"
        await town.live.must(Capacity.SEKDA, K.REJECT_SURGE, asked)
        await town.live.must(coordinator, K.CANCEL_SURGE, approved)
        assert (await decide(town, K.END_OPERATION, case_id)).state == CommandState.APPLIED


async def test_an_operation_that_ended_over_a_request_is_not_archived_over_it(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        case_id = await opened(town, 9)
        await decide(town, K.END_OPERATION, case_id)
        await until_told(town, case_id, "AfterActionDue")
        report = {"report": "360/LAP/1"}
        await town.live.must(Capacity.COORDINATOR, K.FILE_AFTER_ACTION, case_id, details=report)
        seat = await somebody(town, case_id)  # as books hold it that were written before
        assert (await decide(town, K.ARCHIVE_OPERATION, case_id)).refusal == "surges_open"
        await town.registry.execute("UPDATE surges SET state = 'CLOSED' WHERE surge_id = $1", seat.surge_id)
        assert (await decide(town, K.ARCHIVE_OPERATION, case_id)).state == CommandState.APPLIED


async def test_a_decision_in_words_that_its_case_does_not_know_is_refused_and_does_not_stop_it(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        case_id = await opened(town, 6)
        odd = decreed(town, 2, town.clock.now() + DAY, status="ALERT", level="VILLAGE", area="Oesapa")
        assert (await decide(town, K.DECLARE_STATUS, case_id, **odd)).refusal == "not_understood"
        assert (await decide(town, K.END_OPERATION, case_id)).state == CommandState.APPLIED


async def rows(town: SteppedTown, statement: str) -> list[Any]:
    async with town.live.books.database.reading() as connection:
        return list(await connection.fetch(statement))
