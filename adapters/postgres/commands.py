"""The book of commands: recorded once, delivered in order, answered once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from adapters.postgres import group_rows, log
from adapters.postgres.authors import author
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.moves import claim
from adapters.postgres.mutation_rows import facts as mutation_facts
from adapters.postgres.mutation_rows import life_of
from domain import cases
from domain.authority import Capacity, CaseFacts, Denied, Hat, Tenure
from domain.cases import CaseKind
from domain.commands import BY_SYSTEM, STARTS, Command, CommandKind, CommandState
from domain.log import Fact, canonical
from domain.moves import NOT_BY_THE_BOOKS, Refusal, Written
from domain.mutation.decisions import TRIGGER_OF
from domain.mutation.second_decree import ended_fault
from domain.verdicts import asking_for
from domain.who_may import Facts, about, authority

APART = "SG002"
"""What the trigger on `commands` raises; the constraint's name is the code."""


class DutiesApart(PermissionError):
    """The database keeps these duties apart, whatever was said before; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ClaimedByAnother(PermissionError):
    """Somebody else of the office has claimed the task that this decision would decide."""


class KeyReused(ValueError):
    """The idempotency key was used before, for another request."""


@dataclass(frozen=True)
class Leased:
    """A command on its way: which, to which case, and how often it was tried."""

    command_id: str
    case_id: str
    kind: CommandKind
    government_id: str
    attempts: int
    decided_at: datetime


class CommandBook:
    """Decisions of people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, command_id: str, case_id: str) -> tuple[Command, str | None] | None:
        """Return the command, and the code of what forbids its author to decide it now; None where the case has none such."""
        try:
            command_id = str(UUID(command_id))
        except ValueError:
            return None
        async with self._database.reading() as connection:
            row = await queries.command_of_case(connection, command_id=command_id, case_id=case_id)
            if row is None:
                return None
            command = command_of(row)
            if command.state != CommandState.RECORDED:
                return command, None
            facts = await case_facts(connection, command.case_id)
            who = await author(connection, command, row["serves"])
        verdict = authority(command.kind, who, about(command.kind, command.details, facts))
        return command, verdict.code if isinstance(verdict, Denied) else None

    async def pending(self, case_id: str, decided_by: datetime) -> tuple[str, ...]:
        """Return the unanswered commands of the case that were decided by then."""
        async with self._database.reading() as connection:
            rows = await queries.pending_commands(connection, case_id=case_id, decided_by=decided_by)
        return tuple(row["command_id"] for row in rows)

    async def refuse(self, refusal: Refusal) -> Written:
        """Answer a command with a refusal, and log it."""
        async with self._database.writing() as connection:
            return await refuse(connection, refusal)

    async def find(self, command_id: str) -> Command:
        """Return a command; raises LookupError."""
        async with self._database.reading() as connection:
            row = await queries.command_by_id(connection, command_id=command_id)
        if row is None:
            raise LookupError(f"no such command: {command_id}")
        return command_of(row)

    async def lease(self, *, now: datetime, until: datetime, most: int) -> tuple[Leased, ...]:
        """Take the next command of each case, to deliver them until the lease ends."""
        async with self._database.writing() as connection:
            rows = await queries.lease_commands(connection, now=now, leased_until=until, most=most)
        rows = sorted(rows, key=lambda row: row["position"])
        return tuple(
            Leased(
                row["command_id"],
                row["case_id"],
                CommandKind(row["kind"]),
                row["government_id"],
                row["attempts"],
                row["decided_at"],
            )
            for row in rows
        )

    async def postpone(self, command_id: str, until: datetime) -> None:
        """Let a command rest after a delivery that did not succeed."""
        async with self._database.reading() as connection:
            await queries.release_lease(connection, command_id=command_id, leased_until=until)

    async def waiting(self) -> tuple[int, datetime | None]:
        """Return how many commands wait, and since when the oldest does."""
        async with self._database.reading() as connection:
            row = await queries.oldest_unanswered(connection)
        return row["waiting"], row["oldest"]

    async def state_of(self, case_id: str) -> str | None:
        """Return where a case stands, by the registry; None of what is no state machine."""
        async with self._database.reading() as connection:
            state: str | None = await queries.case_state(
                connection, case_id=case_id, key=cases.parse(case_id).key
            )
        return state

    async def case_is_open(self, case_id: str) -> bool:
        """Say whether a case has not ended, by the registry."""
        async with self._database.reading() as connection:
            key = cases.parse(case_id).key
            return bool(await queries.case_is_open(connection, case_id=case_id, key=key))

    async def why_over(self, case_id: str, kind: CommandKind) -> str:
        """Return the code of why a case that has ended takes no decision of this kind."""
        case = cases.parse(case_id)
        if case.kind != CaseKind.MUTATION or kind not in TRIGGER_OF:
            return "already_ended"
        async with self._database.reading() as connection:
            life = life_of(await queries.stands_of_mutation(connection, mutation_id=case.key))
        return ended_fault(life, TRIGGER_OF[kind]) if life else "already_ended"


