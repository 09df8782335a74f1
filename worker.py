"""The worker: carries every case of its queue, and takes up again the ones that nothing carries."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Sequence
from dataclasses import replace

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Interceptor, PollerBehaviorAutoscaling, Worker

from app import sealing, thin
from app.signing import desk_of
from app.wiring import Books, open_books, warm_up
from runtime import logs
from runtime.clock import SystemClock
from runtime.ending import leave
from runtime.sandbox import fast_runner
from runtime.settings import Settings
from runtime.temporal import connect
from workflows import ALL

RECONCILE_EVERY = 600.0  # seconds
logger = logging.getLogger(__name__)


def make_worker(
    client: Client, books: Books, task_queue: str, interceptors: Sequence[Interceptor] = ()
) -> Worker:
    """Return a worker over all workflows and activities of the program."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=ALL,
        activities=books.activities(client, task_queue),  # type: ignore[arg-type]  # bound methods with activity definitions
        workflow_runner=fast_runner(client.data_converter),
        # By default one of five pollers asks for the first tasks of new cases, and a surge brings hundreds at once:
        # the last of 2,000 waited half a minute for theirs.
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(initial=10, minimum=4, maximum=40),
        max_concurrent_activities=20,
        interceptors=interceptors,
    )


async def reconcile(books: Books, client: Client, task_queue: str) -> None:
    """Look for cases without a workflow and workflows without a case, now and every ten minutes."""
    while True:
        try:
            await books.reconcile(client, task_queue)
        except (RPCError, OSError) as error:
            logger.warning("reconciler could not look", extra={"reason": type(error).__name__})
        await asyncio.sleep(RECONCILE_EVERY)


async def main() -> None:
    """Work until told to stop."""
    settings = Settings.load()
    logs.configure("worker", level=settings.log_level)
    client = await connect(settings)
    async with open_books(settings.need_database_url()) as opened, desk_of(settings) as desk:
        books = replace(opened, signers=desk)
        stop = asyncio.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        async with make_worker(client, books, settings.task_queue):
            # The first plan must not wait for its kernels to be compiled.
            warming = asyncio.create_task(asyncio.to_thread(warm_up))
            looking = reconcile(books, client, settings.task_queue), thin.watch(books.thin, SystemClock())
            tasks = [asyncio.create_task(one) for one in (*looking, sealing.watch(books.paperwork))]
            await stop.wait()
            for task in (*tasks, warming):
                task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
    leave(0)
