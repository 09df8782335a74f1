"""A crowd, small here: everybody comes home, and whatever grew too large is told."""

import uuid

import pytest
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.history.v1 import HistoryEvent
from temporalio.testing import WorkflowEnvironment

from lab import crowd, soak
from lab.crowd import Crowd, Size, open_road
from lab.payloads import largest_payload

PEOPLE = 12


@pytest.mark.timeout(300)
async def test_a_crowd_comes_home_and_is_measured(
    temporal_env: WorkflowEnvironment, fresh_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    queue = f"crowd-{uuid.uuid4()}"
    async with open_road(temporal_env.client, fresh_database, PEOPLE, str, task_queue=queue) as road:
        found = await road.walk()
    assert (found.home, found.faults) == (PEOPLE, [])
    kinds = sorted(size.case_id.partition(":")[0] for size in found.sizes)
    assert kinds == ["operation", *["secondment"] * PEOPLE, "surge"]
    assert all(size.events > 10 and size.bytes > size.payload > 100 for size in found.sizes)
    soak.print_crowd(found)
    assert "secondment: 12 histories" in capsys.readouterr().out


@pytest.mark.parametrize(
    "size",
    [
        Size("surge:SU-1", crowd.MOST_EVENTS + 1, 1, 1),
        Size("surge:SU-1", 1, crowd.MOST_BYTES + 1, 1),
        Size("surge:SU-1", 1, 1, crowd.LARGEST_PAYLOAD + 1),
    ],
)
def test_a_history_or_a_payload_that_is_too_large_is_a_fault(size: Size) -> None:
    found = Crowd(people=1, home=1, sizes=[Size("surge:SU-2", 1, 1, 1), size])
    found.judge()
    assert [fault.partition(":")[2].partition(":")[0] for fault in found.faults] == ["SU-1"]


def test_somebody_who_is_not_home_is_a_fault() -> None:
    found = Crowd(people=2, home=1)
    found.judge()
    assert found.faults == ["1 of 2 people are home"]


def test_the_largest_payload_is_found_however_deep_it_lies() -> None:
    event = HistoryEvent()
    started = event.workflow_execution_started_event_attributes
    started.input.CopyFrom(Payloads(payloads=[Payload(data=b"x" * 10), Payload(data=b"x" * 50)]))
    started.memo.fields["m"].CopyFrom(Payload(data=b"x" * 300))
    started.last_completion_result.payloads.add(data=b"x" * 70)
    assert 300 < largest_payload([HistoryEvent(), event]) < 310
    assert largest_payload([HistoryEvent()]) == 0


@pytest.mark.parametrize(
    "words",
    ["crowd --seed 1", "crowd --rounds 2", "crowd --people 5001", "surge --people 0", "numbers --writers 65"],
)
def test_a_wrong_call_is_told(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        soak.main(words.split())
    assert leaving.value.code == 2
    assert ": error: " in capsys.readouterr().err
