"""The book of mutations: their drafts, their moves, what the rules said of them, and what the books have against a move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from adapters.postgres import decrees, departed, leaving
from adapters.postgres.commands import command_of
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.dossiers import DossierBook
from adapters.postgres.moves import claim, finish
from adapters.postgres.mutation_moves import POSITION_TAKEN, Forbidden, apply, fact_of, no_place_taken_twice
from adapters.postgres.mutation_rows import life_of, matter_of, open_case_of
from adapters.postgres.second_decrees import DOES
from domain import cases
from domain.authority import Capacity, Tenure
from domain.cases import OpenCase
from domain.commands import Command, CommandKind
from domain.moves import NOT_BY_THE_BOOKS, Written
from domain.mutation.asking import Asked
from domain.mutation.believing import Books, disbelieved
from domain.mutation.canonical import dossier_as_json, read_dossier
from domain.mutation.circles import MAY_SWAP, Waiting, circle_through
from domain.mutation.documents import Document
from domain.mutation.dossier import Approver, Dossier
from domain.mutation.findings import Rule
from domain.mutation.kinds import Initiative
from domain.mutation.life import Life
from domain.mutation.matter import Matter
from domain.mutation.moving import MutationMove
from domain.mutation.reasons import OverrideGround
from domain.mutation.screening import Judged, Override, Weighed, override_fault, weigh
from domain.mutation.siasn import Decreed, position_entry
from domain.mutation.states import State, Trigger
from domain.rules import RulePack

_BEFORE_SCREENING = frozenset({State.DRAFT, State.PROPOSED, State.SCREENING, State.RETURNED})


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
        except Forbidden as forbidden:
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
                raise Forbidden(code)
            beside = await apply(connection, move)
            if move.trigger == Trigger.TAKE_EFFECT:
                await no_place_taken_twice(connection, [move])
            if move.issues:
                mutation = (move.matter.mutation_id,)
                amends = move.life.amended.decree_id if move.life.amended else None
                beside |= await decrees.issue(
                    connection, move.issues, move.fact.case_id, mutation, amends=amends
                )
            fact = fact_of(move, beside)
            await leaving.tell_origin(connection, move)
            await finish(connection, move.matter.government_id, fact, move.duties)
            await departed.of_mutation(connection, move)
        return Written()

    async def _books(self, connection: Connection, move: MutationMove) -> Books:
        """Return what there must be for a move, whoever sends it; the case cannot move meanwhile."""
        row = await queries.mutation_before_move(
            connection, mutation_id=move.matter.mutation_id, by_case=str(move.fact.data.get("by_case", ""))
        )
        if row is None:
            raise Forbidden(NOT_BY_THE_BOOKS)
        command_id = move.fact.by.command_id
        named = command_id and await queries.command_by_id(connection, command_id=command_id)
        life = life_of(row)
        return Books(
            matter_of(row, self._rules),
            life,
            command_of(named) if named else None,
            row["undone"],
            await decrees.answer_of(connection, life.asked if life else None),
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

    async def stands(self, mutation_id: str) -> Life | None:
        """Return where a mutation stands by the books, which its group may have moved; None before its first move."""
        async with self._database.reading() as connection:
            return life_of(await queries.stands_of_mutation(connection, mutation_id=mutation_id))

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

    async def rules_of(self, mutation_id: str, at: datetime) -> Judged:
        """Return what the rules say: as they were asked at the last screening, once that is passed; else as of an instant."""
        async with self._database.reading() as connection:
            row = await queries.mutation_by_id(connection, mutation_id=mutation_id)
            kept = await queries.last_screening(connection, mutation_id=mutation_id)
            granted = await queries.rule_overrides(connection, mutation_id=mutation_id)
        if kept is None or State(row["state"]) in _BEFORE_SCREENING:
            _, weighed, line = await self._weigh(mutation_id, at)
            return Judged(weighed, read_dossier(line), None)
        dossier, rules = read_dossier(kept["dossier"].encode()), self._rules[kept["rule_pack"]].mutation
        weighed = weigh(dossier, rules, [_granted(one) for one in granted])
        return Judged(weighed, dossier, kept["screened_at"])

    async def words_of(self, mutation_id: str) -> dict[str, Any]:
        """Return who overrode which rule, how the case was assessed, its errata, and what people said of it in their own words."""
        async with self._database.reading() as connection:
            overrides = await queries.overrides_told(connection, mutation_id=mutation_id)
            assessed = await queries.assessment_told(connection, mutation_id=mutation_id)
            counselled = await queries.counsel_told(connection, mutation_id=mutation_id)
            errata = await queries.errata_told(connection, mutation_id=mutation_id)
            words = await queries.words_of_mutation(connection, mutation_id=mutation_id)
        return {
            "overrides": [dict(row) for row in overrides],
            "assessment": dict(assessed) if assessed else None,
            "counsel": dict(counselled) if counselled else None,
            "errata": [dict(row) for row in errata],
            "words": [dict(row) for row in words],
        }

    async def circle_of(self, mutation_id: str) -> tuple[str, ...]:
        """Return the cases, itself first, that wait for each other's full posts and could be a swap; () where none do."""
        async with self._database.reading() as connection:
            rows = await queries.waiting_for_full_posts(
                connection, mutation_id=mutation_id, states=[one.value for one in MAY_SWAP]
            )
        return circle_through(mutation_id, [Waiting(**row) for row in rows])

    async def lawsuits_of_undone(self, mutation_id: str) -> list[dict[str, Any]]:
        """Return the lawsuits about the decree that a mutation is to undo."""
        async with self._database.reading() as connection:
            return await queries.lawsuits_of_undone(connection, mutation_id=mutation_id) or []

    async def entry_of(
        self, mutation_id: str, dossier: Dossier, rule_pack: str
    ) -> dict[str, str | None] | None:
        """Return what its entry in SIASN says; None before the decree is issued."""
        async with self._database.reading() as connection:
            row = await queries.decreed_of_mutation(connection, mutation_id=mutation_id)
        siasn = self._rules[rule_pack].mutation.siasn
        return position_entry(Decreed(**row), dossier, siasn) if row else None

    async def board(self, government_id: str, state: str | None, id_prefix: str) -> list[dict[str, Any]]:
        """Return the mutations of a government, the newest first."""
        async with self._database.reading() as connection:
            rows = await queries.mutation_board(
                connection, government_id=government_id, state=state, id_prefix=id_prefix
            )
        return [dict(row) | {"case_id": cases.mutation(row["mutation_id"])} for row in rows]

    async def paper(
        self, mutation_id: str, paper: str, *, whole: bool
    ) -> tuple[bytes, dict[str, Any] | None] | None:
        """Return the decree of a mutation, or its extract, with its record; None where there is none.

        `whole`: also a decree that is others' too. The list is served to nobody on it.
        """
        async with self._database.reading() as connection:
            row = await queries.decree_paper(connection, mutation_id=mutation_id, paper=paper, whole=whole)
        return (row["file"], row["record"]) if row else None

    async def second_paper(
        self, mutation_id: str, paper: str, number: str | None = None
    ) -> tuple[bytes, dict[str, Any] | None] | None:
        """Return a second decree about that of a mutation, or its extract, with its record; None where there is none.

        Of several it is the one of that `number`, else the newest.
        """
        async with self._database.reading() as connection:
            row = await queries.second_paper(connection, mutation_id=mutation_id, paper=paper, number=number)
        return (row["file"], row["record"]) if row else None

    async def second_decrees(self, mutation_id: str) -> list[dict[str, Any]]:
        """Return the second decrees of a mutation that are signed, the first one first."""
        async with self._database.reading() as connection:
            rows = await queries.second_decrees_told(connection, mutation_id=mutation_id)
        return [dict(row) | {"does": DOES[CommandKind(row["kind"])].value} for row in rows]

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
            along = await queries.gone_with(connection, mutation_id=mutation_id)
        asked = Asked(
            government_id=row["origin_id"],
            case_id=cases.mutation(mutation_id),
            person_id=row["person_id"],
            position_id=row["position_id"],
            initiative=Initiative(row["initiative"]),
            proposer_id=row["proposer_id"],
            documents=frozenset(Document(one) for one in row["documents"]),
            asked_on=at.astimezone(ZoneInfo(government["zone"])).date(),
            reserved_by=frozenset(cases.mutation(one["mutation_id"]) for one in reserved),
            vacated_by=frozenset(map(cases.mutation, along["vacated_by"])),
            left_by_same_decree=along["left_heads"],
            joined_by_same_decree=along["joined_heads"],
            restores=cases.mutation(row["reverses"]) if row["reverses"] else None,
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
