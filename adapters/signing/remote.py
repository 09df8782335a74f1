"""Keys that a signing service holds (the shape of BSrE): it is asked for a signature, and its holder answers when they do.

Only the hash of what is to be signed leaves the house, with the opaque id of the paper and the office that signs. What
comes back is believed only if it fits the paper and the certificate (`Pades.finish`), so the service cannot change a word.

    GET  {service}/certificates/{office}    200: PEM, the office's certificate first, then what leads to the root, and CRLs
    PUT  {service}/signatures/{paper}       {office, reason, digest}; 200 or 201, again and again for the same; else 409
    GET  {service}/signatures/{paper}       {state: WAITING | SIGNED | REFUSED, signature: base64 of the raw signature}
    DELETE {service}/signatures/{paper}     200 or 204: its holder is not asked any more; 404 or 410 where they are not

Each call carries `Authorization: Bearer TOKEN`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from adapters.signing.pades import Pades
from adapters.signing.trust import Trust, certificates_in, crls_in
from domain.signing import Prepared, SignatureAsk, SignatureRefused, Signed, SigningAway, Unsignable

_WITHIN = 10.0  # seconds, for one question
_LARGEST = 256 * 1024  # bytes of an answer


class SigningService:
    """One service, reached over HTTP(S)."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def certificates(self, office: str) -> bytes:
        """Return the PEM of an office's certificate and what leads to its root; raises SigningAway, and Unsignable."""
        answer = await self._ask("GET", f"certificates/{quote(office, safe='')}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise Unsignable(f"the signing service has no certificate of {office!r}")
        return self._taken(answer).content

    async def ask(self, paper_id: str, office: str, reason: str, to_sign: bytes) -> None:
        """Ask for a signature; raises SigningAway, and Unsignable where it was asked for something else by this id."""
        digest = hashlib.sha256(to_sign).hexdigest()
        wanted = {"office": office, "reason": reason, "digest": digest}
        answer = await self._ask("PUT", f"signatures/{quote(paper_id, safe='')}", wanted)
        if answer.status_code == httpx.codes.CONFLICT:
            raise Unsignable(
                f"{paper_id}: the signing service was asked to sign something else under this id"
            )
        self._taken(answer)

    async def answer(self, paper_id: str) -> bytes | None:
        """Return the signature, None while its holder has not answered; raises SignatureRefused, and SigningAway."""
        answer = self._taken(await self._ask("GET", f"signatures/{quote(paper_id, safe='')}"))
        try:
            said: dict[str, Any] = answer.json()
            state = said["state"]
            signature = base64.b64decode(said["signature"], validate=True) if state == "SIGNED" else None
        except (ValueError, KeyError, TypeError, binascii.Error):
            raise SigningAway(f"{paper_id}: the signing service answers with what is no answer") from None
        if state == "REFUSED":
            raise SignatureRefused(f"{paper_id}: whoever holds the key will not sign")
        return signature

    async def cancel(self, paper_id: str) -> None:
        """Take back what was asked; one that is not asked (any more) is no error. Raises SigningAway."""
        answer = await self._ask("DELETE", f"signatures/{quote(paper_id, safe='')}")
        if answer.status_code not in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            self._taken(answer)

    async def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> httpx.Response:
        try:
            return await self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise SigningAway(
                f"no signing service at {self._client.base_url}: {type(error).__name__}"
            ) from None

    def _taken(self, answer: httpx.Response) -> httpx.Response:
        if not answer.is_success or len(answer.content) > _LARGEST:
            raise SigningAway(f"the signing service at {self._client.base_url} answers {answer.status_code}")
        return answer


class RemoteOffice:
    """Signs for one office with a key that the service holds."""

    def __init__(self, service: SigningService, office: str, trust: Trust, stamps_at: str) -> None:
        self._service = service
        self._office = office
        self._trust = trust
        self._stamps_at = stamps_at

    async def prepare(self, pdf: bytes, ask: SignatureAsk) -> Prepared:
        """Make room for a signature of the office's certificate of today; raises Unsignable, and SigningAway."""
        pades = self._pades(await self._service.certificates(self._office))
        return await pades.prepare(pdf, ask)

    async def ask(self, prepared: Prepared, reason: str) -> None:
        """Ask the holder of the key, who is told for what; raises SigningAway, and Unsignable."""
        await self._service.ask(prepared.paper_id, self._office, reason, prepared.to_sign)

    async def answer(self, prepared: Prepared) -> bytes | None:
        """Return the raw signature, or None; raises SignatureRefused, and SigningAway."""
        return await self._service.answer(prepared.paper_id)

    async def finish(self, pdf: bytes, prepared: Prepared, signature: bytes) -> Signed:
        """Put the signature into the same paper; raises Unsignable, and SigningAway."""
        pades = self._pades(await self._service.certificates(self._office))
        return await pades.finish(pdf, prepared, signature)

    async def cancel(self, prepared: Prepared) -> None:
        """Tell the holder of the key that nobody waits for this signature any more; raises SigningAway."""
        await self._service.cancel(prepared.paper_id)

    def _pades(self, pem: bytes) -> Pades:
        found = certificates_in(pem)
        if not found:
            raise Unsignable(f"the signing service gives no certificate of {self._office!r}")
        own, *others = found
        return Pades(own, self._trust | Trust((), tuple(others), crls_in(pem)), self._stamps_at)


@dataclass(frozen=True)
class RemoteDesk:
    """Signs for every office with keys that one service holds; whom to believe is read each time."""

    service: SigningService
    trust: Callable[[], Trust]
    stamps_at: str

    def signer(self, office: str) -> RemoteOffice:
        """Return who signs for an office."""
        return RemoteOffice(self.service, office, self.trust(), self.stamps_at)


@asynccontextmanager
async def open_service(url: str, token: str) -> AsyncIterator[SigningService]:
    """Open the way to a service, and close it again. No proxy of the environment is asked, no redirect followed."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        base_url=url.rstrip("/") + "/", headers=headers, timeout=_WITHIN, trust_env=False
    ) as client:
        yield SigningService(client)
