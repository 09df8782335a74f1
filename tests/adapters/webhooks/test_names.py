"""A name server that does not answer: whoever waits for it waits alone."""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.webhooks.names import Names
from adapters.webhooks.poster import Poster
from domain.deliveries import Posted
from lab.loopback import Ear, listening

NEAR = (ipaddress.ip_network("127.0.0.0/8"),)


class Silent:
    """Says nothing until it is let; then that it knows no `nowhere.example`, and where all others are."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let = threading.Event()

    def __call__(self, host: str, *_: Any, **__: Any) -> list[Any]:
        self.asked.append(host)
        self.let.wait(60)
        if host == "nowhere.example":
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Silent]:
    server = Silent()
    monkeypatch.setattr(socket, "getaddrinfo", server)
    yield server
    server.let.set()


async def test_numbers_are_not_asked_about(silent: Silent) -> None:
    names = Names()
    assert await names("127.0.0.1") == (ipaddress.ip_address("127.0.0.1"),)
    assert await names("::1") == (ipaddress.ip_address("::1"),)
    assert silent.asked == []


async def test_many_who_wait_for_one_host_ask_once_and_who_leaves_takes_the_answer_from_nobody(
    silent: Silent,
) -> None:
    names = Names()
    waiting = [asyncio.create_task(names("away.example")) for _ in range(50)]
    await asyncio.sleep(0.05)
    waiting[0].cancel()
    silent.let.set()
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(told[0], asyncio.CancelledError)
    assert {str(one) for (one,) in told[1:]} == {"127.0.0.1"}  # type: ignore[misc]
    assert silent.asked == ["away.example"]
    await names("away.example")
    assert silent.asked == ["away.example"] * 2  # asked anew: an answer may change


async def test_names_without_an_answer_hold_up_nobody_else(silent: Silent) -> None:
    """More POSTs than threads wait for dead names; the one subscriber that is well is told meanwhile."""
    poster = Poster(NEAR)
    dead = [
        asyncio.create_task(poster.post(f"https://dead-{number % 20}.example/", {}, b"{}"))
        for number in range(200)
    ]
    await asyncio.sleep(0.05)
    async with listening(Ear()) as ear:
        assert (await poster.post(ear.url, {}, b"{}")).outcome == "http_401"
    assert not any(task.done() for task in dead)
    silent.let.set()
    assert {told.taken for told in await asyncio.gather(*dead)} == {False}
    assert len(silent.asked) == 20
    await poster.close()


async def test_a_name_that_fails_after_all_have_left_is_not_complained_of(
    silent: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.webhooks.poster.CONNECT_WITHIN", 0.05)
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    poster = Poster(NEAR)
    assert await poster.post("https://nowhere.example/", {}, b"{}") == Posted("timeout")
    silent.let.set()
    await poster.close()
    await asyncio.sleep(0.05)
    assert complaints == []
