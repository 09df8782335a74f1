"""A signing service that holds the keys, and whom to believe: the house's own stamps, the service's keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.signing.desk import open_desk
from adapters.signing.remote import RemoteDesk, open_service
from adapters.signing.trust import Trust
from domain.sealing import is_seal
from lab.signing_service import Service, signing_service
from runtime.clock import SystemClock


@dataclass
class Elsewhere:
    """The service, who signs with it, and whom to believe."""

    service: Service
    signers: RemoteDesk

    @property
    def trust(self) -> Trust:
        return self.signers.trust()

    @property
    def of_people(self) -> list[str]:
        """The papers that some person is asked to sign: a seal is nobody's."""
        return [paper for paper, wanted in self.service.asks.items() if not is_seal(wanted.office)]

    @property
    def waiting(self) -> list[str]:
        """The papers that nobody has answered for, and whose signature is waited for still."""
        return self.service.waiting


@asynccontextmanager
async def service_at(home: Path) -> AsyncIterator[Elsewhere]:
    now = SystemClock().now
    async with (
        open_desk(home / "own", now) as own,
        signing_service(home / "service", now) as (service, address),
        open_service(address, service.token) as way,
    ):
        # The stamps are the house's own, the keys the service's: two roots are believed.
        yield Elsewhere(
            service,
            RemoteDesk(way, lambda: service.authority.trust() | own.authority.trust(), own.stamps_at),
        )
