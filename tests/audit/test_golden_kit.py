"""A golden tells nothing of the machine that recorded it, can be read, and loses nothing that replay needs."""

import getpass
import json
import os
import re
import socket
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from tests import golden_kit

ROOT = Path(__file__).parents[2]


def started(*payloads: Payload) -> WorkflowHistory:
    """Return a history that holds nothing but a start with these inputs."""
    event = HistoryEvent(event_id=1)
    event.workflow_execution_started_event_attributes.input.CopyFrom(Payloads(payloads=payloads))
    event.workflow_execution_started_event_attributes.identity = "4711@host"
    return WorkflowHistory("toy:start", [event])


def payload(data: bytes, encoding: bytes = b"json/plain", **metadata: bytes) -> Payload:
    return Payload(metadata={"encoding": encoding, **metadata}, data=data)


def test_no_golden_tells_of_the_machine_that_recorded_it(goldens: Path) -> None:
    written = sorted(goldens.glob("*.json"))
    assert len(written) >= 8
    traces = (
        str(ROOT),
        f"@{socket.gethostname()}",
        f"{os.getpid()}@",
        f"/home/{getpass.getuser()}",
        "site-packages",
        "stackTrace",
        "buildId",
        '"identity"',
        "STICKY",
    )
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert [trace for trace in traces if trace in text] == [], path.name


def test_a_golden_shows_what_its_payloads_say(goldens: Path) -> None:
    text = (goldens / "errand-1.json").read_text(encoding="utf-8")
    assert re.search(r'"json": \{\s+"place": "posko",\s+"state": "OFFERED"\s+\}', text)
    golden = json.loads(text)
    assert golden["workflowId"] == "toy:errand"
    assert golden["events"][0]["eventType"] == "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED"


@pytest.mark.parametrize(
    "kept",
    [
        payload(b'{"b":1,"a":[1.5,null,true]}'),
        payload('"Kecamatan Maulafa – pos"'.encode()),
        payload(b'"caf\\u00e9"'),
        payload(b'{"spaced": 1}'),
        payload(b'{"json":1}'),
        payload(b'["x"]', type=b"KeywordList"),
        payload(b"", b"binary/null"),
        payload(b"\x00\xff", b"binary/encrypted"),
    ],
    ids=lambda one: one.data.decode("latin-1") or "null",
)
def test_a_payload_comes_back_byte_for_byte(kept: Payload, tmp_path: Path) -> None:
    path = tmp_path / "new" / "golden.json"
    golden_kit.write(started(kept, kept), path)
    loaded = golden_kit.load(path)
    assert loaded.workflow_id == "toy:start"
    attributes = loaded.events[0].workflow_execution_started_event_attributes
    assert list(attributes.input.payloads) == [kept, kept]
    assert attributes.identity == ""


def test_writing_a_loaded_golden_again_changes_no_byte(goldens: Path, tmp_path: Path) -> None:
    for path in goldens.glob("*.json"):
        again = tmp_path / path.name
        golden_kit.write(golden_kit.load(path), again)
        assert again.read_bytes() == path.read_bytes()


def test_a_memo_named_like_a_scrubbed_field_is_kept(tmp_path: Path) -> None:
    history = started(payload(b"1"))
    memo = history.events[0].workflow_execution_started_event_attributes.memo
    memo.fields["identity"].CopyFrom(payload(b'"of the case"'))
    golden_kit.write(history, tmp_path / "golden.json")
    loaded = golden_kit.load(tmp_path / "golden.json")
    fields = loaded.events[0].workflow_execution_started_event_attributes.memo.fields
    assert fields["identity"].data == b'"of the case"'
