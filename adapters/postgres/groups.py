"""The book of batches and swaps: a group moves, and whoever goes with it moves in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from adapters.postgres import decrees, departed, mutation_moves
from adapters.postgres.commands import command_of
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.group_rows import GROUP_LIFE, formed_of, life_of_group, open_case_of
from adapters.postgres.moves import claim_command, finish, follow
from adapters.postgres.mutation_moves import POSITION_TAKEN, Forbidden
from adapters.postgres.mutation_rows import life_of, life_sha256, matter_of
from domain import cases
from domain.cases import OpenCase
from domain.commands import Command
from domain.log import Attribution
from domain.moves import NOT_BY_THE_BOOKS
from domain.mutation.believing import GroupBooks, disbelieved_of_group
from domain.mutation.circles import Waiting, circle_among, form_a_swap
from domain.mutation.group_facts import EVENT_OF
from domain.mutation.group_life import GroupLife, GroupState, GroupTrigger
from domain.mutation.group_moving import (
    GroupMove,
    GroupWritten,
    Judge,
    Member,
    arrivals_fault,
    ring_fault,
)
from domain.mutation.life import Group
from domain.mutation.machine import Refused
from domain.mutation.moving import Issued
from domain.mutation.states import FELL_OUT, GroupKind, State, Trigger
from domain.rebuild import said
from domain.rules import RulePack


class GroupBook:
    """Batches and swaps."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

    async def government(self, case_id: str) -> str:
        """Return whose a group is; raises LookupError."""
        async with self._database.reading() as connection:
            row = await queries.group_facts(connection, case_id=case_id)
        if row is None:
            raise LookupError(f"no such group: {case_id}")
        return str(row["government_id"])

    async def move(
        self,
        group: Group,
        judge: Judge,
        *,
        trigger: GroupTrigger,
        by: Attribution,
        dry: bool,
        issues: Issued | None = None,
    ) -> GroupWritten:
        """Lock a group and its members, ask the judge, and write what it says in one transaction; `dry` writes nothing.

        Asked twice for one decision, the second time nothing is written, and everybody is named who may have to be told.
        """
        async with self._database.writing() as connection:
            row = await queries.lock_group(connection, case_id=cases.group(group))
            members = await self._members(connection, group)
            life = _life_of(row, tuple(members))
            try:
                async with connection.transaction():
                    if not dry and not await _claimed(connection, trigger, by):
                        return GroupWritten(life, moved=tuple(members))
                    if not dry:
                        _comes_with_its_signature(trigger, issues)
                    await _believe(connection, life, trigger, by, issues)
                    return await self._judged(connection, life, judge(life, members), dry=dry)
            except Forbidden as forbidden:
                return GroupWritten(life, refused=forbidden.code)
            except asyncpg.PostgresError as error:
                if error.sqlstate != POSITION_TAKEN:
                    raise
                return GroupWritten(life, refused="position_taken")

    async def _judged(
        self, connection: Connection, life: GroupLife, move: GroupMove | Refused, *, dry: bool
    ) -> GroupWritten:
        """Write what the judge said; raises Forbidden, which takes back whatever was claimed for it."""
        if isinstance(move, Refused):
            raise Forbidden(move.code)
        moved = tuple(one.matter.mutation_id for one in move.members)
        if dry or move.life.revision == life.revision:
            return GroupWritten(life, moved=moved)
        return await self._write(connection, move, moved)

    async def _write(self, connection: Connection, move: GroupMove, moved: tuple[str, ...]) -> GroupWritten:
        formed = await _move(connection, move)
        beside = [await mutation_moves.apply(connection, one) for one in move.members]
        in_effect = [one for one in move.members if one.trigger == Trigger.TAKE_EFFECT]
        await mutation_moves.no_place_taken_twice(connection, in_effect)
        of_group: dict[str, Any] = {said.DRAFTED: formed_of(formed)} if move.life.revision == 1 else {}
        if move.issues:
            of_group |= await decrees.issue(connection, move.issues, move.fact.case_id, moved)
        for one in move.members:
            await follow(connection, move.government_id, one.fact, one.duties)
        also = [mutation_moves.fact_of(*one) for one in zip(move.members, beside, strict=True)]
        fact = said.of_group(move, life_sha256(GROUP_LIFE.dump_python(move.life, mode="json")), of_group)
        await finish(connection, move.government_id, fact, move.duties, also)
        for one in move.members:
            await departed.of_mutation(connection, one)
        return GroupWritten(move.life, moved=moved)

    async def standing(self, case_id: str) -> OpenCase | None:
        """Return an open group as the registry has it; None where it holds none such open."""
        async with self._database.reading() as connection:
            rows = await queries.open_groups(connection, case_id=case_id)
        return open_case_of(rows[0]) if rows else None

    async def _members(self, connection: Connection, group: Group) -> dict[str, Member]:
        rows = await queries.lock_members(connection, case_id=cases.group(group))
        found = {}
        for row in rows:
            life = life_of(row)
            assert life is not None  # only what is proposed can be put together
            found[row["mutation_id"]] = Member(matter_of(row, self._rules), life)
        return found

    async def board(self, government_id: str, id_prefix: str = "") -> list[dict[str, Any]]:
        """Return the batches and swaps of a government, the newest first."""
        async with self._database.reading() as connection:
            rows = await queries.group_board(connection, government_id=government_id, id_prefix=id_prefix)
        return [dict(row) for row in rows]

    async def members(self, case_id: str) -> list[dict[str, Any]]:
        """Return everybody who was put together, each where the own case stands."""
        async with self._database.reading() as connection:
            rows = await queries.group_members_board(connection, case_id=case_id)
        return [
            dict(row)
            | {
                "case_id": cases.mutation(row["mutation_id"]),
                "goes_along": row["goes_along"] and row["state"] not in FELL_OUT,
            }
            for row in rows
        ]

    async def decrees(self, case_id: str) -> list[dict[str, Any]]:
        """Return the decrees that were signed for a group, in the order of their numbers."""
        async with self._database.reading() as connection:
            return [dict(row) for row in await queries.group_decrees(connection, case_id=case_id)]

    async def paper(self, case_id: str, decree_id: str) -> tuple[bytes, dict[str, Any]] | None:
        """Return a signed decree of a group with its record; None where there is none."""
        async with self._database.reading() as connection:
            row = await queries.group_paper(connection, case_id=case_id, decree_id=decree_id)
        return (row["file"], row["record"]) if row else None


