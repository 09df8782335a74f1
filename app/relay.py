"""Delivers recorded decisions to their cases: one at a time a case, in order, until each is answered."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from domain import cases
from domain.cases import CaseKind
from domain.commands import REOPENS, STARTS, CommandKind
from domain.log import Attribution
from domain.moves import Refusal, Written
from runtime import logs
from runtime.clock import Clock, SystemClock
from runtime.ending import leave
from runtime.settings import Settings
from runtime.temporal import connect
from schemas.commands import CommandRef
from workflows.group import GroupWorkflow
from workflows.mutation import MutationWorkflow
from workflows.operation import OperationWorkflow
from workflows.secondment import SecondmentWorkflow
from workflows.surge import SurgeWorkflow

AT_ONCE = 64
"""Cases served at the same time."""
LEASE = timedelta(seconds=60)
"""How long one delivery may take before another relay may try."""
ANSWER_WITHIN = 45.0  # seconds, below the lease
LOOK_AGAIN = 1.0  # seconds without a bell
REST = (1, 2, 5, 10, 30)  # seconds before a delivery is tried again
ALARM_AFTER = timedelta(minutes=5)

logger = logging.getLogger(__name__)

_DECIDE: dict[CaseKind, Any] = {
    CaseKind.OPERATION: OperationWorkflow.decide,
    CaseKind.SURGE: SurgeWorkflow.decide,
    CaseKind.SECONDMENT: SecondmentWorkflow.decide,
    CaseKind.MUTATION: MutationWorkflow.decide,
    CaseKind.BATCH: GroupWorkflow.decide,
    CaseKind.SWAP: GroupWorkflow.decide,
}


class Leased(Protocol):
    """A command on its way."""

    @property
    def command_id(self) -> str: ...
    @property
    def case_id(self) -> str: ...
    @property
    def kind(self) -> CommandKind: ...
    @property
    def government_id(self) -> str: ...
    @property
    def attempts(self) -> int: ...
    @property
    def decided_at(self) -> datetime: ...


class Book(Protocol):
    """What the relay needs of the book of commands."""

    async def lease(self, *, now: datetime, until: datetime, most: int) -> tuple[Leased, ...]: ...
    async def postpone(self, command_id: str, until: datetime) -> None: ...
    async def refuse(self, refusal: Refusal) -> Written: ...
    async def case_is_open(self, case_id: str) -> bool: ...
    async def why_over(self, case_id: str, kind: CommandKind) -> str: ...


class Starter(Protocol):
    """Begins the case that a command asks for, or begins one anew that has ended, to tell it a command."""

    async def begin(self, case_id: str, command_id: str) -> None: ...
    async def tell_again(self, case_id: str, ref: CommandRef) -> None: ...


Ring = Callable[[float], Awaitable[None]]
"""Waits for a bell, at most so many seconds."""


class Relay:
    """The loop that stands between the book of commands and the cases.

    `clock` is the story's, in a drill a stepped one. Leases and rests are real time always: on a clock that stands
    still until every decision is answered, a rest would never end.
    """

    def __init__(self, client: Client, book: Book, start: Starter, ring: Ring, clock: Clock) -> None:
        self._client = client
        self._book = book
        self._start = start
        self._ring = ring
        self._clock = clock
        self._leases = SystemClock()
        self._busy: set[asyncio.Task[None]] = set()
        self._unanswered: dict[str, int] = {}

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            while True:
                if not await self._look():
                    await self._wait()
        finally:
            for task in self._busy:
                task.cancel()
            await asyncio.gather(*self._busy, return_exceptions=True)

    async def _wait(self) -> None:
        try:
            await self._ring(LOOK_AGAIN)
        except OSError:  # no bell without the database; look again all the same
            await asyncio.sleep(LOOK_AGAIN)

    async def _look(self) -> int:
        """Take what can be delivered now; return how much it was."""
        room = AT_ONCE - len(self._busy)
        if room <= 0:
            await asyncio.wait(self._busy, return_when=asyncio.FIRST_COMPLETED)  # noqa: TID251 - no case's code
            return 1
        now = self._leases.now()
        try:
            leased = await self._book.lease(now=now, until=now + LEASE, most=room)
        except OSError as error:
            logger.warning("book of commands out of reach", extra={"reason": str(error)})
            return 0
        for command in leased:
            task = asyncio.create_task(self._deliver(command))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)
        return len(leased)

    async def _deliver(self, command: Leased) -> None:
        self._raise_alarm(command)
        try:
            if command.kind in STARTS:
                await self._start.begin(command.case_id, command.command_id)
            else:
                await self._tell(command)
            self._unanswered.pop(command.command_id, None)
        except (
            RPCError,
            WorkflowUpdateFailedError,
            WorkflowUpdateRPCTimeoutOrCancelledError,
            TimeoutError,
        ) as error:
            await self._not_delivered(command, error)
        except LookupError:
            # The case that it should begin has ended before it began.
            await self._book.refuse(self._too_late(command))
        except OSError as error:
            # The book is away: the lease runs out by itself, and the decision is delivered then.
            logger.warning("book of commands out of reach", extra={"reason": str(error)})

    def _raise_alarm(self, command: Leased) -> None:
        """Say of a decision that it is unanswered for too long: at once, and then each time it has been tried twice as often."""
        if self._clock.now() - command.decided_at <= ALARM_AFTER:
            return
        if command.attempts >= self._unanswered.get(command.command_id, 0):
            self._unanswered[command.command_id] = 2 * max(1, command.attempts)
            logger.error(
                "decision unanswered", extra={"case_id": command.case_id, "attempts": command.attempts}
            )

    async def _tell(self, command: Leased) -> None:
        decide = _DECIDE[cases.parse(command.case_id).kind]
        # The update's id is the command's: delivered twice to one run, it is applied once. Across runs
        # the case itself sees that the command has been answered.
        ref = CommandRef(command_id=command.command_id)
        if command.kind in REOPENS and not await self._book.case_is_open(command.case_id):
            answer = self._start.tell_again(command.case_id, ref)
        else:
            handle = self._client.get_workflow_handle(command.case_id)
            answer = handle.execute_update(decide, ref, id=command.command_id)
        async with asyncio.timeout(ANSWER_WITHIN):
            await answer

    async def _not_delivered(self, command: Leased, error: BaseException) -> None:
        gone = isinstance(error, RPCError) and error.status == RPCStatusCode.NOT_FOUND
        if gone and not await self._book.case_is_open(command.case_id):
            self._unanswered.pop(command.command_id, None)
            why = await self._book.why_over(command.case_id, command.kind)
            await self._book.refuse(self._too_late(command, why))
            return
        rest = REST[min(command.attempts, len(REST)) - 1]
        logger.warning(
            "decision not delivered",
            extra={"case_id": command.case_id, "attempts": command.attempts, "reason": type(error).__name__},
        )
        await self._book.postpone(command.command_id, self._leases.now() + timedelta(seconds=rest))

    def _too_late(self, command: Leased, why: str = "already_ended") -> Refusal:
        by = Attribution("system:relay", "SYSTEM", "refusal", command.command_id)
        return Refusal(command.command_id, command.government_id, command.case_id, why, self._clock.now(), by)


async def main() -> None:
    """Deliver until told to stop."""
    # The one process that runs this file: as a library it must not pull in what stands behind the ports.
    from app.wiring import open_books  # noqa: PLC0415

    settings = Settings.load()
    logs.configure("relay", level=settings.log_level)
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    client = await connect(settings)
    async with open_books(settings.need_database_url()) as books:
        relaying = asyncio.create_task(books.relay(client, settings.task_queue).run())
        stopping = asyncio.create_task(stop.wait())
        # Whatever ends the loop but a signal ends the process: the supervisor starts it again.
        await asyncio.wait((relaying, stopping), return_when=asyncio.FIRST_COMPLETED)  # noqa: TID251 - no case's code
        stopping.cancel()
        relaying.cancel()
        with suppress(asyncio.CancelledError):
            await relaying


if __name__ == "__main__":
    asyncio.run(main())
    leave(0)
