"""A signing service to try with: it holds the keys of offices, and whoever holds one answers by hand, or never.

The seal of a government is nobody's hand: with it the service signs at once.

`python -m lab.signing_service FOLDER` serves one on loopback, with keys and certificates in the folder, and says what to
set for a house that is to use it. What it is asked is listed by `GET /holder`, and answered by
`POST /holder/PAPER/sign` or `POST /holder/PAPER/refuse`.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import secrets
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel

from adapters.signing.authority import LocalAuthority
from adapters.signing.serving import serving
from adapters.signing.stamping import Now
from domain.sealing import is_seal
from runtime.clock import SystemClock


class Wanted(BaseModel):
    """What is asked: for which office, what for, and the SHA-256 in hex of the bytes to be signed."""

    office: str
    reason: str
    digest: str


@dataclass
class Service:
    """The asks, by paper, and the answers that were given."""

    authority: LocalAuthority
    now: Now
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    asks: dict[str, Wanted] = field(default_factory=dict)
    answers: dict[str, bytes | None] = field(default_factory=dict)
    seals: bool = True
    cancelled: set[str] = field(default_factory=set)

    @property
    def waiting(self) -> list[str]:
        """The papers that nobody has answered for, and whose signature is waited for still."""
        return [paper for paper in self.asks if paper not in {*self.answers, *self.cancelled}]

    def ask(self, paper: str, wanted: Wanted) -> bool:
        """Take an ask, and seal at once what is to be sealed; False where it was cancelled, or something else was asked."""
        if paper in self.cancelled or self.asks.setdefault(paper, wanted) != wanted:
            return False
        if self.seals and is_seal(wanted.office):
            self.sign(paper)
        return True

    def sign(self, paper: str, digest: str | None = None) -> None:
        """Let the holder of the key sign this paper, or, to try what becomes of it, something else."""
        wanted = self.asks[paper]
        key = self.authority.signer(wanted.office, self.now()).key
        hashed = bytes.fromhex(digest or wanted.digest)
        self.answers[paper] = key.sign(hashed, ec.ECDSA(Prehashed(hashes.SHA256())))

    def refuse(self, paper: str) -> None:
        """Let the holder of the key refuse."""
        self.answers[paper] = None


def service_app(service: Service) -> FastAPI:
    """Return the service over HTTP: for whoever asks, with the token, and for whoever holds a key."""
    app = FastAPI(title="A signing service to try with", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(_for_askers(service))
    app.include_router(_for_holders(service), prefix="/holder")
    return app


def _known(service: Service) -> Callable[[Request], None]:
    def known(request: Request) -> None:
        if not secrets.compare_digest(request.headers.get("authorization", ""), f"Bearer {service.token}"):
            raise HTTPException(401)

    return known


def _for_askers(service: Service) -> APIRouter:
    router = APIRouter(dependencies=[Depends(_known(service))])

    @router.get("/certificates/{office}")
    async def certificates(office: str) -> Response:
        chain = service.authority.chain(office, service.now())
        return Response(chain, media_type="application/x-pem-file")

    @router.put("/signatures/{paper}")
    async def ask(paper: str, wanted: Wanted) -> None:
        if not service.ask(paper, wanted):
            raise HTTPException(409)

    @router.get("/signatures/{paper}")
    async def answer(paper: str) -> dict[str, str]:
        if paper not in service.asks:
            raise HTTPException(404)
        if paper not in service.answers:
            return {"state": "WAITING"}
        signature = service.answers[paper]
        if signature is None:
            return {"state": "REFUSED"}
        return {"state": "SIGNED", "signature": base64.b64encode(signature).decode()}

    @router.delete("/signatures/{paper}", status_code=204)
    async def cancel(paper: str) -> None:
        if paper not in service.asks:
            raise HTTPException(404)
        service.cancelled.add(paper)

    return router


def _for_holders(service: Service) -> APIRouter:
    router = APIRouter()

    @router.get("")
    async def asked() -> dict[str, Wanted]:
        return {paper: service.asks[paper] for paper in service.waiting}

    @router.post("/{paper}/{answer}")
    async def given(paper: str, answer: Literal["sign", "refuse"]) -> None:
        if paper not in service.asks:
            raise HTTPException(404)
        if answer == "sign":
            service.sign(paper)
        else:
            service.refuse(paper)

    return router


@asynccontextmanager
async def signing_service(home: Path, now: Now, port: int = 0) -> AsyncIterator[tuple[Service, str]]:
    """Serve one on loopback, with the authority of this directory; yields it and its address."""
    service = Service(LocalAuthority.open(home, now()), now)
    async with serving(service_app(service), port) as address:
        yield service, address


async def _serve(folder: Path, port: int) -> None:
    async with signing_service(folder / "signing", SystemClock().now, port) as (service, address):
        trust = folder / "trust.pem"
        trust.write_bytes(service.authority.root.read_bytes())
        print("For a house that is to use it:\n")
        print(f"export SIAGA_SIGNING_URL={address}")
        print(f"export SIAGA_SIGNING_TOKEN={service.token}")
        print(f"export SIAGA_SIGNING_TRUST={trust.absolute()}\n")
        print(f"What it is asked:  curl {address}holder")
        print(f"To sign:           curl -X POST {address}holder/PAPER/sign   (or /refuse)", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m lab.signing_service", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(_serve(options.folder, options.port))
    except KeyboardInterrupt:
        sys.exit(130)
