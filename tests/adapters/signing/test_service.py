"""A service that holds the keys: what it is asked, and what becomes of answers that are none."""

import base64
import dataclasses
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.signing.desk import SigningDesk
from adapters.signing.remote import RemoteDesk, SigningService, open_service
from adapters.signing.serving import serving
from domain.mutation.decree_record import ask_for
from domain.signing import SignatureRefused, SigningAway, Unsignable
from lab.sample_decrees import AUTHORITY, SIGNED_AT
from lab.signing_service import Service, service_app, signing_service
from tests.adapters.signing.kit import Signature, check, wrong

Opened = tuple[Service, RemoteDesk]


@pytest.fixture
async def opened(desk: SigningDesk, tmp_path: Path) -> AsyncIterator[Opened]:
    async with (
        signing_service(tmp_path / "service", lambda: SIGNED_AT) as (service, address),
        open_service(address, service.token) as way,
    ):
        yield (
            service,
            RemoteDesk(way, lambda: service.authority.trust() | desk.authority.trust(), desk.stamps_at),
        )


async def test_it_is_told_a_hash_and_no_word_and_what_it_gives_back_is_a_sound_signature(
    opened: Opened, signature: Signature
) -> None:
    service, desk = opened
    signer, ask = desk.signer(AUTHORITY), ask_for(signature.decree)
    prepared = await signer.prepare(signature.rendered, ask)
    for _ in range(2):  # asked again, nothing changes
        await signer.ask(prepared, ask.reason)
    assert [one.model_dump() for one in service.asks.values()] == [
        {"office": AUTHORITY, "reason": ask.reason, "digest": service.asks[ask.paper_id].digest}
    ]
    assert await signer.answer(prepared) is None
    service.sign(ask.paper_id)
    raw = await signer.answer(prepared)
    assert raw is not None
    signed = await signer.finish(signature.rendered, prepared, raw)
    assert wrong(await check(signed.pdf, desk.trust())) == {}


async def test_what_it_will_not_do_is_said(opened: Opened, signature: Signature) -> None:
    service, desk = opened
    signer, ask = desk.signer(AUTHORITY), ask_for(signature.decree)
    prepared = await signer.prepare(signature.rendered, ask)
    await signer.ask(prepared, ask.reason)
    other = dataclasses.replace(prepared, attributes=base64.b64encode(b"something else").decode())
    with pytest.raises(Unsignable, match="was asked to sign something else under this id"):
        await signer.ask(other, ask.reason)
    service.refuse(ask.paper_id)
    with pytest.raises(SignatureRefused, match="will not sign"):
        await signer.answer(prepared)
    service.token = "changed"
    for call in (signer.prepare(signature.rendered, ask), signer.cancel(prepared)):
        with pytest.raises(SigningAway, match="answers 401"):
            await call


async def test_what_is_given_up_its_holder_is_asked_for_no_more_and_telling_it_twice_is_telling_it_once(
    opened: Opened, signature: Signature
) -> None:
    service, desk = opened
    signer, ask = desk.signer(AUTHORITY), ask_for(signature.decree)
    prepared = await signer.prepare(signature.rendered, ask)
    await signer.cancel(prepared)  # it was never asked
    await signer.ask(prepared, ask.reason)
    assert service.waiting == [ask.paper_id]
    for _ in range(2):
        await signer.cancel(prepared)
    assert service.waiting == []
    await answering(410, b"").cancel("paper")
    with pytest.raises(SigningAway, match="answers 405"):
        await answering(405, b"").cancel("paper")


async def test_a_service_that_is_away_is_away(desk: SigningDesk, signature: Signature) -> None:
    async with open_service("http://127.0.0.1:1", "token") as way:
        signer = RemoteDesk(way, desk.authority.trust, desk.stamps_at).signer(AUTHORITY)
        with pytest.raises(SigningAway, match=r"no signing service at http://127\.0\.0\.1:1/: ConnectError"):
            await signer.prepare(signature.rendered, ask_for(signature.decree))


def answering(status: int, body: bytes) -> SigningService:
    async def handle(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=body)

    return SigningService(
        httpx.AsyncClient(base_url="http://service/", transport=httpx.MockTransport(handle))
    )


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", SigningAway),
        (b"<html>", SigningAway),
        (b"[]", SigningAway),
        (json.dumps({"state": "SIGNED"}).encode(), SigningAway),
        (json.dumps({"state": "SIGNED", "signature": "%%"}).encode(), SigningAway),
        (json.dumps({"state": "SIGNED", "signature": 7}).encode(), SigningAway),
        (json.dumps({"state": "REFUSED"}).encode(), SignatureRefused),
        (b" " * (256 * 1024 + 1), SigningAway),
    ],
)
async def test_an_answer_that_is_none_is_never_a_signature(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        await answering(200, body).answer("paper")


@pytest.mark.parametrize("state", ["WAITING", "LATER", None])
async def test_whatever_is_not_signed_is_waited_for(state: Any) -> None:
    assert (
        await answering(200, json.dumps({"state": state, "signature": "AAAA"}).encode()).answer("p") is None
    )


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [(404, b"", Unsignable), (500, b"", SigningAway), (200, b"no PEM", Unsignable), (200, b"", Unsignable)],
)
async def test_without_a_certificate_nothing_is_prepared(
    status: int, body: bytes, error: type[Exception], desk: SigningDesk, signature: Signature
) -> None:
    signer = RemoteDesk(answering(status, body), desk.authority.trust, desk.stamps_at).signer(AUTHORITY)
    with pytest.raises(error):
        await signer.prepare(signature.rendered, ask_for(signature.decree))


async def test_a_holder_answers_by_hand(desk: SigningDesk) -> None:
    service = Service(desk.authority, lambda: SIGNED_AT)
    async with serving(service_app(service)) as address, httpx.AsyncClient(base_url=address) as hand:
        assert (await hand.get("signatures/p")).status_code == 401
        known = {"Authorization": f"Bearer {service.token}"}
        assert (await hand.get("signatures/p", headers=known)).status_code == 404
        wanted = {"office": AUTHORITY, "reason": "Penetapan", "digest": "0" * 64}
        assert (await hand.put("signatures/p", json=wanted, headers=known)).is_success
        assert (await hand.get("holder")).json() == {"p": wanted}
        assert (await hand.post("holder/other/sign")).status_code == 404
        assert (await hand.post("holder/p/refuse")).is_success
        assert (await hand.get("holder")).json() == {}
        assert (await hand.get("signatures/p", headers=known)).json() == {"state": "REFUSED"}
