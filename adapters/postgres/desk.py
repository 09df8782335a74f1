"""Where actions are written down: decisions, and the cases that decisions ask for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.postgres import authors, commands, group_rows, groups, proposals, requests, thin
from adapters.postgres.bell import ANSWERS, Bell
from adapters.postgres.closing import ClosingBook
from adapters.postgres.database import Connection, Database, queries
from domain import cases
from domain.authority import Actor
from domain.cases import CARRIED
from domain.commands import Command, CommandState
from domain.mutation.authority import Facts as MutationFacts
from domain.mutation.group_authority import Facts as GroupFacts
from domain.mutation.proposing import Proposal
from domain.mutation.states import GroupKind
from domain.requests import LineRequest, OperationRequest, SurgeRequest, WarningTaken
from domain.rules import RulePack
from domain.who_may import Facts


class Desk:
    """Records what people decide, and waits for what becomes of it."""

    def __init__(self, database: Database, dsn: str, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._claims = ClosingBook(database, rules)
        self._answers = Bell(dsn, ANSWERS)

    async def close(self) -> None:
        """Stop listening for answers."""
        await self._answers.close()

    async def person_of(self, token: str) -> tuple[str, str] | None:
        """Return (person, government) of a token, or None."""
        async with self._database.reading() as connection:
            row = await queries.person_of_token(connection, token_sha256=_hash(token))
        return (row["person_id"], row["government_id"]) if row else None

    async def keep_tokens(self, government_id: str, tokens: Sequence[tuple[str, str]]) -> None:
        """Keep the hashes of tokens, given as (person, token)."""
        async with self._database.writing() as connection:
            await queries.keep_tokens(
                connection,
                government_id=government_id,
                hashes=[_hash(token) for _, token in tokens],
                person_ids=[person for person, _ in tokens],
            )

    async def tokens_held(self, government_id: str) -> frozenset[str]:
        """Return the people of a government who hold a token."""
        async with self._database.reading() as connection:
            rows = await queries.tokens_held(connection, government_id=government_id)
        return frozenset(row["person_id"] for row in rows)

    async def actor(self, person_id: str, government_id: str, at: datetime) -> Actor:
        """Return a person with the offices held at an instant."""
        async with self._database.reading() as connection:
            return await authors.actor(connection, person_id, government_id, at)

    async def facts(self, case_id: str) -> Facts:
        """Return what authority over a case depends on; raises LookupError."""
        async with self._database.reading() as connection:
            return await commands.case_facts(connection, case_id)

    async def proposed(self, government_id: str, proposal: Proposal) -> MutationFacts:
        """Return what authority over a mutation depends on before it is proposed; raises LookupError."""
        async with self._database.reading() as connection:
            return await proposals.before(connection, government_id, proposal)

    async def began(self, case_id: str) -> datetime | None:
        """Return when a case began, as far as its people are concerned: with the oral order, where that came first."""
        kind, _, key = case_id.partition(":")
        async with self._database.reading() as connection:
            at: datetime | None = await queries.case_began(connection, kind=kind, key=key)
        return at

    async def reckoned(self, case_id: str) -> int | None:
        """Return what the days of somebody who is home come to, over the whole stay; None of who is not."""
        return await self._claims.reckoned(cases.parse(case_id).key)

    async def record(
        self, command: Command, key: str, note: str | None = None, mends: tuple[str, str] | None = None
    ) -> Command:
        """Record a decision; free text is kept apart, also that of an erratum. What no workflow carries is answered at once."""
        name = cases.parse(command.case_id)
        async with self._database.writing() as connection:
            if name.kind not in CARRIED:
                # Before its tasks are: whoever looks at the units meanwhile locks the case first, too.
                await queries.lock_thin_unit(connection, key=name.key)
            note_id = command.command_id if note else None
            recorded = await commands.record(
                connection, command, key, note_id=note_id, body=(*((note,) if note else ()), *(mends or ()))
            )
            if note and recorded.command_id == command.command_id:
                await queries.add_note(connection, note_id=note_id, author_id=command.actor_id, body=note)
            if mends and recorded.command_id == command.command_id:
                written, meant = mends
                await queries.keep_erratum_words(
                    connection, command_id=command.command_id, written=written, meant=meant
                )
            if name.kind not in CARRIED and recorded.command_id == command.command_id:
                await thin.answer(connection, command)
            return recorded

    async def open_operation(
        self, command: Command, key: str, request: OperationRequest, rule_pack: str
    ) -> Command:
        """Record the opening of an operation, its draft, and the warning behind it.

        Raises WarningTaken when another operation stands for that warning: then nothing is recorded.
        """
        async with self._database.writing() as connection:
            recorded = await commands.record(connection, command, key, body=request.told())
            if recorded.command_id == command.command_id:
                await queries.draft_operation(
                    connection,
                    operation_id=command.case_id.partition(":")[2],
                    government_id=command.government_id,
                    title=request.title,
                    hazard=request.hazard,
                    rule_pack=rule_pack,
                    at=command.decided_at,
                )
                await _tie(connection, command, request)
            return recorded

    async def request_surge(
        self, command: Command, key: str, request: SurgeRequest, rule_pack: str
    ) -> Command:
        """Record a request for people, and its draft with all lines."""
        async with self._database.writing() as connection:
            recorded = await commands.record(connection, command, key, body=request.told())
            if recorded.command_id == command.command_id:
                await requests.draft(connection, command, request, rule_pack)
            return recorded

    async def propose_mutation(
        self, command: Command, key: str, proposal: Proposal, rule_pack: str
    ) -> Command:
        """Record a proposal, and its draft; raises LookupError naming what nobody knows: then nothing is recorded."""
        async with self._database.writing() as connection:
            recorded = await commands.record(connection, command, key, body=proposal.told())
            if recorded.command_id == command.command_id:
                await proposals.draft(connection, command, proposal, rule_pack)
            return recorded

    async def form_group(
        self, command: Command, key: str, kind: GroupKind, mutation_ids: Sequence[str], rule_pack: str
    ) -> Command:
        """Record that mutations go together, and the draft; raises LookupError naming what cannot: then nothing is recorded."""
        async with self._database.writing() as connection:
            recorded = await commands.record(
                connection, command, key, body=[kind.value, *sorted(mutation_ids)]
            )
            if recorded.command_id == command.command_id:
                await groups.draft(connection, command, kind, mutation_ids, rule_pack)
            return recorded

    async def to_group(self, government_id: str, mutation_ids: Sequence[str]) -> GroupFacts:
        """Return what authority over these mutations together depends on; raises LookupError naming one that is not there."""
        async with self._database.reading() as connection:
            return await group_rows.before(connection, government_id, mutation_ids)

    async def resubmit_surge(self, command: Command, key: str, request: SurgeRequest) -> Command:
        """Record that a request which was sent back is to be changed so."""
        async with self._database.writing() as connection:
            recorded = await commands.record(connection, command, key, body=request.told())
            if recorded.command_id == command.command_id:
                await requests.keep_change(connection, command, request)
            return recorded

    async def serves(self, person_id: str, government_id: str) -> bool:
        """Say whether somebody serves in a government."""
        async with self._database.reading() as connection:
            found = await queries.person_of_government(
                connection, person_id=person_id, government_id=government_id
            )
        return found is not None

    async def add_line(self, command: Command, key: str, line: LineRequest) -> Command:
        """Record that a line is to be added to a surge, and its draft."""
        surge_id = command.case_id.partition(":")[2]
        async with self._database.writing() as connection:
            recorded = await commands.record(connection, command, key, body=[line.told()])
            if recorded.command_id == command.command_id:
                number = await queries.next_line_number(connection, surge_id=surge_id)
                await queries.draft_line(
                    connection,
                    line_id=f"{surge_id}/{number:02}",
                    surge_id=surge_id,
                    command_id=command.command_id,
                    line=line.told(),
                )
            return recorded

    async def plan_surge(self, command: Command, key: str, keep: Sequence[tuple[str, str]]) -> Command:
        """Record that a plan is to be made, and whom it must keep, as (person, line)."""
        async with self._database.writing() as connection:
            recorded = await commands.record(
                connection, command, key, body=[list(pair) for pair in sorted(keep)]
            )
            if keep and recorded.command_id == command.command_id:
                await queries.keep_people(
                    connection,
                    command_id=command.command_id,
                    person_ids=[person for person, _ in keep],
                    line_ids=[line for _, line in keep],
                )
            return recorded

    async def open_teams(self, government_id: str, at: datetime) -> frozenset[tuple[str, str]]:
        """Return the teams (surge, name) of a government that ask for people, or may again."""
        async with self._database.reading() as connection:
            rows = await queries.open_teams(connection, government_id=government_id, at=at)
        return frozenset((row["surge_id"], row["team"]) for row in rows)

    async def answer(self, command_id: str, within: float) -> Command:
        """Wait for the answer to a decision, at most `within` seconds; return it as it then stands."""
        while True:
            command = await self._find(command_id)
            if command.state != CommandState.RECORDED or within <= 0:
                return command
            # One look a second, should the bell be lost.
            await self._answers.ring_for(command_id, min(1.0, within))
            within -= 1.0

    async def _find(self, command_id: str) -> Command:
        return await commands.CommandBook(self._database).find(command_id)


async def _tie(connection: Connection, command: Command, request: OperationRequest) -> None:
    """Tie the warning to the operation in the same transaction, so that one warning opens one operation."""
    if request.alert is None:
        return
    sender, identifier = request.alert
    tied = await queries.tie_alert(
        connection,
        government_id=command.government_id,
        sender=sender,
        identifier=identifier,
        operation_id=command.case_id.partition(":")[2],
    )
    if tied is None:
        raise WarningTaken(f"{sender} {identifier}")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
