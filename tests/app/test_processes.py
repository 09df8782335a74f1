"""API and relay as processes of their own, as the supervisor and a cluster run them."""

import asyncio
import json
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from runtime.ports import Ports
from runtime.settings import ROOT, foreign_environment
from runtime.temporal_server import TemporalServer
from tests.patience import PATIENCE, until
from tests.signals import hears_sigterm


@asynccontextmanager
async def running(module: str, log: Path, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module),
            cwd=ROOT,
            env={**foreign_environment(), **environment},
            stderr=stderr,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def ended(process: asyncio.subprocess.Process) -> int:
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        return await process.wait()


async def health(url: str) -> httpx.Response:
    """Ask until somebody answers; a new process on a busy machine takes its time."""
    async with httpx.AsyncClient(base_url=url) as http:

        async def answer() -> httpx.Response | None:
            try:
                return await http.get("/healthz")
            except httpx.TransportError:
                return None

        answered = await until(answer, f"an answer at {url}", every=0.1)
        assert answered
        return answered


def check_log(log: Path, process: str) -> None:
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {line["process"] for line in lines} <= {process}


async def test_the_api_serves_where_the_settings_say_and_ends_when_told(
    database: str, temporal_server: TemporalServer, tmp_path: Path
) -> None:
    port = Ports(tmp_path / "ports.json").claim("api")
    settings = {
        "DATABASE_URL": database,
        "TEMPORAL_ADDRESS": temporal_server.address,
        "SIAGA_API_PORT": str(port),
    }
    async with running("app.api", tmp_path / "log", **settings) as process:
        answer = await health(f"http://127.0.0.1:{port}")
        assert (answer.status_code, answer.json()["status"]) == (200, "ok")
        assert await ended(process) == 0
    check_log(tmp_path / "log", "api")


async def test_without_an_engine_the_api_stands_and_says_so(database: str, tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    port, nobody = ports.claim("api"), ports.claim("nobody")
    settings = {
        "DATABASE_URL": database,
        "TEMPORAL_ADDRESS": f"127.0.0.1:{nobody}",
        "SIAGA_API_PORT": str(port),
    }
    async with running("app.api", tmp_path / "log", **settings) as process:
        answer = await health(f"http://127.0.0.1:{port}")
        assert answer.status_code == 200
        assert (answer.json()["status"], answer.json()["engine"]) == ("degraded", False)
        assert await ended(process) == 0


async def test_the_relay_ends_when_told(
    database: str, temporal_server: TemporalServer, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": database, "TEMPORAL_ADDRESS": temporal_server.address}
    async with running("app.relay", tmp_path / "log", **settings) as process:
        await until(lambda: hears_sigterm(process.pid), "a handler of SIGTERM", every=0.1)
        await asyncio.sleep(1)
        assert process.returncode is None, (tmp_path / "log").read_text()
        assert await ended(process) == 0
    check_log(tmp_path / "log", "relay")


async def test_the_worker_ends_when_told_and_leaves_nothing_behind(
    database: str, temporal_server: TemporalServer, tmp_path: Path
) -> None:
    queue = f"ends-{uuid.uuid4().hex[:8]}"
    client = await Client.connect(temporal_server.address)
    asked = DescribeTaskQueueRequest(
        namespace="default",
        task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )

    async def works() -> bool:
        return bool((await client.workflow_service.describe_task_queue(asked)).pollers)

    settings = {
        "DATABASE_URL": database,
        "TEMPORAL_ADDRESS": temporal_server.address,
        "SIAGA_TASK_QUEUE": queue,
    }
    async with running("worker", tmp_path / "log", **settings) as process:
        await until(works, "a worker that asks for work", every=0.1)
        assert await ended(process) == 0
    check_log(tmp_path / "log", "worker")
    assert "never retrieved" not in (tmp_path / "log").read_text()
