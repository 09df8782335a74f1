"""What follows a return, on the stepped clock: papers come in, or are asked for louder and louder, or waived by name."""

from datetime import datetime

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from app.closing import NotNow
from domain import cases
from domain.authority import Capacity
from domain.closing.days import days_of, local_day
from domain.commands import CommandKind, CommandState
from domain.moves import Seat
from domain.secondment import Trigger
from lab.papers import evaluate
from tests.patience import until
from tests.workflows.kit import case_of, live_town
from tests.workflows.test_deadlines import DAY, HOUR, OUT, UNIT, SteppedTown, stepped_town

_K = CommandKind
HOMEWARD = (Trigger.FALL_DUE, Trigger.SIGN_DEMOB)
OWED = "SELECT papers_owed FROM placements WHERE placement_id = $1"


async def home(town: SteppedTown) -> Seat:
    """Somebody whose return is confirmed, by the case itself."""
    seat = await town.seat(*OUT, *HOMEWARD)
    await town.live.must(town.live.town.heads[UNIT], _K.CONFIRM_RETURN, case_of(seat))
    return seat


async def due(town: SteppedTown, kind: str) -> datetime:
    at: datetime = await town.live.value(
        "SELECT due_at FROM tasks WHERE kind = $1 AND closed_at IS NULL", kind
    )
    return at


