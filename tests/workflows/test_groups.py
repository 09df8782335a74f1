"""Batches and swaps on the real engine: one decree for all who are ready, or all or none, and each one's own case beside it."""

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.testing import WorkflowEnvironment

from adapters.temporal.messenger import Messenger
from app import actions
from app.actions import Faulty
from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from domain.mutation.group_life import GroupState
from domain.mutation.states import GroupKind
from runtime.clock import SystemClock
from schemas.commands import CommandRef
from schemas.group import GroupStart
from tests.patience import until
from tests.workflows.group_kit import ROOM, SOON, Together, approved, swapped, through_the_rules, together
from tests.workflows.mutation_kit import JOINED, LEFT, Road, road
from workflows.group import GroupWorkflow
from workflows.mutation import MutationWorkflow

pytestmark = pytest.mark.long(70)

_K, _C = CommandKind, Capacity
LATER = (SystemClock().now() + timedelta(days=9)).isoformat()


FULL = """
    UPDATE position_map SET need = (SELECT count(*) FROM people WHERE position_id = $1 AND active) WHERE position_id = $1
"""


async def test_a_batch_gets_one_decree_for_whoever_is_ready_and_waits_for_nobody(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with together(temporal_env.client, fresh_database, 4) as batch:
        formed = await batch.form(GroupKind.BATCH)
        assert (formed.state, formed.refusal) == (CommandState.APPLIED, None)
        for one in batch.roads[:3]:
            await approved(one)
        alone = await batch.roads[0].decide(
            _C.LEGAL_BUREAU,
            _K.PREPARE_DECREE,
            details={"effective_at": (batch.live.stage.clock.now() + SOON).isoformat()},
        )
        assert alone.refusal == "decreed_with_its_group"
        await batch.until("FORMED")
        await batch.prepared()
        # One falls out before the signature and is struck out; one has not come so far.
        await batch.roads[2].must(_C.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, choice="MISTAKE")
        await batch.initialled()
        signed = await batch.decide(_C.SIGNATORY, _K.SIGN_DECREE)
        assert (signed.state, signed.refusal) == (CommandState.APPLIED, None)
        assert await batch.states() == [
            "DECREE_SIGNED",
            "DECREE_SIGNED",
            "CANCELLED_BEFORE_EFFECT",
            "PROPOSED",
        ]
        told = await batch.live.books.groups.members(batch.case_id)
        along = {row["state"]: row["goes_along"] for row in told}
        assert along == {"DECREE_SIGNED": True, "CANCELLED_BEFORE_EFFECT": False, "PROPOSED": True}
        numbers = "SELECT count(*) FROM decrees WHERE state = 'ISSUED'"
        assert await batch.live.value(numbers) == 1
        members = await batch.live.value("SELECT count(*) FROM decree_members WHERE issued")
        assert members == 2
        assert await batch.roads[0].checked() == set()
        for one in batch.roads[:2]:
            await one.handed_over()
        extracts = "SELECT count(DISTINCT sha256) FROM decree_papers WHERE paper = 'EXTRACT'"
        assert await batch.live.value(extracts) == 2

        async def both() -> bool:
            return (await batch.states())[:2] == ["EFFECTIVE", "EFFECTIVE"]

        await until(both)
        # The one who lagged behind is decreed later, by a paper of the same batch.
        assert await batch.state() == "FORMED"
        await approved(batch.roads[3])

        async def ready() -> bool:
            row = (await batch.live.books.groups.board(batch.live.town.government_id))[0]
            return bool(row["life"]["ready"])

        await until(ready)
        await batch.prepared()
        await batch.initialled()
        await batch.must(_C.SIGNATORY, _K.SIGN_DECREE)
        await batch.roads[3].handed_over()
        await batch.until("CLOSED")
        assert await batch.live.value(numbers) == 2
        assert await batch.live.handle(batch.case_id).result() == "CLOSED"
        await batch.in_good_order()


async def test_who_leaves_a_batch_gets_a_decree_of_the_own_and_who_decides_for_one_decides_not_for_all(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with together(temporal_env.client, fresh_database, 3) as batch:
        await batch.form(GroupKind.BATCH)
        for one in batch.roads:
            await approved(one)
        await batch.prepared()
        again = await batch.decide(
            _C.LEGAL_BUREAU,
            _K.PREPARE_DECREE,
            details={"effective_at": batch.live.stage.clock.now().isoformat()},
        )
        assert again.refusal == "prepared_already"
        await batch.roads[0].must(_C.PERSONNEL_AGENCY, _K.LEAVE_BATCH)
        assert await batch.roads[0].state() == "APPROVED"
        await batch.must(_C.LEGAL_BUREAU, _K.INITIAL_DECREE)
        early = await batch.decide(_C.SIGNATORY, _K.SIGN_DECREE)
        assert early.refusal == "initials_missing"
        turn = await batch.decide(_C.SEKDA, _K.INITIAL_DECREE)
        assert turn.refusal == "not_your_turn"
        await batch.must(_C.PERSONNEL_AGENCY, _K.RETURN_DECREE, choice="INCOMPLETE")
        assert await batch.states() == ["APPROVED"] * 3
        await batch.prepared()
        await batch.initialled()
        # Whoever approved one of them does not sign for any.
        with pytest.raises(actions.NotAllowed, match="two_parts"):
            await batch.decide(_C.APPOINTING_AUTHORITY, _K.SIGN_DECREE)
        await batch.must(_C.SIGNATORY, _K.SIGN_DECREE)
        await batch.roads[0].signed(after=SOON)
        assert await batch.states() == ["DECREE_SIGNED"] * 3
        found = await batch.live.value(
            "SELECT array_agg(n ORDER BY n) FROM (SELECT count(*) AS n FROM decree_members WHERE issued GROUP BY decree_id) AS x"
        )
        assert found == [1, 2]
        await batch.in_good_order()


async def test_a_group_whose_workflow_is_gone_is_taken_up_and_signs_and_what_it_asks_twice_it_does_once(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with together(temporal_env.client, fresh_database, 2) as batch:
        await batch.form(GroupKind.BATCH)
        for one in batch.roads:
            await approved(one)
        await batch.prepared()
        await batch.live.handle(batch.case_id).terminate("lost")
        await batch.live.handle(batch.roads[0].case_id).terminate("lost")
        starter = batch.live.books.starter(batch.live.client, batch.live.queue)
        taken_up = await starter.reconcile()
        assert {batch.case_id, batch.roads[0].case_id} <= set(taken_up)
        await batch.initialled()
        await asyncio.gather(*(batch.decide(_C.SIGNATORY, _K.SIGN_DECREE) for _ in range(2)))
        assert await batch.states() == ["DECREE_SIGNED"] * 2
        assert await batch.live.value("SELECT count(*) FROM decrees WHERE state = 'ISSUED'") == 1
        assert await batch.live.value("SELECT count(*) FROM decrees WHERE state <> 'ISSUED'") == 0


async def test_a_swap_is_decreed_as_one_and_takes_effect_in_one_breath(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as first:
        # No post has a place to spare: each is free only because the other one leaves it.
        async with first.live.books.database.writing() as connection:
            await connection.execute("UPDATE position_map SET need = need - 1")
        swap = await swapped(first)
        with pytest.raises(Faulty, match="two mutations at least"):
            await swap.form(GroupKind.SWAP, swap.roads[:1])
        await swap.form(GroupKind.SWAP)
        with pytest.raises(Faulty, match="goes with"):
            await swap.form(GroupKind.BATCH)
        await through_the_rules(swap)
        await swap.roads[0].approved()
        early = await swap.decide(
            _C.LEGAL_BUREAU,
            _K.PREPARE_DECREE,
            details={"effective_at": swap.live.stage.clock.now().isoformat()},
        )
        assert early.refusal == "nobody_is_ready"
        await swap.roads[1].approved()
        await swap.prepared()
        await swap.initialled()
        await swap.must(_C.SIGNATORY, _K.SIGN_DECREE)
        await swap.roads[0].handed_over()
        assert await swap.states() == ["HANDOVER", "DECREE_SIGNED"]
        await swap.roads[1].handed_over()
        await swap.until_all("EFFECTIVE")
        where = "SELECT unit_id FROM people WHERE person_id = $1"
        assert [await swap.live.value(where, one.person) for one in swap.roads] == [JOINED, LEFT]
        at = await swap.live.value("SELECT count(DISTINCT at) FROM events WHERE type = 'MutationEffective'")
        assert at == 1
        heads = "SELECT headcount FROM unit_roles WHERE unit_id = $1 AND role = 'nurse'"
        assert [await swap.live.value(heads, one) for one in (LEFT, JOINED)] == [8, 8]
        await swap.until("CLOSED")
        await swap.in_good_order()


async def test_where_one_falls_out_of_a_swap_the_other_goes_back_and_after_the_signature_somebody_says_by_name(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as first:
        async with first.live.books.database.writing() as connection:
            await connection.execute(ROOM)
        swap = await swapped(first)
        await swap.form(GroupKind.SWAP)
        await through_the_rules(swap)
        await swap.roads[1].must(swap.live.town.heads[JOINED], _K.WITHDRAW_MUTATION)

        async def back() -> bool:
            return await swap.states() == ["RETURNED", "WITHDRAWN"]

        await until(back)
        await swap.until("DISSOLVED")
        # The one who is left goes on alone, if that is wished.
        await first.must(swap.live.town.heads[LEFT], _K.RESUBMIT_MUTATION)
        await first.must(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        await first.must(swap.live.town.heads[LEFT], _K.WITHDRAW_MUTATION)

        again = await swapped(Road(first.live, first.live.town.staff[LEFT][1], first.position))
        await again.form(GroupKind.SWAP)
        await through_the_rules(again)
        for one in again.roads:
            await one.approved()
        await again.prepared()
        await again.initialled()
        await again.must(_C.SIGNATORY, _K.SIGN_DECREE)
        await again.roads[1].must(_C.PERSONNEL_AGENCY, _K.REPORT_SUBJECT_DEATH)

        async def told() -> bool:
            row = (
                await again.live.books.mutations.board(
                    again.live.town.government_id, None, again.roads[0].mutation_id
                )
            )[0]
            return bool(row["life"]["impediments"] == ["PARTNER_LOST"])

        await until(told)
        # While the post is full the effect would be refused for ever.
        async with again.live.books.database.writing() as connection:
            await connection.execute(FULL, again.roads[0].position)
        stays = await again.roads[0].decide(_C.APPOINTING_AUTHORITY, _K.LET_DECREE_STAND)
        assert stays.refusal == "partner_stays"
        async with again.live.books.database.writing() as connection:
            await connection.execute(ROOM)
        await again.roads[0].must(_C.APPOINTING_AUTHORITY, _K.LET_DECREE_STAND)
        await again.roads[0].handed_over()

        async def in_effect() -> bool:
            return await again.roads[0].state() == "EFFECTIVE"

        await until(in_effect)
        await again.until("CLOSED")
        assert await again.states() == ["EFFECTIVE", "CANCELLED_BEFORE_EFFECT"]
        await again.in_good_order()


async def test_a_batch_of_reversals_brings_everybody_back_by_one_decree(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with together(temporal_env.client, fresh_database, 2) as batch:
        await batch.form(GroupKind.BATCH)
        for one in batch.roads:
            await approved(one)
        await batch.signed()
        for one in batch.roads:
            await one.handed_over()
        await batch.until("CLOSED")
        home = await batch.live.value("SELECT position_id FROM positions WHERE unit_id = $1", LEFT)
        roads = [Road(batch.live, one.person, home, left=JOINED, joined=LEFT) for one in batch.roads]
        for old, back in zip(batch.roads, roads, strict=True):
            await back.propose(reverses=old.mutation_id)
            await back.must(_C.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        undoing = Together(roads)
        await undoing.form(GroupKind.BATCH)
        for back in roads:
            await back.must(
                _C.APPOINTING_AUTHORITY,
                _K.OVERRIDE_MUTATION_RULE,
                choice="REORGANISATION",
                details={"rule": "M10"},
            )
            await back.must(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
            await back.heard()
            await back.approved()
        await undoing.signed()
        for back in roads:
            await back.handed_over()
        await undoing.until("CLOSED")
        await batch.until_all("REVERSED")
        where = "SELECT unit_id FROM people WHERE person_id = $1"
        assert [await batch.live.value(where, one.person) for one in roads] == [LEFT, LEFT]
        assert await batch.live.value("SELECT count(*) FROM decrees WHERE state = 'ISSUED'") == 2
        await undoing.in_good_order()


async def test_nothing_that_is_sent_past_the_door_moves_a_group_or_a_member(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with together(temporal_env.client, fresh_database, 2) as batch:
        await batch.form(GroupKind.BATCH)
        await approved(batch.roads[0])
        await batch.until("FORMED")
        before = await batch.states()
        life = (await batch.live.handle(batch.case_id).query(GroupWorkflow.view)).life
        ids = "SELECT command_id::text FROM commands WHERE case_id = $1 ORDER BY position LIMIT 1"
        foreign = await batch.live.value(ids, batch.roads[0].case_id)
        own = await batch.live.value(ids, batch.case_id)
        handle = batch.live.handle(batch.case_id)
        for command_id in (str(uuid.uuid4()), foreign, "no id at all"):
            with pytest.raises(WorkflowUpdateFailedError):
                await handle.execute_update(GroupWorkflow.decide, CommandRef(command_id=command_id))
        answered = await handle.execute_update(GroupWorkflow.decide, CommandRef(command_id=own))
        assert answered.state == CommandState.APPLIED  # it was, once: when the batch was formed
        for _ in range(3):
            await handle.signal(GroupWorkflow.member_moved)
            await batch.live.handle(batch.roads[0].case_id).signal("moved_elsewhere")
        forged = replace(life, state=GroupState.PREPARED, ready=False, revision=life.revision + 5)
        start = GroupStart(
            group=life.group,
            government_id=batch.live.town.government_id,
            members=life.members,
            command_id=own,
            basis="2026-1#mutation",
            initials=(),
            life=forged,
        )
        of_nobody = await batch.live.client.execute_workflow(
            GroupWorkflow.run, start, id="batch:BA-0000000000", task_queue=batch.live.queue
        )
        assert of_nobody == "UNKNOWN"
        await handle.terminate("lost")
        again = await batch.live.client.start_workflow(
            GroupWorkflow.run,
            start,
            id=batch.case_id,
            task_queue=batch.live.queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
        # It goes on from the books, whatever it was started with.
        await batch.must(_C.LEGAL_BUREAU, _K.PREPARE_DECREE, details={"effective_at": LATER})

        async def believes_the_books() -> bool:
            return (await again.query(GroupWorkflow.view)).life.state == GroupState.PREPARED

        await until(believes_the_books)
        stands = (await again.query(GroupWorkflow.view)).life
        assert stands.revision < forged.revision
        assert stands.paper is not None
        assert len(stands.paper.initials) == 3
        assert await batch.states() == ["DECREE_PREPARED", before[1]]


async def test_who_was_not_told_of_a_move_because_the_teller_died_is_told_by_the_next_one(
    temporal_env: WorkflowEnvironment, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell, fell = Messenger.mutation_moved, []

    async def falls_once(self: Messenger, mutation_id: str) -> None:
        if not fell:
            fell.append(mutation_id)
            raise ConnectionError("the teller dies after the books are written")
        await tell(self, mutation_id)

    async with together(temporal_env.client, fresh_database, 2) as batch:
        await batch.form(GroupKind.BATCH)
        for one in batch.roads:
            await approved(one)
        monkeypatch.setattr(Messenger, "mutation_moved", falls_once)
        await batch.prepared()

        async def all_know() -> bool:
            views = [await batch.live.handle(one.case_id).query(MutationWorkflow.view) for one in batch.roads]
            return {view.life.state for view in views} == {"DECREE_PREPARED"}

        await until(all_know)
        assert len(fell) == 1
        assert await batch.live.value("SELECT count(*) FROM events WHERE type = 'JointDecreePrepared'") == 1
