"""What happens when nobody does anything, on an engine whose clock is stepped: days pass in seconds, by the real rules."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.commands import CommandBook
from adapters.temporal.messenger import Messenger
from app import actions
from app.actions import Decision
from app.musters import Roll, take_muster
from app.wiring import in_force, rule_packs
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from domain.moves import Seat
from domain.secondment import Trigger
from lab import small_town
from lab.small_town import Donor
from lab.stage import Stage
from lab.stepping import CLEAR, SteppedEngine
from runtime.clock import SteppedClock
from tests.adapters.postgres.kit import Registry, crew, registry
from tests.patience import until
from tests.workflows.kit import SETTLED, DeafBook, LiveTown, case_of, live_town
from workflows.policies import SETTLE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UNIT = "kota-kecil.PKM-1"
DONOR = Donor("PKM-1", 4, 2)
OUT = (
    Trigger.ACCEPT,
    Trigger.RELEASE,
    Trigger.ORDER_ISSUED,
    Trigger.MOBILISE,
    Trigger.CHECK_IN,
    Trigger.START_DUTY,
)


@dataclass
class SteppedTown:
    """A town whose time is in the test's hands."""

    live: LiveTown
    registry: Registry
    engine: SteppedEngine
    clock: SteppedClock

    async def pass_to(self, instant: datetime) -> None:
        """Let time pass, and the cases with it, to a little after an instant: see `CLEAR`."""
        self.clock.set(max(self.clock.now(), await self.engine.step_to(instant + CLEAR)))

    async def seat(self, *walked: Trigger) -> Seat:
        """Somebody who has come so far, and whose case runs from there."""
        now = self.clock.now()
        surge_id = await self.registry.surge(1, report_at=now + DAY)
        (seat,) = await self.registry.hold(surge_id, crew(self.registry.town, UNIT, 1), at=now)
        life = await self.registry.walk(seat, *walked, at=now)
        pack = in_force(rule_packs())
        messenger = Messenger(self.live.client, self.live.queue)
        await messenger.begin_secondment(seat, life, pack.clock, pack.basis("surge"))
        return seat

    async def seen_until(self, seat: Seat, instant: datetime) -> None:
        """Let time pass with a roll call every day, as a command post takes it."""
        while self.clock.now() < instant:
            await self.sight(seat)
            await self.pass_to(min(instant, self.clock.now() + DAY))

    async def sight(self, seat: Seat) -> None:
        """Somebody sees the person at the site."""
        post = await self.live.stage.actor(self.live.town.officers[Capacity.COMMAND_POST], seat.government_id)
        await take_muster(self.live.stage.house, self.live.books.musters, post, seat.surge_id, Roll())

    async def told(self, case_id: str) -> list[tuple[str, timedelta]]:
        """What the log says of a case, and how long after its first entry."""
        async with self.live.books.database.reading() as connection:
            rows = await connection.fetch(
                "SELECT type, at FROM events WHERE case_id = $1 ORDER BY seq", case_id
            )
        return [(row["type"], row["at"] - rows[0]["at"]) for row in rows]

    async def asked(self, case_id: str) -> list[str]:
        """Of whom the case asks something now."""
        return list(
            await self.live.value(
                """SELECT coalesce(array_agg(kind || ' ' || coalesce(capacity, 'PERSON')), '{}') FROM tasks
                    WHERE case_id = $1 AND closed_at IS NULL""",
                case_id,
            )
        )


@asynccontextmanager
async def stepped_town(
    environment: WorkflowEnvironment, dsn: str, commands: type[CommandBook] = CommandBook
) -> AsyncIterator[SteppedTown]:
    engine = SteppedEngine(environment)
    clock = SteppedClock(await engine.now())
    async with (
        registry(dsn, DONOR) as books,
        live_town(environment.client, dsn, DONOR, packs=rule_packs(), working=False) as live,
    ):
        live.books = replace(live.books, commands=commands(live.books.database))
        live.stage = Stage(
            live.client, live.books, live.stage.boards, live.books.house(clock), clock, live.queue
        )
        live.start_worker()
        live.start_relay()
        yield SteppedTown(live, books, engine, clock)


def close(found: timedelta, expected: timedelta) -> bool:
    """The engine acts within a little of its own time."""
    return timedelta(0) <= found - expected < timedelta(minutes=1)


