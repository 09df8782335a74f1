"""The invariants of the house, checked against the books in one snapshot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.log import fact_of_row
from domain.decided_facts import MADE_BY, ONLY_DECIDED
from domain.events import SENSITIVE
from domain.log import GENESIS, entry_hash
from domain.secondment import HOME, LET_GO

SAMPLE = 5
"""How many violating ids a result names."""
STRETCH = 5_000
"""Entries of the log read at once."""


@dataclass(frozen=True)
class InvariantResult:
    """What one invariant found; `rows` is None where no machinery exists that could be checked.

    `sample` holds the ids of the first few violations.
    """

    code: str
    promise: str
    rows: int | None = None
    violations: int = 0
    sample: tuple[str, ...] = ()

    @property
    def checked(self) -> bool:
        """Whether there is anything that could be checked."""
        return self.rows is not None

    @property
    def holds(self) -> bool:
        """Whether something was checked and nothing was found wrong; what cannot be checked does not speak."""
        return self.rows is None or (self.rows > 0 and self.violations == 0)


PROMISES = {
    "I1": "no person in two overlapping placements, nor in a new one while still out",
    "I2": "each started secondment ends exactly once, on an issued order",
    "I3": "each answered decision is applied, or refused, exactly once; what needs one has one",
    "I4": "numbers of orders and decrees are unique and gapless; voids keep their reason",
    "I5": "each event that a subscriber wants is delivered in order, waits, or is given up by name",
    "I6": "the log's chain verifies; each entry has actor, authority and basis",
    "I7": "nobody approves their own request, their own case, or under two hats",
    "I8": "no unit falls below its redline without an override",
    "I9": "headcount is conserved across units",
}


_MADE = [(kind.value, type_) for kind, types in MADE_BY.items() for type_ in sorted(types)]
_DECISIONS = {
    "kinds": [kind for kind, _ in _MADE],
    "makes": [type_ for _, type_ in _MADE],
    "decided": sorted(ONLY_DECIDED),
}
"""What I3 asks of a decision and its entry."""


async def invariants(database: Database, government_id: str) -> tuple[InvariantResult, ...]:
    """Check I1 to I9 for a government, all as of one snapshot; LookupError when there is no such government."""
    async with (
        database.reading() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        ask = {
            "I1": queries.invariant_overlaps,
            "I2": queries.invariant_returns,
            "I3": queries.invariant_decisions,
            "I4": queries.invariant_numbers,
            "I5": queries.invariant_events,
            "I7": queries.invariant_duties,
            "I8": queries.invariant_redlines,
            "I9": queries.invariant_headcount,
        }
        found = {"I6": await _chain(connection, government_id)}
        more = {
            "most": SAMPLE,
            **_DECISIONS,
            "ends": sorted(LET_GO),
            "home": sorted(HOME),
            "sensitive": sorted(SENSITIVE),
        }
        for code, query in ask.items():
            row = await query(connection, government_id=government_id, **more)
            # Where nobody is told of anything there is nothing that could be lost.
            rows = row["rows"] if row["rows"] or row["violations"] or code != "I5" else None
            found[code] = InvariantResult(code, PROMISES[code], rows, row["violations"], tuple(row["ids"]))
    return tuple(found[code] for code in PROMISES)


async def _chain(connection: Connection, government_id: str) -> InvariantResult:
    """Recompute the hash of every entry from the one before it, and look for entries that nobody answers for."""
    head = await queries.invariant_head(connection, government_id=government_id)
    if head is None:
        raise LookupError(f"no such government: {government_id}")
    seq, previous, faults = 0, GENESIS, []
    async for row in _entries(connection, government_id):
        seq += 1
        computed = entry_hash(previous, row["seq"], fact_of_row(row))
        if row["seq"] != seq or row["hash"] != computed:
            faults.append(f"entry {row['seq']}: not the one that was chained")
        if not (
            row["actor"].strip() and row["authority"].strip() and row["basis"].strip() and row["as_decided"]
        ):
            faults.append(f"entry {row['seq']}: actor, authority or basis")
        # One altered entry is one fault: what follows is judged by the hash that stands there.
        seq, previous = row["seq"], row["hash"]
    if (seq, previous) != (head["seq"], head["hash"] if head["seq"] else GENESIS):
        faults.append(f"the log ends at entry {seq}, its head says {head['seq']}")
    return InvariantResult("I6", PROMISES["I6"], seq, len(faults), tuple(faults[:SAMPLE]))


async def _entries(connection: Connection, government_id: str) -> AsyncIterator[Any]:
    after = 0
    while True:
        rows = await queries.invariant_entries(
            connection, government_id=government_id, after=after, most=STRETCH
        )
        for row in rows:
            yield row
        if len(rows) < STRETCH:
            return
        after = rows[-1]["seq"]
