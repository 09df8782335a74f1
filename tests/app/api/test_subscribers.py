"""Administrating who is told of events, at the door: the operator alone, in one's own government, each act logged."""

import ipaddress
from typing import Any

import pytest

from app import subscribers
from app.subscribers import Desk, Wish
from lab.loopback import Ear, listening
from runtime.clock import SystemClock
from tests.app.courier_kit import HASTY, Running
from tests.app.kit import GOVERNMENT, LiveHouse
from tests.patience import until

pytestmark = pytest.mark.long

URL = "https://subscriber.example/siaga?token=a-secret-of-theirs"
NOBODY = "00000000-0000-4000-8000-000000000000"
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
OFFICES = ("koordinator", "sekda", "penandatangan", "posko", "auditor", "kepala-daerah", "kepala:DINKES")


async def added(house: LiveHouse, url: str = URL, **also: Any) -> dict[str, Any]:
    answer = await house.post("operator", "/v1/subscribers", {"url": url, **also})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def acts(subscriber_id: str) -> dict[tuple[str, str], Any]:
    one = f"/v1/subscribers/{subscriber_id}"
    return {
        ("POST", "/v1/subscribers"): {"url": URL},
        ("GET", "/v1/subscribers"): None,
        ("GET", "/v1/deliveries"): None,
        ("GET", one): None,
        ("POST", f"{one}/pause"): None,
        ("POST", f"{one}/resumption"): None,
        ("POST", f"{one}/rotation"): {},
        ("POST", f"{one}/resending"): {},
        ("POST", f"{one}/deliveries/1/skip"): None,
        ("DELETE", one): None,
    }


@pytest.mark.parametrize("office", OFFICES)
async def test_nobody_but_the_operator_is_let_in(house: LiveHouse, office: str) -> None:
    made = await added(house)
    async with house.http(office) as http:
        for (method, path), form in acts(made["subscriber_id"]).items():
            answer = await http.request(method, path, json=form)
            assert (answer.status_code, answer.json()["code"]) == (403, "no_authority"), path


async def test_another_governments_subscriber_is_answered_like_none(house: LiveHouse) -> None:
    made = await added(house)
    async with house.http("lain:operator") as http:
        for number, ((method, path), form) in enumerate(acts(made["subscriber_id"]).items()):
            if number < 3:
                continue
            foreign = await http.request(method, path, json=form)
            absent = await http.request(method, path.replace(made["subscriber_id"], NOBODY), json=form)
            assert (foreign.status_code, foreign.json()) == (absent.status_code, absent.json())
            assert foreign.status_code == 404
        listed = (await http.get("/v1/subscribers")).json()["items"]
        assert made["subscriber_id"] not in [row["subscriber_id"] for row in listed]


async def test_a_life_of_a_subscriber_stands_in_the_log_without_its_address_or_secret(
    house: LiveHouse,
) -> None:
    # As events carry a type, or by its short name.
    made = await added(house, types=["siaga.Returned.v1", "CheckedIn", "siaga.CheckedIn.v1"])
    (row,) = [
        one
        for one in (await house.get("operator", "/v1/subscribers")).json()["items"]
        if one["subscriber_id"] == made["subscriber_id"]
    ]
    assert row["types"] == ["CheckedIn", "Returned"]
    assert made["secret"].startswith("whsec_")
    one = f"/v1/subscribers/{made['subscriber_id']}"
    for path, form, status in (
        ("/pause", None, 204),
        ("/pause", None, 422),
        ("/resumption", None, 204),
        ("/rotation", {"overlap_hours": 1}, 200),
    ):
        answer = await house.post("operator", one + path, form)
        assert answer.status_code == status, answer.text
        if status == 422:
            assert answer.json()["detail"] == "subscriber_id: this subscriber is PAUSED"
    async with house.http("operator") as http:
        assert (await http.delete(one)).status_code == 204
        assert (await http.delete(one)).status_code == 422
    detail = (await house.get("operator", one)).json()
    assert (detail["subscriber"]["state"], detail["subscriber"]["url"]) == ("REMOVED", None)
    assert [act["type"] for act in detail["history"]] == [
        "SubscriberAdded",
        "SubscriberPaused",
        "SubscriberResumed",
        "SecretRotated",
        "SubscriberRemoved",
    ]
    assert {(act["actor"], act["authority"]) for act in detail["history"]} == {
        (house.offices["operator"], "OPERATOR")
    }
    assert detail["history"][0]["data"] == {
        "host": "subscriber.example",
        "types": ["CheckedIn", "Returned"],
        "from_start": False,
    }
    assert "token" not in str(detail["history"])
    assert made["secret"] not in str(detail)


