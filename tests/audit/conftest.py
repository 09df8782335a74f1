"""Records the toy goldens once a session, on a real dev server that this machine already has (nothing is fetched)."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from runtime.ports import free_port
from tests.audit import toy_cases, toy_run

SERVER = Path(sys.executable).parent / "temporal"


@asynccontextmanager
async def toy_server() -> AsyncIterator[Client]:
    """Start the real dev server with the toys' search attribute; yield a client of it."""
    environment = await WorkflowEnvironment.start_local(
        port=free_port(),
        dev_server_existing_path=str(SERVER),
        dev_server_log_level="error",
        search_attributes=[toy_cases.STAGE],
    )
    async with environment:
        yield environment.client


@pytest.fixture(scope="session")
def goldens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the goldens of all toy cases, recorded just now."""
    folder = tmp_path_factory.mktemp("goldens")

    async def play_all() -> None:
        async with toy_server() as client, toy_run.toy_workers(client):
            plays = (
                toy_run.play_errand,
                toy_run.play_refusal,
                toy_run.play_half,
                toy_run.play_half_answered,
                toy_run.play_before,
                toy_run.play_stuck,
                toy_run.play_corners,
                toy_run.play_sleeper,
            )
            await asyncio.gather(*(asyncio.wait_for(play(client, folder), 60) for play in plays))

    sys.path.insert(0, str(folder))  # one of the toys is played on code from before its patch
    try:
        asyncio.run(play_all())
    finally:
        sys.path.remove(str(folder))
    return folder
