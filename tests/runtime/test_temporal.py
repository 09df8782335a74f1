"""The one way to Temporal: a codec covers everything that travels, and the strict runner sees every module of ours."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowFailureError
from temporalio.converter import PayloadCodec
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from runtime.ports import Ports, PortTaken, is_free
from runtime.sandbox import PASS_THROUGH, fast_runner, strict_runner
from runtime.settings import Settings, SettingsError
from runtime.temporal import EngineUnavailable, connect, data_converter
from runtime.temporal_server import TemporalError, TemporalPorts, TemporalServer
from tests.runtime.looking import BrokenPromiseWorkflow, LookingWorkflow

SECRET = "words for one reader"


class Ask(BaseModel):
    """A message with what JSON alone could not carry."""

    at: datetime
    hours: tuple[int, ...]


class Backwards(PayloadCodec):
    """A toy cipher: enough to see whether anything goes around it."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [
            Payload(metadata={"encoding": b"binary/toy"}, data=base64.b85encode(p.SerializeToString()))
            for p in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [Payload.FromString(base64.b85decode(p.data)) for p in payloads]


async def test_a_message_survives_the_journey_through_the_codec() -> None:
    ask = Ask(at=datetime(2026, 11, 22, 4, tzinfo=UTC), hours=(4, 12))
    for codec in (None, Backwards()):
        converter = data_converter(codec)
        travelling = await converter.encode([ask])
        assert (b"hours" in travelling[0].data) is (codec is None)
        assert await converter.decode(travelling, [Ask]) == [ask]


async def test_with_a_codec_neither_inputs_nor_the_words_of_a_failure_lie_in_the_history(
    temporal_server: TemporalServer,
) -> None:
    settings = Settings.load(temporal_address=temporal_server.address)
    for codec in (None, Backwards()):
        client = await connect(settings, codec=codec)
        history = await failing_history(client, f"toy:secret-{codec is None}")
        assert (SECRET.encode() in history) is (codec is None)


async def failing_history(client: Client, case: str) -> bytes:
    async with Worker(
        client, task_queue=case, workflows=[BrokenPromiseWorkflow], workflow_runner=strict_runner()
    ):
        handle = await client.start_workflow(BrokenPromiseWorkflow.run, SECRET, id=case, task_queue=case)
        with pytest.raises(WorkflowFailureError) as caught:
            await handle.result()
    assert isinstance(caught.value.cause, ApplicationError)
    assert caught.value.cause.message == SECRET, "who has the codec reads the words"
    history = await handle.fetch_history()
    return b"".join(event.SerializeToString() for event in history.events)


async def test_an_engine_that_is_away_is_told_in_one_line() -> None:
    with pytest.raises(EngineUnavailable) as caught:
        await connect(Settings.load(temporal_address="127.0.0.1:1"))
    assert str(caught.value) == "Temporal does not answer at 127.0.0.1:1"


async def test_without_an_address_the_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    with pytest.raises(SettingsError, match="TEMPORAL_ADDRESS is not set"):
        await connect(Settings.load())


async def test_the_strict_runner_stops_a_workflow_that_asks_the_machines_clock(
    temporal_env: WorkflowEnvironment,
) -> None:
    client = temporal_env.client
    async with Worker(
        client, task_queue="toy-look", workflows=[LookingWorkflow], workflow_runner=strict_runner()
    ):
        handle = await client.start_workflow(LookingWorkflow.run, id="toy:look", task_queue="toy-look")
        told = ""
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.HasField("workflow_task_failed_event_attributes"):
                told = event.workflow_task_failed_event_attributes.failure.message
                break
    await handle.terminate()
    assert told.startswith("Cannot access time.time")


def test_the_fast_runner_passes_our_pure_rooms_and_the_strict_one_none() -> None:
    runners = (fast_runner(data_converter()), strict_runner())
    fast, strict = (runner.restrictions.passthrough_modules for runner in runners)
    assert fast - strict == set(PASS_THROUGH)
    assert not strict & set(PASS_THROUGH)


def test_a_server_that_cannot_start_says_why_in_one_line(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    doors = TemporalPorts(*(ports.claim(door) for door in ("grpc", "ui", "http", "metrics")))
    server = TemporalServer(tmp_path / "no" / "such" / "folder.db", ports=doors, log=tmp_path / "server.log")
    with pytest.raises(TemporalError, match="Temporal did not start: ") as caught:
        server.start()
    assert "\n" not in str(caught.value)


def test_a_port_is_kept_from_run_to_run_and_given_up_when_somebody_took_it(tmp_path: Path) -> None:
    import socket

    file = tmp_path / "ports.json"
    first = Ports(file).claim("api")
    assert Ports(file).claim("api") == first
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", first))
        stranger.listen()
        assert not is_free(first)
        assert Ports(file).claim("api") != first
        with pytest.raises(PortTaken, match=f"port {first}, given for api, is in use"):
            Ports(file).claim("api", given=first)


def test_between_a_claim_and_its_server_no_caller_is_given_the_port(tmp_path: Path) -> None:
    given = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()
    to_callers = range(int(given[0]), int(given[1]) + 1)
    claimed = {Ports(tmp_path / "ports.json").claim(str(name)) for name in range(100)}
    assert len(claimed) == 100
    assert not [port for port in claimed if port in to_callers]


def test_two_names_never_share_a_port(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    wish = ports.claim("one")
    assert ports.claim("two", prefer=wish) != wish


def test_a_damaged_ports_file_is_as_good_as_none(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    file.write_text('{"api": ')
    assert Ports(file).claim("api") > 0
