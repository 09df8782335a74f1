"""Appending to the log: numbered in order of commit, each entry chained to the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from adapters.postgres.database import Connection, queries
from domain.log import Attribution, Fact, entry_hash
from domain.rebuild import sealed


async def append(connection: Connection, government_id: str, facts: Sequence[Fact]) -> int:
    """Append facts inside the caller's transaction; return the number of the last one.

    The head row stays locked until that transaction ends: what commits later has the higher number,
    so a reader who has seen entry n has seen all before it. With a decision its hash is told: what is changed of it
    later is found.
    """
    facts = await _with_decisions(connection, facts)
    head = await queries.lock_log_head(connection, government_id=government_id)
    if head is None:
        raise LookupError(f"no such government: {government_id}")
    seq, previous = head["seq"], head["hash"]
    seqs, hashes = [], []
    for fact in facts:
        seq += 1
        previous = entry_hash(previous, seq, fact)
        seqs.append(seq)
        hashes.append(previous)
    await queries.append_events(
        connection,
        government_id=government_id,
        seqs=seqs,
        types=[fact.type for fact in facts],
        ats=[fact.at for fact in facts],
        case_ids=[fact.case_id for fact in facts],
        person_ids=[fact.person_id for fact in facts],
        actors=[fact.by.actor for fact in facts],
        behalves=[fact.by.on_behalf_of for fact in facts],
        authorities=[fact.by.authority for fact in facts],
        bases=[fact.by.basis for fact in facts],
        command_ids=[fact.by.command_id for fact in facts],
        datas=[fact.data for fact in facts],
        hashes=hashes,
    )
    await queries.move_log_head(connection, government_id=government_id, seq=seq, hash=previous)
    told = [(number, fact.person_id) for number, fact in zip(seqs, facts, strict=True) if fact.person_id]
    if told:
        await queries.queue_notices(
            connection,
            government_id=government_id,
            seqs=[number for number, _ in told],
            person_ids=[person_id for _, person_id in told],
        )
    return int(seq)


async def _with_decisions(connection: Connection, facts: Sequence[Fact]) -> Sequence[Fact]:
    command_ids = [fact.by.command_id for fact in facts if fact.by.command_id]
    if not command_ids:
        return facts
    rows = await queries.decisions_told(connection, command_ids=command_ids)
    told = {row["command_id"]: _told(row) for row in rows}
    return [replace(fact, data=fact.data | told.get(fact.by.command_id, {})) for fact in facts]


def _told(row: Any) -> dict[str, str]:
    screened = {sealed.SCREENED: sealed.screening(row)} if row["screened_at"] else {}
    return {sealed.DECIDED: sealed.decision(row)} | screened


def fact_of_row(row: Any) -> Fact:
    """Return the fact that a row of the log holds."""
    by = Attribution(row["actor"], row["authority"], row["basis"], row["command_id"], row["on_behalf_of"])
    return Fact(row["type"], row["case_id"], row["at"], by, row["person_id"], row["data"])
