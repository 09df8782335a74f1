"""Whoever reaches the engine and not the door moves no mutation: what is sent straight to it is held against the books."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import RetryPolicy, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from adapters.postgres.registry import Registry
from domain.authority import Capacity
from domain.cases import OpenCase
from domain.commands import CommandKind
from domain.log import Attribution
from domain.mutation.life import Life
from domain.mutation.moving import MutationMove, told
from domain.mutation.states import State, Trigger
from lab.mutation_cases import agreed
from schemas.commands import CommandRef
from schemas.mutation import MutationStart, MutationWritten, Undone, WriteMutation
from tests.workflows.mutation_kit import LEFT, Road, road
from workflows.mutation import MutationWorkflow

pytestmark = pytest.mark.long

_K, _C = CommandKind, Capacity
NEXT = {"SCREENING": _K.PASS_SCREENING, "AWAITING_DECISION": _K.APPROVE_MUTATION,
        "DECREE_PREPARED": _K.INITIAL_DECREE, "EFFECTIVE": _K.REPORT_MUTATION}  # fmt: skip
"""Where the case stands when it is attacked -> the decision that it waits for."""
LEAP = {"SCREENING": State.APPROVED, "AWAITING_DECISION": State.APPROVED, "DECREE_PREPARED": State.DECREE_SIGNED,
        "EFFECTIVE": State.REVERSED}  # fmt: skip
"""Where a forger would like to have it then."""
TRIGGERS = {"SCREENING": Trigger.PASS_SCREENING, "AWAITING_DECISION": Trigger.APPROVE,
            "DECREE_PREPARED": Trigger.SIGN_DECREE, "EFFECTIVE": Trigger.REVERSE}  # fmt: skip


@workflow.defn(sandboxed=False)
class Thief:
    """A workflow of a worker of somebody else's: it asks our worker to write a move."""

    @workflow.run
    async def run(self, move: WriteMutation, queue: str) -> str | None:
        written: MutationWritten = await workflow.execute_activity(
            "mutations.write",
            move,
            task_queue=queue,
            result_type=MutationWritten,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
        return written.refused


@dataclass(frozen=True)
class Siege:
    """A case that is attacked where it stands, and another one of another person beside it."""

    case: Road
    other: Road
    stand: str
    theirs: str
    """A decision of the other case, recorded and not delivered."""

    @property
    def handle(self) -> Any:
        return self.case.live.handle(self.case.case_id)

    async def update(self, command_id: str) -> None:
        with suppress(WorkflowUpdateFailedError):
            await asyncio.wait_for(
                self.handle.execute_update(MutationWorkflow.decide, CommandRef(command_id=command_id)), 20
            )

    async def open_case(self, case: Road | None = None) -> OpenCase:
        live = self.case.live
        return await Registry(live.books.database, live.books.rules).open_case((case or self.case).case_id)

    async def forged(self, **changes: Any) -> MutationStart:
        """A start whose life goes on where its forger wants it."""
        pack = next(iter(self.case.live.books.rules.values())).mutation
        case = await self.open_case()
        assert case.mutation is not None
        assert isinstance(case.life, Life)
        said = {"matter": case.mutation.matter, "life": replace(case.life, state=LEAP[self.stand])} | changes
        return MutationStart(
            position_id=case.mutation.position_id,
            reverses=None,
            command_id=case.command_id,
            initials=pack.decree.initials,
            objection=pack.terms.objection,
            **said,
        )

    async def start(self, given: MutationStart, case_id: str, *, over: bool = True) -> None:
        policy = WorkflowIDConflictPolicy.TERMINATE_EXISTING if over else WorkflowIDConflictPolicy.FAIL
        with suppress(WorkflowAlreadyStartedError):
            await self.case.live.client.start_workflow(
                MutationWorkflow.run,
                given,
                id=case_id,
                task_queue=self.case.live.queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=policy,
            )

    async def begin_again(self) -> None:
        await self.start(await self.forged(life=None), self.case.case_id)

    async def steal(self, workflow_id: str, command_id: str | None) -> None:
        """Have our worker write a forged move, from a workflow of one's own."""
        move = await self.forged_move(command_id)
        queue = f"thieves-{uuid.uuid4().hex[:8]}"
        client = self.case.live.client
        async with Worker(client, task_queue=queue, workflows=[Thief]):
            with suppress(WorkflowFailureError):
                await client.execute_workflow(
                    Thief.run,
                    args=[WriteMutation(move=move), self.case.live.queue],
                    id=workflow_id,
                    task_queue=queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
                )
        await self.case.live.books.starter(client, self.case.live.queue).reconcile()

    async def forged_move(self, command_id: str | None) -> MutationMove:
        case = await self.open_case()
        assert case.mutation is not None
        assert isinstance(case.life, Life)
        life = replace(case.life, state=LEAP[self.stand], revision=case.life.revision + 1)
        by = Attribution("system:mutation", "SYSTEM", case.mutation.matter.basis, command_id)
        return told(
            case.mutation.matter,
            life,
            TRIGGERS[self.stand],
            by=by,
            at=self.case.live.stage.clock.now(),
            said={},
        )

    async def recorded(self, case_id: str, kind: CommandKind, person: str, capacity: Capacity) -> str:
        return await recorded(self.case, case_id, kind, person, capacity)

    async def settled(self) -> None:
        """Wait until what was sent has had its turn: a case takes one thing after another."""
        await self.update(str(uuid.uuid4()))

    async def seen(self) -> str:
        """All that a forger could want to change; refusals alone are added to the log."""
        return str(await self.case.live.value(
            """SELECT jsonb_build_object(
                 'cases', (SELECT jsonb_agg(to_jsonb(m) ORDER BY mutation_id) FROM mutations m),
                 'people', (SELECT jsonb_agg(to_jsonb(p) ORDER BY person_id) FROM people p),
                 'units', (SELECT jsonb_agg(to_jsonb(u) ORDER BY unit_id, role) FROM unit_roles u),
                 'decrees', (SELECT jsonb_agg(to_jsonb(d) ORDER BY decree_id) FROM decrees d),
                 'log', (SELECT count(*) FROM events WHERE type <> 'CommandRefused'),
                 'waiting', (SELECT state FROM commands WHERE command_id = $1))::text""",
            self.theirs,
        ))  # fmt: skip


async def recorded(case: Road, case_id: str, kind: CommandKind, person: str, capacity: Capacity) -> str:
    """Record a decision that no relay delivers; its author says to hold an office."""
    command_id = str(uuid.uuid4())
    live = case.live
    async with live.books.database.writing() as connection:
        await connection.execute(
            """INSERT INTO commands (command_id, government_id, case_id, kind, actor_id, capacity, tenure, decided_at, details,
                                     idempotency_key, request_sha256, leased_until)
               VALUES ($1::uuid, $2, $3, $4, $5, $6, 'DEFINITIVE', $7, '{}', ($1::uuid)::text, '', 'infinity')""",
            command_id, live.town.government_id, case_id, kind.value, person, capacity.value, live.stage.clock.now(),
        )  # fmt: skip
    return command_id


# ── what is tried ─────────────────────────────────────────────────────────────────────────────────────────────────


async def _answered(siege: Siege) -> None:
    last = await siege.case.live.value(
        "SELECT command_id FROM commands WHERE case_id = $1 AND state = 'APPLIED' ORDER BY position DESC LIMIT 1",
        siege.case.case_id,
    )
    await siege.update(last)


async def _of_an_operation(siege: Siege) -> None:
    sekda = siege.case.live.town.officers[_C.SEKDA]
    await siege.update(await siege.recorded("operation:OP-1", _K.DECLARE_STATUS, sekda, _C.SEKDA))


async def _by_nobody_of_the_office(siege: Siege) -> None:
    nurse = siege.case.live.town.staff[LEFT][5]
    await siege.update(
        await siege.recorded(siege.case.case_id, NEXT[siege.stand], nurse, _C.APPOINTING_AUTHORITY)
    )


async def _of_another_kind(siege: Siege) -> None:
    sekda = siege.case.live.town.officers[_C.SEKDA]
    await siege.update(await siege.recorded(siege.case.case_id, _K.APPROVE_SURGE, sekda, _C.SEKDA))


async def _another_matter(siege: Siege) -> None:
    theirs = await siege.open_case(siege.other)
    assert theirs.mutation is not None
    await siege.start(await siege.forged(matter=theirs.mutation.matter), siege.case.case_id)


async def _signal(siege: Siege, by: str) -> None:
    await siege.handle.signal(MutationWorkflow.undone, Undone(case_id=by))


async def _under_another_id(siege: Siege, case_id: str) -> None:
    await siege.start(await siege.forged(), case_id)
    with suppress(WorkflowFailureError):
        await asyncio.wait_for(siege.case.live.handle(case_id).result(), 20)


ATTEMPTS: dict[str, Callable[[Siege], Awaitable[object]]] = {
    "a decision of nothing": lambda siege: siege.update(str(uuid.uuid4())),
    "a decision without an id": lambda siege: siege.update(""),
    "a decision of no shape": lambda siege: siege.update("approve it"),
    "a decision of the other case": lambda siege: siege.update(siege.theirs),
    "the same twice at once": lambda siege: asyncio.gather(siege.update(siege.theirs), siege.update(siege.theirs)),
    "a decision that is answered": _answered,
    "a decision of an operation": _of_an_operation,
    "a decision of another kind of case": _of_another_kind,
    "a decision of nobody of the office": _by_nobody_of_the_office,
    "undone by a case that is none": lambda siege: _signal(siege, "mutation:MU-NOBODY"),
    "undone by the other case": lambda siege: _signal(siege, siege.other.case_id),
    "undone by itself": lambda siege: _signal(siege, siege.case.case_id),
    "undone by nothing": lambda siege: _signal(siege, ""),
    "undone by nonsense": lambda siege: siege.handle.signal("undone", [7]),
    "a signal of another workflow": lambda siege: siege.handle.signal("order_signed", {"order_id": "1"}),
    "a second run": lambda siege: _started(siege, over=False),
    "a run over the first, further on": lambda siege: _started(siege, over=True),
    "a run over the first, from its beginning": lambda siege: siege.begin_again(),
    "a run over the first, of another person": _another_matter,
    "a case that the books do not know": lambda siege: _under_another_id(siege, "mutation:MU-FFFFFFFFFF"),
    "the case under an id of another kind": lambda siege: _under_another_id(siege, f"case:{siege.case.mutation_id}"),
    "a move written by a workflow of one's own": lambda siege: siege.steal("thief", None),
    "a move written in the case's place": lambda siege: siege.steal(siege.case.case_id, None),
    "a move written by the other case's decision": lambda siege: siege.steal(siege.case.case_id, siege.theirs),
}  # fmt: skip


async def _started(siege: Siege, *, over: bool) -> None:
    await siege.start(await siege.forged(), siege.case.case_id, over=over)


async def attacked(siege: Siege) -> list[str]:
    """Try everything; return what changed anything."""
    moved = []
    for what, attempt in ATTEMPTS.items():
        before = await siege.seen()
        await attempt(siege)
        await siege.settled()
        if await siege.seen() != before:
            moved.append(f"{siege.stand}: {what}")
    return moved


async def test_nothing_that_is_sent_past_the_door_moves_a_case_and_it_goes_on_as_if_nothing_had_been(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        other = replace(case, person=case.live.town.staff[LEFT][1])
        for one in (case, other):
            await one.propose()
            await one.must(_C.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        agency = case.live.town.officers[_C.PERSONNEL_AGENCY]
        moved: list[str] = []

        async def attack() -> None:
            stand = await case.state()
            theirs = await recorded(case, other.case_id, NEXT[stand], agency, _C.PERSONNEL_AGENCY)
            moved.extend(await attacked(Siege(case, other, stand, theirs)))

        await attack()
        await case.must(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        await case.heard()
        await case.must(_C.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION)
        await case.must(_C.PERSONNEL_AGENCY, _K.GRANT_CLEARANCE, details=agreed(case.live.stage.clock.now()))
        await case.must(_C.SEKDA, _K.COUNSEL_FOR_MUTATION)
        await attack()
        await case.must(_C.APPOINTING_AUTHORITY, _K.APPROVE_MUTATION)
        at = case.live.stage.clock.now().isoformat()
        await case.must(_C.LEGAL_BUREAU, _K.PREPARE_DECREE, details={"effective_at": at})
        await attack()
        for office in (_C.LEGAL_BUREAU, _C.PERSONNEL_AGENCY, _C.SEKDA):
            await case.must(office, _K.INITIAL_DECREE)
        await case.must(_C.SIGNATORY, _K.SIGN_DECREE)
        await case.handed_over()
        await case.in_effect()
        await attack()
        await case.reported()
        assert moved == []
        assert len(ATTEMPTS) * len(NEXT) >= 60
