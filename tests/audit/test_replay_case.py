"""A case is replayed by its id, over all its runs, on a real server; its payloads may be encrypted."""

import base64
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, Interceptor, OutboundInterceptor
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
)
from temporalio.service import RPCError, RPCStatusCode

from audit.replay import CaseNotFoundError, ReplayReport, replay_case, replay_strictly
from runtime.sandbox import fast_runner, strict_runner
from tests import golden_kit
from tests.audit import toy_cases, toy_run
from tests.audit.conftest import toy_server
from tests.audit.toy_mutants import changed


class WhoseCodec(PayloadCodec, WithSerializationContext):
    """Hides payloads by whom they are meant for: only the workflow of that id decodes them."""

    def __init__(self, workflow_id: str = "") -> None:
        self._key = workflow_id.encode()

    def with_context(self, context: SerializationContext) -> "WhoseCodec":
        return WhoseCodec(getattr(context, "workflow_id", "") or "")

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        hidden = [self._key + b"\0" + base64.b64encode(one.SerializeToString()) for one in payloads]
        return [Payload(metadata={"encoding": b"binary/whose"}, data=data) for data in hidden]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._shown(one) for one in payloads]

    def _shown(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != b"binary/whose":
            return payload
        key, data = payload.data.split(b"\0", 1)
        if key != self._key:
            raise ValueError(f"meant for {key!r}, read by {self._key!r}")
        return Payload.FromString(base64.b64decode(data))


HIDING = dataclasses.replace(
    pydantic_data_converter,
    payload_codec=WhoseCodec(),
    failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
)


async def replayed(client: Client, workflow_id: str) -> tuple[ReplayReport, ...]:
    return await replay_case(
        client,
        workflow_id,
        workflows=toy_cases.WORKFLOWS,
        runner=strict_runner(),
        data_converter=client.data_converter,
    )


async def played_errand(client: Client, folder: Path) -> tuple[str, str]:
    """Play an errand of two runs; return their ids."""
    await toy_run.play_errand(client, folder)
    return golden_kit.load(folder / "errand-1.json").run_id, golden_kit.load(folder / "errand-2.json").run_id


class Forgetful(Interceptor):
    """Lets the server answer for one run as it does after the run's retention: not found."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002
        forgotten = self._run_id

        class Outbound(OutboundInterceptor):
            def fetch_workflow_history_events(self, input: Any) -> Any:  # noqa: A002
                if input.run_id == forgotten:
                    raise RPCError("workflow execution not found", RPCStatusCode.NOT_FOUND, b"")
                return super().fetch_workflow_history_events(input)

        return Outbound(next)


async def test_a_case_is_replayed_over_all_its_runs_oldest_first(tmp_path: Path) -> None:
    async with toy_server() as client, toy_run.toy_workers(client):
        first, second = await played_errand(client, tmp_path)
        reports = await replayed(client, "toy:errand")
        assert [report.run_id for report in reports] == [first, second]
        assert all(report.ok and report.completed for report in reports), reports

        later = Client(client.service_client, interceptors=[Forgetful(first)])
        missing, last = await replayed(later, "toy:errand")
        assert (missing.run_id, missing.ok, last.ok) == (first, False, True)
        assert missing.nondeterminism == "the server no longer keeps this run's history"

        with pytest.raises(CaseNotFoundError, match="case toy:nobody: the server knows no run of it"):
            await replayed(client, "toy:nobody")


async def test_encrypted_cases_are_compared_by_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    async with toy_server() as plain:
        client = Client(plain.service_client, data_converter=HIDING)
        async with toy_run.toy_workers(client):
            await toy_run.play_refusal(client, tmp_path)
            await played_errand(client, tmp_path)
            for case in ("toy:refusal", "toy:errand"):
                for report in await replayed(client, case):
                    assert report.ok, "\n".join(report.lines())

    history = golden_kit.load(tmp_path / "errand-1.json")
    assert "OFFERED" not in (tmp_path / "errand-1.json").read_text(encoding="utf-8")
    mutant = changed("toy_encrypted", '"OFFERED"', '"ACCEPTED"', tmp_path)
    told = await replay_strictly(
        history, workflows=mutant.WORKFLOWS, runner=strict_runner(), data_converter=HIDING
    )
    assert "input[0] $.state: recorded 'OFFERED', replayed 'ACCEPTED'" in "\n".join(told.lines())

    lost = golden_kit.load(tmp_path / "refusal.json")
    mutant = changed("toy_encrypted_loss", '"the errand is off"', '"the errand is on"', tmp_path)
    told = await replay_strictly(
        lost, workflows=mutant.WORKFLOWS, runner=strict_runner(), data_converter=HIDING
    )
    assert "failure.message: recorded 'the errand is off', replayed 'the errand is on'" in "\n".join(
        told.lines()
    )


async def test_a_worker_asks_whose_a_payload_is_only_for_a_codec_that_wants_to_know(tmp_path: Path) -> None:
    async with toy_server() as plain:
        client = Client(plain.service_client, data_converter=HIDING)
        async with toy_run.toy_workers(client):
            await toy_run.play_refusal(client, tmp_path)
    history = golden_kit.load(tmp_path / "refusal.json")
    for converter, reads in ((HIDING, True), (pydantic_data_converter, False)):
        told = await replay_strictly(
            history,
            workflows=toy_cases.WORKFLOWS,
            runner=fast_runner(converter),
            data_converter=HIDING,
        )
        assert told.ok is reads, told.nondeterminism


async def test_a_converter_that_cannot_read_a_case_does_not_vouch_for_it(tmp_path: Path) -> None:
    async with toy_server() as plain:
        client = Client(plain.service_client, data_converter=HIDING)
        async with toy_run.toy_workers(client):
            await toy_run.play_refusal(client, tmp_path)
    report = await replay_strictly(
        golden_kit.load(tmp_path / "refusal.json"),
        workflows=toy_cases.WORKFLOWS,
        runner=strict_runner(),
        data_converter=DataConverter.default,
    )
    assert not report.ok
    assert report.nondeterminism is not None
    assert "binary/whose" in report.nondeterminism


async def test_a_codec_without_its_key_does_not_vouch_for_a_case(goldens: Path) -> None:
    class Keyless(PayloadCodec):
        async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
            return list(payloads)

        async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
            raise LookupError("no key")

    report = await replay_strictly(
        golden_kit.load(goldens / "refusal.json"),
        workflows=toy_cases.WORKFLOWS,
        runner=strict_runner(),
        data_converter=dataclasses.replace(DataConverter.default, payload_codec=Keyless()),
    )
    assert not report.ok
    assert report.nondeterminism == "its payloads cannot be decoded: LookupError: no key"
