"""Begins cases, and takes them up again where the registry knows one and the engine does not."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Protocol

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from domain import cases, surge
from domain.cases import CaseKind, OpenCase
from domain.moves import Seat
from domain.rules import RulePack
from domain.secondment import Clock as SecondmentClock
from domain.secondment import Life as PersonLife
from schemas.commands import CommandRef
from schemas.group import GroupStart
from schemas.mutation import MutationStart
from schemas.operation import OperationStart
from schemas.secondment import SecondmentStart
from schemas.surge import SurgeStart
from workflows.group import GroupWorkflow
from workflows.mutation import MutationWorkflow
from workflows.operation import OperationWorkflow
from workflows.secondment import SecondmentWorkflow
from workflows.surge import SurgeWorkflow

logger = logging.getLogger(__name__)


class Registry(Protocol):
    """What starting needs of the registry."""

    async def open_case(self, case_id: str) -> OpenCase: ...
    async def open_cases(self) -> Sequence[OpenCase]: ...
    async def open_secondments(self) -> Sequence[tuple[Seat, PersonLife, str]]: ...
    async def secondment(self, placement_id: str) -> tuple[Seat, PersonLife, str]: ...


class Beginner(Protocol):
    """Begins one person's case and calls a person home, as a surge does."""

    async def begin_secondment(
        self, seat: Seat, life: PersonLife, clock: SecondmentClock, basis: str
    ) -> None: ...
    async def stand_down(self, placement_id: str, command_id: str) -> None: ...


class CaseStarter:
    """Starts workflows by what the registry says; a case that runs already is left alone."""

    def __init__(
        self,
        client: Client,
        registry: Registry,
        people: Beginner,
        rules: dict[str, RulePack],
        task_queue: str,
    ) -> None:
        self._client = client
        self._people = people
        self._registry = registry
        self._rules = rules
        self._queue = task_queue

    async def begin(self, case_id: str, command_id: str) -> None:
        """Begin the case that a command asks for."""
        case = await self._registry.open_case(case_id)
        assert case.command_id == command_id
        await self._start(case)

    async def tell_again(self, case_id: str, ref: CommandRef) -> None:
        """Begin a person's case anew where it has ended, and tell it a decision in the same breath; it may end at once."""
        name = cases.parse(case_id)
        run: Any
        decide: Any
        start: object
        if name.kind == CaseKind.MUTATION:
            case = await self._registry.open_case(case_id)
            (run, start), decide = self._carried(case), MutationWorkflow.decide
        else:
            seat, life, pack = await self._registry.secondment(name.key)
            rules = self._rules[pack]
            run, decide = SecondmentWorkflow.run, SecondmentWorkflow.decide
            start = SecondmentStart(
                seat=seat, life=life, clock=rules.clock_of(seat.kind), basis=rules.basis("surge")
            )
        begin = WithStartWorkflowOperation(
            run,
            start,
            id=case_id,
            task_queue=self._queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        await self._client.execute_update_with_start_workflow(
            decide, ref, id=ref.command_id, start_workflow_operation=begin
        )

    async def reconcile(self) -> tuple[str, ...]:
        """Take up every open case that nothing carries; return their ids.

        The registry is asked first and the engine last: a case that ends in between is seen as ended.
        """
        taken_up = []
        cases_open = await self._registry.open_cases()
        for case in cases_open:
            if case.life is not None and not await self._runs(case.case_id):
                await self._start(case)
                taken_up.append(case.case_id)
        over = {case.case_id: case.command_id for case in cases_open if _stood_down(case)}
        for seat, life, pack in await self._registry.open_secondments():
            case_id = cases.secondment(seat.placement_id)
            if not await self._runs(case_id):
                rules = self._rules[pack]
                await self._people.begin_secondment(
                    seat, life, rules.clock_of(seat.kind), rules.basis("surge")
                )
                taken_up.append(case_id)
                if command_id := over.get(cases.surge(seat.surge_id)):
                    # Whoever had no case when the surge was stood down has not been called home.
                    await self._people.stand_down(seat.placement_id, command_id)
        for case_id in taken_up:
            logger.error("case without a workflow taken up again", extra={"case_id": case_id})
        return tuple(taken_up)

    async def _start(self, case: OpenCase) -> None:
        run, start = self._carried(case)
        await self._begin(run, start, case.case_id)

    def _carried(self, case: OpenCase) -> tuple[Any, object]:
        """Return the workflow that carries a case, and what it begins with."""
        kind, pack = cases.parse(case.case_id).kind, self._rules[case.rule_pack]
        if kind == CaseKind.SURGE:
            return SurgeWorkflow.run, SurgeStart.of(case, pack)
        if kind == CaseKind.MUTATION:
            return MutationWorkflow.run, MutationStart.of(case, pack)
        if kind in cases.GROUPS:
            return GroupWorkflow.run, GroupStart.of(case, pack)
        return OperationWorkflow.run, OperationStart.of(case, pack)

    async def _begin(self, run: Any, start: object, case_id: str) -> None:
        await self._client.start_workflow(
            run,
            start,
            id=case_id,
            task_queue=self._queue,
            # What the registry holds open must run, also when an earlier run of it was ended by force.
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )

    async def _runs(self, case_id: str) -> bool:
        try:
            found = await self._client.get_workflow_handle(case_id).describe()
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return False
            raise
        return found.status == WorkflowExecutionStatus.RUNNING


def _stood_down(case: OpenCase) -> bool:
    return isinstance(case.life, surge.Life) and case.life.state in surge.OVER
