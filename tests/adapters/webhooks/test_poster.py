"""Nothing is POSTed where only this machine reaches: whatever the address is called, and whatever it turns into."""

import asyncio
import ipaddress
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.webhooks import poster as webhooks
from adapters.webhooks.poster import Poster
from domain.deliveries import Posted

NEAR = (ipaddress.ip_network("127.0.0.0/8"),)
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(serve: Serve, **more: Any) -> AsyncIterator[int]:
    """A server on loopback; its port."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    started = await asyncio.start_server(once, "127.0.0.1", 0, **more)
    async with started:
        yield started.sockets[0].getsockname()[1]


def answering(answer: bytes, heard: list[bytes] | None = None) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            await reader.readexactly(2)
            if heard is not None:
                heard.append(head)
            writer.write(answer)
            await writer.drain()

    return serve


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


async def posted(url: str, near: Any = NEAR, **more: Any) -> Posted:
    poster = Poster(near, **more)
    try:
        return await poster.post(url, {"webhook-id": "x"}, b"{}")
    finally:
        await poster.close()


async def never_asked(host: str) -> Any:
    raise AssertionError(f"{host} was looked up")


def resolving(*addresses: str) -> tuple[webhooks.Resolve, list[str]]:
    """A name server that gives these answers, one a question; and what it was asked."""
    asked: list[str] = []

    async def resolve(host: str) -> tuple[Any, ...]:
        asked.append(host)
        found = addresses[min(len(asked), len(addresses)) - 1]
        return tuple(ipaddress.ip_address(one) for one in found.split())

    return resolve, asked


FORBIDDEN = [
    "127.0.0.1",
    "127.8.9.10",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "198.18.0.1",
    "240.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]


@pytest.mark.parametrize("address", FORBIDDEN)
async def test_what_is_not_public_is_refused_as_a_number(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    assert await posted(f"https://{host}/", near=(), resolve=never_asked) == Posted("address_refused")


@pytest.mark.parametrize("address", FORBIDDEN)
async def test_what_is_not_public_is_refused_behind_a_name(address: str) -> None:
    resolve, asked = resolving(address)
    assert await posted("https://subscriber.example/", near=(), resolve=resolve) == Posted("address_refused")
    assert asked == ["subscriber.example"]


async def test_one_address_that_is_not_public_spoils_the_name() -> None:
    resolve, _ = resolving("93.184.215.14 10.0.0.1")
    assert await posted("https://subscriber.example/", near=(), resolve=resolve) == Posted("address_refused")


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
async def test_loopback_by_any_other_spelling_is_loopback(spelling: str) -> None:
    heard: list[bytes] = []
    async with server(answering(OK, heard)) as port:
        assert await posted(f"https://{spelling}:{port}/", near=()) == Posted("address_refused")
    assert heard == []


async def test_a_setting_lets_us_near_a_network_and_no_other() -> None:
    async with server(answering(OK)) as port:
        assert await posted(f"http://127.0.0.1:{port}/") == Posted("http_200", taken=True)
        other = (ipaddress.ip_network("127.0.0.2/32"),)
        assert await posted(f"http://127.0.0.1:{port}/", near=other) == Posted("address_refused")


async def test_without_its_guard_loopback_would_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "address_fault", lambda *_: None)
    monkeypatch.setattr(webhooks, "url_fault", lambda *_: None)
    async with server(answering(OK)) as port:
        assert (await posted(f"http://127.0.0.1:{port}/", near=())).taken


async def test_http_is_for_loopback_alone_though_a_setting_lets_us_near() -> None:
    near = (ipaddress.ip_network("10.0.0.0/8"), *NEAR)
    resolve, _ = resolving("10.0.0.1")
    assert await posted("http://10.0.0.1/", near=near) == Posted("address_refused")
    assert await posted("http://localhost/", near=near, resolve=resolve) == Posted("address_refused")


async def test_the_name_is_asked_for_once_and_the_connection_goes_where_it_pointed_then() -> None:
    """A name server that says loopback first and the metadata address ever after."""
    resolve, asked = resolving("127.0.0.1", "169.254.169.254")
    heard: list[bytes] = []
    async with server(answering(OK, heard)) as port:
        poster = Poster(NEAR, resolve=resolve)
        url = f"http://localhost:{port}/"
        assert (await poster.post(url, {}, b"{}")).taken
        assert (await poster.post(url, {}, b"{}")).taken  # on the connection that was judged
        assert asked == ["localhost"]
        await poster.close()
        assert await posted(url, resolve=resolve) == Posted("address_refused")  # asked anew, judged anew
    assert len(heard) == 2
    assert f"host: localhost:{port}".encode() in heard[0].lower()


async def test_redirects_are_not_followed() -> None:
    heard: list[bytes] = []
    async with server(answering(OK, heard)) as target:
        away = f"HTTP/1.1 307 -\r\nLocation: http://127.0.0.1:{target}/\r\nContent-Length: 0\r\n\r\n"
        async with server(answering(away.encode())) as port:
            assert await posted(f"http://127.0.0.1:{port}/") == Posted("http_307")
    assert heard == []


async def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    async with server(answering(OK, heard)) as proxy, server(answering(OK)) as port:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
        assert (await posted(f"http://127.0.0.1:{port}/")).taken
    assert heard == []


async def test_who_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "ANSWER_WITHIN", 0.5)

    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    began = asyncio.get_running_loop().time()
    async with server(trickle) as port:
        assert await posted(f"http://127.0.0.1:{port}/") == Posted("timeout")
    assert asyncio.get_running_loop().time() - began < 3


async def test_of_a_large_answer_little_is_read() -> None:
    sent = 0

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()
            sent += 0x10000

    async with server(pour) as port:
        assert await posted(f"http://127.0.0.1:{port}/") == Posted("http_200", taken=True)
    assert sent < 64 * 1024 * 1024  # what fits into the buffers between us, and not for ever


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"HTTP/1.1 204 -\r\n\r\n", Posted("http_204", taken=True)),
        (b"HTTP/1.1 410 -\r\nContent-Length: 0\r\n\r\n", Posted("http_410")),
        (
            b"HTTP/1.1 429 -\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
            Posted("http_429", asked=timedelta(minutes=2)),
        ),
        (b"HTTP/1.1 503 -\r\nRetry-After: tomorrow\r\nContent-Length: 0\r\n\r\n", Posted("http_503")),
        (b"SSH-2.0-OpenSSH\r\n", Posted("broken_off")),
        (b"HTTP/1.1 200 OK\r\nContent-Le", Posted("broken_off")),
        (b"", Posted("broken_off")),
    ],
)
async def test_each_answer_has_its_word(answer: bytes, outcome: Posted) -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with server(once) as port:
        assert await posted(f"http://127.0.0.1:{port}/") == outcome


async def test_nobody_there_and_no_such_name_have_theirs() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        assert await posted(f"http://127.0.0.1:{nobody.getsockname()[1]}/") == Posted("unreachable")

    async def unknown(host: str) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    assert await posted("https://nowhere.example/", resolve=unknown) == Posted("unreachable")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of subscriber.example, by its own word; its key is in the same file."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", str(key), "-out", str(certificate), "-subj", "/CN=subscriber.example"),
            *("-addext", "subjectAltName=DNS:subscriber.example"),
        ],
        check=True,
        capture_output=True,
    )
    certificate.write_text(certificate.read_text() + key.read_text())
    return certificate


@pytest.mark.needs("openssl")
async def test_tls_is_verified_against_the_name_and_not_the_address(certificate: Path) -> None:
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(certificate)
    trusted = ssl.create_default_context(cafile=str(certificate))
    resolve, _ = resolving("127.0.0.1")
    async with server(answering(OK), ssl=serving) as port:
        url = f"https://subscriber.example:{port}/"
        assert await posted(url, resolve=resolve, trusted=trusted) == Posted("http_200", taken=True)
        other = f"https://another.example:{port}/"
        assert await posted(other, resolve=resolve, trusted=trusted) == Posted("tls_refused")
        assert await posted(url, resolve=resolve) == Posted("tls_refused")


async def test_a_kept_connection_that_was_closed_meanwhile_is_opened_anew() -> None:
    connections = 0

    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        for _ in range(2):
            await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(2)
            writer.write(OK)
            await writer.drain()
        await reader.readuntil(b"\r\n\r\n")  # hears the third, and hangs up without a word

    async with server(twice) as port:
        poster = Poster(NEAR)
        url = f"http://127.0.0.1:{port}/"
        assert [await poster.post(url, {}, b"{}") for _ in range(3)] == [Posted("http_200", taken=True)] * 3
        await poster.close()
    assert connections == 2
