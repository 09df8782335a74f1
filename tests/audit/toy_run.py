"""Plays the toy workflows on a real server and writes their histories as goldens, for the tests of strict replay."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.worker import Worker

from tests import golden_kit
from tests.audit import toy_cases as toys
from tests.audit.toy_mutants import PATCHED, changed


@asynccontextmanager
async def toy_workers(client: Client) -> AsyncIterator[None]:
    """Run workers for both queues of the toys."""
    main = Worker(client, task_queue="toys", workflows=toys.WORKFLOWS, activities=toys.ACTIVITIES)
    async with main, Worker(client, task_queue="toys-stamps", activities=[toys.stamp]):
        yield


async def answer(errand: WorkflowHandle) -> None:
    """Object (refused), choose too long (turned away), choose twice, hurry: what one round waits for.

    Not before it waits: the places that the mutants' reports name would depend on how busy the machine is.
    """
    await until_event(errand, "child_workflow_execution_completed_event_attributes")
    with pytest.raises(WorkflowUpdateFailedError):
        await errand.execute_update(toys.ToyErrand.object, "no")
    with pytest.raises(WorkflowUpdateFailedError):
        await errand.execute_update(toys.ToyErrand.decide, "much too long a choice")
    await errand.execute_update(toys.ToyErrand.decide, "yes")
    await errand.execute_update(toys.ToyErrand.decide, "perhaps")
    await errand.signal(toys.ToyErrand.hurry, 1)


async def next_run(client: Client, workflow_id: str, after: str | None) -> str:
    """Wait until the case has continued as new beyond the run ``after``; return the new run's id."""
    while True:
        now = (await client.get_workflow_handle(workflow_id).describe()).run_id
        if now is not None and now != after:
            return now
        await asyncio.sleep(0.02)


async def until_event(handle: WorkflowHandle, kind: str) -> None:
    """Wait until the history holds an event with attributes of this kind."""
    while True:
        history = await handle.fetch_history()
        if any(event.HasField(kind) for event in history.events):
            return
        await asyncio.sleep(0.02)


async def play_errand(client: Client, folder: Path, name: str = "errand") -> None:
    """Play an errand of two rounds; write ``{name}-1.json``, which continues as new, and ``{name}-2.json``."""
    handle = await client.start_workflow(
        toys.ToyErrand.run, toys.Ask("posko", 2), id=f"toy:{name}", task_queue="toys"
    )
    await answer(client.get_workflow_handle(handle.id, run_id=handle.first_execution_run_id))
    second = await next_run(client, handle.id, handle.first_execution_run_id)
    await answer(client.get_workflow_handle(handle.id, run_id=second))
    await handle.result()
    await golden_kit.record(client, handle.id, folder / f"{name}-1.json", handle.first_execution_run_id)
    await golden_kit.record(client, handle.id, folder / f"{name}-2.json", second)


async def play_refusal(client: Client, folder: Path) -> None:
    """Play an errand that fails with a reason; write ``refusal.json``."""
    with pytest.raises(WorkflowFailureError):
        await client.execute_workflow(toys.ToyRefusal.run, "kota", id="toy:refusal", task_queue="toys")
    await golden_kit.record(client, "toy:refusal", folder / "refusal.json")


async def play_half(client: Client, folder: Path) -> None:
    """Write ``half.json``: an errand in the middle of its life, with a signal that no workflow task has seen yet."""
    handle = await client.start_workflow(
        toys.ToyErrand.run, toys.Ask("posko"), id="toy:half", task_queue="toys"
    )
    await handle.execute_update(toys.ToyErrand.decide, "yes")
    await until_event(handle, "start_child_workflow_execution_initiated_event_attributes")
    await until_event(handle, "child_workflow_execution_completed_event_attributes")
    await golden_kit.record(client, handle.id, folder / "half.json")


async def play_half_answered(client: Client, folder: Path) -> None:
    """Write ``half-answered.json``: all answers are there, but no worker has seen the last one yet."""
    main = Worker(client, task_queue="toys-slow", workflows=toys.WORKFLOWS, activities=toys.ACTIVITIES)
    async with main:
        handle = await client.start_workflow(
            toys.ToyErrand.run, toys.Ask("posko"), id="toy:half-answered", task_queue="toys-slow"
        )
        await handle.execute_update(toys.ToyErrand.decide, "yes")
        await handle.execute_update(toys.ToyErrand.decide, "perhaps")
        await until_event(handle, "child_workflow_execution_completed_event_attributes")
        await until_event(handle, "timer_fired_event_attributes")
        await until_timer(handle, timedelta(hours=2))
    await handle.signal(toys.ToyErrand.hurry, 1)
    await golden_kit.record(client, handle.id, folder / "half-answered.json")


async def until_timer(handle: WorkflowHandle, duration: timedelta) -> None:
    """Wait until a timer of just this duration runs."""
    while True:
        history = await handle.fetch_history()
        timers = [event.timer_started_event_attributes for event in history.events]
        if any(timer.start_to_fire_timeout.ToTimedelta() == duration for timer in timers):
            return
        await asyncio.sleep(0.02)


async def play_before(client: Client, folder: Path) -> None:
    """Write ``before.json``: a whole errand on code from before its patch."""
    old = changed("toy_before", PATCHED, "if not workflow.info():", folder)
    async with Worker(client, task_queue="toys-before", workflows=old.WORKFLOWS, activities=old.ACTIVITIES):
        handle = await client.start_workflow(
            old.ToyErrand.run, old.Ask("posko"), id="toy:before", task_queue="toys-before"
        )
        await answer(handle)
        await handle.result()
    await golden_kit.record(client, handle.id, folder / "before.json")


async def play_stuck(client: Client, folder: Path) -> None:
    """Write ``stuck.json``: an errand whose last workflow task failed and is tried again for ever."""
    handle = await client.start_workflow(toys.ToyStuck.run, "kota", id="toy:stuck", task_queue="toys")
    await until_event(handle, "workflow_task_failed_event_attributes")
    await golden_kit.record(client, handle.id, folder / "stuck.json")
    await handle.terminate()


async def play_corners(client: Client, folder: Path) -> None:
    """Write ``corners-1.json`` and ``-2``: what Core drops and the server fills in, in runs with a run timeout."""
    handle = await client.start_workflow(
        toys.ToyCorners.run,
        "kota",
        id="toy:corners",
        task_queue="toys",
        run_timeout=timedelta(seconds=60),
        memo={"kept": 1},
    )
    await handle.signal(toys.ToyCorners.told, "go")
    second = await next_run(client, handle.id, handle.first_execution_run_id)
    latest = client.get_workflow_handle(handle.id)
    await until_event(latest, "request_cancel_external_workflow_execution_initiated_event_attributes")
    await latest.signal(toys.ToyCorners.told, "go")
    await handle.result()
    await golden_kit.record(client, handle.id, folder / "corners-1.json", handle.first_execution_run_id)
    await golden_kit.record(client, handle.id, folder / "corners-2.json", second)


async def play_sleeper(client: Client, folder: Path) -> None:
    """Write ``sleeper.json``: a local activity that outlives its workflow task."""
    handle = await client.start_workflow(
        toys.ToySleeper.run, "kota", id="toy:sleeper", task_queue="toys", task_timeout=timedelta(seconds=1)
    )
    await handle.result()
    await golden_kit.record(client, handle.id, folder / "sleeper.json")
