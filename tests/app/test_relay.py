"""The relay: one decision at a time a case, in order, once, and an answer for everyone, also when it is too late."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiosql
import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres import database as postgres
from adapters.postgres.commands import CommandBook
from app import actions
from app.actions import Decision, NoSuchCase, NotAllowed
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.moves import Seat
from schemas.commands import CommandRef
from tests.patience import until
from tests.workflows.kit import LiveTown, case_of, live_town
from workflows.secondment import SecondmentWorkflow


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    async with live_town(temporal_env.client, fresh_database) as live:
        yield live


async def record(live: LiveTown, seat: Seat, kind: CommandKind) -> Command:
    """Let the person of a seat decide, and wait for nothing."""
    who = await live.stage.actor(seat.person_id, seat.government_id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "ANSWER_WITHIN", 0)
        return await actions.decide(live.stage.house, who, Decision(kind, case_of(seat)))


async def answered(live: LiveTown, *commands: Command) -> list[str]:
    """Wait until all are answered; return how."""

    async def all_answered() -> bool:
        found = [await live.books.commands.find(one.command_id) for one in commands]
        return all(one.state != CommandState.RECORDED for one in found)

    await until(all_answered)
    found = [await live.books.commands.find(one.command_id) for one in commands]
    return [f"{one.state} {one.refusal or ''}".strip() for one in found]


async def test_a_decision_after_the_case_ended_is_refused_and_the_log_says_so(live: LiveTown) -> None:
    _, (seat,) = await live.offered(1)
    await live.must(seat.person_id, CommandKind.DECLINE_OFFER, case_of(seat), choice="CARER")
    assert await live.handle(case_of(seat)).result() == "DECLINED"
    late = await live.decide(seat.person_id, CommandKind.ACCEPT_OFFER, case_of(seat))
    assert (late.state, late.refusal) == (CommandState.REFUSED, "already_ended")
    async with live.books.database.reading() as connection:
        (fact,) = await connection.fetch(
            "SELECT case_id, actor, command_id, data FROM events WHERE type = 'CommandRefused'"
        )
    assert (fact["case_id"], fact["actor"], fact["command_id"]) == (
        case_of(seat),
        "system:relay",
        late.command_id,
    )
    assert {"reason": "already_ended", "command_id": late.command_id}.items() <= fact["data"].items()
    assert await live.state(seat) == "DECLINED"


async def test_a_decision_for_a_case_that_is_open_but_carried_by_nobody_waits_for_it(live: LiveTown) -> None:
    """The registry holds the person: this is no ended case but a lost workflow, which the reconciler brings back."""
    _, (seat,) = await live.offered(1)
    await until(lambda: live.known(case_of(seat)))
    await live.handle(case_of(seat)).terminate("by hand")
    waiting = await record(live, seat, CommandKind.ACCEPT_OFFER)

    async def tried() -> bool:
        return bool(
            await live.value(
                "SELECT attempts > 0 AND leased_until IS NOT NULL FROM commands WHERE command_id = $1",
                waiting.command_id,
            )
        )

    await until(tried)
    assert (await live.books.commands.find(waiting.command_id)).state == CommandState.RECORDED
    await live.books.starter(live.client, live.queue).reconcile()
    assert await answered(live, waiting) == ["APPLIED"]


async def test_decisions_of_one_case_are_applied_in_the_order_in_which_they_were_made(live: LiveTown) -> None:
    _, seats = await live.offered(4)
    await live.stop_relay()
    first, second = CommandKind.ACCEPT_OFFER, CommandKind.DECLINE_OFFER
    made = [await record(live, seat, kind) for kind in (first, second) for seat in seats]
    live.start_relay()
    assert await answered(live, *made) == ["APPLIED"] * 4 + ["REFUSED not_now"] * 4
    assert {await live.state(seat) for seat in seats} == {"RELEASE_PENDING"}


async def lease_two_of_one_case(live: LiveTown) -> tuple[list[str], list[str]]:
    """Record two decisions of one person and lease what can be leased: (recorded, leased)."""
    _, (seat,) = await live.offered(1)
    await live.stop_relay()
    made = [await record(live, seat, kind) for kind in (CommandKind.ACCEPT_OFFER, CommandKind.DECLINE_OFFER)]
    now = live.stage.clock.now()
    leased = await live.books.commands.lease(now=now, until=now + timedelta(minutes=1), most=10)
    return [one.command_id for one in made], [one.command_id for one in leased]


async def test_of_one_case_only_the_oldest_decision_is_on_its_way(live: LiveTown) -> None:
    made, leased = await lease_two_of_one_case(live)
    assert leased == made[:1]
    now = live.stage.clock.now()
    again = await live.books.commands.lease(now=now, until=now + timedelta(minutes=1), most=10)
    assert again == ()  # not the second one either, while the first is on its way


async def test_without_its_clause_two_decisions_of_one_case_travel_at_once(
    live: LiveTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (postgres.HERE / "sql" / "commands.sql").read_text()
    clause = "AND NOT EXISTS (SELECT FROM commands older"
    assert text.count(clause) == 1
    blind = aiosql.from_str(
        text.replace(clause, "AND NOT EXISTS (SELECT FROM (SELECT * FROM commands LIMIT 0) older"),
        "asyncpg-lists",
        mandatory_parameters=False,
    )
    monkeypatch.setattr(postgres.queries, "lease_commands", blind.lease_commands)
    made, leased = await lease_two_of_one_case(live)
    assert leased == made


async def test_a_decision_sent_twice_to_one_run_is_heard_once(live: LiveTown) -> None:
    """The update's id is the command's: the engine itself gives the second sender the first one's answer."""
    _, (seat,) = await live.offered(1)
    await until(lambda: live.known(case_of(seat)))
    await live.stop_relay()
    made = await record(live, seat, CommandKind.ACCEPT_OFFER)
    ref = CommandRef(command_id=made.command_id)
    handle = live.handle(case_of(seat))
    answers = await asyncio.gather(
        *(handle.execute_update(SecondmentWorkflow.decide, ref, id=made.command_id) for _ in range(3))
    )
    assert {answer.state for answer in answers} == {CommandState.APPLIED}
    history = await handle.fetch_history()
    heard = [e for e in history.events if e.HasField("workflow_execution_update_accepted_event_attributes")]
    assert len(heard) == 1
    other = await handle.execute_update(SecondmentWorkflow.decide, ref, id=str(uuid.uuid4()))
    assert other.state == CommandState.APPLIED  # under another id it is heard, and known already
    assert await live.value("SELECT count(*) FROM events WHERE type = 'OfferAnswered'") == 1


