"""A surge whose officers are slow, or who order by word of mouth; on an engine whose clock is stepped."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from app import actions
from app.actions import Faulty
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.moves import Seat
from domain.requests import Letter, LineRequest, OperationRequest, OralOrder, SurgeRequest
from domain.secondment import State
from lab import small_town
from lab.small_town import SITE
from tests.patience import until
from tests.workflows.test_deadlines import DAY, HOUR, UNIT, SteppedTown, stepped_town

COORDINATOR, SEKDA, MAYOR = Capacity.COORDINATOR, Capacity.SEKDA, Capacity.APPOINTING_AUTHORITY


def ratified(town: SteppedTown) -> dict[str, Any]:
    """The letter that ratifies an oral order, of the day."""
    return {"letter": "360/21/XI/2026", "dated": town.clock.now().date().isoformat()}


@dataclass
class Office(SteppedTown):
    """A town whose officers are watched."""

    async def request(self, **more: Any) -> Command:
        """Ask for two nurses a day from now, as `more` says otherwise."""
        at = self.clock.now() + more.pop("after", DAY)
        line = LineRequest("health_post_nurse", 2, 1, "Pos 1", *SITE, at, at + more.pop("duty", 7 * DAY))
        asked = {"operation_id": None, "title": "Tenaga", "funding": "BTT", "lines": (line,)} | more
        coordinator = self.live.town.officers[COORDINATOR]
        who = await self.live.stage.actor(coordinator, small_town.GOVERNMENT)
        return await actions.request_surge(self.live.stage.house, who, SurgeRequest(**asked))

    async def operation(self) -> str:
        return await small_town.declare(self.live.stage, self.live.town)

    async def undeclared(self) -> str:
        """An operation for which no status is declared yet."""
        who = await self.live.stage.actor(self.live.town.officers[COORDINATOR], small_town.GOVERNMENT)
        opened = await actions.open_operation(self.live.stage.house, who, OperationRequest("Banjir", "flood"))
        return cases.parse(opened.case_id).key

    async def told_by(self, case_id: str, *types: str) -> None:
        """Wait until the log of a case ends so."""

        async def ends() -> bool:
            told = [what for what, _ in await self.told(case_id)]
            return told[-len(types) :] == list(types)

        try:
            await until(ends)
        except AssertionError:
            raise AssertionError([what for what, _ in await self.told(case_id)]) from None

    async def planned(self, case_id: str) -> tuple[Seat, ...]:
        """Plan and confirm; return who is asked."""
        await self.live.must(COORDINATOR, CommandKind.PLAN_SURGE, case_id)
        surge_id = cases.parse(case_id).key
        plan_id = str((await self.live.stage.boards.surge(surge_id))["plan_id"])
        await self.live.must(COORDINATOR, CommandKind.CONFIRM_PLAN, case_id, choice=plan_id)
        return await small_town.standing(self.live.stage, surge_id, State.OFFERED, 2)

    async def sound(self) -> None:
        """The books hold what they promise."""
        found = await invariants(self.live.books.database, small_town.GOVERNMENT)
        now = self.live.stage.clock.now()
        found += (await boards_hold(self.live.books.database, small_town.GOVERNMENT, now),)
        assert [one.code for one in found if one.violations] == []


@asynccontextmanager
async def an_office(environment: WorkflowEnvironment, dsn: str) -> AsyncIterator[Office]:
    async with stepped_town(environment, dsn) as town:
        yield Office(town.live, town.registry, town.engine, town.clock)


def oral(town: Office, given_at: datetime) -> OralOrder:
    return OralOrder(town.live.town.officers[MAYOR], given_at)


async def test_an_approval_that_nobody_gives_goes_to_the_head_who_then_may(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        case = (await town.request(operation_id=await town.operation())).case_id
        asked_at = town.clock.now()
        assert await town.asked(case) == ["APPROVE_SURGE SEKDA"]
        with pytest.raises(actions.NotAllowed, match="no_authority"):
            await town.live.decide(MAYOR, CommandKind.APPROVE_SURGE, case)
        await town.pass_to(asked_at + HOUR + timedelta(minutes=1))
        await town.told_by(case, "RequestSubmitted", "SurgeReminded")
        await town.pass_to(asked_at + 2 * HOUR + timedelta(minutes=1))
        await town.told_by(case, "SurgeReminded", "SurgeEscalated")
        assert await town.asked(case) == ["APPROVE_SURGE APPOINTING_AUTHORITY"]
        assert await town.live.value("SELECT escalation FROM surges") == 1
        await town.live.must(MAYOR, CommandKind.APPROVE_SURGE, case)
        assert await town.asked(case) == ["CONFIRM_PLAN COORDINATOR"]
        assert await town.live.value("SELECT escalation FROM surges") == 0
        seats = await town.planned(case)
        assert len(seats) == 2
        # The timers of what was decided long ago run out, and change nothing.
        await town.pass_to(asked_at + 5 * HOUR)  # the offers stand until later
        assert not {"SurgeReminded", "SurgeEscalated"} & {what for what, _ in (await town.told(case))[3:]}
        kinds = [event.event_type for event in (await town.live.handle(case).fetch_history()).events]
        assert EventType.EVENT_TYPE_TIMER_CANCELED not in kinds, "taking a long timer back wedges this engine"
        assert kinds.count(EventType.EVENT_TYPE_TIMER_STARTED) <= 12
        await town.sound()


async def test_a_fresh_run_goes_on_urging_where_the_last_one_stood(
    time_skipping_env: WorkflowEnvironment, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        await town.live.stop_worker()
        monkeypatch.setattr("workflows.policies.RUN_EVENTS", 14)  # a run lasts for about one alarm
        town.live.start_worker()
        case = (await town.request(operation_id=await town.operation())).case_id
        asked_at = town.clock.now()
        first = (await town.live.handle(case).describe()).run_id
        for hours, told in ((1, "SurgeReminded"), (2, "SurgeEscalated"), (3, "SurgeReminded")):
            await town.pass_to(asked_at + hours * HOUR + timedelta(minutes=1))
            await town.told_by(case, told)
        assert (await town.live.handle(case).describe()).run_id != first
        assert await town.asked(case) == ["APPROVE_SURGE APPOINTING_AUTHORITY"]
        await town.live.must(MAYOR, CommandKind.APPROVE_SURGE, case)


async def test_a_request_goes_back_is_changed_and_comes_again_from_the_start(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        operation_id = await town.operation()
        case = (await town.request(operation_id=operation_id)).case_id
        await town.live.must(
            SEKDA, CommandKind.RETURN_SURGE, case, choice="TOO_MANY", note="lima terlalu banyak"
        )
        assert await town.asked(case) == ["RESUBMIT_SURGE COORDINATOR"]
        coordinator = await town.live.stage.actor(town.live.town.officers[COORDINATOR], small_town.GOVERNMENT)
        surge_id = cases.parse(case).key

        async def again(quantity: int, duty: timedelta) -> Command:
            at = town.clock.now() + DAY
            line = LineRequest("health_post_nurse", quantity, 2, "Pos 2", *SITE, at, at + duty)
            changed = SurgeRequest(operation_id, "Lebih sedikit", "BTT", (line,))
            return await actions.resubmit_surge(town.live.stage.house, coordinator, surge_id, changed)

        refused = await again(1, 15 * DAY)
        assert (refused.state, refused.refusal) == (CommandState.REFUSED, "longer_than_one_duty")
        assert await town.live.value("SELECT title FROM surges") == "Tenaga"
        assert (await again(1, 3 * DAY)).state == CommandState.APPLIED
        rows = await town.live.value("SELECT jsonb_agg((quantity, site)) FROM request_lines")
        assert rows == [{"f1": 1, "f2": "Pos 2"}]
        assert await town.live.value("SELECT title FROM surges") == "Lebih sedikit"
        assert await town.asked(case) == ["APPROVE_SURGE SEKDA"]
        await town.live.must(SEKDA, CommandKind.APPROVE_SURGE, case)
        facts = [what for what, _ in await town.told(case)]
        assert facts == [
            "RequestSubmitted", "RequestReturned", "CommandRefused", "RequestResubmitted", "RequestApproved",
        ]  # fmt: skip
        await town.sound()


async def test_a_cancelled_surge_lets_everybody_go_and_ends_by_itself(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        case = (await town.request(operation_id=await town.operation())).case_id
        await town.live.must(SEKDA, CommandKind.APPROVE_SURGE, case)
        seats = await town.planned(case)
        await small_town.accept(town.live.stage, seats[0])
        await town.live.must(COORDINATOR, CommandKind.CANCEL_SURGE, case, choice="HELP_FROM_ELSEWHERE")
        for seat in seats:
            await town.live.until_state(seat, "WITHDRAWN")

        async def ended() -> bool:
            await town.pass_to(town.clock.now() + timedelta(minutes=1))
            return (await town.live.handle(case).describe()).close_time is not None

        await until(ended)
        assert await town.live.handle(case).result() == "CANCELLED"
        assert await town.registry.lent(UNIT) == 0
        assert (await town.told(case))[-1][0] == "SurgeCancelled"
        await town.sound()


async def test_nothing_is_cancelled_once_somebody_has_left(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        case, seats = await by_word(town, await town.operation())
        refused = await town.live.decide(COORDINATOR, CommandKind.CANCEL_SURGE, case, choice="OTHER")
        assert (refused.state, refused.refusal) == (CommandState.REFUSED, "somebody_is_out")
        assert await town.live.state(seats[0]) == "MOBILISING"


async def by_word(town: Office, operation_id: str) -> tuple[str, tuple[Seat, ...]]:
    """People who went on an oral order: everybody has left, and nothing is signed."""
    heard = await town.request(operation_id=operation_id, oral=oral(town, town.clock.now()), after=HOUR)
    assert heard.state == CommandState.APPLIED, heard.refusal
    seats = await town.planned(heard.case_id)
    for seat in seats:
        await small_town.accept(town.live.stage, seat)
        await small_town.release(town.live.stage, town.live.town, seat)
    await town.pass_to(town.clock.now() + timedelta(minutes=1))
    for seat in seats:
        await town.live.until_state(seat, "MOBILISING")
    return heard.case_id, seats


async def test_on_an_oral_order_people_go_at_once_and_its_ratification_makes_it_regular(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        given_at = town.clock.now()
        operation_id = await town.undeclared()
        case, _seats = await by_word(town, operation_id)
        mayor, heard_by = town.live.town.officers[MAYOR], town.live.town.officers[COORDINATOR]
        kept = "SELECT jsonb_build_array(oral_by, oral_capacity, requested_by, ratified_at, approved_by) FROM surges"
        assert await town.live.value(kept) == [mayor, "APPOINTING_AUTHORITY", heard_by, None, None]
        paper_by = await town.live.value("SELECT paper_by FROM surges")
        assert paper_by == given_at + DAY
        assert await town.live.value("SELECT count(*) FROM orders") == 0
        basis = await town.live.value(
            "SELECT data ->> 'choice' FROM events WHERE type = 'OrderServed' LIMIT 1"
        )
        command = await town.live.value("SELECT command_id FROM commands WHERE kind = 'REQUEST_SURGE'")
        assert basis == f"oral-order:{command}"
        assert set(await town.asked(case)) == {"RATIFY_ORAL_ORDER PERSON", "SIGN_ORDER SIGNATORY"}

        early = await town.live.decide(MAYOR, CommandKind.RATIFY_ORAL_ORDER, case, details=ratified(town))
        assert early.refusal == "no_status_in_force", "what no status covers cannot be made regular"
        await small_town.must(
            town.live.stage, town.live.town.officers[SEKDA], status(town, operation_id), small_town.GOVERNMENT
        )
        other = await town.live.decide(SEKDA, CommandKind.RATIFY_ORAL_ORDER, case, details=ratified(town))
        assert other.refusal == "not_your_oral_order"
        await town.live.must(MAYOR, CommandKind.RATIFY_ORAL_ORDER, case, details=ratified(town))
        assert await town.live.value("SELECT approved_by FROM surges") == mayor

        await town.pass_to(given_at + 2 * DAY)
        assert [what for what, _ in await town.told(case)].count("StoodDown") == 0
        escalated = {"SIGN_ORDER SIGNATORY", "CHASE_ORDER COORDINATOR"}
        assert set(await town.asked(case)) == escalated, "who went by word is owed a paper"
        await town.live.must(Capacity.SIGNATORY, CommandKind.SIGN_ORDER, case)
        assert await town.live.value("SELECT count(*) FROM placements WHERE order_id IS NOT NULL") == 2
        assert await town.asked(case) == []
        await town.sound()


def status(town: Office, operation_id: str) -> actions.Decision:
    now = town.clock.now()
    details: dict[str, str | int | float] = {
        "status": "RESPONSE", "level": "REGENCY_CITY", "area": "Kota Kecil", "decree": "360/1/2026",
        "decree_date": now.date().isoformat(), "until": (now + 30 * DAY).isoformat(),
    }  # fmt: skip
    return actions.Decision(CommandKind.DECLARE_STATUS, cases.operation(operation_id), details=details)


async def test_an_oral_order_that_nobody_ratifies_calls_everybody_home_and_says_why(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        given_at = town.clock.now()
        case, seats = await by_word(town, await town.operation())
        await town.pass_to(given_at + DAY - HOUR - timedelta(minutes=2))
        reminded = [what for what, _ in await town.told(case)].count("SurgeReminded")
        assert reminded == 2
        await town.pass_to(given_at + DAY + timedelta(minutes=1))
        for seat in seats:
            await town.live.until_state(seat, "DEMOBILISING")
        why = "SELECT data ->> 'reason' FROM events WHERE type = 'StoodDown' AND case_id = $1"
        assert await town.live.value(why, case) == "oral_order_not_ratified"
        late = await town.live.decide(MAYOR, CommandKind.RATIFY_ORAL_ORDER, case, details=ratified(town))
        assert (late.state, late.refusal) == (CommandState.REFUSED, "too_late")
        for seat in seats:
            await town.live.bring_home(seat)
        owed = await town.live.decide(COORDINATOR, CommandKind.CLOSE_SURGE, case)
        assert owed.refusal == "order_owed"
        await town.live.must(Capacity.SIGNATORY, CommandKind.SIGN_ORDER, case)
        await town.live.must(COORDINATOR, CommandKind.CLOSE_SURGE, case)
        assert await town.live.handle(case).result() == "CLOSED"
        await town.sound()


async def test_a_ratification_decided_in_time_counts_though_it_arrives_late(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        given_at = town.clock.now()
        case, _ = await by_word(town, await town.operation())
        await town.pass_to(given_at + DAY - timedelta(minutes=10))
        await town.live.stop_relay()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(actions, "ANSWER_WITHIN", 0)
            said = await town.live.decide(MAYOR, CommandKind.RATIFY_ORAL_ORDER, case, details=ratified(town))
        assert said.state == CommandState.RECORDED
        await town.pass_to(given_at + DAY + HOUR)
        told = [what for what, _ in await town.told(case)]
        assert "OralOrderRatified" in told
        assert "StoodDown" not in told


async def test_only_who_may_orders_by_word_of_mouth(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        operation_id, now = await town.operation(), town.clock.now()
        officers = town.live.town.officers
        for by, given_at, fault in (
            (
                officers[Capacity.COMMAND_POST],
                now,
                "expected somebody who was APPOINTING_AUTHORITY or SEKDA then",
            ),
            (str(uuid.uuid4()), now, "expected somebody who was"),
            (officers[COORDINATOR], now, "nobody hears their own order"),
            (officers[MAYOR], now + HOUR, "lies in the future"),
        ):
            with pytest.raises(Faulty, match=fault):
                await town.request(operation_id=operation_id, oral=OralOrder(by, given_at))
        old = await town.request(operation_id=operation_id, oral=OralOrder(officers[SEKDA], now - DAY))
        assert (old.state, old.refusal) == (CommandState.REFUSED, "oral_order_too_old")
        assert await town.live.value("SELECT count(*) FROM surges") == 1


async def test_a_demand_for_service_is_met_without_a_disaster_and_not_by_the_unit_itself(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        now = town.clock.now()
        letter = Letter(
            "440/112", now.date(), "Kepala Dinas Kesehatan", f"{small_town.GOVERNMENT}.SETDA", now + 60 * DAY
        )
        late = await town.request(letter=letter, after=DAY)
        assert (late.state, late.refusal) == (CommandState.REFUSED, "notice_too_short")
        case = (await town.request(letter=letter, after=4 * DAY, duty=20 * DAY)).case_id
        await town.live.must(SEKDA, CommandKind.APPROVE_SURGE, case)
        seats = await town.planned(case)
        assert {seat.unit_id for seat in seats} == {UNIT}
        for seat in seats:
            await small_town.accept(town.live.stage, seat)
            await small_town.release(town.live.stage, town.live.town, seat)
        await town.live.must(Capacity.SIGNATORY, CommandKind.SIGN_ORDER, case)
        assert await town.live.value("SELECT array_agg(state) FROM orders") == ["ISSUED"]
        for seat in seats:
            await town.live.until_state(seat, "ORDER_SIGNED")
        own = Letter("440/113", now.date(), "Kepala Dinas Kesehatan", UNIT, now + 60 * DAY)
        refused = (await town.request(letter=own, after=40 * DAY, duty=DAY)).case_id
        await town.live.must(SEKDA, CommandKind.APPROVE_SURGE, refused)
        await town.live.must(COORDINATOR, CommandKind.PLAN_SURGE, refused)
        picks = "SELECT data -> 'picks' FROM events WHERE type = 'PlanMade' AND case_id = $1"
        assert await town.live.value(picks, refused) == 0, "the only nurses are its own"
        await town.sound()
