"""What runs by the registry: open cases and open secondments, for starting and reconciling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from zoneinfo import ZoneInfo

from adapters.postgres.database import Database, queries
from adapters.postgres.group_rows import open_case_of as group_case_of
from adapters.postgres.mutation_rows import open_case_of
from adapters.postgres.operations import open_operation, operation_case
from adapters.postgres.placements import life_of, seat_of
from adapters.postgres.surge_rows import case_of as surge_case
from domain import cases
from domain.cases import CaseKind, OpenCase
from domain.moves import Seat
from domain.rules import RulePack
from domain.secondment import Life


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
            if name.kind == CaseKind.SURGE:
                for row in await queries.open_surges(connection, key=name.key):
                    return surge_case(row)
                raise LookupError(f"no open case: {case_id}")
            if case := await open_operation(connection, name.key):
                return case
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
            [operation_case(row, newest) for row in operations]
            + [surge_case(row) for row in surges]
            + [open_case_of(row, self._rules) for row in mutations]
            + [group_case_of(row) for row in groups]
        )

    async def open_secondments(self) -> Sequence[tuple[Seat, Life, str]]:
        """Return every secondment that has not ended, with its rule pack."""
        async with self._database.reading() as connection:
            rows = await queries.open_placements(connection, surge_id=None, settling=True)
        return [(seat_of(row), life_of(row), row["rule_pack"]) for row in rows]

    async def secondment(self, placement_id: str) -> tuple[Seat, Life, str]:
        """Return a secondment, ended or not, with its rule pack; raises LookupError."""
        async with self._database.reading() as connection:
            row = await queries.placement_standing(connection, placement_id=placement_id)
        if row is None:
            raise LookupError(f"no such placement: {placement_id}")
        return seat_of(row), life_of(row), row["rule_pack"]

    async def zone(self, government_id: str) -> tzinfo:
        """Return the zone that a government's offices live by; raises LookupError."""
        async with self._database.reading() as connection:
            name = await queries.zone_of_government(connection, government_id=government_id)
        if name is None:
            raise LookupError(f"no such government: {government_id}")
        return ZoneInfo(name)
