"""Logs as JSON, one line an event, from every process alike.

Rooms log through `workflow.logger` and `activity.logger` (silent on replay) or the standard `logging`, with an
event name and `extra=`; structlog only renders, on the root handler. A line carries opaque ids (`case_id`,
`person_id`), never a name, a NIP or free text.
"""

import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

# Loggers of libraries whose everyday talk would drown ours: shown from this level on.
TAMED = {
    "temporalio": logging.WARNING,
    "temporalio.core": logging.ERROR,
    "uvicorn.access": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "asyncio": logging.WARNING,
}

# What the SDK puts into each record, and the name under which we keep it. The rest says nothing more.
KEPT = {
    "workflow_id": "case_id",
    "workflow_type": "workflow",
    "activity_type": "activity",
    "attempt": "attempt",
}

Event = MutableMapping[str, Any]


def configure(process: str, *, level: str = "info", stream: TextIO | None = None) -> None:
    """Send every log record of this process to `stream` (stderr unless given) as JSON. Call it once, at the start."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _stamp,
        _name_the_case,
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                lambda _logger, _method, event: {"process": process, **event},
                structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, quiet in TAMED.items():
        logging.getLogger(name).setLevel(quiet)
    for name in ("temporalio.workflow", "temporalio.activity"):  # our own words, though under the SDK's name
        logging.getLogger(name).setLevel(level.upper())
    logging.captureWarnings(capture=True)


def _stamp(_logger: object, _method: str, event: Event) -> Event:
    """When it happened, which is the record's own time, not that of rendering it."""
    event["timestamp"] = datetime.fromtimestamp(event["_record"].created, UTC).isoformat(
        timespec="milliseconds"
    )
    return event


def _name_the_case(_logger: object, _method: str, event: Event) -> Event:
    for source in ("temporal_workflow", "temporal_activity"):
        for theirs, ours in KEPT.items():
            if theirs in event.get(source, {}):
                event.setdefault(ours, event[source][theirs])
        event.pop(source, None)
    return event
