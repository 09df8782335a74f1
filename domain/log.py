"""The log: facts that happened, each chained to the one before, naming nobody but by opaque id."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

GENESIS = hashlib.sha256(b"siaga log 1").digest()
"""The hash before the first entry of every log."""


@dataclass(frozen=True)
class Attribution:
    """Who made it happen, with which authority, on which basis; by a command or by the clock."""

    actor: str
    authority: str
    basis: str
    command_id: str | None = None
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class Fact:
    """Something that happened in a case. `data` holds ids, codes, numbers and instants only."""

    type: str
    case_id: str
    at: datetime
    by: Attribution
    person_id: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


def entry_hash(previous: bytes, seq: int, fact: Fact) -> bytes:
    """Return the SHA-256 (32 bytes) that chains a fact, at its place in the log, to the entry before it."""
    entry = {
        "seq": seq,
        "type": fact.type,
        "case": fact.case_id,
        "at": fact.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "person": fact.person_id,
        "actor": fact.by.actor,
        "for": fact.by.on_behalf_of,
        "authority": fact.by.authority,
        "basis": fact.by.basis,
        "command": fact.by.command_id,
        "data": fact.data,
    }
    return hashlib.sha256(previous + canonical(entry)).digest()


def canonical(value: object) -> bytes:
    """Return the one JSON spelling of a value: sorted keys, no spaces, UTF-8; raises TypeError on other types."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