async def record(
    connection: Connection,
    command: Command,
    key: str,
    *,
    note_id: str | None = None,
    body: Sequence[Any] = (),
) -> Command:
    """Record a decision inside the caller's transaction, and wake the relay at its commit.

    The same key with the same request returns the command that stands; with another request it
    raises KeyReused, and ClaimedByAnother where another of the office has claimed it. `body` is whatever else belongs to the request and must be the same again.
    """
    # A command that begins a case names it anew each time it is sent; the case is no part of what is asked.
    case_id = "" if command.kind in STARTS else command.case_id
    asked = [case_id, command.kind, command.choice, command.details, list(body)]
    request_sha256 = hashlib.sha256(canonical(asked)).hexdigest()
    try:
        taken = await _insert(connection, command, key, note_id, request_sha256)
    except asyncpg.PostgresError as error:
        if error.sqlstate != APART:
            raise
        raise DutiesApart(getattr(error, "constraint_name", None) or "own_case") from error
    if taken:
        await _respect_claims(connection, command)
        await queries.announce_command(connection, case_id=command.case_id)
        return command
    known = await queries.command_by_key(
        connection, government_id=command.government_id, actor_id=_person(command), idempotency_key=key
    )
    if known["request_sha256"] != request_sha256:
        raise KeyReused(f"idempotency key {key!r} was used for another request")
    return command_of(known)


async def _respect_claims(connection: Connection, command: Command) -> None:
    """Raise ClaimedByAnother where somebody else of the same office works on it.

    The tasks stay locked until the decision is committed: whoever claims one meanwhile finds the decision.
    """
    kinds = [kind.value for kind in asking_for(command.kind)]
    if not kinds:
        return
    hands = [one for one in (command.actor_id, command.on_behalf_of) if one]
    asked = {"case_id": command.case_id, "kinds": kinds, "capacity": command.capacity.value, "hands": hands}
    claims = await queries.claims_in_the_way(connection, **asked)
    if any(row["claimed_by"] not in (None, command.actor_id) for row in claims):
        raise ClaimedByAnother(command.kind)


async def _insert(
    connection: Connection, command: Command, key: str, note_id: str | None, request_sha256: str
) -> Any:
    return await queries.record_command(
        connection,
        command_id=command.command_id,
        government_id=command.government_id,
        case_id=command.case_id,
        kind=command.kind.value,
        actor_id=_person(command),
        on_behalf_of=command.on_behalf_of,
        capacity=command.capacity.value,
        tenure=command.tenure.value,
        mandate_id=command.mandate_id,
        decided_at=command.decided_at,
        choice=command.choice,
        details=command.details,
        note_id=note_id,
        idempotency_key=key,
        request_sha256=request_sha256,
    )


async def refuse(connection: Connection, refusal: Refusal) -> Written:
    """Answer a command of the case with a refusal inside the caller's transaction, and log it, once."""
    asked = {"command_id": refusal.command_id, "case_id": refusal.case_id}
    if await queries.command_of_case(connection, **asked) is None:
        return Written(refused=NOT_BY_THE_BOOKS)
    data = {"reason": refusal.code, "command_id": refusal.command_id}
    fact = Fact("CommandRefused", refusal.case_id, refusal.at, refusal.by, None, data)
    if not await claim(connection, fact, 0):
        return Written(again=True)
    await queries.answer_command(
        connection,
        command_id=refusal.command_id,
        state=CommandState.REFUSED.value,
        refusal=refusal.code,
        at=refusal.at,
    )
    await log.append(connection, refusal.government_id, [fact])
    return Written()


def _person(command: Command) -> str | None:
    """The person who decided; what follows from another case's move is nobody's decision."""
    return None if command.capacity == Capacity.SYSTEM else command.actor_id


async def case_facts(connection: Connection, case_id: str) -> Facts:
    """Return what authority over a case depends on; raises LookupError when there is no such case."""
    name = cases.parse(case_id)
    if name.kind in cases.GROUPS:
        return await group_rows.facts(connection, case_id)
    if name.kind == CaseKind.MUTATION:
        known = await mutation_facts(connection, [name.key])
        if name.key not in known:
            raise LookupError(f"no such case: {case_id}")
        return known[name.key]
    find = {
        CaseKind.SECONDMENT: queries.secondment_facts,
        CaseKind.SURGE: queries.surge_facts,
        CaseKind.OPERATION: queries.operation_facts,
        CaseKind.THIN: queries.thin_facts,
    }[name.kind]
    row = await find(connection, key=name.key)
    if row is None:
        raise LookupError(f"no such case: {case_id}")
    hats = await queries.hats_of(connection, case_id=case_id)
    return CaseFacts(
        **dict(row), hats=tuple(Hat(hat["person_id"], Capacity(hat["capacity"])) for hat in hats)
    )


def command_of(row: Any) -> Command:
    """Return a decision, of its row."""
    kind = CommandKind(row["kind"])
    return Command(
        command_id=row["command_id"],
        government_id=row["government_id"],
        case_id=row["case_id"],
        kind=kind,
        actor_id=row["actor_id"] or BY_SYSTEM[kind],
        capacity=Capacity(row["capacity"]),
        decided_at=row["decided_at"],
        on_behalf_of=row["on_behalf_of"],
        tenure=Tenure(row["tenure"]),
        mandate_id=row["mandate_id"],
        choice=row["choice"],
        details=row["details"],
        state=CommandState(row["state"]),
        refusal=row["refusal"],
    )
