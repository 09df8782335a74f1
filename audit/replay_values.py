"""What a protobuf message says, as plain JSON values that can be compared and printed.

Payloads become the JSON that they carry, durations become text like ``0.025s``, enums their names. What depends on
the machine and not on the meaning of the code (worker identities, stack traces) is left out.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.failure.v1 import Failure
from temporalio.converter import PayloadCodec

_JSON = (b"json/plain", b"json/protobuf")
_NOT_MEANT = frozenset({"stack_trace", "identity", "source", "scheduled_event_id", "started_event_id"})
"""Fields of a failure that come from the machine or from the history's numbering, not from our code."""


def payload_value(payload: Payload) -> object:
    """Return what a payload carries: its JSON, None for null, else its encoding and bytes in base64."""
    encoding = payload.metadata.get("encoding", b"")
    if encoding == b"binary/null":
        return None
    if encoding in _JSON:
        return json.loads(payload.data)
    return {
        "encoding": encoding.decode("ascii", "replace"),
        "base64": base64.b64encode(payload.data).decode(),
    }


def payload_list(payloads: Sequence[Payload]) -> list[object]:
    """Return what each of a list of arguments carries."""
    return [payload_value(payload) for payload in payloads]


def nanoseconds(duration: Duration) -> int:
    """Return a duration as whole nanoseconds."""
    return int(duration.seconds) * 1_000_000_000 + int(duration.nanos)


def duration_text(nanos: int) -> str:
    """Return nanoseconds as history prints a duration, e.g. ``0.025s``."""
    duration = Duration(seconds=nanos // 1_000_000_000, nanos=nanos % 1_000_000_000)
    return duration.ToJsonString()


def failure_value(failure: Failure) -> dict[str, object]:
    """Return a failure as it was meant: its texts, types and details, without stack traces and identities."""
    said = {
        field.name: _field_value(field, value)
        for field, value in failure.ListFields()
        if field.name not in {*_NOT_MEANT, "encoded_attributes", "cause"}
    }
    if failure.HasField("encoded_attributes"):
        # With a failure converter that hides its texts the message travels as a payload, the stack trace with it.
        hidden = payload_value(failure.encoded_attributes)
        if isinstance(hidden, dict):
            said |= {name: value for name, value in hidden.items() if name not in _NOT_MEANT}
    if failure.HasField("cause"):
        said["cause"] = failure_value(failure.cause)
    return said


def message_value(message: Message) -> object:
    """Return any protobuf message as plain values; unset fields are absent."""
    if isinstance(message, Payload):
        return payload_value(message)
    if isinstance(message, Payloads):
        return payload_list(message.payloads)
    if isinstance(message, Duration):
        return message.ToJsonString()
    if isinstance(message, Failure):
        return failure_value(message)
    return {
        field.name: _field_value(field, value)
        for field, value in message.ListFields()
        if field.name not in _NOT_MEANT
    }


def _field_value(field: FieldDescriptor, value: Any) -> object:
    if _is_map(field):
        return {key: _one(field, value[key]) for key in sorted(value)}
    if _is_repeated(value):
        return [_one(field, each) for each in value]
    return _one(field, value)


def _one(field: FieldDescriptor, value: Any) -> object:
    if isinstance(value, Message):
        return message_value(value)
    if field.enum_type is not None:
        return field.enum_type.values_by_number[value].name
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _is_repeated(value: object) -> bool:
    return not isinstance(value, str | bytes | Message) and hasattr(value, "__iter__")


async def decode_payloads(message: Message, codec: PayloadCodec) -> None:
    """Decode, in place, every payload inside a message. Search attributes are never encoded, so they stay."""
    for holder in _holders(message):
        if isinstance(holder, Payloads):
            decoded = await codec.decode(list(holder.payloads))
            del holder.payloads[:]
            holder.payloads.extend(decoded)
        elif isinstance(holder, Payload):
            holder.CopyFrom((await codec.decode([holder]))[0])


def _holders(message: Message) -> Iterator[Message]:
    """Yield each list of payloads, and each payload that stands alone, below a message."""
    if isinstance(message, Payload | Payloads):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None or field.name == "search_attributes":
            continue
        if _is_map(field):
            children = [value[key] for key in value]
        elif _is_repeated(value):
            children = list(value)
        else:
            children = [value]
        for child in children:
            if isinstance(child, Message):
                yield from _holders(child)
