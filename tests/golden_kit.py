"""Golden histories: recorded once from a real server, kept as JSON that a reviewer can read, replayed ever after.

A golden is the server's history without what belongs to the machine that recorded it (worker identities, sticky
queues, build hashes, stack traces, request ids). JSON payloads are written out, ``{"json": …}`` instead of base64,
where that loses no byte; ``load`` turns them back. What replay needs stays: run ids (they seed randomness), times,
SDK flags.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHistory

_OF_THE_MACHINE = frozenset(
    {
        "binaryChecksum",
        "identity",
        "meteringMetadata",
        "prevAutoResetPoints",
        "requestId",
        "stackTrace",
        "taskId",
        "workerVersion",
    }
)


async def record(client: Client, workflow_id: str, path: Path, run_id: str | None = None) -> None:
    """Write the history of a run (by default the latest of its id) to ``path``, scrubbed; folders are made."""
    history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
    write(history, path)


def write(history: WorkflowHistory, path: Path) -> None:
    """Write a history that is already at hand to ``path``, scrubbed."""
    events = [_scrubbed(event) for event in json.loads(history.to_json())["events"]]
    golden = {"workflowId": history.workflow_id, "events": events}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> WorkflowHistory:
    """Return the history of a golden file, ready to be replayed."""
    golden = json.loads(path.read_text(encoding="utf-8"))
    return WorkflowHistory.from_json(golden["workflowId"], {"events": _packed(golden["events"])})


def _scrubbed(node: Any) -> Any:
    if isinstance(node, list):
        return [_scrubbed(each) for each in node]
    if not isinstance(node, dict):
        return node
    if _is_payload(node):
        return _readable(node)
    if node.get("kind") == "TASK_QUEUE_KIND_STICKY":
        return {"kind": "TASK_QUEUE_KIND_NORMAL", "name": node["normalName"]}
    # A payload may be filed under any name (memo, search attributes): only plain texts and our own kinds go.
    kept = {name: value for name, value in node.items() if name not in _OF_THE_MACHINE or _is_payload(value)}
    if "encodedAttributes" in kept:
        kept["encodedAttributes"] = _without_trace(kept["encodedAttributes"])
    if "coreUsedFlags" in kept:
        kept["coreUsedFlags"] = sorted(
            kept["coreUsedFlags"]
        )  # else their order changes from record to record
    # Maps come in another order each time; an event's own order (id, time, type) reads best as it is.
    names = kept if "eventType" in kept else sorted(kept)
    return {name: _scrubbed(kept[name]) for name in names}


def _is_payload(node: Any) -> bool:
    return (
        isinstance(node, dict)
        and node.keys() <= {"metadata", "data"}
        and "encoding" in node.get("metadata", {})
    )


def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    metadata = {
        name: base64.b64decode(text).decode("latin-1") for name, text in sorted(payload["metadata"].items())
    }
    data = base64.b64decode(payload.get("data", ""))
    if metadata["encoding"] != "json/plain":
        return {"metadata": dict(sorted(payload["metadata"].items())), "data": payload.get("data", "")}
    value = json.loads(data)
    for ascii_only in (False, True):
        if _bytes(value, ascii_only) == data:
            plain = {"json": value} | ({"metadata": metadata} if len(metadata) > 1 else {})
            return plain | ({"ascii": True} if ascii_only else {})
    return payload


def _bytes(value: Any, ascii_only: bool) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=ascii_only).encode()


def _without_trace(payload: dict[str, Any]) -> dict[str, Any]:
    """Empty the stack trace inside a failure whose texts travel as a payload (unless that is encrypted)."""
    try:
        said = json.loads(base64.b64decode(payload.get("data", "")))
    except ValueError:
        return payload
    return payload | {"data": base64.b64encode(_bytes(said | {"stack_trace": ""}, False)).decode()}


def _packed(node: Any) -> Any:
    if isinstance(node, list):
        return [_packed(each) for each in node]
    if not isinstance(node, dict):
        return node
    if "json" in node and node.keys() <= {"json", "metadata", "ascii"}:
        metadata = node.get("metadata", {"encoding": "json/plain"})
        data = _bytes(node["json"], node.get("ascii", False))
        return {
            "metadata": {
                name: base64.b64encode(text.encode("latin-1")).decode() for name, text in metadata.items()
            },
            "data": base64.b64encode(data).decode(),
        }
    return {name: _packed(value) for name, value in node.items()}