async def draft(
    connection: Connection, command: Command, kind: GroupKind, mutation_ids: Sequence[str], rule_pack: str
) -> None:
    """Keep the draft of a group inside the caller's transaction; raises LookupError naming what cannot go together."""
    rows = await queries.mutations_to_group(
        connection, government_id=command.government_id, mutation_ids=list(mutation_ids)
    )
    known = {row["mutation_id"]: row for row in rows}
    if missing := [one for one in mutation_ids if one not in known or known[one]["state"] == "DRAFT"]:
        raise LookupError(f"mutations: {missing[0]} is no open mutation of this government")
    if taken := [one for one, row in known.items() if row["group_case"]]:
        raise LookupError(f"mutations: {taken[0]} goes with {known[taken[0]]['group_case']} already")
    if others := [one for one, row in known.items() if row["rule_pack"] != rule_pack]:
        raise LookupError(f"mutations: {others[0]} began under another rule pack")
    ends = {one: (row["from_position"], row["position_id"]) for one, row in known.items()}
    arriving = {one for one, row in known.items() if row["between_governments"]}
    if fault := arrivals_fault(kind, arriving, ends) or ring_fault(kind, ends):
        raise LookupError(f"mutations: {fault}")
    if kind == GroupKind.BATCH:
        await _no_circle(connection, sorted(known))
    await queries.draft_group(
        connection,
        case_id=command.case_id,
        government_id=command.government_id,
        kind=kind.value,
        rule_pack=rule_pack,
        command_id=command.command_id,
        mutation_ids=sorted(known),
        at=command.decided_at,
    )


async def _no_circle(connection: Connection, mutation_ids: Sequence[str]) -> None:
    """Raise LookupError where some of these wait for each other's full posts: each of a batch goes alone, and none could."""
    every = [one.value for one in State]
    rows = await queries.waiting_for_full_posts(connection, mutation_id=mutation_ids[0], states=every)
    if circle := circle_among([Waiting(**row) for row in rows if row["mutation_id"] in mutation_ids]):
        raise LookupError(f"mutations: {form_a_swap(circle)}")


async def _claimed(connection: Connection, trigger: GroupTrigger, by: Attribution) -> bool:
    return by.command_id is None or await claim_command(connection, by.command_id, EVENT_OF[trigger])


def _comes_with_its_signature(trigger: GroupTrigger, issues: Issued | None) -> None:
    """Raise Forbidden for a decree that comes with anything but its signature, and a signature without one."""
    if (issues is not None) != (trigger == GroupTrigger.SIGN_DECREE):
        raise Forbidden(NOT_BY_THE_BOOKS)


async def _believe(
    connection: Connection, life: GroupLife, trigger: GroupTrigger, by: Attribution, issues: Issued | None
) -> None:
    """Raise Forbidden where the books have not what the move follows from, whoever sends it."""
    named = by.command_id and await queries.command_by_id(connection, command_id=by.command_id)
    answer = await decrees.answer_of(connection, life.asked)
    books = GroupBooks(life, command_of(named) if named else None, answer)
    if code := disbelieved_of_group(books, trigger, by, issues):
        raise Forbidden(code)


def _life_of(row: Any, members: tuple[str, ...]) -> GroupLife:
    draft = GroupLife(cases.group_of(row["case_id"]), GroupState.DRAFT, 0, row["formed_at"], members)
    return life_of_group(row) or draft


async def _move(connection: Connection, move: GroupMove) -> Any:
    """Write where the group stands; return its whole row."""
    life = move.life
    done = await queries.move_group(
        connection,
        case_id=move.fact.case_id,
        state=life.state.value,
        revision=life.revision,
        life=GROUP_LIFE.dump_python(life, mode="json"),
        open=not life.ended,
        at=move.fact.at,
    )
    assert done is not None  # its row is locked since it was read
    return done
