"""One JSON line an event, with the case's id; a replayed workflow says nothing twice; libraries keep quiet."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from runtime import logs
from runtime.sandbox import strict_runner
from tests.runtime.talkative import TalkativeWorkflow, say_something


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything logged during the test, as `configure` renders it; the loggers as they were afterwards."""
    root = logging.getLogger()
    names = [None, "temporalio.workflow", "temporalio.activity", *logs.TAMED]
    handlers, levels = list(root.handlers), {name: logging.getLogger(name).level for name in names}
    stream = io.StringIO()
    logs.configure("test", stream=stream)
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def events(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_its_fields_and_a_utc_timestamp(lines: io.StringIO) -> None:
    logging.getLogger("relay").info("command_delivered", extra={"case_id": "surge:s-1", "attempt": 2})
    (event,) = events(lines)
    stamp = datetime.fromisoformat(str(event.pop("timestamp")))
    assert stamp.utcoffset() == timedelta(0)
    assert event == {
        "process": "test",
        "logger": "relay",
        "level": "info",
        "event": "command_delivered",
        "case_id": "surge:s-1",
        "attempt": 2,
    }


def test_the_timestamp_is_that_of_the_event_not_of_its_rendering(lines: io.StringIO) -> None:
    record = logging.makeLogRecord({"name": "relay", "msg": "late", "levelno": 20, "created": 0.25})
    logging.getLogger().handle(record)
    assert events(lines)[0]["timestamp"] == "1970-01-01T00:00:00.250+00:00"


def test_an_exception_becomes_one_line(lines: io.StringIO) -> None:
    try:
        raise LookupError("no such seat")
    except LookupError:
        logging.getLogger("relay").exception("delivery_failed")
    (event,) = events(lines)
    assert event["event"] == "delivery_failed"
    assert str(event["exception"]).endswith("LookupError: no such seat")


def test_what_libraries_chatter_is_not_shown(lines: io.StringIO) -> None:
    for name in ("uvicorn.access", "httpx", "temporalio.worker"):
        logging.getLogger(name).info("chatter")
    logging.getLogger("temporalio.worker").warning("worth knowing")
    assert [event["event"] for event in events(lines)] == ["worth knowing"]


async def test_a_replayed_workflow_says_nothing_twice(
    lines: io.StringIO, temporal_env: WorkflowEnvironment
) -> None:
    worker = Worker(
        temporal_env.client,
        task_queue="toy-logs",
        workflows=[TalkativeWorkflow],
        activities=[say_something],
        workflow_runner=strict_runner(),
        max_cached_workflows=0,
    )
    async with worker:
        await temporal_env.client.execute_workflow(
            TalkativeWorkflow.run, "k-1", id="toy:k-1", task_queue="toy-logs"
        )
    told = [event for event in events(lines) if str(event["event"]).startswith("toy_")]
    assert [event["event"] for event in told] == ["toy_case_opened", "toy_activity_ran", "toy_case_closed"]
    assert {event["case_id"] for event in told} == {"toy:k-1"}
    assert told[0]["surge_id"] == "s-1"
    assert told[1]["activity"] == "toy.log"
    assert told[1]["seat"] == 3
