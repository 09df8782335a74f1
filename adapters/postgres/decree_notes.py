"""What a decree cites of its cases: the clearances and minutes that it takes note of, and the decrees that it undoes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from adapters.postgres.database import Connection, queries
from adapters.postgres.dossiers import agency_of
from domain import cases
from domain.mutation.decree_words import Cited, taken_note_of
from domain.mutation.heads import office_of
from domain.mutation.kinds import kind_of
from domain.mutation.rules import ClearanceKind, DecreeOffice
from domain.rules import RulePack


async def notes_of(
    connection: Connection, mutation_ids: Sequence[str], pack: RulePack, zone: str
) -> tuple[str, ...]:
    """Return what the decree of these mutations takes note of: whatever has a number of its own.

    Minutes are one person's: a decree of several names none.
    """
    case_ids = [cases.mutation(one) for one in mutation_ids]
    granted = await queries.clearances_to_note(connection, case_ids=case_ids)
    counselled = await queries.counsels_to_note(connection, case_ids=case_ids)
    heard = (
        await queries.minutes_to_note(connection, mutation_id=mutation_ids[0])
        if len(mutation_ids) == 1
        else []
    )
    return taken_note_of(
        pack.decree,
        [
            (
                ClearanceKind(row["clearance"]),
                _cited(row),
            )
            for row in granted
            if row["reference"]
        ],
        [Cited(row["number"], _day(row["filed_at"], zone)) for row in heard if row["number"]],
        panel=[_cited(row) for row in counselled if row["panel"] and row["reference"]],
        counsel=[_cited(row) for row in counselled if not row["panel"] and row["reference"]],
        decreed_by={
            _cited(row): await _decreed_by(connection, row["case_id"], pack)
            for row in granted
            if row["clearance"] == ClearanceKind.MUTATION_DECREE and row["reference"]
        },
    )


async def _decreed_by(connection: Connection, case_id: str, pack: RulePack) -> DecreeOffice:
    """Return whose decree moves somebody between governments."""
    row = await queries.mutation_by_id(connection, mutation_id=cases.parse(case_id).key)
    kind = kind_of(
        await agency_of(connection, row["origin_id"]), await agency_of(connection, row["government_id"])
    )
    return pack.mutation.routes[kind].decree


def _cited(row: Any) -> Cited:
    return Cited(row["reference"], date.fromisoformat(row["dated"]) if row["dated"] else None)


def undone_by(people: Sequence[Any], zone: str) -> tuple[Cited, ...]:
    """Return the decrees of the own government that these people's cases undo, each once, in the order of their numbers."""
    cited = {
        Cited(row["undone_number"], _day(row["undone_at"], zone))
        for row in people
        if row["undone_number"] and not row["undone_government"]
    }
    return tuple(sorted(cited, key=lambda one: (one.dated or date.min, one.number)))


def come_back_from(people: Sequence[Any], zone: str, pack: RulePack) -> tuple[tuple[str, Cited], ...]:
    """Return the same of other governments, each with whose it is: nobody revokes what another government has decreed."""
    cited = {
        (
            office_of(
                pack.mutation.decree.authority,
                level=row["undone_level"],
                name=row["undone_government"],
                place=row["undone_place"],
            ),
            Cited(row["undone_number"], _day(row["undone_at"], zone)),
        )
        for row in people
        if row["undone_government"]
    }
    return tuple(sorted(cited, key=lambda one: (one[0], one[1].number)))


def _day(at: Any, zone: str) -> date:
    on: date = at.astimezone(ZoneInfo(zone)).date()
    return on