async def test_two_relays_apply_each_decision_once(live: LiveTown) -> None:
    _, seats = await live.offered(4)
    await live.stop_relay()
    made = [await record(live, seat, CommandKind.ACCEPT_OFFER) for seat in seats]
    second = asyncio.create_task(live.books.relay(live.client, live.queue).run())
    live.start_relay()
    assert await answered(live, *made) == ["APPLIED"] * 4
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    assert await live.value("SELECT count(*) FROM events WHERE type = 'OfferAnswered'") == 4


async def test_without_its_guard_the_relay_would_answer_for_an_open_case(
    live: LiveTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`case_is_open` is what keeps a lost workflow from costing somebody a timely answer."""

    async def never(*_: object) -> bool:
        return False

    monkeypatch.setattr(CommandBook, "case_is_open", never)
    _, (seat,) = await live.offered(1)
    await until(lambda: live.known(case_of(seat)))
    await live.handle(case_of(seat)).terminate("by hand")
    made = await record(live, seat, CommandKind.ACCEPT_OFFER)
    assert await answered(live, made) == ["REFUSED already_ended"]


# ── before anything is recorded ───────────────────────────────────────────────────────────────────────────────────


async def test_what_somebody_may_not_decide_is_not_even_recorded(live: LiveTown) -> None:
    _, (seat, other) = await live.offered(2)
    before = await live.value("SELECT count(*) FROM commands")
    with pytest.raises(NotAllowed, match="no_authority"):
        await live.decide(other.person_id, CommandKind.ACCEPT_OFFER, case_of(seat))
    with pytest.raises(NotAllowed, match="no_authority"):
        await live.decide(Capacity.SEKDA, CommandKind.RELEASE, case_of(seat))  # not escalated
    stranger = replace(await live.stage.actor(seat.person_id, seat.government_id), government_id="kota-lain")
    with pytest.raises(NoSuchCase):
        await actions.decide(live.stage.house, stranger, Decision(CommandKind.ACCEPT_OFFER, case_of(seat)))
    assert await live.value("SELECT count(*) FROM commands") == before


async def test_an_office_lost_before_the_decision_arrives_is_seen_by_the_case(live: LiveTown) -> None:
    """The door has let it pass; the case asks again, as of the instant of the decision."""
    _, (seat,) = await live.offered(1)
    await live.must(seat.person_id, CommandKind.ACCEPT_OFFER, case_of(seat))
    await live.stop_relay()
    head = await live.stage.actor(live.town.heads[seat.unit_id], seat.government_id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "ANSWER_WITHIN", 0)
        made = await actions.decide(live.stage.house, head, Decision(CommandKind.RELEASE, case_of(seat)))
    async with live.books.database.reading() as connection:
        await connection.execute("DELETE FROM appointments WHERE person_id = $1", head.person_id)
    live.start_relay()
    assert await answered(live, made) == ["REFUSED no_authority"]
    assert await live.state(seat) == "RELEASE_PENDING"
