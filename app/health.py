"""`python -m app.health api|worker|relay|courier|reconciler`: say by the exit code whether a service does its work.

Asked from outside the service, but on its host, of what the service is for: the API by its own answer, the worker
by the engine's list of those who poll its queue, the relay by decisions that nobody delivers, the courier by events that
nobody does, the reconciler by how long ago it looked, and what it found.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.service import RPCError

from app import courier as couriers
from app.relay import ALARM_AFTER
from runtime.clock import SystemClock
from runtime.ending import leave
from runtime.settings import Settings, SettingsError
from runtime.temporal import EngineUnavailable, connect

WITHIN = 8.0  # seconds
LOOKED_WITHIN = timedelta(minutes=25)
POLLED_WITHIN = 90.0  # seconds: a poll may wait a minute for work


async def api(settings: Settings) -> str | None:
    """Ask the API itself."""
    async with httpx.AsyncClient() as http:
        answer = await http.get(f"{settings.api_url}/healthz")
    return None if answer.status_code == httpx.codes.OK else f"the API answers {answer.status_code}"


async def worker(settings: Settings) -> str | None:
    """Ask the engine who of this host polls the queue."""
    client = await connect(settings)
    queue = TaskQueue(name=settings.task_queue)
    kind = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
    ask = DescribeTaskQueueRequest(
        namespace=settings.temporal_namespace, task_queue=queue, task_queue_type=kind
    )
    found = await client.workflow_service.describe_task_queue(ask)
    now = SystemClock().now().timestamp()
    here = (
        f"@{socket.gethostname()}"  # the client names itself process@host; another host's worker is not ours
    )
    fresh = any(
        poller.identity.endswith(here) and now - poller.last_access_time.seconds < POLLED_WITHIN
        for poller in found.pollers
    )
    return None if fresh else f"nobody of this host polls the queue {settings.task_queue}"


async def relay(settings: Settings) -> str | None:
    """Look for decisions that wait for longer than is an alarm."""
    # Only this check needs the books, and they are heavy; the others are asked every few seconds.
    from app.wiring import open_books  # noqa: PLC0415

    async with open_books(settings.need_database_url(), size=1) as books:
        waiting, oldest = await books.commands.waiting()
    late = oldest is not None and SystemClock().now() - oldest > ALARM_AFTER
    return f"{waiting} decisions wait, the oldest since {oldest}" if late else None


async def courier(settings: Settings) -> str | None:
    """Look for events that are due for longer than is an alarm."""
    from app.wiring import open_books  # noqa: PLC0415 - as above

    async with open_books(settings.need_database_url(), size=1) as books:
        lanes, subscribers = await books.deliveries.late(SystemClock().now() - couriers.ALARM_AFTER)
    return f"{lanes} lanes and {subscribers} subscribers wait for a courier" if lanes or subscribers else None


async def reconciler(settings: Settings) -> str | None:
    """Look whether somebody compares the books with the engine, and found no workflow without a case."""
    from app.wiring import open_books  # noqa: PLC0415 - as above

    async with open_books(settings.need_database_url(), size=1) as books:
        looked_at, orphans = await books.reconciler.last_look()
    if looked_at is None or SystemClock().now() - looked_at > LOOKED_WITHIN:
        return f"nobody has compared the books with the engine since {looked_at or 'the beginning'}"
    return f"{orphans} workflows run with no open case behind: ./siaga orphan list" if orphans else None


CHECKS: dict[str, Callable[[Settings], Awaitable[str | None]]] = {
    "api": api,
    "worker": worker,
    "relay": relay,
    "courier": courier,
    "reconciler": reconciler,
}


async def _in_time(check: Awaitable[str | None]) -> str | None:
    async with asyncio.timeout(WITHIN):
        return await check


def main(arguments: list[str]) -> int:
    """Check one service; 0 healthy, 1 not, 2 a wrong call."""
    if len(arguments) != 1 or arguments[0] not in CHECKS:
        sys.stderr.write(f"siaga: expected one of {', '.join(CHECKS)}\n")
        return 2
    try:
        fault = asyncio.run(_in_time(CHECKS[arguments[0]](Settings.load())))
    except SettingsError as error:
        sys.stderr.write(f"siaga: {error}\n")
        return 2
    except (OSError, RPCError, EngineUnavailable, httpx.HTTPError) as error:
        fault = f"out of reach: {error}"
    if fault:
        sys.stderr.write(f"siaga: {fault}\n")
    return 1 if fault else 0


if __name__ == "__main__":
    leave(main(sys.argv[1:]))