async def test_an_offer_that_nobody_answers_is_reminded_of_and_lapses(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        seat = await town.seat()
        offered_at = town.clock.now()
        await town.pass_to(offered_at + 4 * HOUR - timedelta(minutes=1))
        assert await town.live.state(seat) == "OFFERED"
        assert await town.asked(case_of(seat)) == ["ANSWER_OFFER PERSON"]
        await town.pass_to(offered_at + 4 * HOUR + 2 * SETTLE)
        await town.live.until_state(seat, "NO_RESPONSE")
        sent, reminded, lapsed = await town.told(case_of(seat))
        assert (sent[0], reminded[0], lapsed[0]) == ("OfferSent", "OfferReminded", "OfferLapsed")
        assert close(reminded[1], 2 * HOUR)
        assert close(lapsed[1], 4 * HOUR)
        assert await town.asked(case_of(seat)) == []
        assert await town.registry.lent(UNIT) == 0


async def test_whoever_is_overdue_is_asked_for_again_and_again_higher_up_until_home(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        seat = await town.seat(*OUT)
        due_back = await town.live.value("SELECT due_back FROM placements")
        await town.seen_until(seat, due_back)
        ladder: list[set[str]] = []
        for days in range(7):
            await town.pass_to(due_back + days * DAY + HOUR)

            async def escalated(level: int = days) -> bool:
                reached = "SELECT escalation = $1 AND state = 'DEMOBILISING' FROM placements"
                return bool(await town.live.value(reached, level))

            await until(escalated)
            ladder.append(set(await town.asked(case_of(seat))))
        told = [what for what, _ in await town.told(case_of(seat))]
        # On duty for eight days, and nobody has logged a rest.
        assert told[-10:-6] == ["EndingSoon", "EndingSoon", "DayOffMissed", "FellDue"]
        assert told[-6:] == ["ReturnOverdue"] * 6
        climbed = ["SIGN_DEMOB COMMAND_POST", "SIGN_DEMOB COORDINATOR", "SIGN_DEMOB SEKDA"]
        assert ladder == [set(climbed[: level + 1]) for level in range(7)]  # whoever was asked stays asked
        await town.live.must(Capacity.SEKDA, CommandKind.SIGN_DEMOB, case_of(seat), details=SETTLED)
        await town.live.must(town.live.town.heads[UNIT], CommandKind.CONFIRM_RETURN, case_of(seat))
        assert await town.live.state(seat) == "RETURNED"
        assert await town.asked(case_of(seat)) == ["FILE_REPORT PERSON", "EVALUATE_PERSON COMMAND_POST"]


async def test_the_report_of_a_death_is_asked_of_the_home_head_and_then_of_the_sekda_until_it_is_filed(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        seat = await town.seat(*OUT)
        case, head = case_of(seat), town.live.town.heads[UNIT]
        await town.live.must(Capacity.COMMAND_POST, CommandKind.REPORT_DEATH, case)
        died_at = town.clock.now()
        assert await town.registry.lent(UNIT) == 0
        assert await town.asked(case) == ["FILE_ACCIDENT_REPORT UNIT_HEAD"]
        await town.pass_to(died_at + 2 * DAY - HOUR)
        assert await town.asked(case) == ["FILE_ACCIDENT_REPORT UNIT_HEAD"]
        due = "SELECT due_at FROM tasks WHERE kind = $1 AND closed_at IS NULL"
        first_due = await town.live.value(due, "FILE_ACCIDENT_REPORT")
        for times in range(1, 6):
            await town.pass_to(died_at + (times + 1) * DAY + HOUR)

            async def escalated(times: int = times) -> bool:
                return bool(await town.live.value("SELECT escalation = $1 FROM placements", times))

            await until(escalated)
            assert sorted(await town.asked(case)) == [
                "CHASE_ACCIDENT_REPORT SEKDA",
                "FILE_ACCIDENT_REPORT UNIT_HEAD",
            ]
            assert await town.live.value(due, "FILE_ACCIDENT_REPORT") == first_due
            assert close(await town.live.value(due, "CHASE_ACCIDENT_REPORT") - first_due, times * DAY)
        filed: dict[str, str | int | float] = {
            "reference": "JKK/1",
            "dated": town.clock.now().date().isoformat(),
        }
        await town.live.must(head, CommandKind.FILE_ACCIDENT_REPORT, case, details=filed)
        assert await town.live.handle(case).result() == "DECEASED"
        told = [what for what, _ in await town.told(case)]
        assert told[-7:] == ["DeathReported", *["AccidentReportOverdue"] * 5, "AccidentReportFiled"]
        assert await town.asked(case) == []


async def test_a_release_that_nobody_decides_is_asked_above_the_unit_too_and_never_stands_by_silence(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        seat = await town.seat(Trigger.ACCEPT)
        assert await town.asked(case_of(seat)) == ["DECIDE_RELEASE UNIT_HEAD"]
        await town.pass_to(town.clock.now() + 3 * DAY)
        assert await town.live.state(seat) == "RELEASE_PENDING"
        both = {"DECIDE_RELEASE UNIT_HEAD", "DECIDE_RELEASE SEKDA"}
        assert set(await town.asked(case_of(seat))) == both
        await town.live.must(Capacity.SEKDA, CommandKind.RELEASE, case_of(seat))


async def extended_in_time(town: SteppedTown) -> str:
    """An extension is recorded an hour before the end, and delivered only long after it: the operation's state."""
    operation_id = await small_town.declare(town.live.stage, town.live.town, 7 * DAY)
    case_id = cases.operation(operation_id)
    ends = town.clock.now() + 7 * DAY
    await town.pass_to(ends - HOUR)
    await town.live.stop_relay()
    details: dict[str, Any] = {
        "decree": "360/2",
        "decree_date": "2026-11-29",
        "until": (ends + 7 * DAY).isoformat(),
    }
    sekda = await town.live.stage.actor(town.live.town.officers[Capacity.SEKDA], small_town.GOVERNMENT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "ANSWER_WITHIN", 0)
        said = await actions.decide(
            town.live.stage.house, sekda, Decision(CommandKind.EXTEND_STATUS, case_id, details=details)
        )
    assert said.state == CommandState.RECORDED
    await town.pass_to(ends + HOUR)
    return str(await town.live.value("SELECT state FROM operations WHERE operation_id = $1", operation_id))


async def test_an_extension_made_in_time_keeps_the_status_in_force(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        assert await extended_in_time(town) == "RESPONSE"
        assert await town.live.value("SELECT count(*) FROM operation_statuses") == 2


async def test_without_asking_the_books_an_extension_made_in_time_is_lost(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database, DeafBook) as town:
        assert await extended_in_time(town) == "LAPSED"
