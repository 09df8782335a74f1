"""`subscriber …` and `deliveries …`, as an operator types them, with a courier at work."""

import ipaddress
from datetime import timedelta
from typing import Any

import pytest

from app import subscribers
from app.subscribers import Desk, Wish
from domain.deliveries import Patience
from lab.loopback import Ear, listening
from runtime.clock import SystemClock
from tests.app.cli.typing_in import Terminal
from tests.app.courier_kit import Running
from tests.app.kit import GOVERNMENT, LiveHouse
from tests.patience import until

NEAR = (ipaddress.ip_network("127.0.0.0/8"),)
URL = "https://subscriber.example/siaga"


async def test_a_subscriber_is_added_shown_paused_rotated_and_removed(terminal: Terminal) -> None:
    made = await terminal.ask("subscriber", "add", URL, "--type", "CheckedIn", who="operator")
    short = made["subscriber_id"][:8]
    listed = await terminal.do("subscriber", "list", who="operator")
    assert short in listed
    assert URL in listed
    assert await terminal.do("subscriber", "pause", short, who="operator") == (
        f"paused  subscriber:{made['subscriber_id']}\n"
    )
    await terminal.do("subscriber", "resume", short, who="operator")
    rotated = await terminal.do("subscriber", "rotate", short, "--overlap", 2, who="operator")
    assert "secret  whsec_" in rotated
    assert "signs too until" in rotated
    assert made["secret"] not in rotated
    shown = await terminal.do("subscriber", "show", short, who="operator")
    assert "SubscriberPaused" in shown
    assert "whsec_" not in shown
    await terminal.do("subscriber", "remove", short, who="operator")
    assert "REMOVED" in await terminal.do("subscriber", "list", who="operator")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("subscriber", "add", "http://subscriber.example/"), 2, "siaga: url: expected https"),
        (("subscriber", "add", URL, "--type", "CheckedOut"), 2, "siaga: types: 'CheckedOut', expected types"),
        (("subscriber", "show", "ffff"), 5, "siaga: ffff: 0 subscribers begin so"),
        (("subscriber", "pause", "00000000-0000-4000-8000-000000000000"), 5, "siaga: there is no such case"),
        (("deliveries", "resend", "ffff", "--skip"), 2, "siaga: --skip: expected --entry"),
        (("deliveries", "list", "--state", "LOST"), 2, "siaga: "),
    ],
)
async def test_what_is_wrong_is_said_in_one_line(
    terminal: Terminal, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = await terminal.call(*words, who="operator")
    assert (answer.code, answer.out, answer.err.count("\n")) == (code, "", 1)
    assert answer.err.startswith(said)


async def test_whoever_is_no_operator_is_not_let_in(terminal: Terminal) -> None:
    answer = await terminal.call("subscriber", "add", URL, who="sekda")
    assert (answer.code, answer.err) == (4, "siaga: your offices do not allow this here (no_authority)\n")


async def test_dead_letters_are_listed_sent_again_and_skipped(terminal: Terminal, house: LiveHouse) -> None:
    refusing = True

    async def refuse(_: object) -> int | None:
        return 500 if refusing else None

    async with listening(Ear(refuse=refuse)) as ear:
        desk = Desk(house.books.house(), house.books.subscribers, NEAR)
        who = await house.books.desk.actor(house.offices["operator"], GOVERNMENT, SystemClock().now())
        ear.id, ear.secret = await subscribers.add(desk, who, Wish(ear.url))
        hasty = Patience(first=timedelta(milliseconds=5), attempts=2)
        async with Running(house.books, {"near": NEAR, "patience": hasty}):
            first = (await house.done("koordinator", "/v1/operations", {"title": "A", "hazard": "flood"}))[
                "case_id"
            ]
            second = (await house.done("koordinator", "/v1/operations", {"title": "B", "hazard": "flood"}))[
                "case_id"
            ]

            async def both_given_up() -> list[dict[str, Any]]:
                dead = await terminal.ask("deliveries", "dead", "--of", ear.id[:8], who="operator")
                return list(dead["items"]) if len(dead["items"]) == 2 else []

            dead = await until(both_given_up, "two dead letters", every=0.1)
            entries = {row["case_id"]: row["seq"] for row in dead}
            assert {row["outcome"] for row in dead} == {"http_500"}
            refusing = False
            told = await terminal.do(
                "deliveries", "resend", ear.id[:8], "--entry", entries[first], "--skip", who="operator"
            )
            assert told.startswith(f"skipped: entry {entries[first]}  ")
            told = await terminal.do("deliveries", "resend", ear.id[:8], who="operator")
            assert told.startswith(f"sent again: entry {entries[second]}  ")
            await until(lambda: second in [event["subject"] for event in ear.events], "what was sent again")
        listed = await terminal.do("deliveries", "list", "--of", ear.id[:8], who="operator")
        assert "SKIPPED" in listed
        assert "http_204" in listed
        assert first not in [event["subject"] for event in ear.events]
    assert ear.faults == []
