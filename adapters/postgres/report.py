"""Reading the report of an operation: the registry and the log as of an instant, in one snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from adapters.postgres.database import Connection, Database, queries
from domain.report import ReportView, Source, build
from domain.report.source import Blocked, Entry, Floor, Line, Operation, Placement, Task, Unit, Warned

Row = TypeVar("Row")


class ReportReader:
    """Reads what a report is counted from. `role_names` are a rule pack's labels, where they differ from ours."""

    def __init__(self, database: Database, role_names: Mapping[str, str] | None = None) -> None:
        self._database = database
        self._role_names = dict(role_names or {})

    async def surge_report(self, government_id: str, operation_id: str, *, at: datetime) -> ReportView:
        """Return the report of an operation as of an instant (aware); raises LookupError when there is none.

        Where people stood is folded from the log, so an instant in the middle of an operation is told as it was
        then, and not as it is today.
        """
        return build(await self.source(government_id, operation_id, at=at))

    async def newest(self, government_id: str, operation_id: str) -> datetime:
        """Return the instant of the newest entry about an operation; raises LookupError when there is none.

        A report as of then tells all there is: the cases' clock may be a moment ahead of the caller's.
        """
        async with self._database.reading() as connection:
            at: datetime | None = await queries.report_newest(
                connection, government_id=government_id, operation_id=operation_id
            )
        if at is None:
            raise LookupError(f"no such operation: {operation_id}")
        return at

    async def source(self, government_id: str, operation_id: str, *, at: datetime) -> Source:
        """Return what the report is counted from."""
        async with (
            self._database.reading() as connection,
            connection.transaction(isolation="repeatable_read"),
        ):
            operation = await queries.report_operation(
                connection, government_id=government_id, operation_id=operation_id
            )
            if operation is None:
                raise LookupError(f"no such operation: {operation_id}")
            return await self._read(connection, operation, government_id, at)

    async def _read(self, connection: Connection, operation: Any, government_id: str, at: datetime) -> Source:
        async def rows(query: Any) -> list[Any]:
            found: list[Any] = await query(
                connection, operation_id=operation["operation_id"], government_id=government_id, at=at
            )
            return found

        head = await queries.report_log_head(connection, government_id=government_id, at=at)
        return Source(
            at=at,
            operation=_row(Operation, operation),
            lines=_rows(Line, await rows(queries.report_lines)),
            placements=_rows(Placement, await rows(queries.report_placements)),
            entries=_rows(Entry, await rows(queries.report_entries)),
            units=_rows(Unit, await rows(queries.report_units)),
            floors=_rows(Floor, await rows(queries.report_floors)),
            tasks=_rows(Task, await rows(queries.report_tasks)),
            warnings=_rows(Warned, await rows(queries.report_warnings)),
            blocked=_rows(Blocked, await rows(queries.report_blocked)),
            last_entry=head["seq"] if head else 0,
            last_hash=head["hash"].hex() if head else "",
            role_names=self._role_names,
        )


def _rows(kind: type[Row], rows: list[Any]) -> tuple[Row, ...]:
    return tuple(_row(kind, row) for row in rows)


def _row(kind: type[Row], row: Any) -> Row:
    """The columns carry the names of the fields."""
    return kind(**dict(row))