async def test_both_sides_file_in_time_and_the_claim_is_paid(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        live, seat = town.live, await home(town)
        assert await live.value("SELECT sum(lent) FROM unit_roles") == 0, (
            "home is home, whatever papers are owed"
        )
        assert await town.asked(case_of(seat)) == ["FILE_REPORT PERSON", "EVALUATE_PERSON COMMAND_POST"]
        back, report_by = town.clock.now(), await due(town, "FILE_REPORT")
        # Five working days end when offices close, and there is a weekend in between.
        assert report_by - back > 7 * DAY - 17 * HOUR
        early = await live.decide(
            Capacity.FINANCE_OFFICER, _K.SETTLE_CLAIM, case_of(seat), details=live.claim()
        )
        assert (early.state, early.refusal) == (CommandState.REFUSED, "report_owed")
        await evaluate(live.stage, seat.person_id, seat)
        await live.until_state(seat, "REPORTED")
        assert await town.asked(case_of(seat)) == [
            "EVALUATE_PERSON COMMAND_POST",
            "SETTLE_CLAIM FINANCE_OFFICER",
        ]
        assert await due(town, "SETTLE_CLAIM") > report_by
        await live.must(Capacity.FINANCE_OFFICER, _K.SETTLE_CLAIM, case_of(seat), details=live.claim())
        assert await live.state(seat) == "REIMBURSED"
        await evaluate(live.stage, live.town.officers[Capacity.COMMAND_POST], seat)
        assert await live.handle(case_of(seat)).result() == "CLOSED"
        paid = await live.value("SELECT claim_reference || ' ' || claim_amount FROM placements")
        assert paid == "SP2D/1 100000"
        told = [what for what, _ in await town.told(case_of(seat))]
        papers = ("Evaluated", "ReportReceived", "ClaimSettled", "Evaluated", "EvaluationReceived")
        assert told[-7:] == ["Returned", "CommandRefused", *papers]
        assert await town.asked(case_of(seat)) == []
        # What comes after the end is refused in words.
        with pytest.raises(NotNow, match="evaluated_already"):
            await evaluate(live.stage, seat.person_id, seat)
        late = await live.decide(Capacity.SEKDA, _K.WAIVE_SETTLEMENT, case_of(seat), choice="OTHER")
        assert late.refusal == "already_ended"


async def test_what_nobody_files_is_urged_level_by_level_and_waived_by_name(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        live, seat = town.live, await home(town)
        report_by = await due(town, "FILE_REPORT")
        owing = {"FILE_REPORT PERSON", "EVALUATE_PERSON COMMAND_POST"}
        ladder: list[set[str]] = []
        for level in range(1, 5):
            await town.pass_to(report_by + (level - 1) * 7 * DAY + HOUR)

            async def urged(level: int = level) -> bool:
                return bool(await live.value("SELECT papers_urged = $1 FROM placements", level))

            await until(urged)
            asked = set(await town.asked(case_of(seat)))
            assert owing <= asked, "whoever owes it stays asked"
            ladder.append(asked - owing)
        chased = {"CHASE_SETTLEMENT COORDINATOR"}
        decided = chased | {"DECIDE_SETTLEMENT SEKDA"}
        assert ladder == [set(), chased, decided, decided]
        assert await due(town, "FILE_REPORT") == report_by
        # However late, what is owed is still taken; what then never comes is waived, with a reason and by name.
        await evaluate(live.stage, live.town.officers[Capacity.COMMAND_POST], seat)

        async def received() -> bool:
            return await live.value(OWED, seat.placement_id) == ["REPORT", "CLAIM"]

        await until(received)
        gone = {"choice": "PERSON_UNABLE", "details": {"papers": "REPORT"}}
        await live.must(Capacity.SEKDA, _K.WAIVE_SETTLEMENT, case_of(seat), **gone)
        assert await live.state(seat) == "REPORTED"
        with pytest.raises(NotNow, match="evaluation_waived"):
            await evaluate(live.stage, seat.person_id, seat)
        again = await live.decide(Capacity.SEKDA, _K.WAIVE_SETTLEMENT, case_of(seat), **gone)
        assert again.refusal == "not_owed"
        await live.must(Capacity.SEKDA, _K.WAIVE_SETTLEMENT, case_of(seat), choice="NOTHING_DUE")
        assert await live.handle(case_of(seat)).result() == "CLOSED"
        by = "SELECT array_agg(actor ORDER BY seq) FROM events WHERE type = 'SettlementWaived'"
        assert await live.value(by) == [live.town.officers[Capacity.SEKDA]] * 2
        assert await live.value("SELECT papers_waived FROM placements") == ["REPORT", "CLAIM"]


DECREE = {"decreed_by": "APPOINTING_AUTHORITY", "decree": "821/1", "decree_date": "2026-11-22"}


async def taken_over(town: SteppedTown) -> Seat:
    """Somebody at the site whom a decree takes over, by the case itself."""
    seat = await town.seat(*OUT)
    await town.live.must(Capacity.APPOINTING_AUTHORITY, _K.CONVERT, case_of(seat), details=DECREE)
    return seat


async def test_after_a_conversion_the_duty_up_to_it_is_reported_on_and_paid(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        live, seat = town.live, await taken_over(town)
        over = town.clock.now()
        assert await live.value("SELECT sum(lent) FROM unit_roles") == 0, "nobody is lent whom a decree took"
        assert await town.asked(case_of(seat)) == ["FILE_REPORT PERSON", "EVALUATE_PERSON COMMAND_POST"]
        assert await due(town, "FILE_REPORT") - over > 7 * DAY - 17 * HOUR
        (days,) = await live.value("SELECT array_agg(duty) FROM experiences")
        report_by = await due(town, "FILE_REPORT")
        await town.pass_to(report_by + 7 * DAY + HOUR)

        async def urged() -> bool:
            return bool(await live.value("SELECT papers_urged = 2 FROM placements"))

        await until(urged)
        assert "CHASE_SETTLEMENT COORDINATOR" in await town.asked(case_of(seat))
        early = await live.decide(
            Capacity.FINANCE_OFFICER, _K.SETTLE_CLAIM, case_of(seat), details=live.claim()
        )
        assert early.refusal == "report_owed"
        await evaluate(live.stage, seat.person_id, seat)

        async def received() -> bool:
            return await live.value(OWED, seat.placement_id) == ["EVALUATION", "CLAIM"]

        await until(received)
        # Weeks later, the days still end with the decree.
        placed = await live.books.closing.placed(seat.placement_id)
        terms = live.books.closing.terms(placed.rule_pack)
        spent = days_of(placed.road, terms, placed.zone, at=town.clock.now())
        assert spent.last == local_day(over, placed.zone)
        assert (spent.duty, spent.open) == (days, False)
        assert await live.books.closing.reckoned(seat.placement_id) == spent.per_diem > 0
        claim = live.claim() | {"amount": spent.per_diem}
        await live.must(Capacity.FINANCE_OFFICER, _K.SETTLE_CLAIM, case_of(seat), details=claim)
        await live.must(Capacity.SEKDA, _K.WAIVE_SETTLEMENT, case_of(seat), choice="HOST_DISSOLVED")
        assert await live.handle(case_of(seat)).result() == "CONVERTED"
        assert await town.asked(case_of(seat)) == []
        road = (await live.books.closing.placed(seat.placement_id)).road
        assert (road.received, road.waived, road.owed) == ({"REPORT", "CLAIM"}, {"EVALUATION"}, frozenset())


@pytest.mark.usefixtures("brisk")
async def test_a_surge_closes_while_somebody_whom_a_decree_took_owes_papers(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database) as live:
        surge_id, (seat,) = await live.on_site(1)
        await live.until_state(seat, "ON_DUTY")
        await live.must(Capacity.APPOINTING_AUTHORITY, _K.CONVERT, case_of(seat), details=DECREE)
        await live.must(Capacity.COORDINATOR, _K.STAND_DOWN, cases.surge(surge_id))
        await live.must(Capacity.COORDINATOR, _K.CLOSE_SURGE, cases.surge(surge_id))
        # Killed as well: the reconciler knows the case as one that needs a workflow, with what it owes.
        await live.handle(case_of(seat)).terminate("lost")
        await live.books.starter(live.client, live.queue).reconcile()
        await live.must(Capacity.SEKDA, _K.WAIVE_SETTLEMENT, case_of(seat), choice="NOTHING_DUE")
        assert await live.handle(case_of(seat)).result() == "CONVERTED"
        found = await invariants(live.books.database, live.town.government_id)
        found += (await boards_hold(live.books.database, live.town.government_id, live.stage.clock.now()),)
        assert [one for one in found if one.violations] == []


@pytest.mark.usefixtures("brisk")
async def test_a_case_hands_over_to_fresh_runs_while_its_papers_are_owed(
    temporal_env: WorkflowEnvironment, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.policies.RUN_EVENTS", 5)
    async with live_town(temporal_env.client, fresh_database) as live:
        surge_id, (seat,) = await live.on_site(1)
        await live.close(surge_id)
        assert await live.state(seat) == "RETURNED"
        before = (await live.handle(case_of(seat)).describe()).run_id
        await evaluate(live.stage, seat.person_id, seat)
        await live.until_state(seat, "REPORTED")

        async def fresh() -> bool:
            return bool((await live.handle(case_of(seat)).describe()).run_id != before)

        await until(fresh)
        # Killed as well: the reconciler knows a case that settles as one that needs a workflow, with what it owes.
        await live.handle(case_of(seat)).terminate("lost")
        await live.books.starter(live.client, live.queue).reconcile()
        await live.must(Capacity.FINANCE_OFFICER, _K.SETTLE_CLAIM, case_of(seat), details=live.claim())
        assert await live.state(seat) == "REIMBURSED"
        await evaluate(live.stage, live.town.officers[Capacity.COMMAND_POST], seat)
        assert await live.handle(case_of(seat)).result() == "CLOSED"


async def test_a_claim_that_says_too_little_is_refused_and_not_written(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        live, seat = town.live, await home(town)
        await evaluate(live.stage, seat.person_id, seat)
        await live.until_state(seat, "REPORTED")
        for said in ({}, live.claim() | {"amount": -1}, live.claim() | {"reference": ""}):
            told = await live.decide(Capacity.FINANCE_OFFICER, _K.SETTLE_CLAIM, case_of(seat), details=said)
            assert told.refusal == "faulty_details", said
        assert await live.value("SELECT claim_reference IS NULL FROM placements")
