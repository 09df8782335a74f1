"""What runs by the registry: open cases and open secondments, for starting and reconciling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from adapters.postgres.database import Database, queries
from adapters.postgres.group_rows import open_case_of as group_case_of
from adapters.postgres.mutation_rows import open_case_of
from adapters.postgres.operations import life_of as operation_life
from adapters.postgres.placements import life_of, seat_of
from domain import cases, operation, surge
from domain.authority import Capacity
from domain.cases import CaseKind, OpenCase
from domain.moves import Seat
from domain.oral import Oral
from domain.rules import RulePack
from domain.secondment import Life
from domain.unmet import Unmet


class Registry:
    """Reads open cases."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

    async def open_case(self, case_id: str) -> OpenCase:
        """Return one case that has not ended; raises LookupError."""
        name = cases.parse(case_id)
        async with self._database.reading() as connection:
            if name.kind == CaseKind.MUTATION:
                for row in await queries.open_mutations(connection, key=name.key):
                    return open_case_of(row, self._rules)
                raise LookupError(f"no open case: {case_id}")
            if name.kind in cases.GROUPS:
                for row in await queries.open_groups(connection, case_id=case_id):
                    return group_case_of(row)
                raise LookupError(f"no open case: {case_id}")
            find = queries.open_surges if name.kind == CaseKind.SURGE else queries.open_operations
            newest = await queries.newest_standings(connection, key=name.key)
            for row in await find(connection, key=name.key):
                return _case(name.kind, row, newest)
        raise LookupError(f"no open case: {case_id}")

    async def open_cases(self) -> Sequence[OpenCase]:
        """Return every operation, surge, mutation and group of mutations that has not ended."""
        async with self._database.reading() as connection:
            operations = await queries.open_operations(connection, key=None)
            newest = await queries.newest_standings(connection, key=None)
            surges = await queries.open_surges(connection, key=None)
            mutations = await queries.open_mutations(connection, key=None)
            groups = await queries.open_groups(connection, case_id=None)
        return (
            [_case(CaseKind.OPERATION, row, newest) for row in operations]
            + [_case(CaseKind.SURGE, row) for row in surges]
            + [open_case_of(row, self._rules) for row in mutations]
            + [group_case_of(row) for row in groups]
        )

    async def open_secondments(self) -> Sequence[tuple[Seat, Life, str]]:
        """Return every secondment that has not ended, with its rule pack."""
        async with self._database.reading() as connection:
            rows = await queries.open_placements(connection, surge_id=None, settling=True)
        return [(seat_of(row), life_of(row), row["rule_pack"]) for row in rows]

    async def zone(self, government_id: str) -> tzinfo:
        """Return the zone that a government's offices live by; raises LookupError."""
        async with self._database.reading() as connection:
            name = await queries.zone_of_government(connection, government_id=government_id)
        if name is None:
            raise LookupError(f"no such government: {government_id}")
        return ZoneInfo(name)


def _case(kind: CaseKind, row: Any, newest: Sequence[Any] = ()) -> OpenCase:
    life: surge.Life | operation.Life | None = None
    if row["state"] != "DRAFT" and kind == CaseKind.SURGE:
        life = _surge_life(row)
    elif row["state"] != "DRAFT":
        life = operation_life(row, newest)
    key = row["surge_id"] if kind == CaseKind.SURGE else row["operation_id"]
    case_id = cases.surge(key) if kind == CaseKind.SURGE else cases.operation(key)
    return OpenCase(case_id, row["government_id"], row["command_id"], row["rule_pack"], life)


def _surge_life(row: Any) -> surge.Life:
    oral = row["paper_by"] and Oral(
        by=row["oral_by"],
        capacity=Capacity(row["oral_capacity"]),
        given_at=row["oral_at"],
        paper_by=row["paper_by"],
        ratified=row["ratified_at"] is not None,
        notices=row["oral_notices"],
    )
    unmet = row["unmet_since"] and Unmet(
        row["unmet_since"], row["idle"], row["unmet_escalation"], row["unmet_notices"]
    )
    return surge.Life(
        surge.State(row["state"]),
        row["revision"],
        row["stands_since"],
        row["plan_id"],
        escalation=row["escalation"],
        signing_since=row["signing_since"],
        notices=row["notices"],
        oral=oral,
        sign_by=row["sign_by"],
        sign_warned=row["sign_warned"],
        letter_until=row["letter_until"],
        letter_warned=row["letter_warned"],
        relief_by=row["relief_by"],
        relief_warned=row["relief_warned"],
        unmet=unmet,
        proposed_until=row["proposed_until"],
    )