async def test_the_same_key_adds_once(house: LiveHouse) -> None:
    first = await house.post("operator", "/v1/subscribers", {"url": URL}, key="once")
    again = await house.post("operator", "/v1/subscribers", {"url": URL}, key="once")
    assert (first.status_code, again.status_code) == (201, 422)
    assert again.json()["detail"].startswith("Idempotency-Key: this subscriber was added already")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"url": "http://subscriber.example/"}, "url: expected https; http is for loopback alone"),
        ({"url": "ftp://subscriber.example/"}, "url: expected https://HOST/…"),
        ({"url": "https://u:p@subscriber.example/"}, "url: expected no user, no password"),
        ({"url": "https://169.254.169.254/latest"}, "url: 169.254.169.254: not a public address"),
        ({"url": "http://127.0.0.1:8600/v1/me"}, "url: 127.0.0.1: not a public address"),
        ({"url": URL, "types": ["CheckedOut"]}, "types: 'CheckedOut', expected types of docs/events.md"),
        ({"url": URL, "types": []}, "types: tuple should have at least 1 item"),
        ({"url": URL, "secret": "mine"}, "secret: extra inputs are not permitted"),
        ({}, "url: field required"),
    ],
)
async def test_a_wrong_wish_is_answered_in_one_line(house: LiveHouse, form: Any, said: str) -> None:
    before = (await house.get("operator", "/v1/subscribers")).json()
    answer = await house.post("operator", "/v1/subscribers", form)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(said), answer.json()["detail"]
    after = (await house.get("operator", "/v1/subscribers")).json()
    assert (after["items"], after["as_of"]["log"]) == (before["items"], before["as_of"]["log"])


async def all_delivered(house: LiveHouse, subscriber_id: str) -> list[dict[str, Any]]:
    """The deliveries once none waits: the surge goes on by itself for a while, and is told as it goes."""
    listed: list[dict[str, Any]] = []

    async def still() -> list[dict[str, Any]]:
        nonlocal listed
        answer = await house.get("operator", "/v1/deliveries", subscriber_id=subscriber_id)
        before, listed = listed, answer.json()["items"]
        ended = {row["state"] for row in listed} == {"DELIVERED"} and len(listed) == len(before)
        return listed if ended else []

    return await until(
        still,
        lambda: f"nothing waiting of {[row for row in listed if row['state'] != 'DELIVERED']}",
        every=0.3,
    )


async def test_decisions_of_people_arrive_and_nobody_is_named(house: LiveHouse) -> None:
    """A real surge, to the offers: every entry of it arrives, and no name and no NIP of the city does."""
    async with listening(Ear(now=lambda: SystemClock().now().timestamp())) as ear:
        # By the action itself: this API does not let itself be pointed at its own machine.
        desk = Desk(house.books.house(), house.books.subscribers, LOOPBACK)
        who = await house.books.desk.actor(house.offices["operator"], GOVERNMENT, SystemClock().now())
        subscriber_id, ear.secret = await subscribers.add(desk, who, Wish(ear.url))
        async with Running(house.books, {"near": LOOPBACK, "patience": HASTY}):
            surge_id, people = await house.offered(await house.operation(), 3)
            decline = {"code": "CARER", "note": "a sick child"}
            path = f"/v1/secondments/{people[0]['placement_id']}/decline"
            assert (await house.post(people[0]["person_id"], path, decline)).status_code == 200
            declined = "siaga.OfferAnswered.v1"
            await until(lambda: declined in [event["type"] for event in ear.events], "the decline")
            listed = await all_delivered(house, subscriber_id)
        assert len(listed) == len(ear.events)
    assert ear.faults == []
    subjects = {event["subject"] for event in ear.events}
    assert {f"surge:{surge_id}", *(f"secondment:{row['placement_id']}" for row in people)} <= subjects
    answered = next(event for event in ear.events if event["type"] == declined)
    assert answered["data"]["details"]["state"] == "DECLINED"
    sent = b"\n".join(ear.bodies).decode()
    assert "CARER" not in sent  # a reason may tell of health or family
    assert "sick" not in sent
    async with house.books.database.reading() as connection:
        rows = await connection.fetch("SELECT name, nip FROM person_identities")
    assert [row for row in rows if row["name"] in sent or row["nip"] in sent] == []
