"""The book of mutations: their drafts, their moves, what the rules said of them, and what the books have against a move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from adapters.postgres import case_papers, decrees
from adapters.postgres.commands import command_of
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.dossiers import DossierBook
from adapters.postgres.moves import claim, finish
from adapters.postgres.mutation_rows import LIFE, life_of, life_sha256, matter_of, open_case_of
from domain import cases
from domain.authority import Capacity, Tenure
from domain.cases import OpenCase
from domain.commands import Command
from domain.moves import Written
from domain.mutation.asking import Asked
from domain.mutation.believing import NOT_BY_THE_BOOKS, Books, disbelieved
from domain.mutation.canonical import dossier_as_json, read_dossier
from domain.mutation.documents import Document
from domain.mutation.dossier import Approver, Dossier
from domain.mutation.findings import Rule
from domain.mutation.kinds import Initiative
from domain.mutation.matter import Matter
from domain.mutation.moving import MutationMove
from domain.mutation.reasons import OverrideGround
from domain.mutation.screening import Override, Weighed, override_fault, weigh
from domain.mutation.states import State, Trigger
from domain.rebuild import said
from domain.rules import RulePack

POSITION_TAKEN = "SG003"
_BEFORE_SCREENING = frozenset({State.DRAFT, State.PROPOSED, State.SCREENING, State.RETURNED})


class _Forbidden(Exception):
    """The books do not let the move be; raised inside the transaction, so that nothing is written."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MutationBook:
    """Mutations."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack], dossiers: DossierBook) -> None:
        self._database = database
        self._rules = rules
        self._dossiers = dossiers

    async def write(self, move: MutationMove) -> Written:
        """Write one move, with the decree that it issues or the exchange of positions that it makes; or say what forbids it."""
        try:
            return await self._write(move)
        except _Forbidden as forbidden:
            return Written(refused=forbidden.code)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name != "one_mutation_at_a_time":
                raise
            return Written(refused="another_mutation_open")
        except asyncpg.PostgresError as error:
            if error.sqlstate != POSITION_TAKEN:
                raise
            return Written(refused="position_taken")

    async def _write(self, move: MutationMove) -> Written:
        async with self._database.writing() as connection:
            if not await claim(connection, move.fact, move.life.revision):
                return Written(again=True)
            if code := disbelieved(move, await self._books(connection, move)):
                raise _Forbidden(code)
            if move.trigger == Trigger.RESUBMIT:
                await _mend(connection, move)
            await _move(connection, move)
            await case_papers.owe(connection, move)
            if move.trigger == Trigger.OVERRIDE_RULE:
                await _override(connection, move)
            if move.trigger == Trigger.TAKE_EFFECT:
                await _exchange(connection, move)
            if move.issues:
                await decrees.issue(connection, move.issues)
            fact = said.of_mutation(move, life_sha256(LIFE.dump_python(move.life, mode="json")))
            await finish(connection, move.matter.government_id, fact, move.duties)
        return Written()

    async def _books(self, connection: Connection, move: MutationMove) -> Books:
        """Return what there must be for a move, whoever sends it; the case cannot move meanwhile."""
        row = await queries.mutation_before_move(
            connection, mutation_id=move.matter.mutation_id, by_case=str(move.fact.data.get("by_case", ""))
        )
        if row is None:
            raise _Forbidden(NOT_BY_THE_BOOKS)
        command_id = move.fact.by.command_id
        named = command_id and await queries.command_by_id(connection, command_id=command_id)
        return Books(
            matter_of(row, self._rules),
            life_of(row),
            command_of(named) if named else None,
            row["undone"],
        )

    async def standing(self, mutation_id: str) -> OpenCase | None:
        """Return an open mutation as the registry has it; None where it holds none such open."""
        async with self._database.reading() as connection:
            rows = await queries.open_mutations(connection, key=mutation_id)
        return open_case_of(rows[0], self._rules) if rows else None

    async def matter(self, mutation_id: str) -> Matter:
        """Return what a mutation is about, as its file names it now."""
        async with self._database.reading() as connection:
            return matter_of(await queries.mutation_by_id(connection, mutation_id=mutation_id), self._rules)

    async def screen(self, mutation_id: str, command_id: str, at: datetime) -> Weighed:
        """Ask the rules about a mutation as of an instant, and keep what they were asked and what they said."""
        row, weighed, dossier = await self._weigh(mutation_id, at)
        async with self._database.reading() as connection:
            await queries.keep_screening(
                connection,
                mutation_id=mutation_id,
                at=at,
                rule_pack=row["rule_pack"],
                dossier_sha256=weighed.screening.dossier_sha256,
                dossier=dossier.decode(),
                outcome=weighed.outcome.value,
                command_id=command_id,
            )
        return weighed

    async def rules_of(self, mutation_id: str, at: datetime) -> Weighed:
        """Return what the rules say: as they were asked at the last screening, once that is passed; else as of an instant."""
        async with self._database.reading() as connection:
            row = await queries.mutation_by_id(connection, mutation_id=mutation_id)
            kept = await queries.last_screening(connection, mutation_id=mutation_id)
            granted = await queries.rule_overrides(connection, mutation_id=mutation_id)
        if kept is None or State(row["state"]) in _BEFORE_SCREENING:
            return (await self._weigh(mutation_id, at))[1]
        rules = self._rules[kept["rule_pack"]].mutation
        return weigh(read_dossier(kept["dossier"].encode()), rules, [_granted(one) for one in granted])

    async def board(self, government_id: str, state: str | None, id_prefix: str) -> list[dict[str, Any]]:
        """Return the mutations of a government, the newest first."""
        async with self._database.reading() as connection:
            rows = await queries.mutation_board(
                connection, government_id=government_id, state=state, id_prefix=id_prefix
            )
        return [dict(row) | {"case_id": cases.mutation(row["mutation_id"])} for row in rows]

    async def paper(self, mutation_id: str, paper: str) -> tuple[bytes, dict[str, Any] | None] | None:
        """Return the decree of a mutation with its record, or its extract without one; None where there is none."""
        async with self._database.reading() as connection:
            row = await queries.decree_paper(connection, mutation_id=mutation_id, paper=paper)
        return (row["file"], row["record"]) if row else None

    async def override_fault(self, mutation_id: str, command: Command, at: datetime) -> str | None:
        """Say what forbids the override that a command asks for, or None."""
        row, dossier, _ = await self._asked(mutation_id, at)
        rules = self._rules[row["rule_pack"]].mutation
        try:
            rule, ground = Rule(str(command.details.get("rule"))), OverrideGround(command.choice or "")
        except ValueError:
            return "faulty_details"
        by = Approver(command.actor_id, command.capacity, None, command.tenure, command.on_behalf_of)
        finding = weigh(dossier, rules).screening.finding(rule)
        return override_fault(Override(rule, by, ground), finding, dossier, rules)

    async def _weigh(self, mutation_id: str, at: datetime) -> tuple[Any, Weighed, bytes]:
        row, dossier, overrides = await self._asked(mutation_id, at)
        weighed = weigh(dossier, self._rules[row["rule_pack"]].mutation, overrides)
        return row, weighed, dossier_as_json(dossier)

    async def _asked(self, mutation_id: str, at: datetime) -> tuple[Any, Dossier, list[Override]]:
        async with self._database.reading() as connection:
            row = await queries.mutation_by_id(connection, mutation_id=mutation_id)
            government = await queries.government_by_id(connection, government_id=row["government_id"])
            reserved = await queries.reservations_of(
                connection, position_id=row["position_id"], mutation_id=mutation_id
            )
            granted = await queries.rule_overrides(connection, mutation_id=mutation_id)
        asked = Asked(
            government_id=row["government_id"],
            case_id=cases.mutation(mutation_id),
            person_id=row["person_id"],
            position_id=row["position_id"],
            initiative=Initiative(row["initiative"]),
            proposer_id=row["proposer_id"],
            documents=frozenset(Document(one) for one in row["documents"]),
            asked_on=at.astimezone(ZoneInfo(government["zone"])).date(),
            reserved_by=frozenset(cases.mutation(one["mutation_id"]) for one in reserved),
        )
        return row, await self._dossiers.dossier(asked), [_granted(one) for one in granted]


def _granted(row: Any) -> Override:
    by = Approver(
        row["person_id"],
        Capacity(row["capacity"]),
        None,
        Tenure(row["tenure"]),
        row["principal_id"],
        row["written_by"],
    )
    return Override(Rule(row["rule"]), by, OverrideGround(row["ground"]))


async def _move(connection: Connection, move: MutationMove) -> None:
    life = move.life
    done = await queries.move_mutation(
        connection,
        mutation_id=move.matter.mutation_id,
        state=life.state.value,
        revision=life.revision,
        life=LIFE.dump_python(life, mode="json"),
        since=life.since,
        position_id=life.position_id,
        open=not life.ended,
        reserves=life.reserves,
        at=move.fact.at,
    )
    if done is None:
        raise RuntimeError(
            f"{move.fact.case_id} was moved by somebody else; no move follows revision {life.revision}"
        )


async def _mend(connection: Connection, move: MutationMove) -> None:
    """Take what a file that is sent again brings; it may name another position, of the same government."""
    position, matter = move.life.position_id, move.matter
    if position == matter.from_position:
        raise _Forbidden("same_post")
    unit = await queries.unit_of_position(
        connection, position_id=position, government_id=matter.government_id
    )
    if unit is None:
        raise _Forbidden("no_such_position")
    if more := str(move.fact.data.get("documents", "")).split():
        await queries.hand_in(connection, mutation_id=matter.mutation_id, documents=more)


async def _override(connection: Connection, move: MutationMove) -> None:
    await queries.add_rule_override(
        connection,
        mutation_id=move.matter.mutation_id,
        rule=move.fact.data["rule"],
        ground=move.fact.data["choice"],
        command_id=move.fact.by.command_id,
        at=move.fact.at,
    )


async def _exchange(connection: Connection, move: MutationMove) -> None:
    """Give the person the new position, and both units what follows: who is counted there, and who heads them."""
    matter, person, at = move.matter, move.matter.concerned.person_id, move.fact.at
    taken = await queries.take_position(
        connection,
        person_id=person,
        from_position=matter.from_position,
        position_id=move.life.position_id,
        at=at,
    )
    if taken is None:
        raise _Forbidden("holds_another_position")
    for position, change in ((matter.from_position, -1), (move.life.position_id, 1)):
        await queries.count_heads(connection, position_id=position, change=change, rule_pack=matter.pack)
    await queries.end_headship(
        connection,
        person_id=person,
        unit_id=matter.concerned.releasing_unit,
        government_id=matter.government_id,
        at=at,
    )
    await queries.begin_headship(connection, person_id=person, position_id=move.life.position_id, at=at)
