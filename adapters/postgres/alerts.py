"""The book of warnings: each kept once, as it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from adapters.postgres.database import Database, queries
from domain.alerts import Alert, Key, Point


@dataclass(frozen=True)
class KeptAlert:
    """A warning as it came, and the operation that it belongs to."""

    key: Key
    document: bytes
    operation_id: str | None


class AlertBook:
    """Warnings of a government."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, government_id: str) -> tuple[KeptAlert, ...]:
        """Return every warning received, oldest first."""
        async with self._database.reading() as connection:
            rows = await queries.alerts_known(connection, government_id=government_id)
        return tuple(
            KeptAlert((row["sender"], row["identifier"]), bytes(row["document"]), row["operation_id"])
            for row in rows
        )

    async def keep(
        self,
        government_id: str,
        alert: Alert,
        document: bytes,
        *,
        superseded: tuple[Key, ...],
        operation_id: str | None,
        at: datetime,
    ) -> bool:
        """Keep a warning and mark those whose place it takes; False when it had been kept before."""
        info = alert.info()
        async with self._database.writing() as connection:
            kept = await queries.keep_alert(
                connection,
                government_id=government_id,
                sender=alert.sender,
                identifier=alert.identifier,
                sent=alert.sent,
                status=alert.status.value,
                msg_type=alert.msg_type.value,
                event=info.event if info else "",
                severity=info.severity.value if info else "Unknown",
                area="; ".join(area.description for area in info.areas) if info else "",
                operation_id=operation_id,
                received_at=at,
                document=document,
            )
            if kept is None:
                return False
            await queries.supersede_alerts(
                connection,
                government_id=government_id,
                senders=[sender for sender, _ in superseded],
                identifiers=[identifier for _, identifier in superseded],
                by=alert.identifier,
            )
        return True

    async def operation_of(self, government_id: str, key: Key) -> str | None:
        """Return the operation that a warning belongs to, if any."""
        async with self._database.reading() as connection:
            found: str | None = await queries.alert_operation(
                connection, government_id=government_id, sender=key[0], identifier=key[1]
            )
        return found

    async def places(self, government_id: str) -> tuple[tuple[Point, str], ...]:
        """Return where the government's units lie, each with its kind."""
        async with self._database.reading() as connection:
            rows = await queries.unit_points(connection, government_id=government_id)
        return tuple(((row["lat"], row["lon"]), row["kind"]) for row in rows)
